"""Control points and their cards."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from authority.models import User
from authority.refusal import NotFound
from parcels.models import ControlPoint
from parcels.policies import control_points_visible_to


def control_points(user: User, *, closed: bool = False) -> QuerySet[ControlPoint]:
    """Return the control points in the person's sight that are in use (or all of them)."""
    rows = ControlPoint.objects.all() if closed else ControlPoint.objects.filter(closed_on=None)
    light = control_points_visible_to(user, rows).select_related("place")
    return light.defer("geom_3857", "place__geom", "place__geom_3857").order_by("name", "pk")


def control_point_by_id(point_id: UUID, user: User) -> ControlPoint:
    """Return one; raises NotFound."""
    found = control_points(user, closed=True).filter(pk=point_id).first()
    if found is None:
        raise NotFound()
    return found
