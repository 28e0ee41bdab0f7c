"""The page as a folium map: the same page, and the user's own layers on it."""

from __future__ import annotations

import folium
import pytest

from geo.errors import PageError
from geo.page import bundle, skeleton
from geo.page.map import Map


def test_the_kept_skeleton_is_what_folium_renders():
    fresh = skeleton.render()
    kept = skeleton.PATH.read_text(encoding="utf-8")
    assert kept == fresh, "run python -m geo.page.skeleton"


def test_a_map_is_the_page(make_payload, tmp_path):
    payload, manifest = make_payload(), {"version": "1"}
    map_ = Map(payload, manifest)
    assert isinstance(map_, folium.Map)
    assert map_.get_root().render() == bundle.page(payload, manifest)
    map_.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == bundle.page(payload, manifest)
    assert map_.get_root().render() == bundle.page(payload, manifest), "rendered again"


def test_folium_layers_stand_after_the_page_s_own_scripts_and_are_allowed(make_payload):
    map_ = Map(make_payload(), {})
    folium.CircleMarker((31.7, -106.5), radius=9, tooltip="El Paso").add_to(map_)
    folium.GeoJson({"type": "Point", "coordinates": [-97.5, 25.9]}, marker=folium.CircleMarker()).add_to(map_)
    html = map_.get_root().render()
    added = html.index("L.circleMarker")
    assert added > html.index('id="contraflow-js-start"')
    assert "map_contraflow" in html[added:]
    assert html.count("sha256-") == bundle.page(make_payload(), {}).count("sha256-") + 1


@pytest.mark.parametrize(
    ("layer", "what"),
    [
        (lambda: folium.TileLayer("OpenStreetMap"), "folium.TileLayer"),
        (lambda: folium.Marker((31.7, -106.5)), "folium.Marker with its image"),
        (lambda: folium.Marker((31.7, -106.5), icon=folium.Icon(color="red")), "folium.Icon"),
        (lambda: folium.CircleMarker((31.7, -106.5), popup="hello"), "pop-ups"),
    ],
)
def test_what_the_page_cannot_carry_is_named(make_payload, layer, what):
    map_ = Map(make_payload(), {})
    layer().add_to(map_)
    with pytest.raises(PageError, match=f"cannot carry .*{what}"):
        map_.get_root().render()


def test_a_plugin_that_loads_from_a_network_is_refused(make_payload):
    from folium.plugins import Fullscreen

    map_ = Map(make_payload(), {})
    Fullscreen().add_to(map_)
    with pytest.raises(PageError, match="load something from outside"):
        map_.get_root().render()


def test_a_marker_with_its_own_icon_is_carried(make_payload):
    map_ = Map(make_payload(), {})
    folium.Marker((31.7, -106.5), icon=folium.DivIcon(html="here")).add_to(map_)
    assert "L.divIcon" in map_.get_root().render()
