"""Commands that say a refusal in one line and end with 1."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authority.problems import as_refusal


class RefusingCommand(BaseCommand):
    """The base of all commands: what a service refuses is one line on the terminal, never a traceback."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; raises CommandError for a refusal."""
        try:
            return super().execute(*args, **options)
        except CommandError:
            raise
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None or options.get("traceback"):
                raise
            raise CommandError(f"{refusal.detail} ({refusal.code})", returncode=1) from error
