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
from geo.clean.frame import Coded, Columns, Frame, is_none
from geo.clean.quantity import Quantity, contradicts, decimal_comma, parse_quantity
from geo.read.coordinates import degrees
from geo.table import FloatArray, ObjectArray
from geo.units import factor, unit_named, unit_within

UNKNOWN_UNIT = "?"
"""Stands for a unit that is written but not known, which is not the same as none."""
_OWN_UNITS = frozenset(("count", "rounds", "pills", "plants", "USD", "MXN"))
"""Units that go without saying: a number of guns is a number of guns, one of US dollars is dollars."""


@dataclass(frozen=True, eq=False)
class _Amounts:
    """Quantities as reported, and the units that stood beside the numbers."""

    values: FloatArray
    beside: ObjectArray | None = None


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
        "quantity_reported": frame.text("quantity"),
        "unit_reported": _unit_reported(frame),
    }


# --- quantity ---------------------------------------------------------------------------------------------


def _amounts(frame: Frame) -> _Amounts:
    column = frame.reading.column("quantity")
    if column is None:
        return _Amounts(np.full(frame.rows, np.nan))
    plain = _plain_numbers(column)
    if plain is not None:
        return _Amounts(_not_negative(frame, plain))
    cells = frame.coded("quantity")
    assert cells is not None
    comma = decimal_comma(cells.values)
    if comma:
        frame.guess("decimal mark", "comma", f"some values of {cells.name} can only be read so")
    read = [parse_quantity(value, comma) for value in cells.values]
    _flag_quantities(frame, cells, read)
    values = np.array([*(quantity.value for quantity in read), np.nan])[cells.codes]
    return _Amounts(_not_negative(frame, values), cells.objects([quantity.unit for quantity in read]))


def _plain_numbers(column: pa.ChunkedArray) -> FloatArray | None:
    """Return a column that holds nothing but numbers and blanks; None where a value has words or marks."""
    if not pa.types.is_string(column.type):
        return degrees(column, None)[0]
    try:
        cast = pc.cast(pc.utf8_trim_whitespace(column), pa.float64()).combine_chunks()
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


def _units(frame: Frame, amounts: _Amounts) -> ObjectArray:
    """Return the unit of each row: from its column, else beside the number, else in the column's name."""
    unit = np.full(frame.rows, None, dtype=object)
    column = frame.coded("unit")
    named = unit_within(frame.name("quantity")) if frame.has("quantity") else None
    if named is not None:
        unit[:] = named
        if column is None:
            frame.guess("unit", named, f"in the name of {frame.name('quantity')}")
    if amounts.beside is not None:
        unit = np.where(is_none(amounts.beside), unit, amounts.beside)
    if column is not None:
        own = column.objects([unit_named(value) or UNKNOWN_UNIT for value in column.values])
        unit = np.where(is_none(own), unit, own)
    return np.asarray(unit, dtype=object)


def _unit_reported(frame: Frame) -> pa.Array:
    if frame.has("unit"):
        return frame.text("unit")
    named = unit_within(frame.name("quantity")) if frame.has("quantity") else None
    if named is None:
        return frame.nulls()
    return pc.if_else(pc.is_null(frame.text("quantity")), pa.scalar(None, pa.string()), named)


def _converted(frame: Frame, code: pa.Array, unit: ObjectArray, values: FloatArray) -> tuple[pa.Array, pa.Array]:
    """Convert quantities to the unit of their commodity; (quantity, unit), both null where not converted."""
    table = commodities()
    of_code, code_index = _distinct(code)
    of_unit, unit_index = _distinct(pa.array(unit.tolist(), pa.string()))
    factors = np.full((len(of_code), len(of_unit)), np.nan)
    into = [table[c].unit if c in table else None for c in of_code]
    for at, canonical in enumerate(into):
        for to, name in enumerate(of_unit):
            stated = canonical if name is None and canonical in _OWN_UNITS else name
            known = factor(stated, canonical)
            factors[at, to] = np.nan if known is None else known
    value = values * factors[code_index, unit_index]
    _flag_units(frame, np.isfinite(values) & ~np.isfinite(value), code, unit)
    canonical_unit = pa.array(into, pa.string()).take(pa.array(code_index))
    converted = pa.array(np.isfinite(value))
    return (
        pa.array(value, from_pandas=True),
        pc.if_else(converted, canonical_unit, pa.scalar(None, pa.string())),
    )


def _distinct(column: pa.Array) -> tuple[list[str | None], FloatArray]:
    """Return the distinct values with None last, and the index of each row's."""
    coded = pc.dictionary_encode(column.cast(pa.string()))
    values: list[str | None] = coded.dictionary.to_pylist()
    index = pc.fill_null(coded.indices, len(values)).to_numpy(zero_copy_only=False)
    return [*values, None], np.asarray(index, dtype=np.int64)


def _flag_units(frame: Frame, lost: FloatArray, code: pa.Array, unit: ObjectArray) -> None:
    """Note quantities that could not be converted, of commodities that are known."""
    lost = lost & np.asarray(pc.is_valid(code).to_numpy(zero_copy_only=False), dtype=bool)
    unknown = unit == UNKNOWN_UNIT
    column = frame.coded("unit")
    stays = "the quantity stays as reported"
    for reason, rows, what in (
        ("unit_unknown", np.flatnonzero(lost & unknown), "is no unit with one meaning"),
        ("unit_no_factor", np.flatnonzero(lost & ~unknown), "does not convert to the unit of"),
    ):
        if not len(rows):
            continue
        written = column.at(rows) if column is not None else ["" if u is None else str(u) for u in unit[rows]]
        codes = code.take(pa.array(rows)).to_pylist()
        if reason == "unit_unknown":
            said = [f"{text!r} {what}; {stays}" for text in written]
        else:
            pairs = zip(written, codes, strict=True)
            said = [f"{repr(text) if text else 'no unit'} {what} {c}; {stays}" for text, c in pairs]
        name = column.name if column is not None else frame.name("quantity")
        frame.flag(rows, reason, name, written, said)


# --- commodity --------------------------------------------------------------------------------------------


def _codes(frame: Frame, unit: ObjectArray) -> pa.Array:
    """Return commodity codes, decided once for each distinct pair of words and unit."""
    words = frame.coded("commodity")
    if words is None:
        return frame.nulls()
    of_unit, unit_index = _distinct(pa.array(unit.tolist(), pa.string()))
    pairs, back = np.unique(words.codes * len(of_unit) + unit_index.astype(np.int64), return_inverse=True)
    found: list[Found] = []
    for pair in pairs:
        at, to = divmod(int(pair), len(of_unit))
        named = of_unit[to]
        known = at < len(words.values)
        usable = None if named == UNKNOWN_UNIT else named
        found.append(code_of(words.values[at], usable) if known else Found(None))
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
