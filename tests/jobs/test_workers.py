"""Real worker processes, killed, paused and ended."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from authority.models import AuditEvent
from jobs.models import Job
from jobs.services import queue
from tests.jobs.builders import exists, has_ended, person, process, until
from tests.jobs.workapp import tasks  # noqa: F401 (registers the tests' tasks)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def marks() -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(action="tests.mark").values_list("detail", flat=True))


def state_is(job: Job, state: str) -> bool:
    job.refresh_from_db()
    return job.state == state


def child_of(supervisor: subprocess.Popen[bytes], job: Job) -> int:
    job.refresh_from_db()
    return int(job.worker.rsplit(":", 1)[1])


def test_a_worker_carries_out_what_is_queued() -> None:
    job = queue("tests.mark", by=person(), mark="a")
    with process("--processes", "1"):
        until(lambda: state_is(job, "DONE"))
    assert marks() == [{"mark": "a", "attempt": 1}]


@pytest.mark.parametrize("name", ["tests.first_waits", "tests.holds_transaction"])
def test_the_job_of_a_killed_worker_is_done_by_another_and_only_once(tmp_path: Path, name: str) -> None:
    started, gate = tmp_path / "started", tmp_path / "gate"
    job = queue(name, by=person(), mark="b", started=str(started), gate=str(gate))
    with process("--processes", "2") as supervisor:
        until(exists(started))
        os.kill(child_of(supervisor, job), signal.SIGKILL)
        until(lambda: state_is(job, "DONE"))
    assert [mark["mark"] for mark in marks()] == ["b"]
    assert job.failures == 1


def test_a_paused_worker_publishes_nothing_when_it_comes_back(tmp_path: Path) -> None:
    started, gate = tmp_path / "started", tmp_path / "gate"
    job = queue("tests.first_waits", by=person(), mark="c", started=str(started), gate=str(gate))
    with process("--processes", "2") as supervisor:
        until(exists(started))
        paused = child_of(supervisor, job)
        os.kill(paused, signal.SIGSTOP)
        until(lambda: state_is(job, "DONE"))
        gate.touch()
        os.kill(paused, signal.SIGCONT)
        after = queue("tests.mark", by=person(), mark="next")
        until(lambda: state_is(after, "DONE"))
    assert sorted(str(mark["mark"]) for mark in marks()) == ["c", "next"]
    assert state_is(job, "DONE")


def test_a_worker_paused_inside_its_publishing_transaction_loses_it(tmp_path: Path) -> None:
    started, gate = tmp_path / "started", tmp_path / "gate"
    job = queue("tests.holds_transaction", by=person(), mark="d", started=str(started), gate=str(gate))
    with process("--processes", "2") as supervisor:
        until(exists(started))
        paused = child_of(supervisor, job)
        os.kill(paused, signal.SIGSTOP)
        until(lambda: state_is(job, "DONE"))
        gate.touch()
        os.kill(paused, signal.SIGCONT)
    assert [mark["mark"] for mark in marks()] == ["d"]


def test_one_term_ends_supervisor_and_workers_and_the_job_waits_unharmed(tmp_path: Path) -> None:
    started = tmp_path / "started"
    job = queue("tests.patient", by=person(), mark="e", started=str(started))
    with process("--processes", "2") as supervisor:
        until(exists(started))
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(20) == 0
    job.refresh_from_db()
    assert (job.state, job.failures, job.error) == ("QUEUED", 0, "")
    with process("--processes", "1"):
        until(lambda: state_is(job, "DONE"))
    assert marks() == [{"mark": "e", "attempt": 2}]


def test_a_worker_whose_supervisor_was_killed_ends_too(tmp_path: Path) -> None:
    started = tmp_path / "started"
    job = queue("tests.patient", by=person(), mark="f", started=str(started))
    with process("--processes", "1") as supervisor:
        until(exists(started))
        orphan = child_of(supervisor, job)
        supervisor.kill()
        supervisor.wait()
        until(lambda: state_is(job, "QUEUED"))
        until(lambda: has_ended(orphan))


def test_a_job_that_loses_its_worker_too_often_fails_with_a_reason(tmp_path: Path) -> None:
    started, gate = tmp_path / "started", tmp_path / "gate"
    job = queue("tests.first_waits", by=person(), mark="g", started=str(started), gate=str(gate))
    Job.objects.filter(pk=job.pk).update(failures=2)
    with process("--processes", "1") as supervisor:
        until(exists(started))
        os.kill(child_of(supervisor, job), signal.SIGKILL)
        until(lambda: state_is(job, "FAILED"))
    assert job.error == "worker_lost"
    assert marks() == []
