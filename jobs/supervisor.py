"""Starts the workers, replaces those that die, reaps lost jobs, queues what is due, and ends all of it cleanly."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from authority import clock
from jobs import heartbeat
from jobs.reaper import reap
from jobs.schedule import queue_due

logger = logging.getLogger("jobs")
SCHEDULE_SECONDS = 60.0
RESTART_SECONDS = 2.0
# A worker that was still starting up ends by the signal itself; it holds no job then.
ENDED = (0, -signal.SIGTERM)


def worker_command() -> list[str]:
    """Return the command of one worker process."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--alone", "--parent", str(os.getpid())]


class Supervisor:
    """Parent of the worker processes; they run in sessions of their own, so only its one TERM reaches them."""

    def __init__(self, processes: int) -> None:
        self.wanted = processes
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.children: list[subprocess.Popen[bytes]] = []
        self._stop = threading.Event()
        self._scheduled = 0.0
        self._started = 0.0

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end."""
        self._stop.set()

    def run(self) -> int:
        """Work until told to stop; return 0 when every worker ended by itself."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stop.is_set():
            self._fill()
            self._look_after()
            self._stop.wait(settings.JOB_REAP_SECONDS)
        self._fall_silent()
        return self._end()

    def _fill(self) -> None:
        self.children = [child for child in self.children if child.poll() is None]
        missing = self.wanted - len(self.children)
        if missing <= 0 or time.monotonic() - self._started < RESTART_SECONDS:
            return
        self._started = time.monotonic()
        for _ in range(missing):
            self.children.append(subprocess.Popen(worker_command(), start_new_session=True))  # noqa: S603 (own command)

    def _look_after(self) -> None:
        close_old_connections()
        try:
            heartbeat.beat(self.name)
            reap()
            if time.monotonic() - self._scheduled > SCHEDULE_SECONDS or not self._scheduled:
                queue_due(at=clock.now())
                self._scheduled = time.monotonic()
        except DatabaseError:
            logger.exception("jobs could not be looked after; the next round tries again")
            connection.close()

    def _fall_silent(self) -> None:
        try:
            heartbeat.forget(self.name)
        except DatabaseError:
            logger.warning("the sign of life could not be taken back; it will be forgotten")
        connection.close()

    def _end(self) -> int:
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + settings.JOB_GRACE_SECONDS
        return max((self._ended(child, deadline) for child in self.children), default=0)

    def _ended(self, child: subprocess.Popen[bytes], deadline: float) -> int:
        try:
            code = child.wait(timeout=max(0.1, deadline - time.monotonic()))
            return int(code not in ENDED)
        except subprocess.TimeoutExpired:
            logger.warning("worker %s did not end in time; its job will be taken up again", child.pid)
            child.kill()
            child.wait()
            return 1
