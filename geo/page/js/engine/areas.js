/**
 * Paints the ground into tiles, in a worker or in the window: base areas and lines, then area layers in their order.
 *
 * Arcs are looked at in pieces of at most 32 vertices. A piece that lies outside the tile is left out of lines, and in
 * fills replaced by its chord, which stays outside too. Vertices closer than 0.7 px to the last one drawn are skipped.
 * All areas of one class go into one path, so that no seam shows between them.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});
  const TILE = 256;
  const MARGIN = 6; // CSS pixels: the widest line reaches this far into the neighbouring tile
  const NEAR_PX = 0.7;
  const PIECE = 32;

  class AreasPainter {
    constructor() {
      /** @type {Map<string, Object>} */
      this.layers = new Map();
      /** @type {{name: string, visible: boolean, opacity: number}[]} in drawing order */
      this.stack = [];
      this.look = { colors: {}, ratio: 1 };
      this.color = (name) => (name && name[0] === "#" ? name : this.look.colors[name] || "#888888");
    }

    /** Takes a change of state; `layer` adds one, with its shapes and classes. */
    set(change) {
      if (change.layer) this.layers.set(change.layer.name, prepare(change.layer));
      if (change.stack) this.stack = change.stack;
      if (change.look) this.look = change.look;
    }

    paint(tile, canvasOf) {
      const ratio = this.look.ratio;
      const px = Math.round(TILE * ratio);
      const canvas = canvasOf(px, px);
      const ctx = canvas.getContext("2d");
      const side = 1 / 2 ** tile.z;
      const view = {
        zoom: tile.z, px, ratio, scale: px / side, x0: tile.x * side, y0: tile.y * side,
        room: (MARGIN * ratio * side) / px, side,
      };
      for (const { name, visible, opacity } of this.stack) {
        const layer = this.layers.get(name);
        if (!layer || !visible || tile.z < layer.minZoom) continue;
        ctx.globalAlpha = opacity;
        const rows = layer.inView(view);
        if (layer.kind === "areas") this.paintAreas(ctx, layer, rows, view);
        else this.paintLines(ctx, layer, rows, view);
      }
      ctx.globalAlpha = 1;
      return canvas;
    }

    paintAreas(ctx, layer, rows, view) {
      const opacity = ctx.globalAlpha;
      for (const [k, members] of byCode(rows, layer.classCodes)) {
        const symbol = layer.classes[k];
        if (!symbol) continue;
        ctx.globalAlpha = opacity * (symbol.opacity == null ? 1 : symbol.opacity);
        const path = fillPath(layer, members, view);
        if (symbol.hatch) this.hatch(ctx, path, symbol, view);
        else if (symbol.fill) {
          ctx.fillStyle = this.color(symbol.fill);
          ctx.fill(path, "nonzero");
          // Without this a hairline of the ground shows between areas of two classes.
          if (ctx.globalAlpha === 1) this.stroke(ctx, path, symbol.fill, 0.6, view, []);
        }
        if (symbol.stroke) this.stroke(ctx, arcsPath(layer, members, view), symbol.stroke, symbol.stroke_px, view, symbol.dash);
      }
      ctx.globalAlpha = opacity;
      for (const [k, members] of byCode(rows, layer.outlineCodes)) {
        const symbol = layer.outlines[k];
        if (symbol) this.paintOutline(ctx, arcsPath(layer, members, view, true), symbol, view);
      }
    }

    /** Hot spots and the like: a strong line, with a second colour inside where it is double. */
    paintOutline(ctx, path, symbol, view) {
      const name = symbol.outline_color || symbol.stroke || "ink";
      const double = symbol.outline === "double";
      this.stroke(ctx, path, name, double ? 4.6 : symbol.stroke_px > 1 ? symbol.stroke_px : 2.5, view, symbol.outline === "dashed" ? [5, 4] : []);
      if (double) this.stroke(ctx, path, "paper", 1.2, view, []);
    }

    paintLines(ctx, layer, rows, view) {
      const groups = [...byCode(rows, layer.classCodes)].filter(([k]) => layer.classes[k]);
      for (const [k, members] of groups) {
        const symbol = layer.classes[k];
        if (symbol.outline && symbol.outline !== "none")
          this.stroke(ctx, arcsPath(layer, members, view), symbol.outline_color || "paper", (symbol.stroke_px || 1) + 3, view, []);
      }
      for (const [k, members] of groups) {
        const symbol = layer.classes[k];
        this.stroke(ctx, arcsPath(layer, members, view), symbol.stroke || symbol.fill || "line", symbol.stroke_px, view, symbol.dash);
      }
    }

    stroke(ctx, path, name, width, view, dash) {
      ctx.strokeStyle = this.color(name);
      ctx.lineWidth = (width == null ? 1 : width) * view.ratio;
      ctx.lineJoin = "round";
      ctx.lineCap = dash && dash.length ? "butt" : "round";
      ctx.setLineDash((dash || []).map((d) => d * view.ratio));
      ctx.stroke(path);
      ctx.setLineDash([]);
    }

    hatch(ctx, path, symbol, view) {
      ctx.save();
      ctx.clip(path, "nonzero");
      // 8 divides the tile, so that the lines go on across tiles
      CF.drawHatch(ctx, -view.px, 0, 3 * view.px, view.px, this.color(symbol.fill || "no-data-line"), 8 * view.ratio, view.ratio);
      ctx.restore();
    }
  }

  /** World coordinates (0 to 1) of all vertices, and boxes of arcs and rows. */
  function prepare(layer) {
    const s = layer.shapes;
    const n = s.lon.length;
    const wx = new Float64Array(n);
    const wy = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      wx[i] = CF.worldX(s.lon[i] / s.scale);
      wy[i] = CF.worldY(s.lat[i] / s.scale);
    }
    // Pieces of arcs: piece p runs from vertex first[p] to first[p] + PIECE or the end of its arc.
    const pieceStart = new Uint32Array(s.arcs + 1);
    for (let arc = 0; arc < s.arcs; arc++)
      pieceStart[arc + 1] = pieceStart[arc] + Math.max(1, Math.ceil((s.arcStart[arc + 1] - s.arcStart[arc] - 1) / PIECE));
    const pieceBoxes = new Float64Array(4 * pieceStart[s.arcs]);
    const boxes = new Float64Array(4 * s.arcs);
    for (let arc = 0; arc < s.arcs; arc++) {
      const end = s.arcStart[arc + 1] - 1;
      const whole = [Infinity, Infinity, -Infinity, -Infinity];
      for (let p = pieceStart[arc]; p < pieceStart[arc + 1]; p++) {
        const from = s.arcStart[arc] + (p - pieceStart[arc]) * PIECE;
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        for (let k = from; k <= Math.min(end, from + PIECE); k++) widen(box, wx[k], wy[k], wx[k], wy[k]);
        pieceBoxes.set(box, 4 * p);
        widen(whole, ...box);
      }
      boxes.set(whole, 4 * arc);
    }
    const rowBoxes = new Float64Array(4 * s.rows);
    for (let row = 0; row < s.rows; row++) {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let r = s.pathStart[s.rowStart[row]]; r < s.pathStart[s.rowStart[row + 1]]; r++) {
        const at = 4 * (s.refs[r] >>> 1);
        widen(box, boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
      }
      rowBoxes.set(box, 4 * row);
    }
    const inView = (view) => {
      const rows = [];
      for (let row = 0; row < s.rows; row++) if (meets(rowBoxes, row, view)) rows.push(row);
      return rows;
    };
    return {
      kind: layer.kind, minZoom: layer.minZoom || 0, classes: layer.classes, outlines: layer.outlines,
      classCodes: layer.classCodes, outlineCodes: layer.outlineCodes, shapes: s, wx, wy, boxes, pieceStart, pieceBoxes,
      inView, seen: new Uint32Array(s.arcs),
    };
  }

  /** Makes a box hold another. */
  function widen(box, a, b, c, d) {
    if (a < box[0]) box[0] = a;
    if (b < box[1]) box[1] = b;
    if (c > box[2]) box[2] = c;
    if (d > box[3]) box[3] = d;
  }

  function meets(boxes, k, { x0, y0, side, room }) {
    const at = 4 * k;
    return (
      boxes[at] <= x0 + side + room && boxes[at + 2] >= x0 - room &&
      boxes[at + 1] <= y0 + side + room && boxes[at + 3] >= y0 - room
    );
  }

  /** Rows by class number; those without a class (-1) are not drawn. */
  function byCode(rows, codes) {
    const groups = new Map();
    if (!codes) return groups;
    for (const row of rows) {
      const k = codes[row];
      if (k < 0) continue;
      if (!groups.has(k)) groups.set(k, []);
      groups.get(k).push(row);
    }
    return new Map([...groups].sort((a, b) => a[0] - b[0]));
  }

  function fillPath(layer, rows, view) {
    const s = layer.shapes;
    const path = new Path2D();
    for (const row of rows)
      for (let p = s.rowStart[row]; p < s.rowStart[row + 1]; p++) {
        const pen = { path, open: false, x: NaN, y: NaN };
        for (let r = s.pathStart[p]; r < s.pathStart[p + 1]; r++) draw(pen, layer, s.refs[r] >>> 1, s.refs[r] & 1, view, true);
        path.closePath();
      }
    return path;
  }

  /** The lines of rows, each shared arc once; for outlines only those arcs that one row of the set has. */
  function arcsPath(layer, rows, view, outer) {
    const s = layer.shapes;
    const path = new Path2D();
    const count = layer.seen.fill(0);
    const each = (fn) => {
      for (const row of rows)
        for (let r = s.pathStart[s.rowStart[row]]; r < s.pathStart[s.rowStart[row + 1]]; r++) fn(s.refs[r] >>> 1);
    };
    each((arc) => count[arc]++);
    each((arc) => {
      if (!count[arc] || (outer && count[arc] > 1)) return;
      count[arc] = 0;
      if (meets(layer.boxes, arc, view)) draw({ path, open: false, x: NaN, y: NaN }, layer, arc, 0, view, false);
    });
    return path;
  }

  /** Goes along an arc, forwards or back. `chords`: pieces out of view become straight lines instead of gaps. */
  function draw(pen, layer, arc, back, view, chords) {
    const { shapes, pieceStart, pieceBoxes } = layer;
    const start = shapes.arcStart[arc];
    const end = shapes.arcStart[arc + 1] - 1;
    const pieces = pieceStart[arc + 1] - pieceStart[arc];
    for (let n = 0; n < pieces; n++) {
      const p = back ? pieces - 1 - n : n;
      const low = start + p * PIECE;
      const high = Math.min(end, low + PIECE);
      const [from, to] = back ? [high, low] : [low, high];
      if (meets(pieceBoxes, pieceStart[arc] + p, view)) along(pen, layer, from, to, back ? -1 : 1, view);
      else if (chords) along(pen, layer, from, to, to - from || 1, view);
      else pen.open = false;
    }
  }

  function along(pen, { wx, wy }, from, to, step, view) {
    const near = NEAR_PX * view.ratio;
    for (let k = from; ; k += step) {
      const x = (wx[k] - view.x0) * view.scale;
      const y = (wy[k] - view.y0) * view.scale;
      if (!pen.open || k === to || Math.abs(x - pen.x) + Math.abs(y - pen.y) > near) {
        if (pen.open) pen.path.lineTo(x, y);
        else pen.path.moveTo(x, y);
        pen.open = true;
        pen.x = x;
        pen.y = y;
      }
      if (k === to) break;
    }
  }

  Object.assign(CF, { AreasPainter });
})(typeof self === "undefined" ? globalThis : self);
