"""Made points, ports, corridors and polygons for the benchmarks: ``python -m tests.benchmarks.data FOLDER N ...``.

Nothing here is real. The border is a line of sixteen rounded vertices; ports stand at even steps along it;
corridors wander north and south from some of them; seven points in ten lie near the border, half of those around
ports, and the rest along the corridors. The 2,400 polygons are Voronoi cells, finer near the border, whose edges
are waved by a function of position alone, so that neighbours share them: some 220,000 vertices, as municipalities
have. The same call gives the same files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import shapely

SEED = 20091201
BORDER = np.array(
    [
        (-117.1, 32.5), (-114.7, 32.7), (-114.8, 32.5), (-111.1, 31.3), (-108.2, 31.3), (-108.2, 31.8), (-106.5, 31.8),
        (-105.0, 30.7), (-104.4, 29.5), (-103.2, 29.0), (-102.3, 29.9), (-101.4, 29.8), (-100.3, 28.3), (-99.5, 27.5),
        (-99.1, 26.4), (-97.1, 25.9),
    ]
)  # fmt: skip
EXTENT = (-121.0, 18.5, -94.5, 39.5)
PORTS = 29
CORRIDORS = 12
POLYGONS = 2400
KM = 1 / 111.0
"""A kilometre in degrees of latitude: near enough to scatter points by."""

AGENCIES = ("OFO", "USBP", "DEA", "HSI", "FGR", "SEDENA")
COMMODITIES = (
    ("cocaine", "kg"), ("heroin", "kg"), ("methamphetamine", "kg"), ("fentanyl", "kg"), ("marijuana", "kg"),
    ("firearms", "count"), ("ammunition", "count"), ("currency", "USD"),
)  # fmt: skip
SPOTS = ("lane", "checkpoint", "rail yard", "warehouse", "river bank", "airfield", "parcel hub", "house")
NOTES = (
    "{n} packages behind the dashboard; driver held, test pending",
    "dog alert at secondary, {n} bundles in the tank",
    "{n} rucksacks left by the trail, found by patrol",
    "freight declared as produce, {n} pallets opened",
    "joint operation, {n} arrests, see case file",
)


def along_border(share: np.ndarray) -> np.ndarray:
    """Return the points (n, 2) at `share` (0 to 1) of the border's length."""
    line = shapely.LineString(BORDER)
    return shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))


def ports() -> np.ndarray:
    """Return the ports' longitudes and latitudes (29, 2)."""
    return np.round(along_border(np.linspace(0.004, 0.996, PORTS)), 4)


def corridors() -> list[np.ndarray]:
    """Return the corridors' vertices, each (m, 2): six to the north, six to the south."""
    rng = np.random.default_rng(SEED + 1)
    lines = []
    for i, start in enumerate(ports()[np.linspace(0, PORTS - 1, CORRIDORS).astype(int)]):
        heading = 1 if i % 2 else -1
        steps = np.column_stack([rng.normal(0, 0.5, 9), heading * rng.uniform(0.3, 0.9, 9)])
        lines.append(np.round(np.vstack([start, start + np.cumsum(steps, axis=0)]), 4))
    return lines


def _scatter(rng: np.random.Generator, centres: np.ndarray, km: np.ndarray) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi, len(centres))
    return centres + (km * KM)[:, None] * np.column_stack([np.cos(angle) / np.cos(np.radians(30)), np.sin(angle)])


def places(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n longitudes and latitudes (n, 2), to six decimals."""
    kind = rng.choice(3, n, p=[0.35, 0.35, 0.30])
    nodes = np.vstack(corridors())
    weight = rng.dirichlet(np.full(PORTS, 0.8))
    centres = np.choose(
        kind[:, None],
        [
            ports()[rng.choice(PORTS, n, p=weight)],
            along_border(rng.random(n)),
            nodes[rng.integers(0, len(nodes), n)],
        ],
    )
    near = np.minimum(rng.exponential(7, n), 29)
    return np.round(_scatter(rng, centres, np.where(kind < 2, near, rng.gamma(2, 60, n))), 6)


def points_csv(n: int) -> str:
    """Return n made seizures as CSV, eleven columns."""
    rng = np.random.default_rng(SEED)
    lonlat = places(n, rng)
    days = np.datetime64("2005-01-01") + rng.integers(0, 7305, n)
    what = rng.integers(0, len(COMMODITIES), n)
    quantity = np.round(rng.lognormal(2.2, 1.4, n), 2)
    who, spot, port, note = (rng.integers(0, k, n) for k in (len(AGENCIES), len(SPOTS), PORTS, len(NOTES)))
    packages = rng.integers(1, 80, n)
    lines = ["event_id,date,agency,commodity,quantity,unit,direction,longitude,latitude,place,notes"]
    for i in range(n):
        name, unit = COMMODITIES[what[i]]
        way = "south" if what[i] > 4 else "north"
        lines.append(
            f"S{i:07d},{days[i]},{AGENCIES[who[i]]},{name},{quantity[i]},{unit},{way},{lonlat[i, 0]},{lonlat[i, 1]},"
            f'Port {port[i]:02d} {SPOTS[spot[i]]},"{NOTES[note[i]].format(n=packages[i])}"'
        )
    return "\n".join(lines) + "\n"


def polygons() -> np.ndarray:
    """Return the 2,400 cells as shapely polygons."""
    rng = np.random.default_rng(SEED + 2)
    west, south, east, north = EXTENT
    half = POLYGONS // 2
    near = along_border(rng.random(half)) + rng.normal(0, 0.9, (half, 2))
    far = np.column_stack([rng.uniform(west, east, POLYGONS - half), rng.uniform(south, north, POLYGONS - half)])
    seeds = np.clip(np.vstack([near, far]), (west + 0.01, south + 0.01), (east - 0.01, north - 0.01))
    box = shapely.box(*EXTENT)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=box))
    cells = shapely.segmentize(shapely.intersection(cells, box), 0.02)

    def wave(xy: np.ndarray) -> np.ndarray:
        x, y = xy.T
        return xy + 0.006 * np.column_stack([np.sin(41 * y + 9 * x), np.sin(37 * x - 15 * y)])

    return shapely.set_precision(shapely.make_valid(shapely.transform(cells, wave)), 1e-5)


def _features(rows: list[tuple[dict[str, object], str]]) -> str:
    features = ",\n".join(
        f'{{"type":"Feature","properties":{json.dumps(properties)},"geometry":{geometry}}}'
        for properties, geometry in rows
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'


def make(folder: Path, sizes: list[int]) -> None:
    """Write points_N.csv for each size, ports.csv, corridors.geojson and polygons.geojson into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in sizes:
        (folder / f"points_{n}.csv").write_text(points_csv(n), "utf-8")
    rows = [f"{9000 + i},Port {i:02d},{lon},{lat}" for i, (lon, lat) in enumerate(ports().tolist())]
    (folder / "ports.csv").write_text("\n".join(["port_code,port_name,longitude,latitude", *rows, ""]), "utf-8")
    lines = [
        ({"corridor_id": f"C{i:02d}", "corridor_name": f"Corridor {i:02d}"}, shapely.to_geojson(shapely.LineString(xy)))
        for i, xy in enumerate(corridors())
    ]
    (folder / "corridors.geojson").write_text(_features(lines), "utf-8")
    rates = np.round(np.random.default_rng(SEED + 3).gamma(1.5, 12, POLYGONS), 1).tolist()
    cells = [
        ({"area_id": f"M{i:04d}", "name": f"Cell {i}", "rate": rate}, shapely.to_geojson(cell))
        for i, (rate, cell) in enumerate(zip(rates, polygons(), strict=True))
    ]
    (folder / "polygons.geojson").write_text(_features(cells), "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]), [int(n) for n in sys.argv[2:]])
