"""The real land use of Beheira enters the book: 10,025 boundaries with all their vertices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.db.models import Sum

from authority import clock
from parcels.facts import Boundary
from parcels.models import Parcel, ParcelVersion
from parcels.services import SurveyItem, apply_survey
from tests.authority.builders import make_custodian
from tests.parcels import builders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def land_use(folder: Path) -> list[bytes]:
    """Return the sound polygons of the file, in UTM 36N."""
    path = folder / "beheira" / "variants" / "landuse_10025_cp1256_nocpg_utm36n.shp"
    if not path.exists():
        pytest.skip("the land use of Beheira is not among the real data")
    _, _, wkbs, _ = pyogrio.raw.read(path, columns=[])
    shapes = shapely.from_wkb(wkbs)
    sound = shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
    return [bytes(wkb) for wkb in wkbs[sound]]


def test_the_real_land_use_is_accepted_whole(shared_data: Path) -> None:
    wkbs = land_use(shared_data)
    hod, custodian = builders.a_hod(builders.a_governorate("18")), make_custodian()
    items = [
        SurveyItem(hod, custodian.pk, str(row), Boundary(wkb, "EPSG:32636", row=row, encoding="cp1256"))
        for row, wkb in enumerate(wkbs, start=1)
    ]
    by = builders.a_keeper(builders.a_governorate("18"))
    applied = apply_survey(by=by, at=clock.now(), items=items, on=dt.date(2026, 1, 1), basis="ر/2026/0001")
    assert len(applied) == len(wkbs) > 9_900
    assert Parcel.objects.filter(status="FREE").count() == len(wkbs)
    total = float(ParcelVersion.objects.aggregate(total=Sum("geom_area_m2"))["total"])
    utm = float(np.sum(shapely.area(shapely.from_wkb(np.array(wkbs, dtype=object)))))
    assert total == pytest.approx(utm, rel=0.002)
    first = ParcelVersion.objects.get(source_row=1)
    assert bytes(first.source_geom or b"") == wkbs[0]
