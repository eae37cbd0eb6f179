"""`manage.py worker`: carry out queued jobs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs.supervisor import Supervisor
from jobs.worker import Worker


class Command(BaseCommand):
    """Start a supervisor with its workers, or (for the supervisor) one worker alone."""

    help = "Carry out queued jobs; ends cleanly on one TERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of processes."""
        parser.add_argument("--processes", type=int, default=2, help="worker processes (default 2)")
        parser.add_argument("--alone", action="store_true", help="one worker in this process, without supervisor")
        parser.add_argument("--parent", type=int, default=None, help="end when this process is no longer the parent")

    def handle(self, *args: Any, processes: int, alone: bool, parent: int | None, **options: Any) -> None:
        """Work until told to stop."""
        if alone:
            worker = Worker(parent=parent)
            worker.listen()
            worker.run()
            return
        code = Supervisor(max(1, processes)).run()
        if code:
            sys.exit(code)
