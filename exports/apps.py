"""The room `exports`."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "exports"
