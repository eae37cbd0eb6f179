"""The room `encroachments`."""

from django.apps import AppConfig


class EncroachmentsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "encroachments"

    def ready(self) -> None:
        """Tell the lower rooms what this register brings."""
        from encroachments import declares

        declares.declare()
