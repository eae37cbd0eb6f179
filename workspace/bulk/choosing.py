"""Which parcels are meant: those ticked, or all that a list finds."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.moments import asked
from authority.refusal import Invalid
from parcels.services.many import MOST
from workspace.map.results import rows_of


def chosen(user: User, given: QueryDict) -> list[UUID]:
    """Return the parcels; at most one more than can be taken. Raise Invalid `bulk_past`, `id_invalid`."""
    if given.get("all"):
        return all_of(user, QueryDict(given.get("query", "")[:4000]))
    return [one for text in given.getlist("item")[: MOST + 1] if (one := key(text))]


def key(text: str) -> UUID:
    """Read an id."""
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("id_invalid", _("One of the ticked lines names no parcel."), field="item") from None


def all_of(user: User, query: QueryDict) -> list[UUID]:
    """Return what a list or the map finds today."""
    if not asked(query).is_now:
        raise Invalid("bulk_past", _("The list shows another day: acts are done on what stands today."))
    rows = rows_of(user, query).order_by("parcel_id").values_list("parcel_id", flat=True)
    return list(rows[: MOST + 1])
