"""The room `leases`."""

from django.apps import AppConfig


class LeasesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "leases"
