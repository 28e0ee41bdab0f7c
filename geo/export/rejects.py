"""The rows left out or flagged, with the reason for each: what ``--rejects`` writes."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from geo.errors import SchemaError
from geo.export.atomic import PathLike
from geo.export.write import write
from geo.privacy.release import release_table

COLUMNS = ("file", "row", "column", "value", "reason", "message", "action")


def write_rejects(problems: pa.Table, path: PathLike, inputs: Iterable[PathLike] = ()) -> None:
    """Write a table of problems in the format of `path`, one problem a row, in their order.

    Parameters
    ----------
    problems
        Columns `COLUMNS`: file, row (as an editor shows it), column, value as it stands in the input, reason
        (a code), message (what to do), action (dropped, flagged or changed). Others are left out.
    path, inputs
        As in `geo.export.write.write`.

    Raises
    ------
    SchemaError
        If a column is missing.
    UsageError, ExportError
        As `geo.export.write.write`.
    """
    missing = [name for name in COLUMNS if name not in problems.schema.names]
    if missing:
        raise SchemaError(f"not a table of problems: {', '.join(missing)} missing")
    # Types are known: a value that reads 12 is still the text that stood in the input.
    write(release_table(problems, COLUMNS), path, inputs=inputs, computed=COLUMNS)
