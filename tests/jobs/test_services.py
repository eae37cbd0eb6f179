"""Queueing, fencing, ends of jobs, and the schedule, within one process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from jobs import carrier, nightly, schedule
from jobs.attempts import Attempt, FencedError, StoppingError
from jobs.models import Job
from jobs.reaper import reap
from jobs.registry import UnknownTaskError, get, task
from jobs.services import prune, queue
from jobs.worker import Worker
from tests.jobs.builders import person
from tests.jobs.workapp import tasks  # noqa: F401 (registers the tests' tasks)


@pytest.fixture
def queued(transactional_db: None) -> Job:
    return queue("tests.mark", by=person(), mark="x")


def claimed() -> carrier.Claim:
    claim = carrier.claim_next("w:1")
    assert claim is not None
    return claim


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_rolls_back_was_never_queued() -> None:
    clerk = person()
    with transaction.atomic():
        queue("tests.mark", by=clerk, mark="ghost")
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_task_nobody_registered_is_refused_when_queued() -> None:
    with pytest.raises(UnknownTaskError):
        queue("tests.nothing", by=person())


@pytest.mark.django_db
def test_a_key_has_one_live_job() -> None:
    clerk = person()
    first, second = (queue("tests.mark", by=clerk, key="k", mark="x") for _ in "12")
    assert first.pk == second.pk
    Job.objects.update(state=Job.State.DONE)
    assert queue("tests.mark", by=clerk, key="k", mark="x").pk != first.pk


@pytest.mark.django_db
def test_a_job_waits_until_its_hour() -> None:
    queue("tests.mark", by=person(), not_before=datetime.now(UTC) + timedelta(hours=1), mark="x")
    assert carrier.claim_next("w:1") is None


@pytest.mark.django_db
def test_the_payload_comes_back_as_json() -> None:
    job = queue("tests.mark", by=person(), mark=datetime(2026, 1, 2, tzinfo=UTC))
    assert job.payload == {"mark": "2026-01-02T00:00:00Z"}


def test_a_claimed_job_is_claimed_once(queued: Job) -> None:
    assert claimed().attempt == 1
    assert carrier.claim_next("w:2") is None


def test_an_older_attempt_cannot_publish(queued: Job) -> None:
    old = Attempt(claimed())
    expire(queued)
    assert reap() == 1
    with pytest.raises(FencedError), old.publishing():
        pytest.fail("the block must not be entered")
    newer = Attempt(claimed())
    with pytest.raises(FencedError), old.publishing():
        pytest.fail("the block must not be entered")
    with newer.publishing():
        pass
    assert not carrier.finish(old.claim)
    assert not carrier.fail(old.claim, code="late")
    queued.refresh_from_db()
    assert queued.state == Job.State.RUNNING


def test_a_lease_that_still_runs_is_left_alone(queued: Job) -> None:
    claimed()
    assert reap() == 0


def test_what_was_published_last_ends_the_job_in_the_same_transaction(queued: Job) -> None:
    attempt = Attempt(claimed())
    with pytest.raises(ZeroDivisionError), attempt.publishing(last=True):
        _ = 1 / 0
    queued.refresh_from_db()
    assert queued.state == Job.State.RUNNING
    with attempt.publishing(last=True):
        pass
    queued.refresh_from_db()
    assert (queued.state, queued.percent) == (Job.State.DONE, 100)


def test_a_worker_asked_to_end_stops_at_the_next_report(queued: Job) -> None:
    attempt = Attempt(claimed(), stopping=lambda: True)
    with pytest.raises(StoppingError):
        attempt.progress(10)
    with pytest.raises(StoppingError), attempt.publishing():
        pytest.fail("the block must not be entered")


@pytest.mark.parametrize(("how", "code"), [("refusal", "wrong_colour"), ("bug", "unexpected")])
@pytest.mark.django_db(transaction=True)
def test_a_failed_job_keeps_a_code_and_tells_its_task(how: str, code: str) -> None:
    job = queue("tests.breaks", by=person(), how=how)
    assert Worker().work_once()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('amlak.told', true)")
        assert cursor.fetchone()[0] == code


def test_a_task_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):

        @task("tests.mark")
        def other(attempt: Attempt, **payload: Any) -> None:
            """Clash."""

    assert get("tests.mark").name == "tests.mark"


@pytest.mark.django_db
def test_a_daily_task_is_queued_once_a_day_of_cairo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "_daily", {})
    schedule.daily("tests.mark")
    night = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)  # 01:00 of 2 July in Cairo: too early
    assert schedule.queue_due(at=night) == []
    assert len(schedule.queue_due(at=night + timedelta(hours=1))) == 1
    Job.objects.update(state=Job.State.DONE)
    assert schedule.queue_due(at=night + timedelta(hours=3)) == []
    assert len(schedule.queue_due(at=night + timedelta(days=1, hours=1))) == 1


@pytest.mark.django_db
def test_old_work_is_removed_and_what_failed_lately_stays() -> None:
    clerk, now = person(), datetime(2026, 7, 1, tzinfo=UTC)
    ages = {"DONE": [10, 40], "FAILED": [40, 200], "QUEUED": [400]}
    for state, days in ages.items():
        for age in days:
            job = queue("tests.mark", by=clerk, mark=f"{state}{age}")
            Job.objects.filter(pk=job.pk).update(state=state, ended_at=now - timedelta(days=age))
    assert prune(at=now) == 2
    left = {payload["mark"] for payload in Job.objects.values_list("payload", flat=True)}
    assert left == {"DONE10", "FAILED40", "QUEUED400"}
    assert DBTaskResult.objects.count() == 3
