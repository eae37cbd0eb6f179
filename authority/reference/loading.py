"""Writes the governorates into the table of places; running it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from authority import changes
from authority.models import Place
from authority.reference.governorates import GOVERNORATES, Governorate
from authority.reference.outlines import outlines


@transaction.atomic
def load_places() -> int:
    """Make or correct the 27 governorates; return how many there are."""
    known = outlines()
    for one in GOVERNORATES:
        Place.objects.update_or_create(code=one.code, defaults=_fields(one, known[one.outline].wkb))
    changes.changed("place", Place.objects.filter(kind=Place.Kind.GOVERNORATE).values_list("pk", flat=True))
    return len(GOVERNORATES)


def _fields(one: Governorate, outline: bytes) -> dict[str, Any]:
    return {
        "kind": Place.Kind.GOVERNORATE,
        "name_ar": one.name_ar,
        "name_en": one.name_en,
        "aliases": list(one.aliases),
        "path": one.code,
        "parent": None,
        "geom": GEOSGeometry(memoryview(outline), srid=4326),
        "working_srid": one.working_srid,
    }
