"""What is found, by whom, in what order, and how it follows the book."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import Polygon
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority import clock
from authority.models import Role, User
from parcels.models import Holding, Parcel
from parties.services import redact_party, register_party
from search import registry, selectors
from search.models import SearchEntry
from search.selectors import Narrowed
from search.services import index
from tests.authority.builders import make_place, make_user
from tests.parcels import builders as land
from tests.search.builders import a_party, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=land.a_governorate())


@pytest.mark.parametrize(
    "typed",
    [
        "12/3", "١٢/٣", "12 / 3", "قطعة ١٢ / ٣", "قطعة 12/3", "قطعه ١٢/٣ حوض الملقه", "12/3 الملقة", "حوض 8 قطعة 12/3", "12/3 شارع الجمهوريه",
        "الجمهورية 12/3", "parcel 12/3", "12", "ملقة 12/3",
    ],
)  # fmt: skip
def test_a_parcel_is_found_however_its_address_is_written(officer: User, typed: str) -> None:
    parcel = land.a_parcel(number="12/3", street="شارع الجمهورية")
    land.a_parcel(number="99")
    assert [hit.id for hit in found(officer, typed)] == [str(parcel.pk)]


@pytest.mark.parametrize("typed", ["12/3 الملاحة", "قطعة 3/12", "حوض 9 قطعة 12/3", "ضمن 12/3", "حوض 12/3"])
def test_a_parcel_elsewhere_is_not_found(officer: User, typed: str) -> None:
    land.a_parcel(number="12/3")
    assert found(officer, typed) == []


def test_a_code_finds_its_parcel_whole_or_begun(officer: User) -> None:
    parcel = land.a_parcel()
    assert [hit.code for hit in found(officer, parcel.parcel_code)] == [parcel.parcel_code]
    assert found(officer, parcel.parcel_code[:8])


def test_numbers_stand_in_their_order(officer: User) -> None:
    for number in ("12/3", "9", "12", "100"):
        land.a_parcel(number=number)
    assert [hit.title.split()[-1] for hit in found(officer, "الملقة")] == ["9", "12", "12/3", "100"]


def test_who_holds_land_finds_it_and_no_longer_when_the_name_is_withheld(officer: User) -> None:
    legal = make_user(Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER, place=land.a_governorate())
    holder = a_party(legal, "محمد عبد الله حسن")
    parcel = land.a_parcel()
    land.a_holding(parcel, party=holder)
    assert [hit.id for hit in found(officer, "مُحمد عبدالله")] == [str(parcel.pk)]
    redact_party(party=holder, by=legal, at=clock.now(), reason="طلب صاحب البيانات وقرار اللجنة")
    assert found(officer, "محمد عبدالله") == []
    assert found(officer, "محمد", "party") == []


def test_a_result_says_who_holds_the_land(officer: User) -> None:
    parcel = land.a_parcel()
    land.a_holding(parcel, party=a_party(officer, "محمد حسن البنان"))
    assert "محمد حسن البنان" in found(officer, "البنان")[0].subtitle


def test_who_held_land_before_does_not_find_it(officer: User) -> None:
    parcel = land.a_parcel()
    past = dt.date(2020, 12, 31)
    land.a_holding(parcel, party=a_party(officer, "حسن البنان"), kind=Holding.Kind.LEASE, last_day=past)
    assert found(officer, "البنان") == []


@pytest.mark.parametrize("kind", ["parcel", "asset", "case", "party"])
def test_another_governorate_finds_nothing_of_ours(officer: User, kind: str) -> None:
    parcel = land.a_parcel(number="12/3")
    land.an_asset(parcel=parcel, name_ar="كشك 12/3")
    a_party(officer, "كشك 12/3")
    stranger = make_user(Role.PROPERTY_OFFICER, place=make_place("02"))
    assert found(stranger, "12/3", kind) == []
    known = registry.find(kind)
    assert known is not None
    assert selectors.total(selectors.ask(stranger, "12/3"), known).number == 0


def test_the_index_shows_a_reader_what_the_register_shows_him(officer: User) -> None:
    land.a_parcel(number="12/3")
    other = land.a_hod(land.a_governorate("02"))
    land.a_parcel(number="12/3", place=other, by=make_user(Role.GIS_OFFICER, place=make_place("02")))
    kind = registry.find("parcel")
    assert kind is not None
    for user in (officer, make_user(Role.PROPERTY_OFFICER, place=make_place("02"))):
        seen = set(SearchEntry.objects.filter(kind.seen(user), kind="parcel").values_list("object_id", flat=True))
        assert {hit.id for hit in kind.show(user, sorted(seen))} == seen
        everything = list(SearchEntry.objects.filter(kind="parcel").values_list("object_id", flat=True))
        assert {hit.id for hit in kind.show(user, everything)} == seen


def test_filters_narrow_what_is_found(officer: User) -> None:
    free, leased = land.a_parcel(number="12"), land.a_parcel(number="12")
    land.a_holding(leased)
    assert [hit.id for hit in found(officer, "12", narrowed=Narrowed({"status": "LEASED"}))] == [str(leased.pk)]
    assert [hit.id for hit in found(officer, "", narrowed=Narrowed({"status": "FREE"}))] == [str(free.pk)]
    assert found(officer, "12", narrowed=Narrowed({"place": "02"})) == []
    assert found(officer, "12", "party", Narrowed({"status": "FREE"})) == []


def test_an_outline_alone_finds_what_it_meets(officer: User) -> None:
    inside = land.a_parcel(boundary=land.a_boundary(x=0, y=0))
    land.a_parcel(boundary=land.a_boundary(x=5_000, y=0))
    west, south, east, north = inside.versions.get().geom.extent
    outline = Polygon.from_bbox((west - 1e-5, south - 1e-5, east + 1e-5, north + 1e-5))
    outline.srid = 4326
    assert [hit.id for hit in found(officer, "", narrowed=Narrowed(outline=outline))] == [str(inside.pk)]


def test_a_parcel_that_was_closed_is_found_no_more(officer: User) -> None:
    parcel = land.a_parcel(number="77")
    entry = SearchEntry.objects.get(object_id=str(parcel.pk))
    assert entry.sort.startswith("0000000077")
    Parcel.objects.filter(pk=parcel.pk).update(closed_on=dt.date(2026, 1, 1))
    index("parcel", [parcel.pk])
    assert found(officer, "77") == []


def test_making_the_index_anew_gives_the_same_index(officer: User) -> None:
    parcel = land.a_parcel(number="12/3", street="شارع الجمهورية")
    land.an_asset(parcel=parcel)
    a_party(officer, "محمد حسن")
    fields = ("kind", "object_id", "place_id", "custodian_id", "words", "sort", "area_m2", "status", "use", "owner")
    before = set(SearchEntry.objects.values_list(*fields))
    call_command("reindex", verbosity=0)
    assert set(SearchEntry.objects.values_list(*fields)) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(officer: User, text: str) -> None:
    asked = selectors.ask(officer, text)
    for kind in registry.kinds():
        selectors.page(asked, kind)
        selectors.total(asked, kind)


def test_no_national_number_stands_in_the_index(officer: User) -> None:
    register_party(name_ar="محمد", governorate="19", national_id_text="20001010100014", by=officer, at=clock.now())
    assert not SearchEntry.objects.filter(words__contains="20001010100014").exists()
