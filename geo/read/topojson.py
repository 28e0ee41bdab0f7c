"""TopoJSON: shared arcs put back together into GeoJSON features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from geo.errors import ReadError, UsageError
from geo.read.reading import Guess

Position: TypeAlias = Sequence[float]


def features_of(
    topology: Mapping[str, Any], name: str, chosen: str | None
) -> tuple[list[Mapping[str, Any]], tuple[Guess, ...]]:
    """Return the features of one object of a topology.

    Parameters
    ----------
    topology
        Parsed TopoJSON.
    name
        Name of the file, for messages.
    chosen
        Name of the object, or its number from 1; needed where there are several.

    Raises
    ------
    UsageError
        The file has no such object.
    ReadError
        It has several and none is chosen, or is broken.
    """
    objects = topology.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise ReadError(f"{name}: TopoJSON without objects; export it again")
    names = list(objects)
    if chosen is None and len(names) > 1:
        raise ReadError(f"{name}: has the layers {', '.join(names)}; choose one with --sheet")
    picked = names[0] if chosen is None else chosen
    if picked not in objects and picked.isdigit() and 1 <= int(picked) <= len(names):
        picked = names[int(picked) - 1]
    if picked not in objects:
        raise UsageError(f"--sheet {chosen}: {name} has the layers {', '.join(names)}")
    try:
        arcs = _arcs(topology)
        members = objects[picked].get("geometries", [objects[picked]])
        features = [_feature(member, arcs, topology) for member in members]
    except (KeyError, IndexError, TypeError) as error:
        raise ReadError(f"{name}: broken TopoJSON ({error!r}); export it again") from None
    return features, (Guess("layer", picked, f"{len(features)} features"),)


def _arcs(topology: Mapping[str, Any]) -> list[list[Position]]:
    transform = topology.get("transform")
    if not transform:
        return [[p[:2] for p in arc] for arc in topology["arcs"]]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line: list[Position] = []
        for dx, dy in (p[:2] for p in arc):
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        decoded.append(line)
    return decoded


def _line(indexes: Sequence[int], arcs: Sequence[Sequence[Position]]) -> list[Position]:
    """Join arcs end to end; a negative index ~i is arc i backwards."""
    points: list[Position] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _ring(indexes: Sequence[int], arcs: Sequence[Sequence[Position]]) -> list[Position]:
    """Join arcs to a ring; where quantising left fewer than four positions, the last is repeated."""
    ring = _line(indexes, arcs)
    while len(ring) < 4:
        ring.append(ring[-1])
    return ring


def _feature(
    member: Mapping[str, Any], arcs: Sequence[Sequence[Position]], topology: Mapping[str, Any]
) -> Mapping[str, Any]:
    properties = dict(member.get("properties") or {})
    if "id" in member and "id" not in properties:
        properties = {"id": member["id"], **properties}
    return {"type": "Feature", "properties": properties, "geometry": _geometry(member, arcs, topology)}


def _geometry(
    member: Mapping[str, Any], arcs: Sequence[Sequence[Position]], topology: Mapping[str, Any]
) -> dict[str, Any] | None:
    kind = member.get("type")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_geometry(m, arcs, topology) for m in member["geometries"]]}
    if kind in ("Point", "MultiPoint"):
        raw = [member["coordinates"]] if kind == "Point" else member["coordinates"]
        points = [_position(p, topology) for p in raw]
        return {"type": kind, "coordinates": points[0] if kind == "Point" else points}
    indexes = member["arcs"]
    coordinates: Any
    if kind == "LineString":
        coordinates = _line(indexes, arcs)
    elif kind == "MultiLineString":
        coordinates = [_line(line, arcs) for line in indexes]
    elif kind == "Polygon":
        coordinates = [_ring(ring, arcs) for ring in indexes]
    else:
        coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in indexes]
    return {"type": kind, "coordinates": coordinates}


def _position(position: Position, topology: Mapping[str, Any]) -> Position:
    transform = topology.get("transform")
    if not transform:
        return position[:2]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    return (position[0] * sx + tx, position[1] * sy + ty)
