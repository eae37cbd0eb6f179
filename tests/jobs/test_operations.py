"""The operators' page: every part with its light, nightly work with its last run, and what is recorded of backups."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from authority.models import AuditCheck, AuditEvent, Role, SignedHead, SigningKey
from authority.refusal import Invalid, NotAllowed, NotFound
from jobs import backups, heartbeat, looks, nightly, schedule, services, signs
from jobs.models import BackupRecord, Job
from jobs.services import queue
from jobs.signs import Light, Sign
from tests.authority.builders import make_user
from tests.gisapp.world import key_of
from tests.jobs.workapp import tasks  # noqa: F401 (registers the tests' tasks)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def ago(**how: float) -> dt.datetime:
    return NOW - dt.timedelta(**how)


def waiting(**how: float) -> None:
    queue("tests.mark", by=make_user(), at=ago(**how), mark="x")


def running(lease: dt.datetime) -> None:
    job = queue("tests.mark", by=make_user(), at=ago(minutes=1), mark="x")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease_until=lease)


def failed(at: dt.datetime) -> None:
    job = queue("tests.mark", by=make_user(), at=at, mark="x")
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, ended_at=at)


def checked(at: dt.datetime, *faults: dict[str, Any]) -> None:
    AuditCheck.objects.create(at=at, rows=7, seconds=0.1, faults=list(faults))


def signed(*days: dt.date) -> None:
    key = SigningKey.objects.create(key_id="k", public_key="00" * 32, valid_from=NOW)
    SignedHead.objects.bulk_create(SignedHead(day=day, made_at=NOW, text="{}", signature="", key=key) for day in days)


def backed_up(at: dt.datetime, verified: dt.datetime | None = None) -> None:
    backups.record_backup(by=make_user(), now=NOW, at=at, kind="FULL", size=5 * 1024**3, verified_at=verified)


FAULT = {"chain": "19", "seq": 4, "event_id": 7, "what": "altered"}
DAY = dt.date(2026, 3, 1)
TABLE: list[tuple[Any, Any, Light, str]] = [
    (looks.queue, lambda: None, Light.GREEN, "nothing waits"),
    (looks.queue, lambda: waiting(minutes=14), Light.GREEN, "14 min"),
    (looks.queue, lambda: waiting(minutes=16), Light.AMBER, "16 min"),
    (looks.queue, lambda: waiting(hours=3), Light.RED, "3 h"),
    (looks.stuck, lambda: running(ago(seconds=30)), Light.GREEN, "none"),
    (looks.stuck, lambda: running(ago(minutes=2)), Light.RED, "1"),
    (looks.failed, lambda: failed(ago(hours=25)), Light.GREEN, "none"),
    (looks.failed, lambda: failed(ago(hours=23)), Light.AMBER, "1 in a day"),
    (looks.checked, lambda: None, Light.AMBER, "never"),
    (looks.checked, lambda: checked(ago(hours=20)), Light.GREEN, "7 records"),
    (looks.checked, lambda: checked(ago(hours=60)), Light.AMBER, "7 records"),
    (looks.checked, lambda: checked(ago(hours=1), FAULT), Light.RED, "chain 19, number 4, event 7: altered"),
    (looks.heads, lambda: None, Light.AMBER, "none was ever signed"),
    (looks.heads, lambda: signed(DAY - dt.timedelta(2), DAY - dt.timedelta(1)), Light.GREEN, "28/02/2026"),
    (looks.heads, lambda: signed(DAY - dt.timedelta(2), DAY), Light.RED, "missing: 28/02/2026"),
    (looks.backup, lambda: None, Light.RED, "none is known"),
    (looks.backup, lambda: backed_up(ago(hours=25)), Light.GREEN, "25 h ago, 5.0 GiB"),
    (looks.backup, lambda: backed_up(ago(hours=30)), Light.AMBER, "30 h"),
    (looks.backup, lambda: backed_up(ago(days=4)), Light.RED, "4 d"),
    (looks.proved, lambda: backed_up(ago(hours=2)), Light.AMBER, "never"),
    (looks.proved, lambda: backed_up(ago(days=99), ago(days=10)), Light.GREEN, "19/02/2026"),
    (looks.proved, lambda: backed_up(ago(days=300), ago(days=100)), Light.AMBER, "21/11/2025"),
    (looks.database, lambda: None, Light.GREEN, "GiB"),
    (looks.clocks, lambda: None, Light.GREEN, "0.0 s apart"),
    (looks.migrations, lambda: None, Light.GREEN, "up to date"),
    (looks.workers, lambda: None, Light.RED, "no worker answers"),
    (looks.workers, lambda: heartbeat.beat("here:1"), Light.GREEN, "at work"),
]


@pytest.mark.parametrize("number", range(len(TABLE)))
def test_each_part_shows_its_light_and_what_is_so(number: int) -> None:
    from django.utils.translation import override

    look, prepare, light, told = TABLE[number]
    prepare()
    with override("en"):
        found = look(NOW)
    assert (found.light, told in found.told, bool(found.advice)) == (light, True, light is not Light.GREEN), found


@pytest.mark.parametrize(
    ("free", "light"), [(50, Light.GREEN), (15, Light.GREEN), (14, Light.AMBER), (5, Light.AMBER), (4, Light.RED)]
)
def test_a_disk_that_fills_up_is_told_in_time(
    free: int, light: Light, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from shutil import _ntuple_diskusage  # type: ignore[attr-defined]

    monkeypatch.setattr("jobs.looks.shutil.disk_usage", lambda _folder: _ntuple_diskusage(100, 100 - free, free))
    assert looks.disk(tmp_path / "not" / "there").light is light


def test_a_part_that_cannot_be_read_is_red_and_the_page_comes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: dt.datetime) -> Sign:
        raise DatabaseError("gone")

    monkeypatch.setitem(signs._lines, "queue", ("Queue", broken))
    client.force_login(make_user(Role.ADMIN))
    page = client.get("/operations/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert signs.worst(signs.look_at_all(NOW)) is Light.RED


def test_the_page_shows_nightly_work_and_runs_it_at_once_once(client: Client) -> None:
    admin = make_user(Role.ADMIN)
    client.force_login(admin)
    assert "documents.sweep" in client.get("/operations/").content.decode()
    for _ in range(2):
        assert client.post("/operations/run/documents.sweep/").status_code == 302
    job = Job.objects.get(name="documents.sweep")
    assert (job.queued_by, job.state) == (admin, Job.State.QUEUED)
    events = AuditEvent.objects.filter(action=services.RUN_NOW, actor=admin)
    assert [event.detail for event in events] == [{"name": "documents.sweep"}] * 2


def test_only_nightly_work_is_run_at_once_and_only_by_an_administrator() -> None:
    with pytest.raises(NotFound):
        services.run_now("tests.mark", by=make_user(Role.ADMIN), at=NOW)
    with pytest.raises(NotAllowed):
        services.run_now("documents.sweep", by=make_user(Role.AUDITOR), at=NOW)


def test_the_night_lists_each_work_with_its_last_run_and_its_seconds() -> None:
    schedule.queue_due(at=NOW)
    Job.objects.filter(name="audit.check").update(started_at=ago(seconds=9), ended_at=ago(seconds=2), state="DONE")
    runs = {run.entry.name: run for run in nightly.last_runs()}
    assert {"audit.check", "audit.head", "documents.sweep", "jobs.prune"} <= set(runs)
    assert (runs["audit.check"].seconds, runs["jobs.prune"].seconds) == (7.0, None)


def test_a_monitor_asks_with_a_key(client: Client) -> None:
    headers = {"Authorization": f"Bearer {key_of(make_user(Role.ADMIN), 'read')}"}
    answer = client.get("/api/v1/operations/", headers=headers)
    assert answer.status_code == 200, answer.content
    assert {"queue", "audit", "heads", "backup", "disk_store", "sandbox"} <= {
        one["key"] for one in answer.json()["lines"]
    }
    assert answer.json()["light"] == "red"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"kind": "X"}, "backup_kind"),
        ({"size": -1}, "backup_size"),
        ({"at": NOW + dt.timedelta(days=1)}, "backup_in_future"),
        ({"verified_at": NOW + dt.timedelta(days=1)}, "backup_in_future"),
    ],
)
def test_a_backup_that_cannot_be_is_refused(how: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        backups.record_backup(**{"by": make_user(), "now": NOW, "at": NOW, "kind": "FULL", "size": 1} | how)
    assert refused.value.code == code


def test_scripts_record_backups_by_a_command() -> None:
    call_command("backup_record", "--at", "2026-01-01T02:00", "--kind", "LOG", "--size", "5", stdout=io.StringIO())
    kept = BackupRecord.objects.get()
    assert (kept.at, kept.kind, kept.size) == (dt.datetime(2026, 1, 1, 0, tzinfo=dt.UTC), "LOG", 5)
    assert AuditEvent.objects.filter(action=backups.RECORDED).count() == 1
    with pytest.raises(CommandError, match="backup_kind"):
        call_command("backup_record", "--at", "2026-01-01T02:00", "--kind", "x", "--size", "5")
