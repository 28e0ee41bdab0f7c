"""Direction of an event, and how it is known: from the record, from the commodity's default, or not at all."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.commodity import commodities
from geo.clean.direction import BORDER_STATES, is_border_region, way_of
from geo.clean.frame import Columns, Frame, Labels, booleans
from geo.schema import DIRECTION_BASES
from geo.table import BoolArray

_TURNED = {"inbound": "north", "outbound": "south"}


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
    table = commodities()
    default = Labels.of(commodity).map(lambda code: table[code].direction if code in table else None)
    nothing = way.where(lambda name: name is None)
    if nothing.any():
        how = default.map(lambda name: "unknown" if name is None else "default")
        way, basis = way.replaced(nothing, default.map(lambda name: name or "unknown")), basis.replaced(nothing, how)
    if not frame.has("direction_basis"):
        return {"direction": way, "direction_basis": basis}
    own = frame.words("direction_basis", lambda value: value if value in DIRECTION_BASES else None)
    return {"direction": way, "direction_basis": pc.coalesce(own, basis.column())}


def _reported(frame: Frame) -> tuple[Labels, Labels]:
    """Return (direction, basis) of the record's own words, None where it has none."""
    column = frame.coded("direction")
    if column is None:
        return Labels.all(None, frame.rows), Labels.all(None, frame.rows)
    ways = [way_of(value) for value in column.values]
    said = f"in {column.name} is no direction that is understood; it counts as unknown"
    frame.flag_values(column, [way is None for way in ways], "word_unknown", lambda v: f"{v!r} {said}")
    way = column.labels([way or "unknown" for way in ways])
    basis = way.map(lambda name: name and ("unknown" if name == "unknown" else "reported"))
    bound = way.where(lambda name: name in _TURNED)
    if not bound.any():
        return way, basis
    # Inbound is northbound at the border with Mexico, and nowhere else.
    at_border, how = _at_border(frame)
    unknown = Labels.all("unknown", frame.rows)
    elsewhere = bound & ~at_border
    basis = basis.replaced(bound, Labels.all(how, frame.rows)).replaced(elsewhere, unknown)
    return way.map(lambda name: _TURNED.get(name or "", name)).replaced(elsewhere, unknown), basis


def _at_border(frame: Frame) -> tuple[BoolArray, str]:
    """Return which rows are at the border with Mexico, and whether the record or its place says so."""
    region = frame.coded("region")
    if region is not None and any(map(is_border_region, region.values)):
        return booleans(region.spread([is_border_region(v) for v in region.values], pa.bool_())), "reported"
    if frame.located.state is None:
        return np.zeros(frame.rows, dtype=bool), "inferred"
    return np.isin(frame.located.state.astype(str), list(BORDER_STATES)), "inferred"
