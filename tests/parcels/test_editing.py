"""Editing of boundaries: pieces add up, cuts hit their area, neighbours stay neighbours; what cannot be done is said."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from parcels import areas, editing
from parcels.editing import EditError, Limits, Side

X, Y = 736_000.0, 876_000.0  # a farm south of Ismailia, metres of the Red belt
LIMITS = Limits()
SQUARE = box(X, Y, X + 100, Y + 100)
EAST = box(X + 100, Y, X + 200, Y + 100)
U_SHAPE = Polygon([(X, Y), (X + 90, Y), (X + 90, Y + 90), (X + 60, Y + 90), (X + 60, Y + 30), (X + 30, Y + 30), (X + 30, Y + 90), (X, Y + 90)])  # fmt: skip


@st.composite
def outlines(draw: st.DrawFn) -> Polygon:
    """Draw a parcel of 4–12 corners around a point, never crossing itself."""
    count = draw(st.integers(4, 12))
    radii = draw(st.lists(st.floats(30, 200), min_size=count, max_size=count))
    turns = [2 * math.pi * i / count for i in range(count)]
    corners = [(X + r * math.cos(t), Y + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]
    return Polygon(corners)


def through(shape: Polygon, angle: float) -> list[tuple[float, float]]:
    """Return a long line through a point inside."""
    middle = shape.representative_point()
    dx, dy = 1000 * math.cos(angle), 1000 * math.sin(angle)
    return [(middle.x - dx, middle.y - dy), (middle.x + dx, middle.y + dy)]


def same_land(whole: Polygon, pieces: Sequence[Polygon]) -> bool:
    """Say whether the pieces are the whole: area added up, nothing twice, nothing lost, to a millionth of m²."""
    union = shapely.union_all(list(pieces))
    gap = abs(sum(piece.area for piece in pieces) - whole.area)
    twice = sum(piece.area for piece in pieces) - union.area
    return gap <= 1e-6 and abs(twice) <= 1e-6 and union.symmetric_difference(whole).area <= 1e-6


def code_of(act: Any, *args: Any, **named: Any) -> str:
    """Return the code of the refusal."""
    with pytest.raises(EditError) as refused:
        act(*args, **named)
    return refused.value.code


# ---- splitting -------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(outlines(), st.floats(0, math.pi))
def test_pieces_of_a_line_add_up_to_the_parcel(whole: Polygon, angle: float) -> None:
    try:
        pieces = editing.split_by_line(whole, through(whole, angle), LIMITS)
    except EditError as refused:
        assume(refused.code != "sliver")
        raise
    assert len(pieces) >= 2
    assert same_land(whole, pieces)


@settings(max_examples=60, deadline=None)
@given(outlines(), st.integers(1, 999), st.floats(0, 360))
def test_a_cut_by_area_hits_its_area_from_every_direction(whole: Polygon, share: int, bearing: float) -> None:
    wanted = Fraction(share, 1000) * Fraction(whole.area)
    try:
        piece, left = editing.cut_areas(whole, [wanted], Side.towards(bearing), LIMITS)
    except EditError as refused:
        assume(refused.code not in ("sliver", "cut_falls_apart"))
        raise
    assert abs(piece.area - float(wanted)) <= 0.01
    assert same_land(whole, [piece, left])
    side = Side.towards(bearing)
    assert (piece.centroid.x - left.centroid.x) * side.east + (piece.centroid.y - left.centroid.y) * side.north > 0


def test_two_feddan_four_qirat_are_cut_off_the_east_side() -> None:
    wanted = areas.fqs_to_m2(2, 4)
    piece, left = editing.cut_areas(box(X, Y, X + 200, Y + 100), [wanted], Side.named("E"), LIMITS)
    assert round(piece.area, 2) == 9101.81
    assert piece.bounds[2] == X + 200
    assert left.bounds[2] == pytest.approx(piece.bounds[0], abs=1e-9)


def test_heirs_get_their_shares_one_beside_the_other() -> None:
    shares = [Fraction(1, 8), Fraction(7, 16)]
    pieces = editing.cut_areas(SQUARE, [share * 10_000 for share in shares], Side.named("W"), LIMITS)
    assert [round(piece.area, 3) for piece in pieces] == [1250.0, 4375.0, 4375.0]
    assert same_land(SQUARE, pieces)


def test_a_cut_runs_parallel_to_the_edge_that_was_chosen() -> None:
    field = Polygon([(X, Y), (X + 100, Y + 20), (X + 90, Y + 120), (X, Y + 100)])
    piece, _left = editing.cut_areas(field, [Fraction(1000)], Side.along(field, 0), LIMITS)
    slopes = {round((b[1] - a[1]) / (b[0] - a[0]), 6) for a, b in _edges(piece) if abs(b[0] - a[0]) > 1}
    assert slopes == {0.2}
    turned = Polygon(list(field.exterior.coords)[::-1])
    assert Side.along(turned, 3) == Side.along(field, 0)


def _edges(shape: Polygon) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    return list(itertools.pairwise(shape.exterior.coords))


def test_a_hole_stays_a_hole_when_a_parcel_is_cut_through_it() -> None:
    court = Polygon(SQUARE.exterior, [box(X + 40, Y + 40, X + 60, Y + 60).exterior.coords[::-1]])
    pieces = editing.cut_areas(court, [Fraction(4800)], Side.named("N"), LIMITS)
    assert same_land(court, pieces)


def test_ends_of_a_line_go_to_the_outline_they_meant() -> None:
    pieces = editing.split_by_line(SQUARE, [(X + 50, Y + 0.3), (X + 50, Y + 99.8)], LIMITS)
    assert [round(piece.area, 6) for piece in pieces] == [5000.0, 5000.0]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ([(X + 50, Y + 50), (X + 50, Y + 200)], "line_ends_inside"),
        ([(X - 50, Y - 50), (X - 50, Y + 200)], "line_does_not_cross"),
        ([(X, Y), (X + 100, Y)], "line_does_not_cross"),
        ([(X + 50, Y)], "line_too_short"),
        ([(X + 50, Y), (X + 50, Y)], "line_too_short"),
        ([(X + 50, Y), (math.nan, Y + 100)], "line_too_short"),
        ([(X - 1, Y + 5), (X + 80, Y + 90), (X + 80, Y + 5), (X - 1, Y + 90)], "line_crosses_itself"),
        ([(X + 0.1, Y - 1), (X + 0.1, Y + 101)], "sliver"),
    ],
)
def test_a_line_that_cannot_cut_is_refused(line: list[tuple[float, float]], code: str) -> None:
    assert code_of(editing.split_by_line, SQUARE, line, LIMITS) == code


@pytest.mark.parametrize(
    ("shape", "wanted", "side", "code"),
    [
        (SQUARE, [Fraction(10_000)], "E", "area_too_large"),
        (SQUARE, [Fraction(6_000), Fraction(5_000)], "E", "area_too_large"),
        (SQUARE, [Fraction(0)], "E", "area_not_positive"),
        (SQUARE, [], "E", "area_not_positive"),
        (SQUARE, [Fraction(5)], "E", "sliver"),
        (U_SHAPE, [Fraction(600)], "N", "cut_falls_apart"),
        (SQUARE, [Fraction(1)], "Q", "side_unknown"),
    ],
)
def test_an_area_that_cannot_be_cut_is_refused(shape: Polygon, wanted: list[Fraction], side: str, code: str) -> None:
    assert code_of(lambda: editing.cut_areas(shape, wanted, Side.named(side), LIMITS)) == code


def test_a_side_that_is_none_is_refused() -> None:
    assert code_of(Side.towards, math.inf) == "side_unknown"
    assert code_of(Side.along, SQUARE, 9) == "edge_unknown"


# ---- joining ---------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(outlines(), st.floats(0, math.pi))
def test_pieces_that_were_cut_merge_to_the_parcel_they_came_from(whole: Polygon, angle: float) -> None:
    try:
        pieces = editing.split_by_line(whole, through(whole, angle), LIMITS)
    except EditError:
        assume(False)
    merged = editing.merge(pieces, LIMITS)
    assert merged.shape.symmetric_difference(whole).area <= 1e-6
    assert (merged.holes, round(merged.filled_m2, 6)) == (0, 0.0)


def test_a_gap_that_two_surveys_left_is_closed_when_parcels_merge() -> None:
    merged = editing.merge([SQUARE, box(X + 100.1, Y, X + 200, Y + 100)], LIMITS)
    assert merged.shape.area == pytest.approx(20_000, abs=11)
    assert not merged.shape.interiors


def test_parcels_around_a_court_merge_only_when_the_hole_is_meant() -> None:
    ring = [box(X, Y, X + 90, Y + 30), box(X, Y + 60, X + 90, Y + 90), box(X, Y + 30, X + 30, Y + 60), box(X + 60, Y + 30, X + 90, Y + 60)]  # fmt: skip
    assert code_of(editing.merge, ring, LIMITS) == "makes_hole"
    assert editing.merge(ring, LIMITS, holes_allowed=True).holes == 1


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([], "too_few"),
        ([box(X + 100, Y + 100, X + 200, Y + 200)], "not_adjacent"),
        ([box(X + 101, Y, X + 200, Y + 100)], "not_adjacent"),
        ([box(X + 90, Y, X + 200, Y + 100)], "overlap"),
        ([Polygon([(X + 100, Y), (X + 200, Y + 100), (X + 200, Y), (X + 100, Y + 100)])], "outline_crosses_itself"),
    ],
)
def test_parcels_that_cannot_merge_are_refused(others: list[Polygon], code: str) -> None:
    assert code_of(editing.merge, [SQUARE, *others], LIMITS) == code


@settings(max_examples=60, deadline=None)
@given(st.floats(20, 80), st.floats(120, 180), st.floats(-60, 60))
def test_neighbours_draw_their_line_anew_and_their_union_stays(low: float, high: float, bulge: float) -> None:
    line = [(X + low, Y), (X + 100 + bulge / 2, Y + 50), (X + high, Y + 100)]
    (mine, other), union = editing.change_boundary(SQUARE, EAST, line, LIMITS)
    assert same_land(union, [mine, other])
    assert union.symmetric_difference(shapely.union_all([SQUARE, EAST])).area <= 1e-6
    assert mine.contains(shapely.Point(X + 1, Y + 99))
    assert mine.boundary.intersection(other.boundary).length == pytest.approx(shapely.LineString(line).length, abs=1e-6)


def test_a_new_line_that_leaves_three_pieces_is_refused() -> None:
    line = [(X + 10, Y - 1), (X + 50, Y + 120), (X + 90, Y + 50), (X + 150, Y - 1)]
    assert code_of(editing.change_boundary, SQUARE, EAST, line, LIMITS) == "boundary_of_more_pieces"


def test_a_corner_on_a_neighbours_edge_is_put_on_that_edge_too() -> None:
    small = box(X + 100, Y + 20, X + 150, Y + 50)
    big, _small = editing.share_vertices([SQUARE, small], LIMITS.same_m)
    assert {(X + 100, Y + 20), (X + 100, Y + 50)} <= set(big.exterior.coords)
    assert big.area == SQUARE.area


# ---- corners ---------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 360), st.floats(0.1, 40))
def test_neighbours_follow_a_corner_so_that_no_gap_comes_to_be(bearing: float, metres: float) -> None:
    north = box(X, Y + 100, X + 200, Y + 200)  # its edge passes the corner without a corner of its own
    to = editing.from_bearing((X + 100, Y + 100), bearing, metres)
    own, changed = editing.move_corner(SQUARE, [EAST, north], (X + 100, Y + 100), to, LIMITS)
    assert sorted(changed) == [0, 1]
    assert same_land(box(X, Y, X + 200, Y + 200), [own, *changed.values()])
    assert to in own.exterior.coords


def test_a_neighbour_that_does_not_meet_the_corner_stays_as_it_is() -> None:
    own, changed = editing.move_corner(SQUARE, [EAST], (X, Y + 100), (X - 10, Y + 110), LIMITS)
    assert changed == {}
    assert own.area > SQUARE.area


@pytest.mark.parametrize(
    ("bearing", "east", "north"), [(0, 0, 10), (90, 10, 0), (180, 0, -10), (270, -10, 0), (30, 5, 8.660254)]
)
def test_a_bearing_turns_clockwise_from_the_norths_of_the_grid(bearing: float, east: float, north: float) -> None:
    found = editing.from_bearing((X, Y), bearing, 10)
    assert (found[0] - X, found[1] - Y) == pytest.approx((east, north), abs=1e-6)


@pytest.mark.parametrize(
    ("corner", "to", "code"),
    [
        ((X + 50, Y + 50), (X, Y), "corner_unknown"),
        ((X, Y), (X + 9_000, Y), "corner_too_far"),
        ((X, Y), (math.inf, Y), "corner_too_far"),
        ((X, Y), (X, Y + 0.001), "corner_stays"),
        ((X, Y), (X + 100, Y), "corner_taken"),
        ((X, Y), (X + 150, Y + 50), "outline_crosses_itself"),
        ((X, Y), (X + 99.95, Y + 99.9), "sliver"),
    ],
)
def test_a_corner_that_cannot_move_there_is_refused(
    corner: tuple[float, float], to: tuple[float, float], code: str
) -> None:
    assert code_of(editing.move_corner, SQUARE, [EAST], corner, to, LIMITS) == code


def test_a_distance_that_is_none_is_refused() -> None:
    assert code_of(editing.from_bearing, (X, Y), 10, -1) == "bearing_unreadable"
    assert code_of(editing.from_bearing, (X, Y), math.nan, 1) == "bearing_unreadable"


# ---- snapping and tracing --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(outlines(), st.integers(0, 11), st.floats(0, 2 * math.pi), st.floats(0, 0.45))
def test_a_point_near_a_corner_becomes_the_corner(shape: Polygon, index: int, turn: float, off: float) -> None:
    corner = shape.exterior.coords[index % (len(shape.exterior.coords) - 1)]
    found = editing.snap((corner[0] + off * math.cos(turn), corner[1] + off * math.sin(turn)), [shape], 0.5)
    assert (found.at, found.onto) == (corner, "corner")


def test_a_point_near_an_edge_falls_on_it_and_one_far_off_stays() -> None:
    assert editing.snap((X + 30, Y + 0.4), [SQUARE], 0.5).at == (X + 30, Y)
    assert editing.snap((X + 30, Y + 0.6), [SQUARE], 0.5).onto == ""


def test_points_that_fall_together_are_one() -> None:
    assert editing.snap_line([(X + 0.1, Y), (X, Y + 0.1), (X + 50, Y + 50)], [SQUARE], 0.5) == [
        (X, Y),
        (X + 50, Y + 50),
    ]


def test_a_trace_passes_every_corner_the_shorter_way_or_the_longer() -> None:
    start, end = (X + 50, Y), (X + 100, Y + 60)
    assert editing.trace(SQUARE, start, end, 0.5) == [start, (X + 100, Y), end]
    longer = editing.trace(SQUARE, start, end, 0.5, longer=True)
    assert longer == [start, (X, Y), (X, Y + 100), (X + 100, Y + 100), end]


@settings(max_examples=60, deadline=None)
@given(outlines(), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_two_ways_along_an_outline_are_the_whole_outline(shape: Polygon, a: float, b: float, swap: bool) -> None:
    ends = [shape.exterior.interpolate(one, normalized=True) for one in (a, b)]
    assume(ends[0].distance(ends[1]) > 0.01)
    start, end = [(point.x, point.y) for point in (ends[::-1] if swap else ends)]
    ways = [editing.trace(shape, start, end, 0.5, longer=longer) for longer in (False, True)]
    lengths = [shapely.LineString(way).length for way in ways]
    assert lengths[0] <= lengths[1]
    assert sum(lengths) == pytest.approx(shape.exterior.length, abs=1e-6)
    assert all(shape.exterior.distance(shapely.Point(point)) < 1e-6 for way in ways for point in way)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ((X + 50, Y + 50), (X, Y), "trace_on_two_outlines"),
        ((X + 50, Y + 50), (X + 60, Y + 60), "trace_off_the_outline"),
        ((X, Y), (X, Y), "trace_is_a_point"),
    ],
)
def test_a_trace_off_the_outline_is_refused(start: tuple[float, float], end: tuple[float, float], code: str) -> None:
    assert code_of(editing.trace, SQUARE, start, end, 0.5) == code


# ---- the rest of the register ----------------------------------------------------------------------------------------


def test_an_overlap_that_the_edit_makes_is_told_and_one_that_stood_is_not() -> None:
    neighbour = box(X + 95, Y, X + 200, Y + 100)
    assert editing.new_overlaps([SQUARE], [SQUARE], [neighbour], LIMITS) == {}
    wider = box(X, Y, X + 110, Y + 100)
    assert editing.new_overlaps([SQUARE], [wider], [neighbour], LIMITS) == {0: 1000.0}


def test_a_neighbour_on_whose_edge_a_new_corner_lies_is_named() -> None:
    pieces = editing.split_by_line(SQUARE, [(X + 50, Y), (X + 100, Y + 50)], LIMITS)
    assert editing.touched([SQUARE], pieces, [EAST, box(X, Y + 100, X + 100, Y + 200)], LIMITS) == [0]


def test_land_far_beyond_the_governorate_is_refused() -> None:
    governorate = box(X - 1000, Y - 1000, X + 50, Y + 1000)
    editing.require_inside([SQUARE], governorate, LIMITS)
    far = box(X, Y, X + 300, Y + 100)
    assert code_of(editing.require_inside, [far], governorate, LIMITS) == "outside_governorate"
    editing.require_inside([far], None, LIMITS)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.MultiPolygon([SQUARE, box(X + 300, Y, X + 400, Y + 100)]), "several_parts"),
        (Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)]), "outline_crosses_itself"),
        (Polygon(), "outline_empty"),
        (shapely.LineString([(X, Y), (X + 1, Y)]), "outline_empty"),
    ],
)
def test_what_is_no_outline_is_refused(shape: Any, code: str) -> None:
    assert code_of(editing.require_sound, shape) == code
