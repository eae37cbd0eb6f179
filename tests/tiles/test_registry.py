"""A layer is declared once, holds its own columns, and its themes colour by one of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F, QuerySet, Value

from authority.models import Place
from tiles import registry
from tiles.models import LayerVersion
from tiles.registry import Attribute, Category, Geometry, Layer, Theme
from tiles.services import bump


def rows(user: Any, filters: Any) -> QuerySet[Any]:
    return Place.objects.all()


def layer(**changes: Any) -> Layer:
    given = {
        "name": "fields",
        "title": "Fields",
        "geometry": Geometry.POLYGON,
        "rows": rows,
        "attributes": (Attribute("id", "Id"), Attribute("kind", "Kind", min_zoom=12)),
    }
    return Layer(**{**given, **changes})


@pytest.fixture(autouse=True)
def own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_LAYERS", {})


def test_a_layer_is_found_by_its_name() -> None:
    registry.register(layer())
    found = registry.find("fields")
    assert found is not None
    assert found.title == "Fields"
    assert registry.find("nothing") is None


def test_a_name_is_taken_once() -> None:
    registry.register(layer())
    with pytest.raises(ValueError, match="twice"):
        registry.register(layer())


def test_layers_come_lowest_first() -> None:
    registry.register(layer(name="b", order=1))
    registry.register(layer(name="a", order=9))
    assert [each.name for each in registry.layers()] == ["b", "a"]


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": (Attribute("kind", "Kind"),)},
        {"attributes": (Attribute("id", "Id"), Attribute("id", "Id"))},
        {"themes": (Theme("status", "Status", "status", ()),)},
        {"themes": (Theme("kind", "Kind", "kind", (Category(("A",), "A", "st-free"),) * 9),)},
    ],
    ids=["no id", "a column twice", "theme without its column", "nine categories"],
)
def test_a_layer_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="layer fields"):
        layer(**changes)


def test_columns_appear_from_their_zoom_on() -> None:
    assert [a.name for a in layer().tiled(11)] == ["id"]
    assert [a.name for a in layer().tiled(12)] == ["id", "kind"]


def test_a_column_reads_its_own_name_unless_told_otherwise() -> None:
    assert Attribute("id", "Id").source == F("id")
    assert Attribute("id", "Id", expression="parcel_id").source == F("parcel_id")
    assert Attribute("id", "Id", expression=Value(1)).source == Value(1)


@pytest.mark.django_db
def test_a_bump_raises_only_that_layer_in_that_governorate() -> None:
    for name, place in (("parcels", "02"), ("parcels", "02"), ("parcels", "19"), ("cases", "02")):
        bump(name, place)
    assert {(v.layer, v.governorate): v.version for v in LayerVersion.objects.all()} == {
        ("parcels", "02"): 2,
        ("parcels", "19"): 1,
        ("cases", "02"): 1,
    }
