/**
 * The two painters, each in a worker of its own made from this page's own scripts; in the window where a browser has
 * no workers, no OffscreenCanvas, or the worker fails.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const PARTS = {
    points: ["js-namespace", "js-mercator", "ui-symbols", "js-points", "js-worker"],
    areas: ["js-namespace", "js-mercator", "ui-symbols", "js-areas", "js-worker"],
  };

  const canWork = () =>
    !CF.noWorkers && typeof Worker !== "undefined" && typeof OffscreenCanvas !== "undefined" &&
    Boolean(OffscreenCanvas.prototype.transferToImageBitmap);

  /** @param {"points"|"areas"} kind */
  function makePainter(kind) {
    /** What was set last, by its kind, to start again in the window. @type {Map<string, Object>} */
    const past = new Map();
    let onTile = () => {};
    let onRestart = () => {};
    let post = null;

    const inWindow = () => {
      const desk = CF.painterDesk(kind, (reply) => onTile(reply), false);
      post = desk;
      for (const change of past.values()) desk({ type: "set", change });
    };

    if (!canWork()) inWindow();
    else {
      const source = PARTS[kind].map((part) => document.getElementById("contraflow-" + part).textContent).join("\n");
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      try {
        const worker = new Worker(url);
        worker.onmessage = ({ data }) => onTile(data);
        worker.onerror = (event) => {
          event.preventDefault();
          console.warn(`contraflow: the ${kind} worker failed (${event.message || "no reason given"}); painting in the window`);
          worker.terminate();
          inWindow();
          onRestart();
        };
        post = (message) => worker.postMessage(message);
        post({ type: "start", kind });
      } catch (error) {
        console.warn(`contraflow: no worker (${error.message}); painting in the window`);
        inWindow();
      }
    }

    return {
      /** Changes the painter's state; what is not named stays. */
      set(change) {
        past.set(change.layer ? "layer " + change.layer.name : Object.keys(change).join(), change);
        post({ type: "set", change });
      },
      tile: (message) => post({ type: "tile", ...message }),
      cancel: (key) => post({ type: "cancel", key }),
      listen(tile, restart) {
        onTile = tile;
        onRestart = restart;
      },
    };
  }

  CF.makePainter = makePainter;
})();
