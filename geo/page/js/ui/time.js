/**
 * The bar below the map: the running count, and events by month (by year where months would be too thin to see).
 * North stands above the line and south hangs below it: they are two quantities and are never stacked. Unknown has a
 * row of its own. The scale is that of all events and stays while filters change; what passes is drawn dark.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const DAY_S = 86400;
  const NARROWEST_PX = 3;
  const STEPS = [1, 3, 12, 60]; // months in a bar: month, quarter, year, five years
  const WAYS = ["north", "south", "unknown"];
  const PART = { top: 12, unknown: 9, words: 14 }; // heights in px around the bars

  let canvas, chart, countBox, brushBox, startHandle, endHandle, clearButton, note, tip;
  let monthOf = null; // per event: months since year 0, -1 not known to the month
  let wayOf = null; // per event: index in WAYS
  let range = null; // {first, last} months
  let bins = null;
  let undated = 0;
  let yearOnly = 0;
  let drag = null;

  const monthText = (month) => `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;

  /** Month of every event, once. Days are turned into months by a table: a million dates must not take a second. */
  function readDates() {
    const events = CF.events;
    const start = events && events.column("start");
    if (!start) return;
    monthOf = new Int32Array(events.rows).fill(-1);
    wayOf = new Uint8Array(events.rows).fill(2);
    const direction = events.column("direction");
    const table = new Map();
    const byDay = (day) => {
      let month = table.get(day);
      if (month === undefined) {
        const d = new Date(day * DAY_S * 1000);
        month = d.getUTCFullYear() * 12 + d.getUTCMonth();
        table.set(day, month);
      }
      return month;
    };
    let [first, last] = [Infinity, -Infinity];
    undated = yearOnly = 0;
    for (let row = 0; row < events.rows; row++) {
      if (direction) {
        const way = WAYS.indexOf(direction.get(row));
        if (way >= 0) wayOf[row] = way;
      }
      let precision, month;
      if (start.precision) {
        precision = start.precision(row);
        month = precision ? byDay(Math.floor(start.from(row) / DAY_S)) : -1;
      } else {
        const found = /^(\d{4})(?:-(\d{2}))?/.exec(start.get(row) || "");
        precision = found ? (found[2] ? 2 : 1) : 0;
        month = found ? Number(found[1]) * 12 + Number(found[2] || 1) - 1 : -1;
      }
      if (!precision) undated++;
      else {
        first = Math.min(first, month);
        last = Math.max(last, precision === 1 ? month + 11 : month);
        if (precision === 1) yearOnly++;
        else monthOf[row] = month;
      }
    }
    range = first <= last ? { first: first - (first % 12), last: last + 11 - (last % 12) } : null;
  }

  const wide = () => Math.max(50, chart.clientWidth);
  const tall = () => Math.max(40, chart.clientHeight);

  /** Counts by bar and direction: all events, and those that pass all filters but the one on time. */
  function count() {
    if (!range) return;
    const months = range.last - range.first + 1;
    const step = STEPS.find((s) => (wide() * s) / months >= NARROWEST_PX) || 60;
    const n = Math.ceil(months / step);
    bins = { step, n, all: WAYS.map(() => new Uint32Array(n)), shown: WAYS.map(() => new Uint32Array(n)) };
    const passes = CF.passesBut("start");
    for (let row = 0; row < monthOf.length; row++) {
      if (monthOf[row] < 0) continue;
      const k = Math.floor((monthOf[row] - range.first) / step);
      bins.all[wayOf[row]][k]++;
      if (passes(row)) bins.shown[wayOf[row]][k]++;
    }
    const most = bins.all.map((counts) => counts.reduce((a, b) => Math.max(a, b), 0));
    // Where no event has a direction, what there is takes the room of both.
    bins.plain = !most[0] && !most[1];
    bins.most = Math.max(1, bins.plain ? most[2] : Math.max(most[0], most[1]));
    bins.mostUnknown = Math.max(1, most[2]);
  }

  const xOf = (month) => ((month - range.first) / (range.last + 1 - range.first)) * wide();
  const monthAt = (x) => range.first + Math.floor((Math.max(0, Math.min(wide() - 0.01, x)) / wide()) * (range.last + 1 - range.first));
  const snap = (month, up) => {
    const k = Math.floor((month - range.first) / bins.step);
    return up ? range.first + (k + 1) * bins.step - 1 : range.first + k * bins.step;
  };

  function draw() {
    if (!canvas || !range || !bins) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, t] = [wide(), tall()];
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(t * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const bottom = t - PART.words - PART.unknown - 2;
    const axis = bins.plain ? bottom + PART.unknown : Math.round(PART.top + (bottom - PART.top) * 0.52);
    const unit = (bins.plain ? axis - PART.top : Math.min(axis - PART.top, bottom - axis - 1)) / bins.most;
    const bar = (w / bins.n) * (bins.n > 120 ? 0.8 : 0.86);
    const period = brushed() || { from: range.first, to: range.last };
    for (let k = 0; k < bins.n; k++) {
      const from = range.first + k * bins.step;
      const inside = from <= period.to && from + bins.step > period.from;
      const x = xOf(from) + (w / bins.n - bar) / 2;
      WAYS.forEach((way, i) => {
        const high = i === 2 && !bins.plain ? (n) => (n / bins.mostUnknown) * (PART.unknown - 1) : (n) => n * unit;
        const put = (n, alpha) => {
          if (!n) return;
          const px = Math.max(1.2, high(n));
          ctx.globalAlpha = alpha;
          ctx.fillStyle = CF.tokens(way);
          ctx.fillRect(x, i === 0 || bins.plain ? axis - px : i === 1 ? axis + 1 : bottom + PART.unknown + 1 - px, bar, px);
        };
        put(bins.all[i][k], 0.2);
        put(bins.shown[i][k], inside ? 1 : 0.4);
      });
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = CF.tokens("edge");
    ctx.fillRect(0, axis, w, 1);
    drawYears(ctx, w, t);
    drawDates(ctx);
    placeBrush();
  }

  function drawYears(ctx, w, t) {
    ctx.font = `11px ${ui.fontFamily()}`;
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    const [from, to] = [range.first / 12, Math.ceil((range.last + 1) / 12)];
    const step = [1, 2, 5, 10, 20, 50].find((s) => (w / (to - from)) * s >= 38) || 100;
    for (let year = Math.ceil(from / step) * step; year < to; year += step) {
      const x = Math.round(xOf(year * 12));
      ctx.fillStyle = CF.tokens("rule");
      ctx.fillRect(x, t - PART.words - 2, 1, 5);
      ctx.fillStyle = CF.tokens("text-2");
      if (x + 28 < w) ctx.fillText(String(year), x + 3, t - 3);
    }
    ctx.textAlign = "right";
    ctx.fillStyle = CF.tokens("text-2");
    ctx.font = `10.5px ${ui.fontFamily()}`;
  }

  /** Dated context as ticks along the top: what happened when, not what caused it. */
  function drawDates(ctx) {
    for (const layer of CF.layers.filter((l) => l.meta.mark === "dates" && l.visible))
      for (const { month } of ui.datesOf(layer).list) {
        if (month == null || month < range.first || month > range.last) continue;
        const x = xOf(month) + (wide() / (range.last + 1 - range.first)) / 2;
        ctx.fillStyle = CF.tokens("text-2");
        ctx.beginPath();
        ctx.moveTo(x - 3.5, 3);
        ctx.lineTo(x + 3.5, 3);
        ctx.lineTo(x, 9);
        ctx.fill();
      }
  }

  const dateLists = new Map();
  /** Rows of a layer of dates, in the language of the moment. */
  function datesOf(layer) {
    const key = layer.name + CF.lang();
    if (dateLists.has(key)) return dateLists.get(key);
    const names = (layer.meta.fields || []).map((f) => f.name);
    const find = (...tests) => tests.map((test) => names.find((n) => test.test(n))).find(Boolean);
    const spanish = CF.lang() === "es";
    const title = (spanish && find(/_es$/)) || find(/^(title|name)(_en)?$/, /title|name/);
    const when = find(/^(date|start)$/, /date/);
    const fact = find(/^(fact|note|text)/);
    if (!when || !layer.column(when)) return { list: [] };
    const list = [];
    for (let row = 0; row < layer.rows; row++) {
      const date = ui.value(layer, row, when);
      const found = /^(\d{4})(?:-(\d{2}))?/.exec(date || "");
      list.push({
        row, date, title: title ? ui.show(layer, row, title) : "", fact: fact ? ui.show(layer, row, fact) : "",
        month: found && found[2] ? Number(found[1]) * 12 + Number(found[2]) - 1 : null,
      });
    }
    const made = { list };
    dateLists.set(key, made);
    return made;
  }

  const monthOfText = (text, end) => {
    const found = /^(\d{4})(?:-(\d{2}))?/.exec(text || "");
    return found ? Number(found[1]) * 12 + (found[2] ? Number(found[2]) - 1 : end ? 11 : 0) : null;
  };

  /** The period of the filter as months, or null. */
  function brushed() {
    const { start, end } = CF.currentFilter() || {};
    if (!start && !end) return null;
    return { from: monthOfText(start, false) ?? range.first, to: monthOfText(end, true) ?? range.last };
  }

  function placeBrush() {
    const at = drag && drag.moved ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) } : brushed();
    const whole = !at;
    const [from, to] = at ? [at.from, at.to] : [range.first, range.last];
    const [left, right] = [Math.max(0, xOf(from)), Math.min(wide(), xOf(to + 1))];
    brushBox.classList.toggle("cf-whole", whole);
    brushBox.style.left = left + "px";
    brushBox.style.width = Math.max(2, right - left) + "px";
    for (const [node, month, key] of [[startHandle, from, "from"], [endHandle, to, "until-label"]]) {
      node.style.left = (key === "from" ? left : right) + "px";
      node.setAttribute("aria-valuemin", String(range.first));
      node.setAttribute("aria-valuemax", String(range.last));
      node.setAttribute("aria-valuenow", String(month));
      node.setAttribute("aria-valuetext", ui.date(monthText(month)));
      node.setAttribute("aria-label", ui.t(key));
    }
    clearButton.hidden = whole;
    note.hidden = !whole;
    if (!whole) ui.fill(clearButton, `${ui.date(monthText(from))} – ${ui.date(monthText(to))}`, ui.icon("close"));
    clearButton.setAttribute("aria-label", ui.t("clear-time"));
  }

  function setPeriod(from, to) {
    const all = from <= range.first && to >= range.last;
    ui.setFilter({ start: all ? null : monthText(Math.max(range.first, from)), end: all ? null : monthText(Math.min(range.last, to)) });
  }

  function brushing() {
    const at = (event) => event.clientX - chart.getBoundingClientRect().left;
    chart.addEventListener("pointerdown", (event) => {
      if (!range || event.button !== 0) return;
      const now = brushed() || { from: range.first, to: range.last };
      const x = at(event);
      drag = { x, moved: false, from: snap(monthAt(x), false), to: snap(monthAt(x), true) };
      if (event.target === startHandle) Object.assign(drag, { anchor: now.to, edge: true });
      else if (event.target === endHandle) Object.assign(drag, { anchor: now.from, edge: true });
      else drag.anchor = null;
      chart.setPointerCapture(event.pointerId);
    });
    chart.addEventListener("pointermove", (event) => {
      if (!drag) return showBar(at(event));
      const x = at(event);
      if (Math.abs(x - drag.x) < 4 && !drag.moved) return undefined;
      drag.moved = true;
      const here = monthAt(x);
      const anchor = drag.anchor == null ? monthAt(drag.x) : drag.anchor;
      drag.from = snap(Math.min(here, anchor), false);
      drag.to = snap(Math.max(here, anchor), true);
      return placeBrush();
    });
    const done = () => {
      if (drag && drag.moved) setPeriod(drag.from, drag.to);
      else if (drag && !drag.edge) {
        // A click on a bar takes that bar; on an empty place it takes everything again.
        const k = Math.floor((monthAt(drag.x) - range.first) / bins.step);
        if (WAYS.some((_, i) => bins.all[i][k])) setPeriod(drag.from, drag.to);
        else if (brushed()) setPeriod(range.first, range.last);
      }
      drag = null;
    };
    chart.addEventListener("pointerup", done);
    chart.addEventListener("pointercancel", () => {
      drag = null;
      placeBrush();
    });
    chart.addEventListener("pointerleave", () => {
      tip.hidden = true;
    });
    for (const node of [startHandle, endHandle]) node.addEventListener("keydown", (event) => stepHandle(event, node === startHandle));
  }

  function stepHandle(event, isStart) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12 }[event.key];
    if (!by && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const now = brushed() || { from: range.first, to: range.last };
    const bars = Math.abs(by) === 12 ? Math.sign(by) * Math.max(12, bins.step) : by * bins.step;
    const target = event.key === "Home" ? range.first : event.key === "End" ? range.last : (isStart ? now.from : now.to) + bars;
    if (isStart) setPeriod(Math.min(target, now.to - bins.step + 1), now.to);
    else setPeriod(now.from, Math.max(target, now.from + bins.step - 1));
  }

  /** The counts of the bar under the pointer, and what else is known of that time. */
  function showBar(x) {
    if (!bins) return;
    const k = Math.floor((monthAt(x) - range.first) / bins.step);
    const from = range.first + k * bins.step;
    const to = Math.min(range.last, from + bins.step - 1);
    const when = bins.step === 1 ? ui.date(monthText(from)) : bins.step === 12 ? String(Math.floor(from / 12)) : `${ui.date(monthText(from))} – ${ui.date(monthText(to))}`;
    const dated = CF.layers.filter((l) => l.meta.mark === "dates" && l.visible).flatMap((l) => ui.datesOf(l).list.filter((d) => d.month != null && d.month >= from && d.month <= to));
    ui.fill(tip, h("strong", null, when), WAYS.map((way, i) => h("span", null, `${ui.t("going-" + way)}: ${ui.t("n-of-n", { n: ui.number(bins.shown[i][k], 0), all: ui.number(bins.all[i][k], 0) })}`)),
      dated.slice(0, 3).map((d) => h("em", null, d.title)));
    tip.hidden = false;
    tip.style.left = Math.max(0, Math.min(x - tip.offsetWidth / 2, wide() - tip.offsetWidth)) + "px";
  }

  function words() {
    ui.fill(countBox, ui.countWords().split(" · ").map((part, k) => h(k ? "span" : "strong", null, part)));
    const notes = [yearOnly && ui.t("year-only", { n: ui.number(yearOnly, 0) }), undated && ui.t("undated", { n: ui.number(undated, 0) })].filter(Boolean);
    ui.fill(note, range && bins ? [ui.t("bars-" + bins.step, { n: ui.number(bins.most, 0) }), ...notes].join(" · ") : "");
    chart.setAttribute("aria-label", ui.t("time-label"));
  }

  function again(reread) {
    if (!CF.events) return;
    if (reread) readDates();
    const has = Boolean(range);
    ui.shell.bottom.classList.toggle("cf-no-time", !has);
    if (has) {
      count();
      draw();
    }
    words();
  }

  function addTime() {
    countBox = h("p.cf-count", { role: "status" });
    note = h("p.cf-time-note");
    canvas = h("canvas", { "aria-hidden": "true" });
    startHandle = h("div.cf-handle", { role: "slider", tabindex: 0 });
    endHandle = h("div.cf-handle.cf-handle-end", { role: "slider", tabindex: 0 });
    brushBox = h("div.cf-brush.cf-whole");
    tip = h("div.cf-tip.cf-time-tip", { role: "presentation", hidden: true });
    clearButton = h("button.cf-chip", { type: "button", hidden: true, click: () => setPeriod(range.first, range.last) });
    chart = h("div.cf-chart", { role: "group" }, canvas, brushBox, startHandle, endHandle, tip);
    ui.append(ui.shell.bottom, [h("div.cf-bottom-words", null, countBox, note, clearButton), chart]);
    if (!CF.events) {
      ui.shell.bottom.hidden = true;
      return;
    }
    ui.shell.bottom.classList.add("cf-no-time");
    brushing();
    CF.bus.on("loaded", () => ui.later("time", () => again(true)));
    CF.bus.on("filter", () => ui.later("time", () => again(false)));
    CF.bus.on("theme", () => draw());
    CF.bus.on("layers", () => draw());
    CF.bus.on("language", () => again(false));
    new ResizeObserver(ui.perFrame(() => again(false))).observe(chart);
    words();
  }

  Object.assign(ui, { addTime, datesOf });
})();
