"""The room `parcels`."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "parcels"

    def ready(self) -> None:
        """Declare actions, layers, jobs and what can be searched."""
        from parcels.declares import declare

        declare()
