"""The room `parcels`."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "parcels"
