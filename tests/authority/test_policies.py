"""Role × jurisdiction: the rule for one object and the rule for a queryset agree."""

import datetime as dt
import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from authority import policies
from authority.models import Office, Place, Role, RoleHolding, User
from authority.policies import STAFF_READ, Grant, Scope, require, scope_of
from authority.refusal import NotAllowed
from tests.authority.builders import make_custodian, make_office, make_place, make_user

PATHS = ("02", "19", "19.1901", "19.19011", "19.1901.19010004", "02.0203")


def plant() -> list[Place]:
    """Make a small tree; 1901 and 19011 share a prefix without one lying in the other."""
    for path in PATHS:
        *above, code = path.split(".")
        make_place(code, parent=Place.objects.get(path=".".join(above)) if above else None)
    return list(Place.objects.order_by("path"))


@pytest.mark.django_db
def test_nothing_is_open_to_nobody_or_to_a_person_without_roles() -> None:
    place = make_place()
    for user in (AnonymousUser(), make_user()):
        assert not scope_of(user).allows(frozenset(Role), place)
        assert not scope_of(user).holds(frozenset(Role))
        assert not Place.objects.filter(scope_of(user).places_q("", roles=frozenset(Role))).exists()


@pytest.mark.django_db
def test_an_office_reaches_its_place_and_all_below_and_nothing_beside() -> None:
    plant()
    scope = scope_of(make_user(Role.SURVEYOR, place=Place.objects.get(path="19.1901")))
    reached = {path for path in PATHS if scope.allows({Role.SURVEYOR}, path)}
    assert reached == {"19.1901", "19.1901.19010004"}


@pytest.mark.django_db
def test_a_role_is_not_lent_to_another_place() -> None:
    plant()
    user = make_user(Role.SURVEYOR, place=Place.objects.get(path="02"))
    RoleHolding.objects.create(
        user=user, role=Role.INSPECTOR, office=make_office(Place.objects.get(path="19")), starts_on=dt.date(2020, 1, 1)
    )
    scope = scope_of(user)
    assert scope.allows({Role.INSPECTOR}, "19.1901")
    assert not scope.allows({Role.SURVEYOR}, "19.1901")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        (dt.date(2026, 1, 1), None, True),
        (dt.date(2026, 5, 10), dt.date(2026, 5, 10), True),
        (dt.date(2026, 5, 11), None, False),
        (dt.date(2026, 1, 1), dt.date(2026, 5, 9), False),
    ],
)
def test_a_role_counts_from_its_first_day_to_its_last(starts: dt.date, ends: dt.date | None, held: bool) -> None:
    user = make_user()
    RoleHolding.objects.create(user=user, role=Role.INSPECTOR, office=make_office(), starts_on=starts, ends_on=ends)
    assert scope_of(user, on=dt.date(2026, 5, 10)).holds({Role.INSPECTOR}) is held


@pytest.mark.django_db
def test_a_disabled_person_has_nothing_even_where_the_object_in_memory_is_older() -> None:
    user = make_user(Role.GOVERNOR)
    assert scope_of(user).holds(STAFF_READ)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user.is_active
    assert not scope_of(user).holds(STAFF_READ)


@pytest.mark.django_db
def test_a_superuser_is_not_omnipotent_over_land() -> None:
    root = User.objects.create_superuser("root")
    assert not scope_of(root).holds(frozenset(Role))


@pytest.mark.django_db
def test_the_administrator_keeps_accounts_and_does_not_read_the_register() -> None:
    assert not scope_of(make_user(Role.ADMIN)).allows(STAFF_READ, make_place())


@pytest.mark.django_db
def test_an_office_of_a_custodian_in_a_place_needs_both_to_fit() -> None:
    plant()
    ours, other = make_custodian("reform"), make_custodian("waqf")
    scope = scope_of(make_user(Role.CUSTODIAN_OFFICER, place=Place.objects.get(path="19"), custodian=ours))
    roles = {Role.CUSTODIAN_OFFICER}
    assert scope.allows(roles, "19.1901", ours.pk)
    assert not scope.allows(roles, "19.1901", other.pk)
    assert not scope.allows(roles, "02", ours.pk)
    assert not scope.allows(roles, "19.1901"), "an object without a custodian is not this custodian's"
    assert scope.allows(roles)


@pytest.mark.django_db
def test_require_raises_where_the_roles_do_not_reach() -> None:
    plant()
    user = make_user(Role.SURVEYOR, place=Place.objects.get(path="19.1901"))
    require(user, {Role.SURVEYOR}, place=Place.objects.get(path="19.1901.19010004"))
    with pytest.raises(NotAllowed):
        require(user, {Role.SURVEYOR}, place="19")
    with pytest.raises(NotAllowed) as raised:
        require(user, {Role.GOVERNOR}, code="not_the_governor")
    assert raised.value.code == "not_the_governor"


@pytest.mark.django_db
def test_rights_are_read_once_in_a_request_and_again_after_a_change(django_assert_num_queries: object) -> None:
    user = make_user(Role.SURVEYOR)
    with policies.remembered():
        assert scope_of(user) is scope_of(user)
        RoleHolding.objects.all().delete()
        policies.forget()
        assert not scope_of(user).roles


def test_equal_rights_have_equal_keys_and_others_have_others() -> None:
    one, same = (Scope(n, frozenset({Grant("surveyor", "19", 0)})) for n in (1, 2))
    assert one.key() == same.key()
    assert one.key() != Scope(1, frozenset({Grant("surveyor", "19", 3)})).key()
    assert one.key() != Scope(1).key()


ROLES = (Role.SURVEYOR, Role.INSPECTOR)
grants = st.frozensets(
    st.builds(
        Grant,
        role=st.sampled_from(ROLES),
        path=st.sampled_from(PATHS),
        custodian_id=st.sampled_from((0, 1, 2)),
    )
    | st.builds(Grant, role=st.sampled_from(ROLES), path=st.just(""), custodian_id=st.sampled_from((1, 2))),
    max_size=5,
)


@pytest.mark.django_db
@given(held=grants, roles=st.frozensets(st.sampled_from(ROLES)))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_queryset_holds_exactly_what_is_allowed_one_by_one(held: frozenset[Grant], roles: frozenset[Role]) -> None:
    # offices stand for any row with a place and a custodian
    if not Office.objects.exists():
        custodians = {1: make_custodian("a"), 2: make_custodian("b")}
        for place, number in itertools.product([None, *plant()], (0, 1, 2)):
            if place or number:
                make_office(place, custodians.get(number))
    numbers = {office.custodian_id for office in Office.objects.exclude(custodian=None)}
    real = dict(zip((1, 2), sorted(numbers), strict=True)) | {0: 0}
    scope = Scope(1, frozenset(Grant(g.role, g.path, real[g.custodian_id]) for g in held))

    def allowed(office: Office, *, custodian: bool) -> bool:
        held_by = {"custodian_id": office.custodian_id} if custodian else {}
        return scope.allows(roles, office.place, **held_by)

    def found(condition: Q) -> set[int]:
        return set(Office.objects.filter(condition).values_list("pk", flat=True))

    offices = list(Office.objects.select_related("place"))
    assert found(scope.places_q("place", "custodian", roles)) == {o.pk for o in offices if allowed(o, custodian=True)}
    assert found(scope.places_q("place", roles=roles)) == {o.pk for o in offices if allowed(o, custodian=False)}
    places = set(Place.objects.filter(scope.places_q("", roles=roles)).values_list("path", flat=True))
    assert places == {p.path for p in Place.objects.all() if scope.allows(roles, p)}
