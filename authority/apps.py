"""The room `authority`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuthorityConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "authority"

    def ready(self) -> None:
        """Renew the application role's rights after every migration."""
        from authority import shell
        from authority.grants import grant_app_role
        from ui.shell import register

        post_migrate.connect(grant_app_role, dispatch_uid="authority.grants")
        register(shell.identify, shell.keep)
