"""The room `parties`."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "parties"
