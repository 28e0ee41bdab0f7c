"""T01: the geodesically nearest port, how far and in which direction, and the runner-up."""

from __future__ import annotations

import numpy as np

from geo.join.nearest import nearest_port
from geo.table import numbers


def test_t01(read_rows, stated, in_order):
    points = in_order(read_rows("t01_points.csv"))
    ports = read_rows("t01_ports.csv").rename_columns({"lon": "longitude", "lat": "latitude"})
    expected = points.select(["id"]).join(read_rows("t01_expected.csv"), "id").sort_by("id")

    found = nearest_port(numbers(points, "lon"), numbers(points, "lat"), ports)

    order = np.argsort(points["id"].to_pylist())
    found = {name: values.take(order) for name, values in found.items()}
    assert found["port_code"].to_pylist() == expected["port_code"].to_pylist()
    metres = stated(r"distance ([\d.e-]+) m")
    for ours, theirs in (("port_distance_m", "distance_m"), ("port_second_distance_m", "second_distance_m")):
        np.testing.assert_allclose(found[ours].to_numpy(), numbers(expected, theirs), rtol=0, atol=metres)
    assert found["port_second_code"].to_pylist() == expected["second_port_code"].to_pylist()

    bearing = found["port_bearing_deg"].to_numpy(zero_copy_only=False)
    theirs = numbers(expected, "bearing_port_to_point_deg")
    np.testing.assert_array_equal(np.isnan(bearing), np.isnan(theirs))
    apart = np.abs((bearing - theirs + 180) % 360 - 180)
    assert np.nanmax(apart) <= stated(r"bearing ([\d.e-]+) deg")
