"""The room `search`."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "search"
