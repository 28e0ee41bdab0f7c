"""The embedded tables: copied from the fact tables, typed, and checked against `geo.read.seeds.SEEDS`.

Small tables become CSV (a person can read them and a diff shows what changed), large ones Parquet with
dictionary-coded text. Rows keep their order except in the large ones, which are sorted by key so that they
compress. Nothing that says where a value comes from is shortened.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.read.seeds import SEEDS, Seed
from geo.table import ObjectArray
from seeds.making.geoparquet import write_features

FACTS = {
    "ports": "ports_of_entry",
    "crossings": "crossings",
    "port_traffic": "port_traffic_by_year",
    "enforcement": "enforcement",
    "context": "context",
    "trace_facts": "trace_facts",
    "published_seizures": "published_seizures",
    "commodities": "commodities",
    "documented_seizures": "documented_seizures",
    "documented_seizure_items": "documented_seizure_items",
    "homicides": "homicides_by_municipality",
    "organisations": "organisations",
    "organisations_by_municipality": "organisations_by_municipality",
}
"""Embedded name to the name of its fact table."""

REWORDED = {
    # The embedded tables name no person but the authors of what they cite.
    "2010-12-14": {
        "title_en": "Border Patrol agent killed",
        "title_es": "Muerte de un agente de la Patrulla Fronteriza",
        "fact": "A Border Patrol agent was killed in Arizona; two Fast and Furious rifles were at the scene.",
    },
    # The article limits the figure to the north, the fact table does not.
    "2009-12-04": {
        "fact": "Government Executive described ATF, ICE, CBP and DEA working together, citing GAO cases of agents"
        " surveilling one another and a Mexican estimate of more than 11,000 murders in northern Mexico in three"
        " and a half years.",
    },
}
"""Context events, by date, whose words differ from those of the fact table."""

Row = dict[str, str]


def build(facts: Path, output: Path) -> None:
    """Write all tables and the corridors."""
    for name, source in FACTS.items():
        rows = read_rows(facts / f"{source}.csv")
        if name == "context":
            rows = [row | REWORDED.get(row["date"], {}) for row in rows]
        write(rows, SEEDS[name], output)
    corridors(facts, output)


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a fact table; blank stays the empty string."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[Row], seed: Seed, output: Path) -> None:
    """Write `rows` with the declared columns, in the format that the file name says."""
    missing = [name for name in seed.columns if name not in rows[0]]
    if missing:
        raise ValueError(f"{seed.file}: the fact table has no column {', '.join(missing)}")
    if seed.file.endswith(".csv"):
        write_csv(rows, list(seed.columns), output / seed.file)
        return
    rows = sorted(rows, key=lambda row: [row[name] for name in seed.key])
    write_parquet(pa.table({name: typed(rows, name, seed) for name in seed.columns}), output / seed.file)


def typed(rows: list[Row], name: str, seed: Seed) -> pa.Array:
    """Return one column in its declared type; the empty string is null."""
    kind = seed.columns[name]
    convert = {pa.string(): str, pa.int64(): int, pa.float64(): float}[kind]
    return pa.array([convert(row[name]) if row[name] != "" else None for row in rows], kind)


def write_csv(rows: list[Row], columns: list[str], path: Path) -> None:
    """Write UTF-8 with line feeds, so that the bytes are the same on every system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write zstd Parquet; text columns are dictionary-coded in the file."""
    pq.write_table(table, path, compression="zstd", compression_level=19, version="2.6")


def corridors(facts: Path, output: Path) -> None:
    """Join the corridor lines with their attributes; the waypoints of a line become one ``|`` separated text."""
    rows = {row["corridor_id"]: row for row in read_rows(facts / "corridors.csv")}
    collection = json.loads((facts / "corridors.geojson").read_text(encoding="utf-8"))
    lines: dict[str, shapely.LineString] = {}
    for feature in collection["features"]:
        properties = feature["properties"]
        rows[properties["corridor_id"]]["waypoints"] = "|".join(properties["waypoints"])
        lines[properties["corridor_id"]] = shapely.LineString(feature["geometry"]["coordinates"])
    seed = SEEDS["corridors"]
    table = pa.table({name: typed(list(rows.values()), name, seed) for name in seed.columns})
    geometry: ObjectArray = np.array([lines[key] for key in rows], dtype=object)
    write_features(table, geometry, output / seed.file, snap=False)
