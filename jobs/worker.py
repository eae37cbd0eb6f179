"""One worker process: takes a job, keeps its lease, carries it out, says how it ended."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from authority.refusal import Refusal
from jobs import carrier, registry
from jobs.attempts import Attempt, FencedError, StoppingError, name_session, reconnect_if_lost
from jobs.carrier import Claim
from jobs.keeper import Keeper

logger = logging.getLogger("jobs")


def unname() -> bool:
    """Let this session bear no job's name any longer."""
    name_session(None)
    return True


class Worker:
    """Works until it is told to stop."""

    def __init__(self, *, parent: int | None = None) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:64]
        self.parent = parent  # process that started this one: when it is gone, so are we
        self._stop = threading.Event()

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end; any further signal changes nothing."""
        self._stop.set()

    def stopping(self) -> bool:
        """Say whether the end was asked for."""
        orphaned = self.parent is not None and os.getppid() != self.parent
        return self._stop.is_set() or orphaned

    def listen(self) -> None:
        """Stop at SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def run(self) -> None:
        """Carry out jobs until told to stop."""
        while not self.stopping():
            close_old_connections()
            if not self.work_once():
                self._stop.wait(settings.JOB_POLL_SECONDS)
        connection.close()

    def work_once(self) -> bool:
        """Carry out the next waiting job; False when there is none."""
        try:
            claim = carrier.claim_next(self.name)
        except (OperationalError, InterfaceError):
            logger.warning("the queue cannot be reached", exc_info=True)
            connection.close()
            return False
        if claim is None:
            return False
        self.carry_out(claim)
        return True

    def carry_out(self, claim: Claim) -> None:
        """Run one job and record how it ended."""
        logger.info("job %s %s attempt %s", claim.name, claim.job_id, claim.attempt)
        with Keeper(claim) as keeper:
            try:
                name_session(claim)
                attempt = Attempt(claim, stopping=self.stopping, tell=keeper.tell)
                registry.get(claim.name).run(attempt, **claim.payload)
            except Exception as error:
                ended = self._after(error, claim)
            else:
                ended = self._record(lambda: carrier.finish(claim))
        if not ended:
            logger.info("job %s attempt %s was already over", claim.job_id, claim.attempt)
        self._record(unname)

    def _after(self, error: Exception, claim: Claim) -> bool:
        if isinstance(error, FencedError):
            return False
        if isinstance(error, StoppingError):
            return self._record(lambda: carrier.give_back(claim, counts=False))
        if isinstance(error, OperationalError | InterfaceError):
            logger.warning("job %s: the database failed it", claim.job_id, exc_info=error)
            return self._record(lambda: carrier.give_back(claim, counts=True))
        if isinstance(error, Refusal):
            return self._record(lambda: carrier.fail(claim, code=error.code))
        logger.error("job %s %s failed", claim.name, claim.job_id, exc_info=error)
        return self._record(lambda: carrier.fail(claim, code="unexpected"))

    def _record(self, step: Callable[[], object]) -> bool:
        """Write how a job ended on a connection that lives; what cannot be written, the reaper does."""
        try:
            reconnect_if_lost()
            return bool(step())
        except DatabaseError:
            logger.exception("the end of a job could not be written")
            connection.close()
            return False
