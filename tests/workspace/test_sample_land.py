"""What the sample holds: made once for all of these tests, each of which undoes what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from authority.models import Place, Role, RoleHolding, User
from cases.models import Case
from correspondence.models import Letter, Memo
from documents import sandbox
from law.days import holidays
from litigation.models import Hearing, Suit
from parcels.codes import verify
from parcels.models import Asset, Holding, Lineage, Parcel, ParcelVersion, Status
from parcels.status import refresh_asset_status, refresh_status
from parties.models import Party
from surveys.models import Fault, Submission
from tests.search.builders import found
from workspace.sample.loading import Wish, fill
from workspace.sample.surveys import make_surveys

ON = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The sample in a transaction that the tests of this file stand in."""
    store = tmp_path_factory.mktemp("store")
    with django_db_blocker.unblock(), override_settings(DOCUMENT_STORE=store), transaction.atomic():
        yield fill(Wish(parcels=1200, seed=3, on=ON))
        transaction.set_rollback(True)


@pytest.fixture
def sample(filled: int, db: None) -> int:
    """How many parcels the sample holds."""
    return filled


def test_all_of_it_is_marked_as_invented(sample: int) -> None:
    assert not Parcel.objects.filter(invented=False).exists()
    assert not Party.objects.filter(invented=False).exists()


def test_every_parcel_lies_in_its_governorate(sample: int) -> None:
    sql = """SELECT count(*) FROM parcels_parcelversion v JOIN authority_place a ON a.id = v.place_id
             JOIN authority_place g ON g.code = left(a.path, 2) WHERE NOT ST_Within(v.geom, ST_Buffer(g.geom, 0.0005))"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchone() == (0,)


def test_codes_carry_right_check_digits(sample: int) -> None:
    assert all(verify(code) for code in Parcel.objects.values_list("parcel_code", flat=True))


def test_it_holds_what_a_register_has_to_cope_with(sample: int) -> None:
    book = ParcelVersion.objects.filter(in_book=True)
    assert book.filter(geom__isnull=True).exists()  # on paper only
    assert book.filter(legal_range__upper_inf=False).exists()  # closed in law
    assert ParcelVersion.objects.filter(in_book=False).exists()  # corrected in the book
    assert Lineage.objects.exists()
    assert book.filter(is_part_of=True).exists()
    assert book.filter(bis=True).exists()
    assert book.exclude(parcel_no_sub="").exists()
    assert set(Holding.objects.values_list("kind", flat=True)) >= {"LEASE", "ENCROACHMENT", "REGULARIZATION", "SALE"}


def test_there_is_an_account_for_every_role(sample: int, settings) -> None:
    assert {user.username for user in User.objects.all()} == set(Role.values)
    assert User.objects.get(username="property_officer").check_password(settings.SAMPLE_PASSWORD)
    assert not User.objects.get(username="system").has_usable_password()
    assert set(RoleHolding.objects.values_list("role", flat=True)) == set(Role.values) - {"citizen", "system"}


def test_hods_and_their_sections_are_places(sample: int) -> None:
    hods = Place.objects.filter(kind=Place.Kind.HOD)
    assert hods.exists()
    assert all(hod.path.startswith(f"{hod.parent.path}.") and hod.hod_no for hod in hods.select_related("parent"))


def test_the_status_it_writes_is_the_one_the_register_derives(sample: int) -> None:
    assert refresh_status(on=ON) == []
    assert refresh_asset_status(on=ON) == []


def test_there_are_assets_of_every_kind_that_alexandria_lets(sample: int) -> None:
    kinds = set(Asset.objects.values_list("kind", flat=True))
    assert kinds >= {"BUILDING", "UNIT", "SHOP", "KIOSK", "BEACH"}
    assert all(verify(code) for code in Asset.objects.values_list("asset_code", flat=True))
    assert Asset.objects.filter(kind="UNIT", parent__kind="BUILDING", parcel__isnull=False).exists()
    assert Asset.objects.filter(kind="BEACH", parcel__isnull=True, geom__isnull=False).exists()


def test_a_divided_parcel_has_ended_and_its_parts_begin_that_day(sample: int) -> None:
    line = Lineage.objects.select_related("predecessor").first()
    assert line.predecessor.closed_on == line.on
    parts = Lineage.objects.filter(predecessor=line.predecessor)
    assert parts.count() == 2
    begun = ParcelVersion.objects.filter(parcel__in=parts.values("successor"), in_book=True)
    assert {version.legal_range.lower for version in begun} == {line.on}
    ended = ParcelVersion.objects.get(parcel=line.predecessor, in_book=True)
    assert ended.legal_range.upper == line.on


def test_files_are_on_their_way_in_both_registers_each_on_land_of_its_own(sample: int) -> None:
    files = Case.objects.all()
    assert set(files.values_list("kind", flat=True)) == {"lease", "encroachment"}
    assert len(set(files.values_list("state", flat=True))) >= 8
    assert files.values("parcel").distinct().count() == files.count()
    assert Case.objects.filter(kind="lease", state="ACTIVE", parcel__status=Status.LEASED).exists()
    assert Case.objects.filter(kind="encroachment", state="NOTIFIED", parcel__status=Status.ENCROACHED).exists()


def test_suits_stand_before_the_courts_and_the_days_off_are_entered(sample: int) -> None:
    assert set(Suit.objects.values_list("state", flat=True)) == {"OPEN", "JUDGED"}
    assert not Hearing.objects.filter(held_on__lt=ON, told_at=None).exists()
    assert Suit.objects.get(subject="OWNERSHIP").lands.get().parcel.status == Status.DISPUTED
    assert holidays().filter(day=ON.replace(month=10, day=6)).exists()


def test_nobody_who_opened_a_file_decided_it(sample: int) -> None:
    for case in Case.objects.filter(kind="lease").exclude(state="APPLIED"):
        done = {event.act: event.by_id for event in case.events.all()}
        assert len({done["apply"], done["inspect"], done.get("approve")}) == 3


def test_what_the_sample_holds_is_found(sample: int) -> None:
    officer = User.objects.get(username="property_officer")
    assert found(officer, "2026/1", "case")
    assert found(officer, "الإسماعيلية")
    assert found(officer, "محمد", "party")


STATES = {("19", "ACCEPTED"), ("19", "RETURNED"), ("19", "ASKING"), ("19", "REPORTED"), ("02", "REPORTED")}


def test_surveys_stand_where_each_screen_shows_one_and_nobody_decided_his_own(sample: int) -> None:
    assert make_surveys(ON, 3) == len(STATES)
    held = Submission.objects.order_by("pk")
    assert {(one.governorate, one.state) for one in held} == STATES
    assert {one.submitted_by.username for one in held} == {"surveyor"}
    decided = [one.decided_by for one in held if one.state in ("ACCEPTED", "RETURNED")]
    assert [one.username for one in decided if one] == ["gis_officer"] * 2
    faults = set(Fault.objects.filter(submission__state="REPORTED").values_list("code", flat=True))
    assert {"area_mismatch", "number_missing", "number_duplicate", "overlap_register"} <= faults
    asked = Submission.objects.get(state="ASKING").questions.filter(answer__isnull=True)
    assert {"crs", "encoding"} <= set(asked.values_list("kind", flat=True))
    assert ParcelVersion.objects.filter(survey_method="GNSS_RTK", recorded_by__username="gis_officer").exists()


def test_the_same_wish_hands_in_the_same_files(sample: int) -> None:
    def hashes() -> list[str]:
        with transaction.atomic():
            make_surveys(ON, 3)
            found = list(Submission.objects.order_by("number", "governorate").values_list("file__sha256", flat=True))
            transaction.set_rollback(True)
        return found

    assert hashes() == hashes()


def test_without_a_sandbox_no_survey_is_handed_in(sample: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "available", lambda: "sandbox_unavailable")
    assert make_surveys(ON, 3) == 0
    assert not Submission.objects.exists()


def test_letters_are_answered_late_cancelled_and_drafted_and_memos_wait(sample: int) -> None:
    for office in ("property-19", "property-02"):
        states = Letter.objects.filter(office__code=office).values_list("direction", "state")
        assert {
            ("IN", "ANSWERED"),
            ("IN", "ASSIGNED"),
            ("IN", "CANCELLED"),
            ("OUT", "ISSUED"),
            ("OUT", "DRAFT"),
        } <= set(states)
    assert set(Memo.objects.values_list("case__kind", "state")) == {("lease", "DRAFT"), ("encroachment", "DRAFT")}
