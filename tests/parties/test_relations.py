"""What binds parties: doubles merged reversibly, exact shares, heirs by certificate, agents with dates."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority import clock
from authority.models import AuditEvent, Role, User
from authority.refusal import Conflict, Invalid, NotAllowed
from parcels.models import Holding
from parcels.selectors import as_of
from parcels.services import succeed_holdings
from parties import relations, selectors, shares
from parties.models import Agency, Party, PartyMerge
from search.registry import find
from search.selectors import ask, page
from tests.authority.builders import make_place, make_user
from tests.parcels import builders
from tests.parties.builders import MAN, WOMAN, make_party

pytestmark = pytest.mark.django_db


def lawyer() -> User:
    return make_user(Role.LEGAL_OFFICER)


def merged(kept: Party, double: Party, **how: Any) -> PartyMerge:
    said = {"by": lawyer(), "reason": "نفس الشخص ببطاقته"} | how
    return relations.merge_parties(at=clock.now(), kept=kept, double=double, **said)


def found(words: str) -> list[str]:
    kind = find("party")
    assert kind is not None
    return [hit.id for hit in page(ask(lawyer(), words), kind).hits]


def test_a_double_is_found_under_the_entry_that_stays_and_parts_again() -> None:
    kept, double = make_party(name_ar="محمد أحمد", national_id_text=MAN), make_party(name_ar="محمّد احمد شلبي")
    merged(kept, double)
    assert found("شلبي") == [str(kept.pk)]
    assert list(selectors.parties(lawyer(), name="شلبي")) == []
    assert relations.same_as(kept) == [kept.pk, double.pk]
    double.refresh_from_db()
    relations.part_parties(by=lawyer(), at=clock.now(), double=double, reason="شخصان")
    assert found("شلبي") == [str(double.pk)]
    assert relations.same_as(kept) == [kept.pk]
    assert PartyMerge.objects.get().undone_reason == "شخصان"
    assert AuditEvent.objects.filter(action__in=["parties.merged", "parties.parted"]).count() == 2


@pytest.mark.parametrize(
    ("one", "two", "code"),
    [
        ({"national_id_text": MAN}, {"national_id_text": WOMAN}, "numbers_differ"),
        ({}, {"kind": "COMPANY"}, "kinds_differ"),
    ],
)
def test_two_that_cannot_be_one_are_not_merged(one: dict[str, Any], two: dict[str, Any], code: str) -> None:
    with pytest.raises(Conflict) as refused:
        merged(make_party(**one), make_party(**two))
    assert refused.value.code == code


def test_an_entry_is_merged_once_with_a_reason_by_who_may() -> None:
    kept, double, third = make_party(), make_party(), make_party()
    with pytest.raises(Invalid):
        merged(kept, double, reason=" ")
    with pytest.raises(NotAllowed):
        merged(kept, double, by=make_user(Role.FRONT_DESK))
    with pytest.raises(NotAllowed):
        merged(kept, double, by=make_user(Role.LEGAL_OFFICER, place=make_place("02")))
    with pytest.raises(Conflict):
        merged(kept, kept)
    merged(kept, double)
    with pytest.raises(Conflict):
        merged(third, double)
    with pytest.raises(Conflict):
        relations.part_parties(by=lawyer(), at=clock.now(), double=third, reason="خطأ")


# ---- shares and heirs ------------------------------------------------------------------------------------------------


def grouped(*given_: Fraction) -> Party:
    members = [(make_party(name_ar=f"وارث {n}"), share) for n, share in enumerate(given_)]
    return relations.group_parties(by=lawyer(), at=clock.now(), name_ar="شركاء", governorate="19", shares=members)


def test_seven_equal_heirs_hold_three_qirats_and_three_sevenths_each() -> None:
    """T-26."""
    group = grouped(*shares.equal(7))
    assert [one.qirats for one in group.members.all()] == ["3 3/7"] * 7
    assert sum(one.share for one in group.members.all()) == 1


@pytest.mark.parametrize(
    "wrong", [(Fraction(1, 3),) * 2, (Fraction(1, 3),) * 4, (Fraction(8, 24), Fraction(15, 24)), ()]
)
def test_shares_that_are_not_the_whole_are_refused(wrong: tuple[Fraction, ...]) -> None:
    with pytest.raises(Invalid):
        grouped(*wrong)
    assert not Party.objects.filter(kind=Party.Kind.GROUP).exists()


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_shares_in_proportion_add_up_exactly(parts: list[int]) -> None:
    whole = [Fraction(part, sum(parts)) for part in parts]
    shares.check_whole(whole)
    with pytest.raises(shares.ShareError):
        shares.check_whole([*whole, Fraction(1, 10**9)])


def inherited(deceased: Party, **how: Any) -> Any:
    said: dict[str, Any] = {
        "died_on": dt.date(2025, 3, 1), "certificate_no": "77 لسنة 2025", "court": "أسرة الإسماعيلية",
        "dated_on": dt.date(2025, 4, 1),
        "shares": [(make_party(name_ar="ابن"), Fraction(2, 3)), (make_party(name_ar="ابنة"), Fraction(1, 3))],
    } | how  # fmt: skip
    return relations.declare_heirs(by=lawyer(), at=clock.now(), deceased=deceased, **said)


def test_heirs_hold_from_the_day_of_death_what_the_deceased_held() -> None:
    man = make_party(name_ar="محمود", national_id_text=MAN)
    parcel = builders.a_parcel()
    builders.a_holding(parcel, party=man, start=dt.date(2024, 1, 1), last_day=dt.date(2030, 12, 31), reference="ع/1")
    made = inherited(man)
    count = succeed_holdings(
        by=lawyer(), at=clock.now(), deceased=man, heirs=made.heirs, on=made.died_on, reference=made.certificate_no
    )
    rows = list(Holding.objects.filter(in_book=True, parcel=parcel).order_by("legal_range"))
    assert count == 1
    assert [(row.party, row.legal_range.lower, row.legal_range.upper) for row in rows] == [
        (man, dt.date(2024, 1, 1), dt.date(2025, 3, 1)),
        (made.heirs, dt.date(2025, 3, 1), dt.date(2031, 1, 1)),
    ]
    assert {row.reference for row in rows} == {"ع/1"}
    assert as_of(parcel).parcel.status == "LEASED"


def test_a_contract_follows_its_tenure_to_the_heirs() -> None:
    from leases.models import Lease
    from tests.leases.builders import FIRST, active

    lease = active()
    man = lease.case.party
    assert man is not None
    Party.objects.filter(pk=man.pk).update(governorate="19")
    man.refresh_from_db()
    heirs = grouped(Fraction(1))
    before = lease.holding_id
    succeed_holdings(by=lawyer(), at=clock.now(), deceased=man, heirs=heirs, on=FIRST, reference="77")
    now = Lease.objects.get(pk=lease.pk)
    assert now.holding_id != before
    assert now.holding is not None
    assert (now.holding.party, now.holding.in_book) == (heirs, True)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"certificate_no": " "}, "certificate_missing"),
        ({"died_on": dt.date(2999, 1, 1)}, "died_in_future"),
        ({"dated_on": dt.date(2025, 2, 1)}, "certificate_before_death"),
    ],
)
def test_heirs_need_a_certificate_that_can_be(how: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        inherited(make_party(), **how)
    assert refused.value.code == code


def test_heirs_are_recorded_once_and_of_persons_only() -> None:
    man = make_party()
    inherited(man)
    with pytest.raises(Conflict):
        inherited(man)
    with pytest.raises(Invalid):
        inherited(make_party(kind="COMPANY"))
    other = make_party()
    with pytest.raises(Invalid):
        inherited(other, shares=[(other, Fraction(1))])


# ---- agents ----------------------------------------------------------------------------------------------------------


def agency(**how: Any) -> Agency:
    said: dict[str, Any] = {
        "principal": make_party(), "agent": make_party(), "extent": "SPECIAL", "scope": "استلام القطعة", "number": "7/أ",
        "notary": "توثيق الإسماعيلية", "starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2025, 12, 31),
    } | how  # fmt: skip
    return relations.appoint_agent(by=lawyer(), at=clock.now(), **said)


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (dt.date(2024, 12, 31), False),
        (dt.date(2025, 1, 1), True),
        (dt.date(2025, 12, 31), True),
        (dt.date(2026, 1, 1), False),
    ],
)
def test_a_power_of_attorney_stands_from_its_first_to_its_last_day(day: dt.date, stands: bool) -> None:
    assert agency().stands(day) is stands


def test_a_revoked_power_ends_with_the_day_before() -> None:
    one = agency()
    relations.revoke_agent(by=lawyer(), at=clock.now(), agency=one, on=dt.date(2025, 6, 1))
    one.refresh_from_db()
    assert (one.stands(dt.date(2025, 5, 31)), one.stands(dt.date(2025, 6, 1))) == (True, False)
    with pytest.raises(Conflict):
        relations.revoke_agent(by=lawyer(), at=clock.now(), agency=one, on=dt.date(2025, 7, 1))


@pytest.mark.parametrize(
    "how", [{"number": ""}, {"scope": " "}, {"ends_on": dt.date(2024, 1, 1)}, {"extent": "WIDE"}, {"notary": " "}]
)
def test_a_power_of_attorney_that_says_too_little_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        agency(**how)


def test_nobody_is_his_own_agent() -> None:
    one = make_party()
    with pytest.raises(Invalid):
        agency(principal=one, agent=one)


def test_a_tax_number_has_nine_digits() -> None:
    assert make_party(kind="COMPANY", tax_no="١٢٣-٤٥٦-٧٨٩").tax_no == "123456789"
    with pytest.raises(Invalid):
        make_party(kind="COMPANY", tax_no="12345")
