"""Keeps the lease of a running job: a thread with a database connection of its own."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, connection

from jobs.carrier import Claim

logger = logging.getLogger("jobs")

RENEW = """
    UPDATE jobs_job
       SET lease_until = clock_timestamp() + make_interval(secs => %s), percent = %s, note = %s
     WHERE id = %s AND attempt = %s AND state = 'RUNNING'
"""


class Keeper:
    """Renews a lease every third of its length and carries the job's progress on the same statement."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.lost = threading.Event()
        self._over = False
        self._wake = threading.Event()
        self._said: tuple[int, str] = (0, "")
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._wake.set()
        self._thread.join(timeout=settings.JOB_LEASE_SECONDS)

    def tell(self, percent: int, note: str) -> None:
        """Pass the progress on; it is written soon, outside the task's own transaction."""
        self._said = (percent, note)
        self._wake.set()

    def _keep(self) -> None:
        try:
            while not self._over and not self.lost.is_set():
                self._renew()
                self._wake.wait(settings.JOB_LEASE_SECONDS / 3)
                self._wake.clear()
                time.sleep(0.05)  # several reports at once are one statement
        finally:
            connection.close()

    def _renew(self) -> None:
        if self._over:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(RENEW, [settings.JOB_LEASE_SECONDS, *self._said, self.claim.job_id, self.claim.attempt])
                if cursor.rowcount == 0:
                    self.lost.set()
        except DatabaseError:
            logger.warning("the lease of job %s could not be renewed", self.claim.job_id)
            connection.close()
