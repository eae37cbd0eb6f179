"""What stands in the files: coordinates, texts, titles, styles, and nothing that computes."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import shapefile
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exports.systems import placed, way_to_wgs84
from exports.writing import dbf
from exports.writing.unarmed import unarmed
from parcels.facts import Boundary
from tests.exports.builders import body, features, geojson, made, on_disk, tables, unpacked
from tests.parcels.builders import a_hod, a_holding, a_parcel, an_asset

# domain.md §3.3: place → longitude, latitude, belt, E, N, UTM zone, E, N.
GOLDEN = [
    ("Cairo", 31.2357, 30.0444, 22992, 637570.862, 814926.671, 32636, 329899.643, 3325016.736),
    ("Alexandria", 29.9187, 31.2001, 22992, 511785.130, 943532.078, 32635, 778109.404, 3455449.854),
    ("Ismailia", 32.2723, 30.5965, 22992, 736862.874, 876796.578, 32636, 430237.646, 3385110.893),
    ("Aswan", 32.8998, 24.0889, 22992, 808033.096, 156312.106, 32636, 489815.560, 2664072.697),
    ("Sharm", 34.3299, 27.9158, 22991, 233867.886, 869163.475, 32636, 630867.269, 3088586.302),
    ("Matrouh", 27.2373, 31.3543, 22993, 722424.782, 350145.731, 32635, 522569.936, 3468892.673),
    ("Siwa", 25.5195, 29.2032, 22993, 555860.776, 112566.022, 32635, 356073.877, 3231406.169),
    ("Farafra", 27.9700, 27.0567, 22994, 796073.870, 874149.370, 32635, 596193.131, 2993085.722),
]


@pytest.mark.parametrize("golden", GOLDEN, ids=[one[0] for one in GOLDEN])
def test_golden_points_come_out_within_a_millimetre(golden: tuple[Any, ...]) -> None:
    _name, lon, lat, belt, east, north, utm, utm_east, utm_north = golden
    point = np.array([shapely.Point(lon, lat)], dtype=object)
    for srid, wanted in ((belt, (east, north)), (utm, (utm_east, utm_north))):
        found = shapely.get_coordinates(placed(point, 4326, srid))[0]
        assert found == pytest.approx(wanted, abs=1e-3)


def test_a_system_outside_the_list_has_no_way() -> None:
    with pytest.raises(LookupError):
        way_to_wgs84(4199)


@pytest.mark.django_db
@pytest.mark.parametrize(("format", "srid"), [("gpkg", 22992), ("shp", 22992), ("gpkg", 32636), ("shp", 4326)])
def test_a_point_of_the_land_stands_where_it_was_surveyed_through_every_door(format: str, srid: int) -> None:
    """Ismailia's golden point is the parcel's south-west corner."""
    ring = shapely.box(736862.874, 876796.578, 736962.874, 876846.578)
    a_parcel(boundary=Boundary(shapely.to_wkb(ring), "EPSG:22992", method="GNSS_RTK", accuracy_m=0.03))
    found = features(made(format=format, srid=srid))
    assert found.crs.to_epsg() == srid
    wanted = {22992: (736862.874, 876796.578), 32636: (430237.646, 3385110.893), 4326: (32.2723, 30.5965)}[srid]
    near = min(shapely.get_coordinates(found.geometry.to_numpy()), key=lambda xy: float(np.hypot(*(xy - wanted))))
    assert near == pytest.approx(wanted, abs=1e-3 if srid != 4326 else 1e-8)


@pytest.mark.django_db
def test_geojson_is_as_rfc_7946_wants_it_and_loses_no_digit() -> None:
    parcel = a_parcel()
    found = geojson(made(format="geojson"))
    feature = found["features"][0]
    assert "crs" not in found
    assert feature["id"] == str(parcel.pk)
    ring = feature["geometry"]["coordinates"][0][0]
    assert shapely.LinearRing(ring).is_ccw
    own = parcel.versions.get().geom.coords[0][0]
    assert {(round(x, 9), round(y, 9)) for x, y in ring} == {(round(x, 9), round(y, 9)) for x, y in own}
    assert all(len(repr(x).partition(".")[2]) >= 9 for x, _y in ring)


@pytest.mark.django_db
def test_a_paper_parcel_without_a_drawing_is_in_every_file() -> None:
    a_parcel(located=False)
    assert geojson(made(format="geojson"))["features"][0]["geometry"] is None
    for format in ("gpkg", "shp"):
        assert features(made(format=format)).geometry.isna().all()
    assert len(sheet(made(format="xlsx"), 1)) == 2


@pytest.mark.django_db
def test_a_geopackage_holds_styles_and_arabic_titles() -> None:
    a_parcel()
    with tables(made()) as database:
        styles = dict(database.execute("SELECT styleName, styleQML FROM layer_styles WHERE f_table_name = 'parcels'"))
        default = database.execute("SELECT styleName FROM layer_styles WHERE useAsDefault = 1").fetchall()
        titles = dict(database.execute("SELECT column_name, title FROM gpkg_data_columns"))
    assert set(styles) == {"status", "use", "custodian"}
    assert default == [("status",)]
    assert "متعدى عليها" in styles["status"]
    assert "LinePatternFill" in styles["status"]
    assert (titles["number"], titles["custodian_name"]) == ("رقم القطعة", "جهة الولاية")


@pytest.mark.django_db
def test_things_of_several_kinds_stand_in_a_table_each() -> None:
    parcel = a_parcel()
    an_asset(parcel=parcel, geom=parcel.versions.get().geom.centroid)
    an_asset(parcel=parcel, geom=parcel.versions.get().geom)
    export = made(layers=["assets"])
    assert list(features(export, "assets_points").geometry.geom_type) == ["MultiPoint"]
    assert list(features(export, "assets_polygons").geometry.geom_type) == ["MultiPolygon"]


@pytest.mark.django_db
def test_a_shapefile_brings_its_system_its_encoding_and_the_meaning_of_its_names() -> None:
    a_parcel(street="شارع الجيش")
    archive = unpacked(made(format="shp", srid=22992))
    assert archive.read("parcels.cpg") == b"UTF-8"
    assert b"Egypt_Red_Belt" in archive.read("parcels.prj")
    lines = list(csv.reader(io.StringIO(archive.read("fields.csv").decode("utf-8-sig"))))
    meaning = {line[1]: line[3] for line in lines[1:]}
    assert (meaning["number"], meaning["custodia_2"]) == ("رقم القطعة", "جهة الولاية")
    with on_disk(made(format="shp")) as folder:
        names = [field[0] for field in shapefile.Reader(str(folder / "parcels.shp")).fields[1:]]
    assert set(names) == set(meaning)
    assert all(len(name) <= 10 and name.isascii() for name in names)


@pytest.mark.django_db
def test_a_long_text_is_cut_between_letters_and_the_file_says_so() -> None:
    a_parcel(street="ح" * 150)
    export = made(format="shp")
    assert export.notes == [{"code": "text_cut", "layer": "parcels", "column": "street", "rows": 1}]
    assert features(export).street[0] == "ح" * 127
    assert "street" in unpacked(export).read("notes.txt").decode()


@pytest.mark.django_db
def test_cp1256_has_latin_digits_and_reads_back() -> None:
    a_parcel(street="عمارة ٨ شارع یحیی")
    export = made(format="shp", encoding="cp1256")
    assert unpacked(export).read("parcels.cpg") == b"1256"
    found = features(export)
    assert found.street[0] == "عمارة 8 شارع يحيي"
    assert found.status_ar[0] == "متاحة"


def sheet(export: Any, number: int) -> list[list[Any]]:
    """Return the rows of a sheet of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(body(export)))
    return [list(row) for row in book.worksheets[number].iter_rows(values_only=True)]


@pytest.mark.django_db
def test_the_workbook_sums_areas_by_place_and_status_and_reads_from_the_right() -> None:
    hod = a_hod(number=1)
    for number in range(3):
        parcel = a_parcel(place=hod, deed_area_m2="4200.8333", governing_area="DEED")
        if number == 0:
            a_holding(parcel)
    export = made(format="xlsx", srid=22992)
    book = openpyxl.load_workbook(io.BytesIO(body(export)))
    assert all(page.sheet_view.rightToLeft for page in book.worksheets)
    summary = sheet(export, 0)
    assert summary[0] == ["المكان", "الموقف", "العدد", "المساحة، م²", "فدان", "قيراط", "سهم"]
    assert sorted(summary[1:3]) == [
        ["حوض الملقة 1", "مؤجرة", 1, 4200.8333, 1, 0, 0],
        ["حوض الملقة 1", "متاحة", 2, 8401.6666, 2, 0, 0],
    ]
    assert summary[3] == ["الإجمالي", None, 3, 12602.4999, 3, 0, 0]
    heads = sheet(export, 1)[0]
    assert any("شرقيات" in head and "EPSG:22992" in head for head in heads)


ARMED = [
    *(f"{sign}{rest}" for sign in "=+-@" for rest in ("1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"x\")", "SUM(A1)")),
    *(f" {sign}1+1" for sign in "=+-@"),
    *(f"\u00a0{sign}1+1" for sign in "=+-@"),
    *(f"\u200f{sign}1+1" for sign in "=+-@"),
    "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "\t=1", "\r=1", "\n=1", "\x01=1",
]  # fmt: skip


@pytest.mark.parametrize("text", ARMED)
def test_no_text_computes_in_a_spreadsheet(text: str) -> None:
    assert unarmed(text).startswith("'")


@pytest.mark.parametrize("text", ["12/3", "ضمن 45", "45 مكرر", "-5", "+20.5", "حوض 8 = 9", "", "a@b"])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert unarmed(text) == text


@pytest.mark.django_db
def test_a_formula_in_the_register_is_a_text_in_the_workbook_and_disarmed_in_csv() -> None:
    formula = '=HYPERLINK("http://x")'
    a_parcel(street=formula)
    book = openpyxl.load_workbook(io.BytesIO(body(made(format="xlsx"))))
    cells = [cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value == formula]
    assert [cell.data_type for cell in cells] == ["s"] or [cell.quotePrefix for cell in cells] == [True]
    raw = unpacked_xlsx(made(format="xlsx"))
    assert b"<f>" not in raw
    assert f"'{formula}" in csv_rows(made(format="csv"))[1]


def unpacked_xlsx(export: Any) -> bytes:
    """Return all sheets as they are written."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(body(export))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if "worksheets" in name)


def csv_rows(export: Any) -> list[list[str]]:
    """Return the table of parcels."""
    return list(csv.reader(io.StringIO(unpacked(export).read("parcels.csv").decode("utf-8-sig"))))


ARABIC = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى 0123456789/-()«»،ـ"), min_size=1, max_size=300)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(ARABIC, min_size=1, max_size=5), encoding=st.sampled_from(["utf-8", "cp1256"]))
@example(texts=["0", " "], encoding="utf-8")  # a DBF knows no difference between blank and nothing
def test_any_arabic_text_comes_back_from_a_shapefile_but_for_what_was_cut(texts: list[str], encoding: str) -> None:
    from pyogrio.raw import read, write

    fitting = dbf.Texts(encoding)
    fitted = [fitting.fit("t", text) for text in texts]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.shp"
        points = shapely.to_wkb(np.array([shapely.Point(0, 0)] * len(texts), dtype=object))
        write(
            path,
            geometry=points,
            field_data=[np.array(fitted, dtype=object)],
            fields=np.array(["t"], dtype=object),
            driver="ESRI Shapefile",
            geometry_type="Point",
            crs="EPSG:4326",
            encoding=encoding,
        )
        found = list(read(path, encoding=encoding)[3][0])
    for text, before, after in zip(texts, fitted, found, strict=True):
        assert before is not None
        assert (after or "").strip(" ") == before.strip(" ")
        assert len(before.encode(encoding)) <= 254
        assert text.startswith(before)


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True), unique=True, max_size=40))
def test_short_names_are_short_and_all_different(names: list[str]) -> None:
    found = dbf.short_names(names)
    assert len(set(found)) == len(names)
    assert all(0 < len(name) <= 10 for name in found)
