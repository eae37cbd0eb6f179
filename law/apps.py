"""The room `law`."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "law"

    def ready(self) -> None:
        """Declare the acts on rules and the tables that only grow."""
        from law.declares import declare

        declare()
