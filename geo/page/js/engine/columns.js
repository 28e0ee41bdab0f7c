/**
 * Columns: what geo/encode/columns.py wrote, read back. Values are made when they are asked for; what is kept are
 * the typed arrays.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});
  const DAY_S = 86400;
  const GRID = 2 ** 26;
  // as in geo/encode/radial.py
  const SEMI_MAJOR_M = 6378137;
  const ECCENTRICITY_2 = 0.0066943799901413165;
  const CENTRE_PARTS = 16;
  const latitude = (y) => Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / GRID)));

  /**
   * @typedef {Object} Column
   * @property {string} name
   * @property {string} kind   text number integer date code boolean source
   * @property {number} rows
   * @property {(i: number) => string|number|boolean|null} get
   * @property {Uint8Array|Uint16Array|Uint32Array} [codes]  0 is null, k is values[k - 1]
   * @property {string[]} [values]
   * @property {(i: number) => number} [number]   NaN where null; not for dates and texts
   * @property {(i: number) => number} [from]     dates: first second of the period since 1970; NaN where null
   * @property {(i: number) => number} [to]       dates: last second of the period
   * @property {(i: number) => number} [precision]  dates: 1 year, 2 month, 3 day, 4 second; 0 null
   */

  /**
   * @param {Object} meta   the column's entry in the index
   * @param {Uint8Array} bytes  its block, inflated; may be empty for a column without bytes
   * @param {number} rows
   * @param {Map<string, Column>} [others]  columns read before, which this one may follow from
   * @returns {Column}
   */
  function decodeColumn(meta, bytes, rows, others) {
    const make = forms[meta.encoding];
    if (!make) throw new Error(`column ${meta.name}: unknown encoding ${meta.encoding}`);
    const form = make(meta, bytes, meta.offset || 0, rows, others);
    form.name = meta.name;
    form.kind = meta.kind;
    form.rows = rows;
    return form;
  }

  /** Codes of every row; a column whose rows are all alike has none written. */
  function codesOf(meta, bytes, at, rows) {
    if (meta.delta) return undelta(CF.unplanes(bytes, at, rows, meta.delta), CF.arrayFor(meta.width, rows));
    return meta.width ? CF.unplanes(bytes, at, rows, meta.width) : new Uint8Array(rows).fill(1);
  }

  /** Sums differences; 0 is null, others are zigzag plus one. */
  function undelta(steps, codes) {
    for (let i = 0, code = 0; i < codes.length; i++) if (steps[i]) codes[i] = code += CF.unzigzag(steps[i] - 1);
    return codes;
  }

  const forms = {
    null: () => ({ get: () => null, number: () => NaN }),

    boolean(meta, bytes, at, rows) {
      const codes = bytes.slice(at, at + rows);
      return { codes, values: ["false", "true"], get: (i) => (codes[i] ? codes[i] === 2 : null) };
    },

    codes(meta, bytes, at, rows) {
      const codes = codesOf(meta, bytes, at, rows);
      const values = longTexts(bytes, at + rows * meta.width, meta.distinct, meta.lexicon.width).all();
      return { codes, values, get: (i) => (codes[i] ? values[codes[i] - 1] : null) };
    },

    text: (meta, bytes, at, rows) => longTexts(bytes, at, rows, meta.width),

    serial(meta, bytes, at, rows) {
      const codes = codesOf(meta, bytes, at, rows);
      const { prefix, digits, min } = meta;
      return { get: (i) => (codes[i] ? prefix + String(codes[i] - 1 + min).padStart(digits, "0") : null) };
    },

    integer(meta, bytes, at, rows) {
      const codes = codesOf(meta, bytes, at, rows);
      if (meta.steps) return ladder(meta, codes);
      const { min } = meta;
      const power = 10 ** meta.scale;
      const number = (i) => (codes[i] ? (codes[i] - 1 + min) / power : NaN);
      return { number, get: (i) => (codes[i] ? (codes[i] - 1 + min) / power : null) };
    },

    float64(meta, bytes, at, rows) {
      const out = new Float64Array(rows);
      const octets = new Uint8Array(out.buffer);
      for (let plane = 0; plane < 8; plane++)
        for (let i = 0; i < rows; i++) octets[i * 8 + plane] = bytes[at + plane * rows + i];
      return { number: (i) => out[i], get: (i) => (Number.isNaN(out[i]) ? null : out[i]) };
    },

    iso(meta, bytes, at, rows) {
      const codes = codesOf(meta, bytes, at, rows);
      let next = at + rows * meta.width;
      let precisions = null;
      if (!meta.precision) {
        precisions = bytes.slice(next, next + rows);
        next += rows;
      }
      const seconds = meta.seconds ? CF.unplanes(bytes, next, rows, 3) : null;
      const precision = (i) => (codes[i] ? (precisions ? precisions[i] : meta.precision) : 0);
      const from = (i) => (codes[i] ? (codes[i] - 1 + meta.min) * DAY_S + (seconds ? seconds[i] : 0) : NaN);
      return {
        precision,
        from,
        to: (i) => (codes[i] ? periodEnd(from(i), precision(i)) : NaN),
        get: (i) => (codes[i] ? isoText(from(i), precision(i)) : null),
      };
    },

    /** Numbers that are mostly what another column says in digits. */
    parsed(meta, bytes, at, rows, others) {
      const said = others.get(meta.of);
      const flags = bytes.slice(at, at + rows);
      const rest = decodeColumn(Object.assign({}, meta.table, { offset: at + rows }), bytes, meta.rows);
      const ranks = new Uint32Array(rows); // how many rows before this one are not as said
      for (let i = 1; i < rows; i++) ranks[i] = ranks[i - 1] + (flags[i - 1] === 2 ? 1 : 0);
      const number = (i) => (flags[i] === 1 ? Number(said.get(i)) : flags[i] === 2 ? rest.number(ranks[i]) : NaN);
      return { number, get: (i) => (flags[i] ? number(i) : null) };
    },

    /** Distances from the site of a code, as differences from those foretold by the positions. */
    radial(meta, bytes, at, rows, others) {
      const codes = others.get(meta.of).codes;
      const { x, y } = others.get("key");
      const m = meta.centres;
      const cx = CF.unplanes(bytes, at, m, 4);
      const cy = CF.unplanes(bytes, at + 4 * m, m, 4);
      const values = CF.unplanes(bytes, at + 8 * m, rows, meta.width);
      const steps = ladderOf(meta.steps);
      const number = (i) => {
        if (!values[i]) return NaN;
        const k = codes[i] - 1;
        const metres = k < 0 ? 0 : foretell(cx[k] / CENTRE_PARTS, cy[k] / CENTRE_PARTS, x[i] + 0.5, y[i] + 0.5);
        return steps.value(steps.rung(metres) + CF.unzigzag(values[i] - 1));
      };
      return { number, get: (i) => (values[i] ? number(i) : null) };
    },

    /** One value for each code of another column. */
    lookup(meta, bytes, at, rows, others) {
      const key = others.get(meta.of).codes;
      const table = decodeColumn(Object.assign({}, meta.table, { offset: at }), bytes, meta.rows);
      const out = { get: (i) => table.get(key[i]) };
      for (const name of ["number", "from", "to", "precision"]) if (table[name]) out[name] = (i) => table[name](key[i]);
      if (!table.codes || !table.values) return out;
      let codes = null; // made when first asked for: few columns are filtered by
      Object.defineProperty(out, "codes", { get: () => codes || (codes = table.codes.constructor.from(key, (k) => table.codes[k])) });
      out.values = table.values;
      return out;
    },

    morton(meta, bytes, at, rows) {
      const steps = meta.width ? CF.unplanes(bytes, at, rows, meta.width) : new Uint8Array(rows);
      const x = new Uint32Array(rows);
      const y = new Uint32Array(rows);
      const half = 2 ** 26; // the lower half of a key is the lower 13 bits of column and row
      let high = Math.floor(meta.start / half);
      let low = meta.start % half;
      for (let i = 0; i < rows; i++) {
        low += steps[i];
        if (low >= half) {
          const carry = Math.floor(low / half);
          high += carry;
          low -= carry * half;
        }
        x[i] = squeeze(low) | (squeeze(high) << 13);
        y[i] = squeeze(low >>> 1) | (squeeze(high >>> 1) << 13);
      }
      return { x, y, get: () => null };
    },
  };

  /** Ladders: steps that grow with the number, as (from, step) parts. See geo/encode/rungs.py. */
  function ladderOf(steps) {
    const parts = [];
    steps.forEach(([low, step], k) => {
      const before = parts[k - 1];
      parts.push({ low, step, base: before ? before.base + Math.round((low - before.low) / before.step) : 0 });
    });
    const part = (fits) => {
      let k = parts.length - 1;
      while (k && !fits(parts[k])) k--;
      return parts[k];
    };
    return {
      value(rung) {
        const { low, step, base } = part((p) => p.base <= rung);
        return low + (step >= 1 ? (rung - base) * step : (rung - base) / Math.round(1 / step));
      },
      rung(value) {
        const { low, step, base } = part((p) => p.low <= value);
        return base + Math.round((value - low) / step);
      },
    };
  }

  function ladder({ steps, min }, codes) {
    const { value } = ladderOf(steps);
    const number = (i) => (codes[i] ? value(codes[i] - 1 + min) : NaN);
    return { number, get: (i) => (codes[i] ? number(i) : null) };
  }

  /** Distance in metres from a point of the grid, by the ellipsoid's radii at the middle latitude. */
  function foretell(cx, cy, x, y) {
    const there = latitude(cy);
    const here = latitude(y);
    const middle = (here + there) / 2;
    const sine = Math.sin(middle);
    const w = 1 - ECCENTRICITY_2 * sine * sine;
    const north = ((SEMI_MAJOR_M * (1 - ECCENTRICITY_2)) / (w * Math.sqrt(w))) * (here - there);
    const east = (SEMI_MAJOR_M / Math.sqrt(w)) * Math.cos(middle) * ((x - cx) * ((2 * Math.PI) / GRID));
    return Math.sqrt(north * north + east * east);
  }

  /** Every second bit of a number of 26 bits, moved together. */
  function squeeze(v) {
    v &= 0x1555555;
    v = (v | (v >>> 1)) & 0x3333333;
    v = (v | (v >>> 2)) & 0x0f0f0f0f;
    v = (v | (v >>> 4)) & 0x00ff00ff;
    return (v | (v >>> 8)) & 0xffff;
  }

  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  /** Texts one after the other: lengths plus one as planes (0 is null), then UTF-8. */
  function longTexts(bytes, at, rows, width) {
    const sizes = width ? CF.unplanes(bytes, at, rows, width) : new Uint8Array(rows);
    const starts = new Uint32Array(rows + 1);
    starts[0] = at + rows * width;
    for (let i = 0; i < rows; i++) starts[i + 1] = starts[i] + Math.max(0, sizes[i] - 1);
    const text = bytes.slice(starts[0], starts[rows]);
    const base = starts[0];
    const get = (i) => (sizes[i] ? decoder.decode(text.subarray(starts[i] - base, starts[i + 1] - base)) : null);
    /** All of them: cut from one text where every character is one byte. */
    const all = () => {
      const whole = decoder.decode(text);
      if (whole.length !== text.length) return Array.from({ length: rows }, (_, i) => get(i));
      return Array.from({ length: rows }, (_, i) => (sizes[i] ? whole.slice(starts[i] - base, starts[i + 1] - base) : null));
    };
    return { get, all };
  }

  const pad = (v, n) => String(v).padStart(n, "0");

  function isoText(seconds, precision) {
    const d = new Date(seconds * 1000);
    let out = pad(d.getUTCFullYear(), 4);
    if (precision >= 2) out += "-" + pad(d.getUTCMonth() + 1, 2);
    if (precision >= 3) out += "-" + pad(d.getUTCDate(), 2);
    if (precision >= 4) out += `T${pad(d.getUTCHours(), 2)}:${pad(d.getUTCMinutes(), 2)}:${pad(d.getUTCSeconds(), 2)}Z`;
    return out;
  }

  /** Last second of the year, month, day or second that starts at `seconds`. */
  function periodEnd(seconds, precision) {
    if (precision === 3) return seconds + DAY_S - 1;
    if (precision >= 4) return seconds;
    const d = new Date(seconds * 1000);
    if (precision === 2) d.setUTCMonth(d.getUTCMonth() + 1);
    else d.setUTCFullYear(d.getUTCFullYear() + 1);
    return d.getTime() / 1000 - 1;
  }

  const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?Z)?)?)?$/;

  /** The period that an ISO date names, in seconds since 1970. @returns {{from: number, to: number}|null} */
  function isoPeriod(text) {
    const m = ISO.exec(String(text));
    if (!m) return null;
    const precision = m[4] ? 4 : m[3] ? 3 : m[2] ? 2 : 1;
    const d = new Date(0);
    d.setUTCFullYear(+m[1], m[2] ? +m[2] - 1 : 0, m[3] ? +m[3] : 1);
    d.setUTCHours(+(m[4] || 0), +(m[5] || 0), +(m[6] || 0));
    const from = d.getTime() / 1000;
    return Number.isNaN(from) ? null : { from, to: periodEnd(from, precision) };
  }

  Object.assign(CF, { decodeColumn, isoPeriod, isoText });
})(typeof self === "undefined" ? globalThis : self);
