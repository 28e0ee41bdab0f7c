/**
 * From the text of a data block to numbers: base64, inflate, byte planes. The mirror of geo/encode/columns.py.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});

  /** @param {string} text @returns {Uint8Array} */
  function fromBase64(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const out = new Uint8Array(binary.length);
    for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
    return out;
  }

  /** @param {Uint8Array} bytes a zlib stream @returns {Promise<Uint8Array>} */
  async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Smallest array type that holds numbers of so many bytes; beyond four, doubles (exact to 2^53). */
  function arrayFor(width, rows) {
    if (width <= 1) return new Uint8Array(rows);
    if (width === 2) return new Uint16Array(rows);
    return width <= 4 ? new Uint32Array(rows) : new Float64Array(rows);
  }

  /**
   * Reads `rows` numbers written as `width` byte planes.
   *
   * @param {Uint8Array} bytes
   * @param {number} offset
   * @param {number} rows
   * @param {number} width  0 to 6
   */
  function unplanes(bytes, offset, rows, width) {
    if (width === 1) return bytes.slice(offset, offset + rows);
    const out = arrayFor(width, rows);
    if (width === 2) {
      const high = offset + rows;
      for (let i = 0; i < rows; i++) out[i] = bytes[offset + i] | (bytes[high + i] << 8);
      return out;
    }
    for (let plane = 0, factor = 1; plane < width; plane++, factor *= 256) {
      const at = offset + plane * rows;
      for (let i = 0; i < rows; i++) out[i] += bytes[at + i] * factor;
    }
    return out;
  }

  /** Undoes zigzag: 0, 1, 2, 3 are 0, -1, 1, -2. */
  const unzigzag = (v) => (v % 2 ? -(v + 1) / 2 : v / 2);

  /** @type {Map<number, Promise<Uint8Array>>} */
  const blocks = new Map();

  /** The inflated bytes of block `n` of the page. Its text is let go once read. @returns {Promise<Uint8Array>} */
  function block(n) {
    if (!blocks.has(n)) {
      const element = document.getElementById("contraflow-block-" + n);
      if (!element) return Promise.reject(new Error(`block ${n} is missing: the file is not complete`));
      const packed = fromBase64(element.textContent);
      element.textContent = "";
      blocks.set(n, inflate(packed));
    }
    return blocks.get(n);
  }

  Object.assign(CF, { fromBase64, inflate, arrayFor, unplanes, unzigzag, block, forgetBlocks: () => blocks.clear() });
})(typeof self === "undefined" ? globalThis : self);
