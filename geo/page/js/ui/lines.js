/**
 * Corridors and other lines: the band of positional accuracy beneath, the line itself a little to the right of its
 * direction of travel (as traffic keeps to its lane, so that two directions on one road lie side by side), and small
 * arrowheads along it.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;

  const LANE_PX = 2.2;
  const ARROW_EVERY_PX = 120;
  const ARROW_PX = 4.4;
  const BAND_OPACITY = 0.1;
  const DASH = [7, 5];
  const SKIP_PX = 0.7; // vertices closer than this add nothing that can be seen

  const mercator = new WeakMap(); // layer -> per row, its parts as mercator pairs
  const placed = new WeakMap(); // layer -> per row, its parts as layer points of the last painting

  function partsOf(layer, row) {
    if (!mercator.has(layer)) mercator.set(layer, []);
    const rows = mercator.get(layer);
    if (!rows[row]) {
      const shape = layer.geometry(row);
      rows[row] = (shape ? shape.parts : []).map((part) => {
        const out = new Float64Array(part.length);
        for (let k = 0; k < part.length; k += 2) {
          out[k] = ui.mercatorX(part[k]);
          out[k + 1] = ui.mercatorY(part[k + 1]);
        }
        return out;
      });
    }
    return rows[row];
  }

  /** One part in layer points, vertices closer than SKIP_PX left out, the last one kept. */
  function toPixels(part, frame) {
    const out = [];
    for (let k = 0; k < part.length; k += 2) {
      const x = part[k] * frame.scale - frame.originX;
      const y = part[k + 1] * frame.scale - frame.originY;
      const n = out.length;
      const close = n && Math.hypot(x - out[n - 2], y - out[n - 1]) < SKIP_PX;
      if (!close) out.push(x, y);
      else if (k === part.length - 2 && n > 2) out.splice(n - 2, 2, x, y);
    }
    return out;
  }

  /** The same line moved `shift` pixels to the right of its direction. */
  function beside(points, shift) {
    if (!shift || points.length < 4) return points;
    const out = [];
    const n = points.length / 2;
    for (let k = 0; k < n; k++) {
      const a = Math.max(0, k - 1) * 2;
      const b = Math.min(n - 1, k + 1) * 2;
      const dx = points[b] - points[a];
      const dy = points[b + 1] - points[a + 1];
      const long = Math.hypot(dx, dy) || 1;
      out.push(points[2 * k] - (dy / long) * shift, points[2 * k + 1] + (dx / long) * shift);
    }
    return out;
  }

  function traceLine(ctx, points) {
    ctx.moveTo(points[0], points[1]);
    for (let k = 2; k < points.length; k += 2) ctx.lineTo(points[k], points[k + 1]);
  }

  /**
   * Adds the area within `halfWidth` metres of a line to a path: one box for each edge and a disc at each vertex, all
   * wound the same way, so that filling the path once gives one even tone. Metres are true at the latitude of each
   * vertex.
   */
  function traceBand(ctx, part, halfWidth, frame) {
    let last = null;
    for (let k = 0; k < part.length; k += 2) {
      const x = part[k] * frame.scale - frame.originX;
      const y = part[k + 1] * frame.scale - frame.originY;
      const r = halfWidth * ui.pixelsPerMetre(part[k + 1], frame.scale);
      if (last && Math.hypot(x - last.x, y - last.y) < Math.max(SKIP_PX, r * 0.15) && k < part.length - 2) continue;
      const seen = (u, v) => u + r > frame.left && u - r < frame.right && v + r > frame.top && v - r < frame.bottom;
      if (seen(x, y)) {
        ctx.moveTo(x + r, y);
        ctx.arc(x, y, r, 0, 2 * Math.PI);
      }
      const [u0, u1, v0, v1] = last ? [Math.min(x, last.x), Math.max(x, last.x), Math.min(y, last.y), Math.max(y, last.y)] : [1, 0, 1, 0];
      if (u0 <= u1 && u1 + r > frame.left && u0 - r < frame.right && v1 + r > frame.top && v0 - r < frame.bottom) {
        const long = Math.hypot(x - last.x, y - last.y) || 1;
        const [nx, ny] = [(y - last.y) / long, -(x - last.x) / long];
        ctx.moveTo(last.x + nx * last.r, last.y + ny * last.r);
        ctx.lineTo(x + nx * r, y + ny * r);
        ctx.lineTo(x - nx * r, y - ny * r);
        ctx.lineTo(last.x - nx * last.r, last.y - ny * last.r);
        ctx.closePath();
      }
      last = { x, y, r };
    }
  }

  /** Arrowheads at even distances, pointing along the line (`sense` 1) or against it (-1). */
  function drawArrows(frame, points, sense) {
    let ahead = ARROW_EVERY_PX / 2;
    let total = 0;
    for (let k = 2; k < points.length; k += 2) total += Math.hypot(points[k] - points[k - 2], points[k + 1] - points[k - 1]);
    if (total < 24) return;
    if (total < ARROW_EVERY_PX) ahead = total / 2;
    for (let k = 2; k < points.length; k += 2) {
      const [x, y, u, v] = [points[k - 2], points[k - 1], points[k], points[k + 1]];
      const long = Math.hypot(u - x, v - y);
      while (ahead <= long) {
        const [px, py] = [x + ((u - x) * ahead) / long, y + ((v - y) * ahead) / long];
        if (px > frame.left && px < frame.right && py > frame.top && py < frame.bottom)
          CF.drawArrow(frame.ctx, px, py, Math.atan2(v - y, u - x) + (sense < 0 ? Math.PI : 0), ARROW_PX);
        ahead += ARROW_EVERY_PX;
      }
      ahead -= long;
    }
  }

  const value = (layer, name, row) => {
    const column = name ? layer.column(name) : null;
    return column ? column.get(row) : null;
  };

  function describe(layer, row) {
    const style = layer.meta.style || {};
    const kind = value(layer, style.class_column, row);
    const made = (layer.meta.classes || [])[style.class_column ? kind : 0];
    if (!made) return null;
    return {
      symbol: made.symbol,
      band: value(layer, style.band_column, row),
      arrow: value(layer, style.arrow_column, row) || 0,
      dashed: value(layer, style.dash_column, row) === true || value(layer, style.dash_column, row) === 1,
    };
  }

  /** The light tone of a direction's colour: lines are context, events are the data. */
  const tone = (name) => CF.tokens(name === "north" || name === "south" ? name + "-light" : name);

  function paintLayer(frame, layer) {
    const rows = [];
    for (let row = 0; row < layer.rows; row++) {
      const look = describe(layer, row);
      if (look) rows.push({ row, look, parts: partsOf(layer, row) });
    }
    const { ctx } = frame;
    ctx.globalAlpha = BAND_OPACITY * layer.opacity;
    const colors = new Set(rows.filter((r) => r.look.band).map((r) => r.look.symbol.stroke || r.look.symbol.fill || "line"));
    for (const name of colors) {
      // One path for all bands of a colour: overlapping hypotheses must not look like denser evidence.
      ctx.beginPath();
      for (const { look, parts } of rows)
        if (look.band && (look.symbol.stroke || look.symbol.fill || "line") === name)
          for (const part of parts) traceBand(ctx, part, look.band, frame);
      ctx.fillStyle = CF.tokens(name);
      ctx.fill();
    }
    ctx.globalAlpha = layer.opacity;
    ctx.lineJoin = ctx.lineCap = "round";
    const kept = [];
    for (const { row, look, parts } of rows) {
      const lines = parts.map((part) => beside(toPixels(part, frame), LANE_PX * Math.sign(look.arrow)));
      kept[row] = lines;
      ctx.strokeStyle = ctx.fillStyle = tone(look.symbol.stroke || look.symbol.fill || "line");
      ctx.lineWidth = (look.symbol.stroke_px > 1 ? look.symbol.stroke_px : 2.5) * (frame.zoom < 5.5 ? 0.7 : 1);
      ctx.setLineDash(look.dashed ? DASH : look.symbol.dash || []);
      ctx.beginPath();
      for (const points of lines) if (points.length >= 4) traceLine(ctx, points);
      ctx.stroke();
      if (look.arrow) for (const points of lines) drawArrows(frame, points, look.arrow);
    }
    placed.set(layer, kept);
    ctx.globalAlpha = 1;
  }

  const linesLayers = () => CF.layers.filter((layer) => layer.meta.mark === "lines" && layer.meta.group !== "base");

  function paint(frame) {
    for (const layer of linesLayers()) if (ui.isDrawn(layer, frame.zoom) && ui.isRead(layer)) paintLayer(frame, layer);
  }

  function distanceTo(points, x, y) {
    let best = Infinity;
    for (let k = 2; k < points.length; k += 2) {
      const [ax, ay] = [points[k - 2], points[k - 1]];
      const [dx, dy] = [points[k] - ax, points[k + 1] - ay];
      const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      best = Math.min(best, Math.hypot(ax + t * dx - x, ay + t * dy - y));
    }
    return best;
  }

  /** Lines within `px` of a point of the map's window, as they were last painted. */
  function hit(point, px) {
    const at = CF.map.containerPointToLayerPoint(point);
    const found = [];
    for (const layer of linesLayers()) {
      if (!ui.isDrawn(layer, CF.map.getZoom())) continue;
      for (const [row, lines] of Object.entries(placed.get(layer) || {})) {
        const away = Math.min(...lines.map((points) => distanceTo(points, at.x, at.y)), Infinity);
        if (away <= px + 2) found.push({ layer, row: Number(row), distancePx: Math.max(0, away - 1.25) });
      }
    }
    return found.sort((a, b) => a.distancePx - b.distancePx);
  }

  /** Adds one row's line to the current path, for the selection. */
  function traceRow(frame, layer, row) {
    const look = describe(layer, row);
    for (const part of partsOf(layer, row)) {
      const points = beside(toPixels(part, frame), look ? LANE_PX * Math.sign(look.arrow) : 0);
      if (points.length >= 4) traceLine(frame.ctx, points);
    }
  }

  function addLines() {
    ui.painters.under.unshift(paint);
    CF.registerHit(hit);
  }

  Object.assign(ui, { addLines, traceRow, partsOf });
})();
