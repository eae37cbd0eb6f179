"""The room `authority`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuthorityConfig(AppConfig):
    """Declares what this room brings when the site starts."""

    name = "authority"

    def ready(self) -> None:
        """Renew the application role's rights after every migration."""
        from django.conf import settings
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from authority import declares, shell, training
        from authority.entry import gate
        from authority.grants import grant_app_role
        from authority.limits import rate_of
        from ui import training as marks
        from ui.shell import register

        for rate in settings.API_RATES.values():
            rate_of(rate)  # a rate that cannot be read stops the start, not the first request

        post_migrate.connect(grant_app_role, dispatch_uid="authority.grants")
        user_logged_in.connect(gate.begun, dispatch_uid="authority.entry.begun")
        user_logged_out.connect(gate.left, dispatch_uid="authority.entry.left")
        marks.register(training.marked)
        register(shell.identify, shell.keep)
        declares.declare()
