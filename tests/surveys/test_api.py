"""The loop with nothing but HTTP, and the API's refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from authority.models import Place, Role, User
from documents import sandbox
from parcels.models import ParcelVersion
from surveys.models import Submission
from tests.authority.builders import make_user
from tests.parcels.builders import a_governorate
from tests.surveys.builders import a_surveyor, an_officer, plot, ready_land, reported, survey_zip, work

pytestmark = pytest.mark.django_db
URL = "/api/v1/submissions/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, content: bytes, name: str = "s.zip", **fields: str) -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, content), **fields})


def act(client: Client, address: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post(f"{address}acts/", json.dumps(body), content_type="application/json", headers=headers or {})


def test_the_loop_by_http_alone() -> None:
    ready_land()
    surveyor, officer = signed_in(a_surveyor()), signed_in(an_officer())
    answer = upload(surveyor, survey_zip(prj=""), place="19")
    assert answer.status_code == 202
    address = answer["Location"]
    assert answer.json() == {
        "id": address.split("/")[-2],
        "state": "RECEIVED",
        "terminal": False,
        "progress": 0,
        "counts": {"block": 0, "warn": 0, "note": 0},
        "questions": [],
        "refusal": None,
    }
    work()
    asked = surveyor.get(address).json()
    assert (asked["state"], [q["kind"] for q in asked["questions"]], asked["questions"][0]["answered"]) == (
        "ASKING",
        ["crs"],
        False,
    )
    assert act(surveyor, address, act="answer", kind="crs", value="EPSG:22992").status_code == 200
    work()
    report = surveyor.get(address).json()
    assert (report["state"], report["terminal"], report["progress"]) == ("REPORTED", False, 100)
    mine = {offer["act"]: offer for offer in surveyor.get(f"{address}acts/").json()["acts"]}
    assert mine["accept"] == {
        "act": "accept",
        "title": mine["accept"]["title"],
        "allowed": False,
        "reason": {"code": "not_the_officer", "detail": mine["accept"]["reason"]["detail"]},
    }
    assert act(surveyor, address, act="accept").status_code == 403
    assert act(officer, address, act="accept").json()["state"] == "ACCEPTING"
    assert act(officer, address, act="accept").status_code == 409
    work()
    assert officer.get(address).json()["state"] == "ACCEPTED"
    assert ParcelVersion.objects.filter(in_book=True).count() == 2


def test_features_are_paged_with_their_columns_verbatim_and_eight_decimals() -> None:
    submission = reported(survey_zip([plot(x * 100) for x in range(5)]))
    client = signed_in(submission.submitted_by)
    rows, address = [], f"{URL}{submission.pk}/features/?page_size=2"
    while address:
        page = client.get(address).json()
        assert page["type"] == "FeatureCollection"
        rows += page["features"]
        address = page["next"]
    assert [feature["properties"]["row"] for feature in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["properties"]["attributes"] == {"PARCEL_NO": "1", "HOD_NO": "8", "AREA_M2": 10000}
    numbers = [str(n) for ring in rows[0]["geometry"]["coordinates"] for point in ring for n in point]
    assert max(len(number.partition(".")[2]) for number in numbers) >= 8


def test_faults_say_code_severity_message_and_row() -> None:
    submission = reported(survey_zip([plot(0), plot(60)]))
    page = signed_in(submission.submitted_by).get(f"{URL}{submission.pk}/faults/").json()
    (fault,) = page["features"]
    assert fault["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert (fault["properties"]["code"], fault["properties"]["severity"]) == ("overlap_in_file", "block")
    assert (fault["properties"]["row"], fault["properties"]["other_row"]) == (2, 1)
    assert "4000" in fault["properties"]["message"].replace(",", "")


def test_an_older_version_cannot_be_acted_on() -> None:
    submission = reported()
    officer = signed_in(an_officer())
    address = f"{URL}{submission.pk}/"
    tag = officer.get(address)["ETag"]
    assert act(officer, address, {"If-Match": '"other"'}, act="accept").status_code == 412
    assert act(officer, address, {"If-Match": tag}, act="return", comment="x").status_code == 200
    assert act(officer, address, {"If-Match": tag}, act="return", comment="x").status_code == 412


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"crs": "http://127.0.0.1:9/canary"}, "crs_unknown"),
        ({"crs": "/vsicurl/http://127.0.0.1/x"}, "crs_unknown"),
        ({"encoding": "utf-99"}, "encoding_unknown"),
        ({"mapping": '{"A": "no_such_field"}'}, "mapping_unknown"),
        ({"mapping": '["A"]'}, "mapping_unknown"),
        ({"mapping": "{"}, "bad_json"),
        ({"mapping": '{"A": ' * 60 + "1" + "}" * 60}, "too_deep"),
        ({"place": "02"}, "place_unknown"),
        ({"place": "19\x00"}, "bad_text"),
        ({"custodian": "nobody"}, "custodian_unknown"),
        ({"survey_accuracy_m": "nan"}, "accuracy_unknown"),
        ({"surveyed_on": "yesterday"}, "day_unknown"),
        ({"colour": "red"}, "field_unknown"),
    ],
)
def test_what_is_said_wrongly_is_refused_with_a_code(fields: dict[str, str], code: str) -> None:
    ready_land()
    answer = upload(signed_in(a_surveyor()), survey_zip(), **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("body", ["[1]", "{}", '{"file": "x"}', '{"place": 19, "file": 1}', "null"])
def test_a_body_of_json_brings_no_file(body: str) -> None:
    ready_land()
    answer = signed_in(a_surveyor()).post(URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "file_missing")


def test_the_code_of_a_place_elsewhere_is_never_read_as_the_number_of_one_here() -> None:
    from tests.authority.builders import make_place

    ready_land()
    client = signed_in(a_surveyor())
    here = Place.objects.filter(path__startswith="19").order_by("pk").last()
    assert here
    for code in (str(here.pk), f"0{here.pk}", make_place("02").code):
        answer = upload(client, survey_zip(), place=code)
        assert (answer.status_code, answer.json()["code"]) == (400, "place_unknown"), code


def test_who_may_hand_in_nowhere_is_told_so() -> None:
    ready_land()
    answer = upload(signed_in(make_user(Role.AUDITOR, place=a_governorate())), survey_zip(), place="19")
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_submit")


def test_a_file_is_needed() -> None:
    ready_land()
    assert signed_in(a_surveyor()).post(URL, {"place": "19"}).json()["code"] == "file_missing"


def test_what_is_larger_than_permitted_is_refused_before_it_is_read() -> None:
    client = signed_in(a_surveyor())
    with override_settings(UPLOAD_MAX_BYTES=1024):
        answer = upload(client, bytes(4096))
        assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    answer = client.generic("POST", URL, b"x", CONTENT_LENGTH=str(3 * 1024**3), content_type="multipart/form-data")
    assert answer.status_code == 413


def test_without_a_sandbox_nothing_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    ready_land()
    monkeypatch.setattr(sandbox, "available", lambda: "sandbox_unavailable")
    answer = upload(signed_in(a_surveyor()), survey_zip())
    assert (answer.status_code, answer.json()["code"]) == (503, "sandbox_unavailable")


def test_a_survey_of_another_governorate_is_not_found() -> None:
    from tests.authority.builders import make_place

    submission = reported()
    stranger = signed_in(an_officer(place=make_place("02")))
    assert stranger.get(f"{URL}{submission.pk}/").status_code == 404
    assert stranger.get(f"{URL}{submission.pk}/features/").status_code == 404
    assert stranger.get(URL).json()["results"] == []


def test_nobody_is_told_nothing() -> None:
    assert Client().get(URL).status_code == 401


@pytest.mark.parametrize("body", ['{"act": "explode"}', "{}", "[]", '{"act": {"a": 1}}', '{"act": "answer"}'])
def test_an_act_that_is_none_is_refused(body: str) -> None:
    submission = reported()
    answer = signed_in(submission.submitted_by).post(
        f"{URL}{submission.pk}/acts/", body, content_type="application/json"
    )
    assert answer.status_code in {400, 409}


def test_the_list_asks_the_database_no_more_for_more_surveys(django_assert_max_num_queries: Any) -> None:
    surveyor = a_surveyor()
    client = signed_in(surveyor)
    for _ in range(3):
        reported(by=surveyor)
    with django_assert_max_num_queries(14):
        assert len(client.get(URL).json()["results"]) == 3
