"""The whole dictionary of a parcel: book, sheet, title, shelf, unified number, custody by decree, allocation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from authority import clock
from authority.models import AuditEvent, Role
from authority.refusal import Conflict, Invalid, NotAllowed
from parcels import selectors, services
from parcels.models import Allocation, Holding, Parcel, Status
from parties.models import Party
from parties.services import register_party
from search import registry
from search.selectors import ask, page
from tests.authority.builders import make_custodian, make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
BOOK = {
    "boundary_n": "ترعة الإبراهيمية", "len_n": "52.40", "register_book": "3", "register_page": "112",
    "register_no": "45", "sheet_no": "92/570", "sheet_scale": 2500, "cadastral_edition": "فك زمام ١٩٣٦",
    "registration_system": "IN_REM", "folio": "17", "file_no": "ح/44", "shelf": "ب-3",
}  # fmt: skip


def test_everything_the_book_says_of_a_parcel_is_kept_and_told() -> None:
    parcel = builders.a_parcel(located=False, **BOOK)
    client = APIClient()
    client.force_authenticate(builders.a_keeper())
    told = client.get(f"/api/v1/parcels/{parcel.pk}/").json()["properties"]
    assert {name: str(told[name]) for name in BOOK} == {name: str(value) for name, value in BOOK.items()} | {
        "len_n": "52.400"
    }


@pytest.mark.parametrize(
    "facts",
    [{"sheet_scale": 0}, {"sheet_scale": "1:2500"}, {"sheet_scale": 10**9}, {"registration_system": "X"},
     {"custody_decree_on": "30/02/2020"}, {"shelf": "x" * 25}],
)  # fmt: skip
def test_what_the_dictionary_does_not_allow_is_refused_by_its_field(facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        builders.a_parcel(located=False, **facts)
    assert refused.value.params["field"] == next(iter(facts))


def test_a_parcel_is_found_by_its_file_number() -> None:
    parcel = builders.a_parcel(located=False, **BOOK)
    hits = page(ask(builders.a_keeper(), "ح/44"), registry.find("parcel")).hits
    assert str(parcel.pk) in {hit.id for hit in hits}


# ---- the number of the state -----------------------------------------------------------------------------------------


def number(parcel: Parcel, text: str, reason: str = "") -> Parcel:
    return services.number_property(by=builders.a_keeper(), at=clock.now(), parcel=parcel, number=text, reason=reason)


def test_the_unified_number_is_given_once_and_corrected_only_with_a_reason() -> None:
    parcel = builders.a_parcel()
    assert number(parcel, "EG-1").unified_property_no == "EG-1"
    with pytest.raises(Invalid) as refused:
        number(parcel, "EG-2")
    assert refused.value.code == "reason_needed"
    assert number(parcel, "EG-2", "خطأ في النقل").unified_property_no == "EG-2"
    assert AuditEvent.objects.filter(action="parcels.unified_number_given").count() == 2


def test_two_parcels_never_bear_one_number() -> None:
    number(builders.a_parcel(), "EG-1")
    with pytest.raises(Conflict) as refused:
        number(builders.a_parcel(), "EG-1")
    assert refused.value.code == "unified_number_taken"


# ---- custody ---------------------------------------------------------------------------------------------------------


def transfer(parcel: Parcel, to: Any, on: dt.date, **how: Any) -> Parcel:
    decree = {"decree_no": "قرار 44", "decree_on": on} | how
    return services.transfer_custody(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, custodian=to, on=on, **decree
    )


def test_custody_has_a_history_with_its_decrees() -> None:
    parcel = builders.a_parcel()
    first, waqf, reform = parcel.custodian, make_custodian("awqaf"), make_custodian("reform")
    transfer(parcel, waqf, dt.date(2022, 5, 1))
    transfer(parcel, reform, dt.date(2024, 1, 1), decree_no="قرار 7")
    services.new_version(
        by=builders.a_keeper(), at=clock.now(), parcel=parcel, on=dt.date(2025, 1, 1), facts={"hamlet": "عزبة"}
    )
    rows = selectors.custody_history(parcel)
    assert [(row.custodian, row.decree, row.since, row.until) for row in rows] == [
        (first, "", builders.DAY, dt.date(2022, 5, 1)),
        (waqf, "قرار 44", dt.date(2022, 5, 1), dt.date(2024, 1, 1)),
        (reform, "قرار 7", dt.date(2024, 1, 1), None),
    ]


def test_a_decree_registered_late_does_not_undo_the_one_that_followed_it() -> None:
    parcel = builders.a_parcel()
    waqf, reform = make_custodian("awqaf"), make_custodian("reform")
    transfer(parcel, reform, dt.date(2024, 1, 1))
    before = clock.now()
    transfer(parcel, waqf, dt.date(2022, 5, 1))
    parcel.refresh_from_db()
    assert parcel.custodian == reform
    day = dt.date(2023, 1, 1)
    assert selectors.as_of(parcel, on=day).custodian == waqf
    assert selectors.as_of(parcel, on=day, known_at=before).custodian != waqf


@pytest.mark.parametrize(
    ("how", "code"),
    [({"decree_no": " "}, "decree_missing"), ({"decree_on": dt.date(2999, 1, 1)}, "decree_in_future")],
)
def test_custody_without_a_real_decree_is_refused(how: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        transfer(builders.a_parcel(), make_custodian("awqaf"), dt.date(2024, 1, 1), **how)
    assert refused.value.code == code


def test_a_decree_of_today_is_of_today_in_egypt_though_greenwich_has_yesterday() -> None:
    parcel, day = builders.a_parcel(), dt.date(2099, 1, 10)
    night = dt.datetime(2099, 1, 9, 22, 30, tzinfo=dt.UTC)
    changed = services.transfer_custody(
        by=builders.a_keeper(), at=night, parcel=parcel, custodian=make_custodian("awqaf"), on=day, decree_no="قرار 44",
        decree_on=day,
    )  # fmt: skip
    assert changed.custodian.code == "awqaf"


def test_custody_is_not_transferred_to_who_has_it() -> None:
    parcel = builders.a_parcel()
    with pytest.raises(Conflict) as refused:
        transfer(parcel, parcel.custodian, dt.date(2024, 1, 1))
    assert refused.value.code == "custodian_same"


# ---- allocation ------------------------------------------------------------------------------------------------------


def a_body(kind: str = Party.Kind.PUBLIC_BODY) -> Party:
    by = make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())
    return register_party(name_ar="مديرية التربية والتعليم", governorate="19", by=by, at=clock.now(), kind=kind)


def allocated(parcel: Parcel, body: Party | None = None, **how: Any) -> Allocation:
    said = {
        "purpose": "إنشاء مدرسة", "decree_no": "قرار 900", "decree_on": dt.date(2024, 1, 1),
        "starts_on": dt.date(2024, 2, 1), "use_by": dt.date(2027, 1, 31),
    } | how  # fmt: skip
    return services.allocate(by=builders.a_keeper(), at=clock.now(), parcel=parcel, body=body or a_body(), **said)


def test_allocated_land_says_so_and_is_free_again_after_the_withdrawal() -> None:
    parcel = builders.a_parcel()
    one = allocated(parcel)
    parcel.refresh_from_db()
    assert parcel.status == Status.ALLOCATED
    services.withdraw_allocation(
        by=builders.a_keeper(), at=clock.now(), allocation=one, last_day=dt.date(2025, 12, 31), decree_no="قرار 12",
        decree_on=dt.date(2025, 12, 1), reason="لم تستخدم الأرض",
    )  # fmt: skip
    parcel.refresh_from_db()
    one.refresh_from_db()
    assert parcel.status == Status.FREE
    assert one.withdrawn_on == dt.date(2025, 12, 31)
    assert Holding.objects.get(in_book=True, parcel=parcel) == one.holding


def test_land_is_allocated_to_public_bodies_only() -> None:
    with pytest.raises(Invalid) as refused:
        allocated(builders.a_parcel(), a_body(Party.Kind.COMPANY))
    assert refused.value.code == "not_a_public_body"


@pytest.mark.parametrize("how", [{"purpose": ""}, {"decree_no": " "}, {"use_by": dt.date(2023, 1, 1)}])
def test_an_allocation_names_purpose_decree_and_a_possible_deadline(how: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        allocated(builders.a_parcel(), **how)


def test_land_that_is_let_is_not_allocated() -> None:
    parcel = builders.a_parcel()
    allocated(parcel)
    with pytest.raises(Conflict) as refused:
        allocated(parcel, decree_no="قرار 901")
    assert refused.value.code == "holding_overlaps"


def test_an_allocation_is_withdrawn_once() -> None:
    one = allocated(builders.a_parcel())
    said: dict[str, Any] = {
        "last_day": dt.date(2025, 1, 1), "decree_no": "12", "decree_on": dt.date(2025, 1, 1), "reason": "سبب"
    }  # fmt: skip
    services.withdraw_allocation(by=builders.a_keeper(), at=clock.now(), allocation=one, **said)
    with pytest.raises(Conflict):
        services.withdraw_allocation(by=builders.a_keeper(), at=clock.now(), allocation=one, **said)
    with pytest.raises(Conflict):
        services.confirm_use(by=builders.a_keeper(), at=clock.now(), allocation=one, on=dt.date(2025, 1, 1))


def test_who_does_not_keep_the_book_allocates_nothing() -> None:
    with pytest.raises(NotAllowed):
        services.allocate(
            by=make_user(Role.LEGAL_OFFICER, place=builders.a_governorate()), at=clock.now(),
            parcel=builders.a_parcel(), body=a_body(), purpose="x", decree_no="1", decree_on=dt.date(2024, 1, 1),
            starts_on=dt.date(2024, 1, 1),
        )  # fmt: skip
