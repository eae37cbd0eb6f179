"""The docket for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from authority.models import Role, User
from cases.models import Case
from tests.cases import builders
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
AREA = json.loads(encroachments.OVER_THE_EDGE.geojson)


class Program:
    """A program that acts for somebody."""

    def __init__(self, *roles: str, user: User | None = None) -> None:
        self.http = APIClient(HTTP_ACCEPT_LANGUAGE="en")
        self.http.force_authenticate(user or builders.person(*roles))

    def get(self, path: str, **query: str) -> Any:
        """Read."""
        return self.http.get(f"/api/v1/cases/{path}", query)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Write JSON."""
        return self.http.post(f"/api/v1/cases/{path}", body, format="json", headers=headers)

    def act(self, case_id: Any, act: str, **body: Any) -> Any:
        """Do an act with the file's present version."""
        etag = self.get(f"{case_id}/")["ETag"]
        return self.post(f"{case_id}/acts/", {"act": act, **body}, **{"If-Match": etag})


def papers(*kinds: str) -> list[dict[str, str]]:
    """Papers in words."""
    return [{"kind": kind, "text": "نص", "dated_on": "2026-11-20"} for kind in kinds]


def test_an_encroachment_walks_from_report_to_order_with_nothing_but_http() -> None:
    parcel = builders.parcel()
    opened = Program(Role.PROPERTY_OFFICER).post(
        "", {"kind": "encroachment", "parcel": str(parcel.pk), "works": "WALL"}
    )
    assert (opened.status_code, opened.data["state"]) == (201, "REPORTED")
    case = opened.data["id"]
    assert opened["Location"] == f"/api/v1/cases/{case}/"
    steps: list[tuple[str, str, dict[str, Any]]] = [
        (
            Role.INSPECTOR,
            "inspect",
            {"papers": papers("site_report"), "facts": {"geometry": AREA, "method": "GNSS_RTK"}},
        ),
        (Role.DISTRICT_HEAD, "confirm", {"papers": papers("police_report")}),
        (
            Role.LEGAL_OFFICER,
            "draft_order",
            {"papers": papers("approved_sketch", "legal_memo"), "legal_basis": "L43_1979_26"},
        ),
        (Role.GOVERNOR, "issue_order", {"papers": papers("signed_order")}),
    ]
    for role, act, body in steps:
        answer = Program(role).act(case, act, **body)
        assert answer.status_code == 200, answer.data
    assert answer.data["state"] == "ORDER_ISSUED"
    assert [event["act"] for event in answer.data["events"]] == [
        "report",
        "inspect",
        "confirm",
        "draft_order",
        "issue_order",
    ]
    area = next(f for f in answer.data["figures"] if f["kind"] == "area")
    assert 1050 < float(area["value"]) < 1070
    assert area["explain"]["inputs"]["crs"] == "EPSG:32636"


def test_a_lease_walks_from_application_to_force() -> None:
    parcel = builders.parcel()
    body = {
        "kind": "lease", "parcel": str(parcel.pk), "party_name": "شركة النخيل", "purpose": "مشتل",
        "requested_from": "2027-01-01", "requested_to": "2029-12-31", "tenure": "LEASE",
    }  # fmt: skip
    case = Program(Role.PROPERTY_OFFICER).post("", body).data["id"]
    assert Program(Role.INSPECTOR).act(case, "inspect", papers=papers("site_report")).status_code == 200
    assert Program(Role.GOVERNOR).act(case, "approve").status_code == 200
    contract = Program(Role.LEGAL_OFFICER).act(case, "contract", rate_per_m2=2.5, papers=papers("contract_draft"))
    assert contract.status_code == 200, contract.data
    signed = Program(Role.DISTRICT_HEAD).act(case, "activate", papers=papers("signed_contract", "handover_minutes"))
    assert signed.data["state"] == "ACTIVE"
    rent = next(f for f in signed.data["figures"] if f["kind"] == "money")
    assert (rent["value"], rent["explain"]["inputs"]["rate"]) == ("26553.75", "2.5")


def test_an_order_on_let_land_is_refused_with_the_way_to_go() -> None:
    made = encroachments.drafted()
    builders.hold(made.case.parcel, "LEASE")
    answer = Program(Role.GOVERNOR).act(made.case_id, "issue_order", papers=papers("signed_order"))
    assert (answer.status_code, answer.data["code"], answer.data["path"]) == (409, "valid_tenure", "lease_breach")
    assert answer["Content-Type"].startswith("application/problem+json")


def test_acts_say_what_may_be_done_and_why_not() -> None:
    made = encroachments.inspected(method="PHONE")
    rows = {row["act"]: row for row in Program(Role.DISTRICT_HEAD).get(f"{made.case_id}/acts/").data["acts"]}
    assert (rows["dismiss"]["allowed"], rows["dismiss"]["reason"]) == (True, None)
    assert rows["confirm"]["missing"] == [{"kind": "police_report", "title": "Police report"}]
    assert rows["remove_at_once"]["reasons"][0]["code"] == rows["remove_at_once"]["reason"]["code"] == "works_finished"
    assert rows["review_title"]["role"] == ""


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "precondition_required"),
        ({"If-Match": "*"}, 428, "precondition_required"),
        ({"If-Match": '"old"'}, 412, "stale"),
    ],
)
def test_a_write_names_the_version_it_was_made_from(headers: dict[str, str], status: int, code: str) -> None:
    case = leases.application().case
    body = {"act": "inspect", "papers": papers("site_report")}
    answer = Program(Role.INSPECTOR).post(f"{case.pk}/acts/", body, **headers)
    assert (answer.status_code, answer.data["code"]) == (status, code)


@pytest.mark.parametrize("where", ["beside", "facts"])
def test_a_field_that_an_act_does_not_take_is_refused_and_nothing_is_done(where: str) -> None:
    case = leases.application().case
    more: dict[str, Any] = {"state": "ACTIVE"} if where == "beside" else {"facts": {"state": "ACTIVE"}}
    answer = Program(Role.INSPECTOR).act(case.pk, "inspect", papers=papers("site_report"), **more)
    assert (answer.status_code, answer.data["code"], answer.data["field"]) == (400, "facts_unknown", "state")
    case.refresh_from_db()
    assert case.state == "APPLIED"


@pytest.mark.parametrize("kind", ["lease", "encroachment", "custody"])
def test_a_field_that_a_new_file_does_not_take_is_refused(kind: str) -> None:
    body = {"kind": kind, "parcel": str(builders.parcel().pk), "number": "7/2026"}
    answer = Program(Role.PROPERTY_OFFICER).post("", body)
    assert (answer.status_code, answer.data["code"], answer.data["field"]) == (400, "facts_unknown", "number")


def test_the_second_of_two_with_the_same_version_is_told_409() -> None:
    case = leases.application().case
    program = Program(Role.INSPECTOR)
    etag = program.get(f"{case.pk}/")["ETag"]
    body = {"act": "inspect", "papers": papers("site_report")}
    assert program.post(f"{case.pk}/acts/", body, **{"If-Match": etag}).status_code == 200
    assert program.post(f"{case.pk}/acts/", body, **{"If-Match": etag}).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        [], "x", 7, {}, {"kind": "gift"}, {"kind": "lease"}, {"kind": "lease", "parcel": "x"},
        {"kind": "lease", "parcel": {"a": 1}}, {"kind": "encroachment"}, {"kind": "encroachment", "geometry": "x"},
        {"kind": "encroachment", "geometry": {"type": "Point", "coordinates": [30, 200]}},
        {"kind": "encroachment", "geometry": {"type": "Point", "coordinates": ["a"]}},
        {"kind": "encroachment", "geometry": {"type": "LineString", "coordinates": [[31, 30], [31.1, 30]]}},
        {"kind": "encroachment", "geometry": {"type": "Polygon", "coordinates": [[[31, 30], [31.1, 30.1], [31.1, 30], [31, 30.1], [31, 30]]]}},
        {"kind": "encroachment", "geometry": [1, 2]}, {"kind": "encroachment", "works": ["WALL"]},
        {"kind": "encroachment", "seen_on": True}, {"kind": "encroachment", "seen_on": 5}, {"kind": "encroachment", "facts": 3},
        {"kind": "encroachment", "geometry": {"type": "Point", "coordinates": [32.27, 30.6], "crs": {"type": "name", "properties": {"name": "http://x/"}}}},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_problem(body: Any) -> None:
    builders.parcel()
    answer = Program(Role.PROPERTY_OFFICER).post("", body)
    assert 400 <= answer.status_code < 500, answer.data
    assert answer.data["code"]


@pytest.mark.parametrize(
    "body",
    [
        {"act": "contract", "facts": {"rate_per_m2": "1e400"}}, {"act": "contract", "starts_on": "0000-00-00"},
        {"act": "contract", "rate_per_m2": {"a": 1}}, {"act": "contract", "rate_per_m2": [1]},
        {"act": ["contract"]}, {"act": "contract", "papers": [{"kind": "gift", "text": "x"}], "rent": 5},
        {"act": "contract", "papers": {"kind": "x"}}, {"act": "contract", "papers": [7]}, {"act": "contract", "note": {"a": 1}},
        {"act": "contract", "role": "king", "rent": 5}, {"act": "contract", "ends_on": "9999-12-31", "rent": 5},
    ],
)  # fmt: skip
def test_an_act_that_cannot_be_read_is_refused_with_a_problem(body: Any) -> None:
    case = leases.do(leases.do(leases.application(), "inspect", Role.INSPECTOR), "approve", Role.GOVERNOR).case
    program = Program(Role.LEGAL_OFFICER)
    etag = program.get(f"{case.pk}/")["ETag"]
    answer = program.post(f"{case.pk}/acts/", body, **{"If-Match": etag})
    assert 400 <= answer.status_code < 500, answer.data
    assert Case.objects.get(pk=case.pk).state == "APPROVED"


def test_a_file_is_attached_as_multipart() -> None:
    case = leases.application().case
    program = Program(Role.INSPECTOR)
    report = SimpleUploadedFile("محضر.pdf", b"%PDF-1.7 x")
    answer = program.http.post(f"/api/v1/cases/{case.pk}/papers/", {"kind": "site_report", "file": report})
    assert answer.status_code == 201, answer.data
    assert program.get(f"{case.pk}/papers/").data[0]["document"] == answer.data["document"]
    assert program.act(case.pk, "inspect").status_code == 200


def test_the_list_is_paged_filtered_and_scoped() -> None:
    lease, encroachment = leases.application().case, encroachments.reported().case
    program = Program(Role.INSPECTOR)
    assert {row["id"] for row in program.get("").data["results"]} == {str(lease.pk), str(encroachment.pk)}
    for query, found in [
        ({"kind": "lease"}, lease), ({"parcel": str(encroachment.parcel_id)}, encroachment),
        ({"state": "REPORTED"}, encroachment), ({"mine": "1", "kind": "lease"}, lease),
    ]:  # fmt: skip
        assert [row["id"] for row in program.get("", **query).data["results"]] == [str(found.pk)]
    assert program.get("", late="1", open="0").data["results"] == []
    assert program.get("", colour="red").status_code == 400
    assert program.get("", parcel="x").status_code == 400
    first = program.get("", page_size="1").data
    assert first["next"]
    assert len(program.http.get(first["next"]).data["results"]) == 1
    assert Program(Role.CITIZEN).get("").data["results"] == []


def test_a_file_out_of_sight_is_not_found_by_any_address() -> None:
    case = leases.application().case
    program = Program(Role.CITIZEN)
    for path in ("", "acts/", "papers/"):
        assert program.get(f"{case.pk}/{path}").status_code == 404
    assert program.post(f"{case.pk}/acts/", {"act": "inspect"}, **{"If-Match": '"x"'}).status_code == 404
    assert program.post(f"{case.pk}/papers/", {"kind": "other", "text": "x"}).status_code == 404
