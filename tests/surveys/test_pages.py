"""The pages of surveys, as each role sees them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authority.models import User
from surveys.models import Submission
from tests.surveys.builders import (
    a_surveyor,
    an_officer,
    handed_in,
    plot,
    ready_land,
    reported,
    row,
    survey_zip,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
State = Submission.State


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_survey_is_handed_in_and_answered_from_the_page() -> None:
    ready_land()
    surveyor = a_surveyor()
    client = signed_in(surveyor)
    assert "enctype" in text_of(client.get("/surveys/new/"))
    file = SimpleUploadedFile("s.zip", survey_zip([plot(0)], [row("أرض 12")], prj="", cpg=""))
    answer = client.post("/surveys/new/", {"file": file, "place": "19", "survey_method": "GNSS_RTK"})
    assert answer.status_code == 302
    address = answer["Location"]
    assert 'hx-trigger="every 1s"' in text_of(client.get(address))
    work()
    assert client.get(f"{address}progress/?from=RECEIVED")["HX-Refresh"] == "true"
    page = text_of(client.get(address))
    assert "أرض 12" in page
    assert 'name="encoding"' in page
    assert 'value="EPSG:22992"' in page
    client.post(f"{address}answers/", {"encoding": "cp1256", "crs": "EPSG:22992"})
    work()
    submission = Submission.objects.get()
    assert (submission.state, submission.encoding) == (State.REPORTED, "cp1256")


def test_a_question_left_open_is_said_and_what_was_answered_is_kept() -> None:
    ready_land()
    client = signed_in(a_surveyor())
    file = SimpleUploadedFile("s.zip", survey_zip([plot(0)], [row("أرض 12")], prj="", cpg=""))
    address = client.post("/surveys/new/", {"file": file, "place": "19"})["Location"]
    work()
    answer = client.post(f"{address}answers/", {"encoding": "cp1256"}, follow=True)
    page = text_of(answer)
    assert answer.redirect_chain[-1][0].endswith("?missing=1")
    assert 'role="alert"' in page
    assert 'name="encoding"' not in page
    assert 'name="crs"' in page
    assert "required" not in page.partition('name="crs"')[2].partition(">")[0]  # another system may be named instead
    client.post(f"{address}answers/", {"crs_other": "EPSG:22992"})
    work()
    assert Submission.objects.get().state == State.REPORTED


def test_columns_are_asked_alone_and_answered_by_their_fields() -> None:
    submission = reported()
    Submission.objects.filter(pk=submission.pk).update(state=State.ASKING)
    columns = [{"name": name, "kind": "text", "width": 9, "filled": 2, "samples": ["1"]} for name in ("PARCEL_NO", "X")]
    submission.questions.create(
        kind="columns",
        choices=[{"value": {"PARCEL_NO": "parcel_no"}, "columns": columns, "fields": ["parcel_no", "name"]}],
    )
    client = signed_in(submission.submitted_by)
    assert "PARCEL_NO" in text_of(client.get(f"/surveys/{submission.pk}/"))
    client.post(f"/surveys/{submission.pk}/answers/", {"columns": "1", "column-0": "parcel_no", "column-1": ""})
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.mapping) == (State.REPORTED, {"PARCEL_NO": "parcel_no"})


def test_the_officer_reviews_and_accepts_the_sound_ones() -> None:
    submission = reported(survey_zip([plot(0), plot(50), plot(300)]))
    officer = signed_in(an_officer())
    address = f"/surveys/{submission.pk}/"
    page = text_of(officer.get(address))
    assert 'data-dialog="accept-sound"' in page
    assert 'data-dialog="accept"' not in page
    assert 'data-dialog="return"' in page
    fault = submission.faults.get()
    detail = text_of(officer.get(f"{address}faults/{fault.pk}/"))
    assert "<svg" in detail
    assert "data-bounds" in detail
    submission.refresh_from_db()
    answer = officer.post(f"{address}acts/", {"act": "accept_sound", "row_version": str(submission.row_version)})
    assert answer.status_code == 302
    assert "ACCEPTING" in text_of(officer.get(address))
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.accepted_count) == (State.ACCEPTED, 1)
    assert officer.get(address).status_code == 200


def test_the_locked_act_shows_its_reason_to_the_surveyor() -> None:
    submission = reported()
    submission.submitted_by.language = "en"
    submission.submitted_by.save()
    page = text_of(signed_in(submission.submitted_by).get(f"/surveys/{submission.pk}/"))
    assert "Only the GIS officer of this place decides on a survey." in page
    assert 'data-dialog="accept"' not in page


def test_a_decision_made_on_an_old_page_is_refused() -> None:
    submission = reported()
    officer = signed_in(an_officer())
    answer = officer.post(f"/surveys/{submission.pk}/acts/", {"act": "accept", "row_version": "1"})
    assert answer.status_code == 412


def test_a_refused_file_says_why() -> None:
    submission = reported(b"not a survey at all")
    assert (submission.state, submission.refusal_code) == (State.REFUSED, "not_a_shapefile")
    page = text_of(signed_in(submission.submitted_by).get(f"/surveys/{submission.pk}/"))
    assert submission.refusal_detail in page


def test_a_wrong_form_is_shown_again_with_its_reason() -> None:
    ready_land()
    answer = signed_in(a_surveyor()).post("/surveys/new/", {"place": "19"})
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer)


def test_the_list_shows_what_one_may_see() -> None:
    submission = handed_in()
    assert submission.number in text_of(signed_in(submission.submitted_by).get("/surveys/"))
    from tests.authority.builders import make_place

    stranger = signed_in(an_officer(place=make_place("02")))
    assert submission.number not in text_of(stranger.get("/surveys/"))
    assert stranger.get(f"/surveys/{submission.pk}/").status_code == 404


def test_the_staged_features_are_tiles_for_those_who_may_see_the_survey() -> None:
    submission = reported()
    assert submission.features.filter(geom__isnull=False).count() == 2
    point = submission.features.get(row=1).geom.centroid
    import math

    x = int((point.x + 180) / 360 * 2**14)
    y = int((1 - math.asinh(math.tan(math.radians(point.y))) / math.pi) / 2 * 2**14)
    address = f"/tiles/staged/14/{x}/{y}.mvt?submission={submission.pk}"
    answer = signed_in(an_officer()).get(address)
    assert answer.status_code == 200
    assert len(answer.content) > 50
    from tests.authority.builders import make_place

    assert signed_in(an_officer(place=make_place("02"))).get(address).status_code == 204
    assert signed_in(an_officer()).get("/tiles/staged/14/1/1.mvt").status_code == 400


@pytest.mark.parametrize("version", ["²", "-1", "1e3", "9" * 400, ""])
def test_a_version_that_is_no_number_is_no_fault_of_the_program(version: str) -> None:
    submission = reported()
    client = signed_in(an_officer())
    answer = client.post(f"/surveys/{submission.pk}/acts/", {"act": "return", "comment": "x", "row_version": version})
    assert answer.status_code == 302
