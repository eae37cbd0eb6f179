"""The room `litigation`."""

from django.apps import AppConfig


class LitigationConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "litigation"

    def ready(self) -> None:
        """Tell the lower rooms what this register brings."""
        from litigation import declares

        declares.declare()
