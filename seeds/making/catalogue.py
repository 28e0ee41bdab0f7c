"""The catalogue: keep the row counts and checksums of ``SOURCES.csv`` true.

Its words (titles, sources, licences, precision) are written by hand; only the columns rows and sha256 are made.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from geo.read.seeds import SEEDS
from seeds.making.tables import read_rows, write_csv

CATALOGUE = "SOURCES.csv"


def build(output: Path, words: Path) -> None:
    """Write the catalogue of the files in `output`, with the words of the catalogue in `words`.

    Raises
    ------
    ValueError
        If a declared file is not in the catalogue, or the other way round.
    """
    rows = read_rows(words / CATALOGUE)
    told, declared = [row["name"] for row in rows], list(SEEDS)
    if sorted(told) != sorted(declared):
        raise ValueError(f"{CATALOGUE} and SEEDS differ in: {', '.join(sorted(set(told) ^ set(declared)))}")
    for row in rows:
        path = output / SEEDS[row["name"]].file
        row["file"] = path.name
        row["rows"] = str(_row_count(path))
        row["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    write_csv(rows, list(rows[0]), output / CATALOGUE)


def _row_count(path: Path) -> int:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))
