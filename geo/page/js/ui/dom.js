/**
 * Small helpers for building elements. All words go in as text nodes; there is no way to hand in markup.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = (CF.ui = CF.ui || {});

  /**
   * Makes an element.
   *
   * @param {string} spec  tag and classes: "button.cf-quiet.cf-icon"
   * @param {Object<string, any>|null} [props]  attributes; functions become listeners of the event they are named
   *   after; false, null and undefined leave an attribute out
   * @param {...(Node|string|number|null|undefined|false|Array<any>)} children
   * @returns {HTMLElement}
   */
  function h(spec, props, ...children) {
    const [tag, ...classes] = spec.split(".");
    const node = document.createElement(tag || "div");
    if (classes.length) node.className = classes.join(" ");
    for (const [name, value] of Object.entries(props || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (name === "value" || name === "checked" || name === "hidden" || name === "disabled") node[name] = value;
      else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : String(value));
    }
    append(node, children);
    return node;
  }

  function append(node, children) {
    for (const child of children) {
      if (child == null || child === false) continue;
      if (Array.isArray(child)) append(node, child);
      else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return node;
  }

  /** Replaces all children of `node`. */
  function fill(node, ...children) {
    node.replaceChildren();
    return append(node, children);
  }

  const PATHS = {
    close: "M4 4l8 8M12 4l-8 8",
    fold: "M10 3L5 8l5 5",
    unfold: "M6 3l5 5-5 5",
    down: "M3 6l5 5 5-5",
    more: "M3 8h.01M8 8h.01M13 8h.01",
    previous: "M10 3L5 8l5 5",
    next: "M6 3l5 5-5 5",
    print: "M4.5 6V2.5h7V6M4.5 12H2.5V6h11v6h-2M4.5 9.5h7v4h-7z",
    link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.2 1.2a3.2 3.2 0 0 1-4.5-4.5L4.5 7",
    layers: "M8 2l6 3-6 3-6-3zM2.5 8L8 10.8 13.5 8M2.5 11L8 13.8 13.5 11",
    contrast: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
    book: "M3 3h4a1.5 1.5 0 0 1 1.5 1.5V13M13 3H9.5M3 3v9h4.5L8.5 13l1-1H13V3H10",
    pin: "M8 14s4.5-4.300 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.700 8 14 8 14z",
    fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
    check: "M3 8.5l3.200 3.200L13 5",
  };

  /** A 16 px line icon, hidden from readers of the page by ear: the button that holds it has the words. */
  function icon(name) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false", class: "cf-svg" }))
      svg.setAttribute(key, String(value));
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", PATHS[name]);
    svg.appendChild(path);
    return svg;
  }

  /**
   * A canvas that shows one symbol, in the colours of the theme of the moment.
   *
   * @param {Object} symbol  see symbols.js
   * @param {number} [box]  width and height in CSS pixels
   * @param {number} [size]  size of the symbol, at most what the box holds
   */
  function swatch(symbol, box = 24, size) {
    const ratio = Math.max(2, window.devicePixelRatio || 1);
    const wide = symbol.shape === "line" || symbol.shape === "area";
    let px = size || (wide ? box : Math.min(symbol.size_px || 10, 16));
    const room = wide ? px / 2 : CF.symbolExtent(symbol, px);
    if (!size && room > box / 2) px *= box / 2 / room;
    const canvas = /** @type {HTMLCanvasElement} */ (h("canvas.cf-swatch", { "aria-hidden": "true" }));
    const side = size ? Math.max(box, Math.ceil(2 * CF.symbolExtent(symbol, size))) : box;
    canvas.width = canvas.height = side * ratio;
    canvas.style.width = canvas.style.height = side + "px";
    const paint = () => {
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, side, side);
      CF.drawSymbol(ctx, side / 2, side / 2, symbol, px, CF.tokens);
    };
    paint();
    canvas.addEventListener("cf-repaint", paint);
    return canvas;
  }

  /** Paints every legend symbol of the page again: after a change of theme. */
  function repaintSwatches() {
    for (const canvas of document.querySelectorAll("canvas.cf-swatch")) canvas.dispatchEvent(new Event("cf-repaint"));
  }

  /** Calls `fn` at most once a frame. */
  function perFrame(fn) {
    let waiting = 0;
    return (...args) => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => fn(...args));
    };
  }

  const AT_ONCE_ROWS = 50000;
  const jobs = new Map();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const [first] = jobs;
    if (!first) return;
    jobs.delete(first[0]);
    first[1]();
    if (jobs.size) channel.port2.postMessage(0);
  };

  /**
   * Does a job that looks at every event: at once where they are few; else in a turn of its own, so that counting a
   * million events never holds up what the reader does meanwhile. A job asked for twice is done once.
   */
  function later(name, job) {
    if (!CF.events || CF.events.rows <= AT_ONCE_ROWS) {
      job();
      return;
    }
    if (!jobs.size) channel.port2.postMessage(0);
    jobs.set(name, job);
  }

  let serial = 0;
  /** An id for a label, unique in the page. */
  const uid = (prefix) => `cf-${prefix}-${++serial}`;

  Object.assign(ui, { h, fill, append, icon, swatch, repaintSwatches, perFrame, later, uid });
})();
