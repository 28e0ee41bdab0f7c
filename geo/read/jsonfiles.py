"""JSON: records, GeoJSON and TopoJSON, without a detour through a data frame.

A plain FeatureCollection is read with the json module and shapely. Members that are objects become columns
named ``outer.inner``; lists stay as JSON text. Numbers, texts and booleans keep their type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import ReadError
from geo.read.crs import geometry_to_wgs84, refuse_metres
from geo.read.reading import Guess, Reading, ReadOptions, numbered
from geo.read.sniff import to_utf8
from geo.read.text import printable
from geo.table import ObjectArray

_CONTAINERS = ("data", "results", "records", "rows", "items", "features", "value")
_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
)


def read_json(data: bytes, name: str, options: ReadOptions) -> Reading:
    """Return the records or features of a JSON file.

    Raises
    ------
    ReadError
        It is not JSON (the message names the line), or holds no records.
    CRSError
        Its coordinates are not degrees and no system is named.
    """
    data, guesses = to_utf8(data, name, options.encoding)
    content = _parsed(data, name)
    if isinstance(content, dict) and content.get("type") == "Topology":
        from geo.read.topojson import features_of

        features, more = features_of(content, name, options.sheet)
        return _from_features(features, name, options, form="topojson", guesses=guesses + more, declared=None)
    features_found = _features(content)
    if features_found is not None:
        crs = _declared_crs(content)
        return _from_features(features_found, name, options, form="geojson", guesses=guesses, declared=crs)
    records, where = _records(content, name)
    if where:
        guesses = (*guesses, Guess("records", where, "the list of objects in the file"))
    table = table_from_records(records)
    return Reading(name, "json", table, numbered(len(table)), guesses=guesses)


def _parsed(data: bytes, name: str) -> Any:
    try:
        return _loaded(data)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or data.lstrip().startswith(b"\x1e"):
            return _lines(data, name)
        raise ReadError(f"{name}, row {error.lineno}: not valid JSON ({error.msg}); mend or export it again") from None
    except (RecursionError, ValueError) as error:
        raise ReadError(f"{name}: not valid JSON ({error}); export it again") from None


def _loaded(data: bytes) -> Any:
    r"""Parse JSON; half of a pair of escapes such as \ud83d, which is no character, becomes the sign for that."""
    content = json.loads(data)
    return _whole(content) if re.search(rb"\\u[dD][89a-fA-F]", data) else content


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {printable(key): _whole(inner) for key, inner in value.items()}
    return value


def _lines(data: bytes, name: str) -> list[Any]:
    """Read one JSON value a line (NDJSON, GeoJSON text sequences)."""
    values = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        text = line.strip(b" \t\r\x1e")
        if not text:
            continue
        try:
            values.append(_loaded(text))
        except ValueError as error:
            raise ReadError(f"{name}, row {number}: not valid JSON ({error}); one object a line is read") from None
    return values


def _features(content: Any) -> list[Mapping[str, Any]] | None:
    """Return the features of GeoJSON; None where it is something else."""
    if isinstance(content, dict):
        kind = content.get("type")
        if kind == "FeatureCollection" and isinstance(content.get("features"), list):
            return [f for f in content["features"] if isinstance(f, dict)]
        if kind == "Feature":
            return [content]
        if kind in _GEOMETRIES and ("coordinates" in content or "geometries" in content):
            return [{"type": "Feature", "properties": {}, "geometry": content}]
    if isinstance(content, list) and content and all(map(_is_feature, content)):
        return content
    return None


def _is_feature(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "Feature" and "geometry" in value


def _declared_crs(content: Any) -> str | None:
    """Return the system of the old ``crs`` member, where there is one."""
    crs = content.get("crs") if isinstance(content, dict) else None
    named = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return str(named) if named else None


def _from_features(
    features: Sequence[Mapping[str, Any]],
    name: str,
    options: ReadOptions,
    *,
    form: str,
    guesses: tuple[Guess, ...],
    declared: str | None,
) -> Reading:
    crs = options.crs or declared
    geometry = geometries([f.get("geometry") for f in features], name)
    check_degrees(geometry, crs, name)
    rows = [_properties(f) for f in features]
    table = table_from_records(rows)
    return Reading(
        name=name,
        format=form,
        table=table,
        row_numbers=numbered(len(features)),
        geometry=geometry_to_wgs84(geometry, crs),
        crs=crs or "OGC:CRS84",
        guesses=guesses,
    )


def check_degrees(geometry: ObjectArray, crs: str | None, name: str) -> None:
    """Raise CRSError where no system is known and the coordinates are too large for degrees."""
    if crs is not None:
        return
    import shapely

    bounds = shapely.bounds(geometry)
    if len(bounds):
        refuse_metres(bounds[:, 0], bounds[:, 1], name)


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    row = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature and "id" not in row:
        row = {"id": feature["id"], **row}
    return row


def geometries(members: Sequence[Any], name: str) -> ObjectArray:
    """Return shapely geometries of GeoJSON geometry members; None where there is none.

    Points are made in one go; the others one by one.

    Raises
    ------
    ReadError
        A member is no geometry; the message names the feature.
    """
    import shapely

    made = np.full(len(members), None, dtype=object)
    at: list[int] = []
    points: list[tuple[float, float]] = []
    for i, member in enumerate(members):
        if not member:
            continue
        try:
            if member["type"] == "Point":
                if member["coordinates"]:
                    x, y = member["coordinates"][:2]
                    points.append((float(x), float(y)))
                    at.append(i)
                continue
            made[i] = shapely.from_geojson(json.dumps(member))
        except (TypeError, ValueError, KeyError, shapely.errors.GEOSException):
            said = json.dumps(member, ensure_ascii=False)[:60]
            raise ReadError(f"{name}, feature {i + 1}: {said} is no geometry; mend or leave out the feature") from None
    if at:
        made[at] = shapely.points(np.array(points, dtype=np.float64))
    return made


def _records(content: Any, name: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return the objects of a JSON file and the member they stand under."""
    if isinstance(content, list):
        objects = [row for row in content if isinstance(row, dict)]
        if objects and len(objects) == len(content):
            return objects, None
        # A header row and rows of values, as some services send.
        if len(content) > 1 and all(isinstance(row, list) for row in content):
            return [dict(zip(map(str, content[0]), row, strict=False)) for row in content[1:]], None
        if not content:
            return [], None
    if isinstance(content, dict):
        header, values = content.get("columns"), content.get("data")
        if isinstance(header, list) and isinstance(values, list) and all(isinstance(row, list) for row in values):
            return [dict(zip(map(str, header), row, strict=False)) for row in values], None
        for member in (*_CONTAINERS, *content):
            inner = content.get(member)
            if isinstance(inner, list) and inner and all(isinstance(row, dict) for row in inner):
                return inner, member
        if content and all(isinstance(column, list) for column in content.values()):
            lengths = {len(column) for column in content.values()}
            if len(lengths) == 1:
                return [dict(zip(content, row, strict=True)) for row in zip(*content.values(), strict=True)], None
    raise ReadError(f"{name}: JSON without records; a list of objects or a FeatureCollection is read")


def table_from_records(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return a table with a column for every key, in order of first appearance.

    Parameters
    ----------
    rows
        Objects of JSON values. A key that a row lacks is null there.
    """
    flat = [_flat(row) for row in rows]
    names = dict.fromkeys(key for row in flat for key in row)
    return pa.table({name: typed_array([row.get(name) for row in flat]) for name in names} or {})


def _flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            if value.get("type") in _GEOMETRIES and "coordinates" in value:
                found[prefix + key] = _wkt(value)
            else:
                found.update(_flat(value, f"{prefix}{key}."))
        elif isinstance(value, list):
            found[prefix + key] = json.dumps(value, ensure_ascii=False)
        else:
            found[prefix + key] = value
    return found


def _wkt(member: Mapping[str, Any]) -> str | None:
    import shapely

    geometry = geometries([member], "geometry")[0]
    return None if geometry is None else str(shapely.to_wkt(geometry, rounding_precision=-1))


def typed_array(values: Sequence[Any]) -> pa.Array:
    """Return a column of JSON values: numbers, booleans or text; text where the kinds are mixed."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_() if kinds else pa.string())
    if kinds == {int} and all(abs(value) < 1 << 63 for value in values if value is not None):
        return pa.array(values, pa.int64())
    if kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values], pa.float64(), from_pandas=True)
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool) else str(value)
