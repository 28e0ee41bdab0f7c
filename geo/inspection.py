"""What would be read of a file, and why: everything that was decided, and what became of each row.

The file is read and turned into its standard table as `map`, `join` and `convert` do it; what is said here is what
they would do. Every choice has its reason and the option that overrules it. A raster is described too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.chosen import Chosen
from geo.clean.problems import Problems
from geo.conversion import KIND_WORDS, Part, all_guesses, part
from geo.errors import ContraflowError
from geo.read.reading import Guess, Reading, ReadOptions

MESSAGES = 2
"""Rows named for each reason."""

FORMATS = {
    "csv": "CSV", "tsv": "TSV", "xlsx": "XLSX workbook", "xls": "XLS workbook", "json": "JSON records",
    "geojson": "GeoJSON", "topojson": "TopoJSON", "shapefile": "shapefile", "geopackage": "GeoPackage",
    "flatgeobuf": "FlatGeobuf", "parquet": "Parquet", "geoparquet": "GeoParquet", "kml": "KML", "gpx": "GPX",
}  # fmt: skip

_TEXT_FORMATS = ("csv", "tsv")
_WGS84_ONLY = ("geojson", "topojson", "kml", "gpx")
_OVERRULE = {
    "encoding": "--encoding NAME",
    "delimiter": "a first line that reads sep=X",
    "header": "--skip-rows N",
    "sheet": "--sheet NAME",
    "layer": "--sheet NAME",
    "crs": "--crs CRS",
    "date order": "--date-order DMY|MDY|YMD",
    "zone": "--tz ZONE",
    "axes": "--column longitude=NAME --column latitude=NAME",
    "coordinates": "--column longitude=NAME --column latitude=NAME",
    "unit": "--column unit=NAME",
}
"""Option that overrules a choice, by what was chosen; a role is overruled by ``--column``."""

_ON_TOP = ("encoding", "delimiter", "header", "sheet", "layer", "crs")
"""Choices about the file as a whole, in the order in which they are shown."""

_RASTER_CELLS = 1 << 22
"""Cells of a raster looked at at once."""


@dataclass(frozen=True)
class Choice:
    """Something that was decided: what, the value, why, and the option that decides otherwise (if there is one)."""

    what: str
    value: str
    reason: str
    overrule: str = ""


@dataclass(frozen=True)
class Dates:
    """First and last date or period of the rows, and how many rows have each precision."""

    columns: str
    first: str | None
    last: str | None
    rows: dict[str, int]
    without: int


@dataclass(frozen=True)
class Unit:
    """What is measured in what, and in how many rows: as reported, and as it was converted to."""

    measure: str | None
    reported: str | None
    unit: str | None
    rows: int


@dataclass(frozen=True)
class Rows:
    """What became of the rows: `made` rows of the standard table, of which `placed` have a place on the map."""

    read: int
    excluded: int
    made: int
    placed: int | None
    dropped: dict[str, int]
    changed: dict[str, int]
    flagged: dict[str, int]


@dataclass(frozen=True, eq=False)
class Inspection:
    """What would be read of a table or layer.

    Parameters
    ----------
    format, source, title, kind
        Format of the file; name and title of the reader that knows it; what its rows are.
    file_choices, columns, choices
        Choices about the file as a whole, about columns (one a role), and all others.
    other_columns
        Columns without a role: they are kept under their own names.
    """

    file: str
    format: str
    source: str | None
    title: str | None
    kind: str
    file_choices: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    other_columns: tuple[str, ...]
    choices: tuple[Choice, ...]
    dates: Dates | None
    units: tuple[Unit, ...]
    rows: Rows
    problems: Problems = field(repr=False)

    @property
    def messages(self) -> list[str]:
        """The first messages of each reason: rows left out, then those changed, then those doubted."""
        parts = (self.problems.messages(MESSAGES, action) for action in ("dropped", "changed", "flagged"))
        return [message for part_ in parts for message in part_]

    def summary(self) -> dict[str, Any]:
        """Return all of it for machines."""
        return {
            "file": self.file,
            "reader": {"format": self.format, "source": self.source, "title": self.title, "kind": self.kind},
            **{choice.what: asdict(choice) for choice in self.file_choices},
            "columns": [
                {"role": c.what, "column": c.value, "reason": c.reason, "overrule": c.overrule} for c in self.columns
            ],
            "other_columns": list(self.other_columns),
            "choices": [asdict(choice) for choice in self.choices],
            "dates": None if self.dates is None else asdict(self.dates),
            "units": [asdict(unit) for unit in self.units],
            "rows": asdict(self.rows),
            "messages": self.messages,
        }


@dataclass(frozen=True)
class RasterInspection:
    """What is in a raster. Values are those of the first band, scale and offset applied.

    Parameters
    ----------
    width, height
        Cells.
    cell
        Width and height of a cell, in units of `crs`.
    extent
        West, south, east, north, in units of `crs`.
    valid
        Cells that have a value.
    """

    file: str
    format: str
    crs: str
    units: str
    width: int
    height: int
    cell: tuple[float, float]
    extent: tuple[float, float, float, float]
    bands: int
    dtype: str
    nodata: float | None
    valid: int
    least: float | None
    greatest: float | None
    sum: float | None

    problems = Problems()

    def summary(self) -> dict[str, Any]:
        """Return all of it for machines."""
        return {**asdict(self), "kind": "raster"}


def inspect(path: str | Path, options: ReadOptions | None = None) -> Inspection | RasterInspection:
    """Return what would be read of a file.

    Parameters
    ----------
    path
        Any supported file, a GeoTIFF included.
    options
        What the user says about it.

    Raises
    ------
    ReadError, CRSError, UsageError
        The file is refused; the message is one line that says what would settle it.
    """
    if is_raster(path):
        return _raster(Path(path))
    options = options or ReadOptions()
    item = part(str(path), options, Chosen().regions)
    return described(item, options)


def described(item: Part, options: ReadOptions) -> Inspection:
    """Return what there is to say about a file that was read and converted."""
    reading, converted = item.reading, item.converted
    guesses = all_guesses(item)
    on_top = _file_choices(reading, guesses, options)
    # The reader of a source that is no table of events knows its columns; roles would only mislead.
    roles = reading.roles if converted.kind in ("events", "sites") else {}
    columns = _columns(guesses, roles)
    return Inspection(
        file=reading.name,
        format=FORMATS.get(reading.format, reading.format),
        source=reading.source,
        title=getattr(reading.adapter, "TITLE", None),
        kind=KIND_WORDS[converted.kind],
        file_choices=on_top,
        columns=columns,
        other_columns=tuple(name for name in reading.table.schema.names if name not in roles.values()),
        choices=tuple(
            Choice(g.what, g.value, g.reason, _OVERRULE.get(g.what, ""))
            for g in guesses
            if g.what not in _ON_TOP and reading.roles.get(g.what) != g.value
        ),
        dates=_dates(item),
        units=_units(item),
        rows=_rows(item),
        problems=converted.problems,
    )


def joined_problems(inspections: Iterable[Inspection | RasterInspection]) -> Problems:
    """Return the problems of several files, in their order."""
    return Problems.joined(found.problems for found in inspections)


# choices -------------------------------------------------------------------------------------------------------------


def _file_choices(reading: Reading, guesses: Sequence[Guess], options: ReadOptions) -> tuple[Choice, ...]:
    """Return the choices about the file as a whole: those made, those given, and what goes without saying."""
    made = {g.what: Choice(g.what, g.value, g.reason) for g in guesses if g.what in _ON_TOP}
    text = reading.format in _TEXT_FORMATS
    if options.encoding and "encoding" not in made:
        made["encoding"] = Choice("encoding", options.encoding, "given with --encoding")
    elif text:
        made.setdefault("encoding", Choice("encoding", "ASCII", "no byte beyond it"))
    if options.skip_rows is not None:
        made["header"] = Choice("header", f"after {options.skip_rows} rows", "given with --skip-rows")
    elif text or reading.format in ("xlsx", "xls"):
        made.setdefault("header", Choice("header", "first row", "it holds names"))
    if options.sheet and not {"sheet", "layer"} & set(made):
        made["sheet"] = Choice("sheet", options.sheet, "given with --sheet")
    if "crs" not in made:
        found = _crs(reading, options)
        if found is not None:
            made["crs"] = found
    return tuple(replace(made[what], overrule=_OVERRULE[what]) for what in _ON_TOP if what in made)


def _crs(reading: Reading, options: ReadOptions) -> Choice | None:
    if options.crs:
        return Choice("crs", options.crs, "given with --crs")
    if reading.crs:
        from geo.read.crs import is_wgs84

        fixed = reading.format in _WGS84_ONLY and is_wgs84(reading.crs)
        return Choice("crs", _crs_name(reading.crs), "the format's own" if fixed else "declared in the file")
    if reading.geometry is not None:
        return Choice("crs", "EPSG:4326 (WGS 84)", "the format's own")
    if {"longitude", "coordinates", "geometry"} & set(reading.roles):
        return Choice("crs", "EPSG:4326 (WGS 84)", "no system is named, and the coordinates are degrees")
    return None


def _crs_name(text: str) -> str:
    """Return a short name of a system that may be written out in full."""
    from geo.read.crs import parse

    try:
        system = parse(text)
    except ContraflowError:
        return text[:60]
    authority = system.to_authority()
    code = ":".join(authority) if authority else None
    return f"{code} ({system.name})" if code else str(system.name)


def _columns(guesses: Sequence[Guess], roles: Any) -> tuple[Choice, ...]:
    reasons = {(g.what, g.value): g.reason for g in guesses}
    return tuple(
        Choice(role, name, reasons.get((role, name), ""), f"--column {role}=NAME") for role, name in roles.items()
    )


# contents ------------------------------------------------------------------------------------------------------------


def _dates(item: Part) -> Dates | None:
    table, kind = item.converted.table, item.converted.kind
    if kind in ("sites", "lines", "areas") or not len(table):
        return None
    start, end = ("start", "end") if kind == "events" else ("period_start", "period_end")
    first, last = table[start], pc.coalesce(table[end], table[start])
    known = len(first) - first.null_count
    if not known:
        return Dates("", None, None, {}, len(table))
    if kind == "events":
        roles = item.reading.roles
        wanted = ("start", "end", "date") if {"start", "date"} & set(roles) else ("year", "month", "day")
        named = [roles[role] for role in wanted if role in roles]
        rows = _counts(table["date_precision"])
    else:
        named = []
        rows = _counts(table["period_basis"]) if kind == "area_values" else {}
    return Dates(", ".join(named), pc.min(first).as_py(), pc.max(last).as_py(), rows, first.null_count)


def _units(item: Part) -> tuple[Unit, ...]:
    """Return units by how often they occur, of events as reported and as converted, of sums by measure."""
    table, kind = item.converted.table, item.converted.kind
    if kind == "events":
        names = {"measure": None, "reported": "unit_reported", "unit": "unit"}
        table = table.filter(pc.or_(pc.is_valid(table["quantity_reported"]), pc.is_valid(table["quantity"])))
    elif kind == "area_values":
        names = {"measure": "measure", "reported": None, "unit": "unit"}
    elif kind == "flows":
        names = {"measure": "measure", "reported": None, "unit": None}
    else:
        return ()
    keys = [name for name in names.values() if name is not None]
    counted = table.select(keys).group_by(keys).aggregate([([], "count_all")]).to_pylist()
    units = [
        Unit(**{part_: row[name] if name else None for part_, name in names.items()}, rows=row["count_all"])
        for row in counted
    ]
    return tuple(sorted(units, key=lambda u: (-u.rows, u.measure or "", u.reported or "", u.unit or "")))


def _rows(item: Part) -> Rows:
    reading, converted = item.reading, item.converted
    table = converted.table
    unread = len(reading.problems.only("dropped"))
    placed = None
    if converted.kind in ("events", "sites"):
        placed = len(table) - table["longitude"].null_count
    elif item.geometry is not None:
        import shapely

        placed = int((~shapely.is_missing(item.geometry)).sum())
    return Rows(
        read=len(reading) + unread + reading.excluded,
        excluded=reading.excluded,
        made=len(table),
        placed=placed,
        dropped=converted.problems.counts("dropped"),
        changed=converted.problems.counts("changed"),
        flagged=converted.problems.counts("flagged"),
    )


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    found = {str(f["values"]): int(f["counts"]) for f in pc.value_counts(column.drop_null()).to_pylist()}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


# rasters -------------------------------------------------------------------------------------------------------------


def is_raster(path: str | Path) -> bool:
    """Whether a file is a GeoTIFF, by its first bytes; False where it cannot be opened."""
    from geo.read.sniff import is_tiff

    try:
        with Path(path).open("rb") as file:
            return is_tiff(file.read(4))
    except OSError:
        return False


def _raster(path: Path) -> RasterInspection:
    from geo.join.raster import opened

    with opened(path) as band:
        dataset = band.dataset
        valid, total, least, greatest = 0, 0.0, np.inf, -np.inf
        rows = max(1, _RASTER_CELLS // max(dataset.width, 1))
        for top in range(0, dataset.height, rows):
            values = band.read(0, top, dataset.width, min(rows, dataset.height - top))
            known = values[np.isfinite(values)]
            if len(known):
                valid, total = valid + len(known), total + float(known.sum())
                least, greatest = min(least, float(known.min())), max(greatest, float(known.max()))
        crs = band.crs
        code = crs.to_authority()
        return RasterInspection(
            file=path.name,
            format="GeoTIFF" if dataset.driver == "GTiff" else dataset.driver,
            crs=f"{':'.join(code)} ({crs.name})" if code else crs.name,
            units="degrees" if crs.is_geographic else str(crs.axis_info[0].unit_name),
            width=dataset.width,
            height=dataset.height,
            cell=(abs(dataset.transform.a), abs(dataset.transform.e)),
            extent=band.extent,
            bands=dataset.count,
            dtype=dataset.dtypes[0],
            nodata=None if dataset.nodata is None or np.isnan(dataset.nodata) else float(dataset.nodata),
            valid=valid,
            least=least if valid else None,
            greatest=greatest if valid else None,
            sum=total if valid else None,
        )
