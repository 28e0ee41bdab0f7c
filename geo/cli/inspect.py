"""``contraflow inspect``: what would be read of a file, and why."""

from __future__ import annotations

import json
from typing import Any

import click

from geo.cli.options import need_free, read_options, reading, talk_options


@click.command("inspect", short_help="Say what would be read of a file: columns, dates, units, rows, and why.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@read_options
@talk_options
def command(
    *,
    files: tuple[str, ...],
    rejects: str | None,
    as_json: bool,
    columns: dict[str, str],
    **read: Any,
) -> None:
    """Say what would be read of each file, and why: reader, encoding, columns by role, dates, units, rows.

    Every choice comes with its reason and with the option that overrules it. A file that is refused says so in one
    line, the next one goes on, and the exit code is 1.

    \b
    Examples:
      contraflow inspect seizures.csv
      contraflow inspect seizures.csv --column date=FECHA --date-order DMY --json
    """
    from geo.cli.sections import shown
    from geo.errors import ContraflowError, UsageError
    from geo.export.rejects import write_rejects
    from geo.inspection import Inspection, RasterInspection, inspect, joined_problems

    need_free(rejects, files)
    options = reading(columns, **read)
    said: list[dict[str, Any]] = []
    done: list[Inspection | RasterInspection] = []
    refused = 0
    for path in files:
        try:
            found = inspect(path, options)
        except ContraflowError as error:
            if isinstance(error, UsageError) and len(files) == 1:
                raise
            refused += 1
            message = " ".join(str(error).split())
            click.echo(f"contraflow: {message}", err=True)
            said.append({"file": path, "refused": message})
            continue
        said.append(found.summary())
        if not as_json:
            click.echo(shown(found, first=not done))
        done.append(found)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    if rejects:
        write_rejects(joined_problems(done).table, rejects, inputs=files)
    if refused:
        click.get_current_context().exit(1)
