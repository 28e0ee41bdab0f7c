"""The tables that points are joined with and layers are drawn from: the embedded ones, or the user's own files.

A user's file takes the place of an embedded table under the same name, so that joins and layers need not know the
difference; it says of itself where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from geo.errors import ReadError, SchemaError, StatisticError, UsageError
from geo.inegi import municipal_codes
from geo.layer import Layer, SourceNote, sources_of, with_sources
from geo.read import seeds
from geo.table import BoolArray, Features, ObjectArray, column, numbers, texts, with_columns

if TYPE_CHECKING:
    from geo.clean.regions import Regions
    from geo.read.reading import Reading

NONE = "none"
_OWN = {name: name for name in ("ports", "corridors", "violence", "violence_areas")} | {"areas": "area_outlines"}
"""Tables that may be the user's, by the property of `Chosen` that has them."""
_POLYGONS = ("Polygon", "MultiPolygon")
Named = tuple[str | None, str]

# What a user's violence file may call its columns, in English and Spanish; the first is the standard name.
_VIOLENCE_WORDS: Mapping[str, tuple[str, ...]] = {
    "count": ("count", "homicides", "homicidios", "deaths", "defunciones", "cases", "casos", "total"),
    "population": ("population", "poblacion", "población", "pob", "pob_tot", "pobtot"),
    "year": ("year", "año", "anio", "ano"),
    "name": ("name", "municipality", "municipio", "nom_mun", "nombre"),
    "state": ("state", "estado", "entidad", "nom_ent"),
    "measure": ("measure", "medida"),
}


@dataclass(frozen=True)
class JoinChoices:
    """What to join points with.

    Parameters
    ----------
    ports, corridors, violence
        A file of the user's; ``none``; or None for the embedded table.
    violence_year
        A year, ``match`` for the event's own year, or None for the latest.
    areas, rasters
        (name, file) pairs; the name prefixes the added columns, None for the plain ones.
    """

    ports: str | None = None
    corridors: str | None = None
    violence: str | None = None
    violence_year: str | int | None = None
    areas: tuple[Named, ...] = ()
    rasters: tuple[Named, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The user's files among the choices: inputs that no output may overwrite."""
        own = (self.ports, self.corridors, self.violence, *(p for _, p in self.areas), *(p for _, p in self.rasters))
        return tuple(path for path in own if path and path != NONE)

    @property
    def year(self) -> int | Literal["match"] | None:
        """The year of the violence figures: a number, ``match``, or None for the latest.

        Raises
        ------
        UsageError
            Where it is none of these.
        """
        given = self.violence_year
        if given is None or isinstance(given, int):
            return given
        if given == "match":
            return "match"
        if given.isdigit() and len(given) == 4:
            return int(given)
        raise UsageError(f"--violence-year {given}: give a year of four digits, or match for each event's own year")


@dataclass(frozen=True, eq=False)
class Chosen:
    """The chosen tables, each read when it is first asked for.

    Mapping-like: ``chosen["ports"]`` is the user's ports or the embedded ones, and any other name the embedded
    table of that name. ``"ports" in chosen`` is False where the user said none.
    """

    choices: JoinChoices = field(default_factory=JoinChoices)

    def __contains__(self, name: str) -> bool:
        if name in ("ports", "corridors", "violence"):
            return bool(getattr(self.choices, name) != NONE)
        if name == "violence_areas":
            return "violence" in self and self.violence_areas is not None
        if name == "areas":
            return self.area_outlines is not None
        return name in seeds.SEEDS

    def __getitem__(self, name: str) -> pa.Table | Features:
        if name in _OWN:
            found: pa.Table | Features = getattr(self, _OWN[name])
            return found
        return seeds.features(name) if seeds.seed(name).geometry else seeds.table(name)

    @cached_property
    def regions(self) -> Regions:
        """States of both countries, for the checks of coordinates."""
        from geo.clean.regions import Regions

        return Regions.of(seeds.features("us_states"), seeds.features("mx_states"), seeds.features("countries"))

    @cached_property
    def ports(self) -> pa.Table | None:
        """Sites with longitude and latitude."""
        return self._sites("ports", "port")

    @cached_property
    def corridors(self) -> Features | None:
        """Lines."""
        path = self.choices.corridors
        if path == NONE:
            return None
        return (
            seeds.features("corridors") if path is None else _shapes(path, "lines", ("LineString", "MultiLineString"))
        )

    @cached_property
    def violence(self) -> pa.Table | None:
        """Counts, rates and hot spots by municipality, year and measure."""
        path = self.choices.violence
        if path == NONE:
            return None
        return seeds.table("violence") if path is None else _violence(path)

    @cached_property
    def areas(self) -> tuple[tuple[str, Features], ...]:
        """(name, polygons) of each ``--areas``."""
        return tuple((name or "area", _shapes(path, "areas", _POLYGONS)) for name, path in self.choices.areas)

    @cached_property
    def violence_areas(self) -> Features | None:
        """The first of the user's polygons that carry INEGI codes, with the codes in ``inegi_code``."""
        for _, shapes in self.areas:
            found = municipal_codes(shapes.table)
            if found is not None:
                return Features(with_columns(shapes.table, {"inegi_code": found[0]}), shapes.geometry)
        return None

    @cached_property
    def area_outlines(self) -> Features | None:
        """All of the user's polygons that are not drawn as violence already."""
        from geo.join.identity import identity, names

        drawn = self.violence_areas
        parts = [
            (name, shapes)
            for name, shapes in self.areas
            if drawn is None or shapes.geometry is not drawn.geometry or "violence" not in self
        ]
        if not parts:
            return None
        table = pa.concat_tables(
            pa.table(
                {
                    "id": identity(shapes.table, name),
                    "name": names(shapes.table, name),
                    "file": pa.array([name] * len(shapes), pa.string()),
                }
            )
            for name, shapes in parts
        )
        notes = [note for _, shapes in parts for note in sources_of(shapes)]
        return Features(with_sources(table, *notes), np.concatenate([shapes.geometry for _, shapes in parts]))

    def _sites(self, name: str, one: str) -> pa.Table | None:
        path = getattr(self.choices, name)
        if path == NONE:
            return None
        return seeds.table(name) if path is None else _sites(path, one)


def checked(layer: Layer, tables: dict[str, pa.Table | Features], chosen: Chosen) -> dict[str, pa.Table | Features]:
    """Return the tables of a layer, the user's own checked against what the layer needs; see `geo.layer_check`.

    Raises
    ------
    SchemaError
        Names every fault of the user's file.
    """
    from geo.layer_check import check_schema

    own = {name: getattr(chosen.choices, name, None) for name in layer.schemas}
    return {
        name: check_schema(table, layer.schemas[name], Path(str(own[name])).name) if own.get(name) else table
        for name, table in tables.items()
    }


def polygons(path: str) -> tuple[Features, str | None]:
    """Read polygons, rows without geometry included, and the system they were drawn in (None is WGS84)."""
    reading, geometry = _opened_shapes(path, "areas")
    _there(reading, geometry, "areas", _POLYGONS)
    return Features(reading.table, geometry), reading.crs


def _opened(path: str) -> Reading:
    from geo.read import read

    return read(path)


def _opened_shapes(path: str, what: str) -> tuple[Reading, ObjectArray]:
    from geo.clean.place import shapes

    reading = _opened(path)
    geometry = shapes(reading)
    if geometry is None:
        raise ReadError(
            f"{reading.name}: has no geometry to take {what} from; give GeoJSON, GeoPackage, Shapefile or the like, or "
            "a column in WKT"
        )
    return reading, geometry


def _told(table: pa.Table, reading: Reading) -> pa.Table:
    """Say of a user's table what the user said: its file name, and nothing else."""
    note = SourceNote(
        reading.name, licence="as supplied", period="as supplied", precision="not stated", rows=len(table)
    )
    return with_sources(table, note)


def _sites(path: str, one: str) -> pa.Table:
    """Read a user's points of reference: every row that has a place, under the standard column names."""
    from geo.clean import locate
    from geo.join.identity import identity, names

    reading = _opened(path)
    located = locate(reading, named=False)
    placed = np.isfinite(located.longitude)
    if not placed.any():
        raise ReadError(f"{reading.name}: none of its {len(reading)} rows has usable coordinates")
    table = with_columns(
        reading.table,
        {
            f"{one}_code": identity(reading.table, one),
            f"{one}_name": names(reading.table, one),
            "longitude": column(located.longitude),
            "latitude": column(located.latitude),
        },
    )
    return _told(table.filter(pa.array(placed)), reading)


def _shapes(path: str, what: str, kinds: tuple[str, ...]) -> Features:
    """Read a user's lines or polygons; a row of another kind is an error, one without geometry is left out."""
    reading, geometry = _opened_shapes(path, what)
    there = _there(reading, geometry, what, kinds)
    if not there.any():
        raise ReadError(f"{reading.name}: holds no {what}")
    return Features(_told(reading.table, reading), geometry).take(there)


def _there(reading: Reading, geometry: ObjectArray, what: str, kinds: tuple[str, ...]) -> BoolArray:
    """Return which rows have geometry; one of another kind than `kinds` is an error."""
    import shapely

    there = np.asarray(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)), dtype=bool)
    wrong = [row for row in np.flatnonzero(there) if geometry[row].geom_type not in kinds]
    if wrong:
        raise ReadError(
            f"{reading.name}, row {reading.row_numbers[wrong[0]]}: is a {geometry[wrong[0]].geom_type}, "
            f"{what} must be {' or '.join(kinds)}"
        )
    return there


def _violence(path: str) -> pa.Table:
    """Read a user's counts by municipality, and compute rates and hot spots of each year and measure."""
    from geo.clean import locate
    from geo.stats.violence import rate_table

    reading = _opened(path)
    table = _violence_columns(reading)
    located = locate(reading, required=False, named=False)
    seats = seeds.table("homicides")
    known = dict(
        zip(
            texts(seats, "inegi_code"),
            zip(numbers(seats, "longitude"), numbers(seats, "latitude"), texts(seats, "municipality"), strict=True),
            strict=True,
        )
    )
    codes = texts(table, "inegi_code")
    # A file without coordinates borrows the embedded seats, by code.
    own = np.isfinite(located.longitude)
    nowhere = (np.nan, np.nan, None)
    lon = [x if ok else known.get(c, nowhere)[0] for x, ok, c in zip(located.longitude, own, codes, strict=True)]
    lat = [y if ok else known.get(c, nowhere)[1] for y, ok, c in zip(located.latitude, own, codes, strict=True)]
    table = with_columns(table, {"longitude": column(np.array(lon)), "latitude": column(np.array(lat))})
    if "name" not in table.schema.names:
        table = with_columns(table, {"name": pa.array([known.get(c, nowhere)[2] for c in codes], pa.string())})
    groups = sorted(set(zip(texts(table, "measure"), table["year"].to_pylist(), strict=True)))
    try:
        parts = [
            rate_table(table.filter((pa.compute.field("measure") == m) & (pa.compute.field("year") == y)))
            for m, y in groups
        ]
    except StatisticError as error:
        raise SchemaError(f"{reading.name}: {error}") from error
    return _told(pa.concat_tables(parts), reading)


def _violence_columns(reading: Reading) -> pa.Table:
    """Return inegi_code, count, population, year, measure under their standard names, and the rest as it is."""
    found = municipal_codes(reading.table)
    faults = []
    if found is None:
        faults.append("no column of INEGI municipality codes (inegi_code or cvegeo, five digits)")
    lower = {name.casefold().strip(): name for name in reversed(reading.table.schema.names)}
    given = {word: next((lower[w] for w in words if w in lower), None) for word, words in _VIOLENCE_WORDS.items()}
    for need in ("count", "population", "year"):
        if given[need] is None:
            faults.append(f"no column {need} (or {', '.join(_VIOLENCE_WORDS[need][1:4])})")
    if faults or found is None:
        raise SchemaError(f"{reading.name}: as violence by municipality it lacks: {'; '.join(faults)}")
    table = pa.table({"inegi_code": found[0]})
    for word in ("count", "population", "year"):
        values = numbers(reading.table, str(given[word]))
        if word == "year" and not np.all(np.isfinite(values)):
            row = reading.row_numbers[int(np.flatnonzero(~np.isfinite(values))[0])]
            raise SchemaError(f"{reading.name}, row {row}: the year is blank or no number; each row needs one")
        below = np.flatnonzero(values < 0)
        if len(below):
            at = int(below[0])
            raise SchemaError(
                f"{reading.name}, row {reading.row_numbers[at]}: the {word} is {values[at]:g}; it must be zero or "
                "more, or blank where it is not known"
            )
        table = table.append_column(word, column(values.astype(np.int64) if word == "year" else values))
    for word in ("name", "state"):
        if given[word] is not None:
            table = table.append_column(word, pa.array(texts(reading.table, str(given[word])), pa.string()))
    measure = texts(reading.table, given["measure"]) if given["measure"] else ["deaths"] * len(table)
    return table.append_column("measure", pa.array(measure, pa.string()))
