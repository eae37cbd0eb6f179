"""`/api/v1/edits/`: preview, propose, accept, refuse, undo; bad bodies are refused, nothing is half-written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from authority.models import Role, User
from parcels.models import EditProposal, Parcel
from parcels.selectors import as_of
from tests.authority.builders import make_user
from tests.parcels import builders
from tests.parcels.builders import ORIGIN, RED_BELT, a_boundary, a_parcel

pytestmark = pytest.mark.django_db
EDITS = "/api/v1/edits/"
X, Y = ORIGIN


def signed_in(user: User | None = None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user or make_user(Role.GIS_OFFICER, place=builders.a_governorate()))
    return client


def sent(client: Client, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def cut(parcel: Parcel, **more: Any) -> dict[str, Any]:
    return {"kind": "CUT", "parcels": [str(parcel.pk)], "on": "2024-07-01", "side": "E", "areas": ["0-6-0"]} | more


def proposal(client: Client, parcel: Parcel, **more: Any) -> dict[str, Any]:
    shapes = sent(client, f"{EDITS}preview/", cut(parcel)).json()["shapes"]
    versions = [
        {"parcel": one["parcel"], "row_version": one["row_version"]} for one in shapes if one["parcel"] is not None
    ]
    return cut(parcel, basis="محضر 7", versions=versions) | more


def test_an_edit_goes_from_preview_to_the_book_and_back() -> None:
    parcel, officer, colleague = a_parcel(number="12", boundary=a_boundary()), signed_in(), signed_in()
    preview = sent(officer, f"{EDITS}preview/", cut(parcel)).json()
    assert [one["area_after_m2"] for one in preview["shapes"]] == [None, "1050.2083", "3949.7917"]
    assert preview["shapes"][1]["fqs_after"] == {"feddan": 0, "qirat": 6, "sahm": "0.00"}
    assert preview["shapes"][1]["after"]["type"] == "Polygon"
    made = sent(officer, EDITS, proposal(officer, parcel, numbers=["12/1", "12/2"]))
    assert (made.status_code, made.json()["state"]) == (201, "PROPOSED")
    address = made.headers["Location"]
    taken = sent(colleague, f"{address}accept/", **{"If-Match": made.headers["ETag"]})
    assert (taken.status_code, taken.json()["state"]) == (200, "ACCEPTED")
    assert all(one["made"] for one in taken.json()["shapes"] if one["parcel"] is None)
    undone = sent(officer, f"{address}undo/", {"reason": "خطأ"}, **{"If-Match": taken.headers["ETag"]})
    assert (undone.status_code, undone.json()["state"]) == (200, "UNDONE")
    assert [one["state"] for one in officer.get(f"{EDITS}?state=UNDONE").json()["results"]] == ["UNDONE"]


def test_an_act_needs_the_version_it_was_read_in() -> None:
    parcel, officer, colleague = a_parcel(boundary=a_boundary()), signed_in(), signed_in()
    made = sent(officer, EDITS, proposal(officer, parcel))
    address = made.headers["Location"]
    assert sent(colleague, f"{address}accept/").status_code == 428
    assert sent(colleague, f"{address}accept/", **{"If-Match": '"old"'}).status_code == 412
    stale = proposal(officer, parcel) | {"versions": [{"parcel": str(parcel.pk), "row_version": 99}]}
    assert sent(officer, EDITS, stale).status_code == 412
    own = sent(officer, f"{address}accept/", **{"If-Match": made.headers["ETag"]})
    assert (own.status_code, own.json()["code"]) == (403, "maker_is_not_checker")


def test_a_refused_edit_changes_nothing() -> None:
    parcel, officer, colleague = a_parcel(boundary=a_boundary()), signed_in(), signed_in()
    made = sent(officer, EDITS, proposal(officer, parcel))
    tag = {"If-Match": made.headers["ETag"]}
    refused = sent(colleague, f"{made.headers['Location']}refuse/", {"reason": "غير مطابق"}, **tag)
    assert (refused.json()["state"], refused.json()["decision"]) == ("REFUSED", "غير مطابق")
    assert as_of(parcel.pk, on=dt.date(2024, 8, 1)).parcel_id == parcel.pk


def test_one_withdraws_ones_own() -> None:
    parcel, officer = a_parcel(boundary=a_boundary()), signed_in()
    made = sent(officer, EDITS, proposal(officer, parcel))
    tag = {"If-Match": made.headers["ETag"]}
    assert sent(officer, f"{made.headers['Location']}withdraw/", {"reason": "x"}, **tag).json()["state"] == "WITHDRAWN"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "BURN"},
        {"kind": None},
        {"parcels": []},
        {"parcels": ["x"]},
        {"parcels": "x"},
        {"on": "soon"},
        {"points": [[1]]},
        {"points": [["a", 1]]},
        {"points": [["NaN", 1]]},
        {"points": [["Infinity", 1]]},
        {"points": [[1e308, 1e308]], "crs": RED_BELT},
        {"points": [[1, 2]] * 2001},
        {"crs": "file:///etc/passwd"},
        {"crs": "EPSG:22992\x00"},
        {"side": "Q"},
        {"edge": -1},
        {"edge": 10**30},
        {"side": None, "bearing": "NaN"},
        {"bearing": "inf"},
        {"areas": ["x" * 61]},
        {"areas": ["100\x00"]},
        {"areas": [str(10**40)]},
        {"areas": ["1"] * 49},
        {"areas": [], "shares": ["1e99999999", "1/2"]},
        {"areas": [], "shares": ["-1/2", "3/2"]},
        {"areas": [{}]},
        {"kind": "CORNER", "points": [[X, Y]], "crs": RED_BELT, "to": [1e9, 1e9]},
        {"kind": "CORNER", "points": [[X, Y]], "crs": RED_BELT, "bearing": "NaN", "distance": 1},
        {"kind": "CORNER", "points": [[X, Y]], "crs": RED_BELT, "bearing": 10, "distance": 1e308},
        {"unknown": 1},
    ],
)
def test_a_body_that_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    parcel = a_parcel(boundary=a_boundary())
    answer = sent(signed_in(), f"{EDITS}preview/", cut(parcel) | wrong)
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"versions": [{"parcel": "x", "row_version": 1}]},
        {"versions": [[]]},
        {"versions": None},
        {"basis": ""},
        {"basis": "x" * 201},
        {"basis": "x\x00"},
        {"numbers": [""]},
        {"numbers": ["1", "2", "3"]},
        {"reason": "x" * 301},
    ],
)
def test_a_proposal_that_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    parcel, officer = a_parcel(boundary=a_boundary()), signed_in()
    assert sent(officer, EDITS, proposal(officer, parcel) | wrong).status_code == 400
    assert EditProposal.objects.count() == 0


def test_a_trace_follows_the_outline_of_a_neighbour() -> None:
    parcel = a_parcel(boundary=a_boundary())
    body = {"parcel": str(parcel.pk), "on": "2024-07-01", "start": [X + 50, Y], "end": [X + 100, Y + 30]}
    way = sent(signed_in(), f"{EDITS}trace/", body | {"crs": RED_BELT}).json()["points"]
    assert len(way) == 3
    far = sent(signed_in(), f"{EDITS}trace/", body | {"crs": RED_BELT, "start": [X - 50, Y]})
    assert (far.status_code, far.json()["code"]) == (400, "edit_trace_on_two_outlines")
