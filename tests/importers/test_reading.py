"""From a file to what it holds and to rows ready for COPY, through the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from authority.refusal import Refusal
from importers import reading
from importers.batch import StagedBatch
from importers.findings import Inspection
from tests.importers.builders import WGS84_PRJ, belt_prj, square, survey_zip, zip_bytes

HOD = "حوض الملقة نمرة 8 - أملاك"
CAIRO_RED = (637570.862, 814926.671)
CAIRO = (31.2357, 30.0444)


def rows_of(batch: StagedBatch) -> list[dict[str, Any]]:
    """Return the staged rows as PostgreSQL would read them."""
    found = []
    for line in batch.rows_file.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        row = dict(zip(batch.row_columns, cells, strict=True))
        for name in ("attributes", "mapped"):
            row[name] = json.loads(row[name].replace("\\\\", "\\"))
        found.append(row)
    return found


def stage(path: Path, **options: Any) -> StagedBatch:
    layer = reading.inspect(path, path.name).layer()
    defaults = {"layer": layer.name, "encoding": layer.encoding.chosen, "crs": layer.crs.code}
    return reading.stage(path, path.name, **{**defaults, **options})


def test_a_plain_survey_is_certain_and_staged(tmp_path: Path) -> None:
    path = survey_zip(
        tmp_path,
        shapes=[square(*CAIRO_RED), square(CAIRO_RED[0] + 100, CAIRO_RED[1])],
        columns=[(b"parcel_no", "C", 20), (b"HOD", "C", 80), (b"AREA", "N", 12)],
        rows=[[b"12/3", HOD.encode(), b"10000.5"], [b"4", HOD.encode(), b""]],
        prj=belt_prj(),
    )
    layer = reading.inspect(path, path.name).layer()
    assert (layer.feature_count, layer.geometry, layer.questions) == (2, "polygon", [])
    assert (layer.encoding.chosen, layer.crs.code) == ("utf-8", "EPSG:22992")
    assert layer.mapping.fields == {"parcel_no": "parcel_no", "HOD": "hod_name", "AREA": "area_m2"}
    batch = stage(path, mapping=layer.mapping.fields, working_srid=22992)
    first, second = rows_of(batch)
    assert first["attributes"] == {"parcel_no": "12/3", "HOD": HOD, "AREA": 10000.5}
    assert second["attributes"]["AREA"] is None
    assert first["mapped"] == {"parcel_no": "12/3", "hod_name": HOD, "area_m2": "10000.5000"}
    assert (batch.operation, batch.accuracy_m) == ("EPSG:7697", 1.2)
    assert float(first["geom_area_m2"]) == pytest.approx(10000, abs=0.01)
    source = shapely.from_wkb(first["source_geom"].removeprefix("\\\\x"))
    assert shapely.get_coordinates(source)[0].tolist() == list(CAIRO_RED)
    derived = shapely.from_wkb(first["geom"])
    assert shapely.get_srid(derived) == 4326
    assert shapely.get_coordinates(derived)[0] == pytest.approx(CAIRO, abs=1e-8)
    batch.remove()


def test_an_inspection_survives_json(tmp_path: Path) -> None:
    path = survey_zip(tmp_path, shapes=[square(*CAIRO, side=0.001)])
    found = reading.inspect(path, path.name)
    assert Inspection.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_an_invalid_boundary_is_named_shown_and_not_repaired(tmp_path: Path) -> None:
    x, y = CAIRO_RED
    bow = [[(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100), (x, y)]]
    path = survey_zip(tmp_path, shapes=[bow, None, square(x, y)], prj=belt_prj())
    batch = stage(path)
    assert batch.faults == {"self_intersection": 1, "geometry_missing": 1}
    first, second, _third = rows_of(batch)
    assert first["geom"] == second["geom"] == "\\N"
    assert shapely.equals_exact(shapely.from_wkb(first["source_geom"].removeprefix("\\\\x")), shapely.Polygon(bow[0]))
    spot = batch.faults_file.read_text().splitlines()[0].split("\t")[3]
    crossing = shapely.from_wkb(spot)
    assert (crossing.x, crossing.y) == pytest.approx(CAIRO, abs=0.001)
    batch.remove()


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("a.zip", b"", "empty_file"),
        ("a.zip", b"not a zip at all", "not_a_shapefile"),
        ("a.zip", zip_bytes({"readme.txt": b"x"}), "no_layer"),
        ("a.zip", zip_bytes({}), "no_layer"),
        ("a.zip", zip_bytes({"a.dbf": b"x", "a.prj": b"x"}), "no_geometry"),
        ("a.zip", zip_bytes({"a.shp": b"x" * 200}), "not_a_shapefile"),
        ("a.zip", zip_bytes({"inner.zip": zip_bytes({"a.shp": b"x"})}), "zip_nested"),
        ("a.dbf", b"\x03" + b"x" * 100, "part_alone"),
        ("a.rar", b"Rar!\x1a\x07\x00", "format_not_supported"),
        ("a.shp", b"<OGRVRTDataSource></OGRVRTDataSource>", "format_not_supported"),
        ("a.bin", b"\x00\x01\x02", "format_unknown"),
    ],
)
def test_what_is_no_survey_is_refused_with_its_reason(tmp_path: Path, filename: str, content: bytes, code: str) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    with pytest.raises(Refusal) as caught:
        reading.inspect(path, filename)
    assert caught.value.code == code
    assert str(tmp_path) not in str(caught.value.as_problem())


@pytest.mark.parametrize("crs", ["http://127.0.0.1/x", "/etc/passwd", "EPSG:22992 ", "dict:{}", "ESRI::1", "EPSG:4199"])
def test_only_systems_of_the_closed_list_can_be_named(tmp_path: Path, crs: str) -> None:
    path = survey_zip(tmp_path, shapes=[square(*CAIRO, side=0.001)], prj=WGS84_PRJ)
    if crs.strip() == "EPSG:22992":
        assert reading.known_crs(crs) == "EPSG:22992"
        return
    with pytest.raises(Refusal) as caught:
        reading.inspect(path, path.name, declared_crs=crs)
    assert caught.value.code == "crs_not_allowed"
