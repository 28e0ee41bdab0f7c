"""The whole way, one function a product: read this first, then one folder of ``geo/`` at a time.

    read     files -> tables as they came, and every guess made          geo.read
    clean    -> places, standard events, a list of problems              geo.clean
    join     -> nearest port, corridor, municipality; areas; border      geo.join
    layers   -> rows with symbols, legend, sources, words                layers, geo.stats
    release  -> only what is declared                                    geo.privacy
    encode   -> typed binary columns                                     geo.encode
    draw     -> one HTML file; or write: a table                         geo.page, geo.export

`join` gives the joined table, `draw` the map, `convert` the standard table, `zonal` raster statistics by area. Each
takes paths and choices, opens what it needs, writes nothing, and returns what there is to write with an account of
what became of each row. `geo.inspection` says of a file what all this would read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.account import Account, manifest, period_of, source_notes
from geo.chosen import Chosen, JoinChoices, checked, polygons
from geo.errors import UsageError
from geo.gather import Gathered, Input, embedded, gather
from geo.layer import Words, with_sources
from geo.read.text import printable
from geo.schema import EVENT_COLUMNS
from geo.table import JOINED, added, column, free_name, texts, with_columns

if TYPE_CHECKING:
    from geo.clean.problems import Problems
    from geo.conversion import Conversion
    from geo.encode.payload import Payload
    from geo.layer import Layer
    from geo.privacy.release import Released, ReleasedTable
    from geo.read import ReadOptions

__all__ = ["Composed", "Drawn", "JoinChoices", "Joined", "PageChoices", "compose", "convert", "draw", "join", "zonal"]

TITLE: Words = {"en": "Seizures on the US–Mexico border", "es": "Decomisos en la frontera México–Estados Unidos"}
OWN_TITLE: Words = {"en": "Events on the US–Mexico border", "es": "Eventos en la frontera México–Estados Unidos"}
"""Where the points are a user's own: laboratories and killings are no seizures."""


@dataclass(frozen=True)
class PageChoices:
    """What the user says about the page; see the options of ``contraflow map``.

    `only` and `without` choose layers by name. `options` are the layers' own, by layer and field.
    """

    title: str | None = None
    subtitle: str | None = None
    lang: str = "en"
    theme: str = "auto"
    extent: tuple[float, float, float, float] | None = None
    handling: str = ""
    fields: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Joined:
    """The joined table, ready to be written, and the account of it."""

    released: ReleasedTable
    problems: Problems
    account: Account
    inputs: tuple[str, ...]
    """Files that went in: none of them may be overwritten."""


@dataclass(frozen=True, eq=False)
class Composed:
    """What a page is made of, and the account of it; fields as of `Joined`."""

    payload: Payload
    manifest: Mapping[str, Any]
    problems: Problems
    account: Account
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A page and what it was made of."""

    page: bytes
    of: Composed


def join(paths: Sequence[Input], choices: JoinChoices | None = None, options: ReadOptions | None = None) -> Joined:
    """Join points with ports, corridors, violence, areas and rasters.

    Parameters
    ----------
    paths
        Files of points. Of several files the rows follow each other; ``input_file`` says which is whose.
    choices, options
        What to join with; how to read.

    Returns
    -------
    Joined
        Rows out are rows in, one to one and in their order, the input's columns unchanged. A row without a usable
        place has blank joined columns, and the problems say why.
    """
    from geo.privacy.release import release_table

    choices = choices or JoinChoices()
    chosen = Chosen(choices)
    points = gather(paths, options, chosen.regions, dates=choices.year == "match")
    columns = _own_place(points) | joined_columns(points, chosen)
    table = added(points.rows, columns)
    computed = table.schema.names[len(points.rows.schema) :]
    released = release_table(table, table.schema.names, points.geometry, computed=computed)
    account = _account(points, added=tuple(computed))
    return Joined(released, points.problems, account, _files(paths, choices))


def draw(
    paths: Sequence[Input] = (),
    choices: JoinChoices | None = None,
    page: PageChoices | None = None,
    options: ReadOptions | None = None,
) -> Drawn:
    """Draw points, joined, on the chosen layers.

    Parameters
    ----------
    paths
        Files of points; none draws the embedded seizures.
    choices, page, options
        What to join with, how the page shall be, how to read.
    """
    from geo.page.bundle import page as html

    composed = compose(paths, choices, page, options)
    text = html(composed.payload, composed.manifest)
    return Drawn(text.encode("utf-8"), composed)


def compose(
    paths: Sequence[Input] = (),
    choices: JoinChoices | None = None,
    page: PageChoices | None = None,
    options: ReadOptions | None = None,
) -> Composed:
    """Do all of `draw` but the page: read, clean, join, build, release, encode."""
    from geo.encode.payload import PageWords, encode
    from geo.privacy.mark import mark_of_inputs

    choices, page = choices or JoinChoices(), page or PageChoices()
    chosen = Chosen(choices)
    points = gather(paths, options, chosen.regions) if paths else embedded()
    events = _with_joined(points.events, joined_columns(points, chosen))
    if paths:
        events = with_sources(events, *source_notes(points))
    released = build_layers(events, chosen, replace(page, fields=_theirs(page.fields, points.rows, events)))
    account = _account(points, events=next((len(r) for r in released if r.mark == "events"), 0))
    words = PageWords(
        title=_both(page.title) if page.title else OWN_TITLE if paths else TITLE,
        subtitle=_both(page.subtitle or ""),
        language=page.lang,
        theme=page.theme,
        period=period_of(events),
        handling=mark_of_inputs(page.handling, texts(events, "handling")),
        extent=page.extent,
        counts=account.counts,
    )
    said = manifest(points, _parameters(choices, page, options), released, account, words.handling)
    return Composed(encode(released, words), said, points.problems, account, _files(paths, choices))


def convert(paths: Sequence[Input], options: ReadOptions | None = None) -> Conversion:
    """Turn files of one kind into its standard table: events, area values, flows, sites, lines or areas.

    Parameters
    ----------
    paths
        One or more files; their rows follow each other. Of releases of one source that cover the same periods, the one
        given last is taken.
    options
        How to read.
    """
    from geo.conversion import part, together

    regions = Chosen().regions
    return together([part(path, options, regions) for path in paths])


def zonal(areas: str, raster: str) -> ReleasedTable:
    """Return the statistics of a raster in each polygon of a file; see `geo.join.zonal`."""
    from geo.join.zonal import zonal as statistics
    from geo.privacy.release import release_table

    shapes, drawn_in = polygons(areas)
    table = statistics(shapes, raster, edges_crs=drawn_in)
    return release_table(table, table.schema.names)


def joined_columns(points: Gathered, chosen: Chosen) -> dict[str, pa.Array]:
    """Return all columns that joins add, in the order of the interface, one row a point."""
    from geo.join.border import side_of_border
    from geo.join.corridor import nearest_corridor
    from geo.join.nearest import nearest_port
    from geo.join.polygon import within_areas
    from geo.join.violence import nearest_municipality
    from geo.read import seeds

    lon, lat, precision_m = points.longitude, points.latitude, points.precision_m
    columns: dict[str, pa.Array] = {}
    if chosen.ports is not None:
        columns |= nearest_port(lon, lat, chosen.ports, precision_m)
    if chosen.corridors is not None:
        columns |= nearest_corridor(lon, lat, chosen.corridors, precision_m)
    if chosen.violence is not None:
        year = chosen.choices.year
        columns |= nearest_municipality(
            lon, lat, chosen.violence, chosen.violence_areas, year=year, event_year=points.year
        )
    for name, areas in chosen.areas:
        columns = _beside(columns, within_areas(lon, lat, areas, name))
    for given, path in chosen.choices.rasters:
        from geo.join.raster import sample

        columns = _beside(columns, sample(lon, lat, path, f"{given}_value" if given else "raster_value"))
    border = seeds.features("border")
    side = side_of_border(lon, lat, border, seeds.features("us_states"), seeds.features("mx_states"), precision_m)
    return _beside(columns, side)


def _beside(columns: dict[str, pa.Array], more: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Return both; where two joins give one name, as areas that the user names port do, the later has the suffix."""
    out = dict(columns)
    for name, values in more.items():
        out[free_name(name, out, JOINED)] = values
    return out


def build_layers(events: pa.Table, chosen: Chosen, page: PageChoices) -> list[Released]:
    """Build and release the chosen layers, lowest first; one whose tables the user left out is not drawn."""
    from geo.privacy.release import release

    released = []
    for layer in chosen_layers(page):
        tables = {name: chosen[name] for name in (*layer.needs, *layer.optional) if name in chosen}
        if "events" in (*layer.needs, *layer.optional):
            tables["events"] = events
        if any(name not in tables for name in layer.needs):
            continue
        options = {key: value for key, value in page.options.get(layer.name, {}).items() if value is not None}
        if layer.name == "seizures":
            options["fields"] = (*page.fields, *_named_columns(events, chosen.choices))
        if layer.name == "violence" and isinstance(chosen.choices.year, int):
            options["year"] = chosen.choices.year
        released.append(release(layer, layer.build(checked(layer, tables, chosen), layer.options(**options))))
    return released


def _named_columns(events: pa.Table, choices: JoinChoices) -> list[str]:
    """Return the columns that areas and rasters with a name of their own added: no layer can know those names."""
    areas = [f"{name}_{part}" for name, _ in choices.areas if name for part in ("id", "name")]
    rasters = [f"{name}_value" for name, _ in choices.rasters if name]
    names = events.schema.names
    free = [name + JOINED if name + JOINED in names else name for name in (*areas, *rasters)]
    return [name for name in free if name in names]


def chosen_layers(page: PageChoices) -> list[Layer]:
    """Return the layers that the page shall have, lowest first; the base map is always there unless left out.

    Raises
    ------
    UsageError
        Where a name is no layer's.
    """
    import layers

    every = layers.all_layers()
    names = [layer.name for layer in every]
    unknown = [name for name in (*page.only, *page.without) if name not in names]
    if unknown:
        raise UsageError(f"there is no layer {', '.join(unknown)}; there are {', '.join(names)}")
    wanted = [layer for layer in every if not page.only or layer.name in page.only or layer.group == "base"]
    return [layer for layer in wanted if layer.name not in page.without]


def _with_joined(events: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    """Add the joined columns to the events; where a record names its side of the border, the record is believed.

    An input column that has the name of a joined one becomes ``source_NAME``.
    A place known to its town only can lie on the wrong side of the river; what the record says does not.
    """
    side = pc.coalesce(events["side"], columns["side"])
    taken = [name for name in columns if name in events.schema.names and name not in EVENT_COLUMNS]
    kept = [name for name in events.schema.names if name not in taken]
    for name in taken:
        free = free_name(f"source_{name}", kept, "_")
        events, kept = events.append_column(free, events[name]), [*kept, free]
    return with_columns(events, columns | {"side": side})


def _theirs(fields: Sequence[str], rows: pa.Table, events: pa.Table) -> tuple[str, ...]:
    """Return the names under which the user's own columns are found: ``source_NAME`` where a name means another thing.

    Whoever asks for ``port_name`` of their file wants to see theirs, beside the port that was joined.
    """
    renamed = {name for name in rows.schema.names if f"source_{name}" in events.schema.names}
    return tuple(
        f"source_{name}" if name in renamed and f"source_{name}" not in rows.schema.names else name for name in fields
    )


def _both(text: str) -> Words:
    """Return the user's own words, which are the same in both languages."""
    text = printable(text)
    return {"en": text, "es": text}


def _files(paths: Sequence[Input], choices: JoinChoices) -> tuple[str, ...]:
    """Return all files that went in: none of them may be overwritten."""
    return (*(path for path in paths if isinstance(path, str)), *choices.files)


def _own_place(points: Gathered) -> dict[str, pa.Array]:
    """Return longitude and latitude as columns where the input has them as geometry only, or names places instead.

    Rows placed by name have the radius of their place beside it, and what the point is of.
    """
    place = {"longitude": column(points.longitude), "latitude": column(points.latitude)}
    if points.named:
        return place | {name: points.events[name] for name in ("location_precision_m", "location_basis")}
    return {} if {"longitude", "latitude"} <= points.coordinate_roles else place


def _account(points: Gathered, events: int = 0, added: tuple[str, ...] = ()) -> Account:
    return Account(
        read=len(points.rows),
        placed=int(np.isfinite(points.longitude).sum()),
        problems=points.problems,
        events=events,
        excluded=points.excluded,
        added=added,
        guesses=points.guesses,
        named=points.named,
    )


def _parameters(choices: JoinChoices, page: PageChoices, reading: ReadOptions | None) -> dict[str, Any]:
    """Return every choice that was made, under its name on the command line; files by their names alone."""

    def name(path: str | None) -> str:
        return "embedded" if path is None else path if path == "none" else Path(path).name

    def named(pair: tuple[str | None, str]) -> str:
        return f"{pair[0]}={name(pair[1])}" if pair[0] else name(pair[1])

    read = {key.replace("_", "-"): value for key, value in asdict(reading).items()} if reading else {}
    if "columns" in read:
        read["column"] = read.pop("columns")
    own = {f"{layer}-{key}": v for layer, given in page.options.items() for key, v in given.items() if v is not None}
    return {
        "ports": name(choices.ports),
        "corridors": name(choices.corridors),
        "violence": name(choices.violence),
        "violence-year": choices.year or "latest",
        "areas": [named(pair) for pair in choices.areas],
        "raster": [named(pair) for pair in choices.rasters],
        "layers": list(page.only) or "all",
        "without": list(page.without),
        "fields": list(page.fields),
        "lang": page.lang,
        "theme": page.theme,
        **({"extent": list(page.extent)} if page.extent else {}),
        **{option: value for option, value in read.items() if value not in (None, {})},
        **own,
    }
