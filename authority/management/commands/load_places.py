"""`manage.py load_places`: the governorates with their codes, names and outlines."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from authority.reference.loading import load_places


class Command(BaseCommand):
    """Loads or corrects the governorates; safe to run again."""

    help = "Load the 27 governorates with their codes, names, outlines and working systems."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        self.stdout.write(f"{load_places()} governorates")
