"""The room `workspace`."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "workspace"
