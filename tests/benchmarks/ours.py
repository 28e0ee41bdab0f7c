"""Parts of contraflow that have no command of their own: ``python -m tests.benchmarks.ours JOB ...``."""

from __future__ import annotations

import sys


def read(path: str) -> None:
    """Read a file and find where its rows are."""
    from geo import clean
    from geo import read as reading

    options = reading.ReadOptions()
    found = reading.read(path, options)
    clean.locate(found, options)


def write(points: str, out: str) -> None:
    """Read points as plain text and write them as `out`, whose extension says how."""
    from pyarrow import csv

    from geo.export.write import write as export
    from geo.privacy.release import release_table

    table = csv.read_csv(points)
    export(release_table(table, table.schema.names), out)


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
