"""One attempt at a job: how a task says how far it is, and how it publishes what it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from authority.models import User
from jobs import carrier
from jobs.carrier import Claim, session_name
from jobs.models import Job


class FencedError(Exception):
    """Another attempt has taken this job; what this one made must not be published."""


class StoppingError(Exception):
    """The worker was asked to end; the job goes back into the queue."""


Fenced = FencedError
Stopping = StoppingError


def _never() -> bool:
    return False


def _nowhere(percent: int, note: str) -> None:
    return None


@dataclass
class Attempt:
    """What a task is handed: its job's id, its fencing number, and two verbs."""

    claim: Claim
    stopping: Callable[[], bool] = _never  # whether the worker was asked to end
    tell: Callable[[int, str], None] = _nowhere  # takes percent and note; writes on the lease's own connection
    percent: int = field(default=0, init=False)

    @property
    def job_id(self) -> UUID:
        """The job's id."""
        return self.claim.job_id

    @property
    def number(self) -> int:
        """The fencing number."""
        return self.claim.attempt

    def queued_by(self) -> User:
        """Who wanted this work."""
        wanted_by = Job.objects.values_list("queued_by", flat=True).get(pk=self.job_id)
        user: User = get_user_model().objects.get(pk=wanted_by)
        return user

    def progress(self, percent: float, note: str = "") -> None:
        """Say how far the work is (0…100); raises StoppingError when the worker was asked to end."""
        self._go_on()
        self.percent = max(0, min(100, int(percent)))
        self.tell(self.percent, note[:200])

    @contextmanager
    def publishing(self, *, last: bool = False) -> Iterator[None]:
        """Open the transaction in which results become visible; its first statement checks the fencing number.

        With `last` the job is done when the block commits, so that it is never carried out a second time.
        Raises FencedError when another attempt has the job, StoppingError when the worker was asked to end.
        """
        self._go_on()
        reconnect_if_lost()
        with transaction.atomic():
            self._fence()
            yield
            if last:
                self._done()

    def _go_on(self) -> None:
        if self.stopping():
            raise StoppingError

    def _fence(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM jobs_job WHERE id = %s AND attempt = %s AND state = 'RUNNING' FOR KEY SHARE",
                [self.job_id, self.number],
            )
            if cursor.fetchone() is None:
                raise FencedError(f"attempt {self.number} of job {self.job_id} is over")
        name_session(self.claim)

    def _done(self) -> None:
        if not carrier.finish(self.claim):
            raise FencedError(f"attempt {self.number} of job {self.job_id} is over")


def reconnect_if_lost() -> None:
    """Drop a connection that the server has closed, outside of any transaction."""
    if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
        connection.close()


def name_session(claim: Claim | None) -> None:
    """Name this database session after the attempt it works for, so that the reaper ends exactly this one."""
    name = "amlak:worker" if claim is None else session_name(claim.job_id, claim.attempt)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [name])
