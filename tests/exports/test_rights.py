"""Who carries what away: every role, in every jurisdiction, from every layer, opened and looked at (threats B5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.db.models import Value

from authority import clock
from authority.models import Custodian, Place, Role, User
from authority.policies import STAFF_READ
from authority.refusal import Refusal
from cases.models import Case
from parcels.models import Asset, Parcel
from parcels.services import merge_parcels
from tests.authority.builders import make_custodian, make_user
from tests.exports.builders import features, made, tables
from tests.leases import builders as leases
from tests.parcels.builders import a_governorate, a_hod, a_keeper, a_parcel, an_asset
from tests.tiles.builders import field_layer
from tiles import registry
from tiles.registry import Attribute

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ON = dt.date(2024, 1, 1)
LAYERS = ("parcels", "assets", "cases", "places")
Land = dict[tuple[str, str], dict[str, str]]  # (governorate, custodian) → layer → id


def land_of(top: Place, custodian: Custodian) -> dict[str, str]:
    """Return one thing of each layer, beside others that no longer stand."""
    hod = a_hod(top)
    parcel = a_parcel(place=hod, custodian=custodian, by=a_keeper(top))
    a_parcel(place=hod, custodian=custodian, by=a_keeper(top), located=False)
    asset = an_asset(place=hod, custodian=custodian, by=a_keeper(top))
    Asset.objects.filter(pk=asset.pk).update(geom=parcel.versions.get().geom)
    halves = [a_parcel(place=hod, custodian=custodian, by=a_keeper(top)) for _ in range(2)]
    merge_parcels(by=a_keeper(top), at=clock.now(), parcels=halves, number=f"9{parcel.parcel_code[-1]}", on=ON)
    lease = leases.application(parcel, by=make_user(Role.PROPERTY_OFFICER, place=top))
    return {"parcels": str(parcel.pk), "assets": str(asset.pk), "cases": str(lease.case_id)}


@pytest.fixture
def land() -> Land:
    """Return the land of two governorates, each in the hands of two custodians."""
    tops = {code: a_governorate(code) for code in ("02", "19")}
    hands = {code: make_custodian(code) for code in ("local", "reform")}
    return {(top, hand): land_of(tops[top], hands[hand]) for top in tops for hand in hands}


JURISDICTIONS = {
    "a governorate": ("19", None),
    "a custodian's land in a governorate": ("19", "reform"),
    "a custodian's land everywhere": (None, "reform"),
}


def seen(layer: str, where: tuple[str | None, str | None]) -> set[str]:
    """Return the ids of all that stands and that a jurisdiction covers, said in a few words of its own."""
    top, hand = where
    standing: dict[str, Iterable[Any]] = {
        "parcels": Parcel.objects.filter(closed_on=None),
        "assets": Asset.objects.filter(closed_on=None, geom__isnull=False),
        "cases": Case.objects.filter(closed_at=None, geom__isnull=False),
    }
    return {
        str(one.pk)
        for one in standing[layer]
        if top in (None, one.place.code[:2]) and hand in (None, one.custodian.code)
    }


def somebody(role: str, where: tuple[str | None, str | None]) -> User:
    top, hand = where
    place = Place.objects.get(code=top) if top else None
    return make_user(role, place=place, custodian=Custodian.objects.get(code=hand) if hand else None)


def held(export: Any, layer: str) -> set[str]:
    """Return the ids in a layer of the written file, whatever kinds of geometry it was split into."""
    with tables(export) as database:
        names = [row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")]
        own = [name for name in names if name == layer or name.startswith(f"{layer}_")]
        return {row[0] for name in own for row in database.execute(f'SELECT id FROM "{name}"')}


@pytest.mark.parametrize("role", sorted(STAFF_READ))
def test_a_file_holds_what_the_jurisdiction_of_a_role_covers_and_nothing_else(role: str, land: Land) -> None:
    for name, where in JURISDICTIONS.items():
        export = made(somebody(role, where), layers=LAYERS)
        for layer in ("parcels", "assets", "cases"):
            wanted = seen(layer, where)
            assert held(export, layer) == wanted, (name, layer)
            assert {ids[layer] for ids in land.values()} - wanted, "something stands out of sight"
            assert wanted


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF_READ))
def test_who_is_no_staff_of_the_register_carries_nothing_away(role: str, land: Land) -> None:
    for where in JURISDICTIONS.values():
        with pytest.raises(Refusal) as refused:
            made(somebody(role, where), layers=LAYERS)
        assert refused.value.code in ("export_not_allowed", "layer_unknown")


def test_what_is_closed_stands_in_no_file(land: Land) -> None:
    gone = set(map(str, Parcel.objects.exclude(closed_on=None).values_list("pk", flat=True)))
    assert gone
    assert not gone & held(made(a_keeper(Place.objects.get(code="19"))), "parcels")


@pytest.mark.parametrize(("role", "there"), [(Role.LEGAL_OFFICER, True), (Role.PROPERTY_OFFICER, False)])
def test_a_column_of_certain_roles_is_in_their_files_only(
    role: Role, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    attributes = (
        Attribute("id", "Id", expression="parcel_id"),
        Attribute("status", "Status", expression="parcel__status"),
        Attribute("owner", "Owner", expression=Value("canary"), roles=frozenset({Role.LEGAL_OFFICER})),
    )
    monkeypatch.setitem(registry._LAYERS, "fields", field_layer(attributes=attributes, label=""))
    a_parcel()
    table = features(made(make_user(role, place=a_governorate()), layers=["fields"]), "fields")
    assert ("owner" in table.columns and set(table["owner"]) == {"canary"}) is there
    assert ("canary" in table.to_csv()) is there
