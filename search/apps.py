"""The room `search`."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "search"

    def ready(self) -> None:
        """Declare what can be found in the rooms below."""
        from search.declares import declare

        declare()
