"""The officer's pen in pages: what is typed reaches the book, what is refused stands again with its reason."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
import shapefile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authority.models import Place, Role
from authority.services import name_place
from parcels.models import Allocation, ControlPoint, Corner, Parcel, ParcelVersion, ProtectionLayer
from parcels.selectors import standing_version
from search import registry
from search.selectors import ask, page
from tests.authority.builders import make_user
from tests.parcels import builders
from tests.parties.builders import make_party
from tests.surveys.builders import belt_prj

pytestmark = pytest.mark.django_db


def signed_in(role: str = Role.PROPERTY_OFFICER) -> Client:
    user = make_user(role, place=builders.a_governorate())
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


def act(parcel: Parcel, name: str, data: dict[str, Any], client: Client | None = None, query: str = "") -> Any:
    parcel.refresh_from_db()
    sent = {"row_version": parcel.row_version} | data
    return (client or signed_in()).post(f"/parcels/{parcel.pk}/acts/{name}/{query}", sent)


def new_parcel(**more: Any) -> dict[str, Any]:
    from tests.authority.builders import make_custodian

    return {
        "place": builders.a_hod().code, "number": "ضمن ٤٥", "custodian": make_custodian().code, "legal_from": "٠١/٠١/١٩٦٠",
        "basis": "دفتر حصر ١٩٦٠", "ownership_class": "STATE_PRIVATE", "land_use": "AGRI_OLD", "governing_area": "DEED",
        "confidence": "UNVERIFIED", "deed_area_m2": "٢ف ٤ط –س", "boundary_n": "ترعة", "len_n": "٥٢٫٤",
        "register_book": "3", "register_page": "112", "register_no": "45",
    } | more  # fmt: skip


def test_a_parcel_is_registered_from_the_paper_book_by_its_words() -> None:
    answer = signed_in().post("/parcels/new/", new_parcel())
    parcel = Parcel.objects.get()
    assert answer.headers["Location"] == f"/parcels/{parcel.pk}/"
    version = standing_version(parcel)
    assert str(version.deed_area_m2) == "9101.8056"
    assert (version.parcel_no_raw, version.is_part_of, str(version.len_n)) == ("ضمن ٤٥", True, "52.400")
    assert version.legal_range.lower == dt.date(1960, 1, 1)
    assert version.geom is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"place": "x"}, "place"), ({"deed_area_m2": "2ف 24ط"}, "deed_area_m2"), ({"legal_from": "31/02/1960"}, "legal_from"),
     ({"custodian": "nobody"}, "custodian"), ({"sheet_scale": "1,5"}, "sheet_scale"), ({"number": ""}, "number")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_stands(
    wrong: dict[str, str], field: str
) -> None:
    answer = signed_in().post("/parcels/new/", new_parcel(**wrong))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert "دفتر حصر" in answer.content.decode()
    assert not Parcel.objects.exists()


def test_a_change_writes_only_what_differs() -> None:
    parcel = builders.a_parcel(hamlet="عزبة")
    version = standing_version(parcel)
    form = signed_in().get(f"/parcels/{parcel.pk}/acts/change/").context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    answer = act(parcel, "change", data | {"kind": "law", "on": "01/07/2025", "basis": "قرار 9", "land_use": "ROAD"})
    assert answer.status_code == 302, answer.context["form"].errors
    now = standing_version(parcel)
    assert (now.land_use, now.hamlet, now.basis) == ("ROAD", "عزبة", "قرار 9")
    assert version.source_geom == now.source_geom
    assert ParcelVersion.objects.filter(parcel=parcel).count() == 3


def test_a_page_that_is_out_of_date_writes_nothing() -> None:
    parcel = builders.a_parcel()
    answer = act(parcel, "number", {"number": "EG-1", "row_version": parcel.row_version - 1})
    assert answer.status_code == 412
    assert "EG-1" in answer.content.decode()
    parcel.refresh_from_db()
    assert parcel.unified_property_no is None


def test_a_decree_of_custody_is_written_on_a_page() -> None:
    from tests.authority.builders import make_custodian

    parcel = builders.a_parcel()
    to = make_custodian("awqaf")
    data = {"custodian": to.code, "on": "01/05/2024", "decree_no": "44 لسنة 2024", "decree_on": "20/04/2024"}
    assert act(parcel, "custody", data).status_code == 302
    shown = signed_in(Role.AUDITOR).get(f"/parcels/{parcel.pk}/?tab=land").content.decode()
    assert "44 لسنة 2024" in shown


def test_an_allocation_is_written_used_and_withdrawn_on_pages() -> None:
    parcel = builders.a_parcel()
    body = make_party(kind="PUBLIC_BODY", name_ar="مديرية الصحة")
    data = {
        "body": str(body.pk),
        "purpose": "مستشفى",
        "decree_no": "9",
        "decree_on": "01/01/2024",
        "starts_on": "01/02/2024",
    }
    assert act(parcel, "allocate", data).status_code == 302
    one = Allocation.objects.get()
    assert act(parcel, "use", {"on": "01/06/2024"}, query=f"?of={one.pk}").status_code == 302
    back = {"last_day": "31/12/2024", "decree_no": "12", "decree_on": "01/12/2024", "reason": "لم تستخدم"}
    assert act(parcel, "withdraw", back, query=f"?of={one.pk}").status_code == 302
    assert act(parcel, "withdraw", back, query=f"?of={one.pk}").status_code == 409
    assert act(parcel, "withdraw", back, query="?of=x").status_code == 404


def test_corners_are_marked_in_a_table() -> None:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))
    rows: dict[str, Any] = {}
    for row in range(4):
        rows |= {
            f"number_{row}": f"ح{row}",
            f"monument_{row}": "IRON",
            f"method_{row}": "GNSS_RTK",
            f"sigma_m_{row}": "٠٫٠٢",
        }
    assert act(parcel, "corners", rows, signed_in(Role.SURVEYOR)).status_code == 302
    assert sorted(Corner.objects.values_list("number", flat=True)) == ["ح0", "ح1", "ح2", "ح3"]
    assert {row.sigma_m for row in Corner.objects.all()} == {0.02}


def test_a_paper_is_put_into_the_file_and_can_be_read_by_who_sees_the_parcel() -> None:
    parcel = builders.a_parcel()
    file = SimpleUploadedFile("عقد.pdf", b"%PDF-1.7 x")
    assert (
        act(parcel, "attach", {"file": file, "type": "CONTRACT", "title": "عقد قديم", "number": "7"}).status_code == 302
    )
    document = parcel.documents.get().document
    assert (document.type, document.number) == ("CONTRACT", "7")
    answer = signed_in(Role.AUDITOR).get(f"/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    stranger = Client()
    stranger.force_login(make_user(Role.AUDITOR, place=builders.a_governorate("02")))
    assert stranger.get(f"/documents/{document.pk}/").status_code == 404


def test_who_may_not_is_told_who_may() -> None:
    parcel = builders.a_parcel()
    client = signed_in(Role.AUDITOR)
    assert "Property officer" in client.get(f"/parcels/{parcel.pk}/acts/change/").content.decode()
    assert act(parcel, "number", {"number": "EG-1"}, client).status_code == 403


def test_places_and_bodies_are_found_while_they_are_typed() -> None:
    hod = builders.a_hod()
    make_party(kind="PUBLIC_BODY", name_ar="مديرية الصحة")
    make_party(kind="COMPANY", name_ar="شركة الصحة")
    client = signed_in()
    assert hod.code in client.get("/parcels/pick/places/?name=place&place_q=الملقه").content.decode()
    bodies = client.get("/parcels/pick/bodies/?name=body&body_q=الصحة").content.decode()
    assert "مديرية الصحة" in bodies
    assert "شركة" not in bodies


# ---- the reference ---------------------------------------------------------------------------------------------------


def lines_zip() -> bytes:
    shp, shx, dbf, out = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    writer = shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=3)
    writer.field("name", "C", 40)
    writer.line([[(736_120, 873_000), (736_120, 879_000)]])
    writer.record("training line")
    writer.close()
    with zipfile.ZipFile(out, "w") as packed:
        for name, part in (("l.shp", shp), ("l.shx", shx), ("l.dbf", dbf)):
            packed.writestr(name, part.getvalue())
        packed.writestr("l.prj", belt_prj())
    return out.getvalue()


def layer(file: bytes, name: str, **more: str) -> dict[str, Any]:
    return {
        "code": "nile", "name_ar": "حرم النيل", "source": "وزارة الري", "dated_on": "01/03/2026", "covers": "19",
        "feature": "TRAINING_LINE", "crs": "", "file": SimpleUploadedFile(name, file),
    } | more  # fmt: skip


def test_a_protection_layer_is_loaded_from_a_shapefile_and_parcels_are_judged_by_it() -> None:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))
    answer = signed_in(Role.GIS_OFFICER).post("/reference/protection/", layer(lines_zip(), "l.zip"))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert act(parcel, "screen", {}).status_code == 302
    row = parcel.restrictions.get(ended_on=None)
    assert (row.verdict, row.distance_m) == ("PROHIBITED", pytest.approx(20, abs=0.02))
    shown = signed_in(Role.AUDITOR).get(f"/parcels/{parcel.pk}/").content.decode()
    assert "prohibited" in shown


def test_a_protection_layer_is_loaded_from_geojson() -> None:
    line = {"type": "LineString", "coordinates": [[32.26, 30.58], [32.26, 30.6]]}
    data = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": "خط"}, "geometry": line}],
    }
    answer = signed_in(Role.GIS_OFFICER).post("/reference/protection/", layer(json.dumps(data).encode(), "a.geojson"))
    assert answer.status_code == 302
    assert ProtectionLayer.objects.get().zones.get().feature == "TRAINING_LINE"


@pytest.mark.parametrize(
    "file", [b"", b"{", b"{}", b'{"features": []}', b"PK\x03\x04", b"x" * 1000, b'{"features": [{"geometry": null}]}']
)
def test_what_is_no_layer_is_refused_and_the_old_one_stays(file: bytes) -> None:
    answer = signed_in(Role.GIS_OFFICER).post("/reference/protection/", layer(file, "a.zip"))
    assert answer.status_code == 400
    assert not ProtectionLayer.objects.exists()


def test_a_control_point_is_entered_and_visited_on_pages() -> None:
    client = signed_in(Role.SURVEYOR)
    data = {
        "name": "ث-12", "place": builders.a_hod().code, "crs": "EPSG:22992", "east": "736862.874", "north": "876796.578",
        "order": "SECOND", "monument": "CONCRETE", "sigma_m": "0.01", "description": "أعلى المدرسة",
    }  # fmt: skip
    assert client.post("/reference/control-points/", data).status_code == 302
    point = ControlPoint.objects.get()
    address = f"/reference/control-points/{point.pk}/"
    assert client.post(address, {"condition": "DAMAGED", "visited_on": "01/02/2026"}).status_code == 302
    shown = client.get(address).content.decode()
    assert "736,862.8740" in shown
    assert "32.27230" in shown
    assert "أعلى المدرسة" in shown


def test_a_place_is_found_by_its_other_names() -> None:
    hod = builders.a_hod()
    assert (
        signed_in().post(f"/reference/places/{hod.code}/", {"aliases": "الملجة\nالملجة\n \nحوض الباشا"}).status_code
        == 302
    )
    hod.refresh_from_db()
    assert hod.aliases == ["الملجة", "حوض الباشا"]
    kind = registry.find("place")
    assert kind is not None
    found = page(ask(builders.a_keeper(), "حوض الباشا"), kind).hits
    assert [hit.code for hit in found] == [hod.code]


def test_parcels_follow_the_other_names_of_their_place() -> None:
    parcel = builders.a_parcel(number="77")
    from authority import clock

    name_place(by=builders.a_keeper(), at=clock.now(), place=Place.objects.get(pk=parcel.place_id), aliases=["الباشا"])
    kind = registry.find("parcel")
    assert kind is not None
    assert [hit.id for hit in page(ask(builders.a_keeper(), "77 الباشا"), kind).hits] == [str(parcel.pk)]


def test_a_rule_is_proposed_and_put_in_force_by_another_on_pages() -> None:
    author, other = signed_in(Role.LEGAL_OFFICER), signed_in(Role.LEGAL_OFFICER)
    rule = {"params": '{"bands": {"AREA": [[25, "PROHIBITED"]]}}', "starts_on": "01/01/2024", "source": "قانون 84/1968"}
    assert author.post("/reference/rules/propose/protection.roads/", rule).status_code == 302
    shown = other.get("/reference/rules/").context["waiting"]
    assert [row["may"] for row in shown] == [True]
    address = f"/reference/rules/{shown[0]['rule'].pk}/decide/"
    assert author.post(address, {"act": "enforce"}).status_code == 403
    assert other.post(address, {"act": "enforce"}).status_code == 302
    assert "25 m" in other.get("/reference/rules/").content.decode()
    bad = rule | {"params": '{"bands": {}}'}
    assert author.post("/reference/rules/propose/protection.roads/", bad).status_code == 400


# ---- locating, doubles, judgments, upkeep ----------------------------------------------------------------------------


def test_a_paper_parcel_is_located_by_typed_corners_and_accepted_by_another() -> None:
    from surveys.models import Submission
    from tests.surveys.builders import work

    parcel = builders.a_parcel(number="ضمن 45", located=False, deed_area_m2="5000")
    corners = "736000.00 876050.00\n736100 876050\n٧٣٦١٠٠ ٨٧٦٠٠٠\n736000 876000"
    data = {"corners": corners, "crs": "EPSG:22992", "survey_method": "TOTAL_STATION", "survey_accuracy_m": "0.05"}
    answer = act(parcel, "locate", data, signed_in(Role.SURVEYOR))
    held = Submission.objects.get()
    assert answer.headers["Location"] == f"/surveys/{held.pk}/"
    work()
    held.refresh_from_db()
    assert (held.state, held.block_count) == ("REPORTED", 0), list(held.faults.values("code", "params"))
    from surveys.services import accept

    accept(by=make_user(Role.GIS_OFFICER, place=builders.a_governorate()), at=clock_now(), submission=held)
    work()
    now = standing_version(parcel)
    assert now.source_crs == "EPSG:22992"
    assert (str(now.survey_area_m2), now.survey_method) == ("5000.0000", "TOTAL_STATION")
    assert Parcel.objects.count() == 1


def clock_now() -> dt.datetime:
    from authority import clock

    return clock.now()


@pytest.mark.parametrize(
    "data",
    [
        {}, {"corners": "1 2\n3"}, {"corners": "a b"}, {"corners": "736000 876050\n736100 876050"},
        {"corners": "736000 876000\n736100 876100\n736100 876000\n736000 876100"},
        {"corners": "736000 876050\n736100 876050\n736100 876000", "geometry": '{"type":"Point","coordinates":[1,2]}'},
    ],
)  # fmt: skip
def test_corners_that_make_no_boundary_are_refused(data: dict[str, str]) -> None:
    from surveys.models import Submission

    parcel = builders.a_parcel(located=False)
    answer = act(parcel, "locate", {"crs": "EPSG:22992", "survey_method": "SKETCH"} | data, signed_in(Role.SURVEYOR))
    assert answer.status_code == 400
    assert not Submission.objects.exists()


def test_a_double_is_ended_on_a_page_by_its_code() -> None:
    keep, drop = builders.a_parcel(), builders.a_parcel(located=False)
    data = {"other": drop.parcel_code, "on": "01/01/2026", "basis": "مذكرة 7"}
    assert act(keep, "double", data | {"other": "nothing"}).status_code == 400
    assert act(keep, "double", data).status_code == 302
    drop.refresh_from_db()
    assert drop.closed_on == dt.date(2026, 1, 1)


def test_a_judgment_corrects_an_entry_and_its_copy_joins_the_file() -> None:
    parcel = builders.a_parcel(deed_area_m2="5000")
    data = {
        "court": "محكمة الإسماعيلية", "number": "7", "year": "2025", "dated_on": "01/12/2025", "effect": "correct",
        "on": "01/01/2024", "deed_area_m2": "4800", "file": SimpleUploadedFile("h.pdf", b"%PDF-1.7 x"),
    }  # fmt: skip
    assert act(parcel, "judgment", data).status_code == 302
    now = standing_version(parcel)
    assert str(now.deed_area_m2) == "4800.0000"
    assert "محكمة الإسماعيلية" in now.basis
    assert parcel.documents.count() == 1


def test_the_worklist_is_worked_on_a_page() -> None:
    from parcels.models import WorkItem
    from parcels.services import look_for_work

    parcel = builders.a_parcel(located=False, deed_area_m2="100")
    look_for_work(governorate="19", at=clock_now())
    item = WorkItem.objects.get(parcel=parcel)
    client = signed_in(Role.GIS_OFFICER)
    assert "not located" in client.get("/work/").content.decode().lower()
    assert client.post("/work/", {"act": "take"}).status_code == 400
    assert client.post("/work/", {"act": "take", "item": str(item.pk)}).status_code == 302
    assert client.get("/work/?mine=1").context["rows"][0]["item"] == item
    assert client.post("/work/", {"act": "aside", "item": str(item.pk)}).status_code == 400


def test_an_inventory_runs_from_page_to_page_to_its_signature() -> None:
    parcel = builders.a_parcel(number="12")
    officer, head = signed_in(), signed_in(Role.DISTRICT_HEAD)
    data = {"place": parcel.place.code, "year": "٢٠٢٥", "as_of": "30/06/2025"}
    address = officer.post("/inventory/", data).headers["Location"]
    assert officer.post("/inventory/", data).status_code == 409
    line = officer.get(address).context["page"].object_list[0]
    wrong = officer.post(f"{address}lines/{line.pk}/", {"finding": "DIFFERS"})
    assert wrong.status_code == 400
    told = {"finding": "DIFFERS", "found_use": "ROAD", "note": "=HYPERLINK(1)"}
    assert officer.post(f"{address}lines/{line.pk}/", told).headers["Location"] == address
    table = officer.get(f"{address}differences/").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in table
    assert officer.post(f"{address}sign/").status_code == 403
    assert head.post(f"{address}sign/").status_code == 302
    assert "signed" in head.get(address).content.decode()
