"""Files and words that would have the server fetch an address or read a file: nothing is fetched, nothing is read.

A listener on the loopback and a secret file stand by; any sign of either is a failure (threats A1–A3, A15).
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from jobs.models import Job
from surveys.models import Submission
from tests.importers.builders import zip_bytes
from tests.parcels.builders import a_hod, a_keeper, a_parcel
from tests.surveys.builders import a_surveyor, handed_in, ready_land, reported, survey_zip, work

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRET = "canary-7f3a91c4"


@dataclass
class Canary:
    """Where the listener listens, what was asked of it, where the secret lies."""

    port: int
    secret: Path
    calls: list[Any]

    @property
    def url(self) -> str:
        """The address nobody may ask."""
        return f"http://127.0.0.1:{self.port}/asked"


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"id,name\n1,{SECRET}\n")
    secret.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Canary(server.getsockname()[1], secret, [])

        def listen() -> None:
            while True:
                try:
                    called, caller = server.accept()
                except OSError:
                    return
                called.close()
                found.calls.append(caller)

        threading.Thread(target=listen, daemon=True).start()
        yield found
        server.shutdown(socket.SHUT_RDWR)
    assert found.calls == []


def vrt(source: str) -> str:
    return f'<OGRVRTDataSource><OGRVRTLayer name="s"><SrcDataSource>{source}</SrcDataSource><SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>'


DOCUMENTS: dict[str, Callable[[Canary], str]] = {
    "a table of another file": lambda canary: vrt(str(canary.secret)),
    "a table of an address": lambda canary: vrt(f"/vsicurl/{canary.url}.csv"),
    "a feature service": lambda canary: f"<OGRWFSDataSource><URL>{canary.url}</URL></OGRWFSDataSource>",
    "a catalogue": lambda canary: f"<OGRCSWDataSource><URL>{canary.url}</URL></OGRCSWDataSource>",
    "an index of tiles": lambda canary: (
        f"<GDALTileIndexDataset><IndexDataset>{canary.url}</IndexDataset></GDALTileIndexDataset>"
    ),
    "a linked system": lambda canary: json.dumps(
        {
            "type": "FeatureCollection",
            "features": [],
            "crs": {"type": "link", "properties": {"href": canary.url, "type": "proj4"}},
        }
    ),
}
EXTENSIONS = ("shp", "geojson", "kml", "gpkg", "vrt")


def traces() -> str:
    """Return everything that the database keeps of surveys and their jobs, as one text."""
    found = ""
    with connection.cursor() as cursor:
        for table in ("surveys_submission", "surveys_stagedfeature", "surveys_fault", "surveys_question", "jobs_job"):
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM {table} t")
            found += cursor.fetchone()[0]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_of_instructions_is_refused_under_any_name(document: str, extension: str, canary: Canary) -> None:
    text = DOCUMENTS[document](canary).encode()
    bare = handed_in(text)
    bare.file.filename = f"s.{extension}"
    bare.file.save()
    packed = handed_in(zip_bytes({f"s.{extension}": text, "s.prj": canary.url.encode()}))
    work()
    for submission in (bare, packed):
        submission.refresh_from_db()
        assert submission.state == Submission.State.REFUSED
        assert submission.refusal_code
        assert str(canary.secret) not in submission.refusal_detail
    assert SECRET not in traces()
    assert str(canary.secret.parent) not in traces()
    assert not Job.objects.filter(error="unexpected").exists()


def strings(canary: Canary) -> list[str]:
    """Words that a library would take for a way to a definition."""
    path = str(canary.secret)
    return [
        canary.url, canary.url.replace("http", "HTTP"), f"/vsicurl/{canary.url}", f"/vsizip/{path}", path, f"file://{path}", f"@{path}",
        f"dict:{{'init':'{canary.url}'}}", "ESRI::" + canary.url, "urn:ogc:def:crs:" + canary.url, f"+init={path}:1", "+proj=merc",
        "+proj=pipeline +step +proj=hgridshift +grids=" + path, "IAU_2015:30100", "AUTO:42001,1,2", "OGC:CRS84@2020", "EPSG:22992+5773",
        'GEOGCS["x",DATUM["y",SPHEROID["z",1,2]]]', '{"$schema": "' + canary.url + '"}', "epsg:4326;drop", "EPSG:", "EPSG:-1", "EPSG:1e4",
        "EPSG:٢٢٩٩٢", "EPSG:999999", "crs=" + canary.url, "EPSG:22992\n", "--config", "-s_srs", "EPSG:3857", "WGS84", "ballpark",
    ]  # fmt: skip


def test_only_a_code_of_the_closed_list_is_a_system(canary: Canary, settings: Any) -> None:
    ready_land()
    surveyor, keeper = Client(), Client()
    surveyor.force_login(a_surveyor())
    keeper.force_login(a_keeper())
    square = [[[32.27, 30.6], [32.28, 30.6], [32.28, 30.61], [32.27, 30.6]]]
    for text in strings(canary):
        answer = surveyor.post("/api/v1/submissions/", {"file": SimpleUploadedFile("s.zip", survey_zip()), "crs": text})
        if text not in ("EPSG:22992\n", "EPSG:3857"):
            assert (answer.status_code, answer.json()["code"]) == (400, "crs_unknown"), text
        body = {"place": a_hod().code, "custodian": "local-19", "number": "9", "legal_from": "2024-01-01", "crs": text}
        body |= {"geometry": {"type": "Polygon", "coordinates": square}}  # type: ignore[dict-item]
        told = keeper.post("/api/v1/parcels/", json.dumps(body), content_type="application/json")
        assert told.status_code in (400, 201 if text == "EPSG:3857" else 400), (text, told.content)
        assert SECRET not in told.content.decode()
    assert canary.calls == []


LEVELS = ("collection", "feature", "geometry")


@pytest.mark.parametrize("level", LEVELS)
def test_a_linked_system_in_geojson_is_not_followed(level: str, canary: Canary) -> None:
    link = {"crs": {"type": "link", "properties": {"href": canary.url, "type": "proj4"}}}
    geometry: dict[str, Any] = {
        "type": "Polygon",
        "coordinates": [[[32.27, 30.6], [32.28, 30.6], [32.28, 30.61], [32.27, 30.6]]],
    }
    geometry |= link if level == "geometry" else {}
    feature = {"type": "Feature", "geometry": geometry, "properties": {}} | (link if level == "feature" else {})
    collection = {"type": "FeatureCollection", "features": [feature]} | (link if level == "collection" else {})
    parcel, keeper = a_parcel(), Client()
    keeper.force_login(a_keeper())
    for shape in (geometry, feature, collection):
        bodies = {
            "/api/v1/parcels/": {"place": a_hod().code, "custodian": "governorate", "number": "9", "legal_from": "2024-01-01", "geometry": shape},
            "/api/v1/cases/": {"kind": "encroachment", "parcel": str(parcel.pk), "geometry": shape},
            "/api/v1/assets/": {"kind": "KIOSK", "name_ar": "x", "place": a_hod().code, "custodian": "governorate", "registered_on": "2024-01-01", "geometry": shape},
        }  # fmt: skip
        for address, body in bodies.items():
            answer = keeper.post(address, json.dumps(body), content_type="application/json")
            assert answer.status_code < 500
    submission = reported(json.dumps(collection).encode())
    assert submission.state == Submission.State.REFUSED
    assert canary.calls == []


@pytest.mark.parametrize("name", ["-lco", "--config", "@/etc/passwd", "/vsicurl/http://x", "../../x.zip", "a\r\nb.zip", "مسح.zip", "x" * 300 + ".zip"])  # fmt: skip
def test_the_name_of_a_file_is_only_a_label(name: str, canary: Canary) -> None:
    ready_land()
    client = Client()
    client.force_login(a_surveyor())
    answer = client.post("/api/v1/submissions/", {"file": SimpleUploadedFile(name, survey_zip()), "place": "19"})
    assert answer.status_code in (202, 400)
    work()
    for submission in Submission.objects.all():
        assert submission.state == Submission.State.REPORTED
        assert "/" not in submission.file.filename
