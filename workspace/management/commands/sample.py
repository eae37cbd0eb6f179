"""`manage.py sample`: fill the register with invented land and people in two real governorates."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from authority import clock
from workspace.sample.loading import SMALL, Wish, fill, is_filled
from workspace.sample.reset import empty
from workspace.sample.surveys import make_surveys


class Command(BaseCommand):
    """Makes the sample once; the same parcels, seed and day give the same sample."""

    help = "Fill the register with a sample: Alexandria and Ismailia, invented people. Only in sample mode."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Size, seed and day of the sample."""
        parser.add_argument("--parcels", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--on", type=dt.date.fromisoformat, help="the day on which the sample stands (today)")
        parser.add_argument("--reset", action="store_true", help="empty the register first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, unless it is filled already."""
        if not settings.SAMPLE_MODE:
            raise CommandError("the sample is only made in sample mode (AMLAK_SAMPLE=1): its passwords are known")
        if options["parcels"] < 1:
            raise CommandError("--parcels must be at least 1")
        if options["reset"]:
            empty()
        elif is_filled():
            self.stdout.write("The sample is already there (--reset makes it anew).")
            return
        began = time.monotonic()
        wish = Wish(options["parcels"], options["seed"], options["on"] or clock.today())
        count = fill(wish)
        if wish.parcels <= SMALL:  # a large sample is there to be measured
            make_surveys(wish.on, wish.seed)
        self.stdout.write(
            f"Sample: {count:,} parcels in {time.monotonic() - began:.1f} s; land and people are invented."
        )
