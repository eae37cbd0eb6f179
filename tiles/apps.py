"""The room `tiles`."""

from django.apps import AppConfig


class TilesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "tiles"

    def ready(self) -> None:
        """Register the layers of places."""
        from tiles import deployment  # noqa: F401 - registers what is checked at the start
        from tiles.declares import declare

        declare()
