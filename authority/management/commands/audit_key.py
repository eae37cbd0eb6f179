"""`manage.py audit_key FILE --by NAME`: make the key that signs the daily heads; it takes over from the former one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from authority import clock
from authority.chain.signing import make_key
from authority.commands import RefusingCommand
from authority.management.people import person


class Command(RefusingCommand):
    """The private half goes into a new file and nowhere else."""

    help = "Make the Ed25519 key for AMLAK_HEAD_KEY_PATH and list its public half."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to, and who answers for it."""
        parser.add_argument("file")
        parser.add_argument("--by", required=True, help="user name of the administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        made = make_key(path=Path(options["file"]), by=person(options["by"]), at=clock.now())
        self.stdout.write(f"key {made.key_id}\npublic {made.public_key}")
