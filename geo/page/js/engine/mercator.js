/**
 * The grid of positions: Web-Mercator, 2^26 cells a side, one pixel of zoom 18. Rows are sorted by Morton key, so
 * that a map tile is one run of rows, found by bisection.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});
  const GRID_BITS = 26;
  const GRID = 2 ** GRID_BITS;

  const worldX = (lon) => lon / 360 + 0.5;
  function worldY(lat) {
    const s = Math.sin((Math.max(-85.0511287798, Math.min(85.0511287798, lat)) * Math.PI) / 180);
    return 0.5 - Math.atanh(s) / (2 * Math.PI);
  }
  const cellLon = (x) => ((x + 0.5) / GRID) * 360 - 180;
  const cellLat = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + 0.5)) / GRID))) * 180) / Math.PI;

  /** Whether the Morton key of (ax, ay) is below that of (bx, by): the highest bit that differs decides. */
  function keyBelow(ax, ay, bx, by) {
    const dx = ax ^ bx;
    const dy = ay ^ by;
    return dy < dx && dy < (dx ^ dy) ? ax < bx : ay < by;
  }

  /** First row whose key is not below that of cell (cx, cy). */
  function lowerBound(x, y, cx, cy) {
    let low = 0;
    let high = x.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (keyBelow(x[mid], y[mid], cx, cy)) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** Rows [from, to) within tile (tx, ty) of zoom z, 0 to 26. Tiles outside the world have none. */
  function tileRows(x, y, z, tx, ty) {
    const n = 2 ** z;
    if (tx < 0 || ty < 0 || tx >= n || ty >= n) return [0, 0];
    const shift = GRID_BITS - z;
    const side = 2 ** shift;
    const from = lowerBound(x, y, tx * side, ty * side);
    // The last cell of the tile has its highest key; the row after all equal to it ends the run.
    const lastX = tx * side + side - 1;
    const lastY = ty * side + side - 1;
    let to = lowerBound(x, y, lastX, lastY);
    while (to < x.length && x[to] === lastX && y[to] === lastY) to++;
    return [from, to];
  }

  /**
   * Runs of rows within a box of cells, in row order and without overlap. The box is cut into tiles of a zoom at
   * which it is a few tiles wide; the runs may hold some rows outside of it.
   */
  function boxRows(x, y, x0, y0, x1, y1) {
    x0 = Math.max(0, Math.floor(x0));
    y0 = Math.max(0, Math.floor(y0));
    x1 = Math.min(GRID - 1, Math.floor(x1));
    y1 = Math.min(GRID - 1, Math.floor(y1));
    if (x1 < x0 || y1 < y0) return [];
    const size = Math.max(x1 - x0, y1 - y0, 1);
    const z = Math.max(0, Math.min(GRID_BITS, GRID_BITS - Math.floor(Math.log2(size)) + 2));
    const side = 2 ** (GRID_BITS - z);
    const runs = [];
    for (let ty = Math.floor(y0 / side); ty <= Math.floor(y1 / side); ty++)
      for (let tx = Math.floor(x0 / side); tx <= Math.floor(x1 / side); tx++) {
        const run = tileRows(x, y, z, tx, ty);
        if (run[1] > run[0]) runs.push(run);
      }
    return joined(runs);
  }

  /** Sorts runs and joins those that touch. */
  function joined(runs) {
    runs.sort((a, b) => a[0] - b[0]);
    const out = [];
    for (const run of runs) {
      const last = out[out.length - 1];
      if (last && run[0] <= last[1]) last[1] = Math.max(last[1], run[1]);
      else out.push(run.slice());
    }
    return out;
  }

  Object.assign(CF, { GRID_BITS, GRID, worldX, worldY, cellLon, cellLat, tileRows, boxRows });
})(typeof self === "undefined" ? globalThis : self);
