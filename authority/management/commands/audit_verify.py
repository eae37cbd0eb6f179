"""`manage.py audit_verify`: check the chains of the audit trail and name the first bad row of each."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authority.chain import services
from authority.chain.form import stored
from authority.chain.verifying import verify
from authority.commands import RefusingCommand


class Command(RefusingCommand):
    """Ends with 1 where a row does not hold."""

    help = "Check the hash chains of the audit trail; names the first bad row of each chain."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which chain, from where, against which heads."""
        parser.add_argument("--chain", help="code of a governorate; - for events without one (all)")
        parser.add_argument("--from", dest="start", type=int, default=1, help="number of the first link checked")
        parser.add_argument("--head", action="append", default=[], help="file of a signed head kept elsewhere")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and tell."""
        chains = None if options["chain"] is None else [stored(options["chain"])]
        heads = services.kept_heads() + [
            head for path in options["head"] for head in services.heads_in_file(Path(path))
        ]
        found = verify(chains=chains, start=options["start"], heads=heads)
        told = [fault.told() for fault in found.faults]
        if options["json"]:
            self.stdout.write(json.dumps({"rows": found.rows, "seconds": round(found.seconds, 3), "faults": told}))
        else:
            self.stdout.write(f"{found.rows:,} rows in {found.seconds:.1f} s")
            for fault in told:
                self.stdout.write("chain {chain} seq {seq} event {event_id}: {what}".format(**fault))
        if told:
            raise CommandError("the audit trail does not hold", returncode=1)
