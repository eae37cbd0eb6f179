"""How the shell names the person who is looking, and where it keeps personal settings."""

from __future__ import annotations

from authority import services
from authority.clock import now, today
from authority.models import Place, RoleHolding, User
from ui.shell import Identity

KEPT = {"language", "digits", "theme"}


def acting(user: User) -> RoleHolding | None:
    """Return the role the person acts in: the first one held today."""
    held = user.roles.select_related("office__place", "office__custodian").filter(starts_on__lte=today())
    return held.exclude(ends_on__lt=today()).order_by("id").first()


def jurisdiction(holding: RoleHolding) -> str:
    """Return the unit the office works for, with its kind: the governorate where a place is set."""
    place = holding.office.place
    if place is None:
        return str(holding.office.custodian or "")
    top = Place.objects.filter(code=place.governorate_code).first()
    return str(top or place)


def identify(user: User) -> Identity:
    """Name a person as the top bar does: name, acting role, office, governorate."""
    holding = acting(user)
    if holding is None:
        return Identity(name=str(user))
    return Identity(str(user), holding.get_role_display(), jurisdiction(holding), str(holding.office))


def keep(user: User, settings: dict[str, str]) -> None:
    """Keep language, digits or theme with the person."""
    wanted = {name: value for name, value in settings.items() if name in KEPT}
    services.set_preferences(by=user, at=now(), **wanted)
