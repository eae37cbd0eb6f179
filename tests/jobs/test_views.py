"""The page of jobs."""

from __future__ import annotations

import pytest
from django.test import Client

from authority import clock
from authority.models import AuditEvent
from authority.refusal import Conflict, NotAllowed
from jobs import policies, services
from jobs.models import Job
from jobs.services import RERUN, queue
from tests.authority.builders import make_user
from tests.jobs.workapp import tasks  # noqa: F401 (registers the tests' tasks)

pytestmark = pytest.mark.django_db


def test_ordinary_staff_see_their_own_jobs_only(client: Client) -> None:
    clerk, other = make_user("surveyor"), make_user("surveyor")
    own, theirs = queue("tests.mark", by=clerk, mark="own"), queue("tests.breaks", by=other, how="x")
    assert set(policies.jobs_visible_to(clerk, Job.objects.all())) == {own}
    assert (policies.may_see_job(clerk, own), policies.may_see_job(clerk, theirs)) == (True, False)
    client.force_login(clerk)
    page = client.get("/jobs/").content.decode()
    assert "tests.mark" in page
    assert "tests.breaks" not in page


def test_the_administrator_sees_all_and_queues_a_failed_one_again(client: Client) -> None:
    admin, clerk = make_user("admin"), make_user("surveyor")
    job = queue("tests.mark", by=clerk, key="k", mark="x")
    Job.objects.update(state=Job.State.FAILED, error="worker_lost")
    client.force_login(admin)
    assert "worker_lost" in client.get("/jobs/?state=FAILED").content.decode()
    assert client.post(f"/jobs/{job.pk}/rerun/").status_code == 302
    again = Job.objects.get(state=Job.State.QUEUED)
    assert (again.payload, again.queued_by) == (job.payload, clerk)
    assert AuditEvent.objects.filter(action=RERUN, actor=admin).exists()
    with pytest.raises(Conflict):
        services.rerun(again.pk, by=admin, at=clock.now())


def test_only_an_administrator_queues_again() -> None:
    clerk = make_user("surveyor")
    job = queue("tests.mark", by=clerk, mark="x")
    Job.objects.update(state=Job.State.FAILED)
    with pytest.raises(NotAllowed):
        services.rerun(job.pk, by=clerk, at=clock.now())


def test_the_page_asks_again_for_its_table_only(client: Client) -> None:
    client.force_login(make_user("surveyor"))
    page = client.get("/jobs/", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="jobs"')
