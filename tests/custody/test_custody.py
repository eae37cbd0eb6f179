"""Custody between bodies: from the claim to the register, a dispute written on the parcel while it runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from authority.models import Custodian, Role
from authority.refusal import Conflict, Invalid, NotAllowed
from cases import services as cases
from custody.models import CustodyFile
from parcels.models import Holding, Parcel, Status
from parcels.selectors import as_of, custody_history
from tests.authority.builders import make_custodian
from tests.cases import builders
from tests.custody.builders import claim, do

pytestmark = pytest.mark.django_db
DECREE = {"decree_no": "900 لسنة 2026", "decree_on": dt.date(2026, 1, 5), "in_force_on": dt.date(2026, 1, 1)}


def decided(held: CustodyFile | None = None) -> CustodyFile:
    held = do(held or claim(), "collect", Role.LEGAL_OFFICER)
    held = do(held, "establish", Role.SURVEYOR)
    held = do(held, "refer", Role.LEGAL_OFFICER)
    return do(held, "decide", Role.SECRETARY_GENERAL, facts=DECREE)


def test_a_dispute_is_written_on_the_parcel_while_it_runs() -> None:
    held = claim()
    parcel = Parcel.objects.get(pk=held.case.parcel_id)
    assert parcel.status == Status.DISPUTED
    assert Holding.objects.get(in_book=True, parcel=parcel).case_id == held.case_id
    do(held, "settle", Role.PROPERTY_OFFICER)
    assert not Holding.objects.filter(in_book=True, parcel=parcel, legal_range__contains=dt.date(2100, 1, 1)).exists()


def test_a_transfer_by_agreement_leaves_the_status_alone() -> None:
    held = claim(matter="TRANSFER")
    assert Parcel.objects.get(pk=held.case.parcel_id).status != Status.DISPUTED


def test_custody_changes_in_the_book_with_the_hand_over_and_from_the_decrees_day() -> None:
    held = decided()
    parcel = Parcel.objects.get(pk=held.case.parcel_id)
    before = parcel.custodian
    assert before != held.claimant
    do(held, "hand_over", Role.GIS_OFFICER)
    parcel.refresh_from_db()
    assert parcel.custodian == held.claimant
    assert as_of(parcel, on=dt.date(2025, 12, 31)).custodian == before
    last = custody_history(parcel)[-1]
    assert (last.decree, last.since) == (DECREE["decree_no"], DECREE["in_force_on"])


def test_custody_stays_where_a_claim_is_dismissed() -> None:
    held = do(do(claim(), "collect", Role.LEGAL_OFFICER), "establish", Role.SURVEYOR)
    held = do(do(held, "refer", Role.LEGAL_OFFICER), "dismiss", Role.GOVERNOR)
    assert Parcel.objects.get(pk=held.case.parcel_id).custodian == held.holder


def test_who_refers_does_not_decide() -> None:
    held = do(do(claim(), "collect", Role.PROPERTY_OFFICER), "establish", Role.SURVEYOR)
    lawyer = builders.person(Role.LEGAL_OFFICER)
    table = cases.workflow_of(held.case)
    cases.perform(held.case_id, "refer", by=lawyer, at=builders.NOON, papers=builders.papers(table.act("refer")))
    with pytest.raises(NotAllowed):
        cases.perform(
            held.case_id,
            "decide",
            by=lawyer,
            at=builders.NOON,
            facts=DECREE,
            papers=builders.papers(table.act("decide")),
        )


@pytest.mark.parametrize("wrong", [{"decree_no": ""}, {"decree_on": dt.date(2999, 1, 1)}, {"in_force_on": None}])
def test_a_decree_without_number_or_date_decides_nothing(wrong: dict[str, Any]) -> None:
    held = do(do(claim(), "collect", Role.LEGAL_OFFICER), "establish", Role.SURVEYOR)
    held = do(held, "refer", Role.LEGAL_OFFICER)
    with pytest.raises(Invalid):
        do(held, "decide", Role.GOVERNOR, facts=DECREE | wrong)


def test_a_parcel_has_one_open_file_of_custody() -> None:
    parcel = builders.parcel()
    claim(parcel)
    with pytest.raises(Conflict) as refused:
        claim(parcel, claimant=make_custodian("reform"))
    assert refused.value.code == "custody_file_open"


def test_nobody_claims_what_he_has_and_a_claim_has_grounds() -> None:
    parcel = builders.parcel()
    with pytest.raises(Conflict):
        claim(parcel, claimant=Custodian.objects.get(pk=parcel.custodian_id))
    for wrong in ({"grounds": " "}, {"matter": "GIFT"}):
        with pytest.raises(Invalid):
            claim(parcel, **wrong)
