"""The room `surveys`."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "surveys"

    def ready(self) -> None:
        """Declare what the rooms below have to know."""
        from surveys.declares import declare

        declare()
