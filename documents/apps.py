"""The room `documents`."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "documents"
