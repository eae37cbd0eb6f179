"""Pages that answer the two questions about the past."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from authority.models import Role
from parcels import timeline
from parcels.models import Parcel, Status
from tests.authority.builders import make_place, make_user
from tests.exports.builders import body, features, made
from tests.leases import builders as leases
from tests.litigation.builders import a_suit
from tests.parcels import builders, past

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate()))
    return found


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_a_parcels_page_answers_both_questions(client: Client) -> None:
    parcel = past.a_late_decree()
    truth = client.get(f"/parcels/{parcel.pk}/", past.TRUTH)
    book = client.get(f"/parcels/{parcel.pk}/", past.BOOK)
    assert [page.context["file"].number for page in (truth, book)] == [past.AFTER, past.BEFORE]
    assert [page.context["file"].status for page in (truth, book)] == [Status.LEASED, Status.FREE]
    assert "ما كان قائمًا يوم 01/07/2019" in text_of(truth)
    assert "ما كان السجل يقوله يوم 01/07/2019" in text_of(book)


@pytest.mark.parametrize(("ask", "query"), [("truth", "on=2019-07-01"), ("book", "on=2019-07-01&known=2019-07-01")])
def test_a_question_asked_in_a_form_leads_to_an_address_that_can_be_kept(client: Client, ask: str, query: str) -> None:
    parcel = past.a_late_decree()
    answer = client.get(f"/parcels/{parcel.pk}/", {"tab": "history", "on": "٠١/٠٧/٢٠١٩", "ask": ask})
    assert (answer.status_code, answer["Location"]) == (302, f"/parcels/{parcel.pk}/?tab=history&{query}")


def test_the_parts_of_a_file_keep_the_day(client: Client) -> None:
    parcel = past.a_late_decree()
    page = client.get(f"/parcels/{parcel.pk}/", past.BOOK)
    assert all("known=2019-07-01" in tab.url for tab in page.context["tabs"])


@pytest.mark.parametrize("page", ["/map/results/", "/parcels/"])
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (past.TRUTH, [past.AFTER]),
        (past.BOOK, [past.BEFORE]),
        ({**past.TRUTH, "status": "LEASED"}, [past.AFTER]),
        ({**past.BOOK, "status": "LEASED"}, []),
        ({**past.BOOK, "status": "FREE", "custodian": "governorate"}, [past.BEFORE]),
        ({**past.TRUTH, "custodian": "governorate"}, []),
    ],
)
def test_lists_show_and_narrow_what_was_then(
    client: Client, page: str, query: dict[str, str], numbers: list[str]
) -> None:
    past.a_late_decree()
    context = client.get(page, query).context
    rows = context["listed"].rows if "listed" in context else context["rows"]
    assert [row["version"].parcel_no_raw for row in rows] == numbers


def test_a_list_of_the_past_offers_no_acts(client: Client) -> None:
    past.a_late_decree()
    assert client.get("/parcels/").context["may_keep"]
    assert not client.get("/parcels/", past.TRUTH).context["may_keep"]


def test_the_card_shows_status_and_custodian_of_then(client: Client) -> None:
    parcel: Parcel = past.a_late_decree()
    card = client.get(f"/parcels/{parcel.pk}/card/", past.BOOK)
    assert (card.context["card"].status, card.context["file"].version.custodian.code) == ("متاحة", "governorate")
    assert str(parcel.custodian) not in text_of(card)


@pytest.mark.parametrize(
    ("asked", "query", "found"),
    [
        (past.AFTER, past.TRUTH, True),
        (past.AFTER, past.BOOK, False),
        (past.BEFORE, past.TRUTH, False),
        (past.BEFORE, past.BOOK, True),
        (f"{past.BEFORE} الملقه", past.BOOK, True),
        (f"قطعة {past.BEFORE} حوض الملقة", past.BOOK, True),
        ("حوض 9", past.BOOK, False),
    ],
)
def test_search_finds_the_land_by_what_was_written_then(
    client: Client, asked: str, query: dict[str, str], found: bool
) -> None:
    parcel = past.a_late_decree()
    page = client.get("/search/", {"q": asked, **query})
    assert ((f"/parcels/{parcel.pk}/?on=2019-07-01") in page.content.decode()) is found
    listed = client.get("/map/results/", {"q": asked, **query}).context["listed"]
    assert [row["version"].parcel_id for row in listed.rows] == ([parcel.pk] if found else [])


def test_search_says_what_it_searches_of_another_day(client: Client) -> None:
    past.a_late_decree()
    assert "ولا يشملها البحث" in text_of(client.get("/search/", {"q": past.BEFORE, **past.BOOK}))
    assert "ولا يشملها البحث" not in text_of(client.get("/search/", {"q": past.BEFORE}))


CHANGES = "/parcels/changes/"


def test_the_page_of_changes_lists_before_and_after_and_leads_on(client: Client) -> None:
    parcel = past.a_late_decree()
    page = client.get(CHANGES, {"since": "2019-05-01", "on": "2019-07-01", "place": "19"})
    shown = page.content.decode()
    assert page.context["total"] == 1
    assert f"/parcels/{parcel.pk}/?on=2019-07-01" in shown
    assert "layer=differences&amp;since=2019-05-01&amp;on=2019-07-01&amp;place=19" in shown
    assert [fact.after for fact in page.context["rows"][0]["facts"]][:1] == [past.AFTER]
    book = {
        "since": "2019-05-01",
        "since_known": "2019-05-01",
        "on": "2019-07-01",
        "known": "2019-07-01",
        "place": "19",
    }
    assert client.get(CHANGES, book).context["total"] == 0


def test_the_page_of_changes_narrows_to_one_kind_as_often_as_it_counts(client: Client) -> None:
    past.a_late_decree()
    query = {"since": "2019-05-01", "on": "2019-07-01", "place": "19"}
    for kind, count, _query in client.get(CHANGES, query).context["kinds"]:
        assert len(client.get(CHANGES, {**query, "change": kind.value}).context["rows"]) == count


def test_a_comparison_of_what_the_register_said_has_an_address_of_its_own(client: Client) -> None:
    answer = client.get(CHANGES, {"since": "01/05/2019", "on": "01/07/2019", "place": "19", "ask": "book"})
    assert answer["Location"].endswith(
        "?since=2019-05-01&since_known=2019-05-01&on=2019-07-01&known=2019-07-01&place=19"
    )


def test_the_page_of_changes_begins_with_its_question(client: Client) -> None:
    assert "asked" in client.get(CHANGES).context
    assert client.get(CHANGES, {"since": "soon", "place": "19"}).status_code == 400


def test_changes_can_be_carried_away(client: Client) -> None:
    past.a_late_decree()
    query = "layer=differences&since=2019-05-01&on=2019-07-01&place=19"
    form = client.get(f"/exports/?{query}").content.decode()
    assert 'value="differences"' in form
    assert 'value="differences"' not in client.get("/exports/?layer=differences").content.decode()
    filters = {"since": "2019-05-01", "on": "2019-07-01", "place": "19"}
    book = made(builders.a_keeper(), layers=["differences"], format="xlsx", filters=filters)
    rows = [row for sheet in load_workbook(io.BytesIO(body(book))).worksheets for row in sheet.values]
    assert book.rows == 1
    assert {past.BEFORE, past.AFTER} <= {str(cell) for row in rows for cell in row}
    assert features(made(builders.a_keeper(), layers=["differences"], format="geojson", filters=filters)).shape[0] == 1


def lanes_of(client: Client, parcel: Parcel, **query: str) -> dict[str, list[Any]]:
    chart = client.get(f"/parcels/{parcel.pk}/", query).context["file"].chart
    return {lane.icon: [bar.span for bar in lane.bars if bar.first] for lane in chart.lanes}


def test_the_lanes_say_when_a_late_fact_reached_the_register(client: Client) -> None:
    parcel = past.a_late_decree()
    drawn = lanes_of(client, parcel)
    assert [(one.start, one.recorded) for one in drawn["vector"]] == [
        (dt.date(2010, 1, 1), dt.date(2015, 3, 1)),  # a row written anew was entered when its first was
        (past.DECREED, dt.date(2020, 3, 1)),
    ]
    assert [one.recorded for one in drawn["users"]] == [dt.date(2020, 3, 1)]
    assert "قُيِّد متأخرًا، يوم 01/03/2020" in text_of(client.get(f"/parcels/{parcel.pk}/", {"tab": "history"}))
    entries = client.get(f"/api/v1/parcels/{parcel.pk}/timeline/").json()
    told = [one["recorded_on"] for one in entries if one["start"] == "2019-06-01"]
    assert told == ["2020-03-01", "2020-03-01"]


def test_suits_stand_in_a_lane_and_leave_it_where_the_book_is_older(client: Client) -> None:
    suit = a_suit(past.a_late_decree())
    parcel = Parcel.objects.get()
    assert [one.start for one in lanes_of(client, parcel)["gavel"]] == [suit.filed_on]
    assert lanes_of(client, parcel, **past.BOOK)["gavel"] == []


def test_rents_stand_in_a_lane_on_the_days_they_fall_due() -> None:
    lease = leases.active(at=timezone.now())
    reader = Client()
    reader.force_login(make_user(Role.AUDITOR, place=make_place(lease.case.governorate)))
    assert lease.case.parcel
    found = lanes_of(reader, lease.case.parcel)
    assert found["cash"][0].start == lease.starts_on
    assert lease.contract_number in found["cash"][0].title
    stranger = make_user(Role.PROPERTY_OFFICER, place=make_place("02"))
    assert timeline.of_lanes(("payments", "inspections", "suits", "none"), lease.case.parcel, stranger) == []
