"""A survey from the file to the land book: read, asked, checked, decided."""

from __future__ import annotations

import io
from datetime import date

import pytest

from authority import clock
from authority.models import AuditEvent, Place, RoleHolding
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from jobs.models import Job
from jobs.services import queue
from parcels.models import Parcel, ParcelVersion
from surveys import acts, services
from surveys.models import StagedFeature, Submission
from surveys.services import accepting, answering, deciding, receiving
from tests.authority.builders import make_office, make_place
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
from tests.tiles.builders import box

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

State = Submission.State


def accepted(submission: Submission, **how: bool) -> Submission:
    services.accept(submission, by=an_officer(), at=clock.now(), **how)
    work()
    submission.refresh_from_db()
    return submission


def test_a_sound_survey_is_read_checked_and_waits_for_the_officer() -> None:
    submission = reported()
    assert (submission.state, submission.refusal_code) == (State.REPORTED, "")
    assert (submission.crs, submission.encoding, submission.feature_count) == ("EPSG:22992", "cp1256", 2)
    assert (submission.block_count, submission.warn_count) == (0, 0)
    assert submission.number.startswith("ر/")
    feature = submission.features.get(row=1)
    assert feature.transform_op == "EPSG:7697"
    assert feature.attributes == {"PARCEL_NO": "1", "HOD_NO": "8", "AREA_M2": 10000}
    assert abs(float(feature.geom_area_m2 or 0) - 10_000) < 1


def test_an_accepted_survey_becomes_parcels_with_versions() -> None:
    submission = accepted(reported())
    assert (submission.state, submission.accepted_count) == (State.ACCEPTED, 2)
    version = ParcelVersion.objects.get(parcel_no_raw="1")
    assert version.source_crs == "EPSG:22992"
    assert version.source_file == submission.file
    assert version.basis == submission.number
    assert version.place.kind == "HOD"
    feature = submission.features.get(row=1)
    assert (feature.became_id, feature.decision) == (version.parcel_id, StagedFeature.Decision.ACCEPTED)
    done = set(AuditEvent.objects.values_list("action", flat=True))
    assert {receiving.RECEIVED, deciding.ACCEPT, accepting.ACCEPTED} <= done


def test_a_second_survey_of_a_parcel_is_a_new_version_of_it() -> None:
    accepted(reported())
    second = reported(survey_zip([plot(0, side=99)], [row("1", area="9801")]))
    assert (second.state, second.block_count) == (State.REPORTED, 0)
    accepted(second)
    assert Parcel.objects.count() == 2
    assert sorted(ParcelVersion.objects.filter(parcel_no_raw="1").values_list("in_book", flat=True)) == [False, True]


def test_only_the_sound_features_can_be_accepted() -> None:
    submission = reported(survey_zip([plot(0), plot(50), plot(300)]))
    assert (submission.block_count, submission.state) == (1, State.REPORTED)
    with pytest.raises(Conflict) as refused:
        services.accept(submission, by=an_officer(), at=clock.now())
    assert refused.value.code == "has_blocks"
    accepted(submission, sound_only=True)
    assert (submission.state, submission.accepted_count) == (State.ACCEPTED, 1)
    assert list(submission.features.filter(decision="HELD").values_list("row", flat=True).order_by("row")) == [1, 2]


def test_what_overlaps_a_parcel_registered_meanwhile_goes_back_to_the_officer() -> None:
    waiting = reported(survey_zip([plot(50)], [row("77")]))
    assert waiting.block_count == 0
    accepted(reported(survey_zip([plot(0)], [row("78")])))
    accepted(waiting)
    assert (waiting.state, waiting.refusal_code, waiting.block_count) == (State.REPORTED, "register_changed", 1)
    assert waiting.decided_by is None
    assert not ParcelVersion.objects.filter(parcel_no_raw="77").exists()


def test_without_prj_and_cpg_the_person_is_asked_and_the_answers_are_kept() -> None:
    name = "أرض 12".encode("cp1256")
    content = survey_zip([plot(0)], [(name, b"8", b"10000")], prj="", cpg="")
    submission = reported(content)
    assert submission.state == State.ASKING
    asked = {question.kind: question for question in submission.questions.all()}
    assert set(asked) == {"encoding", "crs"}
    readings = {choice["value"]: choice["preview"] for choice in asked["encoding"].choices}
    assert any("أرض 12" in line for line in readings["cp1256"])
    assert "EPSG:22992" in {choice["value"] for choice in asked["crs"].choices}
    by = submission.submitted_by
    services.answer(submission, kind="encoding", value="cp1256", by=by, at=clock.now())
    services.answer(submission, kind="crs", value="EPSG:22992", by=by, at=clock.now())
    work()
    submission.refresh_from_db()
    assert submission.state == State.REPORTED
    assert submission.features.get().attributes["PARCEL_NO"] == "أرض 12"
    assert AuditEvent.objects.filter(action=answering.ANSWERED).count() == 2


def test_what_is_said_when_handing_in_is_not_asked() -> None:
    submission = reported(survey_zip(prj="", cpg=""), crs="EPSG:22992", encoding="windows-1256")
    assert (submission.state, submission.crs, submission.encoding) == (State.REPORTED, "EPSG:22992", "cp1256")


def test_an_answer_nobody_asked_for_is_refused() -> None:
    submission = reported(survey_zip(prj=""))
    with pytest.raises(Conflict) as refused:
        services.answer(submission, kind="encoding", value="cp1256", by=submission.submitted_by, at=clock.now())
    assert refused.value.code == "not_asked"


@pytest.mark.parametrize("crs", ["http://127.0.0.1/x", "/vsicurl/x", "EPSG:22700", "+proj=longlat", "EPSG:4326; drop"])
def test_a_crs_outside_the_list_is_refused_at_the_door(crs: str) -> None:
    with pytest.raises(Invalid) as refused:
        handed_in(crs=crs)
    assert refused.value.code == "crs_unknown"
    assert not Submission.objects.exists()


def test_a_survey_without_a_place_lies_where_its_land_lies() -> None:
    ready_land()
    content = io.BytesIO(survey_zip())
    submission = services.receive(by=a_surveyor(), at=clock.now(), file=content, filename="a.zip")
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.governorate) == (State.REPORTED, "19")


def test_a_survey_without_a_place_moves_to_the_governorate_of_its_land() -> None:
    ready_land()
    alexandria = make_place("02")
    Place.objects.filter(pk=alexandria.pk).update(geom=box(29.4, 30.8, 0.6, 0.5))
    surveyor = a_surveyor(place=alexandria)
    RoleHolding.objects.create(
        user=surveyor, role="surveyor", office=make_office(make_place("19")), starts_on=date(2020, 1, 1)
    )
    content = io.BytesIO(survey_zip())
    submission = services.receive(by=surveyor, at=clock.now(), file=content, filename="a.zip")
    assert submission.governorate == "02"
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.governorate, submission.place.code) == (State.REPORTED, "19", "19")


def test_a_survey_whose_land_lies_elsewhere_is_refused_where_no_place_was_named() -> None:
    ready_land()
    alexandria = make_place("02")
    Place.objects.filter(pk=alexandria.pk).update(geom=box(29.4, 30.8, 0.6, 0.5))
    submission = services.receive(
        by=a_surveyor(place=alexandria), at=clock.now(), file=io.BytesIO(survey_zip()), filename="a.zip"
    )
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.refusal_code) == (State.REFUSED, "place_missing")
    assert not submission.features.exists()


def test_who_may_not_survey_a_place_hands_nothing_in() -> None:
    with pytest.raises(NotAllowed):
        handed_in(by=a_surveyor(place=make_place("02")))


def test_whoever_hands_in_does_not_decide_even_with_the_role() -> None:
    officer = an_officer()
    submission = reported(by=officer)
    for act in (
        lambda: services.accept(submission, by=officer, at=clock.now()),
        lambda: services.return_submission(submission, by=officer, at=clock.now(), comment="no"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "submitter_may_not_decide"
    offers = {offer.act.name: offer for offer in acts.acts_for(submission, officer)}
    assert offers["accept"].refusal is not None
    assert offers["accept"].refusal.code == "submitter_may_not_decide"
    assert offers["withdraw"].allowed


def test_a_surveyor_does_not_decide() -> None:
    submission = reported()
    with pytest.raises(NotAllowed) as refused:
        services.accept(submission, by=a_surveyor(), at=clock.now())
    assert refused.value.code == "not_the_officer"


def test_a_returned_survey_carries_its_reason_and_is_over() -> None:
    submission = reported()
    with pytest.raises(Invalid):
        services.return_submission(submission, by=an_officer(), at=clock.now(), comment="  ")
    services.return_submission(submission, by=an_officer(), at=clock.now(), comment="يعاد رصد الحد الشرقي")
    submission.refresh_from_db()
    assert (submission.state, submission.comment) == (State.RETURNED, "يعاد رصد الحد الشرقي")
    with pytest.raises(Conflict):
        services.accept(submission, by=an_officer(), at=clock.now())


def test_the_submitter_withdraws_until_it_is_decided() -> None:
    submission = handed_in()
    services.withdraw(submission, by=submission.submitted_by, at=clock.now())
    work()
    submission.refresh_from_db()
    assert submission.state == State.WITHDRAWN
    assert not submission.features.exists()


def test_a_decision_on_an_older_version_is_stale() -> None:
    submission = reported()
    with pytest.raises(Stale):
        services.accept(submission, by=an_officer(), at=clock.now(), version=submission.row_version - 1)


def test_a_job_that_comes_twice_changes_nothing() -> None:
    submission = accepted(reported())
    before = ParcelVersion.objects.count()
    officer = an_officer()
    for name in ("surveys.read", "surveys.check", "surveys.accept"):
        queue(name, by=officer, submission=submission.pk)
    work()
    assert ParcelVersion.objects.count() == before
    assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}
