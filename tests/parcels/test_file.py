"""A parcel's file: papers, restrictions, and screening in which what was not checked is never clear."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.management import CommandError, call_command

from authority import clock
from authority.models import Role, User
from authority.refusal import Conflict, Invalid, NotAllowed
from documents.models import Document
from parcels import services, shapes
from parcels.models import Asset, ProtectionLayer, ProtectionZone
from parcels.screening import EXPECTED, State
from tests.authority.builders import make_custodian, make_place, make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db


def a_layer(code: str, *boxes: tuple[float, float, float, float]) -> ProtectionLayer:
    """Return a layer whose zones are rectangles (x, y, width, height), metres from the farm's origin."""
    layer = ProtectionLayer.objects.create(
        code=code,
        name_ar=code,
        source="وزارة الري",
        dated_on=dt.date(2026, 3, 1),
        loaded_by=builders.a_keeper(),
        covers=builders.a_governorate(),
    )
    for x, y, width, height in boxes:
        polygon = shapely.to_wkb(shapely.Polygon(builders.corners(x, y, width, height)))
        (shape,) = shapes.derive([polygon], builders.RED_BELT).geoms
        geom = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)
        assert isinstance(geom, MultiPolygon)
        ProtectionZone.objects.create(layer=layer, geom=geom)
    return layer


def test_a_new_boundary_and_a_new_layer_make_a_screening_out_of_date() -> None:
    layer = a_layer("roads", (5000, 0, 50, 50))
    parcel, by = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50)), builders.a_keeper()
    services.screen(by=by, at=clock.now(), parcel=parcel)
    moved = builders.a_boundary(5000, 0, 100, 50)
    services.new_version(by=by, at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), boundary=moved)
    assert not parcel.restrictions.filter(ended_on=None).exists()
    services.screen(by=by, at=clock.now(), parcel=parcel)
    assert parcel.restrictions.get(ended_on=None).is_hit
    reload(layer, by)
    assert not parcel.restrictions.filter(ended_on=None).exists()


def reload(layer: ProtectionLayer, by: User) -> None:
    wkb = bytes(shapely.to_wkb(shapely.Polygon(builders.corners(9000, 0, 10, 10))))
    services.load_layer(
        by=by,
        at=clock.now(),
        code=layer.code,
        name_ar="حرم الطرق",
        source="الهيئة العامة للطرق",
        dated_on=dt.date(2026, 5, 1),
        zones=[services.Zone(wkb, "طريق")],
        crs=builders.RED_BELT,
        covers=layer.covers,
    )


def test_a_layer_is_loaded_whole_and_never_empty() -> None:
    layer, by = a_layer("roads", (0, 0, 10, 10), (20, 0, 10, 10)), builders.a_keeper()
    reload(layer, by)
    assert layer.zones.count() == 1
    with pytest.raises(Invalid) as refused:
        services.load_layer(
            by=by,
            at=clock.now(),
            code="nile",
            name_ar="النيل",
            source="الري",
            dated_on=dt.date(2026, 5, 1),
            zones=[],
            covers=layer.covers,
        )
    assert refused.value.code == "layer_empty"
    with pytest.raises(NotAllowed):
        reload(layer, make_user(Role.AUDITOR, place=builders.a_governorate()))


def test_a_layer_is_loaded_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "nile.geojson"
    ring = [[32.27, 30.59], [32.271, 30.59], [32.271, 30.591], [32.27, 30.59]]
    feature = {
        "type": "Feature",
        "properties": {"name": "النيل"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    by = builders.a_keeper()
    options = {"name": "حرم النيل", "source": "وزارة الري", "dated": "2026-03-01", "by": by.username, "covers": "19"}
    flags = [f"--{name}={value}" for name, value in options.items()]
    call_command("load_protection_layer", "nile", str(path), *flags, stdout=io.StringIO())
    assert ProtectionZone.objects.get().name_ar == "النيل"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_protection_layer", "nile", str(path), *flags)


def screened(located: bool = True) -> dict[str, services.file.screening.Finding]:
    boundary = builders.a_boundary(0, 0, 100, 50) if located else None
    parcel = builders.a_parcel(boundary=boundary, located=located)
    found = services.screen(by=builders.a_keeper(), at=clock.now(), parcel=parcel)
    return {finding.code: finding for finding in found}


def test_a_layer_that_is_not_there_is_not_checked() -> None:
    found = screened()
    assert set(found) == set(EXPECTED)
    assert {finding.state for finding in found.values()} == {State.NOT_CHECKED}


def test_an_empty_layer_is_not_checked_and_a_paper_parcel_neither() -> None:
    a_layer("nile")
    assert screened()["nile"].state is State.NOT_CHECKED
    a_layer("roads", (0, 0, 10, 10))
    assert screened(located=False)["roads"].state is State.NOT_CHECKED


def test_an_overlap_is_measured() -> None:
    a_layer("canals", (90, -100, 500, 500))
    hit = screened()["canals"]
    assert hit.state is State.HIT
    assert float(hit.overlap_m2 or 0) == pytest.approx(500, abs=0.01)
    assert hit.distance_m == 0


def test_screening_again_renews_what_was_found() -> None:
    a_layer("roads", (90, 0, 50, 50))
    parcel, by = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50)), builders.a_keeper()
    services.screen(by=by, at=clock.now(), parcel=parcel)
    services.screen(by=by, at=clock.now(), parcel=parcel)
    (row,) = parcel.restrictions.all()
    assert row.is_hit
    assert row.overlap_m2 == pytest.approx(Decimal(500), abs=Decimal("0.01"))


def test_a_clear_screening_is_no_hit() -> None:
    a_layer("roads", (5000, 0, 50, 50))
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))
    services.screen(by=builders.a_keeper(), at=clock.now(), parcel=parcel)
    assert not parcel.restrictions.get().is_hit


def test_a_restriction_from_a_paper_is_entered_and_ended() -> None:
    parcel, by = builders.a_parcel(), builders.a_keeper()
    made = services.restrict(by=by, at=clock.now(), parcel=parcel, text="حظر تغيير الغرض")
    ended = services.end_restriction(by=by, at=clock.now(), restriction=made, on=dt.date(2026, 1, 1), reason="قرار")
    assert ended.ended_on == dt.date(2026, 1, 1)
    with pytest.raises(Conflict):
        services.end_restriction(by=by, at=clock.now(), restriction=made, on=dt.date(2026, 1, 1), reason="قرار")
    with pytest.raises(Invalid):
        services.restrict(by=by, at=clock.now(), parcel=parcel, text="  ")
    with pytest.raises(NotAllowed):
        services.restrict(by=builders.a_keeper(make_place("02")), at=clock.now(), parcel=parcel, text="قيد")


def a_document(state: str = Document.State.CLEAN) -> Document:
    return Document.objects.create(
        sha256="0" * 64,
        size=1,
        media_type="application/pdf",
        filename="a.pdf",
        kind="deed",
        state=state,
        created_by=builders.a_keeper(),
        created_at=clock.now(),
    )


def test_a_document_joins_the_file_unless_it_was_refused() -> None:
    parcel, by = builders.a_parcel(), builders.a_keeper()
    before = parcel.row_version
    made = services.attach_document(by=by, at=clock.now(), parcel=parcel, document=a_document(), title="عقد إيجار")
    parcel.refresh_from_db()
    assert parcel.documents.get() == made
    assert parcel.row_version > before
    with pytest.raises(Conflict):
        services.attach_document(
            by=by, at=clock.now(), parcel=parcel, document=a_document(Document.State.REFUSED), title="ملف"
        )


# ---- assets ----------------------------------------------------------------------------------------------------------


def test_assets_stand_alone_or_on_a_parcel_and_count_by_kind() -> None:
    beach = builders.an_asset(kind=Asset.Kind.BEACH)
    again = builders.an_asset(kind=Asset.Kind.BEACH)
    assert beach.parcel is None
    assert beach.asset_code != again.asset_code
    shop = builders.an_asset(parcel=builders.a_parcel(), kind=Asset.Kind.SHOP, facts={"floor": 1, "area_m2": "12"})
    assert (shop.floor, shop.area_m2, shop.status) == (1, 12, "FREE")


@pytest.mark.parametrize(("facts", "code"), [({"colour": "red"}, "fact_unknown"), ({"floor": "high"}, "fact_invalid")])
def test_what_an_asset_cannot_be_is_refused(facts: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        builders.an_asset(facts=facts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("POINT(10 50)", "geometry_outside_egypt"),
        ("POINT EMPTY", "geometry_outside_egypt"),
        ("POLYGON((32 30, 32.1 30.1, 32.1 30, 32 30.1, 32 30))", "geometry_invalid"),
    ],
)
def test_the_shape_of_an_asset_is_sound_and_in_egypt(wkt: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        builders.an_asset(geom=GEOSGeometry(wkt, srid=4326))
    assert refused.value.code == code


def test_an_asset_is_closed_when_nothing_stands_in_it() -> None:
    by = builders.a_keeper()
    building = builders.an_asset(kind=Asset.Kind.BUILDING)
    unit = builders.an_asset(kind=Asset.Kind.UNIT, parent=building)
    builders.a_holding(asset=unit, last_day=dt.date(2025, 12, 31))
    close = {"by": by, "at": clock.now()}
    with pytest.raises(Conflict) as refused:
        services.close_asset(asset=building, on=dt.date(2026, 1, 1), **close)
    assert refused.value.code == "units_stand"
    with pytest.raises(Conflict) as refused:
        services.close_asset(asset=unit, on=dt.date(2025, 6, 1), **close)
    assert refused.value.code == "holding_stands"
    services.close_asset(asset=unit, on=dt.date(2026, 1, 1), **close)
    services.close_asset(asset=building, on=dt.date(2026, 1, 1), **close)
    with pytest.raises(Conflict):
        builders.a_holding(asset=unit, start=dt.date(2026, 2, 1))


def test_an_asset_of_another_governorate_is_not_registered_here() -> None:
    with pytest.raises(NotAllowed):
        builders.an_asset(by=builders.a_keeper(make_place("02")), custodian=make_custodian())


def test_who_may_not_keep_may_still_file() -> None:
    lawyer = make_user(Role.LEGAL_OFFICER, place=builders.a_governorate())
    parcel = builders.a_parcel()
    assert services.restrict(by=lawyer, at=clock.now(), parcel=parcel, text="حكم").pk
    with pytest.raises(NotAllowed):
        services.new_version(by=lawyer, at=clock.now(), parcel=parcel, on=dt.date(2024, 1, 1), facts={"street": "شارع"})
