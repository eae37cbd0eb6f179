"""Bad files end refused with a code, or asked, or as faults in the report; never half written, no backend harmed."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from surveys.models import StagedFeature, Submission
from tests.importers.builders import zip_bytes
from tests.parcels.builders import ORIGIN
from tests.surveys.builders import plot, reported, row, survey_zip

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
State = Submission.State
VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>http://127.0.0.1:9/canary</SrcDataSource>
</OGRVRTLayer></OGRVRTDataSource>"""


def bomb() -> bytes:
    """A table of 300 MB of zeros in a few hundred kilobytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("s.shp", "w") as member:
        for _ in range(300):
            member.write(bytes(1024 * 1024))
    return buffer.getvalue()


def without(part: str) -> bytes:
    """A shapefile's archive with one part left out."""
    with zipfile.ZipFile(io.BytesIO(survey_zip())) as archive:
        return zip_bytes({name: archive.read(name) for name in archive.namelist() if not name.endswith(part)})


def hidden_vrt(name: str) -> bytes:
    """An instruction document under an innocent name beside nothing else."""
    return zip_bytes({name: VRT})


REFUSED: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("a damaged zip", lambda: survey_zip()[:200], {"zip_damaged", "file_damaged"}),
    ("a text", lambda: b"hello, this is no survey", {"not_a_shapefile", "format_unknown"}),
    ("a zip without a shapefile", lambda: zip_bytes({"readme.txt": b"x"}), {"no_layer"}),
    ("an empty zip", lambda: zip_bytes({}), {"no_layer", "zip_damaged"}),
    ("a table without boundaries", lambda: without(".shp"), {"no_geometry", "no_layer"}),
    ("a shapefile without rows", lambda: survey_zip([], [row()][:0] or [row()]), {"no_rows", "file_damaged"}),
    ("a bomb", bomb, {"zip_bomb", "zip_too_large"}),
    ("a hidden instruction", lambda: hidden_vrt("s.shp"), {"not_a_shapefile", "file_damaged"}),
    ("an instruction by name", lambda: hidden_vrt("s.vrt"), {"no_layer", "format_unknown", "format_not_supported"}),
    ("a way out of the folder", lambda: zip_bytes({"../../s.shp": b"x"}), {"zip_unsafe_name"}),
    ("an archive in an archive", lambda: zip_bytes({"in.zip": survey_zip()}), {"zip_nested", "no_layer"}),
    ("a PDF", lambda: b"%PDF-1.7\n1 0 obj", {"format_not_supported", "format_unknown"}),
]


@pytest.mark.parametrize(("content", "codes"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_is_no_survey_is_refused_with_its_code(content: Callable[[], bytes], codes: set[str]) -> None:
    submission = reported(content())
    assert submission.state == State.REFUSED
    assert submission.refusal_code in codes
    assert submission.refusal_detail
    assert "/" not in submission.refusal_detail.replace("n/a", "")
    assert not StagedFeature.objects.exists()


def test_points_are_not_parcels() -> None:
    import struct

    from tests.importers.builders import dbf_bytes, shp_bytes
    from tests.surveys.builders import COLUMNS

    shp, shx = shp_bytes([struct.pack("<i2d", 1, 31.0, 30.0)], kind=1)
    submission = reported(zip_bytes({"s.shp": shp, "s.shx": shx, "s.dbf": dbf_bytes(COLUMNS, [row()])}))
    assert (submission.state, submission.refusal_code) == (State.REFUSED, "not_polygons")


def star(points: int) -> list[tuple[float, float]]:
    """A closed line that crosses itself in a great many places."""
    step = points // 2 - 1
    turn = 2 * math.pi * step / points
    corners = [(ORIGIN[0] + 500 * math.sin(n * turn), ORIGIN[1] + 500 * math.cos(n * turn)) for n in range(points)]
    return [*corners, corners[0]]


@pytest.fixture
def bystander(db: None) -> Iterator[Any]:
    """Another session: when any backend crashes, the server ends all sessions."""
    other = connection.copy()
    other.connect()
    yield other
    other.close()


@pytest.mark.parametrize("points", [101, 3001])
def test_a_star_that_crosses_itself_is_a_fault_and_harms_no_backend(points: int, bystander: Any) -> None:
    submission = reported(survey_zip([[star(points)], plot(2000)]))
    assert submission.state == State.REPORTED
    (fault,) = submission.faults.filter(severity="block")
    assert (fault.code, fault.row, fault.params["reason"]) == ("geometry_invalid", 1, "self_intersection")
    assert fault.geom is not None
    assert submission.features.get(row=1).geom is None
    assert submission.features.get(row=1).source_geom is not None
    with bystander.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_row_without_boundary_blocks_itself_only() -> None:
    submission = reported(survey_zip([None, plot(0)]))
    assert [(f.code, f.row) for f in submission.faults.filter(severity="block")] == [("geometry_missing", 1)]


def test_swapped_axes_are_asked_with_both_orders() -> None:
    swapped = [[(y, x) for x, y in ring] for ring in plot(0)]
    submission = reported(survey_zip([swapped], prj=""))
    assert submission.state == State.ASKING
    (question,) = submission.questions.all()
    assert question.kind == "crs"
    assert "EPSG:22992;yx" in {choice["value"] for choice in question.choices}


def test_swapped_axes_are_put_right_by_the_answer() -> None:
    swapped = [[(y, x) for x, y in ring] for ring in plot(0)]
    submission = reported(survey_zip([swapped], prj=""), crs="EPSG:22992;yx")
    assert (submission.state, submission.axis_swapped, submission.block_count) == (State.REPORTED, True, 0)
    lon = submission.features.get().geom.centroid.x
    assert 32 < lon < 33


def test_a_cpg_that_lies_is_asked() -> None:
    submission = reported(survey_zip([plot(0)], [row("أرض 12")], cpg="UTF-8"))
    assert submission.state == State.ASKING
    assert [question.kind for question in submission.questions.all()] == ["encoding"]


def test_rows_keep_their_text_with_tabs_newlines_and_backslashes() -> None:
    nasty = r"a\b" + "\tc|\\N"
    submission = reported(survey_zip([plot(0)], [(nasty.encode(), b"8", b"10000")]))
    assert submission.features.get().attributes["PARCEL_NO"] == nasty


def test_a_url_in_the_prj_is_not_followed() -> None:
    submission = reported(survey_zip(prj="http://127.0.0.1:9/canary.prj"))
    assert submission.state == State.ASKING
    assert submission.questions.get().kind == "crs"
