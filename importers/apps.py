"""The room `importers`."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "importers"
