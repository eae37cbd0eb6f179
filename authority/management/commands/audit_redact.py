"""`manage.py audit_redact EVENT --by NAME --approved-by NAME --reason TEXT`: take an event's detail, as the owner."""

from __future__ import annotations

import argparse
from typing import Any

from authority import clock
from authority.chain.services import redact
from authority.commands import RefusingCommand
from authority.management.people import person


class Command(RefusingCommand):
    """Needs AMLAK_DB_ROLE=owner: the site itself can redact nothing."""

    help = "Take personal data out of one audit event by a recorded act of two people."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which event, who, why."""
        parser.add_argument("event", type=int)
        parser.add_argument("--by", required=True, help="administrator")
        parser.add_argument("--approved-by", required=True, help="auditor")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Redact."""
        by, approved = person(options["by"]), person(options["approved_by"])
        redact(event_id=options["event"], by=by, approved_by=approved, at=clock.now(), reason=options["reason"])
        self.stdout.write(f"event {options['event']}: detail redacted")
