"""Pages and API of the register of suits, and what they grey elsewhere."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from openpyxl import load_workbook
from rest_framework.test import APIClient

from authority import clock
from authority.models import Role, User
from authority.refusal import Conflict
from cases.selectors import acts_for
from litigation.models import Suit
from litigation.services import Standing
from search import registry, selectors
from tests.authority.builders import make_place, make_user
from tests.leases import builders as leases
from tests.litigation.builders import a_judgment, a_suit
from tests.parcels import builders as land
from tests.search.builders import a_party
from tiles import registry as tiles

pytestmark = pytest.mark.django_db
SAID = {
    "court_kind": "FIRST_INSTANCE", "court": "محكمة الإسماعيلية الابتدائية", "number": "77", "year": "2025", "filed_on": "01/02/2025",
    "subject": "OWNERSHIP", "our_side": "DEFENDANT", "opponent": "سعاد علي", "first_hearing": "01/03/2025",
}  # fmt: skip


def signed_in(role: str = Role.LEGAL_OFFICER, language: str = "en") -> Client:
    user = make_user(role, place=land.a_governorate())
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_a_suit_is_registered_and_shown_with_what_it_bars() -> None:
    parcel = land.a_parcel()
    client = signed_in()
    answer = client.post("/suits/new/", SAID | {"lands": parcel.parcel_code})
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"]).content.decode()
    for told in ("سعاد علي", parcel.parcel_code, "sale", "transfer of custody"):
        assert told in page
    assert "77" in client.get("/suits/").content.decode()
    assert "سعاد علي" in signed_in(Role.AUDITOR).get("/suits/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"lands": "19-00-0000-000-9999-9"}, 404),
        ({"lands": ""}, 400),
        ({"number": "\x00"}, 400),
        ({"filed_on": "31/02/2025"}, 400),
        ({"year": "٢٠٢٥٠"}, 400),
        ({"attacks": "2099/1"}, 404),
        ({"earlier": "1/x"}, 404),
        ({"subject": "MOON"}, 400),
        ({"value": "-1"}, 400),
    ],
)
def test_what_cannot_be_registered_is_refused_and_what_was_typed_is_kept(wrong: dict[str, str], status: int) -> None:
    answer = signed_in().post("/suits/new/", SAID | {"lands": land.a_parcel().parcel_code} | wrong)
    assert answer.status_code == status
    assert not Suit.objects.exists()


def act(suit: Suit, name: str, data: dict[str, Any], of: object = "", client: Client | None = None) -> Any:
    suit.refresh_from_db()
    return (client or signed_in()).post(
        f"/suits/{suit.pk}/acts/{name}/?of={of}", {"row_version": suit.row_version} | data
    )


def test_the_whole_way_of_a_suit_in_pages() -> None:
    suit = a_suit(first_hearing=dt.date(2024, 4, 1))
    first, second = signed_in(), signed_in()
    hearing = suit.hearings.get()
    assert (
        act(suit, "outcome", {"outcome": "حجزت للحكم", "next_on": "01/06/2024"}, hearing.pk, first).status_code == 302
    )
    said = {"ruled_on": "01/06/2024", "ruling": "FOR_US", "words": "رفض الدعوى"}
    assert act(suit, "judgment", said, client=first).status_code == 302
    judgment = suit.judgments.get()
    assert act(suit, "confirm", {}, judgment.pk, first).status_code == 403
    assert "Confirm the judgment" in second.get(f"/suits/{suit.pk}/").content.decode()
    assert act(suit, "confirm", {}, judgment.pk, second).status_code == 302
    assert act(suit, "served", {"notified_on": "10/06/2024"}, judgment.pk, first).status_code == 302
    assert act(suit, "step", {"kind": "STAMPED", "done_on": "20/06/2024"}, judgment.pk, first).status_code == 302
    page = first.get(f"/suits/{suit.pk}/").content.decode()
    assert "executory copy received" in page.lower()
    assert act(suit, "judgment", said | {"row_version": "1"}, client=first).status_code == 412


def test_the_calendar_shows_a_months_hearings() -> None:
    a_suit(first_hearing=dt.date(2026, 3, 9))
    client = signed_in()
    assert "1234" in client.get("/suits/calendar/?month=2026-03").content.decode()
    assert "1234" in client.get("/suits/calendar/?month=٢٠٢٦-٠٣").content.decode()
    for month in ("2026-04", "x", "9999-99", "0001-01"):
        assert "1234" not in client.get(f"/suits/calendar/?month={month}").content.decode()


def test_a_greyed_act_on_the_parcel_names_the_suit() -> None:
    parcel = land.a_parcel()
    a_suit(parcel)
    page = signed_in(Role.PROPERTY_OFFICER).get(f"/parcels/{parcel.pk}/").content.decode()
    assert "Suit 1234 of 2024" in page


def test_an_act_on_a_file_is_greyed_and_refused() -> None:
    lease = leases.do(leases.application(land.a_parcel()), "inspect", Role.INSPECTOR)
    parcel = lease.case.parcel
    assert parcel is not None
    a_suit(parcel)
    governor = make_user(Role.GOVERNOR, place=land.a_governorate())
    (approve,) = [row for row in acts_for(lease.case, governor) if row.act.name == "approve"]
    assert [reason["code"] for reason in approve.reasons] == ["act_locked"]
    with pytest.raises(Conflict) as refused:
        leases.do(lease, "approve", Role.GOVERNOR, by=governor)
    assert "الدعوى رقم 1234" in str(refused.value.detail)
    with pytest.raises(Conflict):
        leases.application(parcel)


def test_the_box_finds_a_suit_by_number_year_court_and_name() -> None:
    suit = a_suit()
    user = make_user(Role.PROPERTY_OFFICER, place=land.a_governorate())
    kind = registry.find("suit")
    assert kind is not None
    for text in ("دعوى 1234", "1234 لسنة 2024", "محكمة الاسماعيلية", "محمود حسن", "تثبيت ملكية", "١٢٣٤"):
        assert [hit.id for hit in selectors.page(selectors.ask(user, text), kind).hits] == [str(suit.pk)], text


def test_programs_register_a_suit_and_confirm_its_judgment() -> None:
    parcel = land.a_parcel()
    one, other = APIClient(), APIClient()
    for client in (one, other):
        client.force_authenticate(make_user(Role.LEGAL_OFFICER, place=land.a_governorate()))
    body = {
        "court_kind": "URGENT", "court": "محكمة الأمور المستعجلة", "number": "5", "year": 2025, "filed_on": "2025-01-05",
        "subject": "EVICTION", "our_side": "CLAIMANT", "parties": [{"side": "DEFENDANT", "name": "كريم"}],
        "lands": [{"parcel": str(parcel.pk)}],
    }  # fmt: skip
    made = one.post("/api/v1/suits/", body, format="json")
    assert (made.status_code, made.json()["bars"]) == (201, ["ALLOCATION", "SALE"])
    url = f"/api/v1/suits/{made.json()['id']}/"
    said = {"ruled_on": "2025-02-01", "ruling": "FOR_US", "words": "طرد المدعى عليه"}
    assert one.post(f"{url}judgments/", said, format="json").status_code == 428
    entered = one.post(f"{url}judgments/", said, format="json", headers={"If-Match": made["ETag"]})
    assert entered.status_code == 201
    judgment = entered.json()["judgments"][0]
    assert judgment["appeal_until"] == "2025-02-16"
    confirm = f"{url}judgments/{judgment['id']}/confirm/"
    assert one.post(confirm, headers={"If-Match": entered["ETag"]}).status_code == 403
    assert other.post(confirm, headers={"If-Match": made["ETag"]}).status_code == 412
    assert other.post(confirm, headers={"If-Match": entered["ETag"]}).json()["state"] == "JUDGED"
    assert len(one.get("/api/v1/suits/", {"parcel": str(parcel.pk)}).json()) == 1
    assert one.get("/api/v1/suits/", {"parcel": "x"}).status_code == 400


def test_the_parcels_timeline_has_a_lane_of_suits() -> None:
    parcel = land.a_parcel()
    suit = a_suit(parcel)
    a_judgment(suit)
    client = APIClient()
    client.force_authenticate(make_user(Role.AUDITOR, place=land.a_governorate()))
    lanes = client.get(f"/api/v1/parcels/{parcel.pk}/timeline/").json()
    assert any(entry["lane"] == "suits" for entry in (lanes["entries"] if isinstance(lanes, dict) else lanes))
    assert clock.now() is not None


def test_the_register_of_suits_is_handed_out_as_a_workbook_within_the_reader_s_rights() -> None:
    a_judgment(a_suit(number="=1+1"), "AGAINST_US")
    a_suit(number="78", subject="RENT")

    def rows(client: Client, query: str = "") -> list[tuple[Any, ...]]:
        answer = client.get(f"/suits/report.xlsx{query}")
        assert answer["Content-Disposition"] == 'attachment; filename="amlak-suits.xlsx"'
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert sheet.sheet_view.rightToLeft
        return list(sheet.iter_rows(min_row=2, values_only=True))

    client = signed_in(language="ar")
    found = {str(row[0]): row for row in rows(client)}
    assert set(found) == {"=1+1", "78"}
    assert "ضد الدولة" in found["=1+1"]
    assert found["=1+1"][4] == dt.datetime(2024, 3, 3)
    assert [row[0] for row in rows(client, "?subject=RENT")] == ["78"]
    elsewhere = Client()
    elsewhere.force_login(make_user(Role.LEGAL_OFFICER, place=make_place("02")))
    assert rows(elsewhere) == []


def test_the_land_before_a_court_is_a_layer_once_for_each_standing_suit() -> None:
    parcel = land.a_parcel()
    first, second = a_suit(parcel), a_suit(parcel, number="5", subject="RENT")
    ended = a_suit(parcel, number="6")
    a_judgment(ended, "ENDED")
    layer = tiles.find("suits")
    assert layer is not None

    def shown(user: User, **filters: str) -> list[Any]:
        found = layer.rows(user, filters)
        return sorted(found.annotate(told=F("parcel__suits__suit")).values_list("told", flat=True))

    reader = make_user(Role.PROPERTY_OFFICER, place=land.a_governorate())
    assert Suit.objects.get(pk=ended.pk).state not in Suit.STANDING
    assert shown(reader) == sorted([first.pk, second.pk])
    assert shown(reader, subject="RENT") == [second.pk]
    assert shown(make_user(Role.PROPERTY_OFFICER, place=make_place("02"))) == []


def test_the_page_of_a_party_names_the_suits_it_stands_in() -> None:
    someone = a_party(make_user(Role.PROPERTY_OFFICER, place=land.a_governorate()), "محمود حسن")
    a_suit(parties=[Standing("CLAIMANT", someone.name_ar, someone)])
    page = signed_in().get(f"/parties/{someone.pk}/").content.decode()
    assert "1234/2024" in page
    assert "establishing ownership" in page
