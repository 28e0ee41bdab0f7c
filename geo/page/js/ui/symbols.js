/**
 * Symbols: one painter for the map, the legend, the panel and the print, so that they cannot differ.
 *
 * It touches nothing but the 2d context it is given and therefore also runs in a worker on an OffscreenCanvas.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});

  /**
   * @typedef {Object} Symbol  As in geo/layer.py.
   * @property {string} shape  circle square diamond triangle pentagon cross line area dot
   * @property {string|null} [fill]    palette name or #hex
   * @property {string|null} [stroke]
   * @property {number} [stroke_px]
   * @property {number} [size_px]
   * @property {boolean} [hatch]
   * @property {number[]} [dash]
   * @property {"none"|"single"|"double"|"dashed"} [outline]
   * @property {string|null} [outline_color]
   * @property {number} [opacity]
   * @property {number} [arrow]        lines in the legend: 1 along, 2 both ways, 0 none
   * @property {boolean} [band]        lines in the legend: show the band of accuracy beneath
   */

  /** Radius of each shape for a symbol of size 1, so that shapes of one size weigh the same to the eye. */
  const RADIUS = { circle: 0.5, dot: 0.5, square: 0.45, diamond: 0.6, triangle: 0.66, pentagon: 0.56, cross: 0.55 };
  const OUTLINE_PX = 1.6; // one ring
  const GAP_PX = 1.6; // clear space between symbol and ring, and between two rings

  /** Adds the path of a shape with the given radius. `r` is half a side for squares, circumradius otherwise. */
  function trace(ctx, shape, x, y, r) {
    if (shape === "square") {
      const c = Math.min(1.5, r * 0.3);
      ctx.moveTo(x - r + c, y - r);
      ctx.arcTo(x + r, y - r, x + r, y + r, c);
      ctx.arcTo(x + r, y + r, x - r, y + r, c);
      ctx.arcTo(x - r, y + r, x - r, y - r, c);
      ctx.arcTo(x - r, y - r, x + r, y - r, c);
    } else if (shape === "diamond") polygon(ctx, x, y, r, 4, -Math.PI / 2);
    else if (shape === "triangle") polygon(ctx, x, y + r * 0.14, r, 3, -Math.PI / 2);
    else if (shape === "pentagon") polygon(ctx, x, y + r * 0.05, r, 5, -Math.PI / 2);
    else if (shape === "cross") {
      const w = r * 0.36;
      ctx.moveTo(x - w, y - r);
      for (const [dx, dy] of [[w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]])
        ctx.lineTo(x + dx, y + dy);
    } else {
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
    ctx.closePath();
  }

  function polygon(ctx, x, y, r, corners, turn) {
    for (let k = 0; k < corners; k++) {
      const a = turn + (2 * Math.PI * k) / corners;
      ctx[k ? "lineTo" : "moveTo"](x + r * Math.cos(a), y + r * Math.sin(a));
    }
  }

  /** 45 degree lines over the current clip, on the box (x, y, w, h). */
  function hatch(ctx, x, y, w, h, color, step, width) {
    ctx.beginPath();
    for (let d = -h; d < w; d += step) {
      ctx.moveTo(x + d, y + h);
      ctx.lineTo(x + d + h, y);
    }
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.setLineDash([]);
    ctx.stroke();
  }

  /**
   * Draws a symbol with its centre at x, y.
   *
   * @param {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} ctx
   * @param {number} x
   * @param {number} y
   * @param {Symbol} symbol
   * @param {number} size  width in CSS pixels, without rings
   * @param {(name: string) => string} color  resolves a palette name
   */
  function drawSymbol(ctx, x, y, symbol, size, color) {
    ctx.save();
    ctx.globalAlpha *= symbol.opacity == null ? 1 : symbol.opacity;
    ctx.lineJoin = "round";
    if (symbol.shape === "line") drawLine(ctx, x, y, symbol, size, color);
    else if (symbol.shape === "area") drawArea(ctx, x, y, symbol, size, color);
    else drawShape(ctx, x, y, symbol, size, color);
    ctx.restore();
  }

  function drawShape(ctx, x, y, symbol, size, color) {
    const stroke = symbol.stroke ? symbol.stroke_px == null ? 1 : symbol.stroke_px : 0;
    const r = Math.max(0.5, size * (RADIUS[symbol.shape] || 0.5) - stroke / 2);
    ctx.beginPath();
    trace(ctx, symbol.shape, x, y, r);
    if (symbol.hatch) {
      ctx.save();
      ctx.fillStyle = color("paper");
      ctx.fill();
      ctx.clip();
      hatch(ctx, x - size, y - size, 2 * size, 2 * size, color(symbol.fill || "no-data"), 3.5, 1.2);
      ctx.restore();
      ctx.beginPath();
      trace(ctx, symbol.shape, x, y, r);
    } else if (symbol.fill) {
      ctx.fillStyle = color(symbol.fill);
      ctx.fill();
    }
    if (stroke) {
      ctx.setLineDash(symbol.dash || []);
      ctx.strokeStyle = color(symbol.stroke);
      ctx.lineWidth = stroke;
      ctx.stroke();
    }
    if (symbol.outline && symbol.outline !== "none") drawRings(ctx, x, y, symbol, r + stroke / 2, color);
  }

  function drawRings(ctx, x, y, symbol, r, color) {
    ctx.strokeStyle = color(symbol.outline_color || symbol.stroke || symbol.fill || "ink");
    ctx.lineWidth = OUTLINE_PX;
    // A ring at a constant distance from straight sides: corners need 1 / cos(half angle) more.
    const reach = { triangle: 2, diamond: 1.414, pentagon: 1.236 }[symbol.shape] || 1;
    const rings = symbol.outline === "double" ? 2 : 1;
    for (let k = 0; k < rings; k++) {
      const away = GAP_PX + OUTLINE_PX / 2 + k * (GAP_PX + OUTLINE_PX);
      ctx.setLineDash(symbol.outline === "dashed" ? [2.6, 2.2] : []);
      ctx.beginPath();
      trace(ctx, symbol.shape, x, y, r + away * reach);
      ctx.stroke();
    }
  }

  /** Legend form of a line: a stroke as wide as `size`, with its arrow and band. */
  function drawLine(ctx, x, y, symbol, size, color) {
    const half = size / 2;
    const name = symbol.stroke || symbol.fill || "line";
    if (symbol.band) {
      ctx.save();
      ctx.globalAlpha *= 0.16;
      ctx.fillStyle = color(name);
      ctx.fillRect(x - half, y - 6, size, 12);
      ctx.restore();
    }
    ctx.strokeStyle = ctx.fillStyle = color(name);
    ctx.lineWidth = symbol.stroke_px || 2.5;
    ctx.setLineDash(symbol.dash || []);
    ctx.beginPath();
    ctx.moveTo(x - half, y);
    ctx.lineTo(x + half, y);
    ctx.stroke();
    if (symbol.arrow) drawArrow(ctx, x + 3, y, 0, 4.2);
    if (symbol.arrow === 2) drawArrow(ctx, x - 3, y, Math.PI, 4.2);
  }

  /** A small filled arrowhead that points along `angle` (radians, clockwise from east), in the fill of `ctx`. */
  function drawArrow(ctx, x, y, angle, r) {
    const c = Math.cos(angle) * r;
    const s = Math.sin(angle) * r;
    ctx.beginPath();
    ctx.moveTo(x + c * 1.25, y + s * 1.25);
    ctx.lineTo(x - c * 0.75 - s, y - s * 0.75 + c);
    ctx.lineTo(x - c * 0.3, y - s * 0.3);
    ctx.lineTo(x - c * 0.75 + s, y - s * 0.75 - c);
    ctx.closePath();
    ctx.fill();
  }

  /** Legend form of an area: a swatch. */
  function drawArea(ctx, x, y, symbol, size, color) {
    const w = size;
    const h = size * 0.62;
    ctx.beginPath();
    ctx.rect(x - w / 2, y - h / 2, w, h);
    if (symbol.hatch) {
      ctx.save();
      ctx.fillStyle = color("land");
      ctx.fill();
      ctx.clip();
      hatch(ctx, x - w / 2, y - h / 2, w, h, color(symbol.fill || "no-data-line"), 4, 1.2);
      ctx.restore();
    } else if (symbol.fill) {
      ctx.fillStyle = color(symbol.fill);
      ctx.fill();
    }
    const line = symbol.outline && symbol.outline !== "none" ? symbol.outline_color : symbol.stroke;
    if (!line) return;
    ctx.strokeStyle = color(line);
    ctx.lineWidth = symbol.outline && symbol.outline !== "none" ? 2.5 : symbol.stroke_px || 1;
    ctx.setLineDash(symbol.dash || []);
    ctx.strokeRect(x - w / 2, y - h / 2, w, h);
    if (symbol.outline === "double") {
      ctx.lineWidth = 1.2;
      ctx.strokeRect(x - w / 2 + 4, y - h / 2 + 4, w - 8, h - 8);
    }
  }

  /** Half the width that a symbol of this size takes on the map, rings included: for sprites and for hits. */
  function symbolExtent(symbol, size) {
    const r = size * (RADIUS[symbol.shape] || 0.5) + 1;
    if (!symbol.outline || symbol.outline === "none") return r + 0.5;
    const rings = symbol.outline === "double" ? 2 : 1;
    const reach = { triangle: 2, diamond: 1.414, pentagon: 1.236 }[symbol.shape] || (symbol.shape === "square" ? 1.414 : 1);
    return r + rings * (GAP_PX + OUTLINE_PX) * reach + 1;
  }

  Object.assign(CF, { drawSymbol, drawArrow, drawHatch: hatch, symbolExtent });
})(typeof self === "undefined" ? globalThis : self);
