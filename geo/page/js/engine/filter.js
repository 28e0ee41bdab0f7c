/**
 * Filters: a mask over events. A field of the items matches where any item of the event does.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  /** Short names of the interface and the columns they mean, the first that the layer has. */
  const FIELDS = { port: ["port_code", "port_name"], corridor: ["corridor_id", "corridor_name"] };
  const TIME = "start";

  /** @type {Object<string, any>} */
  let current = {};
  /** For each field filtered: 1 where an event fails it. */
  const failed = new Map();
  /** How many filters an event fails. */
  let fails = null;
  /** A filter that was asked for before the columns were read. */
  let waiting = null;

  const list = (value) => (Array.isArray(value) ? value : [value]);

  /** @returns {{columns: Object[], ofItems: boolean}|null} columns that a filter name looks into */
  function columnsOf(name) {
    const events = CF.events;
    const names = Object.hasOwn(FIELDS, name) ? FIELDS[name] : [name];
    const own = names.map((n) => events.column(n)).filter(Boolean);
    if (own.length) return { columns: own, ofItems: false };
    const items = names.map((n) => events.items.column(n)).filter(Boolean);
    return items.length ? { columns: items, ofItems: true } : null;
  }

  /** For each row of a column, whether it is one of the values; null matches null. */
  function matcher(column, values) {
    const wanted = new Set(values.map((v) => (v == null ? null : String(v))));
    if (column.codes) {
      const by = new Uint8Array(column.values.length + 1);
      by[0] = wanted.has(null) ? 1 : 0;
      column.values.forEach((value, k) => (by[k + 1] = wanted.has(value) ? 1 : 0));
      const codes = column.codes;
      return (i) => by[codes[i]];
    }
    return (i) => {
      const value = column.get(i);
      return wanted.has(value == null ? null : String(value)) ? 1 : 0;
    };
  }

  /** 1 where an event fails the filter. */
  function failuresOf(name, values) {
    const events = CF.events;
    const out = new Uint8Array(events.rows);
    const found = columnsOf(name);
    if (!found) return out.fill(1); // a field that no event has: nothing matches, and the count says so
    const tests = found.columns.map((column) => matcher(column, values));
    const test = tests.length === 1 ? tests[0] : (i) => (tests.some((t) => t(i)) ? 1 : 0);
    if (!found.ofItems) for (let i = 0; i < out.length; i++) out[i] = test(i) ^ 1;
    else {
      const starts = events.itemStarts;
      for (let i = 0; i < out.length; i++) {
        let hit = 0;
        for (let k = starts[i]; k < starts[i + 1] && !hit; k++) hit = test(k);
        out[i] = hit ^ 1;
      }
    }
    return out;
  }

  /** 1 where the event's time and the span have nothing in common; what is known to the month covers that month. */
  function timeFailures(from, to) {
    const events = CF.events;
    const out = new Uint8Array(events.rows);
    const start = events.column("start");
    const end = events.column("end");
    if (!start || !start.from) return out.fill(1);
    for (let i = 0; i < out.length; i++) {
      const a = start.from(i);
      const last = end && end.to ? end.to(i) : NaN;
      const b = last >= a ? last : start.to(i);
      out[i] = a <= to && b >= from ? 0 : 1; // NaN, no date, fails
    }
    return out;
  }

  function span(spec) {
    const bound = (value, side, open) => {
      if (value == null || value === "") return open;
      const period = CF.isoPeriod(value);
      if (!period) throw new Error(`${side} ${JSON.stringify(value)}: expected a date such as 2011, 2011-03 or 2011-03-14`);
      return side === "start" ? period.from : period.to;
    };
    return [bound(spec.start, "start", -Infinity), bound(spec.end, "end", Infinity)];
  }

  /** The parts of a spec that filter something. */
  function cleaned(spec) {
    const out = Object.create(null); // a field may be named __proto__
    for (const [name, value] of Object.entries(spec || {})) {
      if (name === "start" || name === "end") {
        if (value != null && value !== "") out[name] = String(value);
      } else if (value !== undefined && !(Array.isArray(value) && !value.length)) out[name] = list(value);
    }
    return out;
  }

  /**
   * Shows the events that match every field of the spec; an empty one shows all. Asked before all columns are read, it
   * is done once they are.
   *
   * @returns {number} events shown
   */
  function filter(spec) {
    const events = CF.events;
    const next = cleaned(spec);
    if (!events) return 0;
    const [from, to] = span(next);
    waiting = CF.isRead ? null : next;
    if (waiting) return events.shown;
    const before = current;
    const names = new Set(Object.keys(next).filter((n) => n !== "start" && n !== "end"));
    const timed = next.start !== undefined || next.end !== undefined;
    for (const name of [...failed.keys()]) if (name === TIME ? !timed : !names.has(name)) failed.delete(name);
    for (const name of names)
      if (!failed.has(name) || JSON.stringify(before[name]) !== JSON.stringify(next[name])) failed.set(name, failuresOf(name, next[name]));
    if (timed && (!failed.has(TIME) || before.start !== next.start || before.end !== next.end)) failed.set(TIME, timeFailures(from, to));
    current = next;

    const mask = events.mask;
    fails = failed.size ? new Uint8Array(events.rows) : null;
    for (const one of failed.values()) for (let i = 0; i < one.length; i++) fails[i] += one[i];
    let shown = events.rows;
    if (fails) {
      shown = 0;
      for (let i = 0; i < mask.length; i++) shown += mask[i] = fails[i] ? 0 : 1;
    } else mask.fill(1);
    events.shown = shown;
    CF.bus.emit("filter", { spec: currentFilter(), shown });
    return shown;
  }

  const currentFilter = () => JSON.parse(JSON.stringify(current));

  /** A test of rows: whether an event passes all filters but the one on `name` (`start` is that on time). */
  function passesBut(name) {
    const own = failed.get(name);
    return (i) => !fails || fails[i] === 0 || (fails[i] === 1 && own !== undefined && own[i] === 1);
  }

  /**
   * Events by value of a field, under the filters on all OTHER fields: what choosing a value would show. An event
   * counts once for each value that its items have. The key of blank is null.
   *
   * @returns {Map<string|null, number>}
   */
  function facetCounts(name) {
    const out = new Map();
    const found = CF.events ? columnsOf(name) : null;
    if (!found) return out;
    const passes = passesBut(name);
    const column = found.columns[0];
    const size = column.codes ? column.values.length + 1 : 0;
    const counts = new Float64Array(size);
    const add = size
      ? (k) => counts[column.codes[k]]++
      : (k) => {
          const value = column.get(k);
          const key = value == null ? null : String(value);
          out.set(key, (out.get(key) || 0) + 1);
        };
    const rows = CF.events.rows;
    if (!found.ofItems) for (let i = 0; i < rows; i++) passes(i) && add(i);
    else countItems(passes, column, add, rows);
    for (let code = 0; code < size; code++) if (counts[code]) out.set(code ? column.values[code - 1] : null, counts[code]);
    return out;
  }

  function countItems(passes, column, add, rows) {
    const starts = CF.events.itemStarts;
    for (let i = 0; i < rows; i++) {
      if (!passes(i)) continue;
      const [from, to] = [starts[i], starts[i + 1]];
      for (let k = from; k < to; k++) {
        let again = false;
        for (let j = from; j < k && !again; j++) again = column.get(j) === column.get(k);
        if (!again) add(k);
      }
    }
  }

  /** Tells that every column has been read. */
  CF.columnsRead = () => {
    CF.isRead = true;
    if (waiting) filter(waiting);
  };

  Object.assign(CF, { filter, currentFilter, facetCounts, passesBut });
})();
