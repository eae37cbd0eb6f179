"""What pages and programs share on their way in: the thing a file is about, the papers handed in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Invalid, NotFound
from cases.forms import facts_of
from cases.models import Case
from cases.registry import kind_of
from cases.selectors import case_by_id
from parcels.models import Asset, Parcel
from parcels.policies import assets_visible_to, parcels_visible_to


def as_uuid(value: Any, field: str) -> uuid.UUID:
    """An identifier; raises Invalid."""
    try:
        return uuid.UUID(str(value))
    except ValueError as fault:
        raise Invalid("bad_identifier", _("This is no identifier."), field=field) from fault


def parcel_of(user: User, value: Any) -> Parcel | None:
    """The parcel asked for, within sight; raises NotFound."""
    if value in (None, ""):
        return None
    rows = parcels_visible_to(user, Parcel.objects.select_related("place", "custodian"))
    found = rows.filter(pk=as_uuid(value, "parcel")).first()
    if found is None:
        raise NotFound("parcel_not_found")
    return found


def asset_of(user: User, value: Any) -> Asset | None:
    """The asset asked for, within sight; raises NotFound."""
    if value in (None, ""):
        return None
    rows = assets_visible_to(user, Asset.objects.select_related("place", "custodian"))
    found = rows.filter(pk=as_uuid(value, "asset")).first()
    if found is None:
        raise NotFound("asset_not_found")
    return found


def prior_of(user: User, value: Any) -> Case | None:
    """The file a new one follows, within sight."""
    return None if value in (None, "") else case_by_id(as_uuid(value, "prior"), user)


def facts_for(case: Case, act: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an act on a case as its register reads them; raises Invalid."""
    return facts_of(kind_of(case.kind).forms.get(act), data)
