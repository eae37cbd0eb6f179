"""Writes of `tiles`: a layer's version rises in the transaction that changes what the layer shows."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.refusal import Conflict, Invalid
from documents import services as documents
from tiles import orthophoto
from tiles.models import OrthoImage

ADDED = "tiles.add_orthophoto"
SLUG = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
MAX_BYTES = 2 * 1024**3


def bump(layer: str, governorate: str = "") -> None:
    """Count a change of the layer in a governorate ("" = everywhere); call it last in the change's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tiles_layerversion (layer, governorate, version) VALUES (%s, %s, 1)
            ON CONFLICT (layer, governorate) DO UPDATE SET version = tiles_layerversion.version + 1
            """,
            [layer, governorate],
        )


@transaction.atomic
def add_orthophoto(*, path: Path, name: str, title_ar: str, by: User, at: dt.datetime) -> OrthoImage:
    """Store and register an orthophoto; raises Invalid, TooLarge, or Conflict where the name is taken."""
    if not SLUG.fullmatch(name):
        raise Invalid("raster_name", _("The name may hold a–z, 0–9 and the hyphen."))
    if OrthoImage.objects.filter(name=name).exists():
        raise Conflict("raster_name_taken", _("There is already a picture called %(name)s."), name=name)
    found = orthophoto.inspect(path)
    with path.open("rb") as file:
        document = documents.store(
            file=file, filename=path.name, kind="orthophoto", by=by, at=at, limit=MAX_BYTES, made_here=True
        )
    image = OrthoImage.objects.create(
        name=name,
        title_ar=title_ar,
        document=document,
        crs=found.crs,
        footprint=found.footprint,
        pixel_m=found.pixel_m,
        added_by=by,
        added_at=at,
    )
    audit.record(ADDED, by=by, at=at, obj=image, detail={"name": name, "crs": found.crs})
    return image
