"""The room `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "ui"
