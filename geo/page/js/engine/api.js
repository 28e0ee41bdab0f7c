/**
 * What the page offers to scripts and tests: window.contraflow.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});

  const once = (type) => new Promise((resolve) => CF.bus.on(type, resolve));
  let firstPaint = null;
  CF.bus.on("first-paint", ({ ms }) => (firstPaint = ms));

  window.contraflow = Object.freeze({
    /** Resolved after the first full paint of points. */
    ready: once("first-paint").then(() => undefined),
    /** Resolved when every column is read and the interface answers. */
    loaded: once("loaded").then(() => undefined),
    get stats() {
      const meta = document.querySelector('meta[name="contraflow-bytes"]');
      return {
        points: CF.events ? CF.events.rows : 0,
        shown: CF.events ? CF.events.shown : 0,
        bytes: meta ? Number(meta.getAttribute("content")) : null,
        decode_ms: Math.round(CF.decodeMs() * 10) / 10,
        first_paint_ms: firstPaint,
      };
    },
    shown() {
      const out = [];
      const events = CF.events;
      if (events) for (let i = 0; i < events.rows; i++) if (events.mask[i]) out.push(events.id(i));
      return out;
    },
    filter: (spec) => CF.filter(spec || {}),
    select(id) {
      const row = id == null || !CF.events ? -1 : CF.events.indexOf(id);
      return CF.select(row < 0 ? null : { layer: CF.events, row });
    },
    view: () => CF.view(),
    setView: (view) => CF.setView(view || {}),
    language: () => CF.lang(),
    setLanguage: (language) => CF.setLang(language),
  });
})();
