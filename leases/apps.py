"""The room `leases`."""

from django.apps import AppConfig


class LeasesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "leases"

    def ready(self) -> None:
        """Tell the lower rooms what this register brings."""
        from leases import declares

        declares.declare()
