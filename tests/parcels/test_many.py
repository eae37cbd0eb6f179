"""One act on many parcels: prepared by one officer, carried out whole by another, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from authority import clock
from authority.models import AuditEvent, Role, RoleHolding, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from jobs.models import Job
from parcels import services
from parcels.models import BulkAct, Parcel, ParcelVersion
from parcels.selectors import as_of
from parcels.services import many
from search.models import SearchEntry
from tests.authority.builders import make_custodian, make_office, make_place, make_user
from tests.parcels import builders
from tests.surveys.builders import work

pytestmark = pytest.mark.django_db
ON = dt.date(2024, 7, 1)
CUSTODY = {"custodian": "awqaf", "decree_no": "44", "decree_on": "2024-06-20"}


def keeper() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())


def prepared(parcels: list[Parcel], by: User | None = None, **more: Any) -> BulkAct:
    said = {"act": "FACTS", "said": {"land_use": "AGRI_OLD"}, "on": ON, "basis": "حصر 2024"} | more
    return services.prepare_bulk_act(
        by=by or keeper(), at=clock.now(), parcels=[parcel.pk for parcel in parcels], **said
    )


def done(act: BulkAct, by: User | None = None) -> BulkAct:
    services.carry_out(by=by or keeper(), at=clock.now(), act=act)
    many.write_bulk_act(act.pk, at=clock.now())
    act.refresh_from_db()
    return act


def standing(parcel: Parcel, on: dt.date) -> ParcelVersion:
    return as_of(parcel.pk, on=on)


def test_all_say_the_same_from_the_day_on_and_nothing_else_changes() -> None:
    parcels = [builders.a_parcel(land_use="VACANT", street=f"شارع {n}") for n in range(3)]
    act = done(prepared(parcels))
    assert act.state == BulkAct.State.DONE
    for n, parcel in enumerate(parcels):
        assert standing(parcel, ON).land_use == "AGRI_OLD"
        assert standing(parcel, ON).street == f"شارع {n}"
        assert standing(parcel, ON - dt.timedelta(days=1)).land_use == "VACANT"
        assert bytes(standing(parcel, ON).source_geom) == bytes(standing(parcel, builders.DAY).source_geom)
        assert SearchEntry.objects.get(object_id=str(parcel.pk)).use == "AGRI_OLD"


def test_custody_goes_over_by_one_decree_and_each_parcel_tells_it() -> None:
    parcels, awqaf = [builders.a_parcel() for _ in range(2)], make_custodian("awqaf")
    act = done(prepared(parcels, act="CUSTODY", said=CUSTODY))
    for parcel in parcels:
        parcel.refresh_from_db()
        assert parcel.custodian == awqaf
        assert standing(parcel, ON).custody_decree == "44"
        told = AuditEvent.objects.get(action="parcels.custody_transferred", object_id=str(parcel.pk))
        assert (told.detail["bulk_act"], told.governorate) == (str(act.pk), "19")


def test_a_decree_that_followed_is_not_undone() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    services.new_version(
        by=keeper(), at=clock.now(), parcel=parcel, on=dt.date(2025, 1, 1), facts={"land_use": "INDUSTRIAL"}
    )
    done(prepared([Parcel.objects.get(pk=parcel.pk)]))
    assert standing(parcel, dt.date(2024, 12, 31)).land_use == "AGRI_OLD"
    assert standing(parcel, dt.date(2025, 1, 1)).land_use == "INDUSTRIAL"


def test_those_that_cannot_take_it_are_left_out_with_their_reason() -> None:
    good, already, late = (
        builders.a_parcel(land_use="VACANT"),
        builders.a_parcel(land_use="AGRI_OLD"),
        builders.a_parcel(legal_from=dt.date(2025, 1, 1)),
    )
    act = prepared([good, already, late])
    told = dict(act.rows.values_list("parcel_id", "left_out"))
    assert told == {good.pk: "", already.pk: "nothing_new", late.pk: "no_version_then"}
    done(act)
    assert standing(good, ON).land_use == "AGRI_OLD"


def test_nobody_carries_out_what_he_prepared() -> None:
    one = keeper()
    act = prepared([builders.a_parcel()], by=one)
    with pytest.raises(NotAllowed, match="غير الذي أعده"):
        services.carry_out(by=one, at=clock.now(), act=act)
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkAct.objects.filter(pk=act.pk).update(state="DONE", decided_by=one)


def test_nothing_is_written_where_one_parcel_has_changed_meanwhile() -> None:
    parcels = [builders.a_parcel(land_use="VACANT") for _ in range(2)]
    act = prepared(parcels)
    services.carry_out(by=keeper(), at=clock.now(), act=act)
    services.new_version(by=keeper(), at=clock.now(), parcel=parcels[1], on=ON, facts={"shelf": "4"})
    work()
    act.refresh_from_db()
    assert act.state == BulkAct.State.OUTDATED
    assert list(act.rows.exclude(left_out="").values_list("parcel_id", "left_out")) == [(parcels[1].pk, "stale")]
    assert standing(parcels[0], ON).land_use == "VACANT"


def test_the_queue_carries_it_out_once() -> None:
    parcel = builders.a_parcel(land_use="VACANT")
    act = prepared([parcel])
    services.carry_out(by=keeper(), at=clock.now(), act=act)
    work()
    act.refresh_from_db()
    assert (act.state, Job.objects.get(name=many.TASK).state) == ("DONE", "DONE")
    assert parcel.versions.filter(in_book=True).count() == 2
    with pytest.raises(Conflict, match="سبق البت"):
        services.carry_out(by=keeper(), at=clock.now(), act=act)


def test_work_that_fails_says_so_and_leaves_the_book_alone() -> None:
    parcel, awqaf = builders.a_parcel(), make_custodian("awqaf")
    act = prepared([parcel], act="CUSTODY", said=CUSTODY)
    services.carry_out(by=keeper(), at=clock.now(), act=act)
    type(awqaf).objects.filter(pk=awqaf.pk).update(closed_on=dt.date(2026, 1, 1))
    work()
    act.refresh_from_db()
    assert (act.state, act.reason) == ("OUTDATED", "custodian_unknown")
    assert parcel.versions.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"said": {}}, "nothing_new"),
        ({"said": {"survey_area_m2": "5"}}, "bulk_fact_single"),
        ({"said": {"land_use": "MOON"}}, "fact_invalid"),
        ({"basis": " "}, "reason_needed"),
        ({"act": "SELL"}, "act_unknown"),
        ({"act": "CUSTODY", "said": CUSTODY | {"custodian": "nobody"}}, "custodian_unknown"),
        ({"act": "CUSTODY", "said": CUSTODY | {"decree_no": ""}}, "decree_missing"),
        ({"act": "CUSTODY", "said": CUSTODY | {"decree_on": "2099-01-01"}}, "decree_in_future"),
        ({"act": "CUSTODY", "said": CUSTODY | {"decree_on": None}}, "decree_missing"),
    ],
)
def test_what_cannot_be_said_of_many_is_refused(wrong: dict[str, Any], code: str) -> None:
    make_custodian("awqaf")
    with pytest.raises(Invalid) as refused:
        prepared([builders.a_parcel()], **wrong)
    assert refused.value.code == code
    assert not BulkAct.objects.exists()


def test_none_and_too_many_are_refused() -> None:
    for parcels, code in (([], "bulk_none"), ([uuid4() for _ in range(10_001)], "bulk_too_many")):
        with pytest.raises(Invalid) as refused:
            services.prepare_bulk_act(
                by=keeper(), at=clock.now(), act="FACTS", parcels=parcels, said={"shelf": "1"}, on=ON, basis="x"
            )
        assert refused.value.code == code


def test_land_out_of_sight_and_two_governorates_at_once_are_refused() -> None:
    other = builders.a_hod(builders.a_governorate("02"))
    mine, theirs = (
        builders.a_parcel(),
        builders.a_parcel(place=other, by=builders.a_keeper(builders.a_governorate("02"))),
    )
    with pytest.raises(NotFound):
        prepared([mine, theirs])
    everywhere = make_user(Role.GIS_OFFICER, place=builders.a_governorate())
    RoleHolding.objects.create(
        user=everywhere, role=Role.GIS_OFFICER, office=make_office(make_place("02")), starts_on=builders.DAY
    )
    with pytest.raises(Invalid, match="أكثر من محافظة"):
        prepared([mine, theirs], by=everywhere)


def test_the_statements_do_not_grow_with_the_parcels() -> None:
    def statements(parcels: list[Parcel]) -> int:
        act = prepared(parcels)
        services.carry_out(by=keeper(), at=clock.now(), act=act)
        with CaptureQueriesContext(connection) as asked:
            many.write_bulk_act(act.pk, at=clock.now())
        return len(asked)

    few = statements([builders.a_parcel(land_use="VACANT") for _ in range(2)])
    assert statements([builders.a_parcel(land_use="VACANT") for _ in range(12)]) <= few + 2


def test_withdrawing_needs_a_reason_and_changes_nothing() -> None:
    parcel, one = builders.a_parcel(), keeper()
    act = prepared([parcel], by=one)
    with pytest.raises(Invalid):
        services.withdraw_bulk_act(by=one, at=clock.now(), act=act, reason="")
    services.withdraw_bulk_act(by=one, at=clock.now(), act=act, reason="خطأ في الحصر")
    act.refresh_from_db()
    assert (act.state, parcel.versions.count()) == ("WITHDRAWN", 1)
