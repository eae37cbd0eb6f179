"""The room `correspondence`."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "correspondence"

    def ready(self) -> None:
        """Tell the lower rooms what the register of letters brings."""
        from correspondence import declares

        declares.declare()
