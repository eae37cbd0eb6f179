"""The signs that this room reads: queue, nightly work, audit, backup, database, disk."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authority.chain.signing import missing_days
from authority.clock import CAIRO, day_of
from authority.models import AuditCheck, SignedHead
from jobs import backups, heartbeat, signs
from jobs.models import Job
from jobs.signs import Light, Sign

WAITS = (timedelta(minutes=15), timedelta(hours=2))  # amber, red
BACKUP = (timedelta(hours=26), timedelta(days=3))
PROVED = timedelta(days=92)  # a backup nobody restored is a hope
CHECKED = timedelta(hours=50)
FREE = (0.15, 0.05)
GIB = 1024**3
FAULTS = {
    "altered": gettext_lazy("altered"),
    "missing": gettext_lazy("missing"),
    "inserted": gettext_lazy("put in"),
    "order": gettext_lazy("moved"),
    "cut": gettext_lazy("cut off from here on"),
    "rewritten": gettext_lazy("written anew"),
}


def declare() -> None:
    """Declare the lines in the order of the page."""
    signs.register("workers", gettext_lazy("Workers"), workers)
    signs.register("queue", gettext_lazy("Queue"), queue)
    signs.register("stuck", gettext_lazy("Stuck work"), stuck)
    signs.register("failed", gettext_lazy("Failed work"), failed)
    signs.register("audit", gettext_lazy("Check of the audit trail"), checked)
    signs.register("heads", gettext_lazy("Signed heads"), heads)
    signs.register("backup", gettext_lazy("Last backup"), backup)
    signs.register("proved", gettext_lazy("Backup proved by restoring"), proved)
    signs.register("database", gettext_lazy("Size of the database"), database)
    signs.register("clock", gettext_lazy("Clocks of site and database"), clocks)
    signs.register("migrations", gettext_lazy("Tables"), migrations)
    signs.register("disk_state", gettext_lazy("Disk of the site"), lambda now: disk(settings.STATE_DIR))
    signs.register("disk_tmp", gettext_lazy("Disk for temporary files"), lambda now: disk(Path(tempfile.gettempdir())))


def by_age(age: timedelta, limits: tuple[timedelta, timedelta]) -> Light:
    """Return the light of an age between two limits."""
    return Light.RED if age > limits[1] else Light.AMBER if age > limits[0] else Light.GREEN


def spoken(age: timedelta) -> str:
    """Return an age as people say it: minutes, hours or days."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": minutes // 60} if minutes < 72 * 60 else _("%(n)s d") % {"n": minutes // 1440}


def when(at: datetime) -> str:
    """Return a moment in Cairo's time; the page puts it into the reader's digits."""
    return f"{at.astimezone(CAIRO):%d/%m/%Y %H:%M}"


def workers(now: datetime) -> Sign:
    """Somebody carries out what is queued."""
    if heartbeat.silence():
        return Sign(Light.RED, _("no worker answers"), _("Start the worker: nothing that is queued is done."))
    return Sign(Light.GREEN, _("at work"))


def queue(now: datetime) -> Sign:
    """The oldest waiting work has not waited long."""
    waiting = Job.objects.filter(state=Job.State.QUEUED)
    oldest = waiting.aggregate(at=Min("queued_at"))["at"]
    if oldest is None:
        return Sign(Light.GREEN, _("nothing waits"))
    light = by_age(now - oldest, WAITS)
    told = _("%(n)s waiting, the oldest since %(age)s") % {"n": waiting.count(), "age": spoken(now - oldest)}
    return Sign(light, told, _("See whether the workers keep up; add one.") if light is not Light.GREEN else "")


def stuck(now: datetime) -> Sign:
    """No running work has lost its worker."""
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now - timedelta(seconds=60)).count()
    if lost:
        return Sign(Light.RED, str(lost), _("A supervisor takes lost work back within seconds: is one running?"))
    return Sign(Light.GREEN, _("none"))


def failed(now: datetime) -> Sign:
    """Nothing failed since yesterday."""
    count = Job.objects.filter(state=Job.State.FAILED, ended_at__gt=now - timedelta(days=1)).count()
    if count:
        return Sign(Light.AMBER, _("%(n)s in a day") % {"n": count}, _("Look at it and queue it again."))
    return Sign(Light.GREEN, _("none in a day"))


def checked(now: datetime) -> Sign:
    """The chains were checked lately and hold."""
    last = AuditCheck.objects.order_by("-at").first()
    if last is None:
        return Sign(Light.AMBER, _("never checked"), _("Run the check below."))
    if last.faults:
        first = last.faults[0]
        told = _("chain %(chain)s, number %(seq)s, event %(event)s: %(what)s") % {
            "chain": first["chain"], "seq": first["seq"] or "—", "event": first["event_id"] or "—",
            "what": FAULTS.get(first["what"], first["what"]),
        }  # fmt: skip
        return Sign(Light.RED, told, _("The trail was tampered with: keep everything as it is and tell the auditor."))
    light = Light.AMBER if now - last.at > CHECKED else Light.GREEN
    told = _("holds: %(n)s records, %(at)s") % {"n": f"{last.rows:,}", "at": when(last.at)}
    return Sign(light, told, _("Run the check below.") if light is Light.AMBER else "")


def heads(now: datetime) -> Sign:
    """A head was signed each day."""
    last = SignedHead.objects.first()
    if last is None:
        return Sign(Light.AMBER, _("none was ever signed"), _("Make a key and set AMLAK_HEAD_KEY_PATH."))
    missing = missing_days(today=day_of(now))
    if missing:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in missing[-5:])
        return Sign(Light.RED, _("missing: %(days)s") % {"days": days}, _("See why the nightly signing failed."))
    return Sign(Light.GREEN, _("last: %(day)s") % {"day": f"{last.day:%d/%m/%Y}"})


def backup(now: datetime) -> Sign:
    """A full backup of the last day is there."""
    last = backups.last_full()
    if last is None:
        return Sign(Light.RED, _("none is known"), _("Back up now; the script records it here."))
    light = by_age(now - last.at, BACKUP)
    told = _("%(age)s ago, %(size)s GiB") % {"age": spoken(now - last.at), "size": f"{last.size / GIB:.1f}"}
    return Sign(light, told, _("Back up now; the script records it here.") if light is not Light.GREEN else "")


def proved(now: datetime) -> Sign:
    """A backup was restored and compared within three months."""
    last = backups.last_proved()
    if last is None or last.verified_at is None:
        return Sign(Light.AMBER, _("never"), _("Restore a backup to another machine and compare."))
    light = Light.AMBER if now - last.verified_at > PROVED else Light.GREEN
    advice = _("Restore a backup to another machine and compare.") if light is Light.AMBER else ""
    return Sign(light, when(last.verified_at), advice)


def database(now: datetime) -> Sign:
    """How large the database is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return Sign(Light.GREEN, _("%(size)s GiB") % {"size": f"{size / GIB:.2f}"})


def clocks(now: datetime) -> Sign:
    """Both clocks show the same second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    told = _("%(n)s s apart") % {"n": f"{apart:.1f}"}
    return Sign(Light.GREEN, told) if apart < 2 else Sign(Light.RED, told, _("Set up time synchronisation."))


def migrations(now: datetime) -> Sign:
    """The tables are as this program knows them."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Sign(Light.RED, _("%(n)s changes wait") % {"n": waiting}, _("Run manage.py migrate as owner."))
    return Sign(Light.GREEN, _("up to date"))


def disk(folder: Path) -> Sign:
    """Enough room is left on the disk of a folder."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    use = shutil.disk_usage(there)
    share = use.free / use.total
    light = Light.RED if share < FREE[1] else Light.AMBER if share < FREE[0] else Light.GREEN
    told = _("%(free)s GiB free of %(total)s") % {
        "free": f"{use.free / GIB:.1f}", "total": f"{use.total / GIB:.0f}",
    }  # fmt: skip
    return Sign(light, told, _("Make room before it is full: work stops then.") if light is not Light.GREEN else "")
