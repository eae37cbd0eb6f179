"""Reads of places, people, keys and the audit trail; what is not found raises."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from authority.models import ApiKey, AuditEvent, Office, Place, Role, User
from authority.policies import AUDIT_READ, Anyone, below, scope_of
from authority.refusal import NotFound

SYSTEM_USERNAME = "system"


def system_user() -> User:
    """Return the account under which the system itself acts; it cannot sign in."""
    user, _made = User.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={"name_ar": "النظام", "name_en": "System", "password": "!"},
    )
    return user


def places_visible_to(user: Anyone, places: QuerySet[Place] | None = None) -> QuerySet[Place]:
    """Return the places a person may see: the tree of places is open to everybody who is signed in."""
    queryset = Place.objects.all() if places is None else places
    return queryset if user.is_authenticated and user.is_active else queryset.none()


def place_by_code(code: str) -> Place:
    """Return the place with this code; raises NotFound."""
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise NotFound(place=code)
    return place


def chain_of(place: Place) -> list[Place]:
    """Return the place with all it lies in, governorate first."""
    codes = place.path.split(".")
    paths = [".".join(codes[: depth + 1]) for depth in range(len(codes))]
    return list(Place.objects.filter(path__in=paths).order_by("path"))


def subtree_of(place: Place) -> QuerySet[Place]:
    """Return the place with all that lies in it."""
    return Place.objects.filter(below([place.path]))


def keys_of(user: User) -> QuerySet[ApiKey]:
    """Return a person's keys, newest first."""
    return user.api_keys.order_by("-created_at", "-pk")


def offices_of(user: Anyone) -> QuerySet[Office]:
    """Return the offices in which a person holds a role today."""
    held = scope_of(user)
    if held.user_id is None:
        return Office.objects.none()
    return Office.objects.filter(holders__user_id=held.user_id, holders__role__in=held.roles).distinct()


def role_titles(user: Anyone) -> list[str]:
    """Return what a person is today, in the reader's language."""
    return [str(Role(role).label) for role in sorted(scope_of(user).roles)]


def events_visible_to(user: Anyone, events: QuerySet[AuditEvent] | None = None) -> QuerySet[AuditEvent]:
    """Return the audit events a person may read: his own, and those of governorates where he oversees."""
    queryset = AuditEvent.objects.all() if events is None else events
    held = scope_of(user)
    if held.user_id is None:
        return queryset.none()
    codes = held.governorates(AUDIT_READ)
    seen = Q() if "" in codes else Q(governorate__in=codes)
    return queryset.filter(seen | Q(actor_id=held.user_id)) if codes else queryset.filter(actor_id=held.user_id)


def audit_of(obj: Model, *, user: Anyone) -> QuerySet[AuditEvent]:
    """Return what was done to an object, as far as the person may read it, newest first."""
    events = AuditEvent.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
    return events_visible_to(user, events).select_related("actor").order_by("-id")
