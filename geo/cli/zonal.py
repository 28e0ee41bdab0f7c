"""``contraflow zonal``: statistics of a raster in polygons."""

from __future__ import annotations

import click

from geo.cli.options import need_table, say, say_summary, talk_options, written_at


@click.command("zonal", short_help="Statistics of a raster in polygons, partial cells respected.")
@click.argument("areas", metavar="AREAS")
@click.option("--raster", required=True, metavar="FILE", help="GeoTIFF, in any reference system.")
@click.option("-o", "--output", metavar="OUT", help="Output; the format follows the extension, - is CSV on stdout.")
@talk_options
def command(areas: str, raster: str, output: str | None, as_json: bool) -> None:
    """Sum, mean and extremes of a raster in polygons; a cell counts by the share that lies inside.

    Columns: id, covered_cells, sum, mean, min, max, area_weighted_mean; blank where there is no data, never 0.

    \b
    Example:
      contraflow zonal municipalities.geojson --raster deaths.tif -o deaths_by_municipality.csv
    """
    from geo.export.write import write
    from geo.pipeline import zonal

    target = need_table(output, (areas, raster))
    released = zonal(areas, raster)
    write(released, target, inputs=(areas, raster), written=written_at())
    empty = released.table["mean"].null_count
    say([f"{len(released.table)} areas, {empty} of them without data, written to {target}"])
    summary = {"areas": len(released.table), "without_data": empty, "raster": raster, "output": target}
    say_summary(summary, as_json, to_stderr=target == "-")
