"""Offices are opened and closed by two administrators; an office with people or open offices below is not closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authority import audit, clock, services
from authority.models import Custodian, Office, Place, User
from authority.models.people import not_over
from authority.refusal import Conflict, Invalid, NotAllowed

CLOSED = audit.declare("authority.office_closed", _("Office closed"))


class OfficeInUse(Conflict):
    """People work there, or offices below it are open."""

    code = "office_in_use"
    message = _("The office has people or open offices below it after this day: %(things)s.")
    advice = _("End their roles, or move them to another office, first.")


class CodeTaken(Conflict):
    """Two offices under one code."""

    code = "office_code_taken"
    message = _("There is an office with this code already.")


def require_openable(said: dict[str, Any], by: User) -> None:
    """Raise NotAllowed, CodeTaken, Invalid `jurisdiction_missing` for an office that cannot be opened."""
    place = Place.objects.filter(code=said["place"]).first() if said["place"] else None
    if not services.may_keep_accounts(by, place):
        raise NotAllowed
    if place is None and not said["custodian"]:
        raise Invalid("jurisdiction_missing", _("An office has a place, a custodian, or both."), field="place")
    if Office.objects.filter(code=said["code"]).exists():
        raise CodeTaken


def open_office(said: dict[str, Any], by: User, at: dt.datetime) -> Office:
    """Open the office that was prepared."""
    require_openable(said, by)
    return services.create_office(
        code=said["code"], name_ar=said["name_ar"], name_en=said["name_en"], by=by, at=at,
        place=Place.objects.filter(code=said["place"]).first(),
        custodian=Custodian.objects.filter(code=said["custodian"]).first(),
        parent=Office.objects.filter(code=said["parent"]).first(),
    )  # fmt: skip


def require_closable(office: Office, on: dt.date, by: User, at: dt.datetime) -> None:
    """Raise NotAllowed, BadPeriod, OfficeInUse for an office that cannot be closed from a day on."""
    if not services.may_keep_accounts(by, office.place):
        raise NotAllowed
    if on < clock.day_of(at) or office.closed_on is not None:
        raise services.BadPeriod(closed_on=on)
    held = office.holders.filter(not_over(on)).select_related("user")
    below = office.children.filter(Q(closed_on=None) | Q(closed_on__gt=on))
    if things := [*(str(one.user) for one in held[:5]), *(str(one) for one in below[:5])]:
        raise OfficeInUse(things=str(_(", ")).join(things))


@transaction.atomic
def close_office(*, office: Office, on: dt.date, by: User, at: dt.datetime) -> Office:
    """Close an office: from this day on nobody holds a role there. Raises as `require_closable`."""
    held = Office.objects.select_for_update(of=("self",)).select_related("place").get(pk=office.pk)
    require_closable(held, on, by, at)
    held.closed_on = on
    held.save(update_fields=["closed_on"])
    audit.record(CLOSED, by=by, at=at, obj=held, detail={"code": held.code, "closed_on": on})
    return held
