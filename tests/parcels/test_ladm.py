"""docs/reference/ladm.md maps the register to ISO 19152; the map is kept true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/ladm.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| [^|]+ \| `(\w+\.\w+)` \| ([^|]+) \|$", PAGE, re.M)
CORE = {"LA_Party", "LA_RRR", "LA_BAUnit", "LA_SpatialUnit", "LA_Source"}


@pytest.mark.parametrize(("thing", "model", "fields"), ROWS)
def test_what_the_map_names_is_there(thing: str, model: str, fields: str) -> None:
    found = {field.name for field in apps.get_model(model)._meta.get_fields()}
    assert set(re.findall(r"`(\w+)`", fields)) <= found


def test_the_core_classes_are_mapped() -> None:
    assert {thing for thing, _model, _fields in ROWS} >= CORE


def test_every_table_of_the_land_book_is_on_the_map() -> None:
    book = {model._meta.label for model in apps.get_app_config("parcels").get_models()}
    assert book - {model for _thing, model, _fields in ROWS} == set()
