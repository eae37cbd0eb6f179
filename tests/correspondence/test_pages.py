"""Pages and API of the registers of letters and of memos, and what they show elsewhere."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from authority import clock
from authority.models import Role, User
from correspondence import services
from correspondence.declares import waiting
from correspondence.models import Letter, Memo
from search import registry, selectors
from tests.authority.builders import make_user
from tests.correspondence.builders import a_clerk, a_memo, an_office, draft, incoming, sent
from tests.leases import builders as leases
from tests.parcels import builders as land
from ui.digits import TO_ARABIC

pytestmark = pytest.mark.django_db
YEAR = clock.today().year
COMING = {"office": "letters-19", "correspondent": "مديرية الزراعة", "subject": "طلب بيان", "enclosures": "2"}


def signed_in(role: str = Role.PROPERTY_OFFICER, language: str = "en", user: User | None = None) -> Client:
    who = user or make_user(role, place=land.a_governorate())
    who.language = language
    who.save()
    client = Client()
    client.force_login(who)
    return client


def program(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def act(letter: Letter, name: str, client: Client, **data: Any) -> Any:
    letter.refresh_from_db()
    return client.post(f"/letters/{letter.pk}/acts/{name}/", {"row_version": letter.row_version} | data)


def test_an_incoming_letter_is_registered_with_its_scan_and_shown_on_its_parcel() -> None:
    an_office()
    parcel, client = land.a_parcel(), signed_in()
    scan = SimpleUploadedFile("خطاب.pdf", b"%PDF-1.4 x")
    said = COMING | {"parcels": parcel.parcel_code, "sender_no": "٧٧", "sender_on": "٠٥/٠١/٢٠٢٦", "file": scan}
    answer = client.post("/letters/incoming/new/", said)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"]).content.decode()
    for told in ("طلب بيان", parcel.parcel_code, "خطاب.pdf", f"1/{YEAR}"):
        assert told in page
    assert "طلب بيان" in client.get(f"/parcels/{parcel.pk}/?tab=documents").content.decode()
    assert "طلب بيان" in client.get(f"/letters/?direction=IN&state=REGISTERED&year={YEAR}").content.decode()
    assert "طلب بيان" not in client.get("/letters/?direction=OUT").content.decode()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"parcels": "19-00-0000-000-9999-9"}, 404),
        ({"cases": "2099/1"}, 404),
        ({"answers": "9/2026"}, 404),
        ({"answers": "x"}, 404),
        ({"office": "elsewhere"}, 400),
        ({"subject": ""}, 400),
        ({"correspondent": "\x00"}, 400),
        ({"sender_on": "31/02/2026"}, 400),
        ({"enclosures": "99999"}, 400),
        ({"about": "x"}, 400),
    ],
)
def test_what_cannot_be_registered_is_refused_and_takes_no_number(wrong: dict[str, str], status: int) -> None:
    an_office()
    answer = signed_in().post("/letters/incoming/new/", COMING | wrong)
    assert answer.status_code == status
    assert not Letter.objects.exists()


def test_the_whole_way_of_a_letter_and_its_answer_in_pages() -> None:
    letter, clerk, officer = incoming(), signed_in(), a_clerk()
    assert act(letter, "assign", clerk, to=officer.username, due_on="31/12/2190").status_code == 302
    assert act(letter, "correct", clerk, field="sender_no", value="٥/ص", reason="سقط سهواً").status_code == 302
    assert "٥/ص" in clerk.get(f"/letters/{letter.pk}/").content.decode()
    reply = clerk.get(f"/letters/outgoing/new/?answers={letter.pk}")
    assert reply.context["form"].initial["answers"] == letter.number
    said = COMING | {"body": "نحيط سيادتكم علماً", "answers": letter.number}
    made = clerk.post("/letters/outgoing/new/", said)
    out = Letter.objects.get(direction="OUT")
    assert (
        act(out, "redraft", clerk, correspondent="هيئة", subject="رد", body="نص آخر", enclosures="0").status_code == 302
    )
    assert act(out, "sign", clerk).status_code == 403
    assert act(out, "sign", signed_in(Role.SECRETARY_GENERAL)).status_code == 302
    assert clerk.get(made["Location"]).context["letter"].number == f"1/{YEAR}"
    letter.refresh_from_db()
    assert letter.state == "ANSWERED"
    assert act(letter, "file", clerk).status_code == 302
    assert act(letter, "file", clerk).status_code == 409
    assert act(letter, "file", clerk, row_version="1").status_code == 412
    assert act(out, "cancel", clerk, reason="x").status_code == 403


def test_every_act_shows_its_form() -> None:
    client = signed_in()
    for letter in (incoming(), draft()):
        for row in client.get(f"/letters/{letter.pk}/").context["acts"]:
            assert client.get(f"/letters/{letter.pk}/acts/{row.name}/").status_code == 200
    assert client.get(f"/letters/{letter.pk}/acts/nothing/").status_code == 404


def test_the_register_is_printed_and_taken_as_a_sheet_from_right_to_left() -> None:
    incoming(subject="الأول", enclosures=3)
    services.cancel(by=a_clerk(), at=clock.now(), letter=incoming(subject="الثاني"), reason="قيد مكرر")
    client = signed_in(language="ar")
    page = client.get(f"/letters/register/?office=letters-19&year={str(YEAR).translate(TO_ARABIC)}").content.decode()
    assert page.index("الأول") < page.index("الثاني")
    assert "قيد مكرر" in page
    taken = client.get(f"/letters/register.xlsx?office=letters-19&year={YEAR}")
    sheet = openpyxl.load_workbook(io.BytesIO(taken.content)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[5], row[6]) for row in rows] == [(1, "الأول", 3), (2, "الثاني", 0)]
    assert client.get("/letters/register/?office=letters-02").status_code == 404


def test_the_box_finds_a_letter_by_its_numbers_correspondent_and_subject() -> None:
    letter = incoming(sender_no="4471")
    kind = registry.find("letter")
    assert kind is not None
    for text in ("وارد 1", "خطاب وارد", "4471", "مديريه الزراعة", "بيان قطعة", f"1/{YEAR}"):
        found = selectors.page(selectors.ask(a_clerk(), text), kind).hits
        assert [hit.id for hit in found] == [str(letter.pk)], text
    stranger = a_clerk(land.a_governorate("02"))
    assert not selectors.page(selectors.ask(stranger, "4471"), kind).hits


def test_the_page_of_a_file_shows_its_letters_and_leads_to_a_memo() -> None:
    case = leases.application(land.a_parcel()).case
    incoming(cases=[case], subject="بشأن الإيجار")
    client = signed_in()
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "بشأن الإيجار" in page
    assert f"/cases/{case.pk}/memos/new/" in page
    said = {"addressee": "المحافظ", "subject": "إيجار", "recommendation": "الموافقة", "options": "أ\nب"}
    made = client.post(f"/cases/{case.pk}/memos/new/", said)
    memo = Memo.objects.get()
    assert made["Location"] == f"/memos/{memo.pk}/"
    shown = client.get(made["Location"]).content.decode()
    for told in ("الموافقة", case.number, "<svg", "بشأن الإيجار"):
        assert told in shown
    url = f"/memos/{memo.pk}/acts/"
    assert client.get(f"{url}rewrite/").context["form"].initial["subject"] == "إيجار"
    version = {"row_version": str(memo.row_version)}
    assert client.post(f"{url}rewrite/", said | version | {"subject": ""}).status_code == 400
    assert client.post(f"{url}issue/", version).status_code == 403
    assert client.post(f"{url}withdraw/", {"row_version": "0", "reason": "x"}).status_code == 412
    assert client.post(f"{url}withdraw/", version | {"reason": "x"}).status_code == 302
    assert client.get(f"/cases/{memo.pk}/memos/new/").status_code == 404


def test_programs_enter_a_letter_and_act_on_it() -> None:
    office, clerk, head = an_office(), a_clerk(), make_user(Role.GOVERNOR, place=land.a_governorate())
    parcel = land.a_parcel()
    one, other = program(clerk), program(head)
    body = {
        "direction": "OUT", "office": office.code, "correspondent": "هيئة", "subject": "طلب", "body": "نص",
        "parcels": [str(parcel.pk)],
    }  # fmt: skip
    made = one.post("/api/v1/letters/", body, format="json")
    assert (made.status_code, made.json()["number"]) == (201, "")
    url = f"/api/v1/letters/{made.json()['id']}/"
    sign = {"act": "sign"}
    assert one.post(f"{url}acts/", sign, format="json").status_code == 428
    assert one.post(f"{url}acts/", sign, format="json", headers={"If-Match": made["ETag"]}).status_code == 403
    signed = other.post(f"{url}acts/", sign, format="json", headers={"If-Match": made["ETag"]})
    assert (signed.json()["number"], signed.json()["state"]) == (f"1/{YEAR}", "ISSUED")
    assert other.post(f"{url}acts/", sign, format="json", headers={"If-Match": made["ETag"]}).status_code == 412
    assert len(one.get("/api/v1/letters/", {"parcel": str(parcel.pk), "year": str(YEAR), "below": "2"}).json()) == 1
    assert one.get("/api/v1/letters/", {"parcel": "x"}).status_code == 400
    assert one.get("/api/v1/letters/", {"year": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"act": "assign"}, 400),
        ({"act": "assign", "to": "nobody"}, 400),
        ({"act": "file", "reason": "x"}, 400),
        ({"act": "file", "colour": "x"}, 400),
        ({"act": "fly"}, 400),
        ({"act": "link", "parcels": ["3f0a1d2e-0000-4000-8000-000000000000"]}, 404),
        ({"act": "link"}, 400),
        ({"act": "correct", "field": "serial", "value": "9", "reason": "x"}, 400),
        ({"act": "correct", "field": "subject", "value": "جديد", "reason": "x"}, 200),
        ({"act": "due", "due_on": "2000-01-01"}, 400),
        ({"act": "sign"}, 409),
        ({"act": "file", "note": "حفظ"}, 200),
    ],
)
def test_an_act_takes_what_belongs_to_it_and_nothing_else(said: dict[str, Any], status: int) -> None:
    letter = incoming()
    head = {"If-Match": f'"{letter.row_version}"'}
    answer = program(a_clerk()).post(f"/api/v1/letters/{letter.pk}/acts/", said, format="json", headers=head)
    assert answer.status_code == status, answer.content


def test_programs_attach_a_file_and_write_a_memo() -> None:
    letter = incoming()
    client = program(a_clerk())
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")
    url = f"/api/v1/letters/{letter.pk}/enclosures/"
    head = {"If-Match": f'"{letter.row_version}"'}
    made = client.post(url, {"file": file, "title": "صورة"}, format="multipart", headers=head)
    assert (made.status_code, made.json()["files"][0]["title"]) == (201, "صورة")
    case = leases.application(land.a_parcel()).case
    words = {"addressee": "المحافظ", "subject": "إيجار", "recommendation": "الموافقة"}
    memo = client.post("/api/v1/memos/", words | {"case": str(case.pk)}, format="json")
    assert memo.status_code == 201
    url = f"/api/v1/memos/{memo.json()['id']}/"
    again = client.post(f"{url}versions/", words, format="json", headers={"If-Match": memo["ETag"]})
    assert [one["number"] for one in again.json()["versions"]] == [1, 2]
    assert client.post(f"{url}issue/", headers={"If-Match": again["ETag"]}).status_code == 403
    gone = client.post(f"{url}withdraw/", {"reason": "x"}, format="json", headers={"If-Match": again["ETag"]})
    assert gone.json()["state"] == "WITHDRAWN"
    assert len(client.get("/api/v1/memos/", {"case": str(case.pk)}).json()) == 1


def test_the_parcels_timeline_has_a_lane_of_letters() -> None:
    parcel = land.a_parcel()
    letter = sent(parcels=[parcel])
    lanes = program(a_clerk()).get(f"/api/v1/parcels/{parcel.pk}/timeline/").json()
    entries = lanes["entries"] if isinstance(lanes, dict) else lanes
    assert [entry["ref"] for entry in entries if entry["lane"] == "letters"] == [str(letter.pk)]


def test_other_peoples_letters_and_memos_are_not_there() -> None:
    stranger = program(a_clerk(land.a_governorate("02")))
    letter, memo = incoming(), a_memo(leases.application(land.a_parcel()).case)
    for url in (f"letters/{letter.pk}/", f"memos/{memo.pk}/"):
        assert stranger.get(f"/api/v1/{url}").status_code == 404
        assert signed_in(user=a_clerk(land.a_governorate("02"))).get(f"/{url}").status_code == 404
    assert stranger.get("/api/v1/letters/").json() == []


def test_the_rail_counts_the_letters_that_wait_for_me() -> None:
    officer = a_clerk()
    letter = incoming()
    services.assign(by=a_clerk(), at=clock.now(), letter=letter, to=officer)
    assert (waiting(officer), waiting(a_clerk())) == (1, 0)
    services.answer_otherwise(by=officer, at=clock.now(), letter=letter, note="تليفونياً")
    assert waiting(officer) == 0
