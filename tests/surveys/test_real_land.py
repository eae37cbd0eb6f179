"""The real farms and land use of Beheira, through the whole way; left out where the data is not here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from authority import clock
from authority.models import Custodian, Place, User
from parcels.models import ParcelVersion
from surveys import services
from surveys.models import Submission
from tests.authority.builders import make_custodian, make_place
from tests.surveys.builders import a_surveyor, an_officer, work

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
State = Submission.State
OUTLINE = (29.5, 29.9, 31.0, 31.5)


@pytest.fixture
def beheira(db: None) -> Place:
    """The governorate with a coarse outline and the Red belt as its working system."""
    place = make_place("18")
    place.working_srid = 22992
    place.geom = MultiPolygon(Polygon.from_bbox(OUTLINE), srid=4326)
    place.save()
    make_custodian("local-18")
    assert Custodian.objects.exists()
    return place


def zipped(folder: Path, name: str) -> bytes:
    """The variant's parts as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob(f"{name}.*")):
            archive.write(part, part.name)
    return buffer.getvalue()


def carried(submission: Submission, by: User, **answers: str) -> Submission:
    """Answer as told, else as suggested, until nothing is asked any more."""
    work()
    submission.refresh_from_db()
    while submission.state == State.ASKING:
        for question in submission.questions.filter(answer__isnull=True):
            suggested = next(choice["value"] for choice in question.choices if choice["suggested"])
            value: Any = answers.get(question.kind, suggested)
            services.answer(submission, kind=question.kind, value=value, by=by, at=clock.now())
        work()
        submission.refresh_from_db()
    return submission


@pytest.mark.parametrize(
    ("name", "encoding", "crs"),
    [
        ("farms_cp1256_cpg", "cp1256", "EPSG:4326"),
        ("farms_cp1256_nocpg", "cp1256", "EPSG:4326"),
        ("farms_iso88596_nocpg", "iso-8859-6", "EPSG:4326"),
        ("farms_redbelt_cp1256", "cp1256", "EPSG:22992"),
        ("farms_redbelt_noprj", "cp1256", "EPSG:22992"),
        ("farms_redbelt_lost_datum", "utf-8", "EPSG:22992"),
        ("farms_utm36n_noprj", "utf-8", "EPSG:32636"),
    ],
)
def test_each_variant_of_the_farms_is_the_same_land_and_the_same_words(
    shared_data: Path, beheira: Place, name: str, encoding: str, crs: str
) -> None:
    folder = shared_data / "beheira" / "variants"
    if not (folder / f"{name}.shp").exists():
        pytest.skip(f"{name} is not among the variants")
    surveyor = a_surveyor(beheira)
    content = io.BytesIO(zipped(folder, name))
    handed = services.receive(by=surveyor, at=clock.now(), file=content, filename=f"{name}.zip", place=beheira)
    submission = carried(handed, surveyor)
    assert (submission.state, submission.encoding, submission.crs) == (State.REPORTED, encoding, crs)
    assert submission.feature_count == 388
    first = submission.features.get(row=1)
    assert first.attributes["Farm_Name"] == "مزرعة رقم 1 - أملاك الدولة"
    assert abs(first.geom.centroid.x - 30.25) < 0.5
    assert submission.faults.filter(code="outside_governorate").count() == 0


def test_ten_thousand_fields_of_land_use_enter_the_register(shared_data: Path, beheira: Place) -> None:
    surveyor = a_surveyor(beheira)
    content = io.BytesIO(zipped(shared_data / "beheira" / "variants", "landuse_10025_utf8"))
    handed = services.receive(by=surveyor, at=clock.now(), file=content, filename="landuse.zip", place=beheira)
    submission = carried(handed, surveyor)
    assert (submission.state, submission.feature_count) == (State.REPORTED, 10_025)
    invalid = submission.faults.filter(code="geometry_invalid").count()
    assert 35 <= invalid <= 50  # the data has 42 invalid boundaries by one reading, 41 by another
    services.accept(submission, by=an_officer(beheira), at=clock.now(), sound_only=True)
    work()
    submission.refresh_from_db()
    assert submission.state == State.ACCEPTED
    assert ParcelVersion.objects.filter(in_book=True).count() == submission.accepted_count
    assert (submission.accepted_count or 0) > 8_000
