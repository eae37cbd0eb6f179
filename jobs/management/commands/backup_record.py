"""`manage.py backup_record --at TIME --kind FULL --size BYTES`: say that a backup was made, or proved."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from django.utils.timezone import make_aware

from authority import clock
from authority.commands import RefusingCommand
from jobs.backups import record_backup
from jobs.schedule import system_user


def moment(text: str) -> datetime:
    """Read a time in ISO 8601; without a zone it is Cairo's."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else make_aware(found)


class Command(RefusingCommand):
    """Called by the scripts that back up and restore."""

    help = "Record a backup for the operators' page."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """When, what, how large, proved when."""
        parser.add_argument("--at", type=moment, required=True)
        parser.add_argument("--kind", required=True, help="FULL, LOG or FILES")
        parser.add_argument("--size", type=int, required=True, help="bytes")
        parser.add_argument("--verified-at", type=moment)
        parser.add_argument("--place", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it in the system's name."""
        record_backup(
            by=system_user(), now=clock.now(), at=options["at"], kind=options["kind"], size=options["size"],
            verified_at=options["verified_at"], place=options["place"],
        )  # fmt: skip
