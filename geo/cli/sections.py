"""An inspection as text: one section a question, labels on the left, lines that fit the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence

import click

from geo.inspection import Choice, Dates, Inspection, RasterInspection, Rows, Unit

LABEL = 11
"""Width of the labels on the left."""
_MOST_UNITS = 12
_WIDEST = 140


def shown(found: Inspection | RasterInspection, first: bool = True) -> str:
    """Return an inspection as text; a blank line before all but the first."""
    sections = _raster(found) if isinstance(found, RasterInspection) else _table(found)
    lines = [click.style(printable(found.file), bold=True)]
    for label, body in sections:
        lines += _section(label, body)
    return ("" if first else "\n") + "\n".join(lines)


def printable(text: object) -> str:
    """Return text without characters that would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in str(text))


Section = tuple[str, list[str]]


def _table(found: Inspection) -> list[Section]:
    known = f"{found.title} ({found.source})" if found.source else "no source that is known by name"
    sections: list[Section] = [("reader", [f"{found.format}, {known}; its rows are {found.kind}"])]
    sections += [(choice.what, _choice(choice)) for choice in found.file_choices]
    if found.columns:
        sections.append(("columns", [*_grid(found.columns), "overrule with --column ROLE=NAME, or ROLE= for none"]))
    if found.other_columns:
        lead = "kept as they are: " if found.columns else ""
        sections.append(("others" if found.columns else "columns", [lead + ", ".join(found.other_columns)]))
    sections += [(choice.what, _choice(choice)) for choice in found.choices]
    if found.dates is not None:
        sections.append(("dates", _dates(found.dates)))
    if found.units:
        sections.append(("units", _units(found.units)))
    sections.append(("rows", _rows(found.rows, found.kind)))
    if found.messages:
        sections.append(("messages", found.messages))
    return sections


def _choice(choice: Choice) -> list[str]:
    said = f"{choice.value}: {choice.reason}" if choice.reason else choice.value
    return [f"{said} [{choice.overrule}]" if choice.overrule else said]


def _grid(columns: Sequence[Choice]) -> list[str]:
    role, name = (min(24, max(len(printable(getattr(c, part))) for c in columns)) for part in ("what", "value"))
    return [f"{c.what:<{role}}  {printable(c.value):<{name}}  {c.reason}" for c in columns]


def _dates(dates: Dates) -> list[str]:
    if dates.first is None:
        return ["none that is understood [--column date=NAME]"]
    span = dates.first if dates.first == dates.last else f"{dates.first} to {dates.last}"
    lines = [f"{span}, from {dates.columns}" if dates.columns else span]
    if dates.rows:
        lines.append("; ".join(f"{n:,} rows by {word}" for word, n in dates.rows.items()))
    if dates.without:
        lines.append(f"{dates.without:,} rows without a date")
    return lines


def _units(units: Sequence[Unit]) -> list[str]:
    lines = [_unit(unit) for unit in units[:_MOST_UNITS]]
    rest = units[_MOST_UNITS:]
    return [*lines, f"and {len(rest)} more, {sum(u.rows for u in rest):,} rows"] if rest else lines


def _unit(unit: Unit) -> str:
    if unit.measure is not None:
        return f"{unit.rows:>9,}  {unit.measure}{f' in {unit.unit}' if unit.unit else ''}"
    reported = unit.reported or "no unit named"
    if unit.unit is None:
        return f"{unit.rows:>9,}  {reported}, not converted"
    return f"{unit.rows:>9,}  {reported}" + (f", as {unit.unit}" if unit.unit != unit.reported else "")


def _rows(rows: Rows, kind: str) -> list[str]:
    lines = [f"{rows.read:,} read; {rows.made:,} {kind} made of them"]
    if rows.placed is not None:
        lines[0] += f", {rows.placed:,} with a place"
    if rows.excluded:
        lines.append(f"{rows.excluded:>9,}  left out by --where")
    without = "no place on the map" if kind == "events" else "left out"
    for counts, words in ((rows.dropped, without), (rows.changed, "read otherwise"), (rows.flagged, "look at them")):
        lines += [f"{n:>9,}  {words}: {reason}" for reason, n in counts.items()]
    return lines


def _raster(found: RasterInspection) -> list[Section]:
    west, south, east, north = found.extent
    share = found.valid / max(found.width * found.height, 1)
    values = [f"{found.dtype}, {found.bands} band{'s' if found.bands > 1 else ''}"]
    if found.valid:
        values.append(f"{found.least:,.6g} to {found.greatest:,.6g}, sum {found.sum:,.10g}")
    return [
        ("reader", [f"{found.format}; give it with --raster"]),
        ("crs", [f"{found.crs}: declared in the file"]),
        ("size", [f"{found.width:,} x {found.height:,} cells of {found.cell[0]:g} x {found.cell[1]:g} {found.units}"]),
        ("extent", [f"{west:.10g}, {south:.10g} to {east:.10g}, {north:.10g}"]),
        ("no data", ["none declared" if found.nodata is None else f"{found.nodata:g}"]),
        ("cells", [f"{found.valid:,} with a value ({share:.0%}), the others blank"]),
        ("values", values),
    ]


def _section(label: str, body: Iterable[str]) -> list[str]:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    indent = " " * (LABEL + 2)
    lines: list[str] = []
    for text in body:
        # A line made of columns keeps them; what does not fit goes on below, set in a little.
        plain = "".join(c if c.isprintable() else " " for c in text)
        lines += textwrap.wrap(
            plain, max(width, 40), initial_indent=indent, subsequent_indent=indent + "  ", replace_whitespace=False,
            break_on_hyphens=False,
        ) or [indent]  # fmt: skip
    # A longer label has a line of its own.
    head = f"  {label:<{LABEL}}"
    if len(label) > LABEL - 1:
        return [click.style(f"  {label}", dim=True), *lines]
    lines[0] = click.style(head, dim=True) + lines[0][len(indent) :]
    return lines
