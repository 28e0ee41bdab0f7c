"""What other tools do for the same job, one function a tool: ``python -m tests.benchmarks.peers JOB TOOL ...``.

Written as their own documentation has it. Each makes one map of the points, polygons, corridors and ports, or one
joined table, or reads or writes one file. The maps of the peers hold no join: that is extra work which contraflow
does in the same process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

VIEW = {"longitude": -105.5, "latitude": 29.5, "zoom": 4.5}


def layers_of(folder: Path, points: Path):
    """Return points, ports, polygons and corridors as geopandas has them."""
    import geopandas
    import pandas

    table = pandas.read_csv(points)
    place = geopandas.points_from_xy(table.longitude, table.latitude)
    ports = pandas.read_csv(folder / "ports.csv")
    return (
        geopandas.GeoDataFrame(table, geometry=place, crs=4326),
        geopandas.GeoDataFrame(ports, geometry=geopandas.points_from_xy(ports.longitude, ports.latitude), crs=4326),
        geopandas.read_file(folder / "polygons.geojson"),
        geopandas.read_file(folder / "corridors.geojson"),
    )


def _folium_base(ports, cells, lines):
    import folium

    page = folium.Map(location=[VIEW["latitude"], VIEW["longitude"]], zoom_start=5, prefer_canvas=True)
    folium.GeoJson(json.loads(cells.to_json()), name="polygons").add_to(page)
    folium.GeoJson(json.loads(lines.to_json()), name="corridors").add_to(page)
    for port in ports.itertuples():
        folium.CircleMarker([port.latitude, port.longitude], radius=5, popup=port.port_name).add_to(page)
    return page


def map_folium(folder: Path, points: Path, out: Path) -> None:
    """Draw one circle marker with a popup a point."""
    import folium

    table, *rest = layers_of(folder, points)
    page = _folium_base(*rest)
    shown = [c for c in table.columns if c not in ("geometry", "longitude", "latitude")]
    for row in table.itertuples():
        text = "<br>".join(f"<b>{c}</b>: {getattr(row, c)}" for c in shown)
        folium.CircleMarker([row.latitude, row.longitude], radius=3, fill=True, popup=text).add_to(page)
    page.save(str(out))


def map_folium_fast(folder: Path, points: Path, out: Path) -> None:
    """Draw a FastMarkerCluster with all columns in the popup."""
    from folium.plugins import FastMarkerCluster

    table, *rest = layers_of(folder, points)
    page = _folium_base(*rest)
    shown = [c for c in table.columns if c not in ("geometry", "longitude", "latitude")]
    callback = (
        "function(row){var m=L.circleMarker(new L.LatLng(row[0],row[1]),{radius:3});"
        "m.bindPopup(row.slice(2).join('<br>'));return m;}"
    )
    FastMarkerCluster(table[["latitude", "longitude", *shown]].values.tolist(), callback=callback).add_to(page)
    page.save(str(out))


def map_geopandas(folder: Path, points: Path, out: Path) -> None:
    """Call explore of each layer."""
    table, _, cells, lines = layers_of(folder, points)
    page = cells.explore(style_kwds={"weight": 1}, prefer_canvas=True)
    page = lines.explore(m=page)
    table.explore(m=page, marker_kwds={"radius": 3}, popup=True).save(str(out))


def map_lonboard(folder: Path, points: Path, out: Path) -> None:
    """Draw polygon, path and scatterplot layers."""
    import lonboard

    table, _, cells, lines = layers_of(folder, points)
    layers = [
        lonboard.PolygonLayer.from_geopandas(cells.explode(index_parts=False)),
        lonboard.PathLayer.from_geopandas(lines, width_min_pixels=3),
        lonboard.ScatterplotLayer.from_geopandas(table, radius_min_pixels=3),
    ]
    lonboard.Map(layers, view_state=VIEW).to_html(str(out))


def join_geopandas(folder: Path, points: Path, out: Path) -> None:
    """Find the nearest port and corridor in a projection of Mexico, the polygon by sjoin: planar, so not exact."""
    table, ports, cells, lines = layers_of(folder, points)
    flat = table.to_crs(6372)
    near = ports.to_crs(6372)[["port_code", "port_name", "geometry"]]
    joined = flat.sjoin_nearest(near, distance_col="port_distance_m").drop(columns="index_right")
    joined = joined[~joined.index.duplicated()]
    joined = joined.sjoin_nearest(lines.to_crs(6372), distance_col="corridor_distance_m").drop(columns="index_right")
    joined = joined[~joined.index.duplicated()]
    joined = joined.to_crs(4326).sjoin(cells[["area_id", "geometry"]], how="left")
    joined[~joined.index.duplicated()].drop(columns=["geometry", "index_right"]).to_csv(out, index=False)


def read_geopandas(path: Path) -> None:
    """Read a table of points by pandas or geopandas as the format asks."""
    import geopandas
    import pandas

    if path.suffix in (".csv", ".xlsx"):
        table = pandas.read_csv(path) if path.suffix == ".csv" else pandas.read_excel(path)
        geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.longitude, table.latitude), crs=4326)
    elif path.suffix == ".parquet":
        geopandas.read_parquet(path)
    else:
        geopandas.read_file(path)


def read_pandas(path: Path) -> None:
    """Read a CSV file by pandas with the engine of pyarrow, and print the seconds without the imports."""
    import io
    import time

    import pandas

    pandas.read_csv(io.BytesIO(b"a,b\n1,x\n"), engine="pyarrow")
    start = time.perf_counter()
    table = pandas.read_csv(path, engine="pyarrow")
    print(json.dumps({"read_s": round(time.perf_counter() - start, 3), "rows": len(table)}))


def write_geopandas(points: Path, out: Path) -> None:
    """Write a table of points by pandas or geopandas as the format asks."""
    import geopandas
    import pandas

    table = pandas.read_csv(points)
    if out.suffix == ".csv":
        table.to_csv(out, index=False)
        return
    if out.suffix == ".xlsx":
        table.to_excel(out, index=False)
        return
    frame = geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.longitude, table.latitude), crs=4326)
    if out.suffix == ".parquet":
        frame.to_parquet(out)
    else:
        frame.to_file(out)


if __name__ == "__main__":
    job, tool, *paths = sys.argv[1:]
    globals()[f"{job}_{tool}"](*map(Path, paths))
