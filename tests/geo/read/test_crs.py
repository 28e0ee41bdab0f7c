"""Reference systems."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.errors import CRSError, UsageError
from geo.read.crs import geometry_to_wgs84, is_wgs84, likely_systems, parse, refuse_metres, to_wgs84

LON, LAT = np.array([-106.48, -106.2]), np.array([31.74, 31.6])


def in_system(code):
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(LON, LAT)


@pytest.mark.parametrize("code", ["EPSG:32613", "EPSG:3857", "EPSG:6372", "EPSG:2278"])
def test_the_true_system_is_among_the_likely_ones(code):
    x, y = in_system(code)
    assert code in [found for found, _ in likely_systems(x, y)]
    with pytest.raises(CRSError, match=f"p.csv: .*--crs.*{code}"):
        refuse_metres(x, y, "p.csv")
    np.testing.assert_allclose(to_wgs84(x, y, code), [LON, LAT], atol=1e-7)


def test_degrees_are_not_refused():
    assert refuse_metres(LON, LAT, "p.csv") is None
    assert refuse_metres(np.array([np.nan]), np.array([np.nan]), "p.csv") is None
    # One bad row does not make a file of metres.
    assert refuse_metres(np.append(LON, 500_000.0), np.append(LAT, 3_500_000.0), "p.csv") is None


def test_heights_are_left_out_and_missing_geometry_stays_missing():
    given = np.array([shapely.Point(-106.48, 31.74, 5), None, shapely.Point()], dtype=object)
    found = geometry_to_wgs84(given, None)
    assert not shapely.has_z(found[0])
    assert found[1] is None
    assert found[2].is_empty


def test_longitude_comes_first_whatever_the_authority_says():
    assert is_wgs84("EPSG:4326")
    assert is_wgs84("OGC:CRS84")
    assert is_wgs84(None)
    assert not is_wgs84("EPSG:32613")
    with pytest.raises(UsageError, match="no such reference system"):
        parse("nonsense")
