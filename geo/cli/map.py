"""``contraflow map``: the main job. Read, join, draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import click

import layers
from geo.cli.options import join_options, need_free, read_options, reading, say, say_summary, talk_options
from geo.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = {layer.name: layer.options for layer in layers.all_layers()}
"""Options of every layer, by its name: walking the layers costs milliseconds each time."""


def _words(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip()) if value else ()


def _extent(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    if value is None:
        return None
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter("four numbers are needed: WEST,SOUTH,EAST,NORTH in degrees") from None
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise click.BadParameter(f"{value} is no extent: west must be less than east, south less than north")
    return west, south, east, north


def _option_type(hint: Any) -> Any:
    choices = [a for a in get_args(hint) if a is not type(None)]
    if get_origin(hint) is not None and choices and isinstance(choices[0], type):
        return choices[0]
    return hint if isinstance(hint, type) else str


def layer_options(f: F) -> F:
    """Add every option that a layer declares, as ``--LAYER-FIELD``; those that joins share are theirs already."""
    taken = {"violence_year"}
    for name, declared in sorted(_OPTIONS.items(), reverse=True):
        hints = get_type_hints(declared)
        for field in reversed(fields(declared)):
            key = f"{name}_{field.name}"
            if key in taken or field.metadata.get("internal"):
                continue
            choices = field.metadata.get("choices")
            default = None if field.default is MISSING else field.default
            f = click.option(
                f"--{key.replace('_', '-')}",
                key,
                type=click.Choice([str(c) for c in choices]) if choices else _option_type(hints[field.name]),
                default=None,
                show_default=str(default) if default is not None else False,
                help=field.metadata.get("help", ""),
            )(f)
    return f


@click.command("map", short_help="Read points, join them, draw one offline HTML map.")
@click.argument("points", nargs=-1, metavar="[POINTS]...")
@click.option("-o", "--output", default="contraflow.html", show_default=True, metavar="OUT", help="The HTML file.")
@click.option("--title", metavar="TEXT", help="Title of the map.")
@click.option("--subtitle", metavar="TEXT", help="Line under the title; the period if not given.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Language it opens in.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark", "contrast"]), default="auto", show_default=True)
@click.option("--extent", callback=_extent, metavar="W,S,E,N", help="Opening view in degrees; the border if not given.")
@click.option("--handling", metavar="TEXT", default="", help="Handling mark, on the page and in print.")
@click.option(
    "--fields", callback=_words, metavar="A,B", help="Columns of the input to show besides the standard ones."
)
@click.option("--layers", "only", callback=_words, metavar="A,B", help="Draw only these layers.")
@click.option("--without", callback=_words, metavar="A,B", help="Leave these layers out.")
@join_options
@layer_options
@read_options
@talk_options
def command(
    *,
    points: tuple[str, ...],
    output: str,
    ports: str | None,
    corridors: str | None,
    violence: str | None,
    violence_year: str | None,
    areas: tuple[tuple[str | None, str], ...],
    rasters: tuple[tuple[str | None, str], ...],
    columns: dict[str, str],
    rejects: str | None,
    as_json: bool,
    **rest: Any,
) -> None:
    """Read points, join them with ports, corridors and violence, and draw one HTML map that needs no network.

    Without POINTS the map shows the embedded seizures: 383 publicly reported events.

    \b
    Examples:
      contraflow map
      contraflow map seizures.xlsx --title "Seizures, Laredo" --handling "LAW ENFORCEMENT SENSITIVE" -o laredo.html
      contraflow map labs.csv --areas municipalities.geojson --violence-year 2010 -o labs.html
    """
    from geo.export.rejects import write_rejects
    from geo.export.text import write_bytes
    from geo.pipeline import JoinChoices, PageChoices, draw

    if not output.lower().endswith((".html", ".htm")):
        raise UsageError(f"{output}: a map is an HTML file; give -o a name that ends in .html")
    choices = JoinChoices(ports, corridors, violence, violence_year, areas, rasters)
    for path in (output, rejects):
        need_free(path, (*points, *choices.files))
    options = {
        name: {
            field.name: rest.pop(f"{name}_{field.name}") for field in fields(declared) if f"{name}_{field.name}" in rest
        }
        for name, declared in _OPTIONS.items()
    }
    page_words = {k: rest.pop(k) for k in ("title", "subtitle", "lang", "theme", "extent", "handling", "fields")}
    page = PageChoices(**page_words, only=rest.pop("only"), without=rest.pop("without"), options=options)
    drawn = draw(points, choices, page, reading(columns, **rest))
    write_bytes(drawn.page, output, inputs=drawn.of.inputs)
    if rejects:
        write_rejects(drawn.of.problems.table, rejects, inputs=(*drawn.of.inputs, output))
    account = drawn.of.account
    say(account.sentences(output, f"{account.events:,} events drawn from {account.read:,} rows,", "left off the map"))
    say_summary(account.summary(output), as_json)
