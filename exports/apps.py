"""The room `exports`."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "exports"

    def ready(self) -> None:
        """Declare what the rooms below have to know."""
        from exports.declares import declare

        declare()
