"""Ask the restored site what a person asks of it: `python -m backups.probe PORT`, with the settings of the copy.

Writes sessions into the copy and nothing else; prints one JSON object.
"""

from __future__ import annotations

import http.client
import json
import math
import sys
from typing import Any
from urllib.parse import quote

import django

ZOOM = 16
PEOPLE = 20  # so many are tried until one sees land


def ask(port: int, path: str, cookie: str = "") -> tuple[int, bytes]:
    """Return status and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def cookie_of(user: Any) -> str:
    """Open a session for a person in the copy."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def tile_of(lon: float, lat: float) -> str:
    """Return the address of the tile over a place (degrees)."""
    size = 2**ZOOM
    x = int((lon + 180) / 360 * size)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size)
    return f"/tiles/parcels/{ZOOM}/{x}/{y}.mvt"


def land() -> str | None:
    """Return the tile of some parcel on the map, or None where there is none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_PointOnSurface(geom) AS c"
            " FROM parcels_parcelversion WHERE geom IS NOT NULL AND in_book LIMIT 1) AS one"
        )
        row = cursor.fetchone()
    return tile_of(row[0], row[1]) if row else None


def seen(port: int) -> dict[str, Any]:
    """Return what a search page and a tile answer to the first person who sees land."""
    from django.db.models import Count

    from authority.models import User

    found = land()
    told: dict[str, Any] = {"land": found is not None, "search": None, "tile": None, "tile_bytes": 0}
    people = User.objects.filter(is_active=True).annotate(held=Count("roles")).order_by("-held", "pk")
    for user in people[:PEOPLE]:
        cookie = cookie_of(user)
        told["search"], _body = ask(port, f"/search/?q={quote('1')}", cookie)
        if found:
            told["tile"], body = ask(port, found, cookie)
            told["tile_bytes"] = len(body)
        if told["search"] == 200 and told["tile"] in (None, 200):
            break
    return told


def main() -> int:
    """Print what was answered."""
    port = int(sys.argv[1])
    django.setup()
    status, body = ask(port, "/readyz")
    told = {"healthz": ask(port, "/healthz")[0], "readyz": status, "parts": json.loads(body)["parts"], **seen(port)}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
