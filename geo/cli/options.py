"""Options that mean the same in every command, and the types of their values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from geo.cli.main import set_verbosity
from geo.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def _verbosity(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if param.name == "quiet" and value:
        set_verbosity(ctx, -1)
    elif param.name == "verbose" and (value or "contraflow.verbosity" not in ctx.meta):
        set_verbosity(ctx, value)
    return value


def talk_options(f: F) -> F:
    """Add ``--json``, ``-q`` and ``-v``."""
    f = click.option("--json", "as_json", is_flag=True, help="Print a machine-readable summary on standard output.")(f)
    f = click.option(
        "-v", "--verbose", count=True, expose_value=False, callback=_verbosity, help="Say more; twice: with traceback."
    )(f)
    return click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_verbosity, help="Say errors only."
    )(f)


def _columns(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in value:
        role, equals, name = pair.partition("=")
        if not equals or not role.strip():
            raise click.BadParameter(f"{pair!r} is not ROLE=NAME, e.g. --column longitude=LON")
        columns[role.strip()] = name
    return columns


def read_options(f: F) -> F:
    """Add the options that overrule what a reader guessed."""
    for option in reversed(
        (
            click.option(
                "--column", "columns", multiple=True, metavar="ROLE=NAME", callback=_columns,
                help="Name the column that plays a role (longitude, date, commodity ...); ROLE= for none. Repeatable.",
            ),
            click.option("--crs", metavar="CRS", help="Reference system of the coordinates, e.g. EPSG:32612."),
            click.option("--encoding", metavar="NAME", help="Encoding of a text file."),
            click.option("--sheet", metavar="NAME", help="Sheet of a workbook, or layer of a file that has several."),
            click.option("--skip-rows", type=click.IntRange(min=0), metavar="N", help="Lines before the header."),
            click.option("--date-order", type=click.Choice(["DMY", "MDY", "YMD"]), help="Order of day, month, year."),
            click.option("--tz", metavar="ZONE", help="IANA zone of times written without one."),
            click.option("--where", metavar="EXPR", help="Keep rows for which this holds, e.g. 'year >= 2010'."),
            click.option(
                "--rejects", type=click.Path(dir_okay=False), metavar="FILE", help="Write rows left out, with reasons."
            ),
        )
    ):  # fmt: skip
        f = option(f)
    return f


def _named(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str | None, str], ...]:
    named: list[tuple[str | None, str]] = []
    for item in value:
        if item == "none":
            continue
        name, equals, path = item.partition("=")
        named.append((name, path) if equals and name.isidentifier() else (None, item))
    if len({name for name, _ in named}) != len(named):
        raise click.BadParameter("two of these have the same name; give each its own: NAME=FILE")
    return tuple(named)


def join_options(f: F) -> F:
    """Add the options that choose what points are joined with."""
    for option in reversed(
        (
            click.option("--ports", metavar="FILE|none", help="Ports of entry; embedded if not given."),
            click.option("--corridors", metavar="FILE|none", help="Corridor lines; embedded if not given."),
            click.option("--violence", metavar="FILE|none", help="Violence by municipality; embedded if not given."),
            click.option(
                "--violence-year", metavar="YEAR|match",
                help="Year of the violence figures; match: the event's own year, else the latest.",
            ),
            click.option(
                "--areas", multiple=True, metavar="[NAME=]FILE|none", callback=_named,
                help="Polygons to join; none if not given. Repeatable.",
            ),
            click.option(
                "--raster", "rasters", multiple=True, metavar="[NAME=]FILE|none", callback=_named,
                help="GeoTIFF to read at each point; none if not given. Repeatable.",
            ),
        )
    ):  # fmt: skip
        f = option(f)
    return f


def reading(columns: Mapping[str, str], **given: Any) -> Any:
    """Return the :class:`geo.read.ReadOptions` for what was given on the command line."""
    from geo.read import ReadOptions

    if given.get("tz"):
        from geo.clean.dates import zone

        zone(given["tz"])  # refused even where no time of the file needs it
    return ReadOptions(columns=dict(columns), **{k: v for k, v in given.items() if v is not None})


def say_summary(summary: Mapping[str, Any], as_json: bool, to_stderr: bool = False) -> None:
    """Print the machine-readable summary, where it was asked for."""
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1), err=to_stderr)


def say(lines: Iterable[str]) -> None:
    """Print what was done on standard error, unless ``-q`` was given."""
    if click.get_current_context().meta.get("contraflow.verbosity", 0) >= 0:
        for line in lines:
            click.echo(line, err=True)


def need_table(path: str | None, inputs: Iterable[str]) -> str:
    """Return the output path of a table, found fit before any work is done.

    Raises
    ------
    UsageError
        Where none was given, its extension is no format, it is a folder or an input.
    ExportError
        Where it cannot be written to.
    """
    from geo.export.write import STDOUT, format_of

    if not path:
        raise UsageError("no output given; say where to write with -o FILE, or -o - for CSV on standard output")
    if path != STDOUT:
        format_of(path)
        need_free(path, inputs)
    return path


def need_free(path: str | None, inputs: Iterable[str]) -> None:
    """Refuse an output that could not be written in the end; None is no output.

    Raises
    ------
    UsageError, ExportError
        As :func:`geo.export.atomic.check_output`.
    """
    from geo.export.atomic import check_output

    if path is not None:
        check_output(path, inputs)


def written_at() -> datetime | None:
    """Return the time that SOURCE_DATE_EPOCH names, for formats that must state one; None without it.

    Raises
    ------
    UsageError
        Where it is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {given!r}; it must be a number of seconds since 1970") from None
