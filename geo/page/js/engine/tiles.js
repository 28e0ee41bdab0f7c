/**
 * Leaflet's grid of tiles, each asked of a painter. A tile keeps its old picture until the new one has come, so that
 * filters and themes change without a flicker.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const L = window.L;

  CF.PaintedTiles = L.GridLayer.extend({
    options: { updateWhenZooming: false, updateWhenIdle: false, noWrap: true, keepBuffer: 1, minZoom: 0, maxZoom: 18 },

    initialize(painter, options) {
      L.GridLayer.prototype.initialize.call(this, options);
      this._painter = painter;
      /** Tiles asked for: key -> {canvas, tile, turn, done}. */
      this._asked = new Map();
      this._canvases = new Map();
      this._turn = 0;
      painter.listen((reply) => this._arrived(reply), () => this.repaint());
      this.on("tileunload", ({ coords }) => this._forget(this._tileCoordsToKey(coords)));
    },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.style.width = canvas.style.height = "256px";
      const key = this._tileCoordsToKey(coords);
      this._canvases.set(key, { canvas, tile: { x: coords.x, y: coords.y, z: coords.z } });
      this._ask(key, done);
      return canvas;
    },

    _ask(key, done) {
      const known = this._canvases.get(key);
      const before = this._asked.get(key);
      const turn = ++this._turn;
      this._asked.set(key, { turn, done: done || (before && before.done) });
      this._painter.tile({ key, turn, tile: known.tile });
    },

    /** A tile that has left is not waited for. */
    _forget(key) {
      this._canvases.delete(key);
      if (this._asked.delete(key)) {
        this._painter.cancel(key);
        this._settle();
      }
    },

    _arrived({ key, turn, bitmap }) {
      const asked = this._asked.get(key);
      const known = this._canvases.get(key);
      if (!asked || !known || asked.turn !== turn) {
        if (bitmap.close) bitmap.close();
        return;
      }
      this._asked.delete(key);
      show(known.canvas, bitmap);
      if (asked.done) asked.done(null, known.canvas);
      this._settle();
    },

    _settle() {
      if (!this._asked.size) this.fire("settled");
    },

    /** Whether every tile asked for has been painted. */
    isSettled() {
      return !this._asked.size;
    },

    /** Paints all tiles again, in place. */
    repaint() {
      for (const key of this._canvases.keys()) this._ask(key, null);
    },
  });

  function show(canvas, bitmap) {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    if (typeof ImageBitmap !== "undefined" && bitmap instanceof ImageBitmap) canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
    else {
      const ctx = canvas.getContext("2d");
      ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.drawImage(bitmap, 0, 0);
    }
  }
})();
