/**
 * The details of what was clicked. An event is told in words, with what is certain and what is not; every other
 * layer shows its declared fields.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  /** Columns of an event that are told in words below; all other declared fields are listed after them. */
  const TOLD = new Set([
    "event_id", "agency", "partners", "operation", "start", "end", "date_precision", "tz", "place", "longitude", "latitude",
    "location_precision_m", "location_basis", "side", "context", "direction", "direction_basis", "commodity",
    "commodity_reported", "quantity", "unit", "quantity_reported", "unit_reported", "events", "handling", "source", "group",
    "port_code", "port_name", "port_distance_m", "port_bearing_deg", "port_second_code", "port_second_distance_m", "port_certain",
    "corridor_id", "corridor_name", "corridor_distance_m", "corridor_chainage_m", "corridor_side", "corridor_foot_lon",
    "corridor_foot_lat", "corridor_certain", "violence_code", "violence_name", "violence_distance_m", "violence_rate_per_100k",
    "violence_count", "violence_population", "violence_year", "violence_measure", "hotspot_code", "hotspot_name",
    "hotspot_distance_m", "border_distance_m", "side_joined", "side_certain",
  ]);

  /** A line of a definition list; nothing where there is no value. */
  const line = (label, ...values) => {
    const shown = values.filter((v) => v != null && v !== "" && v !== false);
    return shown.length ? h("div.cf-line", null, h("dt", null, label), h("dd", null, shown.map((v) => (v instanceof Node ? v : h("span", null, v))))) : null;
  };
  const small = (words) => (words ? h("small", null, words) : null);
  const block = (title, ...lines) => {
    const shown = lines.flat().filter(Boolean);
    return shown.length ? h("section.cf-block", null, h("h3", null, title), h("dl", null, shown)) : null;
  };

  const certainWords = (certain, ifNot) =>
    certain === true ? ui.t("certain") : certain === false ? h("span", null, h("strong", null, ui.t("not-certain")), " ", ifNot) : ui.t("certain-unknown");

  /** Whether a join has said anything of its certainty: without the join there is no such column. */
  const judged = (name) => CF.events.column(name) !== null;

  /** Reads values of one event: by column, null where there is none. */
  const reader = (row) => (name) => ui.value(CF.events, row, name);

  function what(row) {
    const items = ui.itemsOf(row);
    if (!items.length) return null;
    return h("section.cf-block", null, h("h3", null, ui.t("what")), h("div.cf-scroll", { tabindex: 0, role: "region", "aria-label": ui.t("what") }, h("table.cf-items", null,
      h("thead", null, h("tr", null, h("th", { scope: "col" }, ui.t("commodity")), h("th", { scope: "col" }, ui.t("as-reported")), h("th.cf-num", { scope: "col" }, ui.t("as-converted")))),
      h("tbody", null, items.map((item) => h("tr", null,
        h("th", { scope: "row" }, item.label, item.reported && item.reported.toLowerCase() !== item.label.toLowerCase() && small(`“${item.reported}”`)),
        h("td", null, [item.quantityReported, item.unitReported].filter((x) => x != null).join(" ") || "–"),
        h("td.cf-num", null, item.quantity != null ? ui.quantity(item.quantity, item.unit) : h("span", { title: ui.t("no-quantity") }, "–", h("span.cf-only-heard", null, ui.t("no-quantity"))))))))));
  }

  function who(get) {
    const partners = get("partners");
    return block(ui.t("who"),
      line(ui.t("agency"), get("agency")),
      line(ui.t("partners"), partners && String(partners).split("|").map((p) => p.trim()).join(", ")),
      line(ui.t("operation"), get("operation")));
  }

  function when(get) {
    const local = ui.localTime(get("start"), get("tz"));
    const precision = get("date_precision");
    return block(ui.t("when"), line(ui.t("date"), local || ui.period(get("start"), get("end")), small(local && ui.date(get("start"))), small(precision && ui.t("date-" + precision, {}, ""))));
  }

  function direction(get) {
    const way = get("direction");
    if (way == null && get("direction_basis") == null && get("context") == null) return null;
    const basis = get("direction_basis");
    const chip = h("span.cf-way", null, ui.swatch({ shape: "circle", fill: way === "north" || way === "south" ? way : "unknown", size_px: 11 }, 14), ui.t("going-" + (way || "unknown")));
    return block(ui.t("which-way"),
      line(ui.t("direction"), chip, small(basis && ui.t("basis-" + basis, {}, basis))),
      line(ui.t("context"), get("context") && ui.coded(CF.events, "context", get("context"))));
  }

  function where(row, get) {
    const metres = get("location_precision_m");
    const basis = get("location_basis");
    const placed = [basis && ui.t("placed-" + basis, {}, basis), metres > 0 ? ui.t("accurate-to", { d: ui.precision(metres) }) : ui.t("accuracy-unknown")].filter(Boolean).join("; ");
    const digits = metres > 0 ? Math.max(1, Math.min(5, Math.round(5 - Math.log10(metres)))) : 4;
    const side = get("side") || get("side_joined");
    const border = get("border_distance_m");
    return block(ui.t("where"),
      line(ui.t("place-as-written"), get("place")),
      line(ui.t("location"), ui.position(CF.events.lon(row), CF.events.lat(row), digits), small(placed)),
      line(ui.t("side"), side && [ui.t("side-" + side, {}, side), border != null && ui.t("from-border", { d: ui.distance(border) })].filter(Boolean).join(", "),
        small(side && judged("side_certain") && certainWords(get("side_certain"), ui.t("unsure-side")))));
  }

  /** Finds the name of a port by its code, in the ports layer. */
  function portName(code) {
    const ports = CF.layers.find((layer) => layer.name === "ports");
    const [codes, words] = ports ? [ports.column("port_code"), ports.column("port_name")] : [];
    for (let row = 0; codes && words && row < ports.rows; row++) if (codes.get(row) === code) return words.get(row);
    return null;
  }

  function port(get) {
    const code = get("port_code");
    if (code == null) return null;
    const bearing = get("port_bearing_deg");
    const away = get("port_distance_m");
    const second = get("port_second_code");
    const name = second && (portName(second) || second);
    return block(ui.t("nearest-port"),
      line(ui.t("port"), `${get("port_name") || ""} (${code})`.trim()),
      line(ui.t("distance"), away != null && ui.distance(away), bearing != null && small(ui.t("bearing-words", { way: ui.compass(bearing), deg: ui.number(bearing, 0) }))),
      line(ui.t("runner-up"), second && `${name} (${second})`, small(get("port_second_distance_m") != null && ui.distance(get("port_second_distance_m")))),
      judged("port_certain") && line(ui.t("certain-label"), certainWords(get("port_certain"), ui.t("unsure-port", { name: name || ui.t("another-port") }))));
  }

  function corridor(get) {
    const name = get("corridor_name") || get("corridor_id");
    if (name == null) return null;
    const side = get("corridor_side");
    return block(ui.t("nearest-corridor"),
      line(ui.t("corridor"), name),
      line(ui.t("distance"), get("corridor_distance_m") != null && ui.distance(get("corridor_distance_m")), small(side && ui.t("corridor-" + side, {}, side))),
      line(ui.t("chainage"), get("corridor_chainage_m") != null && ui.distance(get("corridor_chainage_m"))),
      judged("corridor_certain") && line(ui.t("certain-label"), certainWords(get("corridor_certain"), ui.t("unsure-corridor")), small(ui.t("corridor-warning"))));
  }

  function violence(get) {
    const name = get("violence_name") || get("violence_code");
    if (name == null) return null;
    const measure = get("violence_measure");
    const [count, population, rate, year] = ["violence_count", "violence_population", "violence_rate_per_100k", "violence_year"].map(get);
    const counted = count != null && ui.t("count-of-population", {
      n: ui.number(count, 0), what: ui.t("measure-" + measure, {}, measure || ""), population: population != null ? ui.number(population, 0) : "?", year: year != null ? String(year) : "?",
    });
    const hot = get("hotspot_name") || get("hotspot_code");
    return block(ui.t("violence-around"),
      line(ui.t("municipality"), name, small(get("violence_distance_m") > 0 && ui.t("seat-distance", { d: ui.distance(get("violence_distance_m")) }))),
      line(ui.t("homicides"), counted, small(rate != null && ui.t("smoothed-rate", { rate: ui.number(rate, 1) }))),
      line(ui.t("nearest-hotspot"), hot, small(get("hotspot_distance_m") != null && ui.distance(get("hotspot_distance_m")))));
  }

  /** Fields that the layer declares and nothing above has told: the user's own columns among them. */
  function others(layer, row, told) {
    return (layer.meta.fields || []).filter((field) => !told.has(field.name) && field.kind !== "source")
      .map((field) => {
        const shown = line(ui.label(field), ui.show(layer, row, field.name));
        if (shown && /in English/.test((field.label || {}).en)) shown.lastChild.lang = "en";
        return shown;
      });
  }

  /** The source as text, never as a link: the page leads nowhere by itself. Several pages are separated by a bar. */
  function source(get) {
    const text = get("source");
    if (!text && !get("handling")) return null;
    return block(ui.t("source"), line(ui.t("event-id"), get("event_id")), line(ui.t("handling"), get("handling")),
      line(ui.t("as-published"), text && h("ul.cf-sources", null, String(text).split(" | ").map((part) => h("li", null, part)))));
  }

  /** One sentence: which way, found where, when, by whom. */
  function sentence(row, get) {
    const parts = [];
    if (CF.events.column("direction")) parts.push(ui.t("going-" + (get("direction") || "unknown")));
    if (get("context")) parts.push(ui.t("found-" + get("context"), {}, ""));
    const first = parts.filter(Boolean).join(", ");
    return [first, get("place"), ui.period(get("start"), get("end")), get("agency")].filter(Boolean).join(" · ");
  }

  function eventDetails(row) {
    const get = reader(row);
    const rest = others(CF.events, row, TOLD);
    return [
      h("p.cf-lead", null, sentence(row, get)),
      what(row), direction(get), where(row, get), when(get), who(get), port(get), corridor(get), violence(get),
      block(ui.t("more-fields"), rest), source(get),
    ];
  }

  function rowDetails(layer, row) {
    const fields = layer.meta.fields || [];
    const note = fields.filter((field) => field.kind === "source").map((field) => line(ui.label(field), ui.show(layer, row, field.name)));
    const lines = others(layer, row, new Set());
    const made = classOf(layer, row);
    return [
      made && h("p.cf-lead", null, h("span.cf-way", null, ui.swatch(made.symbol, layer.meta.mark === "lines" ? 26 : 18), ui.words(made.label))),
      h("section.cf-block", null, h("dl", null, lines)),
      (layer.meta.legend_notes || []).map((text) => h("p.cf-note", null, ui.words(text))),
      block(ui.t("source"), note, (layer.meta.sources || []).map((s) => h("div.cf-line", null, h("dd", null, ui.sourceWords(s))))),
    ];
  }

  function classOf(layer, row) {
    const name = (layer.meta.style || {}).class_column;
    const kind = name ? ui.value(layer, row, name) : null;
    return kind == null ? null : (layer.meta.classes || [])[kind];
  }

  /** Several events on one spot: a pager and, on asking, all of them as a numbered list. */
  function pager(stack, at) {
    if (stack.length < 2) return null;
    const go = (k) => stepTo((k + stack.length) % stack.length);
    const id = ui.uid("stack");
    const all = h("ol.cf-stack", { id, hidden: !ui.stackOpen }, stack.map((s, k) =>
      h("li", { "aria-current": k === at && "true" }, h("button", { type: "button", click: () => stepTo(k) }, h("span", null, ui.headline(s.layer, s.row)), h("small", null, ui.subline(s.layer, s.row))))));
    const toggle = h("button.cf-quiet", {
      type: "button", "aria-expanded": String(Boolean(ui.stackOpen)), "aria-controls": id,
      click: () => {
        ui.stackOpen = all.hidden;
        all.hidden = !all.hidden;
        toggle.setAttribute("aria-expanded", String(!all.hidden));
      },
    }, ui.t("stack-n", { n: ui.number(at + 1, 0), all: ui.number(stack.length, 0) }));
    return h("nav.cf-pager", { "aria-label": ui.t("stack-label") },
      h("div", null, h("button.cf-icon", { type: "button", "aria-label": ui.t("previous"), title: ui.t("previous"), "data-step": "-1", click: () => go(at - 1) }, ui.icon("previous")), toggle,
        h("button.cf-icon", { type: "button", "aria-label": ui.t("next"), title: ui.t("next"), "data-step": "1", click: () => go(at + 1) }, ui.icon("next"))), all);
  }

  function stepTo(k) {
    const target = ui.pile.stack[k];
    const step = document.activeElement && document.activeElement.dataset.step;
    CF.select({ layer: target.layer, row: target.row });
    const again = step && ui.shell.right.querySelector(`[data-step="${step}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  /** Other things at the spot: other layers, events close by. */
  function alsoHere() {
    const also = ui.pile.also.slice(0, 12);
    if (!also.length) return null;
    return h("section.cf-block", null, h("h3", null, ui.t("also-here")), h("ul.cf-also", null, also.map((hit) =>
      h("li", null, h("button", { type: "button", click: () => ui.openRow(hit.layer, hit.row, { focus: true }) }, h("span", null, ui.headline(hit.layer, hit.row)), h("small", null, ui.subline(hit.layer, hit.row)))))));
  }

  /** Shows what is selected, or closes. */
  function showSelected() {
    const picked = ui.chosen();
    if (!picked) {
      if (ui.panelShows() === "details") ui.closePanel(true);
      return;
    }
    const { layer, row } = picked;
    if (!ui.pile.stack.some((s) => ui.sameThing(s, picked))) {
      // Chosen by a script or a list, not on the map: with what lies on its spot.
      const found = layer === CF.events ? ui.stackOf(row) : { stack: [picked] };
      ui.pile = { stack: found.stack, also: [] };
    }
    const at = ui.pile.stack.findIndex((s) => ui.sameThing(s, picked));
    const content = [pager(ui.pile.stack, at), layer === CF.events ? eventDetails(row) : rowDetails(layer, row), alsoHere()];
    ui.openPanel("details", ui.headline(layer, row), content, { over: ui.words(layer.meta.title), focus: ui.focusPanel });
    ui.focusPanel = false;
    bringIntoView(layer, row);
  }

  /** Moves the map where the panel has covered the very thing that it tells of. */
  function bringIntoView(layer, row) {
    const lon = layer.meta.mark === "sites" || layer === CF.events ? layer.lon(row) : NaN;
    if (!Number.isFinite(lon)) return;
    const at = CF.map.latLngToContainerPoint([layer.lat(row), lon]);
    const box = CF.map.getContainer().getBoundingClientRect();
    const panel = ui.shell.right.getBoundingClientRect();
    const right = (ui.phone ? box.width : panel.left - box.left) - 64;
    const bottom = (ui.phone ? panel.top - box.top : box.height) - 40;
    const dx = Math.max(0, at.x - right) + Math.min(0, at.x - 64);
    const dy = Math.max(0, at.y - bottom) + Math.min(0, at.y - 40);
    if (dx || dy) CF.map.panBy([dx, dy], { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 0.14 });
  }

  function addDetails() {
    CF.bus.on("select", showSelected);
    for (const type of ["language", "loaded"])
      CF.bus.on(type, () => {
        if (ui.panelShows() === "details") showSelected();
      });
    CF.bus.on("theme", () => ui.repaintSwatches());
  }

  Object.assign(ui, { addDetails });
})();
