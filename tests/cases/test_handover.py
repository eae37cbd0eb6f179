"""Changes of rights with their effect, and an officer who leaves: what waits at his desk, and who takes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from authority import clock, policies
from authority.entry import sessions
from authority.keeping import leaving, services
from authority.mandates import services as mandates
from authority.models import ApiKey, AuditEvent, Delegation, PreparedChange, Role, RoleHolding, User
from authority.refusal import Refusal
from cases import selectors
from cases.registry import act_title
from parcels.models import WorkItem
from search.models import SavedFilter
from tests.authority.builders import make_office, make_place
from tests.cases import builders
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refusal_of(act: Any, **how: Any) -> str:
    """The code with which an act is refused; '' when it is done."""
    try:
        with transaction.atomic():
            act(**how)
    except Refusal as refusal:
        return refusal.code
    return ""


def a_role(person: User, role: str = Role.GOVERNOR, **how: Any) -> PreparedChange:
    return services.prepare_role(
        person=person, role=role, office=builders.office(), **({"by": builders.person(Role.ADMIN), "at": clock.now()} | how)
    )  # fmt: skip


def test_a_role_is_prepared_with_what_follows_and_given_by_a_second_administrator() -> None:
    lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    officer, second = builders.person(), builders.person(Role.ADMIN)
    change = a_role(officer)
    effect = {line["name"]: (line["before"], line["after"]) for line in change.effect}
    assert effect == {"parcels": (0, 1), "files": (0, 1), "waiting": (0, 1)}
    assert not policies.scope_of(officer).roles
    services.carry_out(change_id=change.pk, by=second, at=clock.now())
    assert policies.scope_of(officer).roles == {Role.GOVERNOR}
    assert list(selectors.inbox(officer)) == [lease.case]
    told = AuditEvent.objects.filter(object_id=str(change.pk)).order_by("id")
    assert [event.action for event in told] == ["authority.change_prepared", "authority.change_done"]
    assert told[1].detail["prepared_by"] == change.prepared_by.username
    assert refusal_of(services.carry_out, change_id=change.pk, by=second, at=clock.now()) == "change_decided"


def test_nobody_is_the_second_person_for_himself_nor_whom_a_delegation_binds_to_him() -> None:
    first, second, bound = (builders.person(Role.ADMIN) for _ in range(3))
    concerned = builders.person(Role.ADMIN)
    RoleHolding.objects.create(
        user=first, role=Role.DISTRICT_HEAD, office=builders.office(), starts_on=dt.date(2020, 1, 1)
    )
    Delegation.objects.create(
        giver=first, delegate=bound, role=Role.DISTRICT_HEAD, decree="1", starts_on=clock.today(),
        ends_on=clock.today(), asked_by=first, asked_at=clock.now(), confirmed_by=second, confirmed_at=clock.now(),
    )  # fmt: skip
    change = a_role(concerned, by=first)
    for by, code in [
        (first, "second_person_needed"), (concerned, "second_person_needed"), (bound, "second_person_needed"),
        (builders.person(Role.GOVERNOR), "not_found"), (second, ""),
    ]:  # fmt: skip
        assert refusal_of(services.carry_out, change_id=change.pk, by=by, at=clock.now()) == code
    assert refusal_of(a_role, person=first, by=first) == "own_role"


def test_the_database_knows_two_people_too() -> None:
    change = a_role(builders.person())
    for by in (change.prepared_by, change.person):
        with pytest.raises(IntegrityError), transaction.atomic():
            PreparedChange.objects.filter(pk=change.pk).update(state="DONE", decided_by=by, decided_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        change.delete()


def test_an_administrator_gives_nothing_outside_his_jurisdiction() -> None:
    office = make_office(make_place("02"))
    stranger = builders.person(Role.GOVERNOR, where=office)
    assert refusal_of(a_role, person=stranger) == "not_found"
    by = builders.person(Role.ADMIN)
    how = {"person": builders.person(), "role": Role.GOVERNOR, "office": office, "by": by, "at": clock.now()}
    assert refusal_of(services.prepare_role, **how) == "not_allowed"
    change = a_role(builders.person())
    elsewhere = builders.person(Role.ADMIN, where=office)
    RoleHolding.objects.create(
        user=change.person, role=Role.INSPECTOR, office=builders.office(), starts_on=dt.date(2020, 1, 1)
    )
    assert refusal_of(services.carry_out, change_id=change.pk, by=elsewhere, at=clock.now()) == "not_found"


class Leaver:
    """A governor with everything in his hands that can be there."""

    def __init__(self) -> None:
        self.person, self.heir = builders.person(Role.GOVERNOR), builders.person(Role.DISTRICT_HEAD)
        self.first, self.second = builders.person(Role.ADMIN), builders.person(Role.ADMIN)
        self.lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
        RoleHolding.objects.filter(user=self.heir).update(role=Role.FILE_REVIEWER)
        at = clock.now()
        self.work = WorkItem.objects.create(
            parcel=self.lease.case.parcel, kind="no_area", state="TAKEN", owner=self.person, found_at=at, changed_at=at
        )
        self.filter = SavedFilter.objects.create(
            page="parcels", name="شاغرة", query="status=FREE", owner=self.person, office=builders.office(), saved_at=at
        )
        SavedFilter.objects.create(page="parcels", name="شاغرة", query="x=1", owner=self.heir, saved_at=at)
        self.key = ApiKey.objects.create(
            user=self.person, name="QGIS", prefix="p", secret_hash="x", scopes=["read"], created_at=at,
            expires_at=at + DAY,
        )  # fmt: skip
        self.session = sessions.begin(user=self.person, key="k" * 32, at=at, address="", agent="")
        self.lent = mandates.enter(
            giver=self.person, delegate=self.heir, role=Role.GOVERNOR, starts_on=clock.today(), ends_on=clock.today(),
            decree="1", by=self.person, at=at,
        )  # fmt: skip
        self.role = f"role:{self.person.roles.get().pk}"

    def prepare(self, *kinds: str) -> PreparedChange:
        heirs = dict.fromkeys(kinds, self.heir)
        return services.prepare_leaving(person=self.person, heirs=heirs, by=self.first, at=clock.now())


def test_nobody_leaves_while_something_would_be_nobodys() -> None:
    leaver = Leaver()
    held = {one.name: one.needs_heir for one in leaving.in_hands(leaver.person, clock.today())}
    assert held == {
        leaver.role: True, "work": True, "filters": True, "keys": False, "sessions": False, "delegations": False,
    }  # fmt: skip
    for kinds in ((), ("work", "filters"), (leaver.role, "work"), (leaver.role, "filters")):
        assert refused(leaver, kinds)
    assert not PreparedChange.objects.exists()


def refused(leaver: Leaver, kinds: tuple[str, ...]) -> bool:
    """Whether a plan is refused because something is left behind."""
    with pytest.raises(Refusal) as answer:
        leaver.prepare(*kinds)
    return answer.value.code == "left_behind"


def test_what_came_into_his_hands_after_it_was_prepared_stops_the_leaving_and_nothing_is_done() -> None:
    leaver = Leaver()
    SavedFilter.objects.filter(pk=leaver.filter.pk).update(closed_at=clock.now())
    change = leaver.prepare(leaver.role, "work")
    SavedFilter.objects.filter(pk=leaver.filter.pk).update(closed_at=None)
    assert refusal_of(services.carry_out, change_id=change.pk, by=leaver.second, at=clock.now()) == "left_behind"
    leaver.person.refresh_from_db()
    leaver.work.refresh_from_db()
    assert (leaver.person.is_active, leaver.work.owner) == (True, leaver.person)


def test_a_leaver_leaves_nothing_behind() -> None:
    leaver = Leaver()
    other = a_role(leaver.person, Role.LEGAL_OFFICER)
    change = leaver.prepare(leaver.role, "work", "filters")
    assert (
        refusal_of(services.carry_out, change_id=change.pk, by=leaver.first, at=clock.now()) == "second_person_needed"
    )
    services.carry_out(change_id=change.pk, by=leaver.second, at=clock.now())
    for row in (leaver.person, leaver.work, leaver.filter, leaver.key, leaver.session, leaver.lent, other):
        row.refresh_from_db()
    assert not leaver.person.is_active
    assert (leaver.work.owner, leaver.filter.owner) == (leaver.heir, leaver.heir)
    assert leaver.filter.name != "شاغرة"  # the colleague has a filter of this name
    assert None not in (leaver.key.revoked_at, leaver.session.ended_at, leaver.lent.closed_at)
    assert leaver.person.roles.get().ends_on == clock.today()
    assert other.state == "WITHDRAWN"
    assert list(selectors.inbox(leaver.heir)) == [leaver.lease.case]
    assert list(selectors.inbox(User.objects.get(pk=leaver.person.pk))) == []
    handed = AuditEvent.objects.filter(action="authority.handed_over").values_list("detail__what", flat=True)
    assert sorted(handed) == ["filters", "governor", "work"]


def test_a_role_that_colleagues_hold_as_well_needs_nobody_to_take_over() -> None:
    leaver = Leaver()
    colleague = builders.person(Role.GOVERNOR, until=clock.today())
    assert refused(leaver, ("work", "filters"))  # he goes today as well
    RoleHolding.objects.filter(user=colleague).update(ends_on=None)
    assert leaver.prepare("work", "filters").pk


@pytest.mark.parametrize("who", ["himself", "closed"])
def test_who_takes_over_works_here_and_stays(who: str) -> None:
    leaver = Leaver()
    if who == "himself":
        leaver.heir = leaver.person
    else:
        leaver.heir.is_active = False
        leaver.heir.save()
    with pytest.raises(Refusal) as answer:
        leaver.prepare(leaver.role, "work", "filters")
    assert answer.value.code == "bad_heir"


def test_an_officer_leaves_on_the_pages_of_two_administrators() -> None:
    leaver = Leaver()
    first, second = signed_in(leaver.first), signed_in(leaver.second)
    page = f"/administration/people/{leaver.person.pk}/leaving/"
    assert first.get(page).status_code == 200
    name = leaver.heir.username
    assert first.post(page, {leaver.role: name}).status_code == 409
    assert first.post(page, {leaver.role: "nobody", "work": name, "filters": name}).status_code == 400
    answer = first.post(page, {leaver.role: name, "work": name, "filters": name})
    change = PreparedChange.objects.get()
    assert answer["Location"] == f"/administration/changes/{change.pk}/"
    assert first.post(answer["Location"], {"act": "carry_out"}).status_code == 403
    assert str(change.pk) in second.get("/administration/").content.decode()
    assert second.get(answer["Location"]).status_code == 200
    assert second.post(answer["Location"], {"act": "carry_out"}).status_code == 302
    leaver.person.refresh_from_db()
    assert not leaver.person.is_active


def test_an_account_and_a_role_are_prepared_on_the_pages() -> None:
    first, second = signed_in(builders.person(Role.ADMIN)), signed_in(builders.person(Role.ADMIN))
    assert first.post("/administration/", {"username": "system", "name_ar": "س"}).status_code == 409
    assert first.post("/administration/", {"username": "bad name", "name_ar": "س"}).status_code == 400
    where = first.post("/administration/", {"username": "mona", "name_ar": "منى"})["Location"]
    assert not User.objects.filter(username="mona").exists()
    assert second.post(where, {"act": "carry_out"}).status_code == 302
    mona = User.objects.get(username="mona")
    assert not mona.has_usable_password()
    page, day = f"/administration/people/{mona.pk}/", clock.today().strftime("%d/%m/%Y")
    sent = {"role": "governor", "office": builders.office().pk, "starts_on": day}
    where = first.post(page, sent)["Location"]
    assert act_title("lease", "approve") in first.get(where).content.decode()
    assert second.post(where, {"act": "carry_out"}).status_code == 302
    holding = mona.roles.get()
    assert first.post(page, {"holding": holding.pk, "last_day": "never"}).status_code == 400
    assert first.post(page, {"holding": "9" * 11, "last_day": day}).status_code == 404
    where = first.post(page, {"holding": holding.pk, "last_day": day})["Location"]
    assert second.post(where, {"act": "fly"}).status_code == 400
    assert second.post(where, {"act": "withdraw"}).status_code == 302
    holding.refresh_from_db()
    assert holding.ends_on is None


def test_who_keeps_no_accounts_finds_no_pages() -> None:
    officer, change = builders.person(Role.GOVERNOR), a_role(builders.person())
    client = signed_in(officer)
    assert client.get("/administration/").status_code == 403
    for page in (f"people/{officer.pk}/", f"people/{officer.pk}/leaving/", f"changes/{change.pk}/"):
        assert client.get(f"/administration/{page}").status_code == 404
