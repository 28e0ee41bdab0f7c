"""The page's own decoder, run by node."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import geo.page

ENGINE = Path(geo.page.__file__).parent / "js" / "engine"
SCRIPTS = ("namespace", "decode", "columns", "shapes", "mercator")
LOOP = """
const CF = globalThis.__cf;
const bytes = (data) => Uint8Array.from(Buffer.from(data, "base64"));
const columns = (list, rows) =>
  new Map(list.map((c) => [c.name, CF.decodeColumn(c.meta, bytes(c.data), rows, new Map())]));
const jobs = {
  column({ meta, data, rows }) {
    const column = CF.decodeColumn(meta, bytes(data), rows);
    return Array.from({ length: rows }, (_, i) => column.get(i));
  },
  follow({ meta, data, rows, others }) {
    const column = CF.decodeColumn(meta, bytes(data), rows, columns(others, rows));
    return Array.from({ length: rows }, (_, i) => column.get(i));
  },
  codes({ meta, data, rows, others }) {
    const column = CF.decodeColumn(meta, bytes(data), rows, columns(others, rows));
    return { codes: Array.from(column.codes), values: column.values };
  },
  spans({ meta, data, rows }) {
    const column = CF.decodeColumn(meta, bytes(data), rows);
    return Array.from({ length: rows }, (_, i) => [column.from(i), column.to(i)]);
  },
  period: ({ text }) => CF.isoPeriod(text),
  keys({ meta, data, rows }) {
    const { x, y } = CF.decodeColumn(meta, bytes(data), rows);
    return [Array.from(x), Array.from(y)];
  },
  places({ meta, data, rows }) {
    const { x, y } = CF.decodeColumn(meta, bytes(data), rows);
    return Array.from(x, (v, i) => [CF.cellLon(v), CF.cellLat(y[i])]);
  },
  tile({ meta, data, rows, z, tx, ty }) {
    const { x, y } = CF.decodeColumn(meta, bytes(data), rows);
    return CF.tileRows(x, y, z, tx, ty);
  },
  box({ meta, data, rows, box }) {
    const { x, y } = CF.decodeColumn(meta, bytes(data), rows);
    return CF.boxRows(x, y, ...box);
  },
  shapes({ meta, data }) {
    const shapes = CF.decodeShapes(meta, bytes(data));
    return Array.from({ length: shapes.rows }, (_, i) => CF.shapePaths(shapes, i).map((p) => Array.from(p)));
  },
  async inflate({ text, size }) {
    return new TextDecoder().decode(await CF.inflate(CF.fromText(text, size)));
  },
  octets: ({ text, size }) => Array.from(CF.fromText(text, size)),
};
require("node:readline").createInterface({ input: process.stdin }).on("line", async (line) => {
  const { job, ...rest } = JSON.parse(line);
  let out;
  try { out = { ok: await jobs[job](rest) }; } catch (error) { out = { error: String(error) }; }
  process.stdout.write(JSON.stringify(out) + "\\n");
});
"""


class Decoder:
    """Asks the JavaScript decoder."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, job: str, encoded=None, rows: int = 0, **more):
        if encoded is not None:
            more |= {
                "meta": encoded.meta | {"offset": 0},
                "data": base64.b64encode(encoded.data).decode(),
                "rows": rows,
            }
        self.process.stdin.write(json.dumps({"job": job, **more}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer["ok"]


@pytest.fixture(scope="session")
def decoder():
    """Return the page's decoder; the tests that need it are skipped where there is no node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the page's decoder cannot be run outside a browser")
    source = "\n".join((ENGINE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS) + LOOP
    with subprocess.Popen(
        [node, "-e", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Decoder(process)
        process.stdin.close()
