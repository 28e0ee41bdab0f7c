/**
 * Lines and polygons from shared arcs: the mirror of geo/encode/shapes.py.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});

  /**
   * @typedef {Object} Shapes
   * @property {number} rows
   * @property {number} arcs
   * @property {Int32Array} lon     vertices of all arcs, in units of 1/scale degree
   * @property {Int32Array} lat
   * @property {Uint32Array} arcStart   (arcs + 1) where each arc begins
   * @property {Uint32Array} pathStart  (paths + 1) where the references of each path begin
   * @property {Uint32Array} rowStart   (rows + 1) where the paths of each row begin
   * @property {Uint32Array} refs   2 x arc, plus 1 if run backwards
   * @property {number} scale
   */

  /** @returns {Shapes} */
  function decodeShapes(meta, bytes) {
    let at = meta.offset || 0;
    let section = 0;
    const read = (rows) => {
      const width = meta.widths[section++];
      const out = CF.unplanes(bytes, at, rows, width);
      at += rows * width;
      return out;
    };
    const inner = meta.vertices - meta.arcs;
    const sizes = read(meta.arcs);
    const firstX = read(meta.arcs);
    const firstY = read(meta.arcs);
    const stepX = read(inner);
    const stepY = read(inner);
    const pathStart = starts(read(meta.paths));
    const rowStart = starts(read(meta.rows));
    const steps = read(meta.references);
    const refs = new Uint32Array(meta.references);
    for (let i = 0, ref = 0; i < refs.length; i++) refs[i] = ref += CF.unzigzag(steps[i]);

    const lon = new Int32Array(meta.vertices);
    const lat = new Int32Array(meta.vertices);
    const arcStart = starts(sizes);
    let x0 = 0;
    let y0 = 0;
    for (let arc = 0, step = 0; arc < meta.arcs; arc++) {
      let x = (x0 += CF.unzigzag(firstX[arc]));
      let y = (y0 += CF.unzigzag(firstY[arc]));
      lon[arcStart[arc]] = x;
      lat[arcStart[arc]] = y;
      for (let k = arcStart[arc] + 1; k < arcStart[arc + 1]; k++, step++) {
        lon[k] = x += CF.unzigzag(stepX[step]);
        lat[k] = y += CF.unzigzag(stepY[step]);
      }
    }
    return { rows: meta.rows, arcs: meta.arcs, scale: meta.scale, lon, lat, arcStart, pathStart, rowStart, refs };
  }

  function starts(counts) {
    const out = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
    return out;
  }

  /** The paths of one row: arrays of longitude, latitude, longitude, ... in degrees. Rings are closed. */
  function shapePaths(shapes, row) {
    const { lon, lat, arcStart, pathStart, rowStart, refs, scale } = shapes;
    const out = [];
    for (let path = rowStart[row]; path < rowStart[row + 1]; path++) {
      let length = 1;
      for (let r = pathStart[path]; r < pathStart[path + 1]; r++) {
        const arc = refs[r] >>> 1;
        length += arcStart[arc + 1] - arcStart[arc] - 1;
      }
      const part = new Float64Array(2 * length);
      let at = 0;
      for (let r = pathStart[path]; r < pathStart[path + 1]; r++) {
        const arc = refs[r] >>> 1;
        const back = refs[r] & 1;
        const from = back ? arcStart[arc + 1] - 1 : arcStart[arc];
        const count = arcStart[arc + 1] - arcStart[arc];
        for (let k = at ? 1 : 0; k < count; k++) {
          const v = back ? from - k : from + k;
          part[at++] = lon[v] / scale;
          part[at++] = lat[v] / scale;
        }
      }
      out.push(part);
    }
    return out;
  }

  Object.assign(CF, { decodeShapes, shapePaths });
})(typeof self === "undefined" ? globalThis : self);
