"""`/api/v1/places/` and `/api/v1/me/`."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client
from rest_framework import exceptions

from authority import problems
from authority.models import Office, Place, Role
from authority.refusal import Conflict, Invalid
from authority.rest.problems import from_rest
from tests.authority.builders import make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    """A signed-in surveyor before a small tree of places."""
    governorate = make_place()
    markaz = make_place("1901", parent=governorate)
    for number in range(1, 5):
        make_place(f"190100{number:02}", parent=markaz, kind=Place.Kind.NAHIA)
    client.force_login(make_user(Role.SURVEYOR))
    return client


def test_places_are_listed_page_by_page_in_a_stable_order(reader: Client) -> None:
    seen, address = [], "/api/v1/places/?page_size=4"
    while address:
        page = reader.get(address).json()
        assert set(page) == {"next", "previous", "results"}
        seen += [place["path"] for place in page["results"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("query", "count"),
    [("kind=NAHIA", 4), ("parent=19", 1), ("within=1901", 5), ("code=19", 1), ("within=19010001&kind=NAHIA", 1)],
)
def test_places_are_filtered(reader: Client, query: str, count: int) -> None:
    assert len(reader.get(f"/api/v1/places/?{query}").json()["results"]) == count


def test_outlines_come_only_when_asked_for(reader: Client) -> None:
    assert "geom" not in reader.get("/api/v1/places/?code=19").json()["results"][0]
    found = reader.get("/api/v1/places/?code=19&geometry=1").json()["results"]
    assert found["type"] == "FeatureCollection"
    assert found["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert reader.get("/api/v1/places/19/").json()["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kind=PLANET", "bad_kind"),
        ("colour=red", "unknown_parameter"),
        ("kind=HOD&kind=NAHIA", "repeated_parameter"),
        ("geometry=maybe", "bad_parameter"),
        ("cursor=nonsense", "bad_cursor"),
        ("cursor=cD1hJTAwYg==", "bad_cursor"),
        ("geom__bboverlaps=/etc/passwd", "unknown_parameter"),
        ("within=%00", "bad_text"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_document(reader: Client, query: str, code: str) -> None:
    answer = reader.get(f"/api/v1/places/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_place_is_not_found(reader: Client) -> None:
    assert reader.get("/api/v1/places/99/").status_code == 404
    assert reader.get("/api/v1/places/?within=99").status_code == 404


def test_nobody_reads_without_signing_in(client: Client) -> None:
    for address in ("/api/v1/places/", "/api/v1/me/"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_me_tells_what_is_open_to_me(reader: Client) -> None:
    found = reader.get("/api/v1/me/").json()
    assert found["roles"] == [{"role": "surveyor", "place": "19", "custodian": None}]


def test_a_method_that_is_not_there_is_a_problem_document(reader: Client) -> None:
    answer = reader.delete("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_faults_of_nested_data_name_their_field() -> None:
    refusal = from_rest(exceptions.ValidationError({"a": {"b": ["bad"]}, "c": [{"d": ["worse"]}]}))
    assert isinstance(refusal, Invalid)
    assert [(f["field"], f["message"]) for f in refusal.params["errors"]] == [("a.b", "bad"), ("c.d", "worse")]


def broken_constraint() -> None:
    with transaction.atomic():
        Office.objects.create(code="x", name_ar="بلا اختصاص")


def same_code_twice() -> None:
    with transaction.atomic():
        Place.objects.create(code="19", path="19x", kind="GOVERNORATE", name_ar="x")


def number_too_large() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 99999999999::int")


@pytest.mark.parametrize(
    ("act", "kind", "code"),
    [
        (broken_constraint, IntegrityError, "rule_broken"),
        (same_code_twice, IntegrityError, "already_exists"),
        (number_too_large, DataError, "out_of_range"),
    ],
)
def test_what_the_database_refuses_has_a_name(act: object, kind: type[Exception], code: str) -> None:
    make_place()
    with pytest.raises(kind) as raised:
        act()
    refusal = problems.as_refusal(raised.value)
    assert refusal
    assert refusal.code == code


def test_a_room_names_its_own_constraints(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoJurisdiction(Conflict):
        code = "no_jurisdiction"

    monkeypatch.setitem(problems.CONSTRAINTS, "office_has_jurisdiction", NoJurisdiction)
    with pytest.raises(IntegrityError) as raised:
        broken_constraint()
    assert isinstance(problems.as_refusal(raised.value), NoJurisdiction)


def test_a_fault_of_the_program_is_not_dressed_up() -> None:
    assert problems.as_refusal(ZeroDivisionError()) is None
    assert problems.as_refusal(ValueError("something else")) is None


def test_the_schema_is_drawn_without_a_word_of_warning(client: Client) -> None:
    from drf_spectacular.drainage import GENERATOR_STATS

    GENERATOR_STATS.reset()
    assert client.get("/api/schema/").status_code == 200
    ours = [line for line in GENERATOR_STATS._warn_cache if "authority/" in line]
    assert not ours
