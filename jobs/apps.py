"""The room `jobs`."""

from datetime import time

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Declares what this room brings when the site starts, and finds the tasks of all rooms."""

    name = "jobs"

    def ready(self) -> None:
        """Let every room register its tasks by name."""
        from authority import audit
        from jobs import schedule
        from jobs.services import RERUN
        from ui import rail

        audit.declare(RERUN, _("queue a failed job again"))
        rail.register(rail.Entry(_("Work in progress"), "jobs:list", "activity", order=90, last=True))
        schedule.daily("jobs.prune")
        schedule.daily("audit.check", not_before=time(2, 0))
        autodiscover_modules("tasks")
