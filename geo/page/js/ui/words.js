/**
 * What the rows say: values in words by the fields that their layer declares, and events in a sentence.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = (CF.ui = CF.ui || {});

  /** The value of a column of one row, or null: also where the column did not travel or has not arrived. */
  function value(layer, row, name) {
    const column = layer.column(name);
    const found = column ? column.get(row) : null;
    return found === undefined || found === "" || Number.isNaN(found) ? null : found;
  }

  const fieldOf = (layer, name) =>
    [...(layer.meta.fields || []), ...((layer.meta.items || {}).fields || [])].find((field) => field.name === name) || null;

  /** A coded value in words, where the layer has words for it. */
  function coded(layer, name, code) {
    const field = fieldOf(layer, name);
    const one = (part) => (field && field.values && Object.hasOwn(field.values, part) ? ui.words(field.values[part]) : ui.t("value-" + name + "-" + part, {}, part));
    return String(code).split("|").map((part) => one(part.trim())).join(", ");
  }

  /** A value for reading: coded words, a number with its unit, a date, yes or no. Empty where there is none. */
  function show(layer, row, name) {
    const found = value(layer, row, name);
    if (found == null) return "";
    const field = fieldOf(layer, name) || { kind: "text" };
    if (field.values && Object.keys(field.values).length) return coded(layer, name, found);
    if (typeof found === "boolean" || field.kind === "boolean") return ui.t(found === true || found === 1 || found === "true" ? "yes" : "no");
    if (field.kind === "date") return ui.date(found);
    if (typeof found !== "number") return String(found);
    if (field.unit === "m") return ui.distance(found);
    if (field.unit === "km") return ui.distance(found * 1000);
    if (/(^|_)year(_|$)/.test(name)) return String(found);
    if (!field.unit) return ui.rounded(found);
    return ui.quantity(found, field.unit);
  }

  /** A label for a field in the language of the moment. */
  const label = (field) => ui.words(field.label) || field.name;

  /** The commodities of an event. */
  function itemsOf(row) {
    const { items } = CF.events;
    if (!items || !CF.events.itemRange) return [];
    const [from, to] = CF.events.itemRange(row);
    const get = (name, k) => {
      const column = items.column(name);
      const found = column ? column.get(k) : null;
      return found === undefined || found === "" || Number.isNaN(found) ? null : found;
    };
    const list = [];
    for (let k = from; k < to; k++) {
      const code = get("commodity", k);
      const reported = get("commodity_reported", k);
      list.push({
        code, reported, label: code ? coded(CF.events, "commodity", code) : reported || "", quantity: get("quantity", k), unit: get("unit", k),
        quantityReported: get("quantity_reported", k), unitReported: get("unit_reported", k),
      });
    }
    return list.filter((item) => item.label || item.quantity != null || item.quantityReported != null);
  }

  const amount = (item) =>
    item.quantity != null
      ? ui.quantity(item.quantity, item.unit)
      : [item.quantityReported, item.unitReported].filter((x) => x != null).join(" ");

  /** "Heroin 12 kg"; an amount of money names itself. */
  const itemWords = (item) => (item.quantity != null && /^(USD|MXN)$/.test(item.unit) ? amount(item) : [item.label, amount(item)].filter(Boolean).join(" "));

  /** The name of anything: what was seized, or what the thing is called. */
  function headline(layer, row) {
    if (layer === CF.events) {
      const items = itemsOf(row);
      if (items.length) {
        const shown = items.slice(0, 2).map(itemWords).join(" · ");
        return items.length > 2 ? `${shown} ${ui.t("and-more", { n: items.length - 2 })}` : shown;
      }
      return String(value(layer, row, "place") || value(layer, row, "operation") || value(layer, row, "event_id") || ui.words(layer.meta.title));
    }
    const style = layer.meta.style || {};
    const spanish = CF.lang() === "es";
    for (const name of [spanish && (style.label_es_column || "name_es"), style.label_column, "name", layer.name.replace(/s$/, "") + "_name"]) {
      const found = name ? value(layer, row, name) : null;
      if (found != null) return String(found);
    }
    const named = (layer.meta.fields || []).find((field) => /(^|_)(name|title|municipality|place)(_|$)/.test(field.name) && value(layer, row, field.name) != null);
    return named ? String(value(layer, row, named.name)) : ui.words(layer.meta.title);
  }

  const direction = (row) => value(CF.events, row, "direction") || "unknown";

  /** The second line of a tip: which way, when, where; for other layers, which layer it is. */
  function subline(layer, row) {
    if (layer !== CF.events) return ui.words(layer.meta.title);
    const way = layer.column("direction") ? ui.t("going-" + direction(row)) : "";
    const when = ui.period(value(layer, row, "start"), value(layer, row, "end"));
    return [way, when, value(layer, row, "place")].filter(Boolean).join(" · ");
  }

  Object.assign(ui, { value, fieldOf, coded, show, label, itemsOf, amount, headline, subline, direction });
})();
