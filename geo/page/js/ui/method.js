/**
 * The method: what was read, drawn and left out, every layer with its source, every parameter, and what the map does
 * not say. The same words, shorter, are printed beside the map.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  /** A source in one line: name, period, precision, rows, licence. */
  function sourceWords(source) {
    const said = (words) => ui.t("said-" + words, {}, words);
    const rows = source.rows ? ui.t("n-rows", { n: ui.number(source.rows, 0) }) : "";
    const parts = [source.name, said(source.period), said(source.precision), rows, said(source.licence)];
    return [...new Set(parts.filter(Boolean))].join(" · ");
  }

  const reason = (words) => ui.t("reason-" + words, {}, words);

  function table(caption, head, rows) {
    return h("div.cf-scroll", { tabindex: 0, role: "region", "aria-label": caption }, h("table.cf-table", null, h("caption", null, caption),
      head && h("thead", null, h("tr", null, head.map((words, k) => h(k ? "th.cf-num" : "th", { scope: "col" }, words)))),
      h("tbody", null, rows.map(([first, ...rest]) => h("tr", null, h("th", { scope: "row" }, first), rest.map((x) => h("td.cf-num", null, x)))))));
  }

  function counts() {
    const told = CF.index.counts || {};
    const unit = (n) => ui.number(n, 0);
    const rows = ["read", "rows_drawn", "without_place", "excluded", "drawn"]
      .filter((name) => told[name] != null && (told[name] || name !== "excluded")).map((name) => [ui.t("count-" + name), unit(told[name])]);
    const dropped = (CF.lang() === "es" && told.dropped_es) || told.dropped || {};
    for (const [words, n] of Object.entries(dropped)) rows.push([ui.t("left-out", { why: reason(words) }), unit(n)]);
    for (const layer of CF.layers.filter((l) => l !== CF.events))
      for (const [words, n] of Object.entries(layer.meta.dropped || {})) rows.push([`${ui.words(layer.meta.title)}: ${ui.t("left-out", { why: reason(words) })}`, unit(n)]);
    return table(ui.t("counts"), null, rows);
  }

  /** North, south and unknown are all there is: printed so that anyone can add them up. */
  function directions() {
    const column = CF.events && CF.events.column("direction");
    if (!column) return null;
    const n = { north: 0, south: 0, unknown: 0 };
    for (let row = 0; row < CF.events.rows; row++) n[n[column.get(row)] === undefined ? "unknown" : column.get(row)]++;
    return h("p", null, ui.t("directions-add-up", { north: ui.number(n.north, 0), south: ui.number(n.south, 0), unknown: ui.number(n.unknown, 0), all: ui.number(CF.events.rows, 0) }));
  }

  /** A parameter's value as text: lists and tables in one line. */
  function valueWords(value) {
    if (value == null) return "–";
    if (typeof value === "boolean") return ui.t(value ? "yes" : "no");
    if (Array.isArray(value)) return value.map(valueWords).join(", ");
    if (typeof value === "object") return Object.entries(value).map(([key, v]) => `${key}: ${valueWords(v)}`).join("; ");
    return String(value);
  }

  /** Parameters that the legend shows better, or that are told with their layer. */
  const SHOWN_ELSEWHERE = new Set(["symbology", "commodity_groups", "size_px", "layers"]);

  function parameters() {
    const all = Object.entries((CF.manifest || {}).parameters || {}).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
    const rows = all.map(([name, value]) => [name, valueWords(value)]);
    for (const layer of CF.layers)
      for (const [name, value] of Object.entries(layer.meta.parameters || {})) if (!SHOWN_ELSEWHERE.has(name)) rows.push([`${layer.name}: ${name}`, valueWords(value)]);
    if (CF.manifest && CF.manifest.version) rows.unshift(["contraflow", CF.manifest.version]);
    return rows;
  }

  function layerNotes(layer) {
    const notes = layer.meta.method_notes || [];
    return h("section.cf-method-layer", null, h("h4", null, ui.words(layer.meta.title) || layer.name),
      layer.meta.description && h("p", null, ui.words(layer.meta.description)),
      (layer.meta.sources || []).map((source) => h("p.cf-source", null, sourceWords(source))),
      notes.length > 0 && h("ul", null, notes.map((note) => h("li", null, ui.words(note)))));
  }

  const WARNINGS = ["enforcement", "proxy", "hypotheses", "presence", "near", "empty"];

  function content() {
    const above = [...CF.layers].reverse();
    const base = above.filter((layer) => layer.meta.group !== "base");
    const rest = above.filter((layer) => layer.meta.group === "base");
    const rows = parameters();
    return [
      h("section.cf-block", null, h("h3", null, ui.t("not-said")), h("ul.cf-warnings", null, WARNINGS.map((key) => h("li", null, ui.t("warning-" + key))))),
      h("section.cf-block", null, h("h3", null, ui.t("counted")), counts(), directions()),
      h("section.cf-block", null, h("h3", null, ui.t("layers-and-sources")), [...base, ...rest].map(layerNotes)),
      rows.length > 0 && h("section.cf-block", null, h("h3", null, ui.t("parameters")), table(ui.t("parameters-caption"), null, rows)),
      h("section.cf-block", null, h("h3", null, ui.t("this-file")), h("p", null, ui.t("offline")), CF.index.handling && h("p", null, `${ui.t("handling")}: ${CF.index.handling}`)),
    ];
  }

  function showMethod() {
    if (CF.selected()) CF.select(null);
    ui.openPanel("method", ui.t("method-title"), content(), { focus: true, wide: true });
  }

  function addMethod() {
    for (const type of ["language", "loaded"])
      CF.bus.on(type, () => {
        if (ui.panelShows() === "method") ui.openPanel("method", ui.t("method-title"), content(), { wide: true, keepScroll: true });
      });
  }

  Object.assign(ui, { addMethod, showMethod, sourceWords, methodRows: parameters, reasonWords: reason });
})();
