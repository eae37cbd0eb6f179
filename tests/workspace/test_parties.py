"""The page of a party: everything he holds, owes, disputes; and what is done on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from authority.models import AuditEvent, Role
from parcels.models import Holding
from parties.models import Party, Succession
from tests.authority.builders import make_place, make_user
from tests.leases import builders as leases
from tests.parcels import builders
from tests.parties.builders import MAN, make_party
from tests.workspace.test_book import signed_in

pytestmark = pytest.mark.django_db


def shown(party: Party, client: Client | None = None) -> Any:
    return (client or signed_in(Role.LEGAL_OFFICER)).get(f"/parties/{party.pk}/")


def test_a_party_has_one_page_with_what_it_holds_owes_and_disputes() -> None:
    man = make_party(name_ar="محمود عبد الله", national_id_text=MAN)
    parcel = builders.a_parcel(number="12/3")
    builders.a_holding(parcel, party=man, reference="ع/2024/7", start=dt.date(2024, 1, 1), last_day=dt.date(2030, 1, 1))
    builders.a_holding(builders.a_parcel(number="99"), kind=Holding.Kind.ENCROACHMENT, party=man, reference="ت/5")
    page = shown(man).content.decode()
    for told in ("12/3", "ع/2024/7", "ت/5", "2********00014"):
        assert told in page
    assert MAN not in page


def test_what_fell_due_under_a_contract_is_summed_to_this_day() -> None:
    lease = leases.active(first=dt.date(2024, 1, 1), last=dt.date(2029, 12, 31))
    party = lease.case.party
    assert party is not None
    Party.objects.filter(pk=party.pk).update(governorate="19")
    (due,) = shown(party).context["dues"]
    assert due.periods == 3
    assert due.amount == lease.rent * 3


def test_a_party_of_another_governorate_is_not_found() -> None:
    stranger = Client()
    stranger.force_login(make_user(Role.LEGAL_OFFICER, place=make_place("02")))
    assert shown(make_party(), stranger).status_code == 404


def test_doubles_are_offered_by_spelling_and_telephone_and_merged_on_the_page() -> None:
    one = make_party(name_ar="عبد الله الإسكندراني", national_id_text=MAN)
    two, three = make_party(name_ar="عبدالله الاسكندرانى"), make_party(name_ar="آخر")
    Party.objects.filter(pk__in=[one.pk, three.pk]).update(phone="+201012345678")
    one.refresh_from_db()
    make_party(name_ar="عبد الله السكندري")
    assert {offered.pk for offered in shown(one).context["doubles"]} == {two.pk, three.pk}
    client = signed_in(Role.LEGAL_OFFICER)
    data = {"other": str(two.pk), "reason": "نفس الشخص"}
    assert client.post(f"/parties/{one.pk}/acts/merge/", data).status_code == 302
    assert str(one.pk) in client.get(f"/parties/{two.pk}/").content.decode()
    assert client.post(f"/parties/{two.pk}/acts/part/", {"reason": "خطأ"}).status_code == 302


def test_a_number_is_shown_once_for_a_reason_that_is_recorded() -> None:
    man, client = make_party(national_id_text=MAN), signed_in(Role.LEGAL_OFFICER)
    address = f"/parties/{man.pk}/acts/reveal/"
    assert client.post(address, {"reason": "x"}).status_code == 400
    answer = client.post(address, {"reason": "تحرير عقد رقم 7"})
    assert MAN in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(action="parties.national_id_revealed").count() == 1
    assert signed_in(Role.AUDITOR).post(address, {"reason": "تحرير عقد رقم 7"}).status_code == 403


def test_heirs_are_recorded_on_a_page_and_take_the_land_over() -> None:
    man, parcel = make_party(name_ar="محمود"), builders.a_parcel()
    builders.a_holding(parcel, party=man, start=dt.date(2024, 1, 1))
    data = {
        "died_on": "01/03/2025", "certificate_no": "77", "court": "أسرة", "dated_on": "01/04/2025", "succeed": "on",
        "heirs": "أحمد محمود — 16 قيراط\nفاطمة محمود — ٨ ط\n",
    }  # fmt: skip
    client = signed_in(Role.LEGAL_OFFICER)
    address = f"/parties/{man.pk}/acts/heirs/"
    for wrong in ("أحمد — 16 قيراط", "أحمد", "— 24 قيراط", "أحمد — 25 قيراط"):
        assert client.post(address, data | {"heirs": wrong}).status_code == 400
    assert Party.objects.count() == 1
    assert client.post(address, data).status_code == 302
    made = Succession.objects.get()
    assert made.heirs.name_ar == "ورثة محمود"
    assert [one.qirats for one in made.heirs.members.order_by("pk")] == ["16", "8"]
    assert "12" not in shown(made.heirs).context["party"].name_ar
    assert [one.holding.party for one in shown(made.heirs).context["held"]] == [made.heirs]


def test_a_party_is_entered_with_a_warning_about_a_doubtful_number() -> None:
    client = signed_in()
    data = {"kind": "PERSON", "name_ar": "محمد", "national_id": "20001010100015", "phone": "01012345678"}
    answer = client.post("/parties/new/", data, follow=True)
    assert "compare it with the card" in answer.content.decode()
    bad = client.post("/parties/new/", data | {"national_id": "20002291200124"})
    assert bad.status_code == 400
    assert Party.objects.count() == 1


def test_an_agent_is_recorded_and_revoked_on_pages() -> None:
    man, agent, client = make_party(), make_party(name_ar="وكيل"), signed_in(Role.LEGAL_OFFICER)
    data = {
        "agent": str(agent.pk), "extent": "GENERAL", "number": "7/أ", "notary": "توثيق", "starts_on": "01/01/2025",
    }  # fmt: skip
    assert client.post(f"/parties/{man.pk}/acts/agent/", data).status_code == 302
    one = man.agencies.get()
    assert client.post(f"/parties/{man.pk}/acts/revoke/?of={one.pk}", {"on": "01/06/2025"}).status_code == 302
    assert client.post(f"/parties/{agent.pk}/acts/revoke/?of={one.pk}", {"on": "01/06/2025"}).status_code == 404
