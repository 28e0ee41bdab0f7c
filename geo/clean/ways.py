"""Direction of an event, and how it is known: from the record, from the commodity's default, or not at all."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.commodity import commodities
from geo.clean.direction import BORDER_STATES, is_border_region, way_of
from geo.clean.frame import Columns, Frame, booleans, is_none
from geo.schema import DIRECTION_BASES
from geo.table import BoolArray, ObjectArray


def direction_columns(frame: Frame, commodity: pa.Array) -> Columns:
    """Return ``direction`` and ``direction_basis``.

    Parameters
    ----------
    frame
        The file being cleaned.
    commodity
        Commodity codes of its rows; their default fills in where the record has nothing, and is marked so.
    """
    way, basis = _reported(frame)
    missing = is_none(way)
    if missing.any():
        default = _defaults(commodity)
        known = ~is_none(default)
        basis = np.where(missing, np.where(known, "default", "unknown"), basis)
        way = np.where(missing, np.where(known, default, "unknown"), way)
    own = frame.words("direction_basis", lambda value: value if value in DIRECTION_BASES else None)
    return {
        "direction": pa.array(way.tolist(), pa.string()),
        "direction_basis": pc.coalesce(own, pa.array(basis.tolist(), pa.string())),
    }


def _reported(frame: Frame) -> tuple[ObjectArray, ObjectArray]:
    """Return (direction, basis) of the record's own words, None where it has none."""
    nothing = np.full(frame.rows, None, dtype=object)
    column = frame.coded("direction")
    if column is None:
        return nothing, nothing
    ways = [way_of(value) for value in column.values]
    said = f"in {column.name} is no direction that is understood; it counts as unknown"
    frame.flag_values(column, [way is None for way in ways], "word_unknown", lambda v: f"{v!r} {said}")
    way = column.objects([way or "unknown" for way in ways])
    basis = np.where(way == "unknown", "unknown", "reported").astype(object)
    basis[is_none(way)] = None
    bound = (way == "inbound") | (way == "outbound")
    if not bound.any():
        return way, basis
    # Inbound is northbound at the border with Mexico, and nowhere else.
    at_border, how = _at_border(frame)
    turned = np.where(way == "inbound", "north", np.where(way == "outbound", "south", way))
    basis = np.where(bound, np.where(at_border, how, "unknown"), basis)
    return np.where(bound & ~at_border, "unknown", turned), basis


def _at_border(frame: Frame) -> tuple[BoolArray, str]:
    """Return which rows are at the border with Mexico, and whether the record or its place says so."""
    region = frame.coded("region")
    if region is not None and any(map(is_border_region, region.values)):
        return booleans(region.spread([is_border_region(v) for v in region.values], pa.bool_())), "reported"
    if frame.located.state is None:
        return np.zeros(frame.rows, dtype=bool), "inferred"
    return np.isin(frame.located.state.astype(str), list(BORDER_STATES)), "inferred"


def _defaults(commodity: pa.Array) -> ObjectArray:
    """Return the default direction of each commodity, None where it has none."""
    table = commodities()
    coded = pc.dictionary_encode(commodity)
    default = [table[code].direction if code in table else None for code in coded.dictionary.to_pylist()]
    padded = np.array([*default, None], dtype=object)
    index = pc.fill_null(coded.indices, len(default)).to_numpy(zero_copy_only=False)
    return np.asarray(padded[np.asarray(index, dtype=np.int64)], dtype=object)
