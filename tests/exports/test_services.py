"""Asking for files: who may, what is refused, whose rights count, what the trail says."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.utils import translation

from authority import clock
from authority.models import AuditEvent, Role, RoleHolding
from authority.refusal import Refusal
from documents import services as documents
from documents.policies import may_read
from exports import formats, services
from exports.models import Export
from jobs.models import Job
from jobs.schedule import system_user
from tests.authority.builders import make_user
from tests.exports.builders import ask, body, features, made, write
from tests.parcels.builders import a_governorate, a_hod, a_keeper, a_parcel

pytestmark = pytest.mark.django_db


def test_a_request_and_its_job_and_its_line_in_the_trail_are_one() -> None:
    a_parcel()
    export = ask(format="gpkg", srid=22992, filters={"status": "FREE"})
    assert Job.objects.filter(name="exports.write", payload={"export": str(export.pk)}).count() == 1
    event = AuditEvent.objects.get(action="exports.requested", object_id=str(export.pk))
    assert event.detail == {"layers": ["parcels"], "filters": {"status": "FREE"}, "format": "gpkg", "srid": 22992}


def test_a_written_file_is_counted_and_named_and_recorded() -> None:
    a_parcel()
    export = made()
    assert (export.state, export.rows) == (Export.State.READY, 1)
    assert export.document is not None
    assert export.document.filename.startswith("amlak-parcels-")
    event = AuditEvent.objects.get(action="exports.written", object_id=str(export.pk))
    assert (event.detail["rows"], event.detail["sha256"]) == (1, export.document.sha256)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"format": "pdf"}, "format_unknown"),
    ({"format": ["gpkg"]}, "format_unknown"),
    ({"layers": []}, "layers_invalid"),
    ({"layers": [1]}, "layers_invalid"),
    ({"layers": ["parcels", "places"], "format": "geojson"}, "layers_invalid"),
    ({"layers": ["-oo", "/vsicurl/x"]}, "layer_unknown"),
    ({"srid": 3857}, "srid_not_allowed"),
    ({"srid": "EPSG:22992"}, "srid_not_allowed"),
    ({"srid": "+proj=utm"}, "srid_not_allowed"),
    ({"srid": True}, "srid_not_allowed"),
    ({"srid": [22992]}, "srid_not_allowed"),
    ({"srid": 22992, "format": "geojson"}, "srid_not_allowed"),
    ({"encoding": "utf-16"}, "encoding_not_allowed"),
    ({"filters": []}, "field_invalid"),
    ({"filters": {"colour": "red"}}, "filter_unknown"),
    ({"layers": ["parcels", "cases"], "filters": {"status": "LEASED"}}, "filter_not_of_layer"),
    ({"layers": ["parcels", "places"], "filters": {"use": "VACANT"}}, "filter_not_of_layer"),
    ({"filters": {"status": "RED"}}, "filter_invalid"),
    ({"filters": {"status": {}}}, "field_invalid"),
    ({"filters": {"place": "19\x00"}}, "field_invalid"),
    ({"filters": {"place": "x" * 5000}}, "field_invalid"),
    ({"filters": {"bbox": "1,2,3"}}, "field_invalid"),
    ({"filters": {"bbox": "nan,nan,nan,nan"}}, "field_invalid"),
    ({"filters": {"bbox": "40,30,10,20"}}, "field_invalid"),
    ({"filters": {"ids": "not-an-id"}}, "field_invalid"),
    ({"filters": {"on": "2020-13-01"}}, "filter_invalid"),
    ({"filters": {"place": "77"}}, "export_empty"),
]


@pytest.mark.parametrize(("asked", "code"), REFUSED)
def test_what_cannot_be_made_is_refused_with_its_code(asked: dict[str, Any], code: str) -> None:
    a_parcel()
    with pytest.raises(Refusal) as refused:
        ask(**asked)
    assert refused.value.code == code
    assert not Export.objects.exists()


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.ADMIN])
def test_who_may_not_read_the_register_may_not_carry_it_away(role: Role) -> None:
    a_parcel()
    with pytest.raises(Refusal) as refused:
        ask(make_user(role))
    assert refused.value.code == "export_not_allowed"


def test_more_than_a_file_may_hold_is_refused_before_it_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        a_parcel()
    small = formats.Format("gpkg", "", "", "gpkg", 2)  # type: ignore[arg-type]
    monkeypatch.setitem(formats.FORMATS, "gpkg", small)
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.code == "export_too_many"
    assert refused.value.params == {"limit": 2}


def test_one_person_has_only_a_few_files_in_the_making() -> None:
    a_parcel()
    by = a_keeper()
    for _ in range(formats.WAITING_AT_ONCE):
        ask(by)
    with pytest.raises(Refusal) as refused:
        ask(by)
    assert refused.value.code == "export_queue_full"


def test_rights_are_asked_again_when_the_file_is_written() -> None:
    inside = a_parcel()
    by = a_keeper()
    export = ask(by)
    RoleHolding.objects.filter(user=by).update(office=make_user_office("02"))
    assert write(export).refusal == "export_empty"
    assert inside.place.governorate_code == "19"


def make_user_office(code: str) -> Any:
    """Return an office of another governorate."""
    holder = make_user(Role.GIS_OFFICER, place=a_governorate(code))
    return RoleHolding.objects.get(user=holder).office


def test_a_file_of_somebody_disabled_meanwhile_is_not_written() -> None:
    a_parcel()
    by = a_keeper()
    export = ask(by)
    by.is_active = False
    by.save()
    assert (write(export).state, export.refusal) == (Export.State.FAILED, "export_not_allowed")


def test_nobody_but_who_asked_can_have_the_file() -> None:
    a_parcel()
    export = made()
    with pytest.raises(Refusal) as refused:
        services.hand_out(export.pk, by=a_keeper(), at=clock.now())
    assert refused.value.code == "export_not_found"
    assert export.document is not None
    assert not may_read(a_keeper(), export.document)


def test_after_rights_changed_the_old_file_is_not_handed_out_by_any_door() -> None:
    a_parcel()
    export = made()
    RoleHolding.objects.filter(user=export.created_by).update(role=Role.SURVEYOR)
    with pytest.raises(Refusal) as refused:
        body(export)
    assert refused.value.code == "export_rights_changed"
    assert export.document is not None
    assert not may_read(export.created_by, export.document)


def test_a_download_is_recorded() -> None:
    a_parcel()
    export = made()
    body(export)
    assert AuditEvent.objects.filter(action="exports.handed_out", object_id=str(export.pk)).count() == 1


def test_a_job_that_finally_fails_leaves_a_request_that_says_so() -> None:
    a_parcel()
    export = ask()
    services.fail(export.pk, services.BROKEN)
    export.refresh_from_db()
    assert (export.state, export.refusal) == (Export.State.FAILED, "export_broken")


def test_filters_narrow_the_rows() -> None:
    hod = a_hod(number=1)
    wanted, other = a_parcel(place=hod), a_parcel(place=a_hod(number=2))
    by = a_keeper()
    assert set(features(made(by, filters={"place": hod.code})).id) == {str(wanted.pk)}
    assert set(features(made(by, filters={"ids": str(other.pk)})).id) == {str(other.pk)}
    assert len(features(made(by, filters={"status": "FREE,LEASED"}))) == 2
    middle, edge = wanted.versions.get().geom.centroid, 1e-5
    box = f"{middle.x - edge},{middle.y - edge},{middle.x + edge},{middle.y + edge}"
    assert set(features(made(by, filters={"bbox": box})).id) == {str(wanted.pk)}


def test_a_row_that_two_values_of_a_filter_hold_comes_once() -> None:
    hod = a_hod()
    a_parcel(place=hod)
    assert len(features(made(filters={"place": f"{hod.code},19"}))) == 1


def test_titles_speak_the_language_of_who_asked() -> None:
    a_parcel()
    with translation.override("en"):
        export = ask()
    assert export.options["language"] == "en"


def test_a_filter_that_all_layers_know_narrows_each_of_them() -> None:
    hod = a_hod(number=1)
    a_parcel(place=hod)
    a_parcel(place=a_hod(number=2))
    export = made(layers=["parcels", "places"], filters={"place": hod.code})
    assert len(features(export)) == 1
    assert hod.code not in ("", "19")


def aged(export: Export, days: int) -> Export:
    """Let a file be that old."""
    export.ended_at = clock.now() - dt.timedelta(days=days)
    export.save(update_fields=["ended_at"])
    return export


@pytest.mark.parametrize(("days", "state"), [(13, Export.State.READY), (15, Export.State.EXPIRED)])
def test_a_file_is_kept_for_fourteen_days(days: int, state: str) -> None:
    a_parcel()
    export = aged(made(), days)
    services.expire(by=system_user(), at=clock.now())
    export.refresh_from_db()
    assert export.state == state


def test_of_a_file_kept_no_longer_the_request_stays_and_the_bytes_go() -> None:
    a_parcel()
    export = aged(made(), 15)
    assert export.document is not None
    path = documents.open_file(export.document)
    assert services.expire(by=system_user(), at=clock.now()) == 1
    assert services.expire(by=system_user(), at=clock.now()) == 0
    with pytest.raises(Refusal) as refused:
        body(export)
    assert (refused.value.code, refused.value.status) == ("export_expired", 410)
    assert AuditEvent.objects.filter(action="exports.expired", object_id=str(export.pk)).count() == 1
    assert documents.sweep(now=time.time() + 2 * 24 * 3600) >= 1
    assert not path.exists()
    assert Export.objects.get(pk=export.pk).rows == 1


def test_bytes_that_another_record_needs_stay() -> None:
    a_parcel()
    first = made(format="geojson")
    second = made(first.created_by, format="geojson")
    assert first.document is not None
    assert second.document is not None
    assert first.document.sha256 == second.document.sha256
    aged(first, 15)
    services.expire(by=system_user(), at=clock.now())
    documents.sweep(now=time.time() + 2 * 24 * 3600)
    assert body(second)
