"""docs/reference/api.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from tests.gisapp.world import routes

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/api.md").read_text()


def test_every_list_of_the_api_is_on_the_page() -> None:
    served = {route.removeprefix("api/v1/").split("/")[0] for route in routes() if route.startswith("api/v1/")}
    told = set(re.findall(r"/([a-z-]+)/", PAGE))
    assert served - told == set()
