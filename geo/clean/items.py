"""What was seized and how much of it: commodity, quantity and unit, as reported and as converted.

A quantity is converted only where a factor from the unit reported to the unit of the commodity is known. Where
it is not, ``quantity`` and ``unit`` are blank and what was reported stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.commodity import OTHER, Found, code_of, commodities
from geo.clean.frame import Coded, Columns, Frame, Labels, distinct_pairs
from geo.clean.quantity import Quantity, contradicts, decimal_comma, parse_quantity
from geo.read.coordinates import as_numbers, degrees
from geo.table import BoolArray, FloatArray
from geo.units import factor, unit_named, unit_within

UNKNOWN_UNIT = "?"
"""Stands for a unit that is written but not known, which is not the same as none."""
_OWN_UNITS = frozenset(("count", "rounds", "pills", "plants", "USD", "MXN"))
"""Units that go without saying: a number of guns is a number of guns, one of US dollars is dollars."""


@dataclass(frozen=True, eq=False)
class _Amounts:
    """Quantities as reported, and the units that stood beside the numbers."""

    values: FloatArray
    reported: pa.Array
    beside: Labels | None = None


def item_columns(frame: Frame) -> Columns:
    """Return the columns of `geo.schema.ITEM_COLUMNS` but ``record_id``."""
    amounts = _amounts(frame)
    unit = _units(frame, amounts)
    code = frame.given["commodity"] if "commodity" in frame.given else _codes(frame, unit)
    value, canonical = _converted(frame, code, unit, amounts.values)
    return {
        "commodity": code,
        "commodity_reported": frame.text("commodity"),
        "quantity": value,
        "unit": canonical,
        "quantity_reported": amounts.reported,
        "unit_reported": _unit_reported(frame, amounts.reported),
    }


# --- quantity ---------------------------------------------------------------------------------------------


def _amounts(frame: Frame) -> _Amounts:
    column = frame.reading.column("quantity")
    if column is None:
        return _Amounts(np.full(frame.rows, np.nan), frame.nulls())
    plain = _plain_numbers(column)
    if plain is not None:
        return _Amounts(_not_negative(frame, plain), frame.ids("quantity"))
    cells = frame.coded("quantity")
    assert cells is not None
    comma = decimal_comma(cells.values)
    if comma:
        frame.guess("decimal mark", "comma", f"some values of {cells.name} can only be read so")
    read = [parse_quantity(value, comma) for value in cells.values]
    _flag_quantities(frame, cells, read)
    values = np.array([*(quantity.value for quantity in read), np.nan])[cells.codes]
    beside = cells.labels([quantity.unit for quantity in read])
    return _Amounts(_not_negative(frame, values), cells.text(), beside)


def _plain_numbers(column: pa.ChunkedArray) -> FloatArray | None:
    """Return a column that holds nothing but numbers and blanks; None where a value has words or marks."""
    if not pa.types.is_string(column.type):
        return degrees(column, None)[0]
    try:
        cast = as_numbers(column).combine_chunks()
    except pa.ArrowInvalid:
        return None
    values = np.asarray(cast.to_numpy(zero_copy_only=False), dtype=np.float64)
    return values if np.isfinite(values).sum() == len(cast) - cast.null_count else None


def _flag_quantities(frame: Frame, cells: Coded, read: list[Quantity]) -> None:
    name = cells.name
    unread = [bool(np.isnan(quantity.value)) for quantity in read]
    said = f"in {name} is no quantity that is understood; it stays blank"
    frame.flag_values(cells, unread, "quantity_unreadable", lambda value: f"{value!r} {said}")
    if contradicts(cells.values):
        both = [quantity.ambiguous for quantity in read]
        doubt = f"in {name} may have thousands or decimals after the comma; read as thousands"
        frame.flag_values(cells, both, "quantity_ambiguous", lambda value: f"{value!r} {doubt}")


def _not_negative(frame: Frame, values: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(values < 0)
    if len(rows):
        name = frame.name("quantity")
        written = [f"{value:g}" for value in values[rows]]
        said = [f"{text} in {name} is negative; it stays blank" for text in written]
        frame.flag(rows, "quantity_negative", name, written, said)
        values = values.copy()
        values[rows] = np.nan
    return values


# --- unit -------------------------------------------------------------------------------------------------


def _units(frame: Frame, amounts: _Amounts) -> Labels:
    """Return the unit of each row: from its column, else beside the number, else in the column's name."""
    column = frame.coded("unit")
    named = unit_within(frame.name("quantity")) if frame.has("quantity") else None
    if named is not None and column is None:
        frame.guess("unit", named, f"in the name of {frame.name('quantity')}")
    unit = Labels.all(named, frame.rows)
    if amounts.beside is not None:
        unit = amounts.beside.filled(unit)
    if column is not None:
        unit = column.labels([unit_named(value) or UNKNOWN_UNIT for value in column.values]).filled(unit)
    return unit


def _unit_reported(frame: Frame, quantity: pa.Array) -> pa.Array:
    if frame.has("unit"):
        return frame.text("unit")
    named = unit_within(frame.name("quantity")) if frame.has("quantity") else None
    if named is None:
        return frame.nulls()
    return pc.if_else(pc.is_null(quantity), pa.scalar(None, pa.string()), named)


def _converted(frame: Frame, code: pa.Array, unit: Labels, values: FloatArray) -> tuple[pa.Array, Labels]:
    """Convert quantities to the unit of their commodity; (quantity, unit), both null where not converted."""
    table = commodities()
    goods = Labels.of(code)
    into = [table[name].unit if name in table else None for name in goods.names]
    factors = np.full((len(goods.names), len(unit.names)), np.nan)
    for at, canonical in enumerate(into):
        for to, name in enumerate(unit.names):
            known = factor(canonical if name is None and canonical in _OWN_UNITS else name, canonical)
            factors[at, to] = np.nan if known is None else known
    value = values * factors[goods.codes, unit.codes]
    converted = np.isfinite(value)
    _flag_units(frame, np.isfinite(values) & ~converted, goods, unit)
    return pa.array(value, from_pandas=True), Labels([*into, None], np.where(converted, goods.codes, len(into)))


def _flag_units(frame: Frame, lost: BoolArray, goods: Labels, unit: Labels) -> None:
    """Note quantities that could not be converted, of commodities that are known."""
    lost = lost & goods.where(lambda name: name is not None)
    unknown = unit.where(lambda name: name == UNKNOWN_UNIT)
    column = frame.coded("unit")
    name = column.name if column is not None else frame.name("quantity")
    stays = "the quantity stays as reported"
    for reason, rows in (("unit_unknown", lost & unknown), ("unit_no_factor", lost & ~unknown)):
        at = np.flatnonzero(rows)
        written = column.at(at) if column is not None else [unit.names[code] or "" for code in unit.codes[at]]
        if reason == "unit_unknown":
            said = [f"{text!r} is no unit with one meaning; {stays}" for text in written]
        else:
            pairs = zip(written, goods.codes[at], strict=True)
            said = [
                f"{repr(text) if text else 'no unit'} does not convert to the unit of {goods.names[code]}; {stays}"
                for text, code in pairs
            ]
        frame.flag(at, reason, name, written, said)


# --- commodity --------------------------------------------------------------------------------------------


def _codes(frame: Frame, unit: Labels) -> pa.Array:
    """Return commodity codes, decided once for each distinct pair of words and unit."""
    words = frame.coded("commodity")
    if words is None:
        return frame.nulls()
    pairs, back = distinct_pairs(words.codes, unit.codes, (len(words.values) + 1, len(unit.names)))
    found: list[Found] = []
    for at, to in pairs:
        named = None if unit.names[to] == UNKNOWN_UNIT else unit.names[to]
        found.append(code_of(words.values[at], named) if at < len(words.values) else Found(None))
    for reason, wanted in (
        ("commodity_ambiguous", [f.code is None and bool(f.candidates) for f in found]),
        ("commodity_unknown", [f.code == OTHER and not f.known for f in found]),
    ):
        rows = np.flatnonzero(np.array(wanted, dtype=bool)[back]) if found else np.empty(0, np.int64)
        values = words.at(rows)
        said = [_commodity_words(value, found[at]) for value, at in zip(values, back[rows], strict=True)]
        frame.flag(rows, reason, words.name, values, said)
    return pa.array([f.code for f in found], pa.string()).take(pa.array(back))


def _commodity_words(value: str, found: Found) -> str:
    if found.code == OTHER:
        return f"{value!r} is no commodity that is known; it counts as other"
    if len(found.candidates) > 1:
        return f"{value!r} may be {' or '.join(found.candidates)}; give each commodity a row of its own"
    return f"{value!r} may be {found.candidates[0]} or something else; write the commodity out"
