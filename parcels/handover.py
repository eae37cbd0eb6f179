"""What of the land book is in an officer's hands, and what a change of rights lets him see of it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.keeping import belongings, effects
from authority.models import User
from authority.policies import STAFF_READ, Scope
from parcels.models import BulkAct, Parcel, WorkItem

PASSED_ON = audit.declare("parcels.work_passed_on", _("Lines of the worklist handed over to a colleague"))


def seen(scope: Scope) -> int:
    """Return how many parcels a scope sees."""
    return Parcel.objects.filter(scope.places_q("place", "custodian", STAFF_READ)).count()


def taken(user: User) -> list[str]:
    """Return the lines of the worklist that an officer has taken."""
    rows = WorkItem.objects.filter(owner=user, closed_at=None, state=WorkItem.State.TAKEN)
    return list(rows.order_by("pk").values_list("parcel__parcel_code", flat=True))


def pass_on(user: User, heir: User, by: User, at: dt.datetime) -> int:
    """Hand the lines over."""
    rows = WorkItem.objects.filter(owner=user, closed_at=None, state=WorkItem.State.TAKEN)
    count = rows.update(owner=heir, changed_at=at)
    audit.record(PASSED_ON, by=by, at=at, obj=user, detail={"to": heir.username, "items": count})
    return count


def prepared(user: User) -> list[str]:
    """Return the acts on many parcels that an officer has prepared and another decides on."""
    rows = BulkAct.objects.filter(prepared_by=user, decided_at=None).order_by("prepared_at")
    return [str(row.get_act_display()) for row in rows]


def declare() -> None:
    """Hand them to who keeps accounts."""
    effects.count(effects.Figure("parcels", _("parcels seen"), seen))
    belongings.register(belongings.Belonging("work", _("Lines of the worklist"), taken, pass_on))
    belongings.register(belongings.Belonging("bulk", _("Acts on many parcels that wait for a decision"), prepared))
