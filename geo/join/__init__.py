"""Exact joins: points with sites, lines, polygons, rasters and the border; rows out are rows in, in their order.

`nearest.nearest_port`, `corridor.nearest_corridor`, `violence.nearest_municipality`, `polygon.within_areas`,
`raster.sample`, `border.side_of_border` and `zonal.zonal` give the columns of the joined table. Beneath them lie
`search` (what can be nearest), `lines` (feet on geodesic edges), `outline` (the nearest polygon) and `identity` (which
column names a row).
"""
