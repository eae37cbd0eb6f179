"""Conflicts of interest: who declares, what they bar, who ends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from authority.models import AuditEvent, Office, Place, Role, User
from authority.refusal import NotFound, Refusal
from cases import selectors, services
from cases.interests import declare_interest, end_interest, interests_visible_to
from cases.models import Interest
from cases.services import NewPaper
from leases.models import Lease
from parties.models import Membership, Party
from tests.cases import builders
from tests.cases.test_delegated_acts import database_takes, lend
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db


def declared(thing: Any, person: User) -> Interest:
    """What an officer declares about himself."""
    return declare_interest(thing=thing, relation="قرابة من الدرجة الأولى", by=person, at=builders.NOON)


def local(name: str = "محمود") -> Party:
    """A party of the governorate."""
    made = builders.party(name)
    Party.objects.filter(pk=made.pk).update(governorate="19")
    made.refresh_from_db()
    return made


def group_with(lease: Lease) -> Party:
    """A party of whom the file's party is a group."""
    member = local()
    Membership.objects.create(group=lease.case.party, member=member, numerator=1, denominator=2)  # type: ignore[misc]
    return member


def double_of(lease: Lease) -> Party:
    """An entry that was merged into the file's party."""
    double = local()
    Party.objects.filter(pk=double.pk).update(merged_into=lease.case.party)
    return double


THINGS: dict[str, tuple[Callable[[Lease], Any], bool]] = {
    "the file": (lambda lease: lease.case, True),
    "its parcel": (lambda lease: lease.case.parcel, True),
    "its party": (lambda lease: lease.case.party, True),
    "a member of its party": (group_with, True),
    "a double of its party": (double_of, True),
    "another party": (lambda _lease: local(), False),
    "another parcel": (lambda _lease: builders.parcel(), False),
}


@pytest.mark.parametrize(("thing", "bars"), THINGS.values(), ids=THINGS)
def test_who_is_related_to_what_a_file_names_does_not_act_on_it(thing: Callable[[Lease], Any], bars: bool) -> None:
    lease = leases.do(leases.application(party=local()), "inspect", Role.INSPECTOR)
    officer = builders.person(Role.GOVERNOR)
    assert list(selectors.inbox(officer)) == [lease.case]
    declared(thing(lease), officer)
    row = next(row for row in selectors.acts_for(lease.case, officer, builders.NOON) if row.act.name == "approve")
    assert ("conflict_of_interest" in [reason["code"] for reason in row.reasons]) is bars
    assert database_takes(lease.case, officer) is not bars
    assert list(selectors.inbox(officer)) == ([] if bars else [lease.case])
    assert lease.case in selectors.cases_visible_to(officer)
    if not bars:
        return
    for act in (
        lambda: leases.do(lease, "approve", Role.GOVERNOR, by=officer),
        lambda: services.attach_paper(
            lease.case_id, paper=NewPaper(kind="other", text="x"), by=officer, at=builders.NOON
        ),
    ):
        with pytest.raises(Refusal) as answer:
            act()
        assert (answer.value.code, answer.value.status) == ("conflict_of_interest", 403)


def test_he_opens_no_file_for_a_relative() -> None:
    officer, party = builders.person(Role.PROPERTY_OFFICER), local()
    declared(party, officer)
    with pytest.raises(Refusal) as answer:
        leases.application(by=officer, party=party)
    assert answer.value.code == "conflict_of_interest"
    assert leases.application(by=officer).case_id


def test_a_delegate_does_not_do_what_his_giver_may_not() -> None:
    giver, delegate = builders.person(Role.GOVERNOR), builders.person()
    mandate = lend(giver, delegate)
    lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    declared(lease.case, giver)
    with pytest.raises(Refusal) as answer:
        leases.do(lease, "approve", Role.GOVERNOR, by=delegate)
    assert answer.value.code == "conflict_of_interest"
    assert not database_takes(lease.case, delegate, mandate)
    assert list(selectors.inbox(delegate)) == []


def test_only_an_auditor_records_the_interest_of_another_and_ends_it_and_not_his_own() -> None:
    case, officer = leases.application().case, builders.person(Role.GOVERNOR)
    auditor, colleague = builders.person(Role.AUDITOR), builders.person(Role.GOVERNOR)
    said: dict[str, Any] = {"thing": case, "relation": "شريك في شركة", "at": builders.NOON, "person": officer}
    with pytest.raises(Refusal) as answer:
        declare_interest(by=colleague, **said)
    assert answer.value.code == "auditor_needed"
    held = declare_interest(by=auditor, **said)
    own = declared(case, auditor)
    end: dict[str, Any] = {"reason": "بيعت الحصة", "at": builders.NOON}
    for by, which, code in [
        (officer, held, "auditor_needed"), (colleague, held, "not_found"), (auditor, own, "auditor_needed"),
    ]:  # fmt: skip
        with pytest.raises(Refusal) as answer:
            end_interest(interest_id=which.pk, by=by, **end)
        assert answer.value.code == code
    end_interest(interest_id=held.pk, by=auditor, **end)
    with pytest.raises(Refusal) as answer:
        end_interest(interest_id=held.pk, by=auditor, **end)
    assert answer.value.code == "interest_over"
    assert [*AuditEvent.objects.filter(object_id=str(held.pk)).order_by("id").values_list("action", flat=True)] == [
        "cases.interest_declared",
        "cases.interest_ended",
    ]


def test_what_is_out_of_sight_is_not_found_and_what_is_declared_is_not_declared_twice() -> None:
    case, officer = leases.application().case, builders.person(Role.GOVERNOR)
    elsewhere = Place.objects.create(kind="GOVERNORATE", code="02", name_ar="الإسكندرية", path="02")
    office = Office.objects.create(code="alex", name_ar="مكتب", place=elsewhere)
    with pytest.raises(NotFound):
        declared(case, builders.person(Role.GOVERNOR, where=office))
    declared(case, officer)
    with pytest.raises(Refusal) as answer:
        declared(case, officer)
    assert answer.value.code == "interest_declared"


@pytest.mark.parametrize("words", ["", "  ", "ab", "ق" * 301])
def test_a_relation_is_said_in_words(words: str) -> None:
    with pytest.raises(Refusal) as answer:
        declare_interest(
            thing=leases.application().case, relation=words, by=builders.person(Role.GOVERNOR), at=builders.NOON
        )
    assert answer.value.code == "relation_missing"


def test_declarations_are_read_by_their_officer_and_by_auditors_of_the_governorate() -> None:
    case, officer = leases.application().case, builders.person(Role.GOVERNOR)
    held = declared(case, officer)
    readers = [officer, builders.person(Role.AUDITOR), builders.person(Role.GOVERNOR), builders.person(Role.ADMIN)]
    assert [held in interests_visible_to(reader) for reader in readers] == [True, True, False, False]


def test_the_database_keeps_a_declaration_as_it_was_made() -> None:
    held = declared(leases.application().case, builders.person(Role.GOVERNOR))
    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.filter(pk=held.pk).update(relation="لا شيء")
    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.filter(pk=held.pk).update(ended_by=held.person, ended_at=builders.NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        held.delete()
