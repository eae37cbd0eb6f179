"""Say which records have no file and which files no record."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from documents.reconciling import reconcile


class Command(BaseCommand):
    """For the operator, after a restore and from time to time."""

    help = "Compare records with stored files; removes nothing. Ends with 1 where a record has no sound file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how deep to look."""
        parser.add_argument("--hashes", action="store_true", help="read every file and compare it with its hash")

    def handle(self, *args: Any, hashes: bool, **options: Any) -> None:
        """Print one JSON object."""
        found = reconcile(hashes=hashes)
        self.stdout.write(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        if found.dangling:
            sys.exit(1)
