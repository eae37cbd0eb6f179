"""Keeping the book sound: worklist, doubles, judgments, the yearly inventory."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from authority import clock
from authority.models import Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from parcels import services
from parcels.models import Inventory, InventoryLine, Lineage, OwnershipClass, Parcel, WorkItem
from parcels.selectors import as_of
from parcels.selectors.work import counts, differences, open_work, progress
from tests.authority.builders import make_custodian, make_place, make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
State = WorkItem.State
Finding = InventoryLine.Finding


def looked() -> dict[str, tuple[int, int]]:
    return services.look_for_work(governorate="19", at=clock.now())


def kinds_of(parcel: Parcel) -> set[str]:
    return set(WorkItem.objects.filter(parcel=parcel, closed_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"located": False, "deed_area_m2": "100"}, "not_located"),
        ({"located": False}, "no_area"),
        ({"custodian": "unknown"}, "no_custodian"),
        ({"ownership_class": OwnershipClass.UNKNOWN}, "class_unknown"),
        ({"deed_area_m2": "1000", "survey_area_m2": "1051"}, "area_differs"),
    ],
)
def test_what_the_book_lacks_comes_on_the_worklist(facts: dict[str, Any], kind: str) -> None:
    if "custodian" in facts:
        facts = facts | {"custodian": make_custodian("unknown")}
    sound, wanting = builders.a_parcel(), builders.a_parcel(**facts)
    looked()
    assert kind in kinds_of(wanting)
    assert kinds_of(sound) == set()


def test_a_difference_of_five_per_cent_is_none_yet() -> None:
    parcel = builders.a_parcel(deed_area_m2="1000", survey_area_m2="1050")
    looked()
    assert kinds_of(parcel) == set()


def test_a_number_entered_twice_in_a_place_is_found_and_a_part_is_not() -> None:
    one, two = builders.a_parcel(number="12/3"), builders.a_parcel(number="١٢/٣")
    part, other = builders.a_parcel(number="ضمن 45"), builders.a_parcel(number="ضمن 45")
    elsewhere = builders.a_parcel(number="12/3", place=builders.a_hod(number=9))
    looked()
    assert [kinds_of(parcel) for parcel in (one, two)] == [{"number_doubled"}] * 2
    assert [kinds_of(parcel) for parcel in (part, other, elsewhere)] == [set()] * 3


def test_work_is_found_once_and_done_when_it_is_found_no_more() -> None:
    parcel = builders.a_parcel(located=False, deed_area_m2="100")
    assert looked()["not_located"] == (1, 0)
    assert looked()["not_located"] == (0, 0)
    boundary = builders.a_boundary(0, 0, 10, 10)
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), boundary=boundary
    )
    assert looked()["not_located"] == (0, 1)
    item = WorkItem.objects.get(parcel=parcel)
    assert (item.state, item.closed_at is not None) == (State.DONE, True)
    (row,) = progress(builders.a_keeper())
    assert row["DONE"] == 1


def test_another_governorate_is_left_alone() -> None:
    builders.a_parcel(located=False)
    services.look_for_work(governorate="02", at=clock.now())
    assert not WorkItem.objects.exists()


def an_item() -> WorkItem:
    parcel = builders.a_parcel(located=False, deed_area_m2="100")
    looked()
    return WorkItem.objects.get(parcel=parcel)


def test_work_is_taken_given_back_and_set_aside() -> None:
    item, one, two = an_item(), builders.a_keeper(), builders.a_keeper()
    services.take_work(by=one, at=clock.now(), items=[item.pk])
    with pytest.raises(Conflict) as refused:
        services.take_work(by=two, at=clock.now(), items=[item.pk])
    assert refused.value.code == "work_taken"
    with pytest.raises(NotAllowed):
        services.release_work(by=two, at=clock.now(), items=[item.pk])
    services.release_work(by=one, at=clock.now(), items=[item.pk])
    with pytest.raises(Invalid):
        services.set_work_aside(by=two, at=clock.now(), items=[item.pk], note=" ")
    services.set_work_aside(by=two, at=clock.now(), items=[item.pk], note="ملك عام لا يرفع")
    item.refresh_from_db()
    assert (item.state, item.owner) == (State.SET_ASIDE, two)
    assert looked()["not_located"] == (0, 0)


def test_who_sees_another_governorate_takes_nothing_here() -> None:
    item = an_item()
    stranger = builders.a_keeper(make_place("02"))
    assert not open_work(stranger).exists()
    with pytest.raises(NotAllowed):
        services.take_work(by=stranger, at=clock.now(), items=[item.pk])
    with pytest.raises(NotFound):
        services.take_work(by=stranger, at=clock.now(), items=[10**9])


# ---- doubles and judgments -------------------------------------------------------------------------------------------


def ended(keep: Parcel, drop: Parcel, **how: Any) -> Parcel:
    said = {"on": dt.date(2026, 1, 1), "basis": "مذكرة 7"} | how
    return services.merge_doubles(by=builders.a_keeper(), at=clock.now(), keep=keep, drop=drop, **said)


def test_a_doubled_entry_ends_and_leads_to_the_one_that_stays() -> None:
    keep, drop = builders.a_parcel(number="12"), builders.a_parcel(number="12", located=False)
    asset = builders.an_asset(parcel=drop)
    services.number_property(by=builders.a_keeper(), at=clock.now(), parcel=drop, number="EG-9")
    ended(keep, drop)
    for one in (keep, drop, asset):
        one.refresh_from_db()
    assert (drop.closed_on, asset.parcel, keep.unified_property_no) == (dt.date(2026, 1, 1), keep, "EG-9")
    line = Lineage.objects.get()
    assert (line.predecessor, line.successor, line.act) == (drop, keep, Lineage.Act.REPLACE)
    assert as_of(drop, on=dt.date(2025, 1, 1)).parcel_no_raw == "12"


def test_a_doubled_entry_that_is_held_does_not_end() -> None:
    keep, drop = builders.a_parcel(), builders.a_parcel()
    builders.a_holding(drop)
    with pytest.raises(Conflict) as refused:
        ended(keep, drop)
    assert refused.value.code == "holding_stands"


def test_an_entry_with_an_open_file_does_not_end() -> None:
    from tests.leases.builders import application

    keep, drop = builders.a_parcel(), builders.a_parcel()
    application(drop)
    with pytest.raises(Conflict) as refused:
        ended(keep, drop)
    assert refused.value.code == "cases_stand"


def test_an_entry_is_no_double_of_itself_and_needs_a_paper() -> None:
    keep, drop = builders.a_parcel(), builders.a_parcel()
    for how in ({"drop": keep}, {"basis": " "}):
        with pytest.raises(Invalid):
            ended(keep, **({"drop": drop} | how))


def test_a_judgment_ends_an_entry_and_its_history_stays() -> None:
    parcel = builders.a_parcel()
    services.strike_by_judgment(
        by=builders.a_keeper(),
        at=clock.now(),
        parcel=parcel,
        on=dt.date(2026, 1, 1),
        basis="حكم محكمة الإسماعيلية 7/2025",
    )
    parcel.refresh_from_db()
    assert parcel.closed_on == dt.date(2026, 1, 1)
    with pytest.raises(NotFound):
        as_of(parcel, on=dt.date(2026, 1, 1))
    assert as_of(parcel, on=dt.date(2025, 12, 31)).parcel == parcel


# ---- inventory -------------------------------------------------------------------------------------------------------


def frozen(by: User | None = None, year: int = 2025, **how: Any) -> Inventory:
    place = builders.a_governorate()
    said = {"place": place, "year": year, "as_of": dt.date(2025, 6, 30), "at": clock.now()} | how
    return services.freeze_inventory(by=by or builders.a_keeper(), **said)


def test_an_inventory_is_frozen_on_a_day_of_egypt() -> None:
    builders.a_parcel()
    day, night = dt.date(2099, 1, 10), dt.datetime(2099, 1, 9, 22, 30, tzinfo=dt.UTC)
    assert frozen(as_of=day, at=night).line_count == 1


def test_an_inventory_is_what_the_book_said_on_its_day() -> None:
    one = builders.a_parcel(number="7", deed_area_m2="5000")
    builders.a_parcel(legal_from=dt.date(2025, 7, 1))
    made = frozen()
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=one, on=dt.date(2025, 1, 1), facts={"land_use": "ROAD"}
    )
    (line,) = made.lines.all()
    assert (line.parcel, line.number, line.land_use, line.area_m2) == (one, "7", "VACANT", Decimal("5000"))
    assert made.line_count == 1


def test_a_place_has_one_inventory_a_year_and_none_of_the_future() -> None:
    builders.a_parcel()
    frozen()
    with pytest.raises(Conflict):
        frozen()
    with pytest.raises(Invalid):
        frozen(year=2026, as_of=dt.date(2999, 1, 1))
    with pytest.raises(Invalid) as refused:
        frozen(year=2024, place=make_place("1902", parent=builders.a_governorate()))
    assert refused.value.code == "inventory_empty"


def counter() -> User:
    return make_user(Role.FIELD_TEAM, place=builders.a_governorate())


def check(line: InventoryLine, finding: str, **how: Any) -> InventoryLine:
    return services.check_line(by=counter(), at=clock.now(), line=line, finding=finding, **how)


def test_lines_are_checked_and_their_differences_listed() -> None:
    for _parcel in range(3):
        builders.a_parcel()
    made = frozen()
    one, two, three = made.lines.order_by("pk")
    check(one, Finding.AGREES)
    check(two, Finding.DIFFERS, found={"found_use": "RESIDENTIAL", "found_area_m2": Decimal(90)})
    check(three, Finding.MISSING, note="تحت الطريق")
    assert counts(made) == {"UNCHECKED": 0, "AGREES": 1, "DIFFERS": 1, "MISSING": 1}
    assert {line.pk for line in differences(made)} == {two.pk, three.pk}


@pytest.mark.parametrize(
    ("finding", "how"),
    [
        ("UNCHECKED", {}), ("X", {}), ("DIFFERS", {}), ("MISSING", {}), ("DIFFERS", {"found": {"found_use": "SKY"}}),
        ("DIFFERS", {"found": {"colour": "red"}}), ("DIFFERS", {"found": {"found_area_m2": Decimal(-1)}}),
    ],
)  # fmt: skip
def test_a_finding_that_says_nothing_or_nonsense_is_refused(finding: str, how: dict[str, Any]) -> None:
    builders.a_parcel()
    with pytest.raises(Invalid):
        check(frozen().lines.get(), finding, **how)


def test_an_inventory_is_signed_by_another_when_all_of_it_is_checked_and_never_changed_after() -> None:
    builders.a_parcel()
    freezer = make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())
    made = frozen(freezer)
    head = make_user(Role.DISTRICT_HEAD, place=builders.a_governorate())
    with pytest.raises(Conflict) as refused:
        services.sign_inventory(by=head, at=clock.now(), inventory=made)
    assert refused.value.code == "inventory_unchecked"
    line = check(made.lines.get(), Finding.AGREES)
    with pytest.raises(NotAllowed):
        services.sign_inventory(by=freezer, at=clock.now(), inventory=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inventory.objects.filter(pk=made.pk).update(signed_by=freezer)
    services.sign_inventory(by=head, at=clock.now(), inventory=made)
    with pytest.raises(Conflict):
        check(line, Finding.MISSING, note="x")
    with pytest.raises(Conflict):
        services.sign_inventory(by=head, at=clock.now(), inventory=made)
