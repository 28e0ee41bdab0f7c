"""What is painted: counted, compared with colours and shapes given, the same in every tile and way of painting."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box

from geo.layer import Symbol

pytestmark = pytest.mark.browser

NORTH, SOUTH, UNKNOWN = (40, 104, 181), (208, 101, 27), (117, 121, 125)
V3, V5 = (200, 134, 171), (100, 31, 78)

GRAB = """async ([which, view]) => {
  const CF = __cf, tiles = CF[which];
  if (view) contraflow.setView(view);
  await new Promise((r) => setTimeout(r, 50));
  while (!tiles.isSettled()) await new Promise((r) => tiles.once("settled", r));
  const size = CF.map.getSize(), ratio = Math.min(3, devicePixelRatio), corner = CF.map.getPixelBounds().min;
  const canvas = document.createElement("canvas");
  canvas.width = size.x * ratio; canvas.height = size.y * ratio;
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  for (const { canvas: part, tile } of tiles._canvases.values())
    if (tile.z === CF.map.getZoom())
      ctx.drawImage(part, (tile.x * 256 - corner.x) * ratio, (tile.y * 256 - corner.y) * ratio);
  const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (let k = 0; k < data.length; k += 32768) text += String.fromCharCode(...data.subarray(k, k + 32768));
  return { w: canvas.width, h: canvas.height, data: btoa(text), corner: [corner.x, corner.y] };
}"""


PROJECT = "([lon, lat]) => { const p = __cf.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }"
UNPROJECT = """(xy) => xy.map(([x, y]) => {
  const p = __cf.map.containerPointToLatLng([x + 0.5, y + 0.5]);
  return [p.lng, p.lat];
})"""
# the picture of the window as one tile would have it
WHOLE = """([x0, y0, w, h]) => {
  const CF = __cf, e = CF.events, painter = new CF.PointsPainter();
  const look = { colors: CF.palette(), ratio: 1 };
  painter.set({ look, x: e.x, y: e.y, style: e.style, styles: e.styles, mask: null });
  const z = CF.map.getZoom(), x = Math.floor(x0 / 256), y = Math.floor(y0 / 256);
  const canvas = painter.paint({ z, x, y, size: 4096 }, (a, b) => CF.newCanvas(a, b));
  const { data } = canvas.getContext("2d").getImageData(x0 - x * 256, y0 - y * 256, w, h);
  let text = "";
  for (let k = 0; k < data.length; k += 32768) text += String.fromCharCode(...data.subarray(k, k + 32768));
  return { w, h, data: btoa(text), corner: [x0, y0], symbols: painter.asSymbols(z) };
}"""
LOOK = """(z) => {
  const painter = new __cf.PointsPainter(), e = __cf.events;
  painter.set({ x: e.x, y: e.y, mask: null });
  return painter.asSymbols(z);
}"""


class Picture:
    """The pixels of one set of tiles as the window shows them."""

    def __init__(self, found: dict) -> None:
        self.corner = found["corner"]
        pixels = np.frombuffer(base64.b64decode(found["data"]), dtype=np.uint8)
        self.rgba = pixels.reshape(found["h"], found["w"], 4).astype(int)

    def near(self, color: tuple[int, int, int], within: int = 8) -> np.ndarray:
        """Mask of opaque pixels of a colour."""
        return (np.abs(self.rgba[..., :3] - color).max(axis=2) <= within) & (self.rgba[..., 3] > 200)

    def blobs(self, mask: np.ndarray) -> int:
        from scipy.ndimage import label

        return int(label(mask, np.ones((3, 3)))[1])


def grab(page, which: str, view: dict | None = None) -> Picture:
    return Picture(page.evaluate(GRAB, [which, view]))


def at(page, lon: float, lat: float) -> tuple[int, int]:
    x, y = page.evaluate(PROJECT, [lon, lat])
    return round(x), round(y)


def row_of(n: int, **columns) -> dict:
    """Make events along a parallel, a tenth of a degree apart."""
    rows = {
        "event_id": [f"e{k}" for k in range(n)],
        "longitude": [-107.0 + 0.1 * k for k in range(n)],
        "latitude": [31.0] * n,
        "direction": ["north"] * n,
        "group": ["drug"] * n,
        "context": ["interior"] * n,
    }
    return rows | columns


VIEW = {"lon": -106.5, "lat": 31.0, "zoom": 9}


# -- events ------------------------------------------------------------------------------------------------------------


def test_every_event_is_one_mark_in_the_colour_of_its_direction(sample, open_page):
    directions = ["north"] * 4 + ["south"] * 3 + ["unknown"] * 2 + [None]
    page = open_page(sample.write(sample.events(row_of(10, direction=directions))))
    picture = grab(page, "points", VIEW)
    assert picture.blobs(picture.near(NORTH)) == 4
    assert picture.blobs(picture.near(SOUTH)) == 3
    assert picture.blobs(picture.near(UNKNOWN)) == 3, "no direction is drawn as unknown"
    x, y = at(page, -107.0, 31.0)
    assert picture.near(NORTH)[y, x]


def test_a_filter_takes_marks_away_and_gives_them_back(sample, open_page):
    page = open_page(sample.write(sample.events(row_of(10, direction=["north", "south"] * 5))))
    grab(page, "points", VIEW)
    page.evaluate("contraflow.filter({ direction: 'south' })")
    picture = grab(page, "points")
    assert (picture.blobs(picture.near(NORTH)), picture.blobs(picture.near(SOUTH))) == (0, 5)
    page.evaluate("contraflow.filter({})")
    assert grab(page, "points").near(NORTH).any()


def test_a_place_known_only_roughly_is_hollow(sample, open_page):
    page = open_page(sample.write(sample.events(row_of(2, location_precision_m=[50.0, 5000.0]))))
    picture = grab(page, "points", VIEW)
    for lon, hollow in ((-107.0, False), (-106.9, True)):
        x, y = at(page, lon, 31.0)
        assert bool(picture.near((255, 255, 255))[y, x]) is hollow
        assert picture.near(NORTH)[y - 8 : y + 9, x - 8 : x + 9].any()


def test_shapes_differ_by_what_was_seized_and_rings_by_where(sample, open_page):
    rows = row_of(4, group=["drug", "firearm", "other", "drug"], context=["interior"] * 3 + ["port"])
    page = open_page(sample.write(sample.events(rows)))
    marks = []
    for k in range(4):
        lon = -107.0 + 0.1 * k
        picture = grab(page, "points", {"lon": lon, "lat": 31.0, "zoom": 14})
        x, y = at(page, lon, 31.0)
        marks.append(picture.near(NORTH, 60)[y - 12 : y + 13, x - 12 : x + 13])
    for a in range(4):
        for b in range(a):
            assert (marks[a] != marks[b]).sum() > 6, f"marks {a} and {b} look alike"
    assert np.flatnonzero(marks[3].any(axis=0))[0] < np.flatnonzero(marks[0].any(axis=0))[0], "the ring is outside"


def crowd(n: int) -> dict:
    """Make many events of all looks, close together, seeded."""
    rng = np.random.default_rng(8)
    rows = row_of(n)
    rows["longitude"] = rng.normal(-106.5, 0.35, n).tolist()
    rows["latitude"] = rng.normal(31.5, 0.2, n).tolist()
    rows["direction"] = rng.choice(["north", "south", "unknown"], n).tolist()
    rows["group"] = rng.choice(["drug", "firearm", "other"], n).tolist()
    rows["context"] = rng.choice(["port", "interior"], n).tolist()
    rows["location_precision_m"] = rng.choice([50.0, 9000.0], n).tolist()
    return rows


@pytest.mark.parametrize(("n", "zoom", "symbols"), [(300, 10, True), (20_000, 8, False)])
def test_tiles_agree_along_their_edges(sample, open_page, n, zoom, symbols):
    page = open_page(sample.write(sample.events(crowd(n))))
    first = grab(page, "points", {"lon": -106.5, "lat": 31.5, "zoom": zoom})
    whole = page.evaluate(
        WHOLE,
        [*map(round, first.corner), first.rgba.shape[1], first.rgba.shape[0]],
    )
    assert whole["symbols"] is symbols
    different = (np.abs(first.rgba - Picture(whole).rgba).max(axis=2) > 2).sum()
    assert first.near(NORTH).sum() > 300
    assert different == 0


def test_crowded_marks_become_dots_and_symbols_come_with_room(sample, open_page):
    page = open_page(sample.write(sample.events(crowd(5000))))
    assert [page.evaluate(LOOK, z) for z in (5, 7, 14)] == [False, False, True]


# -- ground --------------------------------------------------------------------------------------------------------


def area(color: str, **more) -> Symbol:
    return Symbol("area", fill=color, **more)


def test_areas_have_the_colour_of_their_class_without_gaps_and_holes_stay_open(sample, open_page):
    left, right = box(-108, 30, -107, 32), box(-107, 30, -106, 32)
    holed = Polygon(box(-105.8, 30, -104.8, 32).exterior, [box(-105.6, 30.5, -105, 31.5).exterior])
    released = sample.areas([left, right, holed], [area("violence-3"), area("violence-3"), area("violence-5")])
    page = open_page(sample.write(released))
    picture = grab(page, "ground", {"lon": -106.4, "lat": 31.0, "zoom": 7})
    (x0, y), (x1, _) = at(page, -107.9, 31.0), at(page, -106.1, 31.0)
    assert picture.near(V3)[y, x0:x1].all(), "no seam between neighbours of one class"
    x, y = at(page, -105.7, 31.0)
    assert picture.near(V5)[y, x]
    x, y = at(page, -105.3, 31.0)
    assert picture.rgba[y, x, 3] == 0, "the hole shows what lies beneath"


def test_areas_are_right_in_every_zoom_and_tile(sample, open_page):
    turn = np.linspace(0, 2 * np.pi, 900)[:-1]
    reach = 1 + 0.2 * np.cos(9 * turn)
    wiggle = np.column_stack([-107 + 0.8 * np.cos(turn) * reach, 31 + 0.6 * np.sin(turn) * reach])
    shape = MultiPolygon([Polygon(wiggle), box(-105.5, 30.5, -105, 31)])
    page = open_page(sample.write(sample.areas([shape], [area("violence-5")])))
    rng = np.random.default_rng(3)
    for zoom in (7, 9, 11):
        picture = grab(page, "ground", {"lon": -106.4, "lat": 31.1, "zoom": zoom})
        h, w = picture.rgba.shape[:2]
        xy = np.column_stack([rng.integers(0, w, 400), rng.integers(0, h, 400)])
        points = shapely.points(page.evaluate(UNPROJECT, xy.tolist()))
        clear = shapely.distance(points, shape.boundary) > 3 * 360 / (256 * 2**zoom)
        inside = shapely.contains(shape, points)
        painted = picture.near(V5)[xy[:, 1], xy[:, 0]]
        assert (painted[clear] == inside[clear]).all()
        assert inside[clear].any()


def test_no_data_is_hatched_and_a_row_without_class_is_not_drawn(sample, open_page):
    geometry = [box(-108, 30, -107, 32), box(-106, 30, -105, 32)]
    page = open_page(sample.write(sample.areas(geometry, [Symbol("area", fill="no-data-line", hatch=True), None])))
    picture = grab(page, "ground", {"lon": -106.5, "lat": 31.0, "zoom": 8})
    (x0, y0), (x1, y1) = at(page, -107.9, 31.9), at(page, -107.1, 30.1)
    covered = (picture.rgba[y0:y1, x0:x1, 3] > 60).mean()
    assert 0.05 < covered < 0.6, "lines, neither empty nor full"
    x, y = at(page, -105.5, 31.0)
    assert picture.rgba[y - 20 : y + 20, x - 20 : x + 20, 3].max() == 0


def test_hot_spots_are_outlined_and_the_outline_is_of_their_union(sample, open_page):
    geometry = [box(-108, 30, -107, 32), box(-107, 30, -106, 32)]
    hot = Symbol("area", outline="single", outline_color="hot", stroke_px=3)
    released = sample.areas(geometry, [area("violence-1")] * 2, outlines=(hot, None))
    page = open_page(sample.write(released))
    picture = grab(page, "ground", {"lon": -107, "lat": 31.0, "zoom": 8})
    x, y = at(page, -108.0, 31.0)
    assert picture.near((100, 31, 78))[y, x - 2 : x + 3].any()
    x, y = at(page, -106.0, 31.0)
    assert not picture.near((100, 31, 78))[y, x - 2 : x + 3].any()


def test_a_layer_is_drawn_from_its_zoom_and_while_it_is_on(sample, open_page):
    released = sample.areas([box(-108, 30, -106, 32)], [area("violence-3")], min_zoom=8)
    page = open_page(sample.write(released))
    view = {"lon": -107.0, "lat": 31.0}
    assert not grab(page, "ground", {**view, "zoom": 7}).near(V3).any()
    assert grab(page, "ground", {**view, "zoom": 8}).near(V3).any()
    page.evaluate("__cf.layers[0].setVisible(false)")
    assert not grab(page, "ground").near(V3).any()
    page.evaluate("() => { __cf.layers[0].setVisible(true); __cf.layers[0].setOpacity(0.5); }")
    alpha = grab(page, "ground").rgba[..., 3]
    assert 120 <= alpha.max() <= 135


def test_base_lines_are_painted_on_their_casing(sample, open_page):
    border = Symbol("line", stroke="border", stroke_px=2, outline="single", outline_color="border-casing")
    line = LineString([(-109 + 0.01 * k, 31.0) for k in range(400)])
    released = sample.shapes("lines", [line], [border], name="border", group="base")
    page = open_page(sample.write(released))
    picture = grab(page, "ground", {"lon": -107, "lat": 31.0, "zoom": 9})
    x, y = at(page, -107.003, 31.0)
    column = picture.rgba[y - 6 : y + 7, x]
    assert (np.abs(column[:, :3] - (77, 83, 88)).max(axis=1) < 12).any()
    assert (np.abs(column[:, :3] - 255).max(axis=1) < 12).any()


# -- ways of painting ----------------------------------------------------------------------------------------------


def both(sample):
    shapes = [box(-108, 30, -106.5, 32), box(-106.5, 30, -105, 32)]
    return sample.write(sample.events(crowd(3000)), sample.areas(shapes, [area("violence-3"), area("violence-5")]))


@pytest.mark.parametrize(
    "script",
    [
        "window.__cf = { noWorkers: true };",
        "delete window.OffscreenCanvas;",
        "window.Worker = class extends EventTarget { constructor() { super(); throw new Error('refused'); } };",
        "window.Worker = class { postMessage() {} terminate() {} constructor() {"
        " setTimeout(() => this.onerror({ preventDefault() {}, message: 'lost' }), 30); } };",
    ],
    ids=["asked for", "no OffscreenCanvas", "worker refused", "worker lost"],
)
def test_the_window_paints_the_same_where_workers_fail(sample, open_page, script):
    path = both(sample)
    view = {"lon": -106.5, "lat": 31.4, "zoom": 8}
    with_workers = open_page(path)
    without = open_page(path, script=script)
    for which in ("points", "ground"):
        a, b = grab(with_workers, which, view), grab(without, which, view)
        assert a.rgba[..., 3].any()
        assert (np.abs(a.rgba - b.rgba).max(axis=2) > 3).mean() < 0.001, which


def test_a_browser_that_cannot_inflate_is_told_so_in_words(sample, browser):
    path = both(sample)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream;")
    page.goto(path.as_uri())
    page.wait_for_selector("[role=alert]")
    assert "too old" in page.inner_text("[role=alert]")
    context.close()


def test_a_screen_of_twice_the_pixels_gets_them(sample, open_page):
    page = open_page(both(sample), device_scale_factor=2)
    picture = grab(page, "points", {"lon": -106.5, "lat": 31.4, "zoom": 8})
    assert picture.rgba.shape[1] == 2 * page.evaluate("__cf.map.getSize().x")
    sizes = page.evaluate("[...__cf.points._canvases.values()].map((c) => c.canvas.width)")
    assert set(sizes) == {512}


def test_the_theme_repaints_both(sample, open_page):
    page = open_page(both(sample))
    view = {"lon": -106.5, "lat": 31.4, "zoom": 8}
    light = grab(page, "points", view), grab(page, "ground", view)
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; __cf.bus.emit('theme', {}); }")
    dark = grab(page, "points"), grab(page, "ground")
    assert light[0].near(NORTH).any()
    assert not dark[0].near(NORTH, 3).any()
    assert dark[0].near((106, 167, 238)).any()
    assert not dark[1].near(V3, 3).any()


# -- what lies under the pointer -----------------------------------------------------------------------------------


def test_hits_find_events_stacks_and_areas(sample, open_page):
    rows = row_of(4, longitude=[-107.0, -107.0, -107.0, -106.0])
    areas = sample.areas([box(-107.5, 30, -106.5, 32)], [area("violence-3")])
    page = open_page(sample.write(sample.events(rows), areas))
    page.evaluate("(v) => contraflow.setView(v)", VIEW)
    find = """([lon, lat]) => __cf.hitTest(__cf.map.latLngToContainerPoint([lat, lon]), 5)
      .map((h) => [h.layer.name, h.layer === __cf.events ? __cf.events.id(h.row) : h.row])"""
    found = page.evaluate(find, [-107.0, 31.0])
    assert sorted(found) == [["areas", 0], ["seizures", "e0"], ["seizures", "e1"], ["seizures", "e2"]]
    assert found[-1] == ["areas", 0], "what lies above comes first"
    assert page.evaluate(find, [-106.0, 31.0]) == [["seizures", "e3"]]
    assert page.evaluate(find, [-106.2, 31.0]) == []
    stack = "() => __cf.stackAt(__cf.events.indexOf('e1')).map((i) => __cf.events.id(i)).sort()"
    assert page.evaluate(stack) == ["e0", "e1", "e2"]
    page.evaluate("__cf.events.setVisible(false)")
    assert page.evaluate(find, [-106.0, 31.0]) == []
