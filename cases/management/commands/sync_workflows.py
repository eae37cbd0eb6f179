"""`manage.py sync_workflows`: write the workflows' steps for the database's guard (run by the tables' owner)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.steps import sync


class Command(BaseCommand):
    """Writes the steps of every workflow into cases_workflowstep."""

    help = "Write the steps of every workflow for the database's guard on the state of cases"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        self.stdout.write(f"{sync()} steps")
