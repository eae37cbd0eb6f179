"""Several at once, and the database's own guard against whatever the program forgets."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from authority import clock
from authority.models import User
from authority.refusal import Conflict, Refusal
from jobs.models import Job
from parcels.models import ParcelVersion
from surveys import services
from surveys.models import Submission
from tests.jobs.builders import process, until
from tests.surveys.builders import a_surveyor, an_officer, handed_in, plot, reported, survey_zip, work

pytestmark = pytest.mark.slow
State = Submission.State


def at_once(*acts: Any) -> list[object]:
    """Do the acts in threads of their own at the same moment; return what came of each."""
    gate, results = threading.Barrier(len(acts)), [object()] * len(acts)

    def run(place: int, act: Any) -> None:
        try:
            gate.wait(10)
            results[place] = act()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told() -> None:
    submission = reported()
    officers = an_officer(), an_officer()
    results = at_once(*(lambda by=by: services.accept(submission, by=by, at=clock.now()) for by in officers))
    refused = [result for result in results if isinstance(result, Conflict)]
    assert (len(refused), [one.status for one in refused]) == (1, [409])
    work()
    submission.refresh_from_db()
    assert (submission.state, submission.accepted_count) == (State.ACCEPTED, 2)
    assert Job.objects.filter(name="surveys.accept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_returning_at_once_do_one_of_both() -> None:
    submission = reported()
    one, other = an_officer(), an_officer()
    results = at_once(
        lambda: services.accept(submission, by=one, at=clock.now()),
        lambda: services.return_submission(submission, by=other, at=clock.now(), comment="x"),
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_a_survey_whose_worker_is_killed_is_finished_by_another(settings: Any) -> None:
    submission = handed_in(survey_zip([plot(n * 100) for n in range(40)]))
    with process("--processes", "2", AMLAK_DOCUMENT_STORE=str(settings.DOCUMENT_STORE)):
        job = until(lambda: Job.objects.filter(state="RUNNING", name__startswith="surveys.").first())
        os.kill(int(job.worker.rsplit(":", 1)[1]), signal.SIGKILL)
        until(lambda: Submission.objects.filter(pk=submission.pk, state=State.REPORTED).exists(), seconds=60)
    submission.refresh_from_db()
    assert submission.features.count() == 40
    assert submission.faults.filter(severity="block").count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_survey_is_wholly_in_the_register_or_not_at_all_when_the_worker_is_killed() -> None:
    submission = reported(survey_zip([plot(n * 100) for n in range(40)]))
    services.accept(submission, by=an_officer(), at=clock.now())
    with process("--processes", "2"):
        job = until(lambda: Job.objects.filter(state="RUNNING", name="surveys.accept").first())
        os.kill(int(job.worker.rsplit(":", 1)[1]), signal.SIGKILL)
        assert ParcelVersion.objects.count() in (0, 40)
        until(lambda: Submission.objects.filter(pk=submission.pk, state=State.ACCEPTED).exists(), seconds=60)
    assert ParcelVersion.objects.count() == 40


def refused_by_the_database(sql: str, values: list[Any]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "state = 'ACCEPTING', decided_by_id = submitted_by_id",
        "state = 'ACCEPTED', decided_by_id = %(other)s",
        "state = 'ACCEPTING'",
        "state = 'RETURNED'",
        "submitted_by_id = %(other)s",
        "submitted_at = now()",
        "number = 'x'",
        "governorate = '02'",
    ],
)
def test_the_database_refuses_what_the_program_would(change: str) -> None:
    submission, other = reported(), User.objects.create_user("other")
    sql = f"UPDATE surveys_submission SET {change.replace('%(other)s', str(other.pk))} WHERE id = %s"
    assert refused_by_the_database(sql, [str(submission.pk)])


@pytest.mark.django_db
def test_the_database_refuses_to_reopen_what_was_decided() -> None:
    submission = reported()
    services.return_submission(submission, by=an_officer(), at=clock.now(), comment="x")
    assert refused_by_the_database(
        "UPDATE surveys_submission SET state = 'REPORTED' WHERE id = %s", [str(submission.pk)]
    )


@pytest.mark.django_db
def test_the_database_refuses_a_survey_that_is_born_decided() -> None:
    submission = handed_in(by=a_surveyor())
    copy = Submission(
        **{
            f.attname: getattr(submission, f.attname) for f in Submission._meta.fields if f.name not in ("id", "number")
        },
        number="y",
    )
    copy.state, copy.decided_by = State.ACCEPTED, an_officer()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
