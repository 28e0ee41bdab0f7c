"""The embedded tables: what each is called, what its columns are, and how it is read.

`SEEDS` declares every file of the ``seeds`` package: its columns in order with their types, and the columns
that identify a row. Codes are text and keep their leading zeros; blank is null and never zero. Files are
read through :mod:`importlib.resources`, once per process, with pyarrow alone. Where the data come from, and
their known faults, stands in ``seeds/README.md`` and ``seeds/SOURCES.csv`` (:func:`catalogue`).

Geometry is stored as GeoParquet 1.1 with separate coordinate columns (the "geoarrow" encodings), which shapely
takes without parsing: longitude and latitude in WGS84 degrees, on a grid of 2**-17 degree (under one metre).
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from geo.errors import ReadError, SchemaError
from geo.table import Features, ObjectArray

GeometryKind: TypeAlias = Literal["line", "area"]

_KINDS = {"text": pa.string(), "int": pa.int64(), "float": pa.float64()}
PARAMETERS = b"contraflow"
"""Key of the Parquet metadata under which a computed table keeps the parameters it was made with."""


@dataclass(frozen=True)
class Seed:
    """One embedded file.

    Parameters
    ----------
    file
        Its name in the ``seeds`` package.
    columns
        Column name to type, in the order of the file.
    key
        Columns whose values together identify a row.
    geometry
        Kind of its ``geometry`` column, if it has one.
    """

    file: str
    columns: Mapping[str, pa.DataType]
    key: tuple[str, ...]
    geometry: GeometryKind | None = None


def _columns(words: str) -> dict[str, pa.DataType]:
    """Read ``name name:int name:float``; a name alone is text."""
    pairs = [(word + ":text").split(":")[:2] for word in words.split()]
    return {name: _KINDS[kind] for name, kind in pairs}


_AREA = "code name name_es country state_code"

SEEDS: Mapping[str, Seed] = {
    "ports": Seed(
        "ports.csv",
        _columns(
            "port_code port_name us_city us_state mx_city mx_state latitude:float longitude:float tz_us tz_mx"
            " cbp_field_office modes modes_ever status opened bts_first_month bts_last_month"
            " pedestrians_2024:int personal_vehicles_2024:int trucks_2024:int coordinate_source note source"
        ),
        ("port_code",),
    ),
    "crossings": Seed(
        "crossings.csv",
        _columns(
            "crossing_id name name_es aliases port_code bwt_port_number us_city us_state mx_city mx_state"
            " latitude:float longitude:float accuracy_m:float kind modes southbound_inspection opened status"
            " note source outbound_checks direction_of_traffic"
        ),
        ("crossing_id",),
    ),
    "corridors": Seed(
        "corridors.parquet",
        _columns(
            "corridor_id name name_es direction commodities highways plaza_cities controlling_organisations"
            " pair_id evidence evidence_note source source_grade length_km:float vertices:int max_leg_km:float"
            " positional_accuracy_km:float waypoints"
        ),
        ("corridor_id",),
        "line",
    ),
    "homicides": Seed(
        "homicides.parquet",
        _columns(
            "inegi_code state municipality longitude:float latitude:float population:int year:int"
            " homicides:int measure rivalry_deaths:int source"
        ),
        ("inegi_code", "year", "measure"),
    ),
    "violence": Seed(
        "violence.parquet",
        _columns(
            "inegi_code name state longitude:float latitude:float year:int measure count:int population:int"
            " rate_per_100k:float rate_smoothed_per_100k:float gi_star_z:float p:float p_fdr:float hotspot note"
        ),
        ("inegi_code", "measure", "year"),
    ),
    "port_traffic": Seed(
        "port_traffic.csv",
        _columns(
            "port_code year:int buses:int loaded_truck_containers:int pedestrians:int personal_vehicles:int"
            " trains:int trucks:int months_reported:int source"
        ),
        ("port_code", "year"),
    ),
    "organisations": Seed(
        "organisations.parquet",
        _columns(
            "organisation abbreviations state state_code year_from:int year_to:int presence"
            " municipalities_with_presence:int municipalities_in_state:int source source_grade"
        ),
        ("organisation", "state", "year_from", "year_to", "presence"),
    ),
    "organisations_by_municipality": Seed(
        "organisations_by_municipality.parquet",
        _columns("inegi_code year:int organisation source"),
        ("inegi_code", "year", "organisation"),
    ),
    "enforcement": Seed(
        "enforcement.csv",
        _columns(
            "name type country seat_city seat_state latitude:float longitude:float covers coordinate_basis source"
        ),
        ("name",),
    ),
    "context": Seed("context.csv", _columns("date title_en title_es fact source source_grade"), ("date",)),
    "trace_facts": Seed(
        "trace_facts.csv",
        _columns("fact_id period measure value unit denominator caveat source source_grade"),
        ("fact_id",),
    ),
    "published_seizures": Seed(
        "published_seizures.csv",
        _columns("area area_type commodity period quantity:float unit seizure_count:int source"),
        ("area", "commodity", "period", "source"),
    ),
    "commodities": Seed(
        "commodities.csv",
        _columns(
            "group code label_en label_es canonical_unit synonyms_en synonyms_es default_direction"
            " unit_conversions source"
        ),
        ("code",),
    ),
    "documented_seizures": Seed(
        "documented_seizures.csv",
        _columns(
            "event_id date date_precision agency partner_agencies operation place_as_written side context"
            " port_code crossing_id latitude:float longitude:float location_precision location_basis direction"
            " direction_basis note source"
        ),
        ("event_id",),
    ),
    "documented_seizure_items": Seed(
        "documented_seizure_items.csv",
        _columns(
            "event_id commodity quantity_reported unit_reported quantity:float unit value_usd_reported:float note"
        ),
        ("event_id", "commodity", "quantity_reported", "note"),
    ),
    "places": Seed(
        "places.csv",
        _columns(
            "place_id name name_es country state state_es state_code longitude:float latitude:float population:int"
            " rank:int source"
        ),
        ("country", "state_code", "name"),
    ),
    "border": Seed(
        "border.parquet",
        _columns("border_id name name_es precision_median_m:float precision_p99_m:float length_km:float source"),
        ("border_id",),
        "line",
    ),
    "us_states": Seed("us_states.parquet", _columns(f"{_AREA} fips"), ("country", "code"), "area"),
    "us_counties": Seed("us_counties.parquet", _columns(_AREA), ("country", "code"), "area"),
    "mx_states": Seed("mx_states.parquet", _columns(_AREA), ("country", "code"), "area"),
    "countries": Seed("countries.parquet", _columns("code name"), ("name",), "area"),
}
"""Every embedded file by the name that layers and joins ask for."""


def seed(name: str) -> Seed:
    """Return the declaration of the embedded file `name`.

    Raises
    ------
    ReadError
        If there is no such file.
    """
    try:
        return SEEDS[name]
    except KeyError:
        raise ReadError(f"no embedded table {name!r}; there are: {', '.join(SEEDS)}") from None


@cache
def table(name: str) -> pa.Table:
    """Return an embedded table, with the columns and types that `SEEDS` declares.

    Of a file with geometry these are the attributes, one row a feature.

    Raises
    ------
    ReadError
        If there is no such table.
    SchemaError
        If the file does not have the declared columns.
    """
    columns = seed(name).columns
    return _conform(_read(name), name).select(list(columns))


@cache
def features(name: str) -> Features:
    """Return an embedded layer with geometry: lines, or polygons and multipolygons, in WGS84 degrees.

    Raises
    ------
    ReadError
        If there is no such table, or it has no geometry.
    """
    kind = seed(name).geometry
    if kind is None:
        raise ReadError(f"the embedded table {name!r} has no geometry; use table({name!r})")
    return Features(table(name), _geometries(_read(name)["geometry"], kind))


def parameters(name: str) -> dict[str, Any]:
    """Return what a computed table was made with (neighbours, smoothing, false discovery rate); else empty."""
    metadata = table(name).schema.metadata or {}
    return dict(json.loads(metadata.get(PARAMETERS, b"{}")))


@cache
def catalogue() -> list[dict[str, str]]:
    """Return one record for each embedded file, as ``seeds/SOURCES.csv`` has it.

    Keys: name, file, title_en, title_es, source, citation, retrieved, licence, period, precision, rows, sha256,
    derived. All values are text.
    """
    import csv

    text = _bytes("SOURCES.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _bytes(file: str) -> bytes:
    return resources.files("seeds").joinpath(file).read_bytes()


@cache
def _read(name: str) -> pa.Table:
    """Read the file as it is: geometry included, columns not yet checked."""
    file, columns = seed(name).file, seed(name).columns
    if file.endswith(".parquet"):
        import pyarrow.parquet as pq

        # Not pq.read_table, which loads pyarrow.dataset for what a single file does not need.
        return pq.ParquetFile(pa.BufferReader(_bytes(file))).read()
    from pyarrow import csv

    options = csv.ConvertOptions(column_types=dict(columns), null_values=[""], strings_can_be_null=True)
    # Notes may hold line breaks between quotes.
    parse = csv.ParseOptions(newlines_in_values=True)
    return csv.read_csv(pa.BufferReader(_bytes(file)), parse_options=parse, convert_options=options)


def _conform(found: pa.Table, name: str) -> pa.Table:
    """Return `found` if it has the declared columns; dictionary columns become plain text."""
    faults = []
    for column, kind in seed(name).columns.items():
        if column not in found.schema.names:
            faults.append(f"column {column} is missing")
            continue
        at = found.schema.get_field_index(column)
        if pa.types.is_dictionary(found.schema.field(at).type):
            found = found.set_column(at, column, found[column].cast(kind))
        if found.schema.field(at).type != kind:
            faults.append(f"column {column} is {found.schema.field(at).type}, expected {kind}")
    if faults:
        raise SchemaError(f"seeds/{seed(name).file}: {'; '.join(faults)}; run python -m seeds.build")
    return found


def _geometries(column: pa.ChunkedArray, kind: GeometryKind) -> ObjectArray:
    """Build shapely geometries from nested lists of (x, y) without a detour through WKB."""
    import numpy as np
    import shapely

    nested = column.combine_chunks()
    offsets = []
    while pa.types.is_list(nested.type):
        offsets.append(np.asarray(nested.offsets))
        nested = nested.flatten()
    coordinates = np.column_stack([np.asarray(nested.field(axis)) for axis in ("x", "y")])
    types = {"line": shapely.GeometryType.LINESTRING, "area": shapely.GeometryType.MULTIPOLYGON}
    # shapely wants the innermost offsets first.
    shapes: ObjectArray = shapely.from_ragged_array(types[kind], coordinates, tuple(reversed(offsets)))
    return shapes
