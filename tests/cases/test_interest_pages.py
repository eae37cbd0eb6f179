"""The page of conflicts of interest."""

from __future__ import annotations

import pytest
from django.test import Client

from authority.models import Role, User
from cases.models import Interest
from tests.cases import builders
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
PAGE = "/account/interests/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_officer_declares_from_the_file_and_the_file_says_so() -> None:
    case, officer = leases.application().case, builders.person(Role.INSPECTOR)
    client = signed_in(officer)
    shown = client.get(f"{PAGE}?case={case.pk}").content.decode()
    assert f"case:{case.pk}" in shown
    assert f"parcel:{case.parcel_id}" in shown
    before = client.get(f"/cases/{case.pk}/").content.decode()
    assert f"{PAGE}?case={case.pk}" in before
    sent = {"thing": f"parcel:{case.parcel_id}", "relation": "شقيق المستأجر"}
    assert client.post(f"{PAGE}?case={case.pk}", sent).status_code == 302
    held = Interest.objects.get()
    assert (held.parcel_id, held.person) == (case.parcel_id, officer)
    after = client.get(f"/cases/{case.pk}/").content.decode()
    assert f"{PAGE}?case={case.pk}" not in after
    assert "لك مصلحة" in after
    answer = client.get(f"/api/v1/cases/{case.pk}/acts/").json()
    codes = {reason["code"] for row in answer["acts"] if row["act"] == "inspect" for reason in row["reasons"]}
    assert "conflict_of_interest" in codes


def test_an_auditor_records_anothers_and_ends_it_and_others_do_not_see_it() -> None:
    case, officer = leases.application().case, builders.person(Role.INSPECTOR)
    auditor = signed_in(builders.person(Role.AUDITOR))
    sent = {"thing": f"case:{case.pk}", "relation": "شريك", "person": officer.username}
    assert auditor.post(f"{PAGE}?case={case.pk}", sent).status_code == 302
    held = Interest.objects.get()
    assert held.person == officer
    colleague = signed_in(builders.person(Role.GOVERNOR))
    assert "شريك" not in colleague.get(PAGE).content.decode()
    assert colleague.post(f"{PAGE}{held.pk}/end/", {"reason": "انتهت"}).status_code == 404
    assert signed_in(officer).post(f"{PAGE}{held.pk}/end/", {"reason": "انتهت"}).status_code == 403
    assert auditor.post(f"{PAGE}{held.pk}/end/", {"reason": "انتهت"}).status_code == 302


@pytest.mark.parametrize(
    ("query", "sent", "status"),
    [
        ("", {"thing": "case:x", "relation": "صلة قرابة"}, 400),
        ("?case=x", {}, 400),
        ("?party=x", {}, 404),
        ("?parcel=x", {}, 400),
        ("?case={case}", {"thing": "case:{case}", "relation": ""}, 400),
        ("?case={case}", {"thing": "parcel:other", "relation": "صلة قرابة"}, 400),
    ],
)
def test_what_cannot_be_read_is_refused(query: str, sent: dict[str, str], status: int) -> None:
    case = leases.application().case
    said = {name: value.format(case=case.pk) for name, value in sent.items()}
    answer = signed_in(builders.person(Role.INSPECTOR)).post(PAGE + query.format(case=case.pk), said)
    assert (answer.status_code, Interest.objects.count()) == (status, 0)
