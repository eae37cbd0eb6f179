"""Tiles through the door: what they hold, who sees what, how they are kept and asked for again."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authority import clock
from authority.keys import hashed, new_key
from authority.models import ApiKey, Role, User
from authority.policies import scope_of
from authority.refusal import Invalid
from jobs.models import Job
from jobs.worker import Worker
from tests.authority.builders import make_custodian, make_user
from tests.tiles.builders import field_layer, make_hod, plant
from tiles import mvt, registry, selectors, summaries
from tiles.registry import Layer
from tiles.services import bump
from tiles.views import address

pytestmark = pytest.mark.django_db
NEAR = (32.2005, 30.5002)


@pytest.fixture(autouse=True)
def fields(monkeypatch: pytest.MonkeyPatch) -> Layer:
    layer = field_layer()
    monkeypatch.setitem(registry._LAYERS, "fields", layer)
    return layer


def tile_at(z: int, lon: float = NEAR[0], lat: float = NEAR[1]) -> str:
    import math

    n = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"{z}/{int((lon + 180) / 360 * n)}/{int(y * n)}"


def ask(user: User | None, where: str, query: str = "", layer: str = "fields", **headers: str) -> Any:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/tiles/{layer}/{where}.mvt{query}", headers=headers)


def read(response: Any) -> dict[str, Any]:
    assert response.status_code in (200, 204), response.content[:200]
    body = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return mapbox_vector_tile.decode(body) if body else {}


def drawn(response: Any, layer: str = "fields") -> list[dict[str, Any]]:
    return [f["properties"] for f in read(response).get(layer, {"features": []})["features"]]


def officer(hod: Any, role: str = Role.PROPERTY_OFFICER) -> User:
    return make_user(role, place=hod.parent.parent.parent)


def pieces(user: User, layer: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what the twenty-five tiles around the place hold in one of their layers, each with its tile."""
    z, x, y = map(int, tile_at(20).split("/"))
    around = [f"{z}/{x + right}/{y + down}" for right in range(-2, 3) for down in range(-2, 3)]
    return [(where, feature) for where in around for feature in drawn(ask(user, where), layer)]


def test_a_parcel_that_lies_in_several_tiles_is_written_once() -> None:
    hod = make_hod()
    plant(hod, 1)
    user = officer(hod)
    assert len(pieces(user, "fields")) > 1
    assert [feature for _where, feature in pieces(user, "fields_labels")] == [{"number": "0/3", "size": 2}]


def test_no_label_is_written_from_afar() -> None:
    hod = make_hod()
    plant(hod, 1)
    answer = ask(officer(hod), tile_at(15))
    assert drawn(answer)
    assert not drawn(answer, "fields_labels")


@pytest.mark.parametrize(("role", "written"), [(Role.LEGAL_OFFICER, ["someone"]), (Role.PROPERTY_OFFICER, [])])
def test_a_label_of_a_restricted_column_is_written_for_its_roles_only(
    role: Role, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._LAYERS, "fields", field_layer(label="owner"))
    hod = make_hod()
    plant(hod, 1)
    assert [feature["owner"] for _where, feature in pieces(officer(hod, role), "fields_labels")] == written


def test_a_tile_holds_the_parcels_that_lie_in_it() -> None:
    hod = make_hod()
    parcels = plant(hod, 3, status="LEASED")
    found = drawn(ask(officer(hod), tile_at(14)))
    assert {f["id"] for f in found} == {str(p.pk) for p in parcels}
    assert {f["number"] for f in found} == {"0/3", "1/3", "2/3"}
    assert found[0]["status"] == "LEASED"
    assert found[0]["area"] == 2500.5


def test_a_tile_with_nothing_in_it_is_204() -> None:
    hod = make_hod()
    plant(hod)
    response = ask(officer(hod), tile_at(14, 25.0, 25.0))
    assert (response.status_code, response.content) == (204, b"")


def test_columns_wait_for_their_zoom() -> None:
    hod = make_hod()
    plant(hod, 1)
    assert "area" not in drawn(ask(officer(hod), tile_at(13)))[0]


@pytest.mark.parametrize("where", ["23/0/0", "3/8/0", "3/0/8", "-1/0/0", "a/b/c", "1/0/0.5"])
def test_an_impossible_tile_is_refused_before_the_database_is_asked(where: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = Client().get(f"/tiles/fields/{where}.mvt")
    assert response.status_code == 400
    assert len(asked) == 0


def test_an_impossible_address_raises() -> None:
    with pytest.raises(Invalid) as refused:
        address("30", "0", "0")
    assert refused.value.code == "tile_impossible"


@pytest.mark.parametrize("path", ["/tiles/nothing/0/0/0.mvt", "/tiles/nothing.json"])
def test_an_unknown_layer_is_not_found(path: str) -> None:
    client = Client()
    client.force_login(officer(make_hod()))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/tiles/fields/0/0/0.mvt", "/tiles/fields.json", "/tiles/style.json"])
def test_nobody_sees_nothing(path: str) -> None:
    assert Client().get(path).status_code == 401


@pytest.mark.parametrize("query", ["?status=NONSENSE", "?unknown=1"])
def test_a_filter_that_cannot_be_read_is_refused(query: str) -> None:
    assert ask(officer(make_hod()), tile_at(14), query).status_code == 400


def test_a_filter_narrows_the_tile() -> None:
    hod = make_hod()
    plant(hod, 2, status="LEASED")
    plant(hod, 3, status="FREE")
    assert len(drawn(ask(officer(hod), tile_at(14), "?status=FREE"))) == 3


ROLES = [Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER, Role.SURVEYOR, Role.AUDITOR, Role.GOVERNOR]
STRANGERS = [Role.CITIZEN, Role.ADMIN, Role.SYSTEM]


@pytest.mark.parametrize("z", [5, 8, 10, 12, 13, 14, 16])
@pytest.mark.parametrize("role", [*ROLES, *STRANGERS])
def test_no_tile_crosses_a_jurisdiction(role: str, z: int) -> None:
    """Two governorates and two custodians on one spot: each sees the own land, columns of the own role, no more."""
    here, there = make_hod("19010101001"), make_hod("02010101001")
    own, other = plant(here, 2), plant(there, 3)
    theirs = plant(here, 4, custodian=make_custodian("awqaf"))
    user = make_user(role, place=here.parent.parent.parent, custodian=make_custodian())
    response = ask(user, tile_at(z))
    if role in STRANGERS:
        assert response.status_code == 404
        return
    if z < 13:
        counts = drawn(response, "fields_counts") + drawn(response, "fields_places")
        assert counts
        assert {(c["count"], c["id"][:2]) for c in counts} == {(2, "19")}
        return
    found = drawn(response)
    assert {f["id"] for f in found} == {str(p.pk) for p in own}
    assert not {f["id"] for f in found} & {str(p.pk) for p in other + theirs}
    assert all(("owner" in f) == (role == Role.LEGAL_OFFICER) for f in found)
    assert all("secret" not in f for f in found)


def test_a_role_held_elsewhere_opens_no_column_here() -> None:
    here, there = make_hod("19010101001"), make_hod("02010101001")
    plant(here, 1)
    plant(there, 1)
    user = officer(here)
    user.roles.create(role=Role.LEGAL_OFFICER, office=make_office_in(there), starts_on="2020-01-01")
    found = drawn(ask(user, tile_at(14)))
    assert sorted("owner" in f for f in found) == [False, True]


def make_office_in(hod: Any) -> Any:
    from tests.authority.builders import make_office

    return make_office(hod.parent.parent.parent)


def test_what_nobody_changed_is_304_and_a_bump_makes_it_new() -> None:
    hod = make_hod()
    plant(hod)
    user = officer(hod)
    tag = ask(user, tile_at(14)).headers["ETag"]
    again = ask(user, tile_at(14), **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    bump("fields", "19")
    assert ask(user, tile_at(14), **{"If-None-Match": tag}).status_code == 200
    assert ask(user, tile_at(14)).headers["ETag"] != tag


def test_the_etag_belongs_to_the_rights_and_the_filter() -> None:
    hod = make_hod()
    plant(hod)
    tags = {
        ask(officer(hod), tile_at(14)).headers["ETag"],
        ask(officer(hod, Role.AUDITOR), tile_at(14)).headers["ETag"],
        ask(officer(hod), tile_at(14), "?status=FREE").headers["ETag"],
    }
    assert len(tags) == 3


def test_permission_is_asked_before_304() -> None:
    hod = make_hod()
    plant(hod)
    user = officer(hod)
    tag = ask(user, tile_at(14)).headers["ETag"]
    user.roles.all().delete()
    assert ask(user, tile_at(14), **{"If-None-Match": tag}).status_code == 404
    assert ask(None, tile_at(14), **{"If-None-Match": tag}).status_code == 401


def test_no_shared_cache_keeps_a_tile() -> None:
    hod = make_hod()
    plant(hod)
    for response in (ask(officer(hod), tile_at(14)), ask(officer(hod), tile_at(14, 25, 25))):
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Authorization"} <= set(response.headers["Vary"].split(", "))


def test_low_zooms_count_by_place_and_follow_changes() -> None:
    hod = make_hod()
    plant(hod, 2, status="LEASED")
    plant(hod, 1, status="FREE")
    user = officer(hod)
    (count,) = drawn(ask(user, tile_at(12)), "fields_counts")
    assert (count["count"], count["id"], count["main"]) == (3, hod.path, "LEASED")
    assert json.loads(count["counts"]) == {"LEASED": 2, "FREE": 1}
    assert count["area_m2"] == pytest.approx(3 * 2500.5)
    (upper,) = drawn(ask(user, tile_at(8)), "fields_counts")
    assert upper["id"] == hod.parent.parent.path


def test_counts_follow_a_bump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiles.summaries.REST", 0)
    hod = make_hod()
    plant(hod, 2)
    user = officer(hod)
    assert drawn(ask(user, tile_at(12)), "fields_counts")[0]["count"] == 2
    plant(hod, 5)
    bump("fields", "19")
    assert drawn(ask(user, tile_at(12)), "fields_counts")[0]["count"] == 7


def test_stale_counts_carry_no_etag(monkeypatch: pytest.MonkeyPatch) -> None:
    hod = make_hod()
    plant(hod, 2)
    user = officer(hod)
    assert "ETag" in ask(user, tile_at(12)).headers
    monkeypatch.setattr("tiles.summaries.REST", 1e9)
    plant(hod, 5)
    bump("fields", "19")
    stale = ask(user, tile_at(12))
    assert drawn(stale, "fields_counts")[0]["count"] == 2
    assert "ETag" not in stale.headers


def test_what_takes_long_to_count_is_counted_by_a_worker_and_readers_see_the_last_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tiles.summaries.REST", 0)
    monkeypatch.setattr("tiles.summaries.QUICK", -1)
    hod = make_hod()
    plant(hod, 2)
    user = officer(hod)
    assert drawn(ask(user, tile_at(12)), "fields_counts")[0]["count"] == 2
    plant(hod, 5)
    bump("fields", "19")
    for _ in range(2):
        stale = ask(user, tile_at(12))
        assert drawn(stale, "fields_counts")[0]["count"] == 2
        assert "ETag" not in stale.headers
    assert [job.payload for job in Job.objects.all()] == [{"layer": "fields", "governorate": "19"}]
    assert Worker().work_once()
    fresh = ask(user, tile_at(12))
    assert drawn(fresh, "fields_counts")[0]["count"] == 7
    assert "ETag" in fresh.headers


def test_sums_and_box_follow_the_counts_and_the_viewers_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiles.summaries.REST", 0)
    hod = make_hod()
    plant(hod, 2, status="FREE")
    layer, now = registry.find("fields"), selectors.clock.now()
    assert layer is not None
    scope, nobody = scope_of(officer(hod)), scope_of(make_user("CITIZEN", place=hod))
    assert summaries.totals(layer, scope, now) == {"FREE": 2}
    assert summaries.totals(layer, nobody, now) == {}
    assert summaries.extent(layer, nobody, now) is None
    plant(hod, 1, status="LEASED")
    bump("fields", "19")
    assert summaries.totals(layer, scope, now) == {"FREE": 2, "LEASED": 1}
    assert summaries.extent(layer, scope, now) == hod.geom.extent


def test_a_place_without_an_outline_is_counted_in_the_one_above() -> None:
    hod = make_hod()
    plant(hod, 2)
    type(hod).objects.filter(pk=hod.pk).update(geom=None)
    (count,) = drawn(ask(officer(hod), tile_at(12)), "fields_counts")
    assert (count["id"], count["count"]) == (hod.parent.path, 2)


def test_a_crowded_tile_drops_columns_then_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    hod = make_hod()
    plant(hod, 8)
    user = officer(hod)
    monkeypatch.setattr(mvt, "FULL", 5)
    assert set(drawn(ask(user, tile_at(14)))[0]) == {"status"}
    monkeypatch.setattr(mvt, "CAP", 6)
    assert [c["count"] for c in drawn(ask(user, tile_at(14)), "fields_places")] == [8]


def test_a_tile_over_its_bytes_shrinks(monkeypatch: pytest.MonkeyPatch) -> None:
    hod = make_hod()
    plant(hod, 40)
    user = officer(hod)
    full = len(gzip.decompress(ask(user, tile_at(14), **{"Accept-Encoding": "gzip"}).content))
    monkeypatch.setattr(mvt, "MAX_BYTES", full - 1)
    assert set(drawn(ask(user, tile_at(14)))[0]) == {"status"}


def test_a_tile_that_takes_too_long_falls_back_to_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: Any) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return b""

    hod = make_hod()
    plant(hod, 2)
    monkeypatch.setattr(selectors, "TIMEOUT", "20ms")
    monkeypatch.setattr(mvt, "features", slow)
    user = officer(hod)
    selectors.summaries.ensure(registry.find("fields"), selectors.clock.now())  # type: ignore[arg-type]
    monkeypatch.setattr(selectors, "TIMEOUT", "500ms")
    assert [c["count"] for c in drawn(ask(user, tile_at(14)), "fields_places")] == [2]


def test_a_tile_is_compressed_for_those_who_can_read_it() -> None:
    hod = make_hod()
    plant(hod, 40)
    user = officer(hod)
    packed, plain = ask(user, tile_at(14), **{"Accept-Encoding": "gzip"}), ask(user, tile_at(14))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_the_description_names_only_columns_one_may_read() -> None:
    hod = make_hod()
    named = {}
    for role in (Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER):
        client = Client()
        client.force_login(officer(hod, role))
        described = client.get("/tiles/fields.json").json()
        named[role] = set(described["vector_layers"][0]["fields"])
        assert described["tiles"] == ["http://testserver/tiles/fields/{z}/{x}/{y}.mvt"]
    assert named[Role.LEGAL_OFFICER] - named[Role.PROPERTY_OFFICER] == {"owner"}
    assert "secret" not in named[Role.LEGAL_OFFICER]


@pytest.mark.parametrize(
    ("scopes", "status"), [(["tiles"], 200), (["read"], 200), (["write"], 403)], ids=["tiles", "read", "write only"]
)
def test_a_personal_key_opens_tiles(scopes: list[str], status: int) -> None:
    hod = make_hod()
    plant(hod)
    user, key = officer(hod), new_key()
    ApiKey.objects.create(
        user=user, name="QGIS", prefix=key.prefix, secret_hash=hashed(key.secret), scopes=scopes,
        created_at=clock.now(), expires_at=clock.now() + dt.timedelta(days=1),
    )  # fmt: skip
    basic = base64.b64encode(f"{user.username}:{key.token}".encode()).decode()
    for header in (f"Bearer {key.token}", f"Basic {basic}"):
        assert ask(None, tile_at(14), Authorization=header).status_code == status
    assert ask(None, tile_at(14), Authorization="Bearer amlak_wrong").status_code == 401


def test_a_disabled_person_sees_no_tile_from_the_next_request_on() -> None:
    hod = make_hod()
    plant(hod)
    user = officer(hod)
    client = Client()
    client.force_login(user)
    assert client.get(f"/tiles/fields/{tile_at(14)}.mvt").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(f"/tiles/fields/{tile_at(14)}.mvt").status_code == 401
