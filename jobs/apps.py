"""The room `jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "jobs"
