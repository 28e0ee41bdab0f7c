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


def normalise(path: str) -> None:
    """Read a file to standard events, and print the seconds that this took without the imports."""
    import json
    import tempfile
    import time
    from itertools import islice
    from pathlib import Path

    from geo import clean
    from geo import read as reading
    from geo.chosen import Chosen

    regions, options = Chosen().regions, reading.ReadOptions()

    def events_of(name: str) -> int:
        found = reading.read(name, options)
        located = clean.locate(found, options, regions)
        return len(clean.events(found, located, options).table)

    with Path(path).open("rb") as file, tempfile.NamedTemporaryFile(suffix=".csv") as few:
        few.write(b"".join(islice(file, 100)))
        few.flush()
        events_of(few.name)
    start = time.perf_counter()
    rows = events_of(path)
    print(json.dumps({"read_s": round(time.perf_counter() - start, 3), "rows": rows}))


def write(points: str, out: str) -> None:
    """Read points as plain text and write them as `out`, whose extension says how."""
    from pyarrow import csv

    from geo.export.write import write as export
    from geo.privacy.release import release_table

    table = csv.read_csv(points)
    export(release_table(table, table.schema.names), out)


if __name__ == "__main__":
    {"read": read, "normalise": normalise, "write": write}[sys.argv[1]](*sys.argv[2:])
