"""Edits on the map: proposed by one officer, accepted by another, written through the register's own acts, undone."""

from __future__ import annotations

import ast
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, transaction

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, Refusal, Stale
from parcels import editing, services, shapes
from parcels.edit_asked import Asked
from parcels.edit_refusals import WORDS
from parcels.models import EditProposal, Lineage, Parcel, ParcelVersion
from parcels.selectors import as_of
from parcels.selectors.edits import edit_by_id
from parcels.services.edit_plan import Plan, plan_edit, shape_of
from tests.authority.builders import make_custodian, make_place, make_user
from tests.litigation.builders import a_suit
from tests.parcels import builders
from tests.parcels.builders import ORIGIN, RED_BELT, a_boundary, a_parcel

pytestmark = pytest.mark.django_db
ON = dt.date(2024, 7, 1)
X, Y = ORIGIN


def keeper() -> User:
    return make_user(Role.GIS_OFFICER, place=builders.a_governorate())


def at(x: float, y: float) -> tuple[float, float]:
    return X + x, Y + y


def neighbours(**more: Any) -> list[Parcel]:
    """Return two parcels of 100 × 50 m, the second east of the first."""
    return [a_parcel(number=str(12 + i), boundary=a_boundary(100 * i, 0), **more) for i in range(2)]


def asked(kind: str, *parcels: Parcel, **more: Any) -> Asked:
    return Asked.of(kind=kind, parcels=[one.pk for one in parcels], **({"crs": RED_BELT} | more))


def planned(what: Asked, by: User | None = None) -> Plan:
    return plan_edit(by=by or keeper(), asked=what, on=ON)


def proposed(what: Asked, by: User | None = None, **more: Any) -> EditProposal:
    versions = dict(Parcel.objects.values_list("pk", "row_version"))
    given = {"on": ON, "basis": "محضر 7", "versions": versions, "reason": "قسمة"} | more
    return services.propose_edit(by=by or keeper(), at=clock.now(), asked=what, **given)


def accepted(what: Asked, **more: Any) -> EditProposal:
    return services.accept_edit(by=keeper(), at=clock.now(), proposal=proposed(what, **more))


def undone(proposal: EditProposal, by: User | None = None) -> EditProposal:
    return services.undo_edit(by=by or keeper(), at=clock.now(), proposal=proposal, reason="خطأ")


def standing(parcel: Parcel, on: dt.date = ON) -> ParcelVersion:
    return as_of(parcel.pk, on=on)


def area(parcel: Parcel, on: dt.date = ON) -> Decimal:
    found = standing(parcel, on).geom_area_m2
    assert found is not None
    return round(found, 2)


def code_of(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act(*args, **more)
    return refused.value.code


CUT = {"side": "E", "areas": ["0-6-0"]}  # six qirat
LINE = {"points": [at(50, -5), at(50, 60)]}


# ---- previewing ------------------------------------------------------------------------------------------------------


def test_a_preview_tells_areas_and_numbers_and_writes_nothing() -> None:
    parcel, _other = neighbours()
    plan = planned(asked("CUT", parcel, **CUT))
    assert [one.area_after for one in plan.changes] == [None, Decimal("1050.2083"), Decimal("3949.7917")]
    assert [one.number for one in plan.changes] == ["", "12/1", "12/2"]
    assert EditProposal.objects.count() == 0
    assert standing(parcel).parcel_id == parcel.pk


def test_a_parcel_measured_in_another_system_is_edited_in_the_working_one() -> None:
    square = shapely.box(*at(0, 0), *at(100, 50))
    lonlat = shapes.from_working([square], 22992)[0]
    parcel = a_parcel(boundary=services.Boundary(bytes(shapely.to_wkb(lonlat)), "EPSG:4326"))
    found = shape_of(standing(parcel), 22992)
    assert found.symmetric_difference(square).area < 0.05  # the datum shift comes back to 0.1 mm
    plan = planned(asked("SPLIT", parcel, **LINE))
    assert [round(float(one.area_after or 0)) for one in plan.changes[1:]] == [2500, 2500]


def test_a_line_drawn_in_degrees_cuts_where_it_was_drawn() -> None:
    parcel = a_parcel(boundary=a_boundary())
    line = shapes.from_working([shapely.LineString(LINE["points"])], 22992)[0]
    plan = planned(asked("SPLIT", parcel, points=list(line.coords), crs="EPSG:4326"))
    assert [round(float(one.area_after or 0), 1) for one in plan.changes[1:]] == [2500.0, 2500.0]


def test_a_neighbour_on_whose_edge_the_cut_ends_is_told_and_one_out_of_sight_is_not_named() -> None:
    first, second = neighbours()
    line = [at(50, -1), at(100, 25)]
    told = planned(asked("SPLIT", first, points=line)).told
    assert {"code": "corner_on_neighbour", "parcel": second.parcel_code} in told
    awqaf = make_custodian("awqaf")
    only = make_user(Role.GIS_OFFICER, place=builders.a_governorate(), custodian=first.custodian)
    Parcel.objects.filter(pk=second.pk).update(custodian=awqaf)
    told = planned(asked("SPLIT", first, points=line), by=only).told
    assert second.parcel_code not in str(told)
    assert str(awqaf) in str(told)


def test_who_holds_the_land_is_told() -> None:
    first, second = neighbours()
    builders.a_holding(first, reference="عقد 5")
    told = planned(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)])).told
    assert [one["reference"] for one in told if one["code"] == "held"] == ["عقد 5"]


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("SPLIT", {"points": [at(-50, -5), at(-50, 60)]}, "edit_line_does_not_cross"),
        ("SPLIT", {"points": []}, "edit_line_too_short"),
        ("SPLIT", {"points": [at(50, -5), at(50, 20)]}, "edit_line_ends_inside"),
        ("SPLIT", LINE | {"crs": "EPSG:1"}, "crs_unknown"),
        ("SPLIT", {"points": [(1, 1), (2, 2)]}, "geometry_outside_egypt"),
        ("CUT", {"side": "E"}, "edit_areas_or_shares"),
        ("CUT", {"side": "E", "areas": ["?"]}, "edit_area_unreadable"),
        ("CUT", {"side": "E", "areas": ["2-0-0"]}, "edit_area_too_large"),
        ("CUT", {"areas": ["100"]}, "edit_side_unknown"),
        ("CUT", {"edge": 77, "areas": ["100"]}, "edit_edge_unknown"),
        ("CUT", {"side": "E", "shares": ["1/2", "1/3"]}, "edit_shares_not_whole"),
        ("CUT", {"side": "E", "shares": ["1e9", "1/2"]}, "edit_share_unreadable"),
        ("CUT", {"side": "E", "shares": ["1/0", "1/2"]}, "edit_share_unreadable"),
        ("CORNER", {"points": [at(0, 0)]}, "edit_target_missing"),
        ("CORNER", {"points": []}, "edit_corner_missing"),
        ("CORNER", {"points": [at(0, 0)], "to": at(20_000, 0)}, "edit_corner_too_far"),
        ("DRAW", {"points": [at(0, 0), at(100, 0)]}, "edit_outline_empty"),
        ("DRAW", {"points": [at(0, 0), at(50, 50), at(50, 0), at(0, 50)]}, "edit_outline_crosses_itself"),
        ("MERGE", {}, "edit_parcels_count"),
        ("BOUNDARY", LINE, "edit_parcels_count"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(kind: str, more: dict[str, Any], code: str) -> None:
    parcel, _other = neighbours()
    assert code_of(planned, asked(kind, parcel, **more)) == code


def test_every_refusal_of_the_geometry_has_its_words() -> None:
    raised = set()
    for path in Path(editing.__file__ or "").parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EditError":
                raised.add(ast.literal_eval(node.args[0]))
    assert raised == set(WORDS)


def test_land_beyond_the_governorate_is_refused() -> None:
    parcel = a_parcel(boundary=a_boundary())
    square = shapes.from_working([shapely.box(*at(-500, -500), *at(150, 150))], 22992)[0]
    top = builders.a_governorate()
    top.geom = f"SRID=4326;{shapely.MultiPolygon([square]).wkt}"
    top.save()
    outline = [at(0, 0), at(500, 0), at(500, 50), at(0, 50)]
    assert code_of(planned, asked("DRAW", parcel, points=outline)) == "edit_outside_governorate"


def test_an_outline_over_a_neighbour_is_refused_and_the_neighbour_named() -> None:
    first, second = neighbours()
    outline = [at(0, 0), at(120, 0), at(120, 50), at(0, 50)]
    with pytest.raises(Conflict, match=second.parcel_code) as refused:
        planned(asked("DRAW", first, points=outline))
    assert (refused.value.code, refused.value.params["area"]) == ("edit_overlaps", 1000.0)


def test_a_drawn_outline_takes_the_corners_of_its_neighbour() -> None:
    first, _second = neighbours()
    outline = [at(0, 0), at(99.7, 0.2), at(100.3, 49.8), at(0, 60)]
    (change,) = planned(asked("DRAW", first, points=outline)).changes
    assert change.after is not None
    assert {at(100, 0), at(100, 50)} <= set(change.after.exterior.coords)


# ---- proposing -------------------------------------------------------------------------------------------------------


def test_a_proposal_changes_nothing_but_waits() -> None:
    parcel, _other = neighbours()
    before = Parcel.objects.get(pk=parcel.pk).row_version
    made = proposed(asked("CUT", parcel, **CUT))
    parcel.refresh_from_db()
    assert (made.state, parcel.closed_on, parcel.row_version) == ("PROPOSED", None, before)
    assert Parcel.objects.count() == 2
    assert AuditEvent.objects.filter(action="parcels.split").count() == 0
    told = AuditEvent.objects.get(action="parcels.edit_proposed")
    assert told.detail["parcels"] == [parcel.parcel_code]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"basis": " "}, "basis_missing"),
        ({"versions": {}}, "stale"),
        ({"names": ["1"]}, "edit_numbers_missing"),
        ({"names": ["1", ""]}, "edit_numbers_missing"),
        ({"names": ["1", "1"]}, "edit_number_twice"),
        ({"names": ["1", "2" * 61]}, "text_too_long"),
        ({"basis": "x" * 201}, "text_too_long"),
        ({"on": builders.DAY}, "no_version_then"),
    ],
)
def test_a_proposal_that_cannot_stand_is_refused(more: dict[str, Any], code: str) -> None:
    parcel, _other = neighbours()
    assert code_of(proposed, asked("CUT", parcel, **CUT), **more) == code
    assert EditProposal.objects.count() == 0


def test_land_that_is_held_is_not_proposed_for_a_split() -> None:
    parcel, _other = neighbours()
    builders.a_holding(parcel)
    assert code_of(proposed, asked("CUT", parcel, **CUT)) == "holding_stands"


def test_a_suit_bars_the_edit_when_it_is_proposed_and_when_it_is_accepted() -> None:
    first, second = neighbours()
    edit = asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)])
    waiting = proposed(edit)
    a_suit(first)
    assert code_of(proposed, edit) == "act_locked"
    assert code_of(services.accept_edit, by=keeper(), at=clock.now(), proposal=waiting) == "act_locked"


def test_only_who_keeps_the_book_proposes_and_others_parcels_are_not_there() -> None:
    parcel, _other = neighbours()
    clerk = make_user(Role.INSPECTOR, place=builders.a_governorate())
    stranger = make_user(Role.GIS_OFFICER, place=make_place("02"))
    with pytest.raises(NotAllowed):
        planned(asked("CUT", parcel, **CUT), by=clerk)
    with pytest.raises(NotFound):
        planned(asked("CUT", parcel, **CUT), by=stranger)


def test_a_neighbour_of_others_does_not_follow_a_corner() -> None:
    first, second = neighbours()
    only = make_user(Role.GIS_OFFICER, place=builders.a_governorate(), custodian=first.custodian)
    Parcel.objects.filter(pk=second.pk).update(custodian=make_custodian("awqaf"))
    edit = asked("CORNER", first, points=[at(100, 50)], to=at(98, 50))
    assert code_of(planned, edit, by=only) == "edit_neighbour_of_others"


# ---- accepting -------------------------------------------------------------------------------------------------------


def test_a_cut_is_written_as_a_split_with_lineage() -> None:
    parcel, _other = neighbours()
    made = accepted(asked("CUT", parcel, **CUT), names=["12/أ", "12/ب"])
    parts = [row.made for row in made.shapes.order_by("position") if row.parcel_id is None]
    assert [standing(part).parcel_no_raw for part in parts if part] == ["12/أ", "12/ب"]
    assert [area(part) for part in parts if part] == [Decimal("1050.21"), Decimal("3949.79")]
    parcel.refresh_from_db()
    assert (parcel.closed_on, made.state) == (ON, "ACCEPTED")
    assert Lineage.objects.filter(predecessor=parcel, act="SPLIT").count() == 2
    version = standing(parts[0])  # type: ignore[arg-type]
    assert (version.source_crs, version.source_made, version.survey_method) == (RED_BELT, "edited on the map", "")


def test_shares_of_heirs_become_parcels_of_these_shares() -> None:
    parcel, _other = neighbours()
    made = accepted(asked("CUT", parcel, side="W", shares=["1/8", "7/16", "7/16"]))
    areas = [round(row.area_after, 2) for row in made.shapes.order_by("position") if row.area_after]
    assert areas == [Decimal("625.00"), Decimal("2187.50"), Decimal("2187.50")]


def test_an_asset_goes_with_the_piece_it_stands_on() -> None:
    parcel, _other = neighbours()
    spot = shapes.from_working([shapely.Point(at(90, 25))], 22992)[0]
    kiosk = builders.an_asset(parcel=parcel, geom=GEOSGeometry(spot.wkt, srid=4326))
    made = accepted(asked("CUT", parcel, **CUT))
    kiosk.refresh_from_db()
    assert kiosk.parcel_id == made.shapes.get(position=1).made_id


def test_two_parcels_merge_into_one() -> None:
    first, second = neighbours()
    made = accepted(asked("MERGE", first, second), names=["12"])
    (new,) = [row.made for row in made.shapes.all() if row.parcel_id is None]
    assert new is not None
    assert (area(new), Lineage.objects.filter(successor=new, act="MERGE").count()) == (Decimal("10000.00"), 2)


def test_neighbours_change_their_line_in_one_act_and_no_land_is_lost() -> None:
    first, second = neighbours(survey_area_m2=Decimal(5000))
    accepted(asked("BOUNDARY", first, second, points=[at(95, 0), at(90, 50)]))
    assert [area(one) for one in (first, second)] == [Decimal("4625.00"), Decimal("5375.00")]
    assert area(first, ON - dt.timedelta(days=1)) == Decimal("5000.00")
    assert standing(first).survey_area_m2 is None
    one, other = [shape_of(standing(parcel), 22992) for parcel in (first, second)]
    assert one.intersection(other).area == 0
    assert one.boundary.intersection(other.boundary).length == pytest.approx(50.2494, abs=1e-3)


def test_a_corner_typed_in_another_belt_moves_with_its_neighbour() -> None:
    first, second = neighbours()
    there = at(96, 52)
    blue = shapes.points_in_working([there], RED_BELT, 22991)[0]
    edit = asked("CORNER", first, points=[at(100, 50)], to=blue, to_crs="EPSG:22991")
    accepted(edit)
    shape = shape_of(standing(second), 22992)
    assert min(shapely.Point(xy).distance(shapely.Point(there)) for xy in shape.exterior.coords) < 0.001


def test_a_corner_moves_by_bearing_and_distance() -> None:
    parcel = a_parcel(boundary=a_boundary())
    accepted(asked("CORNER", parcel, points=[at(0.2, 0.1)], bearing=270.0, distance=10.0))
    assert at(-10, 0) in {(round(x, 6), round(y, 6)) for x, y in shape_of(standing(parcel), 22992).exterior.coords}


def test_nobody_accepts_or_refuses_his_own_proposal() -> None:
    parcel, _other = neighbours()
    who = keeper()
    made = proposed(asked("CUT", parcel, **CUT), by=who)
    assert code_of(services.accept_edit, by=who, at=clock.now(), proposal=made) == "maker_is_not_checker"
    assert code_of(services.refuse_edit, by=who, at=clock.now(), proposal=made, reason="x") == "maker_is_not_checker"
    with pytest.raises(IntegrityError), transaction.atomic():
        EditProposal.objects.filter(pk=made.pk).update(state="ACCEPTED", decided_by=who)


def test_who_keeps_no_book_there_decides_nothing() -> None:
    parcel, _other = neighbours()
    made = proposed(asked("CUT", parcel, **CUT))
    clerk = make_user(Role.INSPECTOR, place=builders.a_governorate())
    for act, more in ((services.accept_edit, {}), (services.refuse_edit, {"reason": "x"})):
        with pytest.raises(NotAllowed):
            act(by=clerk, at=clock.now(), proposal=made, **more)  # type: ignore[operator]


def test_a_parcel_that_changed_since_is_stale_and_a_neighbour_that_came_since_is_seen() -> None:
    first, second = neighbours()
    line, corner = proposed(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)])), None
    services.new_version(by=keeper(), at=clock.now(), parcel=first, on=ON, facts={"shelf": "3"})
    with pytest.raises(Stale):
        services.accept_edit(by=keeper(), at=clock.now(), proposal=line)
    corner = proposed(asked("CORNER", first, points=[at(0, 50)], to=at(0, 70)))
    a_parcel(boundary=a_boundary(0, 50))
    assert code_of(services.accept_edit, by=keeper(), at=clock.now(), proposal=corner) in (
        "edit_overlaps",
        "edit_outdated",
    )
    assert area(first) == Decimal("5000.00")


def test_another_version_of_the_proposal_is_stale_and_a_decided_one_stays_decided() -> None:
    parcel, _other = neighbours()
    made = proposed(asked("CUT", parcel, **CUT))
    with pytest.raises(Stale):
        services.accept_edit(by=keeper(), at=clock.now(), proposal=made, expected=7)
    services.refuse_edit(by=keeper(), at=clock.now(), proposal=made, reason="غير مطابق")
    assert code_of(services.accept_edit, by=keeper(), at=clock.now(), proposal=made) == "edit_decided"


def test_one_takes_back_only_ones_own_proposal() -> None:
    parcel, _other = neighbours()
    who = keeper()
    made = proposed(asked("CUT", parcel, **CUT), by=who)
    assert code_of(services.withdraw_edit, by=keeper(), at=clock.now(), proposal=made) == "not_your_proposal"
    assert services.withdraw_edit(by=who, at=clock.now(), proposal=made).state == "WITHDRAWN"


def test_a_refusal_needs_its_reason() -> None:
    parcel, _other = neighbours()
    made = proposed(asked("CUT", parcel, **CUT))
    with pytest.raises(Invalid):
        services.refuse_edit(by=keeper(), at=clock.now(), proposal=made, reason=" ")


# ---- undoing ---------------------------------------------------------------------------------------------------------


def test_an_undone_line_stands_where_it_stood_and_the_book_remembers_both() -> None:
    first, second = neighbours(survey_area_m2=Decimal(5000))
    record = bytes(standing(first).source_geom)
    made = accepted(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)]))
    moved = clock.now()
    assert undone(made).state == "UNDONE"
    version = standing(first)
    assert (bytes(version.source_geom), version.survey_method) == (record, "GNSS_RTK")
    assert version.survey_area_m2 == Decimal(5000)
    assert round(as_of(first.pk, on=ON, known_at=moved).geom_area_m2, 2) == Decimal("4750.00")  # type: ignore[call-overload]
    assert area(second) == Decimal("5000.00")


def test_an_undone_split_gives_the_parcel_back_under_its_number() -> None:
    parcel, _other = neighbours(deed_area_m2=Decimal(5000))
    undone(accepted(asked("CUT", parcel, **CUT)))
    back = Lineage.objects.filter(act="MERGE").values_list("successor", flat=True).distinct().get()
    version = as_of(back, on=clock.today())
    assert (version.parcel_no_raw, version.deed_area_m2) == ("12", Decimal(5000))
    assert shape_of(version, 22992).equals(shape_of(standing(parcel, builders.DAY), 22992))


def test_an_undone_merge_gives_both_parcels_back() -> None:
    first, second = neighbours()
    undone(accepted(asked("MERGE", first, second), names=["12"]))
    backs = [as_of(row.successor_id, on=clock.today()) for row in Lineage.objects.filter(act="SPLIT")]
    assert sorted(one.parcel_no_raw for one in backs) == ["12", "13"]
    assert {round(one.geom_area_m2 or 0, 2) for one in backs} == {Decimal("5000.00")}


def test_what_was_built_on_is_not_undone() -> None:
    first, second = neighbours()
    made = accepted(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)]))
    builders.a_holding(first, start=dt.date(2025, 1, 1))
    assert code_of(undone, made) == "edit_built_on"


def test_land_that_was_freed_and_taken_is_not_taken_back() -> None:
    parcel = a_parcel(boundary=a_boundary())
    made = accepted(asked("DRAW", parcel, points=[at(0, 0), at(60, 0), at(60, 50), at(0, 50)]))
    a_parcel(boundary=a_boundary(60, 0, 40, 50))
    assert code_of(undone, made) == "edit_built_on"


def test_who_accepted_does_not_undo() -> None:
    first, second = neighbours()
    made = proposed(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)]))
    who = keeper()
    services.accept_edit(by=who, at=clock.now(), proposal=made)
    assert code_of(undone, made, by=who) == "maker_is_not_checker"
    assert code_of(services.undo_edit, by=keeper(), at=clock.now(), proposal=made, reason="") == "reason_needed"
    with pytest.raises(IntegrityError), transaction.atomic():
        EditProposal.objects.filter(pk=made.pk).update(state="UNDONE", undone_by=who)


def test_an_edit_is_seen_by_who_sees_all_its_parcels() -> None:
    first, second = neighbours()
    made = proposed(asked("BOUNDARY", first, second, points=[at(95, 0), at(95, 50)]))
    local = make_user(Role.GIS_OFFICER, place=builders.a_governorate(), custodian=first.custodian)
    assert edit_by_id(made.pk, local) == made
    Parcel.objects.filter(pk=second.pk).update(custodian=make_custodian("awqaf"))
    with pytest.raises(NotFound):
        edit_by_id(made.pk, local)


def test_too_much_land_around_is_refused(settings: Any) -> None:
    parcel, _other = neighbours()
    for name, value in (("EDIT_NEIGHBOURS", 0), ("EDIT_CORNERS", 4)):
        setattr(settings, name, value)
        assert code_of(planned, asked("CUT", parcel, **CUT)) == "edit_too_many_neighbours"
        setattr(settings, name, 50_000)
