"""The register of suits: what a suit bars, hearings, judgments, days of appeal, execution."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from authority import clock
from authority.models import AuditEvent, Role
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from law.holidays import enforce_holiday, propose_holiday
from litigation import selectors, services
from litigation.declares import check_days, check_locks
from litigation.models import Hearing, Judgment, Suit
from litigation.services import Concerned, Standing
from parcels import locks
from parcels import services as book
from parcels.models import Holding, Parcel
from tests.authority.builders import make_custodian, make_user
from tests.litigation.builders import FILED, a_judgment, a_lawyer, a_suit
from tests.parcels import builders as land
from tests.parties.builders import make_party

pytestmark = pytest.mark.django_db


def keeper() -> Any:
    return make_user(Role.GIS_OFFICER, place=land.a_governorate())


def barred(parcel: Parcel) -> set[str]:
    return {act for lock in locks.locks([parcel.pk]).get(parcel.pk, []) for act in lock.acts}


def a_feast(day: dt.date) -> None:
    """Put a holiday in force."""
    made = propose_holiday(by=a_lawyer(), at=clock.now(), day=day, name_ar="عيد الأضحى", source="قرار")
    enforce_holiday(by=a_lawyer(), at=clock.now(), holiday=made)


@pytest.mark.parametrize(
    ("subject", "acts"),
    [
        ("OWNERSHIP", {"SALE", "LEASE", "ALLOCATION", "SPLIT", "MERGE", "CUSTODY"}),
        ("EVICTION", {"SALE", "ALLOCATION"}),
        ("RENT", set()),
        ("ANNULMENT", set()),
        ("STAY", set()),
    ],
)
def test_a_suit_bars_what_its_subject_names(subject: str, acts: set[str]) -> None:
    parcel = land.a_parcel()
    a_suit(parcel, subject=subject)
    assert barred(parcel) == acts
    assert barred(land.a_parcel()) == set()


def test_a_decision_attacked_is_barred_from_execution_only_while_it_is_stayed() -> None:
    parcel = land.a_parcel()
    suit = a_suit(parcel, subject="ANNULMENT", court_kind="ADMINISTRATIVE_JUSTICE")
    a_judgment(suit, "STAY_GRANTED", confirmed=False)
    assert barred(parcel) == set()
    services.confirm_judgment(by=a_lawyer(), at=clock.now(), judgment=suit.judgments.get())
    assert barred(parcel) == {"REMOVAL"}
    a_judgment(suit, "STAY_REFUSED", ruled_on=dt.date(2024, 9, 1))
    assert barred(parcel) == set()


def split(parcel: Parcel) -> None:
    parts = [book.Part("12/1", facts={"deed_area_m2": "50"}), book.Part("12/2", facts={"deed_area_m2": "50"})]
    book.split_parcel(by=keeper(), at=clock.now(), parcel=parcel, parts=parts, on=dt.date(2025, 1, 1))


def give_custody(parcel: Parcel) -> None:
    book.transfer_custody(
        by=keeper(), at=clock.now(), parcel=parcel, custodian=make_custodian("awqaf"), on=dt.date(2025, 1, 1),
        decree_no="1", decree_on=dt.date(2025, 1, 1),
    )  # fmt: skip


def let(parcel: Parcel) -> None:
    book.place_holding(by=keeper(), at=clock.now(), kind=Holding.Kind.LEASE, start=dt.date(2025, 1, 1), parcel=parcel)


def sell(parcel: Parcel) -> None:
    book.place_holding(by=keeper(), at=clock.now(), kind=Holding.Kind.SALE, start=dt.date(2025, 1, 1), parcel=parcel)


def allocate(parcel: Parcel) -> None:
    book.allocate(
        by=keeper(), at=clock.now(), parcel=parcel, body=make_party(kind="PUBLIC_BODY", by=make_user(Role.PROPERTY_OFFICER, place=land.a_governorate())), purpose="مدرسة",
        decree_no="1", decree_on=dt.date(2025, 1, 1), starts_on=dt.date(2025, 1, 1),
    )  # fmt: skip


def merge(parcel: Parcel) -> None:
    other = land.a_parcel(place=parcel.place, custodian=parcel.custodian)
    book.merge_parcels(by=keeper(), at=clock.now(), parcels=[parcel, other], number="1", on=dt.date(2025, 1, 1))


@pytest.mark.parametrize("act", [split, give_custody, let, sell, allocate, merge])
def test_every_door_refuses_what_is_barred_and_names_the_suit(act: Any) -> None:
    parcel = land.a_parcel(deed_area_m2="100", survey_area_m2=None)
    a_suit(parcel)
    with pytest.raises(Conflict) as refused:
        act(parcel)
    assert refused.value.code == "act_locked"
    assert "1234" in str(refused.value.detail)


def test_a_bulk_act_leaves_out_what_a_suit_bars() -> None:
    make_custodian("awqaf")
    free, disputed = land.a_parcel(), land.a_parcel()
    a_suit(disputed)
    said = {"custodian": "awqaf", "decree_no": "1", "decree_on": "2025-01-01"}
    act = book.prepare_bulk_act(
        by=keeper(),
        at=clock.now(),
        act="CUSTODY",
        parcels=[free.pk, disputed.pk],
        said=said,
        on=dt.date(2025, 1, 1),
        basis="x",
    )
    assert dict(act.rows.values_list("parcel_id", "left_out")) == {free.pk: "", disputed.pk: "act_locked"}


def test_a_claim_to_own_makes_the_land_disputed_until_it_is_settled() -> None:
    parcel = land.a_parcel()
    suit = a_suit(parcel)
    parcel.refresh_from_db()
    assert parcel.status == "DISPUTED"
    a_judgment(suit)
    parcel.refresh_from_db()
    assert (suit.state, parcel.status) == ("JUDGED", "DISPUTED")
    services.settle_due(by=a_lawyer(), at=clock.now())
    suit.refresh_from_db()
    assert suit.state == "FINAL"
    assert barred(parcel) == set()
    standing = Holding.objects.filter(parcel=parcel, in_book=True, kind="DISPUTE").get()
    assert standing.legal_range.upper is not None


@pytest.mark.parametrize(
    ("court", "start", "until"),
    [
        ("FIRST_INSTANCE", dt.date(2024, 6, 2), dt.date(2024, 7, 14)),  # the 40th day is a Friday: T-32
        ("FIRST_INSTANCE", dt.date(2024, 6, 4), dt.date(2024, 7, 14)),
        ("APPEAL", dt.date(2024, 6, 2), dt.date(2024, 8, 1)),
        ("URGENT", dt.date(2024, 6, 2), dt.date(2024, 6, 17)),
        ("ADMINISTRATIVE_JUSTICE", dt.date(2024, 6, 2), dt.date(2024, 8, 1)),
        ("CASSATION", dt.date(2024, 6, 2), None),
    ],
)
def test_the_days_of_appeal_are_the_courts_and_end_on_a_working_day(
    court: str, start: dt.date, until: dt.date | None
) -> None:
    suit = a_suit(court_kind=court)
    made = a_judgment(suit, ruled_on=dt.date(2024, 6, 1), notified_on=start, confirmed=False)
    assert made.appeal_until == until


def test_a_holiday_moves_the_last_day_of_appeal() -> None:
    a_feast(dt.date(2024, 6, 17))
    made = a_judgment(a_suit(court_kind="URGENT"), notified_on=dt.date(2024, 6, 2), confirmed=False)
    assert made.appeal_until == dt.date(2024, 6, 18)


def test_a_holiday_entered_later_moves_open_days_of_appeal_with_a_record_and_no_settled_ones() -> None:
    open_one = a_judgment(a_suit(court_kind="URGENT"), notified_on=dt.date(2024, 6, 2), confirmed=False)
    settled = a_judgment(a_suit(court_kind="URGENT", number="77"), notified_on=dt.date(2024, 6, 2))
    services.settle_due(by=a_lawyer(), at=clock.now())
    assert (open_one.appeal_until, settled.appeal_until) == (dt.date(2024, 6, 17), dt.date(2024, 6, 17))
    a_feast(dt.date(2024, 6, 17))
    for row in (open_one, settled):
        row.refresh_from_db()
    assert (open_one.appeal_until, settled.appeal_until) == (dt.date(2024, 6, 18), dt.date(2024, 6, 17))
    told = AuditEvent.objects.get(action="litigation.appeal_moved")
    assert (told.object_id, told.detail["after"]) == (str(open_one.suit_id), "2024-06-18")


def test_service_that_is_entered_later_counts_the_days_anew() -> None:
    suit = a_suit()
    made = a_judgment(suit, ruled_on=dt.date(2024, 6, 1))
    services.notify_judgment(by=a_lawyer(), at=clock.now(), judgment=made, notified_on=dt.date(2024, 6, 20))
    made.refresh_from_db()
    assert made.appeal_until == dt.date(2024, 7, 30)
    with pytest.raises(Conflict):
        services.notify_judgment(by=a_lawyer(), at=clock.now(), judgment=made, notified_on=dt.date(2024, 6, 21))


def test_an_appealed_judgment_is_not_final_and_the_last_court_settles_the_chain() -> None:
    parcel = land.a_parcel()
    first = a_suit(parcel)
    a_judgment(first, "AGAINST_US")
    appeal = a_suit(parcel, court_kind="CASSATION", court="محكمة النقض", number="7", earlier=first)
    assert services.settle_due(by=a_lawyer(), at=clock.now()) == 0
    a_judgment(appeal, "FOR_US")
    first.refresh_from_db()
    assert (first.state, appeal.state) == ("FINAL", "FINAL")
    assert barred(parcel) == set()


def test_only_a_judged_suit_can_be_appealed() -> None:
    with pytest.raises(Conflict) as refused:
        a_suit(number="9", earlier=a_suit())
    assert refused.value.code == "suit_not_appealable"


def test_nobody_confirms_the_judgment_he_entered() -> None:
    one = a_lawyer()
    suit = a_suit()
    made = services.enter_judgment(by=one, at=clock.now(), suit=suit, ruled_on=FILED, ruling="FOR_US", words="رفض")
    with pytest.raises(NotAllowed):
        services.confirm_judgment(by=one, at=clock.now(), judgment=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgment.objects.filter(pk=made.pk).update(confirmed_by=one)


def test_a_judgment_set_aside_counts_for_nothing_and_stays() -> None:
    parcel = land.a_parcel()
    suit = a_suit(parcel, subject="ANNULMENT")
    made = a_judgment(suit, "STAY_GRANTED", confirmed=False)
    services.set_judgment_aside(by=a_lawyer(), at=clock.now(), judgment=made, reason="قيد خطأ")
    with pytest.raises(Conflict):
        services.confirm_judgment(by=a_lawyer(), at=clock.now(), judgment=made)
    assert barred(parcel) == set()
    assert Judgment.objects.get().set_aside_why == "قيد خطأ"


def test_a_suit_that_is_abandoned_frees_the_land_when_a_second_person_says_so() -> None:
    parcel = land.a_parcel()
    suit = a_suit(parcel)
    a_judgment(suit, "ENDED", words="ترك الخصومة", confirmed=False)
    assert barred(parcel)
    services.confirm_judgment(by=a_lawyer(), at=clock.now(), judgment=suit.judgments.get())
    suit.refresh_from_db()
    assert (suit.state, suit.end_reason, barred(parcel)) == ("WITHDRAWN", "ترك الخصومة", set())


def test_an_adjournment_opens_the_next_hearing() -> None:
    suit = a_suit(first_hearing=dt.date(2024, 4, 1))
    services.tell_hearing(
        by=a_lawyer(),
        at=clock.now(),
        hearing=suit.hearings.get(),
        outcome="تأجيل",
        next_on=dt.date(2024, 5, 6),
        purpose="للمستندات",
    )
    assert list(suit.hearings.order_by("held_on").values_list("held_on", "purpose")) == [
        (dt.date(2024, 4, 1), ""),
        (dt.date(2024, 5, 6), "للمستندات"),
    ]
    assert [one.held_on for one in selectors.hearings_untold(a_lawyer(), dt.date(2024, 6, 1))] == [dt.date(2024, 5, 6)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"outcome": " "}, "outcome_missing"),
        ({"next_on": dt.date(2024, 4, 1)}, "adjourned_backwards"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(wrong: dict[str, Any], code: str) -> None:
    suit = a_suit(first_hearing=dt.date(2024, 4, 1))
    said = {"outcome": "تأجيل"} | wrong
    with pytest.raises(Invalid) as refused:
        services.tell_hearing(by=a_lawyer(), at=clock.now(), hearing=suit.hearings.get(), **said)
    assert refused.value.code == code
    assert Hearing.objects.get().told_at is None


def test_what_was_read_before_another_changed_it_is_stale() -> None:
    suit = a_suit()
    services.enter_hearing(
        by=a_lawyer(), at=clock.now(), suit=suit, held_on=dt.date(2024, 4, 1), expected=suit.row_version
    )
    with pytest.raises(Stale):
        services.enter_hearing(by=a_lawyer(), at=clock.now(), suit=suit, held_on=dt.date(2024, 4, 2), expected=1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"court": " "}, "suit_incomplete"),
        ({"number": ""}, "suit_incomplete"),
        ({"year": 0}, "suit_incomplete"),
        ({"subject": "MOON"}, "suit_incomplete"),
        ({"filed_on": dt.date(2099, 1, 1)}, "filed_in_future"),
        ({"parties": []}, "nobody_stands_against"),
        ({"parties": [Standing("CLAIMANT")]}, "nobody_stands_against"),
        ({"lands": [Concerned()]}, "suit_of_nothing"),
        ({"court": "ا" * 121}, "text_too_long"),
    ],
)
def test_a_suit_that_cannot_be_is_refused_and_nothing_is_written(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_suit(**wrong)
    assert refused.value.code == code
    assert not Suit.objects.exists()


def test_the_same_suit_is_registered_once() -> None:
    a_suit()
    with pytest.raises(Conflict):
        a_suit()


def test_only_the_legal_officer_of_the_place_registers() -> None:
    for by in (keeper(), a_lawyer(land.a_governorate("02"))):
        with pytest.raises(NotAllowed):
            a_suit(by=by)


def test_suits_are_seen_in_their_place_only() -> None:
    suit = a_suit()
    assert list(selectors.suits(keeper())) == [suit]
    assert not selectors.suits(make_user(Role.GIS_OFFICER, place=land.a_governorate("02"))).exists()


def test_nothing_of_the_register_is_deleted() -> None:
    suit = a_suit(first_hearing=dt.date(2024, 4, 1))
    for row in (suit.hearings.get(), suit.lands.get(), suit):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()


def test_execution_follows_a_confirmed_judgment() -> None:
    suit = a_suit()
    made = a_judgment(suit, "FOR_US", confirmed=False)
    step = {"by": a_lawyer(), "at": clock.now(), "judgment": made, "kind": "STAMPED", "done_on": dt.date(2024, 6, 9)}
    with pytest.raises(Conflict):
        services.enter_step(**step)
    services.confirm_judgment(by=a_lawyer(), at=clock.now(), judgment=made)
    made.refresh_from_db()
    assert services.enter_step(**(step | {"judgment": made})).kind == "STAMPED"
    with pytest.raises(Invalid):
        services.enter_step(**(step | {"judgment": made, "done_on": dt.date(2020, 1, 1)}))


def test_judgments_against_us_whose_days_run_out_are_listed() -> None:
    suit = a_suit()
    made = a_judgment(suit, "AGAINST_US", ruled_on=dt.date(2024, 6, 2))
    user = keeper()
    assert list(selectors.appeals_running(user, dt.date(2024, 7, 1))) == [made]
    assert not selectors.appeals_running(user, dt.date(2024, 5, 1)).exists()


@pytest.mark.parametrize(
    ("check", "params"),
    [
        (check_days, {"appeal": 40}),
        (check_days, {"appeal": 0, "cassation": 60, "urgent": 15, "state_council": 60}),
        (check_days, {"appeal": True, "cassation": 60, "urgent": 15, "state_council": 60}),
        (check_days, []),
        (check_locks, {"standing": {"MOON": []}}),
        (check_locks, {"standing": {"RENT": ["FLY"]}}),
        (check_locks, {"stayed": "REMOVAL"}),
        (check_locks, {"else": []}),
    ],
)
def test_a_rule_that_the_formulas_could_not_read_is_refused(check: Any, params: Any) -> None:
    with pytest.raises(ValueError, match=r".*"):
        check(params)
