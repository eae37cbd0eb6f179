"""The room `surveys`."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "surveys"
