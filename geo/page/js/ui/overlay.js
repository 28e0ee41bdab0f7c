/**
 * The canvases that pan and zoom with the map: corridors and sites below the events, precision discs, stack
 * numbers, labels and the selection above them. What is drawn on them is in sites.js, lines.js, labels.js and
 * selection.js, each of which adds a painter here.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = (CF.ui = CF.ui || {});

  /** How far beyond the window a canvas reaches, as a part of the window: what a short drag brings into view. */
  const PADDING = 0.12;
  const REST_MS = 200; // after a drag, before the canvases are painted anew in place
  const WORLD_M = 2 * Math.PI * 6378137;

  /** @type {Object<string, Array<(frame: Frame) => void>>} */
  const painters = { under: [], over: [], select: [] };
  const canvases = {};

  /**
   * @typedef {Object} Frame  What a painter needs to know.
   * @property {CanvasRenderingContext2D} ctx  in layer points: x = mercator x * scale - originX
   * @property {number} scale  pixels of the whole world at this zoom
   * @property {number} originX
   * @property {number} originY
   * @property {number} zoom
   * @property {number} ratio  device pixels of one CSS pixel
   * @property {number} left
   * @property {number} top
   * @property {number} right
   * @property {number} bottom
   */

  const mercatorX = (lon) => lon / 360 + 0.5;
  const mercatorY = (lat) => {
    const s = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  };
  /** Pixels of one metre on the ground at mercator height `y`: true at that latitude only. */
  const pixelsPerMetre = (y, scale) => (scale / WORLD_M) * Math.cosh(2 * Math.PI * (0.5 - y));

  /** Whether a canvas with these bounds still fills the window. */
  function covers({ min, max }) {
    const size = CF.map.getSize();
    const at = CF.map.containerPointToLayerPoint([0, 0]);
    return at.x >= min.x && at.y >= min.y && at.x + size.x <= max.x && at.y + size.y <= max.y;
  }

  /** Defined late: Leaflet may come after this file. */
  function canvasLayer(L, kind) {
    const Kind = L.Renderer.extend({
      options: { padding: PADDING, pane: "cf-" + kind },
      _initContainer() {
        this._container = ui.h("canvas.cf-overlay.leaflet-zoom-animated", { "aria-hidden": "true" });
        this._ctx = this._container.getContext("2d");
      },
      _destroyContainer() {
        this._container.remove();
      },
      _update() {
        if (this._map._animatingZoom && this._bounds) return;
        L.Renderer.prototype._update.call(this);
        const size = this._bounds.getSize();
        const ratio = Math.min(2, window.devicePixelRatio || 1);
        const [w, h] = [Math.ceil(size.x * ratio), Math.ceil(size.y * ratio)];
        if (this._container.width !== w || this._container.height !== h) {
          this._container.width = w;
          this._container.height = h;
          this._container.style.width = w / ratio + "px";
          this._container.style.height = h / ratio + "px";
        }
        L.DomUtil.setPosition(this._container, this._bounds.min);
        this._paint(ratio);
      },
      _updatePaths() {},
      getEvents() {
        return { ...L.Renderer.prototype.getEvents.call(this), moveend: this._moved };
      },
      /** A short drag needs no painting: the padding came into view. Names at the new edge are set once it rests. */
      _moved() {
        clearTimeout(this._resting);
        if (this._bounds && this._zoom === this._map.getZoom() && covers(this._bounds)) this._resting = setTimeout(() => this.repaint(), REST_MS);
        else this._update();
      },
      _paint(ratio) {
        const { min, max } = this._bounds;
        const ctx = this._ctx;
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        ctx.clearRect(0, 0, this._container.width, this._container.height);
        ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
        const origin = this._map.getPixelOrigin();
        const zoom = this._map.getZoom();
        const frame = {
          ctx, zoom, ratio, scale: 256 * 2 ** zoom, originX: origin.x, originY: origin.y,
          left: min.x, top: min.y, right: max.x, bottom: max.y,
        };
        for (const paint of painters[kind]) {
          ctx.save();
          paint(frame);
          ctx.restore();
        }
      },
      /** Paints again in place, unless a zoom is under way: its end paints. */
      repaint() {
        if (this._map && this._bounds && !this._map._animatingZoom) this._update();
      },
    });
    return new Kind();
  }

  /** Puts the canvases on the map. The events are painted between `under` and `over`. */
  function addOverlays() {
    const L = window.L;
    const heights = { under: 350, over: 450, select: 460 };
    for (const [kind, height] of Object.entries(heights)) {
      const pane = CF.map.createPane("cf-" + kind);
      pane.style.zIndex = String(height);
      pane.style.pointerEvents = "none";
      canvases[kind] = canvasLayer(L, kind).addTo(CF.map);
    }
    // A long drag runs beyond the padding: paint once the edge is near.
    CF.map.on("move", () => {
      if (!covers(canvases.under._bounds)) repaint();
    });
  }

  const wanted = new Set();
  const paintWanted = ui.perFrame(() => {
    for (const kind of wanted) if (canvases[kind]) canvases[kind].repaint();
    wanted.clear();
  });

  /** Asks for one or all canvases to be painted again in the next frame. */
  function repaint(kind) {
    for (const each of kind ? [kind] : Object.keys(painters)) wanted.add(each);
    paintWanted();
  }

  /** A layer that is on and whose zoom has been reached. */
  const isDrawn = (layer, zoom) => layer.visible && zoom >= ((layer.meta.style || {}).min_zoom || 0);

  /** Whether all columns that steer the drawing of a layer have been read: they come one by one. */
  const isRead = (layer) =>
    ["longitude", "latitude"].every((name) => layer.meta.mark !== "sites" || layer.column(name)) &&
    Object.entries(layer.meta.style || {}).every(([key, name]) => !key.endsWith("_column") || !name || layer.column(name)) &&
    (layer.meta.mark !== "lines" || layer.shapes !== null);

  /** Whether a layer is painted on the canvas below the events, by its place in the order. */
  const isBelow = (layer) => !CF.events || (layer.meta.order || 0) < (CF.events.meta.order || 0);

  Object.assign(ui, { painters, addOverlays, repaint, mercatorX, mercatorY, pixelsPerMetre, isDrawn, isRead, isBelow });
})();
