"""Who may see and do what here: the list, its workbook, the yearly review."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from authority import clock
from authority.keeping import access
from authority.keeping.access import Target
from authority.models import AccessReview, AuditEvent, Delegation, Role, RoleHolding, User
from cases import selectors
from parcels.models import Parcel
from parcels.policies import parcels_visible_to
from tests.authority.builders import make_custodian, make_office, make_place, make_user
from tests.cases import builders
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
PAGE = "/administration/access/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lent(giver: User, delegate: User, **said: object) -> Delegation:
    known = {
        "role": Role.GOVERNOR, "decree": "قرار 5", "starts_on": clock.today(), "ends_on": clock.today(),
        "asked_by": giver, "asked_at": clock.now(), "confirmed_by": make_user(), "confirmed_at": clock.now(),
    }  # fmt: skip
    return Delegation.objects.create(giver=giver, delegate=delegate, **(known | said))


def crowd() -> dict[str, User]:
    """People whose jurisdictions differ in every way that counts."""
    markaz = make_place("1903", parent=builders.governorate())
    people = {
        "all of it": builders.person(Role.GOVERNOR),
        "below": make_user(Role.INSPECTOR, place=markaz),
        "elsewhere": make_user(Role.INSPECTOR, place=make_place("02")),
        "its custodian": make_user(Role.CUSTODIAN_OFFICER, office=make_office(custodian=builders.custodian())),
        "another custodian": make_user(Role.CUSTODIAN_OFFICER, office=make_office(custodian=make_custodian("waters"))),
        "ended": builders.person(Role.INSPECTOR, until=clock.today() - dt.timedelta(days=1)),
        "disabled": builders.person(Role.INSPECTOR),
        "delegate": builders.person(),
        "delegate of other files": builders.person(),
    }
    User.objects.filter(pk=people["disabled"].pk).update(is_active=False)
    lent(people["all of it"], people["delegate"], files=["lease"])
    lent(people["all of it"], people["delegate of other files"], files=["encroachment"])
    return people


def test_the_list_for_a_parcel_and_a_file_is_what_the_policies_let_each_person_see() -> None:
    """The twin: the list names exactly the people for whom the queries of the book and of files find the thing."""
    people, case = crowd(), leases.application().case
    assert case.parcel is not None
    held = (case.place.path, case.custodian_id)
    of_parcel = {line.person for line in access.lines_of(Target(*held, whole=False), clock.today()) if not line.giver}
    of_file = {line.person for line in access.lines_of(Target(*held, whole=False, files="lease"), clock.today())}
    for name, one in people.items():
        fresh = User.objects.get(pk=one.pk)
        sees = parcels_visible_to(fresh, Parcel.objects.all()).filter(pk=case.parcel_id).exists()
        reads = selectors.cases_visible_to(fresh).filter(pk=case.pk).exists()
        assert (one in of_parcel, one in of_file) == (sees, reads), name


def test_the_list_of_a_place_names_who_reaches_a_part_of_it() -> None:
    people = crowd()
    lines = access.lines_of(Target("19"), clock.today())
    part = {line.person: line.part for line in lines}
    told = {name: part.get(person) for name, person in people.items()}
    assert told == {
        "all of it": False, "below": True, "elsewhere": None, "its custodian": True, "another custodian": True,
        "ended": None, "disabled": None, "delegate": False, "delegate of other files": False,
    }  # fmt: skip
    through = {line.person: (line.giver, line.decree) for line in lines}
    assert through[people["delegate"]] == (people["all of it"], "قرار 5")
    assert through[people["below"]] == (None, "")


def test_the_list_is_read_in_two_queries_however_many_people_there_are(django_assert_num_queries: object) -> None:
    crowd()
    with django_assert_num_queries(2):  # type: ignore[operator]
        access.lines_of(Target("19"), clock.today())


def test_a_review_keeps_the_list_as_it_was_and_is_due_again_after_a_year() -> None:
    crowd()
    auditor, place = builders.person(Role.AUDITOR), builders.governorate()
    now = clock.now()
    assert access.is_due(place, now)
    client = signed_in(auditor)
    assert client.post(f"{PAGE}?place=19", {"act": "review", "note": "x"}).status_code == 400
    assert client.post(f"{PAGE}?place=19", {"act": "review", "note": "لا ملاحظات"}).status_code == 302
    held = AccessReview.objects.get()
    before = len(held.rows)
    assert {row["person"] for row in held.rows if row["giver"]}
    RoleHolding.objects.all().update(ends_on=clock.today() - dt.timedelta(days=1))
    held.refresh_from_db()
    assert len(held.rows) == before
    assert not access.is_due(place, now)
    assert access.is_due(place, now + dt.timedelta(days=366))
    assert AuditEvent.objects.filter(action="authority.access_reviewed", object_id=str(held.pk)).count() == 1
    for change in (AccessReview.objects.all().delete, lambda: AccessReview.objects.update(note="y")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_workbook_holds_the_list_and_its_taking_out_is_recorded() -> None:
    people = crowd()
    answer = signed_in(builders.person(Role.AUDITOR)).post(f"{PAGE}?place=19", {"act": "export"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        told = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert people["delegate"].username in told
    assert people["elsewhere"].username not in told
    assert AuditEvent.objects.filter(action="workspace.access_exported").count() == 1


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        (Role.AUDITOR, "?place=19", 200),
        (Role.ADMIN, "?place=19", 200),
        (Role.ADMIN, "?place=02", 404),
        (Role.AUDITOR, "?place=77", 404),
        (Role.AUDITOR, "?office={office}", 200),
        (Role.AUDITOR, "?office=none", 404),
        (Role.AUDITOR, "?parcel={parcel}", 200),
        (Role.ADMIN, "?parcel={parcel}", 404),  # the administrator keeps accounts, not land
        (Role.AUDITOR, "?parcel=x", 400),
        (Role.AUDITOR, "?case={case}", 200),
        (Role.INSPECTOR, "?place=19", 403),
    ],
)
def test_who_looks_through_the_rights_of_others(role: str, query: str, status: int) -> None:
    make_place("02")
    case = leases.application().case
    asked = query.format(office=builders.office().code, parcel=case.parcel_id, case=case.pk)
    assert signed_in(builders.person(role)).get(PAGE + asked).status_code == status
