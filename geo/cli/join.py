"""``contraflow join``: the joined table without the map."""

from __future__ import annotations

from typing import Any

import click

from geo.cli.options import (
    join_options,
    need_free,
    need_table,
    read_options,
    reading,
    say,
    say_summary,
    talk_options,
    written_at,
)


@click.command("join", short_help="Write the joined table without the map.")
@click.argument("points", nargs=-1, required=True, metavar="POINTS...")
@click.option("-o", "--output", metavar="OUT", help="Output; the format follows the extension, - is CSV on stdout.")
@join_options
@read_options
@talk_options
def command(
    *,
    points: tuple[str, ...],
    output: str | None,
    ports: str | None,
    corridors: str | None,
    violence: str | None,
    violence_year: str | None,
    areas: tuple[tuple[str | None, str], ...],
    rasters: tuple[tuple[str | None, str], ...],
    rejects: str | None,
    as_json: bool,
    columns: dict[str, str],
    **read: Any,
) -> None:
    """Join points with the nearest port, corridor and municipality, with polygons and rasters.

    Rows out are rows in, in their order; the input's columns stay as they are and the joined ones follow. All
    distances are geodesics on the WGS84 ellipsoid.

    \b
    Examples:
      contraflow join seizures.csv -o joined.gpkg
      contraflow join seizures.csv --areas counties.geojson --violence none -o -
    """
    from geo.export.rejects import write_rejects
    from geo.export.write import write
    from geo.pipeline import JoinChoices, join

    choices = JoinChoices(ports, corridors, violence, violence_year, areas, rasters)
    target = need_table(output, (*points, *choices.files))
    need_free(rejects, (*points, *choices.files, target))
    joined = join(points, choices, reading(columns, **read))
    write(joined.released, target, inputs=joined.inputs, written=written_at())
    if rejects:
        write_rejects(joined.problems.table, rejects, inputs=(*joined.inputs, target))
    account = joined.account
    say(
        account.sentences(
            target,
            f"{account.read:,} rows, {len(account.added)} columns added,",
            "have no usable place, and blank joins",
        )
    )
    say_summary(account.summary(target), as_json, to_stderr=target == "-")
