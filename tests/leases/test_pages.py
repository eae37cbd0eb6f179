"""Applying for land from the page, and the whole of a lease through its pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from authority.models import Role, User
from cases.models import Case
from leases.models import Lease
from parcels.models import Holding, Parcel
from parties.models import Party
from tests.cases import builders
from tests.cases.test_pages import as_role, stranger, text_of
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db

TERM = {
    "tenure": "LEASE",
    "purpose": "مشتل",
    "requested_from": "01/01/2027",
    "requested_to": "31/12/2029",
    "rent_period": "YEAR",
}


def applied(client: Client, parcel: Parcel, **facts: Any) -> Any:
    return client.post("/leases/new/", TERM | {"parcel": str(parcel.pk), "party_name": "سعاد محمد"} | facts)


def sent(client: Client, case: Case, act: str, **facts: Any) -> Any:
    case.refresh_from_db()
    return client.post(f"/cases/{case.pk}/acts/{act}/", {"row_version": str(case.row_version)} | facts)


def test_an_application_is_recorded_from_the_parcel_with_a_new_party() -> None:
    parcel = builders.parcel()
    client = as_role(Role.PROPERTY_OFFICER)
    assert parcel.parcel_code in text_of(client.get(f"/leases/new/?parcel={parcel.pk}"))
    answer = applied(client, parcel)
    lease = Lease.objects.get()
    assert answer["Location"] == f"/cases/{lease.case_id}/"
    assert (str(lease.case.party), str(lease.requested_to), lease.case.parcel) == ("سعاد محمد", "2029-12-31", parcel)


def test_a_known_party_is_found_and_chosen() -> None:
    parcel, known = builders.parcel(), builders.party()
    Party.objects.filter(pk=known.pk).update(governorate="19")
    client = as_role(Role.PROPERTY_OFFICER)
    found = applied(client, parcel, party_q="محمود", find="1").content.decode()
    assert f'value="{known.pk}"' in found
    assert Lease.objects.count() == 0
    assert str(known.pk) in client.get("/cases/parties/", {"party_q": "محمود"}).content.decode()
    applied(client, parcel, party=str(known.pk), party_name="")
    assert Lease.objects.get().case.party == known


@pytest.mark.parametrize(
    "wrong",
    [
        {"party_name": ""},
        {"requested_to": "01/01/2020"},
        {"requested_from": "غدًا"},
        {"tenure": "SALE"},
        {"purpose": ""},
        {"national_id": "12"},
        {"party": "not-an-id"},
        {"parcel": "x"},
        {"purpose": "\x00"},
    ],
)
def test_a_wrong_application_is_refused_and_what_was_typed_stands(wrong: dict[str, str]) -> None:
    parcel = builders.parcel()
    good = TERM | {"parcel": str(parcel.pk), "party_name": "سعاد محمد"}
    answer = as_role(Role.PROPERTY_OFFICER).post("/leases/new/", good | wrong)
    assert 400 <= answer.status_code < 500
    assert Lease.objects.count() == 0
    if "parcel" not in wrong and "purpose" not in wrong:
        assert "مشتل" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SURVEYOR, Role.LEGAL_OFFICER])
def test_a_role_that_may_not_apply_is_told_so_and_refused(role: str) -> None:
    parcel, client = builders.parcel(), as_role(role)
    assert "You may not open this file here." in text_of(client.get(f"/leases/new/?parcel={parcel.pk}"))
    assert applied(client, parcel, party=str(builders.party().pk)).status_code in (403, 404)
    assert Lease.objects.count() == 0


def test_a_parcel_of_another_governorate_is_not_found() -> None:
    client = Client()
    client.force_login(stranger())
    assert client.get(f"/leases/new/?parcel={builders.parcel().pk}").status_code == 404


def test_without_a_parcel_the_page_says_where_to_find_one() -> None:
    assert "Choose the parcel first" in text_of(as_role(Role.PROPERTY_OFFICER).get("/leases/new/"))


def test_a_lease_goes_its_whole_way_through_the_pages() -> None:
    parcel = builders.parcel()
    applied(as_role(Role.PROPERTY_OFFICER), parcel)
    case = Case.objects.get()
    assert sent(as_role(Role.INSPECTOR), case, "inspect", **{"site_report-text": "معاينة"}).status_code == 302
    assert sent(as_role(Role.DISTRICT_HEAD), case, "approve").status_code == 302
    legal = as_role(Role.LEGAL_OFFICER)
    without = sent(legal, case, "contract", **{"contract_draft-text": "مشروع"})
    assert without.status_code == 400
    assert "Give the rate for a square metre" in text_of(without)
    drawn = sent(legal, case, "contract", rate_per_m2="٢٫٥", **{"contract_draft-text": "مشروع"})
    assert drawn.status_code == 302
    lease = Lease.objects.get()
    assert lease.rent == Decimal("26553.75")
    signed = {"signed_contract-text": "موقع", "handover_minutes-number": "3"}
    assert sent(as_role(Role.SECRETARY_GENERAL), case, "activate", **signed).status_code == 302
    page = text_of(as_role(Role.PROPERTY_OFFICER).get(f"/cases/{case.pk}/"))
    assert page.count("26,553.75") >= 4  # the rent, three years of it
    assert "79,661.25" in page
    ended = {"termination_agreement-text": "اتفاق", "handback_minutes-text": "محضر", "note": "بطلب المستأجر"}
    assert sent(as_role(Role.GOVERNOR), case, "terminate", **ended).status_code == 302
    case.refresh_from_db()
    assert case.state == "ENDED"


def test_a_second_exclusive_tenure_in_the_period_is_refused_in_words() -> None:
    lease = leases.active()
    parcel = lease.case.parcel
    assert parcel is not None
    second = leases.do(leases.application(parcel), "inspect", Role.INSPECTOR)
    answer = sent(as_role(Role.DISTRICT_HEAD), second.case, "approve")
    assert answer.status_code == 409
    assert "The land is already held in this period" in text_of(answer)
    assert lease.contract_number in text_of(answer)
    assert Holding.objects.filter(parcel=parcel, exclusive=True, in_book=True).count() == 1


def test_the_sheet_of_a_lease_prints_its_rent() -> None:
    lease = leases.active()
    said = text_of(as_role(Role.PROPERTY_OFFICER, "ar").get(f"/cases/{lease.case_id}/sheet/"))
    assert "جدول استحقاق القيمة الإيجارية" in said
    assert User.objects.exists()
