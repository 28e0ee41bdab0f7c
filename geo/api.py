"""The Python API: whatever the command line does, under the same names, with geopandas in and out.

Points may be a path, several paths, a GeoDataFrame or a DataFrame. Results are GeoDataFrames (WGS84) or DataFrames.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from geo.errors import UsageError

if TYPE_CHECKING:
    import geopandas
    import pandas

    from geo.chosen import JoinChoices
    from geo.page.map import Map
    from geo.read import Reading, ReadOptions
    from geo.table import ObjectArray

    Points: TypeAlias = str | Path | pandas.DataFrame | Sequence[str | Path]


def read(points: Points, **options: Any) -> geopandas.GeoDataFrame:
    """Return the standard events table of any supported file: one row an event and commodity.

    Parameters
    ----------
    points
        Path or paths, or a frame.
    **options
        As the command line's: ``columns={"longitude": "X"}, crs=..., encoding=..., sheet=..., skip_rows=...,
        date_order=..., tz=..., where=...``.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns of the standard table, then the input's own; one point a row, empty where a row has no usable
        place. ``attrs["problems"]`` says why, row by row.
    """
    from geo.chosen import Chosen
    from geo.gather import gather

    gathered = gather(_inputs(points), _read_options(options), Chosen().regions)
    return _frame(gathered.events, gathered.geometry, gathered.problems.table)


def convert(files: Points, **options: Any) -> geopandas.GeoDataFrame | pandas.DataFrame:
    """Return the standard table of any recognised file; see ``contraflow convert``.

    Parameters
    ----------
    files
        Path or paths of one kind, or a frame. Of releases of one source that cover the same month, the one given last
        is taken.
    **options
        As for `read`.

    Returns
    -------
    geopandas.GeoDataFrame or pandas.DataFrame
        Events, sites, lines and areas have geometry; area values and flows have none. ``attrs["kind"]`` says which it
        is, ``attrs["problems"]`` what was left out, changed or doubted, row by row.
    """
    from geo.pipeline import convert as converted
    from geo.table import numbers
    from geo.table import points as places

    made = converted(_inputs(files), _read_options(options))
    table, geometry = made.released.table, made.released.geometry
    if geometry is None and made.kind in ("events", "sites"):
        geometry = places(numbers(table, "longitude"), numbers(table, "latitude"))
    if geometry is None:
        frame = table.to_pandas()
        frame.attrs["problems"] = made.problems.table.to_pylist()
    else:
        frame = _frame(table, geometry, made.problems.table)
    frame.attrs["kind"] = made.kind
    return frame


def inspect(file: str | Path, **options: Any) -> dict[str, Any]:
    """Return what would be read of a file, and why; see ``contraflow inspect --json``.

    Parameters
    ----------
    file
        Any supported file, a GeoTIFF included.
    **options
        As for `read`.
    """
    from geo.inspection import inspect as inspected

    return inspected(file, _read_options(options)).summary()


def join(
    points: Points,
    *,
    ports: str | None = None,
    corridors: str | None = None,
    violence: str | None = None,
    violence_year: int | str | None = None,
    areas: str | Mapping[str, str] | None = None,
    raster: str | Mapping[str, str] | None = None,
    **options: Any,
) -> geopandas.GeoDataFrame:
    """Join points with ports, corridors, violence, areas and rasters; see ``contraflow join``.

    Parameters
    ----------
    points
        Path or paths, or a frame.
    ports, corridors, violence
        A file, ``"none"``, or None for the embedded table.
    violence_year
        A year, ``"match"``, or None for the latest.
    areas, raster
        A file, or a mapping of names to files.
    **options
        As for `read`.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an input row, in their order: the input's columns unchanged, then the joined ones.

    Examples
    --------
    >>> import contraflow, pandas
    >>> points = pandas.DataFrame({"lon": [-110.97], "lat": [31.34]})
    >>> joined = contraflow.join(points, violence="none")
    >>> joined.port_name[0], round(joined.port_distance_m[0])
    ('Nogales', 2981)
    """
    from geo.pipeline import join as joined

    choices = _choices(
        ports=ports, corridors=corridors, violence=violence, violence_year=violence_year, areas=areas, raster=raster
    )
    found = joined(_inputs(points), choices, _read_options(options))
    return _frame(found.released.table, found.released.geometry, found.problems.table)


def map(
    points: Points | None = None,
    *,
    ports: str | None = None,
    corridors: str | None = None,
    violence: str | None = None,
    violence_year: int | str | None = None,
    areas: str | Mapping[str, str] | None = None,
    raster: str | Mapping[str, str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    lang: str = "en",
    theme: str = "auto",
    extent: tuple[float, float, float, float] | None = None,
    handling: str = "",
    fields: Sequence[str] = (),
    layers: Sequence[str] = (),
    without: Sequence[str] = (),
    layer_options: Mapping[str, Mapping[str, Any]] | None = None,
    **options: Any,
) -> Map:
    """Draw points on the chosen layers; see ``contraflow map``. Without points, the embedded seizures.

    Returns
    -------
    geo.page.map.Map
        A folium map: ``save("map.html")`` writes it, and folium's vector layers can be added to it.
    """
    from geo.page.map import Map
    from geo.pipeline import PageChoices, compose

    page = PageChoices(
        title,
        subtitle,
        lang,
        theme,
        extent,
        handling,
        tuple(fields),
        tuple(layers),
        tuple(without),
        layer_options or {},
    )
    choices = _choices(
        ports=ports, corridors=corridors, violence=violence, violence_year=violence_year, areas=areas, raster=raster
    )
    inputs = [] if points is None else _inputs(points)
    composed = compose(inputs, choices, page, _read_options(options))
    return Map(composed.payload, composed.manifest)


def zonal(areas: str | Path, raster: str | Path) -> pandas.DataFrame:
    """Return statistics of a raster in each polygon of a file; see ``contraflow zonal``."""
    from geo.pipeline import zonal as statistics

    return statistics(str(areas), str(raster)).table.to_pandas()


def layers(details: bool = False) -> list[Any]:
    """Return the names of the map's layers; with `details`, what is embedded, from where, how old, how precise.

    Returns
    -------
    list of str, or list of dict
        Dicts have name, title, period, rows, precision, licence, source.
    """
    import layers as found
    from geo.read import seeds

    if not details:
        return sorted(found.available())
    drawn = {need for layer in found.all_layers() for need in (*layer.needs, *layer.optional)}
    return [
        {
            "name": row["name"],
            "title": row["title_en"],
            "title_es": row["title_es"],
            "period": row["period"],
            "rows": int(row["rows"]),
            "precision": row["precision"],
            "licence": row["licence"],
            "source": row["source"],
            "on_the_map": row["name"] in drawn,
        }
        for row in seeds.catalogue()
    ]


def _inputs(points: Any) -> list[str | Reading]:
    if isinstance(points, str | Path):
        return [str(points)]
    if hasattr(points, "columns") and hasattr(points, "to_dict"):
        return [_reading(points)]
    if isinstance(points, Iterable):
        return [str(path) for path in points]
    raise UsageError(f"points are a path, several paths or a frame, not {type(points).__name__}")


def _reading(frame: Any) -> Reading:
    """Return a frame as if it had been read from a file, brought to WGS84."""
    from geo.read import from_table

    geometry: ObjectArray | None = None
    crs = None
    if hasattr(frame, "geometry") and hasattr(frame, "to_crs"):
        crs = None if frame.crs is None else frame.crs.to_string()
        if crs is None:
            raise UsageError("the GeoDataFrame has no reference system; set it with .set_crs()")
        geometry = np.asarray(frame.to_crs(4326).geometry.array, dtype=object)
        frame = frame.drop(columns=frame.geometry.name)
    table = pa.Table.from_pandas(frame.reset_index(drop=True), preserve_index=False).replace_schema_metadata(None)
    return from_table(table, "frame", geometry, crs)


def _read_options(options: Mapping[str, Any]) -> ReadOptions:
    from geo.read import ReadOptions

    try:
        return ReadOptions(**options)
    except TypeError as error:
        raise UsageError(f"no such option: {error}") from None


def _choices(
    *,
    ports: str | None,
    corridors: str | None,
    violence: str | None,
    violence_year: int | str | None,
    areas: str | Mapping[str, str] | None,
    raster: str | Mapping[str, str] | None,
) -> JoinChoices:
    from geo.chosen import JoinChoices

    def named(given: str | Mapping[str, str] | None) -> tuple[tuple[str | None, str], ...]:
        if given is None:
            return ()
        return ((None, str(given)),) if isinstance(given, str | Path) else tuple((k, str(v)) for k, v in given.items())

    return JoinChoices(ports, corridors, violence, violence_year, named(areas), named(raster))


def _frame(table: pa.Table, geometry: ObjectArray | None, problems: pa.Table) -> geopandas.GeoDataFrame:
    import geopandas

    frame = geopandas.GeoDataFrame(
        table.to_pandas(), geometry=list(geometry) if geometry is not None else None, crs=4326
    )
    frame.attrs["problems"] = problems.to_pylist()
    return frame
