/**
 * What stands out: the ring around the selected thing, the disc of its precision, pale discs under every event that
 * is only roughly placed, and the number of events that lie on one spot.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;

  const ROUGH_M = 3000; // from here on a place is not a surveyed point; the layer may say otherwise
  const DISCS_AT_MOST = 2000;
  const ROWS_AT_MOST = 300000; // beyond, looking at every event for a disc would cost a frame
  const STACKS_FROM_ZOOM = 6;
  const STACKS_AT_MOST = 200;
  const ROWS_FOR_STACKS = 20000;

  /** Where the stacks lie, in cells of the grid and in Morton order, and how many events each holds. */
  let stacks = { x: new Uint32Array(0), y: new Uint32Array(0), count: new Uint32Array(0) };
  let stackBoxes = []; // as last painted

  const symbology = () => ((CF.events && CF.events.meta.parameters) || {}).symbology || {};

  /** The palette name of an event's direction. */
  function directionColor(row) {
    const rule = symbology().color || { field: "direction", values: { north: "north", south: "south" } };
    const column = CF.events.column(rule.field);
    return rule.values[column ? column.get(row) : ""] || "unknown";
  }

  function traceDisc(frame, lon, lat, metres) {
    const y = ui.mercatorY(lat);
    const r = metres * ui.pixelsPerMetre(y, frame.scale);
    const [px, py] = [ui.mercatorX(lon) * frame.scale - frame.originX, y * frame.scale - frame.originY];
    if (px + r < frame.left || px - r > frame.right || py + r < frame.top || py - r > frame.bottom) return false;
    frame.ctx.moveTo(px + r, py);
    frame.ctx.arc(px, py, r, 0, 2 * Math.PI);
    return true;
  }

  /** Pale discs under events known only roughly: one tone for each direction, however many overlap. */
  function paintDiscs(frame) {
    const events = CF.events;
    if (!events || !events.visible || events.rows > ROWS_AT_MOST || frame.zoom < 6) return;
    const precision = events.column("location_precision_m");
    if (!precision) return;
    const rough = symbology().hollow_from_precision_m || ROUGH_M;
    const byColor = new Map();
    const seen = new Set();
    for (let row = 0; row < events.rows && seen.size < DISCS_AT_MOST; row++) {
      if (events.mask && !events.mask[row]) continue;
      const metres = precision.get(row);
      if (!(metres >= rough)) continue;
      const color = directionColor(row);
      const key = `${events.lon(row)},${events.lat(row)},${metres},${color}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (!byColor.has(color)) byColor.set(color, []);
      byColor.get(color).push([events.lon(row), events.lat(row), metres]);
    }
    frame.ctx.globalAlpha = 0.09 * events.opacity;
    for (const [color, discs] of byColor) {
      frame.ctx.beginPath();
      for (const [lon, lat, metres] of discs) traceDisc(frame, lon, lat, metres);
      frame.ctx.fillStyle = CF.tokens(color);
      frame.ctx.fill();
    }
    frame.ctx.globalAlpha = 1;
  }

  /** Finds spots that hold more than one shown event. Rows are in Morton order, so those of one spot are neighbours. */
  function findStacks() {
    if (!CF.events) return;
    const { x, y, mask } = CF.events;
    const found = [];
    let from = -1;
    let count = 0;
    for (let row = 0; row < x.length; row++) {
      if (!mask[row]) continue;
      if (from >= 0 && x[row] === x[from] && y[row] === y[from]) count++;
      else {
        if (count > 1) found.push(from, count);
        from = row;
        count = 1;
      }
    }
    if (count > 1) found.push(from, count);
    const n = found.length / 2;
    stacks = { x: new Uint32Array(n), y: new Uint32Array(n), count: new Uint32Array(n) };
    for (let k = 0; k < n; k++) {
      stacks.x[k] = x[found[2 * k]];
      stacks.y[k] = y[found[2 * k]];
      stacks.count[k] = found[2 * k + 1];
    }
  }

  /** Stacks in view, largest first; none where there are so many events that their labels would hide the map. */
  function stacksIn(frame) {
    const cells = CF.GRID / frame.scale;
    const [x0, y0] = [(frame.left + frame.originX) * cells, (frame.top + frame.originY) * cells];
    const [x1, y1] = [(frame.right + frame.originX) * cells, (frame.bottom + frame.originY) * cells];
    const rows = CF.boxRows(CF.events.x, CF.events.y, x0, y0, x1, y1).reduce((sum, [from, to]) => sum + to - from, 0);
    if (rows > ROWS_FOR_STACKS) return [];
    const near = [];
    for (const [from, to] of CF.boxRows(stacks.x, stacks.y, x0, y0, x1, y1)) for (let k = from; k < to; k++) near.push(k);
    return near.sort((a, b) => stacks.count[b] - stacks.count[a] || stacks.x[a] - stacks.x[b]);
  }

  const DOT_PX = 9;
  const DIGIT_PX = 7;
  const TALL_PX = 18;
  const WAYS = ["north", "south", "unknown"];

  /** Shown events within a box of layer points. */
  function rowsIn(box, frame) {
    const { x, y, mask } = CF.events;
    const cells = CF.GRID / frame.scale;
    const [x0, y0, x1, y1] = [box[0] + frame.originX, box[1] + frame.originY, box[2] + frame.originX, box[3] + frame.originY].map((px) => px * cells);
    const rows = [];
    for (const [from, to] of CF.boxRows(x, y, x0, y0, x1, y1))
      for (let row = from; row < to; row++) if (mask[row] && x[row] >= x0 && x[row] <= x1 && y[row] >= y0 && y[row] <= y1) rows.push(row);
    return rows;
  }

  /** How many of the rows go which way: what there is of each, north first. */
  function ways(rows) {
    const counts = new Map();
    for (const row of rows) counts.set(directionColor(row), (counts.get(directionColor(row)) || 0) + 1);
    const rank = (name) => (WAYS.includes(name) ? WAYS.indexOf(name) : 9);
    return [...counts].sort((a, b) => rank(a[0]) - rank(b[0]));
  }

  /**
   * Where several events lie on one spot, a label with their number for each direction stands over the marks, which
   * would hide each other. It counts every event that it covers, so that nothing is lost beneath it. The largest come
   * first; one that finds no room leaves its marks to be seen.
   */
  function paintStacks(frame) {
    stackBoxes = [];
    if (!CF.events || !CF.events.visible || frame.zoom < STACKS_FROM_ZOOM) return;
    const { ctx } = frame;
    ctx.font = "600 11.5px " + ui.fontFamily();
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.globalAlpha = CF.events.opacity;
    const width = (parts) => parts.reduce((sum, [, n]) => sum + DOT_PX + 9 + ui.number(n, 0).length * DIGIT_PX, 6);
    for (const k of stacksIn(frame)) {
      if (stackBoxes.length >= STACKS_AT_MOST) break;
      const x = ((stacks.x[k] + 0.5) / CF.GRID) * frame.scale - frame.originX;
      const y = ((stacks.y[k] + 0.5) / CF.GRID) * frame.scale - frame.originY;
      if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) continue;
      const boxOf = (wide) => [x - wide / 2, y - TALL_PX / 2, x + wide / 2, y + TALL_PX / 2];
      let rows = rowsIn(boxOf(30), frame);
      let parts = ways(rows);
      rows = rowsIn(boxOf(width(parts)), frame);
      parts = ways(rows);
      const box = boxOf(width(parts));
      if (stackBoxes.some(({ box: b }) => b[0] < box[2] + 1 && b[2] > box[0] - 1 && b[1] < box[3] + 1 && b[3] > box[1] - 1)) continue;
      stackBoxes.push({ box, rows, parts });
      paintStack(ctx, box, parts, y);
    }
    ctx.globalAlpha = 1;
  }

  function paintStack(ctx, box, parts, y) {
    ctx.beginPath();
    ctx.roundRect(box[0], box[1], box[2] - box[0], TALL_PX, TALL_PX / 2);
    ctx.fillStyle = CF.tokens("paper");
    ctx.fill();
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = CF.tokens("label");
    ctx.stroke();
    let at = box[0] + 6;
    for (const [name, n] of parts) {
      const text = ui.number(n, 0);
      CF.drawSymbol(ctx, at + DOT_PX / 2, y, { shape: "circle", fill: name }, DOT_PX, CF.tokens);
      ctx.fillStyle = CF.tokens("ink");
      ctx.fillText(text, at + DOT_PX + 3, y + 0.5);
      at += DOT_PX + 9 + text.length * DIGIT_PX;
    }
  }

  /** The label of a stack at a point of the map's window, with its rows; null where there is none. */
  function stackLabelAt(point) {
    if (!CF.events || !CF.events.visible) return null;
    const at = CF.map.containerPointToLayerPoint(point);
    return stackBoxes.find(({ box }) => at.x >= box[0] && at.x <= box[2] && at.y >= box[1] && at.y <= box[3]) || null;
  }

  /** A ring of 3 px with a light line inside: seen on any ground. */
  function ring(ctx, width, tracePath) {
    for (const [color, px] of [["select-inside", width + 3], ["select", width]]) {
      ctx.beginPath();
      tracePath();
      ctx.strokeStyle = CF.tokens(color);
      ctx.lineWidth = px;
      ctx.stroke();
    }
  }

  function sizeOf(layer, row) {
    if (layer === CF.events) return 12;
    const rows = layer.meta.mark === "sites" ? ui.sitesOf(layer) : null;
    const k = rows ? rows.row.indexOf(row) : -1;
    return k < 0 ? 12 : CF.symbolExtent(ui.siteSymbol(layer, rows.kind[k], rows.ring[k]), rows.size[k] * ui.siteScale(layer, CF.map.getZoom())) * 2;
  }

  function mark(frame, chosen, hover) {
    const { layer, row } = chosen;
    const { ctx } = frame;
    ctx.globalAlpha = hover ? 0.75 : 1;
    const width = hover ? 1.5 : 3;
    if (layer.meta.mark === "lines" || layer.meta.mark === "areas") {
      ctx.lineJoin = "round";
      if (layer.meta.mark === "lines") {
        ring(ctx, hover ? 3 : 4, () => ui.traceRow(frame, layer, row));
        return;
      }
      ring(ctx, hover ? 1.5 : 2.5, () => {
        for (const part of ui.partsOf(layer, row))
          for (let k = 0; k < part.length; k += 2)
            ctx[k ? "lineTo" : "moveTo"](part[k] * frame.scale - frame.originX, part[k + 1] * frame.scale - frame.originY);
      });
      return;
    }
    const [lon, lat] = [layer.lon(row), layer.lat(row)];
    if (Number.isNaN(lon) || lon == null) return;
    const x = ui.mercatorX(lon) * frame.scale - frame.originX;
    const y = ui.mercatorY(lat) * frame.scale - frame.originY;
    const label = layer === CF.events ? stackBoxes.find(({ rows }) => rows.includes(row)) : null;
    if (label) {
      const [x0, y0, x1, y1] = label.box;
      ring(ctx, width, () => ctx.roundRect(x0 - 3, y0 - 3, x1 - x0 + 6, y1 - y0 + 6, TALL_PX / 2 + 3));
      return;
    }
    const r = sizeOf(layer, row) / 2 + 4;
    ring(ctx, width, () => ctx.arc(x, y, r, 0, 2 * Math.PI));
    ctx.globalAlpha = 1;
  }

  function paintPrecision(frame, { layer, row }) {
    const column = layer.column("location_precision_m") || layer.column("accuracy_m");
    const metres = column ? column.get(row) : null;
    if (!(metres > 0) || layer.meta.mark === "lines" || layer.meta.mark === "areas") return;
    const { ctx } = frame;
    ctx.beginPath();
    if (!traceDisc(frame, layer.lon(row), layer.lat(row), metres)) return;
    const color = CF.tokens(layer === CF.events ? directionColor(row) : "ink");
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = color;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.setLineDash([5, 4]);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = color;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  const same = (a, b) => a && b && a.layer === b.layer && a.row === b.row;

  /** The selection with its layer as an object, however it was given. */
  function chosen() {
    const picked = CF.selected ? CF.selected() : null;
    if (!picked) return null;
    const layer = typeof picked.layer === "string" ? CF.layers.find((each) => each.name === picked.layer) : picked.layer;
    return layer ? { layer, row: picked.row } : null;
  }

  function paintSelection(frame) {
    const picked = chosen();
    const over = ui.hovered && !same(ui.hovered, picked) ? ui.hovered : null;
    if (picked) paintPrecision(frame, picked);
    if (over) mark(frame, over, true);
    if (picked) mark(frame, picked, false);
  }

  function addSelection() {
    ui.painters.under.push(paintDiscs);
    ui.painters.over.push(paintStacks);
    ui.painters.select.push(paintSelection);
    const stacksAgain = () => {
      findStacks();
      ui.repaint();
    };
    CF.bus.on("filter", () => ui.later("stacks", stacksAgain));
    CF.bus.on("loaded", () => ui.later("stacks", stacksAgain));
    CF.bus.on("select", () => ui.repaint("select"));
    CF.bus.on("hover", () => ui.repaint("select"));
  }

  Object.assign(ui, { addSelection, directionColor, symbology, chosen, sameThing: same, stackBoxes: () => stackBoxes, stackLabelAt, hovered: null });
})();
