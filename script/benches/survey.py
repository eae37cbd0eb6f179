"""A real survey through the served site: handed in, reported, accepted; left out where the real data is missing."""

from __future__ import annotations

import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from django.db import connection
from shapely import to_wkb

from benches.databases import ROOT
from benches.figure import Figure, at_most
from benches.site import Answer, Visitor, site

NAME = "landuse_10025_utf8"
GOVERNORATE = "18"
PEER = "pyogrio and COPY of the same file into a bare table, nothing checked"
BOUNDARY = "amlak-bench-boundary"
NULL = r"\N"


def figures(quick: bool) -> Iterator[Figure]:
    """Yield upload → report and accept of the land use of Beheira, 10,025 polygons."""
    data = Path(os.environ.get("AMLAK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    folder = data / "beheira" / "variants"
    if not (folder / f"{NAME}.shp").exists():
        sys.stderr.write("bench: the real survey is not here (docs/howto/real-data.md); its figures are left out\n")
        return
    plain = loaded(folder / f"{NAME}.shp")
    with site() as port:
        surveyor, officer = Visitor(port).sign_in("surveyor"), Visitor(port).sign_in("gis_officer")
        body = zipped(folder)
        began = time.perf_counter()
        address = handed_in(surveyor, body)
        waited = carried(surveyor, address)
        reported = time.perf_counter() - began - waited
        yield at_most("Beheira, upload to report", reported, 20, "s", peer=PEER, peer_value=plain)
        began = time.perf_counter()
        act(officer, address, {"act": "accept_sound"})
        until(officer, address, {"ACCEPTING"})
        yield at_most("Beheira, accept", time.perf_counter() - began, 10, "s", peer=PEER, peer_value=plain)


def zipped(folder: Path) -> bytes:
    """Return the survey as it is handed in."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob(f"{NAME}.*")):
            archive.write(part, part.name)
    return buffer.getvalue()


def handed_in(surveyor: Visitor, content: bytes) -> str:
    """Hand the survey in; return its address."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="place"\r\n\r\n{GOVERNORATE}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="landuse.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = expected(surveyor.ask("POST", "/api/v1/submissions/", body, kind), 202)
    return answer.headers["Location"]


def carried(surveyor: Visitor, address: str) -> float:
    """Answer what is asked as is suggested, until it is reported; return the seconds spent on answering."""
    spent = 0.0
    while (told := until(surveyor, address, {"RECEIVED", "READING", "CHECKING"}))["state"] == "ASKING":
        began = time.perf_counter()
        for question in told["questions"]:
            if not question["answered"]:
                value = next(choice["value"] for choice in question["choices"] if choice["suggested"])
                act(surveyor, address, {"act": "answer", "kind": question["kind"], "value": value})
        spent += time.perf_counter() - began
    if told["state"] != "REPORTED":
        raise SystemExit(f"bench: the survey ended as {told}")
    return spent


def until(visitor: Visitor, address: str, states: set[str]) -> dict[str, Any]:
    """Wait while the survey is in one of the states; return it."""
    while True:
        told: dict[str, Any] = visitor.get_json(address)
        if told["state"] not in states:
            return told
        time.sleep(0.1)


def act(visitor: Visitor, address: str, told: dict[str, Any]) -> None:
    """Act on the survey as it is now."""
    tag = visitor.get(address).headers["ETag"]
    kind = {"Content-Type": "application/json", "If-Match": tag}
    answer = visitor.ask("POST", f"{address}acts/", json.dumps(told).encode(), kind)
    if answer.status >= 400:
        raise SystemExit(f"bench: {told} was refused: {answer.body.decode()[:300]}")


def expected(answer: Answer, status: int) -> Answer:
    """Return an answer of this status; any other ends the bench."""
    if answer.status != status:
        raise SystemExit(f"bench: answered {answer.status}, not {status}: {answer.body.decode()[:300]}")
    return answer


def loaded(path: Path) -> float:
    """Return the seconds of a plain load: read by pyogrio, sent by COPY, nothing asked, nothing checked."""
    began = time.perf_counter()
    frame: geopandas.GeoDataFrame = pyogrio.read_dataframe(path)
    texts = ["|".join(map(str, row)) for row in frame.drop(columns="geometry").itertuples(index=False)]
    shapes = to_wkb(frame.geometry.values, hex=True, include_srid=False)
    buffer = io.StringIO()
    for text, shape in zip(texts, shapes, strict=True):
        plain = text.replace("\\", " ").replace("\t", " ").replace("\n", " ").replace("\r", " ")
        buffer.write(f"{plain}\t{shape or NULL}\n")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_survey (told text, geom geometry)")
        cursor.copy_expert("COPY bench_survey FROM STDIN", buffer)
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_survey")
    return taken
