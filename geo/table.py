"""Tables and features: the two shapes in which data travel between the stages.

A table is a :class:`pyarrow.Table`. A layer with geometry is :class:`Features`: a table and, row by row, one
shapely geometry in WGS84 longitude and latitude. Helpers here turn columns into the numpy arrays that the
joins and statistics work on, and back. None of them changes the order or the number of rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
ObjectArray: TypeAlias = npt.NDArray[np.object_]

JOINED = "_joined"
"""Suffix of an added column whose name is taken."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, eq=False)
class Features:
    """Rows with geometry.

    Parameters
    ----------
    table : pyarrow.Table
        Attributes, one row a feature.
    geometry : (n,) object array of shapely geometries
        WGS84 longitude, latitude in degrees; aligned with the rows of `table`. None where a row has no place.
    """

    table: pa.Table
    geometry: ObjectArray

    def __post_init__(self) -> None:
        if len(self.table) != len(self.geometry):
            raise ValueError(f"{len(self.table)} rows and {len(self.geometry)} geometries do not belong together")

    def __len__(self) -> int:
        return len(self.table)

    def take(self, index: npt.NDArray[Any]) -> Features:
        """Return the rows at `index` (integers, or a mask of n booleans), in that order."""
        rows = np.flatnonzero(index) if index.dtype == bool else index
        return Features(self.table.take(pa.array(rows)), self.geometry[rows])


def numbers(table: pa.Table, name: str) -> FloatArray:
    """Return a column as (n,) float64; null, and text that is not a number, become NaN."""
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array([_number(v) for v in column.to_pylist()], dtype=np.float64)
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(value: str | None) -> float:
    try:
        return float(value) if value else np.nan
    except ValueError:
        return np.nan


def texts(table: pa.Table, name: str) -> ObjectArray:
    """Return a column as (n,) objects: str, or None where null."""
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        column = column.cast(pa.string())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)


def column(values: npt.ArrayLike | Iterable[Any], kind: pa.DataType | None = None) -> pa.Array:
    """Return an Arrow column in which NaN and None are null."""
    array = np.asarray(values) if not isinstance(values, np.ndarray) else values
    if array.dtype == object:
        return pa.array(array.tolist(), type=kind)
    return pa.array(array, type=kind, from_pandas=True)


def with_columns(table: pa.Table, columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Return `table` with `columns` appended, or replaced where the name is taken."""
    for name, values in columns.items():
        at = table.schema.get_field_index(name)
        table = table.append_column(name, values) if at < 0 else table.set_column(at, name, values)
    return table


def added(table: pa.Table, columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Return `table` with `columns` appended; an added name that is taken gets the suffix ``_joined``."""
    for name, values in columns.items():
        table = table.append_column(free_name(name, table.schema.names, JOINED), values)
    return table


def free_name(name: str, taken: Container[str], suffix: str) -> str:
    """Return `name`, with `suffix` as often as it takes to be none of the names `taken`."""
    while name in taken:
        name += suffix
    return name


def points(longitude: FloatArray, latitude: FloatArray) -> ObjectArray:
    """Return shapely points, None where a coordinate is missing.

    Parameters
    ----------
    longitude, latitude : (n,) float64, degrees
    """
    import shapely

    known = np.isfinite(longitude) & np.isfinite(latitude)
    geometry = np.full(len(longitude), None, dtype=object)
    geometry[known] = shapely.points(longitude[known], latitude[known])
    return geometry


def side_by_side(work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
    """Return what `work` makes of each item, in their order, on all cores.

    Arrow and most of numpy let other threads run while they work; plain Python does not, and prepared geometries of
    shapely must not be shared between threads.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(items), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, items))
