"""Builders of the room jobs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from authority.models import User


def person(username: str = "clerk") -> User:
    """Return an account."""
    return User.objects.filter(username=username).first() or User.objects.create_user(username, "sample")


def database_url() -> str:
    """Return the address of the database that the test uses, as the role that the test uses."""
    at = connection.settings_dict
    host = quote(at["HOST"], safe="")
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgis://{at['USER']}:{quote(at['PASSWORD'], safe='')}@{host}{port}/{at['NAME']}"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of worker processes: short lease, the test's database."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.jobs.settings",
        "AMLAK_JOB_LEASE_SECONDS": "1.5",
        "AMLAK_JOB_REAP_SECONDS": "0.3",
        "AMLAK_JOB_POLL_SECONDS": "0.1",
        "AMLAK_JOB_GRACE_SECONDS": "10",
        **more,
    }


@contextmanager
def process(*arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `manage.py worker …` beside the test."""
    command = [sys.executable, "manage.py", "worker", *arguments]
    running = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(**more), start_new_session=True)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
            try:
                running.wait(15)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def until(what: Callable[[], Any], seconds: float = 40) -> Any:
    """Return what becomes true, or fail."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s")


def has_ended(pid: int) -> bool:
    """Say whether a process is gone, or dead and only waiting for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def exists(path: Path) -> Callable[[], bool]:
    """Return the question whether the file is there."""
    return path.exists
