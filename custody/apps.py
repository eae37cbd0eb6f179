"""The room `custody`."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "custody"

    def ready(self) -> None:
        """Tell the lower rooms what this register brings."""
        from custody import declares

        declares.declare()
