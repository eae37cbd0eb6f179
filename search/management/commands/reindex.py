"""`manage.py reindex`: make the search index anew from the registers, while the site runs."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import registry, services


class Command(BaseCommand):
    """Makes the index of all kinds, or of those named, anew."""

    help = "Make the search index anew while the site runs: nothing is missing from it meanwhile."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Kinds, all when none is named."""
        parser.add_argument("kinds", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew the index of each kind, batch by batch."""
        known = [one.kind for one in registry.kinds()]
        unknown = set(options["kinds"]) - set(known)
        if unknown:
            raise CommandError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        for kind in options["kinds"] or known:
            began = time.monotonic()
            count = services.reindex(kind)
            self.stdout.write(f"{kind}: {count:,} in {time.monotonic() - began:.1f} s")
