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
        from authority import audit, grants
        from jobs import backups, looks, schedule
        from jobs.policies import sees_all_jobs
        from jobs.services import RERUN, RUN_NOW
        from ui import rail

        audit.declare(RERUN, _("queue a failed job again"))
        audit.declare(RUN_NOW, _("run nightly work at once"))
        audit.declare(backups.RECORDED, _("record a backup"))
        grants.append_only("jobs_backuprecord")
        looks.declare()
        rail.register(rail.Entry(_("Operations"), "jobs:operations", "server", order=90, may=sees_all_jobs))
        rail.register(rail.Entry(_("Work in progress"), "jobs:list", "activity", order=90, last=True))
        schedule.daily("jobs.prune")
        schedule.daily("audit.check", not_before=time(2, 0))
        autodiscover_modules("tasks")
