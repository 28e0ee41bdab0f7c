/**
 * Legends: one block for each layer, drawn by the painter that draws the map.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  /** One row: symbol, words, and a number where the class is counted. */
  function entry(symbol, words, options = {}) {
    return h("li.cf-key", null, ui.swatch(symbol, options.box || 24, options.size), h("span.cf-key-words", null, words, options.note && h("small", null, options.note)),
      options.count != null && h("span.cf-num", null, ui.number(options.count, 0)));
  }

  const group = (title, entries) => entries.length > 0 && [title && h("h4", null, title), h("ul.cf-keys", null, entries)];

  /** Titles over the parts of the events' legend; a class key is "part:value". */
  const PARTS = { group: "legend-shape", context: "legend-ring", precision: "legend-place" };

  /** Events: colour is direction, shape what was seized, ring the context, hollow a rough place. Each is a list. */
  function eventsLegend(layer) {
    const parts = new Map();
    for (const made of layer.meta.classes || []) {
      const part = made.key.includes(":") ? made.key.split(":")[0] : "";
      if (!parts.has(part)) parts.set(part, []);
      parts.get(part).push(made);
    }
    const blocks = [...parts].map(([part, list]) => {
      const counts = part === "direction" && CF.events.column(part) ? CF.facetCounts(part) : null;
      return group(PARTS[part] && ui.t(PARTS[part]), list.map((made) =>
        entry(made.symbol, ui.words(made.label), { note: made.note && ui.words(made.note), count: counts && (counts.get(made.key.split(":")[1]) || 0) })));
    });
    return [blocks, h("p.cf-note.cf-screen", null, ui.t("legend-stack"))];
  }

  /** Symbol of a class as the legend shows it: lines with their arrow and band. */
  function keySymbol(layer, made) {
    if (layer.meta.mark !== "lines") return made.symbol;
    const name = made.symbol.stroke || made.symbol.fill || "line";
    return { ...made.symbol, shape: "line", stroke: name === "north" || name === "south" ? name + "-light" : name };
  }

  function classesLegend(layer) {
    const { classes = [], outlines = [], size_legend: sizes = [] } = layer.meta;
    const box = layer.meta.mark === "lines" || layer.meta.mark === "areas" ? 28 : 24;
    const keys = (list, ringed) => list.map((made) => entry(ringed ? ringSymbol(layer, made) : keySymbol(layer, made), ui.words(made.label), {
      box, note: made.note && ui.words(made.note),
    }));
    return [
      group(null, keys(classes, false)),
      sizes.length > 0 && h("ul.cf-sizes", { "aria-label": ui.t("legend-size") }, sizes.map(([px, words]) =>
        h("li", null, ui.swatch(sizeSymbol(layer), 12, px * ui.siteScale(layer, CF.map.getZoom())), h("span", null, ui.words(words))))),
      group(null, keys(outlines, true)),
    ];
  }

  /** Sizes are shown by an empty symbol of the layer's shape: size alone speaks. */
  function sizeSymbol(layer) {
    const first = (layer.meta.classes || [])[0];
    return { shape: first ? first.symbol.shape : "circle", fill: "paper", stroke: "text-2", stroke_px: 1.2 };
  }

  function ringSymbol(layer, made) {
    if (layer.meta.mark === "areas") return { ...made.symbol, shape: "area" };
    return { shape: "circle", fill: "surface-3", stroke: null, size_px: 9, ...made.symbol, outline_color: made.symbol.outline_color || made.symbol.stroke };
  }

  /** The legend of a layer as a list of elements; empty where a layer has nothing to explain. */
  function legend(layer) {
    const parts = layer === CF.events ? eventsLegend(layer) : classesLegend(layer);
    const notes = (layer.meta.legend_notes || []).map((note) => h("p.cf-note", null, ui.words(note), " "));
    return [parts, notes.length > 0 && h("div.cf-legend-notes", null, notes)];
  }

  Object.assign(ui, { legend, keyEntry: entry });
})();
