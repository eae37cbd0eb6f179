"""Renew what the application's database role may do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from authority.grants import grant_app_role


class Command(BaseCommand):
    """Run as the owner of the tables (manage.py sees to that)."""

    help = "Grant the application's database role its rights, and take away what is append-only."

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant."""
        grant_app_role()
