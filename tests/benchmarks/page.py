"""What a page costs: bytes, seconds to the first points, frame times, settling, filters, memory.

    python tests/benchmarks/page.py                      # made pages of 1,000 and 100,000 points
    python tests/benchmarks/page.py --sizes 1000000
    python tests/benchmarks/page.py map.html other.html  # pages that exist

Not a test: it takes a minute, and its numbers hold for one machine. The made data are random points along the border
and 2,400 municipality-like polygons that share wiggled edges, with ten columns, so that sizes compare with other
tools on the same data. Method: the page is opened from disk in headless Chromium with the network refused. `seen` is
the time until a screenshot shows pixels in the colours of points (0.4 to 0.7 s of it is the harness); `first` is the
page's own clock. Frames are the gaps between animation frames while 10 drags and 10 wheel zooms are sent; `settle`
is a change of view until all tiles are painted; `filter` is a filter until all tiles are repainted.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

BROWSER_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--enable-precise-memory-info"]
POINT_COLORS = np.array([[40, 104, 181], [208, 101, 27]])
WIDTH, HEIGHT = 1280, 800
BORDER = np.array(
    [
        (-117.12, 32.53), (-114.72, 32.72), (-114.81, 32.49), (-111.08, 31.33), (-108.21, 31.33), (-108.21, 31.78),
        (-106.53, 31.78), (-104.92, 30.62), (-103.15, 28.98), (-102.32, 29.88), (-101.4, 29.77), (-100.3, 28.27),
        (-99.45, 27.02), (-97.15, 25.96),
    ]
)  # fmt: skip


def made_polygons(n: int = 2400) -> np.ndarray:
    """Voronoi cells, denser along the border, whose edges are wiggled by position alone, so that they stay shared."""
    rng = np.random.default_rng(7)
    near = BORDER[rng.integers(0, len(BORDER), n // 2)] + rng.normal(0, 0.9, (n // 2, 2))
    far = np.column_stack([rng.uniform(-121, -94.5, n - n // 2), rng.uniform(18.5, 39.5, n - n // 2)])
    frame = shapely.box(-121.5, 18, -94, 40)
    seeds = np.clip(np.vstack([near, far]), (-121, 18.5), (-94.5, 39.5))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 0.02)

    def wiggle(xy: np.ndarray) -> np.ndarray:
        x, y = xy[:, 0], xy[:, 1]
        dx = 0.006 * np.sin(37 * y + 11 * x) + 0.003 * np.sin(151 * y - 60 * x)
        dy = 0.006 * np.sin(41 * x - 13 * y) + 0.003 * np.sin(143 * x + 70 * y)
        return np.column_stack([x + dx, y + dy])

    return shapely.make_valid(shapely.transform(cells, wiggle))


def made_events(n: int) -> tuple[pa.Table, pa.Table]:
    """Events of random attributes: independent, so nearly incompressible."""
    rng = np.random.default_rng(20241231)
    along = rng.uniform(0, len(BORDER) - 1.001, n)
    k = along.astype(int)
    on_line = BORDER[k] + (BORDER[k + 1] - BORDER[k]) * (along - k)[:, None]
    spread = np.where(rng.random(n) < 0.7, 0.08, 1.2)
    xy = np.round(on_line + rng.normal(0, 1, (n, 2)) * spread[:, None], 6)
    days = np.datetime64("2005-01-01") + rng.integers(0, 7305, n)
    pick = lambda *names: np.array(names)[rng.integers(0, len(names), n)].tolist()  # noqa: E731
    what = rng.integers(0, 8, n)
    group = np.array(["drug"] * 5 + ["firearm", "currency", "other"])[what]
    places = [f"Place {i}" for i in range(290)]
    notes = [
        f"{a}, {b} packages, lab test pending"
        for a in ("Spare tyre", "Fuel tank", "Patrol", "Drop", "Crate", "Van")
        for b in range(79)
    ]
    table = pa.table(
        {
            "event_id": [f"S{i:07d}" for i in range(n)],
            "longitude": xy[:, 0],
            "latitude": xy[:, 1],
            "start": days.astype(str).tolist(),
            "agency": pick("CBP OFO", "USBP", "DEA", "HSI", "FGR", "SEDENA"),
            "direction": np.where(np.isin(group, ["firearm", "currency"]), "south", "north").tolist(),
            "context": pick("port", "between_ports", "checkpoint", "interior"),
            "group": group.tolist(),
            "place": pick(*places),
            "notes": pick(*notes),
            "port_code": pick(*[f"{2400 + i}" for i in range(29)]),
            "port_distance_m": np.round(rng.gamma(2, 9000, n), -2),
        }
    )
    names = ("cocaine", "heroin", "methamphetamine", "fentanyl", "marijuana", "firearms", "currency", "precursors")
    items = pa.table(
        {
            "event_row": np.arange(n),
            "commodity": np.array(names)[what].tolist(),
            "quantity": np.round(rng.lognormal(2.2, 1.4, n), 2),
            "unit": np.array(["kg"] * 5 + ["count", "USD", "L"])[what].tolist(),
        }
    )
    return table, items


def made_page(n: int) -> str:
    """Return a page of `n` events over 2,400 polygons."""
    from geo.encode.payload import PageWords, encode
    from geo.layer import Field, Layer, LayerData, LegendClass, Style, Symbol
    from geo.page.bundle import page
    from geo.privacy.release import release

    def words(text: str) -> dict[str, str]:
        return {"en": text, "es": text}

    def layer(name: str, group: str, order: int) -> Layer:
        return Layer(name, words(name), words(name), group, (), lambda tables, options: None, order=order)  # type: ignore[arg-type, return-value]

    cells = made_polygons()
    classes = tuple(LegendClass(str(k), words(str(k)), Symbol("area", fill=f"violence-{k + 1}")) for k in range(5))
    areas = LayerData(
        "areas",
        pa.table({"class": pa.array(np.random.default_rng(1).integers(0, 5, len(cells)), pa.int32())}),
        (),
        classes,
        style=Style(class_column="class"),
        geometry=cells,
    )
    table, items = made_events(n)
    kinds = {"start": "date", "port_distance_m": "number", "quantity": "number"}
    fields = [
        tuple(Field(c, words(c), kinds.get(c, "text")) for c in t.schema.names[skip:])
        for t, skip in ((table, 3), (items, 1))
    ]  # type: ignore[arg-type]
    symbology = {
        "color": {"field": "direction", "values": {"north": "north", "south": "south", "unknown": "unknown"}},
        "shape": {
            "field": "group",
            "values": {"drug": "circle", "firearm": "square", "currency": "diamond", "other": "cross"},
        },
        "ring": {"field": "context", "values": {"port": "single", "between_ports": "dashed", "checkpoint": "double"}},
    }
    events = LayerData(
        "events",
        table,
        (Field("event_id", words("id")), *fields[0]),
        items=items,
        item_fields=fields[1],
        parameters={"symbology": symbology},
    )
    released = [release(layer("areas", "violence", 10), areas), release(layer("seizures", "seizures", 60), events)]
    return page(encode(released, PageWords()), {"version": "benchmark"})


def points_seen(png: bytes | None) -> int:
    """Pixels of a screenshot in the colours of points."""
    from PIL import Image

    if png is None:
        return 0
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    return int(sum((np.abs(image - color).max(axis=2) < 30).sum() for color in POINT_COLORS))


SETTLE = """async (views) => {
  const CF = window.__cf, out = [];
  for (const zoom of views) {
    const t = performance.now();
    contraflow.setView({ lon: -106.5, lat: 31.7, zoom });
    await new Promise((r) => setTimeout(r));
    for (const tiles of [CF.points, CF.ground])
      while (!tiles.isSettled()) await new Promise((r) => tiles.once("settled", r));
    out.push(Math.round(performance.now() - t));
    await new Promise((r) => setTimeout(r, 150));
  }
  return out;
}"""
FILTER = """async (specs) => {
  const CF = window.__cf, out = [];
  for (const spec of specs) {
    const t = performance.now();
    contraflow.filter(spec);
    const mask = performance.now() - t;
    if (!CF.points.isSettled()) await new Promise((r) => CF.points.once("settled", r));
    out.push([Math.round(mask), Math.round(performance.now() - t), contraflow.stats.shown]);
    await new Promise((r) => setTimeout(r, 150));
  }
  contraflow.filter({});
  return out;
}"""
FRAMES = """() => { window.__f = []; let t = performance.now();
  const s = () => { const u = performance.now(); window.__f.push(u - t); t = u; requestAnimationFrame(s); };
  requestAnimationFrame(s); }"""


def measure(playwright: Any, path: Path, chromium: str) -> dict[str, Any]:
    """Open one page and drive it."""
    browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGS)
    try:
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        began = time.perf_counter()
        page.goto(path.resolve().as_uri(), wait_until="commit")
        while points_seen(_screenshot(page)) < 40:
            if time.perf_counter() - began > 60:
                raise SystemExit(f"{path}: no points within a minute; {errors[:1]}")
            time.sleep(0.02)
        seen = time.perf_counter() - began
        page.evaluate("contraflow.loaded")
        out = {
            "file": path.name,
            "MB": round(path.stat().st_size / 1e6, 2),
            "seen_s": round(seen, 2),
            **page.evaluate("contraflow.stats"),
        }
        out["loaded_s"] = round(time.perf_counter() - began, 2)
        time.sleep(1)
        page.evaluate(FRAMES)
        _gestures(page)
        frames = np.array(page.evaluate("window.__f"))
        page.wait_for_timeout(800)  # the last zoom runs out
        out |= {
            f"frame_{q}_ms": round(float(np.percentile(frames, p)), 1)
            for q, p in (("p50", 50), ("p95", 95), ("max", 100))
        }
        out["settle_ms"] = page.evaluate(SETTLE, [4, 5, 6, 7, 8, 9, 10, 12, 14])
        specs = [{"direction": "south"}, {"commodity": ["heroin", "fentanyl"]}, {"start": "2010", "end": "2012-06"}]
        out["filter_ms"] = page.evaluate(FILTER, specs)
        cdp = context.new_cdp_session(page)
        cdp.send("HeapProfiler.collectGarbage")
        cdp.send("Performance.enable")
        metrics = {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}
        out["heap_MiB"] = round(metrics["JSHeapUsedSize"] / 2**20, 1)
        out["renderer_RSS_MiB"] = _renderer_rss()
        out["errors"] = errors
        return out
    finally:
        browser.close()


def _screenshot(page: Any) -> bytes | None:
    from playwright.sync_api import Error

    try:
        return page.screenshot(animations="allow")
    except Error:  # too early in the page's life to capture
        return None


def _gestures(page: Any) -> None:
    x, y = WIDTH // 2, HEIGHT // 2
    for i in range(10):
        dx, dy = [(120, 0), (-120, 60), (0, -60), (60, 60), (-60, -60)][i % 5]
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=8)
        page.mouse.up()
        page.mouse.wheel(0, -240 if i % 2 == 0 else 240)
        page.wait_for_timeout(120)


def _renderer_rss() -> float | None:
    """Largest resident memory of a renderer process (Linux only)."""
    best = None
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if "--type=renderer" not in (status.parent / "cmdline").read_text():
                continue
            rss = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        except (OSError, StopIteration):
            continue
        best = max(best or 0, round(int(rss.split()[1]) / 1024, 1))
    return best


def main() -> None:
    """Measure and print one line of JSON a run."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--sizes", nargs="*", type=int, default=[1000, 100_000])
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        paths = list(given.pages)
        for n in [] if paths else given.sizes:
            began = time.perf_counter()
            html = made_page(n)
            paths.append(Path(folder) / f"made_{n}.html")
            paths[-1].write_text(html, encoding="utf-8")
            print(json.dumps({"made": n, "seconds": round(time.perf_counter() - began, 2)}), flush=True)
        for path in paths:
            for _ in range(given.repeat):
                print(json.dumps(measure(playwright, path, given.chromium)), flush=True)


if __name__ == "__main__":
    main()
