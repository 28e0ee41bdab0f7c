/**
 * Filters: facets that intersect, each with the counts that the other filters leave, and the running count.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const FEW = 8; // a longer list shows this many and a button for the rest
  const MANY = 15; // from here on a list can be searched

  /** Facets in their order: key of the filter, column counted, column with a readable name. */
  const FACETS = [
    { key: "direction", field: "direction", open: true, order: ["north", "south", "unknown"] },
    { key: "commodity", field: "commodity", open: true, grouped: true },
    { key: "agency", field: "agency" },
    { key: "context", field: "context", order: ["port", "between_ports", "checkpoint", "interior"] },
    { key: "port", field: "port_code", name: "port_name" },
    { key: "corridor", field: "corridor_id", name: "corridor_name" },
  ];

  const opened = new Set(FACETS.filter((f) => f.open).map((f) => f.key));
  const longLists = new Set();
  const searches = {};
  let body = null;
  let banner = null;
  let say = null;

  const list = (value) => (value == null ? [] : Array.isArray(value) ? value : [value]);
  const chosen = (key) => list((CF.currentFilter() || {})[key]).map(String);

  /** How many filters are on; the two ends of a period are one. */
  function active() {
    const spec = CF.currentFilter() || {};
    const keys = Object.keys(spec).filter((key) => list(spec[key]).length);
    return keys.filter((key) => key !== "end" || !spec.start).length;
  }

  /** Changes one filter and keeps the others. */
  function setFilter(changes) {
    const spec = { ...CF.currentFilter(), ...changes };
    for (const key of Object.keys(spec)) if (!list(spec[key]).length) delete spec[key];
    CF.filter(spec);
  }

  /** Code of a commodity -> its group, as the layer says, else as the events with one commodity show. */
  let groups = null;
  function groupOf(code) {
    if (!groups) {
      const { parameters = {} } = CF.events.meta;
      groups = new Map(Object.entries((ui.symbology().groups || parameters.commodity_groups || {})));
      const column = CF.events.column("group");
      for (let row = 0; !groups.size && column && CF.events.items && row < Math.min(CF.events.rows, 20000); row++) {
        const items = ui.itemsOf(row);
        if (items.length === 1 && items[0].code && column.get(row)) groups.set(items[0].code, column.get(row));
      }
    }
    return groups.get(code) || "other";
  }

  /** Readable names for codes that have their name in another column. */
  const names = {};
  function nameOf(facet, value) {
    if (!facet.name) return ui.coded(CF.events, facet.field, value);
    if (!names[facet.key]) {
      const map = (names[facet.key] = new Map());
      const [codes, words] = [CF.events.column(facet.field), CF.events.column(facet.name)];
      for (let row = 0; codes && words && row < CF.events.rows; row++) {
        const code = codes.get(row);
        if (code != null && !map.has(code)) map.set(code, words.get(row));
      }
    }
    return names[facet.key].get(value) || String(value);
  }

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function box(facet, value, words, count, symbol) {
    const id = ui.uid("value");
    const checked = chosen(facet.key).includes(value);
    const input = h("input", {
      type: "checkbox", id, checked, "data-value": value,
      change: (event) => {
        const rest = chosen(facet.key).filter((v) => v !== value);
        setFilter({ [facet.key]: event.target.checked ? [...rest, value] : rest });
      },
    });
    return h("li.cf-choice", { "data-empty": !count && !checked }, input, symbol && ui.swatch(symbol, 18), h("label", { for: id }, words), h("span.cf-num", null, ui.number(count, 0)));
  }

  /** A box that stands for all commodities of a group: checked, unchecked or in between. */
  function groupBox(facet, name, codes, count) {
    const id = ui.uid("group");
    const on = chosen(facet.key);
    const inside = codes.filter((code) => on.includes(code));
    const shape = ((ui.symbology().shape || {}).values || {})[name] || "cross";
    const input = h("input", {
      type: "checkbox", id, checked: inside.length === codes.length, "data-group": name,
      change: (event) => {
        const rest = on.filter((code) => !codes.includes(code));
        setFilter({ [facet.key]: event.target.checked ? [...rest, ...codes] : rest });
      },
    });
    input.indeterminate = inside.length > 0 && inside.length < codes.length;
    return h("li.cf-choice.cf-choice-group", null, input, ui.swatch({ shape, fill: "text-2", size_px: 11 }, 18), h("label", { for: id }, ui.t("value-group-" + name, {}, name)), h("span.cf-num", null, ui.number(count, 0)));
  }

  const orders = {}; // values of each facet, as they were first counted: a list must not jump under the hand
  /** Values of a facet in their order: a fixed one, else the most frequent first; one that is left with none stays. */
  function valuesOf(facet) {
    const counts = CF.facetCounts(facet.key);
    const order = (orders[facet.key] = orders[facet.key] || [...counts.keys()].filter((v) => v != null && v !== "").sort((a, b) => {
      const rank = (v) => (facet.order && facet.order.includes(v) ? facet.order.indexOf(v) : 99);
      return rank(a) - rank(b) || counts.get(b) - counts.get(a) || a.localeCompare(b);
    }));
    const late = [...counts.keys()].filter((v) => v != null && v !== "" && !order.includes(v));
    return [...order, ...late].map((value) => ({ value: String(value), count: counts.get(value) || 0 }));
  }

  function groupedList(facet, values) {
    const byGroup = new Map();
    for (const each of values) {
      const name = groupOf(each.value);
      if (!byGroup.has(name)) byGroup.set(name, []);
      byGroup.get(name).push(each);
    }
    const order = Object.keys((ui.symbology().shape || {}).values || {});
    const rank = (name) => (order.includes(name) ? order.indexOf(name) : 99);
    const sorted = [...byGroup].sort((a, b) => rank(a[0]) - rank(b[0]) || b[1].length - a[1].length);
    // Events of a group are not the sum of its commodities: one event can hold several.
    const inGroup = groupCounts();
    return sorted.map(([name, members]) => h("li", null,
      h("ul.cf-choices", { "aria-label": ui.t("value-group-" + name, {}, name) },
        groupBox(facet, name, members.map((m) => m.value), inGroup.get(name) || 0),
        members.length > 1 || members[0].value !== name ? members.map((m) => box(facet, m.value, nameOf(facet, m.value), m.count)) : null)));
  }

  function facetList(facet) {
    let values = valuesOf(facet);
    const total = values.length;
    const wanted = plain(searches[facet.key] || "");
    if (wanted) values = values.filter((v) => plain(nameOf(facet, v.value)).includes(wanted));
    if (facet.grouped) return { total, items: groupedList(facet, values) };
    const on = chosen(facet.key);
    const cut = !wanted && !longLists.has(facet.key) && values.length > FEW + 2;
    const shown = cut ? values.filter((v, k) => k < FEW || on.includes(v.value)) : values;
    const symbolOf = (value) => (facet.key === "direction" ? { shape: "circle", fill: value === "north" || value === "south" ? value : "unknown", size_px: 12 } : null);
    const items = shown.map((v) => box(facet, v.value, facet.key === "direction" ? ui.t("going-" + v.value, {}, v.value) : nameOf(facet, v.value), v.count, symbolOf(v.value)));
    return { total, items, cut: cut ? values.length : 0 };
  }

  function facetBlock(facet) {
    if (!CF.events.column(facet.field) && !(facet.grouped && CF.events.items && CF.events.items.column(facet.field))) return null;
    const open = opened.has(facet.key);
    const id = ui.uid("facet");
    const on = chosen(facet.key).length;
    const content = h("div", { id, hidden: !open });
    const head = h("button.cf-facet-head", {
      type: "button", "aria-expanded": String(open), "aria-controls": id,
      click: () => {
        opened[opened.has(facet.key) ? "delete" : "add"](facet.key);
        render();
      },
      "data-facet": facet.key,
    }, ui.icon("down"), h("span", null, ui.t("facet-" + facet.key)), on > 0 && h("span.cf-badge", null, ui.t("chosen", { n: on })));
    const root = h("div.cf-facet", { role: "group", "aria-label": ui.t("facet-" + facet.key) }, head, content);
    if (!open) return root;
    const { total, items, cut } = facetList(facet);
    if (!total) return null;
    if (total > MANY)
      content.append(h("input.cf-search", {
        type: "search", value: searches[facet.key] || "", "aria-label": ui.t("find-in", { what: ui.t("facet-" + facet.key) }), placeholder: ui.t("find"),
        "data-search": facet.key,
        input: (event) => {
          searches[facet.key] = event.target.value;
          render();
        },
      }));
    content.append(h("ul.cf-choices", null, items.length ? items : h("li.cf-note", null, ui.t("none-found"))));
    if (cut)
      content.append(h("button.cf-quiet", { type: "button", click: () => { longLists.add(facet.key); render(); } }, ui.t("show-all", { n: cut })));
    return root;
  }

  /** The running count in words. */
  function countWords() {
    const counts = CF.index.counts || {};
    const events = CF.events;
    if (!events) return "";
    const words = [ui.t("n-shown", { n: ui.number(events.shown, 0), all: ui.number(events.rows, 0) })];
    words.push(ui.t("n-no-place", { n: ui.number(counts.without_place || 0, 0) }));
    const unknown = events.column("direction") ? shownWithout() : null;
    if (unknown != null) words.push(ui.t("n-unknown", { n: ui.number(unknown, 0) }));
    return words.join(" · ");
  }

  /** Shown events whose direction is not known. */
  function shownWithout() {
    const column = CF.events.column("direction");
    const code = column.values ? column.values.indexOf("unknown") + 1 : -1;
    let n = 0;
    for (let row = 0; row < CF.events.rows; row++) {
      if (!CF.events.mask[row]) continue;
      if (column.codes ? column.codes[row] === code || column.codes[row] === 0 : (column.get(row) || "unknown") === "unknown") n++;
    }
    return n;
  }

  function render() {
    if (!CF.events) {
      ui.shell.filters.root.hidden = true;
      return;
    }
    const focus = document.activeElement && body.contains(document.activeElement) ? document.activeElement.dataset : {};
    const n = active();
    ui.fill(ui.shell.filters.aside, n ? ui.t("chosen", { n }) : "");
    ui.fill(body,
      h("div.cf-filter-top", null, h("p", null, countWords()),
        h("button.cf-button", { type: "button", disabled: !n, "data-clear": "all", click: () => CF.filter({}) }, ui.t("clear"))),
      h("p.cf-note", null, ui.t("any-item")),
      FACETS.map(facetBlock));
    refocus(focus);
  }

  /** Rendering anew must not take the keyboard's place away. */
  function refocus(was) {
    for (const [name, value] of Object.entries(was)) {
      const found = [...body.querySelectorAll(`[data-${name}]`)].find((node) => node.dataset[name] === value);
      if (!found || found.disabled) continue;
      found.focus();
      if (found.type === "search") found.setSelectionRange(found.value.length, found.value.length);
    }
  }

  /** The filters that are on, in words: for print. */
  function filterWords() {
    const spec = CF.currentFilter() || {};
    const words = FACETS.filter((facet) => list(spec[facet.key]).length).map((facet) =>
      `${ui.t("facet-" + facet.key)}: ${chosen(facet.key).map((value) => nameOf(facet, value)).join(", ")}`);
    if (spec.start || spec.end) words.push(ui.period(spec.start, spec.end));
    return words.join("; ");
  }

  /** Nothing left: say why and offer the way back. */
  function showEmpty() {
    const none = CF.events && CF.events.rows > 0 && CF.events.shown === 0;
    const empty = CF.events && CF.events.rows === 0;
    banner.hidden = !none && !empty;
    if (none) ui.fill(banner, h("p", null, ui.t("nothing-passes")), h("button.cf-button", { type: "button", click: () => CF.filter({}) }, ui.t("clear")));
    else if (empty) ui.fill(banner, h("p", null, ui.t("nothing-drawn")), h("button.cf-button", { type: "button", click: () => ui.showMethod() }, ui.t("method")));
  }

  function addFilters() {
    body = ui.shell.filters.body;
    banner = h("div.cf-banner", { role: "status", hidden: true });
    say = h("p.cf-only-heard", { role: "status", "aria-live": "polite" });
    ui.shell.mapBox.append(banner, say);
    const again = () => {
      render();
      showEmpty();
    };
    CF.bus.on("filter", () => {
      showEmpty();
      ui.later("filters", () => {
        render();
        ui.fill(say, countWords());
      });
    });
    for (const type of ["loaded", "language"]) CF.bus.on(type, () => ui.later("filters", again));
    again();
  }

  /** Events with anything of a group in them, under all filters but that on commodities. */
  function groupCounts() {
    const out = new Map();
    const column = CF.events.items.column("commodity");
    if (!column || !CF.events.itemStarts) return out;
    const passes = CF.passesBut("commodity");
    if (!column.codes) return out;
    const names = [...new Set(column.values.map(groupOf))];
    const bit = Uint32Array.from([0, ...column.values.map((code) => 2 ** Math.min(30, names.indexOf(groupOf(code))))]);
    const counts = new Float64Array(names.length);
    const { itemStarts: starts, rows } = CF.events;
    for (let row = 0; row < rows; row++) {
      if (!passes(row)) continue;
      let bits = 0;
      for (let k = starts[row]; k < starts[row + 1]; k++) bits |= bit[column.codes[k]];
      for (let n = 0; bits; n++, bits >>>= 1) if (bits & 1) counts[n]++;
    }
    names.forEach((name, n) => out.set(name, counts[n]));
    return out;
  }

  Object.assign(ui, { addFilters, setFilter, countWords, filterWords, shownWithout });
})();
