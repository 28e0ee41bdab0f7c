/**
 * Sites: ports, crossings, offices, municipal seats. A few thousand symbols, each a copy of a small prepared
 * picture, large ones first so that small ones stay in sight.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;


  /** @type {WeakMap<Object, Prepared|null>} */
  const prepared = new WeakMap();

  /** Sized symbols shrink on a small scale, where they would hide the map; their legend shrinks with them. */
  const siteScale = (layer, zoom) => ((layer.meta.style || {}).size_column ? Math.max(0.5, Math.min(1, 0.5 + (zoom - 4) / 6)) : 1);

  const sprites = new Map();

  /**
   * @typedef {Object} Prepared  Rows of a sites layer, largest symbol first.
   * @property {Int32Array} row
   * @property {Float64Array} x  mercator
   * @property {Float64Array} y
   * @property {Float32Array} size
   * @property {Int16Array} kind  class, -1 none
   * @property {Int16Array} ring  outline, -1 none
   * @property {Float32Array} from  zoom from which the row is drawn
   */

  /** Columns named by the style, in drawing order. Null until they have arrived. */
  function prepare(layer) {
    if (prepared.has(layer)) return prepared.get(layer);
    if (!ui.isRead(layer)) return null;
    const style = layer.meta.style || {};
    const classes = layer.meta.classes || [];
    const column = (name) => (name ? layer.column(name) : null);
    const kindOf = column(style.class_column);
    const sizeOf = column(style.size_column);
    const ringOf = column(style.outline_column);
    const rankOf = column(style.rank_column);
    const found = [];
    for (let i = 0; i < layer.rows; i++) {
      const kind = kindOf ? kindOf.get(i) : 0;
      const lon = layer.lon(i);
      if (kind == null || !classes[kind] || Number.isNaN(lon)) continue;
      const size = sizeOf ? sizeOf.get(i) : null;
      const ring = ringOf ? ringOf.get(i) : null;
      found.push({ i, kind, from: rankOf ? ui.rankZoom(rankOf.get(i)) : 0, ring: ring == null ? -1 : ring, size: size == null ? classes[kind].symbol.size_px || 10 : size });
    }
    found.sort((a, b) => b.size - a.size || a.i - b.i);
    const rows = {
      row: Int32Array.from(found, (f) => f.i),
      x: Float64Array.from(found, (f) => ui.mercatorX(layer.lon(f.i))),
      y: Float64Array.from(found, (f) => ui.mercatorY(layer.lat(f.i))),
      size: Float32Array.from(found, (f) => f.size),
      kind: Int16Array.from(found, (f) => f.kind),
      ring: Int16Array.from(found, (f) => f.ring),
      from: Float32Array.from(found, (f) => f.from),
    };
    prepared.set(layer, rows);
    return rows;
  }

  /** The symbol of a class with the outline of its row. */
  function symbolOf(layer, kind, ring) {
    const symbol = layer.meta.classes[kind].symbol;
    const outline = ring >= 0 && layer.meta.outlines && layer.meta.outlines[ring];
    if (!outline) return symbol;
    const mark = outline.symbol;
    return { ...symbol, outline: mark.outline, outline_color: mark.outline_color || mark.stroke };
  }

  function sprite(layer, kind, ring, size, ratio, shrink) {
    const key = `${layer.name}|${kind}|${ring}|${size}|${ratio}|${shrink}`;
    let made = sprites.get(key);
    if (made) return made;
    const symbol = symbolOf(layer, kind, ring);
    const half = Math.ceil(CF.symbolExtent(symbol, size) * shrink + 1);
    const canvas = CF.newCanvas(2 * half * ratio, 2 * half * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio * shrink, ratio * shrink); // rings shrink with their symbol
    CF.drawSymbol(ctx, half / shrink, half / shrink, symbol, size, CF.tokens);
    // A bitmap is copied as it is; a canvas would be looked at anew for each of a thousand copies.
    made = { picture: canvas.transferToImageBitmap ? canvas.transferToImageBitmap() : canvas, half };
    sprites.set(key, made);
    return made;
  }

  function paintLayer(frame, layer) {
    const rows = prepare(layer);
    if (!rows) return;
    const { ctx, scale, originX, originY, ratio } = frame;
    ctx.globalAlpha = layer.opacity;
    const shrink = siteScale(layer, frame.zoom);
    for (let k = 0; k < rows.row.length; k++) {
      if (frame.zoom < rows.from[k]) continue;
      const x = rows.x[k] * scale - originX;
      const y = rows.y[k] * scale - originY;
      const reach = rows.size[k] / 2 + 8;
      if (x < frame.left - reach || x > frame.right + reach || y < frame.top - reach || y > frame.bottom + reach) continue;
      const made = sprite(layer, rows.kind[k], rows.ring[k], Math.max(2, Math.round(rows.size[k])), ratio, shrink);
      // On whole device pixels a copied picture stays sharp.
      const left = Math.round((x - made.half) * ratio) / ratio;
      const top = Math.round((y - made.half) * ratio) / ratio;
      ctx.drawImage(made.picture, left, top, 2 * made.half, 2 * made.half);
    }
    ctx.globalAlpha = 1;
  }

  const sitesLayers = () => CF.layers.filter((layer) => layer.meta.mark === "sites");

  function paint(below) {
    return (frame) => {
      for (const layer of sitesLayers())
        if (ui.isBelow(layer) === below && ui.isDrawn(layer, frame.zoom)) paintLayer(frame, layer);
    };
  }

  /** Sites within `px` of a point of the map's window. */
  function hit(point, px) {
    const zoom = CF.map.getZoom();
    const scale = 256 * 2 ** zoom;
    const origin = CF.map.getPixelOrigin();
    const at = CF.map.containerPointToLayerPoint(point);
    const found = [];
    for (const layer of sitesLayers()) {
      const rows = ui.isDrawn(layer, zoom) ? prepare(layer) : null;
      if (!rows) continue;
      const shrink = siteScale(layer, zoom);
      for (let k = rows.row.length - 1; k >= 0; k--) {
        if (zoom < rows.from[k]) continue;
        const reach = (rows.size[k] * shrink) / 2;
        const away = Math.hypot(rows.x[k] * scale - origin.x - at.x, rows.y[k] * scale - origin.y - at.y);
        if (away <= reach + px) found.push({ layer, row: rows.row[k], distancePx: Math.max(0, away - reach), away });
      }
    }
    // The symbol whose centre is nearest is the one that was meant.
    found.sort((a, b) => Number(ui.isBelow(a.layer)) - Number(ui.isBelow(b.layer)) || a.away - b.away);
    return found;
  }

  function addSites() {
    ui.painters.under.push(paint(true));
    ui.painters.over.push(paint(false));
    CF.registerHit(hit);
    CF.bus.on("theme", () => sprites.clear());
    CF.bus.on("loaded", () => ui.repaint());
  }

  Object.assign(ui, { addSites, sitesOf: prepare, siteSymbol: symbolOf, siteScale });
})();
