"""The room `cases`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "cases"

    def ready(self) -> None:
        """Hold events append-only and keep the database's steps in line with the tables."""
        from authority.grants import append_only
        from cases import declares
        from cases.steps import sync_after_migrate

        append_only("cases_event")
        post_migrate.connect(sync_after_migrate, sender=self, dispatch_uid="cases.steps")
        declares.declare()
