/**
 * From the text of a data block to numbers: text, inflate, byte planes. The mirror of geo/encode/planes.py.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});

  /** Place in the alphabet of each character code: the printable ones but for <, & and the backslash. */
  const RANK = new Uint8Array(128);
  for (let code = 33, rank = 0; code < 127; code++) if (!"<&\\".includes(String.fromCharCode(code))) RANK[code] = rank++;

  /** Bytes from text in which two of 91 characters stand for 13 bits. @returns {Uint8Array} */
  function fromText(text, size) {
    const out = new Uint8Array(size);
    let bits = 0;
    let held = 0;
    let at = 0;
    for (let i = 0; at < size; i += 2) {
      held = (held << 13) | (RANK[text.charCodeAt(i)] * 91 + RANK[text.charCodeAt(i + 1)]);
      bits += 13;
      while (bits >= 8 && at < size) {
        bits -= 8;
        out[at++] = held >>> bits;
      }
      held &= (1 << bits) - 1;
    }
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
      const packed = fromText(element.textContent, Number(element.dataset.bytes));
      element.textContent = "";
      blocks.set(n, inflate(packed));
    }
    return blocks.get(n);
  }

  Object.assign(CF, { fromText, inflate, arrayFor, unplanes, unzigzag, block, forgetBlocks: () => blocks.clear() });
})(typeof self === "undefined" ? globalThis : self);
