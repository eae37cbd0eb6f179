"""The whole loop with nothing but HTTP: a survey becomes land, is let, is defended; every act stands in the audit."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command
from shapely import box

from tests.importers.builders import dbf_bytes, polygon_record, shp_bytes, square, zip_bytes
from tests.jobs.builders import environment, process
from tests.scenarios.http import Program, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROLES = ("surveyor", "gis_officer", "property_officer", "inspector", "governor", "legal_officer", "district_head")
COLUMNS = [(b"PARCEL_NO", "C", 20), ("المالك".encode("cp1256"), "C", 40), (b"AREA_M2", "N", 14)]
OWNERS = ("أملاك الدولة الخاصة", "ورثة محمد عبد الحميد", "جمعية التعمير", "شركة القناة للزراعة", "أملاك الدولة")
NUMBERS = ("1001/3", "ضمن 1002", "1003 مكرر", "1004", "1005")
SIDE = 60.0


@pytest.fixture
def base(settings: Any) -> Iterator[str]:
    """The sample's site on a port of its own, with real workers beside it."""
    call_command("sample", parcels=200, seed=3, verbosity=0)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    env = environment(AMLAK_DOCUMENT_STORE=str(settings.DOCUMENT_STORE))
    command = [sys.executable, "-m", "gunicorn", "gisapp.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    web = subprocess.Popen([*command, "--log-level", "warning", "--no-control-socket"], cwd=project.BASE_DIR, env=env)
    try:
        with process("--processes", "1", AMLAK_DOCUMENT_STORE=str(settings.DOCUMENT_STORE)):
            ready(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait(20)


def ready(address: str) -> None:
    """Wait until all parts of the site are ready."""

    def asked() -> Any:
        try:
            return Program(address).get("/readyz").status == 200
        except OSError:
            return False

    until(asked, "the site is not ready")


def until(what: Callable[[], Any], complaint: str, seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(complaint)


def survey(west: float, south: float) -> bytes:
    """Return a zipped shapefile on the Red belt in cp1256, without .cpg and .prj: five plots, the last upon the fourth."""
    at = [(west + SIDE * n, south) for n in range(4)] + [(west + SIDE * 3.5, south)]
    shp, shx = shp_bytes([polygon_record(square(x, y, SIDE)) for x, y in at])
    rows = [(n.encode("cp1256"), o.encode("cp1256"), b"3600") for n, o in zip(NUMBERS, OWNERS, strict=True)]
    return zip_bytes({"land.shp": shp, "land.shx": shx, "land.dbf": dbf_bytes(COLUMNS, rows)})


def free_ground(reader: Program, hod: str) -> tuple[float, float]:
    """Return a corner (Red belt) in the hod from which 300 × 60 m of ground are in nobody's parcel."""
    import pyproj

    shape = reader.get(f"/api/v1/places/{hod}/").json["geometry"]
    points = [point for polygon in shape["coordinates"] for point in polygon[0]]
    lon, lat = (sum(values) / len(values) for values in zip(*points, strict=True))
    to_belt = pyproj.Transformer.from_crs(4326, 22992, always_xy=True, allow_ballpark=False)
    to_degrees = pyproj.Transformer.from_crs(22992, 4326, always_xy=True, allow_ballpark=False)
    x, y = to_belt.transform(lon, lat)
    for step in range(60):
        west, south = x, y + step * 100
        a, b = to_degrees.transform(west - 20, south - 20), to_degrees.transform(west + 320, south + 80)
        box = ",".join(str(part) for part in (*a, *b))
        if not reader.get("/api/v1/parcels/", bbox=box).json["features"]:
            return west, south
    raise AssertionError("no free ground")


def act(who: Program, address: str, name: str, **body: Any) -> Any:
    """Do an act on a file with the version just read."""
    tag = who.get(address).headers["ETag"]
    return who.post(f"{address}acts/", {"act": name, **body}, If_Match=tag)


def words(*kinds: str) -> list[dict[str, str]]:
    return [{"kind": kind, "text": "نص الورقة", "number": "1", "dated_on": "2026-01-05"} for kind in kinds]


def confirmed(people: dict[str, Program], parcel: dict[str, Any]) -> tuple[str, Any]:
    """Report an encroachment over a whole parcel and have it measured and confirmed; return its address and itself."""
    body = {"kind": "encroachment", "parcel": parcel["id"], "works": "WALL"}
    report = people["property_officer"].post("/api/v1/cases/", body)
    assert report.status == 201, report.body
    file = str(report.headers["Location"])
    measured = {"geometry": parcel["geometry"], "method": "GNSS_RTK"}
    inspected = act(people["inspector"], file, "inspect", papers=words("site_report"), **measured)
    assert inspected.status == 200, inspected.body
    done = act(people["district_head"], file, "confirm", papers=words("police_report"))
    assert done.status == 200, done.body
    return file, done.json


def draft(people: dict[str, Program], file: str) -> Any:
    """Draft the order of an encroachment."""
    papers = words("approved_sketch", "legal_memo")
    return act(people["legal_officer"], file, "draft_order", papers=papers, legal_basis="L43_1979_26")


def answers_for(asked: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Answer every open question as a person who looked at the choices would."""
    known = {"encoding": "cp1256", "crs": "EPSG:22992"}
    found: list[tuple[str, Any]] = []
    for question in asked:
        if question["answered"]:
            continue
        values = [choice["value"] for choice in question["choices"]]
        wanted = known.get(question["kind"], values[0])
        assert wanted in values, question
        found.append((question["kind"], wanted))
    return found


def read_file(content: bytes, folder: Path) -> Any:
    """Return the parcels of a GeoPackage as another program reads them."""
    import pyogrio

    (folder / "amlak.gpkg").write_bytes(content)
    return pyogrio.read_dataframe(folder / "amlak.gpkg", layer="parcels")


def test_the_loop_from_a_shapefile_to_a_defended_lease(base: str, tmp_path: Path) -> None:
    people = {role: sign_in(base, role, "sample") for role in (*ROLES, "auditor")}
    surveyor, officer = people["surveyor"], people["gis_officer"]

    # places → where
    hod = surveyor.pages("/api/v1/places/", within="1904")[-1]["code"]
    west, south = free_ground(surveyor, hod)

    # upload
    answer = surveyor.upload("/api/v1/submissions/", file=("land.zip", survey(west, south)), place=hod)
    assert answer.status == 202, answer.body
    address = answer.headers["Location"]
    assert address == f"/api/v1/submissions/{answer.json['id']}/"

    # questions → answers, until the report
    def reported() -> Any:
        told = surveyor.get(address).json
        assert not told["terminal"], told
        for kind, value in answers_for(told["questions"]) if told["state"] == "ASKING" else []:
            given = surveyor.post(f"{address}acts/", {"act": "answer", "kind": kind, "value": value})
            assert given.status == 200, given.body
        return told if told["state"] == "REPORTED" else None

    told = until(reported, "the survey is not reported")
    assert (told["progress"], told["refusal"], told["counts"]["block"]) == (100, None, 1)
    assert "crs" in {question["kind"] for question in told["questions"]}
    assert all(question["answered"] for question in told["questions"])

    # features and faults
    features = surveyor.pages(f"{address}features/", "features", page_size="2")
    assert [feature["properties"]["row"] for feature in features] == [1, 2, 3, 4, 5]
    assert [f["properties"]["attributes"] for f in features] == [
        {"PARCEL_NO": number, "المالك": owner, "AREA_M2": 3600} for number, owner in zip(NUMBERS, OWNERS, strict=True)
    ]
    places = [len(str(n).partition(".")[2]) for f in features for p in f["geometry"]["coordinates"][0] for n in p]
    assert max(places) >= 8
    (fault,) = [f for f in surveyor.pages(f"{address}faults/", "features") if f["properties"]["severity"] == "block"]
    assert (fault["properties"]["code"], fault["properties"]["row"]) == ("overlap_in_file", 5)
    assert fault["properties"]["message"]
    assert fault["geometry"]["type"] in ("Polygon", "MultiPolygon")

    # accept: not by who handed it in, not with faults, but by another officer and without the blocked rows
    mine = {offer["act"]: offer for offer in surveyor.get(f"{address}acts/").json["acts"]}
    assert (mine["accept"]["allowed"], mine["accept"]["reason"]["code"]) == (False, "not_the_officer")
    assert surveyor.post(f"{address}acts/", {"act": "accept"}).status == 403
    refused = officer.post(f"{address}acts/", {"act": "accept"})
    assert (refused.status, refused.json["code"]) == (409, "has_blocks")
    assert officer.post(f"{address}acts/", {"act": "accept_sound"}).status == 200
    until(lambda: officer.get(address).json["terminal"], "the survey is not accepted")
    assert officer.get(address).json["state"] == "ACCEPTED"

    # the land is in the register, found in another spelling
    clerk = people["property_officer"]
    (parcel,) = clerk.get("/api/v1/parcels/", number="١٠٠١ / ٣", place=hod).json["features"]
    assert parcel["properties"]["number"] == "1001/3"
    assert (parcel["properties"]["status"], parcel["properties"]["source_crs"]) == ("FREE", "EPSG:22992")
    assert clerk.get("/api/v1/parcels/", number="1005", place=hod).json["features"] == []
    assert len(clerk.get("/api/v1/parcels/", number="ضمن ١٠٠٢", place=hod).json["features"]) == 1

    # the one box finds it however it is written
    for spelling in ("١٠٠١/٣", "1001 / 3", parcel["properties"]["code"]):
        groups = clerk.get("/api/v1/search/", q=spelling, place=hod).json["groups"]
        hits = [hit["id"] for group in groups if group["kind"] == "parcel" for hit in group["results"]]
        assert parcel["id"] in hits, (spelling, groups)

    # let it
    body = {
        "kind": "lease", "parcel": parcel["id"], "party_name": "شركة النخيل", "purpose": "مشتل", "tenure": "LEASE",
        "requested_from": "2026-01-01", "requested_to": "2036-12-31",
    }  # fmt: skip
    opened = clerk.post("/api/v1/cases/", body)
    assert opened.status == 201, opened.body
    lease = opened.headers["Location"]
    assert clerk.post(f"{lease}acts/", {"act": "inspect"}).status == 428
    assert clerk.post(f"{lease}acts/", {"act": "inspect"}, If_Match='"old"').status == 412
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("inspector", "inspect", {"papers": words("site_report")}),
        ("governor", "approve", {}),
        ("legal_officer", "contract", {"rate_per_m2": "2.5", "papers": words("contract_draft")}),
        ("district_head", "activate", {"papers": words("signed_contract", "handover_minutes")}),
    ]
    for role, name, more in steps:
        done = act(people[role], lease, name, **more)
        assert done.status == 200, (role, name, done.body)
    assert done.json["state"] == "ACTIVE"
    assert clerk.get(f"/api/v1/parcels/{parcel['id']}/").json["properties"]["status"] == "LEASED"
    assert [h["kind"] for h in clerk.pages(f"/api/v1/parcels/{parcel['id']}/holdings/")] == ["LEASE"]

    # encroachments are reported on it and on its neighbour: an order comes of one, the valid lease stands against the other
    (neighbour,) = clerk.get("/api/v1/parcels/", number="ضمن ١٠٠٢", place=hod).json["features"]
    wall, _ = confirmed(people, parcel)
    offers = {offer["act"]: offer for offer in people["legal_officer"].get(f"{wall}acts/").json["acts"]}
    assert (offers["draft_order"]["allowed"], offers["draft_order"]["reason"]["code"]) == (False, "valid_tenure")
    refused = draft(people, wall)
    assert (refused.status, refused.json["code"], refused.json["path"]) == (409, "valid_tenure", "lease_breach")
    assert refused.headers["Content-Type"] == "application/problem+json"
    hut, measured = confirmed(people, neighbour)
    assert 3590 < float(next(f["value"] for f in measured["figures"] if f["kind"] == "area")) < 3610
    assert draft(people, hut).status == 200
    issued = act(people["governor"], hut, "issue_order", papers=words("signed_order"))
    assert (issued.status, issued.json["state"]) == (200, "ORDER_ISSUED")
    assert clerk.get(f"/api/v1/parcels/{neighbour['id']}/").json["properties"]["status"] == "ENCROACHED"

    # what was accepted leaves as a file, in the system it was surveyed in
    asked = clerk.post(
        "/api/v1/exports/", {"layers": ["parcels"], "format": "gpkg", "srid": 22992, "filters": {"place": hod}}
    )
    assert asked.status == 202, asked.body
    written = until(
        lambda: (told := clerk.get(asked.headers["Location"]).json)["terminal"] and told, "no file is written"
    )
    assert written["state"] == "ready", written
    content = clerk.get(written["file"]).body
    assert hashlib.sha256(content).hexdigest() == written["sha256"]
    rows = read_file(content, tmp_path)
    found = dict(zip(rows.number, rows.status, strict=True))
    assert {found[number] for number in ("1001/3", "ضمن 1002")} == {"ENCROACHED"}
    assert found["1003 مكرر"] == "FREE"
    shape = rows[rows.number == "1001/3"].geometry.iloc[0]
    assert shape.hausdorff_distance(box(west, south, west + SIDE, south + SIDE)) < 0.001
    assert people["inspector"].get(written["file"]).status == 404

    # the timeline and the audit show all
    lanes = {entry["lane"] for entry in clerk.get(f"/api/v1/parcels/{parcel['id']}/timeline/").json}
    assert len(lanes) >= 3, lanes
    trail = people["auditor"].pages("/api/v1/audit/", page_size="50", governorate="19")
    survey_acts = [event["action"] for event in trail if event["object_id"] == answer.json["id"]]
    assert survey_acts[-1] == "surveys.receive"
    assert len(survey_acts) >= 3
    for file, expected in ((lease, 5), (wall, 3), (hut, 5)):
        found = [event for event in trail if event["object_id"] == file.split("/")[-2]]
        assert len(found) >= expected, [event["action"] for event in found]
        assert {event["actor"] for event in found} <= set(ROLES)
