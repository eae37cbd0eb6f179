"""The room `encroachments`."""

from django.apps import AppConfig


class EncroachmentsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "encroachments"
