"""Layers that GDAL reads: shapefile, GeoPackage, FlatGeobuf, KML and GPX."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import ReadError, UsageError
from geo.read.crs import geometry_to_wgs84
from geo.read.jsonfiles import check_degrees
from geo.read.reading import Guess, Reading, ReadOptions, numbered
from geo.table import FloatArray, ObjectArray

_GPX_LAYERS = ("waypoints", "tracks", "routes")
"""Layers of a GPX file that stand for things; the others repeat their points one by one."""
# Fields that the KML reader adds for every placemark, and that say nothing where nobody set them.
_KML_FIELDS = frozenset(
    ("timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet")
)


def read_vector(path: Path, kind: str, options: ReadOptions) -> Reading:
    """Return one layer of a file that GDAL reads.

    Parameters
    ----------
    path
        The file.
    kind
        What its content says it is: ``shp``, ``gpkg``, ``fgb``, ``kml`` or ``gpx``.
    options
        ``sheet`` chooses the layer, ``encoding`` and ``crs`` replace what the file declares.

    Raises
    ------
    ReadError
        It is damaged, lacks a part, or has several layers and none is chosen.
    UsageError
        It has no such layer.
    CRSError
        Its coordinates are not degrees and no system is named.
    """
    guesses: list[Guess] = []
    encoding = options.encoding
    if kind == "shp":
        _check_shapefile(path)
        if encoding is None:
            encoding, said = _dbf_encoding(path)
            guesses += said
    layer = _layer(path, kind, options.sheet, guesses)
    meta, wkb, fields = _raw(path, layer, encoding)
    geometry = _geometry(wkb, len(fields[0]) if fields else 0)
    table = _table(meta, fields, kind)
    declared = _crs(meta)
    crs = options.crs or declared
    check_degrees(geometry, crs, path.name)
    if crs is None:
        guesses.append(Guess("crs", "WGS 84", "none is declared, and the coordinates can be degrees"))
    elif options.crs and declared and options.crs != declared:
        guesses.append(Guess("crs", options.crs, f"given with --crs in place of {declared[:40]}"))
    return Reading(
        name=path.name,
        format={"shp": "shapefile", "gpkg": "geopackage", "fgb": "flatgeobuf"}.get(kind, kind),
        table=table,
        row_numbers=numbered(len(geometry)),
        geometry=geometry_to_wgs84(geometry, crs),
        crs=crs,
        guesses=tuple(guesses),
    )


def _check_shapefile(path: Path) -> None:
    """Raise where a file that belongs to a shapefile is missing; the index can be made anew."""
    here = {entry.name.lower() for entry in path.parent.iterdir()}
    if f"{path.stem}.dbf".lower() not in here:
        raise ReadError(f"{path.name}: its {path.stem}.dbf is missing; put it beside it, it holds the attributes")


def _dbf_encoding(path: Path) -> tuple[str | None, tuple[Guess, ...]]:
    """Decide the encoding of a shapefile's attributes where no .cpg file says it, and check one that does."""
    here = {entry.name.lower(): entry for entry in path.parent.iterdir()}
    dbf = here[f"{path.stem}.dbf".lower()].read_bytes()
    body = dbf[int.from_bytes(dbf[8:10], "little") :]
    if body.isascii():
        return None, ()
    cpg = here.get(f"{path.stem}.cpg".lower())
    declared = cpg.read_text("ascii", "ignore").strip().lower() if cpg is not None else ""
    try:
        body.decode("utf-8")
        unicode = True
    except UnicodeDecodeError:
        unicode = False
    if unicode:
        return ("UTF-8", ()) if declared in ("utf-8", "utf8", "65001") else ("UTF-8", _said(body, "UTF-8", declared))
    if declared and declared not in ("utf-8", "utf8", "65001"):
        return None, ()
    return "CP1252", _said(body, "cp1252", declared)


def _said(body: bytes, encoding: str, declared: str) -> tuple[Guess, ...]:
    """Say what was decided, with a word to judge it by."""
    words = [w for w in body.decode(encoding.lower(), "replace").split() if not w.isascii()]
    why = f"its .cpg says {declared}, which the bytes are not" if declared else "no .cpg file says it"
    return (Guess("encoding", encoding, f"{why}; read so, it says for example {max(words[:20], key=len)[:40]!r}"),)


def _layer(path: Path, kind: str, chosen: str | None, guesses: list[Guess]) -> str:
    import pyogrio

    try:
        with warnings.catch_warnings(action="ignore"):
            listed = [(str(name), geometry) for name, geometry in pyogrio.list_layers(path)]
    except Exception as error:
        raise _damaged(path, error) from None
    names = [name for name, geometry in listed if geometry is not None] or [name for name, _ in listed]
    if chosen is not None:
        if chosen in names:
            return chosen
        if chosen.isdigit() and 1 <= int(chosen) <= len(names):
            return names[int(chosen) - 1]
        raise UsageError(f"--sheet {chosen}: {path.name} has the layers {', '.join(names)}")
    if kind == "gpx":
        names = [name for name in names if name in _GPX_LAYERS]
    if not names:
        raise ReadError(f"{path.name}: holds no layer")
    if len(names) > 1:
        names = [name for name in names if _features(path, name)] or names[:1]
    if len(names) > 1:
        raise ReadError(f"{path.name}: has the layers {', '.join(names)}; choose one with --sheet")
    if len(listed) > 1:
        guesses.append(Guess("layer", names[0], "the only one with features"))
    return names[0]


def _features(path: Path, layer: str) -> int:
    from pyogrio import read_info

    return int(read_info(path, layer=layer, force_feature_count=True)["features"])


def _raw(path: Path, layer: str, encoding: str | None) -> tuple[dict[str, Any], ObjectArray, list[Any]]:
    from pyogrio.raw import read

    try:
        with warnings.catch_warnings(action="ignore"):
            meta, _, wkb, fields = read(path, layer=layer, encoding=encoding, datetime_as_string=True)
    except Exception as error:
        raise _damaged(path, error) from None
    return meta, wkb, list(fields)


def _damaged(path: Path, error: Exception) -> ReadError:
    reason = " ".join(str(error).split()).replace(str(path), path.name)[:160]
    return ReadError(f"{path.name}: cannot be read ({reason}); copy or export it again")


def _geometry(wkb: ObjectArray | None, rows: int) -> ObjectArray:
    import shapely

    if wkb is None:
        return np.full(rows, None, dtype=object)
    return np.asarray(shapely.from_wkb(wkb, on_invalid="warn"), dtype=object)


def _crs(meta: dict[str, Any]) -> str | None:
    crs = meta.get("crs")
    return None if crs is None else str(crs)


def _table(meta: dict[str, Any], fields: list[Any], kind: str) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    for name, values in zip(meta["fields"], fields, strict=True):
        column = _column(np.asarray(values))
        blank = column.null_count == len(column)
        # Both formats list fields that nobody filled.
        if kind in ("kml", "gpx") and (blank or (name in _KML_FIELDS and _idle(column))):
            continue
        columns[str(name)] = column
    return pa.table(_without_gdal_names(columns) if kind == "kml" else columns)


def _without_gdal_names(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Undo what GDAL does to names in KML: it numbers placemarks, and renames data called as a field of the format."""
    out = dict(columns)
    if "id" in out and _numbered(out["id"].to_pylist()):
        del out["id"]
    fields = {"id", "name", "description", *_KML_FIELDS}
    given = {f"{field}2": field for field in fields if field not in out}
    return {given.get(name, name): column for name, column in out.items()}


def _numbered(ids: list[Any]) -> bool:
    """Whether ids are those that GDAL gives where nobody set one: ``layer.1``, ``layer.2`` ..."""
    ends = [str(one).rpartition(".") for one in ids]
    return (
        all(dot and number == str(k) for k, (_, dot, number) in enumerate(ends, 1)) and len({e[0] for e in ends}) == 1
    )


def _idle(column: pa.Array) -> bool:
    """Whether a field of the format has its default everywhere."""
    return set(column.unique().to_pylist()) <= {None, -1, 0, 1, "", "clampToGround"}


def _column(values: np.ndarray[Any, Any]) -> pa.Array:
    """Return a field as text, numbers or booleans; dates are ISO 8601 text."""
    kind = values.dtype.kind
    if kind == "M":
        unit: Any = "D" if values.dtype == np.dtype("datetime64[D]") else "s"
        texts = np.datetime_as_string(values, unit=unit)
        return pa.array([None if text == "NaT" else str(text) for text in texts], pa.string())
    if kind in "iu":
        return pa.array(values.astype(np.int64))
    if kind == "b":
        return pa.array(values)
    if kind == "f":
        return _floats(values.astype(np.float64))
    return pa.array([None if value is None else _iso(str(value)) for value in values.tolist()], pa.string())


def _floats(numbers: FloatArray) -> pa.Array:
    """Return numbers; a field of whole numbers that has blanks comes as floating point and is made whole again."""
    known = numbers[np.isfinite(numbers)]
    blank = len(known) < len(numbers)
    if blank and len(known) and np.all(known == known.round()) and np.all(np.abs(known) < 1e15):
        return pa.array([None if np.isnan(value) else int(value) for value in numbers], pa.int64())
    return pa.array(numbers, from_pandas=True)


def _iso(text: str) -> str:
    """Turn a time as GDAL writes it, 2011/03/14 22:15:00, into ISO 8601."""
    return text.replace("/", "-", 2) if _is_time(text) else text


def _is_time(text: str) -> bool:
    return len(text) >= 10 and text[4:5] == "/" and text[7:8] == "/" and text[:4].isdigit()
