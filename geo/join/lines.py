"""The nearest place on lines with geodesic edges: which line, how far, where along it, on which side.

**Pieces.** Every edge is cut into pieces of at most 10 km, each held as the cubic in space through its ends
along its directions there, which strays from the geodesic by less than ``h⁴ / 384 r³``: a tenth of a
micrometre. :mod:`geo.join.search` lists for each point the pieces that can be nearest.

**Foot.** On a sphere the foot of a point q is where q - f is square to the direction of the line. Between the
ends of a piece that product runs almost linearly to zero: a secant and one Newton step find it to micrometres.
On the ellipsoid the shortest path arrives a little askew of the straight chord, 1 m at 500 km; so the path to
that place is measured with :class:`pyproj.Geod` and the foot moved by what its angle is off square, again and
again until it rests within a tenth of a millimetre or at a vertex. Distances are those of Geod, exact to
micrometres; nothing is interpolated in degrees.

**Chainage** runs from the first vertex along the edges; the parts of a MultiLineString count one after the
other, gaps not counted.

**Side** is left or right of the digitised direction at the foot. At a vertex, where a point can lie ahead of
one edge and behind the next, it is the side of the mean of the two directions, so that everything within the
outer angle of a bend is on its outer side, however sharp the bend. Beyond an end of the line its last edge is
thought to go on straight. Within a millimetre of the line, and before the tip of one that turns straight back, there
is no side.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from geo import geodesy
from geo.join.search import TIE_M, ShortLists, Targets, dot, first_smallest, gathered, in_chunks, short_lists
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray

PIECE_M = 10_000.0
"""Longest piece. Longer ones make the short lists longer, shorter ones more pieces."""
_RADIUS_M = 6_371_000.0
"""Of the sphere on which a step is reckoned: all radii of curvature are within 0.6 % of it."""
_REST_M = 0.1
"""A foot that moves by less is found: the step is right to 0.6 %, half a millimetre."""
_ROUNDS = 8
"""Steps at most. Points within 200 km need one, others two or three."""
_NEAR_M = 1e-6
_FAR_M = 8_000_000.0
"""Beyond this the angle tells little about the foot: it is searched for instead."""
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, eq=False)
class Pieces:
    """Lines, :func:`cut` up. One element or column a piece, in file order and along each line."""

    line: IntArray
    part: IntArray
    """Number of the unbroken line, counted through all lines."""
    start: FloatArray
    """(3, m) earth-centred."""
    end: FloatArray
    way: FloatArray
    """(3, m) derivative of place by the fraction of the piece, at its start; as long as the piece."""
    end_way: FloatArray
    length_m: FloatArray
    chainage_m: FloatArray
    """Of its start."""
    back_m: FloatArray
    """From its start back to the start of its edge: how far a foot may lie before it."""
    ahead_m: FloatArray
    """From its start to the end of its edge."""
    before: IntArray
    """The piece before it in the same part of the line; itself at the beginning, unless the part is closed."""
    after: IntArray

    def __len__(self) -> int:
        return len(self.line)

    def take(self, mask: BoolArray) -> Pieces:
        """Return the pieces of some of the lines: `mask` must hold all of a line or nothing of it."""
        kept = {f.name: getattr(self, f.name)[..., mask] for f in fields(self)}
        place = np.cumsum(mask) - 1
        return Pieces(**kept | {"before": place[kept["before"]], "after": place[kept["after"]]})

    def targets(self) -> Targets:
        """Return the chords of the pieces, for the search."""
        stray = geodesy.sagitta_m(self.length_m)
        return gathered(Targets(start=self.start, chord=self.end - self.start, stray_m=stray), self.part)


@dataclass(frozen=True, eq=False)
class Feet:
    """Nearest places on lines; one element a point. NaN, or -1, where the point has no place."""

    line: IntArray
    distance_m: FloatArray
    chainage_m: FloatArray
    side: IntArray
    """1 left, -1 right, 0 on the line."""
    lon: FloatArray
    lat: FloatArray


def cut(lines: ObjectArray, piece_m: float = PIECE_M) -> Pieces:
    """Cut LineStrings and MultiLineStrings (n,) into pieces.

    Null and empty lines, and whatever is no line, give no piece; nor do edges of no length.
    """
    import shapely

    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("line", "part", "before", "after")}
    count = parts = 0
    for index, geometry in enumerate(lines):
        chainage = 0.0
        for part in () if geometry is None else shapely.get_parts(geometry):
            if part.geom_type not in ("LineString", "LinearRing") or part.is_empty:
                continue
            lon, lat = shapely.get_coordinates(part).T
            piece = _cut_part(lon, lat, piece_m)
            size = len(piece["length_m"])
            number = count + np.arange(size)
            piece |= {"line": np.full(size, index), "part": np.full(size, parts)}
            piece |= {"before": np.append(number[:1], number[:-1]), "after": np.append(number[1:], number[-1:])}
            if size and part.is_closed:
                piece["before"][0], piece["after"][-1] = number[-1], number[0]
            piece["chainage_m"] += chainage
            for name, values in piece.items():
                columns.setdefault(name, []).append(values)
            chainage += float(piece["length_m"].sum())
            count, parts = count + size, parts + 1
    if not count:
        columns = {name: [v] for name, v in _cut_part(np.zeros(0), np.zeros(0), piece_m).items()}
        columns |= {name: [np.zeros(0, dtype=np.int64)] for name in ("line", "part", "before", "after")}
    return Pieces(**{name: np.concatenate(values, axis=-1) for name, values in columns.items()})


def _cut_part(lon: FloatArray, lat: FloatArray, piece_m: float) -> dict[str, np.ndarray]:
    at = geodesy.stations(lon, lat, piece_m)
    chainage = np.cumsum(at.length_m) - at.length_m
    edge_end = np.flatnonzero(np.append(np.diff(at.edge), 1)[: len(at.edge)])
    edge_length = (at.at_m + at.length_m)[edge_end]
    whole = np.repeat(edge_length, np.diff(edge_end, prepend=-1))
    start, end = geodesy.ecef(at.lon, at.lat), geodesy.ecef(at.end_lon, at.end_lat)
    return {
        "start": start,
        "end": end,
        "way": _way(start, at.azimuth_deg) * at.length_m,
        "end_way": _way(end, at.end_azimuth_deg) * at.length_m,
        "length_m": at.length_m,
        "chainage_m": chainage,
        "back_m": at.at_m,
        "ahead_m": whole - at.at_m,
    }


def _way(place: FloatArray, azimuth_deg: FloatArray) -> FloatArray:
    """Return the unit vectors (3, n) that leave earth-centred places (3, n) at an azimuth."""
    east, north, _ = geodesy.east_north_up(place)
    turn = np.radians(azimuth_deg)
    return np.asarray(np.sin(turn) * east + np.cos(turn) * north)


def nearest_on_lines(lon: FloatArray, lat: FloatArray, pieces: Pieces) -> Feet:
    """Find for each point the geodesically nearest place on the lines.

    Of lines equally near (within a millimetre) the first in file order is taken, and of places on it the first.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, degrees; NaN where there is none.
    pieces : Pieces
        The lines, :func:`cut`.
    """
    n = len(lon)
    feet = Feet(
        line=np.full(n, -1, dtype=np.int64),
        distance_m=np.full(n, np.nan),
        chainage_m=np.full(n, np.nan),
        side=np.zeros(n, dtype=np.int64),
        lon=np.full(n, np.nan),
        lat=np.full(n, np.nan),
    )
    if len(pieces) == 0:
        return feet
    targets = pieces.targets()

    def work(rows: IntArray) -> None:
        points = geodesy.ecef(lon[rows], lat[rows])
        lists = short_lists(points, targets)
        found = _Search(pieces, points, lon[rows], lat[rows]).settle(lists)
        for name in ("line", "distance_m", "chainage_m", "side", "lon", "lat"):
            getattr(feet, name)[rows] = getattr(found, name)

    in_chunks(lon, lat, work)
    return feet


@dataclass(frozen=True, eq=False)
class _Search:
    """The feet of some points on the pieces listed for them."""

    pieces: Pieces
    points: FloatArray
    lon: FloatArray
    lat: FloatArray

    def settle(self, lists: ShortLists) -> Feet:
        """Measure what is listed and return the nearest foot of each point."""
        p, row, piece = self.pieces, lists.row, lists.target
        at, chord = self._square(row, piece)
        # Now that the chords are exact, fewer pieces can still win.
        limit = geodesy.longest_rival_chord(np.minimum.reduceat(chord, lists.first[:-1])) + TIE_M
        keep = chord <= limit[row]
        row, piece, at = row[keep], piece[keep], at[keep]
        first = np.flatnonzero(np.diff(row, prepend=-1))
        at, distance = self._refine(row, piece, at)
        best = first_smallest(distance, first, row)
        piece, at = piece[best], at[best]
        place, way = _place(p, piece, at)
        lon, lat = geodesy.geodetic(place)
        return Feet(
            line=p.line[piece],
            distance_m=distance[best],
            chainage_m=p.chainage_m[piece] + at * p.length_m[piece],
            side=_side(p, piece, at, place=place, way=way, point=self.points),
            lon=lon,
            lat=lat,
        )

    def _square(self, row: IntArray, piece: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return where on each piece the straight way to the point is square to it, and its length."""
        p, point = self.pieces, np.take(self.points, row, axis=1)
        way, end_way = np.take(p.way, piece, axis=1), np.take(p.end_way, piece, axis=1)
        from_start = point - np.take(p.start, piece, axis=1)
        from_end = point - np.take(p.end, piece, axis=1)
        ahead, behind = dot(from_start, way), dot(from_end, end_way)
        square = (ahead > 0) & (behind < 0)
        nearer_end = dot(from_start, from_start) > dot(from_end, from_end)
        at = np.where(square, ahead / np.where(square, ahead - behind, 1.0), nearer_end)
        place, here = _cubic(np.take(p.start, piece, axis=1), from_start - from_end, way, end_way, at)
        away = point - place
        newton = dot(away, here) / (dot(here, here) - dot(away, end_way - way))
        newton = np.where(square, np.clip(at + newton, 0.0, 1.0) - at, 0.0)
        away -= newton * here
        return at + newton, np.sqrt(dot(away, away))

    def _refine(self, row: IntArray, piece: IntArray, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Move each foot to where the shortest path meets the line squarely; return it and the distance."""
        p = self.pieces
        distance = np.empty(len(row))
        todo, source = np.arange(len(row)), None
        # The end of a piece and the start of the next are one place: measured once, moved on either.
        repeats = (np.diff(row, prepend=-1) == 0) & (p.before[piece] == np.roll(piece, 1))
        repeats &= (at == 0.0) & (np.roll(at, 1) == 1.0)
        lead, source = np.flatnonzero(~repeats), np.cumsum(~repeats) - 1
        for _ in range(_ROUNDS):
            r, i, here = row[todo], piece[todo], at[todo]
            place, way = _place(p, i, here)
            lon, lat = geodesy.geodetic(place[:, lead])
            azimuth, _, measured = geodesy.inverse(lon, lat, self.lon[r[lead]], self.lat[r[lead]])
            measured, length = measured[source], p.length_m[i]
            skew = dot(_way(place, azimuth[source]), way) / length
            bend = _RADIUS_M * np.tan(measured / _RADIUS_M)
            aim = np.clip(here * length + bend * skew, -p.back_m[i], p.ahead_m[i])
            step = aim - here * length
            at[todo] = aim / length
            # How a step shortens the distance, to the second order: all that matters once steps are short.
            distance[todo] = measured - step * skew + step * step / (2 * np.maximum(np.abs(bend), _NEAR_M))
            todo = todo[(np.abs(step) > _REST_M) & (measured < _FAR_M)]
            if len(todo) == 0:
                break
            lead = source = np.arange(len(todo))
        far = np.flatnonzero(distance >= _FAR_M * 0.99)
        if len(far):
            at[far], distance[far] = self._golden(row[far], piece[far])
        return at, distance

    def _golden(self, row: IntArray, piece: IntArray) -> tuple[FloatArray, FloatArray]:
        """Find the feet of points far around the earth by golden section, each on its piece."""

        def measure(at: FloatArray) -> FloatArray:
            lon, lat = geodesy.geodetic(_place(self.pieces, piece, at)[0])
            return geodesy.distance_m(lon, lat, self.lon[row], self.lat[row])

        low, high = np.zeros(len(row)), np.ones(len(row))
        for _ in range(45):
            left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
            lower = measure(left) < measure(right)
            high, low = np.where(lower, right, high), np.where(lower, low, left)
        ends = np.stack([(low + high) / 2, np.zeros(len(row)), np.ones(len(row))])
        values = np.stack([measure(at) for at in ends])
        best = values.argmin(axis=0), np.arange(len(row))
        return ends[best], values[best]


def _cubic(
    start: FloatArray, chord: FloatArray, way: FloatArray, end_way: FloatArray, at: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return place and derivative on cubics given by their ends and the derivatives there."""
    square, cube = 3 * chord - 2 * way - end_way, way + end_way - 2 * chord
    return start + at * (way + at * (square + at * cube)), way + at * (2 * square + 3 * at * cube)


def _place(p: Pieces, piece: IntArray, at: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return earth-centred places (3, n) at fractions of pieces, and the derivative there."""
    start, end = np.take(p.start, piece, axis=1), np.take(p.end, piece, axis=1)
    way, end_way = np.take(p.way, piece, axis=1), np.take(p.end_way, piece, axis=1)
    return _cubic(start, end - start, way, end_way, at)


def _side(
    p: Pieces, piece: IntArray, at: FloatArray, *, place: FloatArray, way: FloatArray, point: FloatArray
) -> IntArray:
    """Return on which side of the line each point is: 1 left, -1 right, 0 neither (module notes)."""
    length = p.length_m[piece]
    way = way / length
    for corner, other in (
        (np.flatnonzero(at * length <= TIE_M - p.back_m[piece]), p.before),
        (np.flatnonzero(at * length >= p.ahead_m[piece] - TIE_M), p.after),
    ):
        beside = other[piece[corner]]
        turn = p.end_way if other is p.before else p.way
        joined = beside != piece[corner]
        way[:, corner] += np.where(joined, turn[:, beside] / p.length_m[beside], 0.0)
    up = geodesy.east_north_up(place)[2]
    left = np.stack(
        [
            up[1] * way[2] - up[2] * way[1],
            up[2] * way[0] - up[0] * way[2],
            up[0] * way[1] - up[1] * way[0],
        ]
    )
    offset, width = dot(point - place, left), np.sqrt(dot(way, way))
    # Where a line turns straight back the two directions cancel out.
    none = (width < 1e-6) | (np.abs(offset) < TIE_M * width)
    return np.where(none, 0, np.sign(offset)).astype(np.int64)
