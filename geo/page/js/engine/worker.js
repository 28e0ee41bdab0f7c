/**
 * The work of one painter, message by message: in a worker of its own, or in the window where workers are not to be
 * had. Tiles wait in a queue and are painted one a turn, so that a tile no longer wanted can still be called off.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});

  /**
   * @param {"points"|"areas"} kind
   * @param {(reply: Object, transfer?: Transferable[]) => void} reply
   * @param {boolean} inWorker  bitmaps are handed over; in the window the canvas itself is
   */
  function painterDesk(kind, reply, inWorker) {
    const painter = kind === "points" ? new CF.PointsPainter() : new CF.AreasPainter();
    const queue = [];
    let waiting = false;
    /** @type {any} */
    let shared = null;

    /** In a worker one canvas serves all tiles: handing over its bitmap leaves it blank. */
    function canvasOf(w, h) {
      if (!inWorker) return CF.newCanvas(w, h);
      if (!shared || shared.width !== w) shared = new OffscreenCanvas(w, h);
      return shared;
    }

    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      waiting = false;
      const job = queue.shift();
      if (job) {
        const began = performance.now();
        const canvas = painter.paint(job.tile, canvasOf);
        const ms = performance.now() - began;
        if (inWorker) {
          const bitmap = canvas.transferToImageBitmap();
          reply({ type: "tile", key: job.key, turn: job.turn, bitmap, ms }, [bitmap]);
        } else reply({ type: "tile", key: job.key, turn: job.turn, bitmap: canvas, ms });
      }
      pump();
    };

    function pump() {
      if (waiting || !queue.length) return;
      waiting = true;
      channel.port2.postMessage(0);
    }

    return (message) => {
      if (message.type === "set") painter.set(message.change);
      else if (message.type === "tile") {
        const at = queue.findIndex((job) => job.key === message.key);
        if (at >= 0) queue.splice(at, 1);
        queue.push(message);
        pump();
      } else if (message.type === "cancel") {
        const at = queue.findIndex((job) => job.key === message.key);
        if (at >= 0) queue.splice(at, 1);
      }
    };
  }

  CF.painterDesk = painterDesk;

  if (typeof document === "undefined" && typeof root.postMessage === "function") {
    let desk = null;
    root.onmessage = ({ data }) => {
      if (data.type === "start") desk = painterDesk(data.kind, (reply, transfer) => root.postMessage(reply, transfer || []), true);
      else desk(data);
    };
  }
})(typeof self === "undefined" ? globalThis : self);
