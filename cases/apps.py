"""The room `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "cases"
