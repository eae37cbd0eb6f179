"""Places, offices and people for tests: valid ones in one call."""

from __future__ import annotations

import datetime as dt
import itertools

from django.contrib.gis.geos import MultiPolygon, Polygon

from authority import changes
from authority.models import Custodian, Office, Place, Role, RoleHolding, User

_numbers = itertools.count(1)

ISMAILIA, ALEXANDRIA = "19", "02"


def make_place(code: str = ISMAILIA, *, kind: str = "", parent: Place | None = None, name: str = "") -> Place:
    """Return the place with this code, made when missing; without a parent it is a governorate."""
    path = f"{parent.path}.{code}" if parent else code
    found, made = Place.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind or (Place.Kind.MARKAZ if parent else Place.Kind.GOVERNORATE),
            "name_ar": name or f"مكان {code}",
            "name_en": f"Place {code}",
            "parent": parent,
            "path": path,
            "working_srid": None if parent else 22992,
            "geom": MultiPolygon(Polygon.from_bbox((32.0, 30.3, 32.6, 30.9)), srid=4326),
        },
    )
    if made:
        changes.changed("place", [found.pk])
    return found


def make_custodian(code: str = "governorate") -> Custodian:
    """Return the custodian with this code, made when missing."""
    return Custodian.objects.get_or_create(code=code, defaults={"name_ar": f"جهة {code}", "name_en": code})[0]


def make_office(place: Place | None = None, custodian: Custodian | None = None) -> Office:
    """Return a new office; without a jurisdiction it gets the governorate of Ismailia."""
    number = next(_numbers)
    if place is None and custodian is None:
        place = make_place()
    return Office.objects.create(code=f"office-{number}", name_ar=f"إدارة {number}", place=place, custodian=custodian)


def make_user(
    *roles: str | Role,
    place: Place | None = None,
    custodian: Custodian | None = None,
    office: Office | None = None,
    username: str = "",
    password: str | None = None,
) -> User:
    """Return a new person who holds the roles in one office (in Ismailia when nothing is said)."""
    user = User.objects.create_user(username or f"user-{next(_numbers)}", password, name_ar="موظف", name_en="Officer")
    if roles:
        held_in = office or make_office(place, custodian)
        for role in roles:
            RoleHolding.objects.create(user=user, role=role, office=held_in, starts_on=dt.date(2020, 1, 1))
    return user
