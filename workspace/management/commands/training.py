"""`manage.py training mark | reset`: mark an empty database for training; put its data back to the beginning."""

from __future__ import annotations

import argparse
from typing import Any

from authority import clock, training
from authority.commands import RefusingCommand
from workspace.training import PARCELS, reset


class Command(RefusingCommand):
    """Both refuse wherever the marks are not right: a real register is never touched."""

    help = "Mark an empty database for training (as its owner), or reset the data of a training site."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("act", choices=["mark", "reset"])
        parser.add_argument("--parcels", type=int, default=PARCELS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["act"] == "mark":
            training.mark(at=clock.now())
            self.stdout.write("This database is marked for training.")
            return
        count = reset(asked_by="manage.py", at=clock.now(), parcels=max(1, options["parcels"]))
        self.stdout.write(f"Training data: {count:,} parcels, made anew.")
