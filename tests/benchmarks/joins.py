"""How fast, how large and how exact the joins are: ``python -m tests.benchmarks.joins [N ...]``.

The same points, ports, corridors and polygons go through contraflow's joins; through the usual fast way to do it on
the ellipsoid (a KD-tree over ports and over corridor vertices a kilometre apart, the foot on the neighbouring chords,
one geodesic an answer); and through geopandas in a projection of Mexico. Each runs in a fresh process, in turn.
Seconds are those of the joins, without reading and importing; ``cpu`` counts all cores. Errors are the largest
against golden section on every edge, with pyproj.Geod alone, at a sample of the points. Contraflow also gives
bearing, runner-up and side, which the others do not.

``--data FOLDER`` takes ``points_N.csv``, ``ports.csv``, ``corridors.geojson`` and ``polygons.geojson`` from there
instead of making them. Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.measure import Contender, measure

SAMPLE = 300
CHUNK = 100_000


class Case:
    """The data of a folder, as arrays."""

    def __init__(self, folder: Path, size: int) -> None:
        from pyarrow import csv

        points, ports = (csv.read_csv(folder / name) for name in (f"points_{size}.csv", "ports.csv"))
        self.lon, self.lat = (points[name].to_numpy() for name in ("longitude", "latitude"))
        self.ports = ports.select(["longitude", "latitude"])
        self.corridors = _shapes(folder / "corridors.geojson")
        self.polygons = _shapes(folder / "polygons.geojson")
        self.sample = np.random.default_rng(1).choice(size, min(SAMPLE, size), replace=False)


def _shapes(path: Path) -> np.ndarray:
    import shapely

    features = json.loads(path.read_text("utf-8"))["features"]
    return np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in features], dtype=object)


class Laps:
    """Seconds and processor seconds of one step after the other."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start()

    def _start(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        self.laps[f"{name}_s"] = time.perf_counter() - self.wall
        self.laps[f"{name}_cpu_s"] = time.process_time() - self.cpu
        self._start()


def contraflow(case: Case) -> tuple[Laps, Any, Any]:
    """Join with contraflow, whole tables of columns."""
    import pyarrow as pa

    from geo.join.border import side_of_border
    from geo.join.corridor import nearest_corridor
    from geo.join.nearest import nearest_port
    from geo.join.polygon import within_areas
    from geo.read import seeds
    from geo.table import Features

    border = [seeds.features(name) for name in ("border", "us_states", "mx_states")]
    areas = [Features(pa.table({"id": np.arange(len(g))}), g) for g in (case.corridors, case.polygons)]
    nearest_port(case.lon[:1], case.lat[:1], case.ports)  # imports what it needs
    laps = Laps()
    ports = nearest_port(case.lon, case.lat, case.ports)
    laps.lap("ports")
    corridors = nearest_corridor(case.lon, case.lat, areas[0])
    laps.lap("corridors")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    within_areas(case.lon, case.lat, areas[1])
    laps.lap("polygons")
    side_of_border(case.lon, case.lat, *border)
    laps.lap("border")
    laps.laps["ports_corridors_peak_mib"] = peak
    return laps, ports["port_distance_m"].to_numpy(), corridors["corridor_distance_m"].to_numpy()


def kdtree(case: Case) -> tuple[Laps, Any, Any]:
    """Join by KD-trees and chords: the nearest vertex is taken to lie on the nearest edge."""
    import shapely
    from pyproj import Geod
    from scipy.spatial import cKDTree

    from geo.geodesy import chainages_m, densify, ecef

    geod, n = Geod(ellps="WGS84"), len(case.lon)
    x, y = (case.ports[name].to_numpy() for name in ("longitude", "latitude"))
    laps = Laps()
    tree, port_m = cKDTree(ecef(x, y).T), np.empty(n)
    for at in range(0, n, CHUNK):
        lon, lat = case.lon[at : at + CHUNK], case.lat[at : at + CHUNK]
        chord, index = tree.query(ecef(lon, lat).T, k=2)
        port_m[at : at + CHUNK] = geod.inv(lon, lat, x[index[:, 0]], y[index[:, 0]])[2]
        close = np.flatnonzero(chord[:, 1] < 1.01 * chord[:, 0])
        second = geod.inv(lon[close], lat[close], x[index[close, 1]], y[index[close, 1]])[2]
        port_m[at + close] = np.minimum(port_m[at + close], second)
    laps.lap("ports")
    dense = [densify(*shapely.get_coordinates(line).T, 1000.0) for line in case.corridors]
    owner = np.repeat(np.arange(len(dense)), [len(d[0]) for d in dense])
    x, y = np.concatenate([d[0] for d in dense]), np.concatenate([d[1] for d in dense])
    along = np.concatenate([chainages_m(*d) for d in dense])
    vertex = ecef(x, y).T
    tree, corridor_m = cKDTree(vertex), np.empty(n)
    for at in range(0, n, CHUNK):
        lon, lat = case.lon[at : at + CHUNK], case.lat[at : at + CHUNK]
        point = ecef(lon, lat).T
        start = np.tile(tree.query(point, k=2)[1], 2)
        end = np.clip(start + np.array([-1, -1, 1, 1]), 0, len(x) - 1)
        end = np.where(owner[end] == owner[start], end, start)
        best = np.full(len(lon), np.inf)
        foot_lon, foot_lat, chainage = np.empty((3, len(lon)))
        for a, b in zip(start.T, end.T, strict=True):
            chord = vertex[b] - vertex[a]
            share = ((point - vertex[a]) * chord).sum(axis=1) / np.maximum((chord * chord).sum(axis=1), 1e-9)
            share = np.clip(share, 0, 1)
            square = ((point - vertex[a] - share[:, None] * chord) ** 2).sum(axis=1)
            better = square < best
            best[better] = square[better]
            for kept, values in ((foot_lon, x), (foot_lat, y), (chainage, along)):
                kept[better] = (values[a] + share * (values[b] - values[a]))[better]
        corridor_m[at : at + CHUNK] = geod.inv(lon, lat, foot_lon, foot_lat)[2]
    laps.lap("corridors")
    polygons = shapely.STRtree(case.polygons)
    for at in range(0, n, CHUNK):
        polygons.query(shapely.points(case.lon[at : at + CHUNK], case.lat[at : at + CHUNK]), predicate="intersects")
    laps.lap("polygons")
    return laps, port_m, corridor_m


def geopandas(case: Case) -> tuple[Laps, Any, Any]:
    """Join by sjoin_nearest and sjoin in EPSG:6372: distances in a plane."""
    import geopandas as gpd

    def frame(shapes: Any) -> Any:
        return gpd.GeoDataFrame(geometry=shapes, crs=4326).to_crs(6372)

    laps = Laps()
    points = frame(gpd.points_from_xy(case.lon, case.lat))
    ports = frame(gpd.points_from_xy(*(case.ports[name].to_numpy() for name in ("longitude", "latitude"))))
    lines, cells = frame(case.corridors), frame(case.polygons)
    laps.lap("projection")
    found = []
    for name, layer in (("ports", ports), ("corridors", lines)):
        near = gpd.sjoin_nearest(points, layer, distance_col="distance_m")
        found.append(near[~near.index.duplicated()]["distance_m"].to_numpy())
        laps.lap(name)
    gpd.sjoin(points, cells, predicate="intersects")
    laps.lap("polygons")
    return laps, *found


METHODS: dict[str, Callable[[Case], tuple[Laps, Any, Any]]] = {
    "contraflow": contraflow,
    "kdtree": kdtree,
    "geopandas": geopandas,
}


def truth(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return distances of the sample to the nearest port and corridor: all pairs, golden section on all edges."""
    import shapely

    from geo.geodesy import direct, distance_m, inverse

    lon, lat = case.lon[case.sample, None], case.lat[case.sample, None]
    port_m = distance_m(lon, lat, *(case.ports[name].to_numpy() for name in ("longitude", "latitude"))).min(axis=1)
    corridor_m = np.full(len(lon), np.inf)
    for line in case.corridors:
        x, y = shapely.get_coordinates(line).T
        azimuth, _, length = inverse(x[:-1], y[:-1], x[1:], y[1:])

        def measured(along: Any, start: Any = (x[:-1], y[:-1]), way: Any = azimuth) -> Any:
            a, b, _ = direct(*start, way, along)
            return distance_m(a, b, lon, lat)

        low, high = np.zeros((len(lon), len(length))), np.tile(length, (len(lon), 1))
        for _ in range(40):
            one, two = high - 0.618034 * (high - low), low + 0.618034 * (high - low)
            lower = measured(one) < measured(two)
            high, low = np.where(lower, two, high), np.where(lower, low, one)
        for along in ((low + high) / 2, np.zeros_like(low), np.tile(length, (len(lon), 1))):
            corridor_m = np.minimum(corridor_m, measured(along).min(axis=1))
    return port_m, corridor_m


def one(method: str, folder: Path, size: int) -> None:
    """Run one method in this process and print its numbers."""
    case = Case(folder, size)
    laps, port_m, corridor_m = METHODS[method](case)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    known = folder / f"truth_{size}.npz"
    if not known.exists():
        np.savez(known, *truth(case))
    true_port, true_corridor = np.load(known).values()
    print(
        json.dumps(
            laps.laps
            | {"joined_s": sum(v for k, v in laps.laps.items() if k.endswith("_s") and not k.endswith("_cpu_s"))}
            | {
                "peak_mib": peak,
                "port_error_m": float(np.abs(port_m[case.sample] - true_port).max()),
                "corridor_error_m": float(np.abs(corridor_m[case.sample] - true_corridor).max()),
            }
        )
    )


def table(rows: list[dict[str, object]]) -> str:
    """Return rows as aligned text."""
    names = list(dict.fromkeys(name for row in rows for name in row))

    def text(value: object) -> str:
        return "" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)

    cells = [names, *([text(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return "\n".join("  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in cells)


def main(given: list[str] | None = None) -> int:
    """Run the methods in turn and print medians; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.joins")
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000], metavar="N")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args(given)
    if asked.one:
        one(asked.one[0], Path(asked.one[1]), int(asked.one[2]))
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="contraflow-joins-") as made:
        folder = asked.data or Path(made)
        if asked.data is None:
            from tests.benchmarks.data import make

            make(folder, asked.sizes)
        rows: list[dict[str, object]] = []
        for size in asked.sizes:
            contenders = [
                Contender("joins", m, (sys.executable, "-m", __spec__.name, "--one", m, str(folder), str(size)))
                for m in asked.methods
            ]
            for result in measure(contenders, asked.runs, 600, lambda step: print(step, file=sys.stderr)):
                failed |= bool(result.trouble)
                medians = {name: statistics.median(values) for name, values in result.extra.items()}
                rows.append({"points": size, "method": result.contender.who} | medians | {"note": result.trouble})
        print(table(rows))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
