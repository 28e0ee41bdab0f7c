/**
 * The layer control: groups, switches, counts, opacity, and under each layer that is on its legend.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const GROUPS = ["seizures", "results", "border", "violence", "context", "base"];
  const folded = new Set(); // layers whose details are open, by name
  let body = null;

  function count(layer) {
    if (layer === CF.events && CF.events.shown !== layer.rows && CF.events.mask)
      return ui.t("n-of-n", { n: ui.number(CF.events.shown, 0), all: ui.number(layer.rows, 0) });
    return ui.number(layer.rows, 0);
  }

  /** Opacity and sources of a layer: opened by the button at the end of its row. */
  function more(layer) {
    const meta = layer.meta;
    const id = ui.uid("opacity");
    const output = h("output.cf-num", { for: id }, ui.number(layer.opacity * 100, 0) + "%");
    const slider = h("input.cf-range", {
      id, type: "range", min: 10, max: 100, step: 5, value: String(Math.round(layer.opacity * 100)),
      input: (event) => {
        const part = Number(event.target.value) / 100;
        output.textContent = ui.number(part * 100, 0) + "%";
        layer.setOpacity(part);
        ui.repaint();
      },
    });
    return h("div.cf-more", null,
      meta.description && h("p", null, ui.words(meta.description)),
      meta.mark !== "dates" && h("div.cf-opacity", null, h("label", { for: id }, ui.t("opacity")), slider, output),
      (meta.sources || []).map((source) => h("p.cf-source", null, ui.sourceWords(source))));
  }

  /** A list of dated events: they have no place, so they are read here and seen as ticks in the histogram. */
  function dates(layer) {
    const { list } = ui.datesOf(layer);
    return h("ol.cf-dates", { tabindex: 0, role: "list", "aria-label": ui.words(layer.meta.title) }, list.map((item) =>
      h("li", null, h("time", null, ui.date(item.date)), h("span", null, item.title, item.fact && h("small", null, item.fact)))));
  }

  function row(layer) {
    const meta = layer.meta;
    const id = ui.uid("layer");
    const open = folded.has(layer.name);
    const details = h("div", { id: id + "-more", hidden: !open });
    const legendBox = h("div.cf-legend");
    const title = ui.words(meta.title) || layer.name;
    const number = h("span.cf-num", null, count(layer));
    const fillDetails = () => !details.hidden && !details.firstChild && details.append(more(layer));
    const showLegend = () => {
      if (layer.visible) ui.fill(legendBox, ui.legend(layer), zoomNote(layer), layer.meta.mark === "dates" && dates(layer));
      else legendBox.replaceChildren();
      legendBox.hidden = !layer.visible || !legendBox.firstChild;
    };
    const box = h("input", {
      type: "checkbox", id, checked: layer.visible,
      change: (event) => {
        layer.setVisible(event.target.checked);
        showLegend();
        ui.repaint();
      },
    });
    const button = h("button.cf-icon", {
      type: "button", "aria-expanded": String(open), "aria-controls": details.id, "aria-label": ui.t("more-about", { what: title }), title: ui.t("more-about", { what: title }),
      click: () => {
        details.hidden = !details.hidden;
        folded[details.hidden ? "delete" : "add"](layer.name);
        button.setAttribute("aria-expanded", String(!details.hidden));
        fillDetails();
      },
    }, ui.icon("more"));
    const root = h("div.cf-layer", { "data-layer": layer.name }, h("div.cf-layer-row", null, box, h("label", { for: id }, title), number, button), details, legendBox);
    fillDetails();
    showLegend();
    return { root, layer, box, number, showLegend };
  }

  /** "from zoom 9": a layer that is on but not yet drawn says so. */
  function zoomNote(layer) {
    const from = (layer.meta.style || {}).min_zoom || 0;
    const told = (layer.meta.legend_notes || []).some((note) => /zoom/i.test(ui.words(note)));
    return !told && CF.map.getZoom() < from ? h("p.cf-note.cf-zoom-note", null, ui.t("zoom-in")) : null;
  }

  let rows = [];

  function render() {
    const groups = GROUPS.concat(CF.layers.map((l) => l.meta.group).filter((g) => !GROUPS.includes(g)));
    rows = [];
    ui.fill(body, [...new Set(groups)].map((name) => {
      const members = CF.layers.filter((layer) => layer.meta.group === name);
      // What lies on top of the map is named first.
      members.sort((a, b) => (b.meta.order || 0) - (a.meta.order || 0));
      if (!members.length) return null;
      const made = members.map(row);
      rows.push(...made);
      const id = ui.uid("group");
      return h("div.cf-group", { role: "group", "aria-labelledby": id }, h("h3", { id }, ui.t("group-" + name, {}, name)), made.map((m) => m.root));
    }));
  }

  /** Brings switches, counts and legends in line with the layers. */
  function refresh(withLegends) {
    for (const made of rows) {
      made.box.checked = made.layer.visible;
      made.number.textContent = count(made.layer);
      if (withLegends) made.showLegend();
    }
  }

  function addLayers() {
    body = ui.shell.layers.body;
    render();
    CF.bus.on("language", render);
    CF.bus.on("loaded", render);
    CF.bus.on("layers", () => {
      refresh(true);
      ui.repaint();
    });
    CF.bus.on("filter", () => {
      refresh(false);
      const events = rows.find((made) => made.layer === CF.events);
      if (events) ui.later("legend", events.showLegend);
    });
    let before = CF.map.getZoom();
    CF.map.on("zoomend", () => {
      const now = CF.map.getZoom();
      const from = (layer) => (layer.meta.style || {}).min_zoom || 0;
      const crossed = (layer) => from(layer) > Math.min(before, now) || ui.siteScale(layer, before) !== ui.siteScale(layer, now);
      for (const made of rows) if (crossed(made.layer)) made.showLegend();
      before = now;
    });
  }

  Object.assign(ui, { addLayers });
})();
