"""``contraflow convert``: any recognised file to its standard table."""

from __future__ import annotations

from typing import Any

import click

from geo.cli.options import (
    need_free,
    need_table,
    read_options,
    reading,
    say,
    say_summary,
    talk_options,
    written_at,
)


@click.command("convert", short_help="Write any recognised file as its standard table.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", metavar="OUT", help="Output; the format follows the extension, - is CSV on stdout.")
@read_options
@talk_options
def command(
    *,
    files: tuple[str, ...],
    output: str | None,
    rejects: str | None,
    as_json: bool,
    columns: dict[str, str],
    **read: Any,
) -> None:
    """Write any recognised file as its standard table: events, area values, flows, sites, lines or areas.

    The standard columns come first, the file's own follow under their own names. Several files of one kind follow
    each other; where two releases of one source cover the same month, the one given last is taken for it.

    \b
    Examples:
      contraflow convert seizures.xlsx -o events.csv
      contraflow convert drugs-fy19-fy22.csv drugs-fy20-fy23.csv -o drugs.parquet --rejects left_out.csv
    """
    from geo.export.rejects import write_rejects
    from geo.export.write import write
    from geo.pipeline import convert

    target = need_table(output, files)
    need_free(rejects, (*files, target))
    made = convert(files, reading(columns, **read))
    write(made.released, target, inputs=made.inputs, written=written_at())
    if rejects:
        write_rejects(made.problems.table, rejects, inputs=(*made.inputs, target))
    say(made.sentences(target))
    say_summary(made.summary(target), as_json, to_stderr=target == "-")
