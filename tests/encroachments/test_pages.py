"""Reporting an encroachment from the page, and the whole of it through its pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from authority.models import Role
from cases.models import Case
from encroachments.models import Encroachment
from parcels.models import Holding, Parcel, Status
from tests.cases import builders
from tests.cases.test_pages import as_role, stranger, text_of
from tests.encroachments import builders as encroachments
from tests.leases.test_pages import sent

pytestmark = pytest.mark.django_db

SHAPE = json.dumps(json.loads(encroachments.OVER_THE_EDGE.geojson))
POINT = json.dumps({"type": "Point", "coordinates": [32.2705, 30.6005]})


def reported(client: Client, parcel: Parcel | None, **facts: Any) -> Any:
    thing = {"parcel": str(parcel.pk)} if parcel else {}
    return client.post("/encroachments/new/", {"source": "PATROL", "works": "WALL", "geometry": SHAPE} | thing | facts)


def test_a_report_takes_the_shape_that_was_drawn_on_the_map() -> None:
    parcel, client = builders.parcel(), as_role(Role.INSPECTOR)
    query = f"parcel={parcel.pk}&geom=POLYGON((32.2705 30.6004,32.2715 30.6004,32.2715 30.6006,32.2705 30.6004))"
    page = client.get(f"/encroachments/new/?{query}").content.decode()
    assert "32.2715" in page
    answer = reported(client, parcel)
    known = Encroachment.objects.get()
    assert answer["Location"] == f"/cases/{known.case_id}/"
    assert known.case.geom is not None
    assert known.case.geom.geom_type == "Polygon"


def test_the_parcel_under_a_point_is_found() -> None:
    parcel = builders.parcel()
    assert reported(as_role(Role.SURVEYOR), None, geometry=POINT).status_code == 302
    assert Case.objects.get().parcel == parcel


def test_the_drawn_shape_is_measured_against_the_parcel_before_anything_is_written() -> None:
    parcel, client = builders.parcel(), as_role(Role.INSPECTOR)
    answer = client.post(
        "/encroachments/measured/", {"geometry": SHAPE, "parcel": str(parcel.pk), "method": "GNSS_RTK"}
    )
    said = text_of(answer)
    assert "Within the parcel" in said
    assert "triage" not in said
    assert "1,06" in said  # half of some 2,130 m²
    phone = client.post("/encroachments/measured/", {"geometry": SHAPE, "parcel": str(parcel.pk), "method": "PHONE"})
    assert "For triage only" in text_of(phone)
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "geometry",
    ["", "{", "[]", '{"type": "Polygon"}', '{"type": "Point", "coordinates": [30.6, 32.27]}', "\x00", '{"a": 1e999}',
     '{"type": "Polygon", "coordinates": [[[32.27, 30.6], [32.271, 30.601], [32.271, 30.6], [32.27, 30.601], [32.27, 30.6]]]}'],
)  # fmt: skip
def test_a_hostile_shape_is_refused_in_words(geometry: str) -> None:
    parcel, client = builders.parcel(), as_role(Role.INSPECTOR)
    answer = client.post("/encroachments/measured/", {"geometry": geometry, "parcel": str(parcel.pk)})
    assert answer.status_code in (200, 400)
    if geometry:
        assert reported(client, parcel, geometry=geometry).status_code == 400
        assert Case.objects.count() == 0


def test_a_stranger_measures_nothing_of_this_governorate() -> None:
    client = Client()
    client.force_login(stranger())
    parcel = builders.parcel()
    said = text_of(client.post("/encroachments/measured/", {"geometry": SHAPE, "parcel": str(parcel.pk)}))
    assert "m²" not in said
    assert client.get(f"/encroachments/new/?parcel={parcel.pk}").status_code == 404
    assert reported(client, parcel).status_code == 404


def test_an_encroachment_goes_its_whole_way_through_the_pages() -> None:
    parcel = builders.parcel()
    reported(as_role(Role.PROPERTY_OFFICER), parcel)
    case = Case.objects.get()
    measured = {"geometry": SHAPE, "method": "GNSS_RTK", "point_sigma_m": "٠٫٠٣", "site_report-number": "1"}
    assert sent(as_role(Role.INSPECTOR), case, "inspect", **measured).status_code == 302
    parcel.refresh_from_db()
    assert parcel.status == Status.ENCROACHED
    assert sent(as_role(Role.DISTRICT_HEAD), case, "confirm", **{"police_report-number": "4471"}).status_code == 302
    legal = as_role(Role.LEGAL_OFFICER)
    assert sent(legal, case, "review_title", **{"title_document-text": "عقد عرفي"}).status_code == 302
    assert sent(legal, case, "title_not_serious", **{"legal_opinion-text": "غير جدي"}).status_code == 302
    draft = {
        "legal_basis": "L43_1979_26",
        "period_days": "0",
        "approved_sketch-text": "رسم",
        "legal_memo-text": "مذكرة",
    }
    assert sent(legal, case, "draft_order", **draft).status_code == 302
    assert sent(as_role(Role.GOVERNOR), case, "issue_order", **{"signed_order-text": "موقع"}).status_code == 302
    known = Encroachment.objects.get()
    page = text_of(as_role(Role.DISTRICT_HEAD).get(f"/cases/{case.pk}/"))
    assert known.order_number in page
    assert "Law 43/1979, Article 26" in page
    assert sent(as_role(Role.DISTRICT_HEAD), case, "notify", **{"proof_of_service-text": "أعلن"}).status_code == 302
    removed = {f"{kind}-text": "تم" for kind in ("photos_before", "photos_after", "removal_minutes")}
    assert sent(as_role(Role.CUSTODIAN_OFFICER), case, "remove", **removed).status_code == 302
    assert sent(as_role(Role.PROPERTY_OFFICER), case, "close", **{"custody_minutes-text": "سلمت"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "CLOSED"
    assert "The file was closed on" in text_of(as_role(Role.INSPECTOR).get(f"/cases/{case.pk}/"))


def test_an_order_against_a_valid_lease_is_refused_on_the_page_with_the_reason() -> None:
    known = encroachments.confirmed()
    parcel = known.case.parcel
    assert parcel is not None
    builders.hold(parcel, Holding.Kind.LEASE)
    legal = as_role(Role.LEGAL_OFFICER)
    assert "A valid tenure stands on the land" in text_of(legal.get(f"/cases/{known.case_id}/"))
    draft = {"legal_basis": "L43_1979_26", "approved_sketch-text": "رسم", "legal_memo-text": "مذكرة"}
    answer = sent(legal, known.case, "draft_order", **draft)
    assert answer.status_code == 409
    assert "A valid tenure stands on the land" in text_of(answer)
    assert "L43_1979_26" in answer.content.decode()


def test_an_order_waits_for_an_open_claim_to_title() -> None:
    known = encroachments.confirmed()
    other = encroachments.confirmed(known.case.parcel)
    encroachments.do(other, "review_title", Role.LEGAL_OFFICER)
    answer = as_role(Role.LEGAL_OFFICER).get(f"/cases/{known.case_id}/")
    assert "A dispute over the title is open on this parcel." in text_of(answer)


def test_the_place_first_reported_stays_with_the_report_when_the_measured_one_takes_its_place() -> None:
    parcel = builders.parcel()
    reported(as_role(Role.PROPERTY_OFFICER), parcel, geometry=POINT)
    case = Case.objects.get()
    sent(as_role(Role.INSPECTOR), case, "inspect", geometry=SHAPE, method="GNSS_RTK", **{"site_report-number": "1"})
    case.refresh_from_db()
    assert case.geom is not None
    assert case.geom.geom_type == "Polygon"
    assert "POINT" in case.events.get(act="report").facts["geometry"]
