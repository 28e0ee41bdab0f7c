/**
 * What lies under a point of the window: events, whatever other painters register, then areas.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  /** @type {Array<(point: {x: number, y: number}, px: number) => Array<{layer: Object, row: number, distancePx: number}>>} */
  const testers = [];
  const MOST = 200;

  /** Overlay painters say what of theirs is under a point, topmost first. */
  CF.registerHit = (fn) => testers.push(fn);

  /** @returns {Array<{layer: Object, row: number, distancePx: number}>} topmost first */
  CF.hitTest = (point, px = 5) => {
    const out = eventsAt(point, px);
    for (const test of testers) out.push(...(test(point, px) || []));
    out.push(...areasAt(point));
    return out;
  };

  /** Cells of the grid under a point of the map's element, and cells of one pixel. */
  function cellAt(point) {
    const { x, y } = CF.map.getPixelBounds().min.add([point.x, point.y]);
    const cells = CF.GRID / (256 * 2 ** CF.map.getZoom());
    return { x: x * cells, y: y * cells, cells };
  }

  function eventsAt(point, px) {
    const events = CF.events;
    if (!events || !events.visible || !events.x.length || CF.map.getZoom() < ((events.meta.style || {}).min_zoom || 0)) return [];
    const at = cellAt(point);
    const reach = (px + CF.symbolSize(CF.map.getZoom()) / 2) * at.cells;
    const found = [];
    for (const [from, to] of CF.boxRows(events.x, events.y, at.x - reach, at.y - reach, at.x + reach, at.y + reach))
      for (let i = from; i < to; i++) {
        if (!events.mask[i]) continue;
        const away = Math.hypot(events.x[i] + 0.5 - at.x, events.y[i] + 0.5 - at.y);
        if (away <= reach) found.push({ layer: events, row: i, distancePx: away / at.cells });
      }
    // Of two equally near the later row is painted above.
    found.sort((a, b) => a.distancePx - b.distancePx || b.row - a.row);
    return found.slice(0, MOST);
  }

  function areasAt(point) {
    const zoom = CF.map.getZoom();
    const { lng, lat } = CF.map.containerPointToLatLng([point.x, point.y]);
    const out = [];
    const layers = CF.layers.filter((l) => l.meta.mark === "areas" && l.visible && l.shapes && zoom >= ((l.meta.style || {}).min_zoom || 0));
    for (const layer of layers.reverse()) {
      const row = areaAt(layer, lng, lat);
      if (row >= 0) out.push({ layer, row, distancePx: 0 });
    }
    return out;
  }

  /** Row of the last area that holds the position, or -1. */
  function areaAt(layer, lon, lat) {
    const s = layer.shapes;
    const box = layer.boxes || (layer.boxes = boxesOf(s));
    const [u, v] = [lon * s.scale, lat * s.scale];
    for (let row = s.rows - 1; row >= 0; row--) {
      if (u < box[4 * row] || v < box[4 * row + 1] || u > box[4 * row + 2] || v > box[4 * row + 3]) continue;
      if (crossings(s, row, u, v) % 2) return row;
    }
    return -1;
  }

  /** How often a ray to the east crosses the outline of a row. The direction of arcs does not matter. */
  function crossings({ lon, lat, arcStart, pathStart, rowStart, refs }, row, u, v) {
    let n = 0;
    for (let r = pathStart[rowStart[row]]; r < pathStart[rowStart[row + 1]]; r++) {
      const arc = refs[r] >>> 1;
      for (let k = arcStart[arc] + 1; k < arcStart[arc + 1]; k++) {
        const [ay, by] = [lat[k - 1], lat[k]];
        if (ay > v !== by > v && u < lon[k - 1] + ((v - ay) / (by - ay)) * (lon[k] - lon[k - 1])) n++;
      }
    }
    return n;
  }

  function boxesOf({ rows, lon, lat, arcStart, pathStart, rowStart, refs }) {
    const out = new Float64Array(4 * rows);
    for (let row = 0; row < rows; row++) {
      let [a, b, c, d] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let r = pathStart[rowStart[row]]; r < pathStart[rowStart[row + 1]]; r++) {
        const arc = refs[r] >>> 1;
        for (let k = arcStart[arc]; k < arcStart[arc + 1]; k++) {
          a = Math.min(a, lon[k]);
          b = Math.min(b, lat[k]);
          c = Math.max(c, lon[k]);
          d = Math.max(d, lat[k]);
        }
      }
      out.set([a, b, c, d], 4 * row);
    }
    return out;
  }

  /** Events that pass the filter at the very place of event i, in row order. */
  CF.stackAt = (i) => {
    const { x, y, mask, rows } = CF.events;
    const same = (k) => k >= 0 && k < rows && x[k] === x[i] && y[k] === y[i];
    let from = i;
    while (same(from - 1)) from--;
    const out = [];
    for (let k = from; same(k); k++) if (mask[k]) out.push(k);
    return out;
  };

  // -- selection --------------------------------------------------------------------------------------------------
  let selected = null;
  CF.selected = () => selected;
  /** Selects one row of a layer (the layer itself, or its name), or nothing. */
  CF.select = (what) => {
    const layer = what && (typeof what.layer === "string" ? CF.layers.find((l) => l.name === what.layer) : what.layer);
    selected = layer && what.row >= 0 && what.row < layer.rows ? { layer, row: what.row } : null;
    CF.bus.emit("select", selected);
    return selected !== null;
  };
})();
