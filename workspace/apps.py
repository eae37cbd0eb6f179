"""The room `workspace`."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "workspace"

    def ready(self) -> None:
        """Put the workspace's entries on the rail."""
        from workspace import declares

        declares.declare()
