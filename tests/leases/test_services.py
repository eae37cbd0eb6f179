"""From application to the end of a contract, and what the land book is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from authority.models import Role, User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from law.services import enforce_rule, propose_rule
from leases import services
from leases.models import Lease
from parcels.models import Asset, Holding, LandUse, Status
from tests.authority.builders import make_user
from tests.cases import builders
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db
FIRST, LAST = leases.FIRST, leases.LAST
DAY = dt.timedelta(days=1)


def standing(lease: Lease) -> list[Holding]:
    """What the lease holds in the book."""
    return list(Holding.objects.filter(case_id=lease.case_id, in_book=True))


def test_a_contract_has_a_number_a_rent_with_its_reckoning_and_holds_the_land() -> None:
    lease = leases.contracted()
    assert lease.contract_number == "ع/2026/1"
    assert lease.rent == Decimal("26553.75")
    assert lease.rent_record["inputs"] == {"rate": "2.5", "area_m2": "10621.5000"}
    (holding,) = standing(lease)
    assert (holding.kind, holding.exclusive, holding.reference) == ("LEASE", True, "ع/2026/1")
    assert (holding.legal_range.lower, holding.legal_range.upper) == (FIRST, LAST + DAY)


def test_a_lease_in_force_colours_the_parcel() -> None:
    lease = leases.active(first=dt.date(2026, 11, 1), last=dt.date(2027, 10, 31))
    lease.case.parcel.refresh_from_db()
    assert lease.case.parcel.status == Status.LEASED


def test_one_december_and_the_next_january_do_not_collide() -> None:
    parcel = builders.parcel()
    leases.contracted(parcel, dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert leases.contracted(parcel, dt.date(2028, 1, 1), dt.date(2028, 12, 31)).contract_number


@pytest.mark.parametrize(("first", "last"), [(FIRST, LAST), (LAST, LAST + DAY), (FIRST - DAY, FIRST)])
def test_a_second_tenure_in_the_period_is_refused_naming_what_stands(first: dt.date, last: dt.date) -> None:
    parcel = builders.parcel()
    held = leases.contracted(parcel)
    second = leases.do(leases.application(parcel, requested_from=first, requested_to=last), "inspect", Role.INSPECTOR)
    with pytest.raises(Conflict) as refusal:
        leases.do(second, "approve", Role.GOVERNOR)
    assert refusal.value.code == "already_held"
    assert refusal.value.params["reference"] == held.contract_number


def test_the_database_knows_no_second_tenure() -> None:
    held = leases.contracted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            parcel=held.case.parcel, kind="USUFRUCT", exclusive=True, legal_range=(LAST, None),
            recorded_range=(builders.NOON, None), recorded_by=builders.person(),
        )  # fmt: skip


def test_an_asset_is_let_like_a_parcel() -> None:
    kiosk = Asset.objects.create(
        asset_code="K1", kind="KIOSK", name_ar="كشك", place=builders.governorate(), custodian=builders.custodian(),
        area_m2=Decimal("9.5"), registered_on=builders.LONG_AGO, recorded_by=builders.person(),
    )  # fmt: skip
    lease = services.submit_application(
        by=builders.person(Role.PROPERTY_OFFICER), at=builders.NOON, asset=kiosk, party=builders.party(),
        purpose="كشك", requested_from=FIRST, requested_to=LAST,
    )  # fmt: skip
    lease = leases.do(leases.do(lease, "inspect", Role.INSPECTOR), "approve", Role.DISTRICT_HEAD)
    lease = leases.do(lease, "contract", Role.LEGAL_OFFICER, facts={"rate_per_m2": Decimal(100)})
    assert lease.rent == Decimal("950.00")
    assert standing(lease)[0].asset == kiosk


def farm(last: dt.date) -> Lease:
    """An inspected application for farm land."""
    parcel = builders.parcel(land_use=LandUse.AGRI_OLD)
    return leases.do(leases.application(parcel, requested_to=last), "inspect", Role.INSPECTOR)


def test_a_farm_lease_of_three_years_needs_no_governor() -> None:
    assert leases.do(farm(dt.date(2029, 12, 31)), "approve", Role.DISTRICT_HEAD).case.state == "APPROVED"


def test_a_longer_farm_lease_is_approved_by_the_governor() -> None:
    lease = farm(dt.date(2030, 1, 1))
    with pytest.raises(NotAllowed) as refusal:
        leases.do(lease, "approve", Role.DISTRICT_HEAD)
    assert refusal.value.code == "higher_approval_needed"
    lease = leases.do(lease, "approve", Role.GOVERNOR)
    lease = leases.do(lease, "contract", Role.LEGAL_OFFICER, facts={"rent": Decimal("1000.005")})
    assert lease.rent == Decimal("1000.01")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "rent_required"),
        ({"rent": Decimal(1), "starts_on": FIRST - DAY}, "outside_approved_term"),
        ({"rent": Decimal(1), "ends_on": LAST + DAY}, "outside_approved_term"),
        ({"rent": Decimal(1), "starts_on": LAST, "ends_on": FIRST}, "ends_before_start"),
    ],
)
def test_a_contract_keeps_within_its_approval(facts: dict[str, object], code: str) -> None:
    lease = leases.do(leases.do(leases.application(), "inspect", Role.INSPECTOR), "approve", Role.GOVERNOR)
    with pytest.raises(Invalid) as refusal:
        leases.do(lease, "contract", Role.LEGAL_OFFICER, facts=facts)
    assert refusal.value.code == code


def test_a_rate_without_an_area_gives_no_rent() -> None:
    lease = leases.application(builders.parcel(survey_area_m2=None, geom=None))
    lease = leases.do(leases.do(lease, "inspect", Role.INSPECTOR), "approve", Role.GOVERNOR)
    with pytest.raises(Conflict) as refusal:
        leases.do(lease, "contract", Role.LEGAL_OFFICER, facts={"rate_per_m2": Decimal(1)})
    assert refusal.value.code == "area_unknown"


def test_private_land_is_not_let() -> None:
    lease = leases.do(leases.application(builders.parcel(ownership_class="WAQF")), "inspect", Role.INSPECTOR)
    with pytest.raises(Conflict) as refusal:
        leases.do(lease, "approve", Role.GOVERNOR)
    assert refusal.value.code == "not_lettable"


@pytest.mark.parametrize(("act", "barred"), [("apply", "approve"), ("inspect", "approve"), ("contract", "activate")])
def test_maker_is_not_checker(act: str, barred: str) -> None:
    everything = builders.person(
        Role.PROPERTY_OFFICER, Role.INSPECTOR, Role.GOVERNOR, Role.LEGAL_OFFICER, Role.DISTRICT_HEAD
    )

    def by(name: str) -> User | None:
        return everything if name in (act, barred) else None

    lease = leases.do(leases.application(by=by("apply")), "inspect", Role.INSPECTOR, by=by("inspect"))
    if act == "contract":
        lease = leases.do(lease, "approve", Role.GOVERNOR)
        lease = leases.do(lease, "contract", Role.LEGAL_OFFICER, by=by("contract"), facts={"rent": Decimal(1)})
    with pytest.raises(NotAllowed) as refusal:
        leases.do(lease, barred, Role.GOVERNOR, by=by(barred))
    assert refusal.value.code == "maker_is_checker"


def test_the_term_ends_at_midnight_in_cairo() -> None:
    lease = leases.active(first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
    by = builders.system()
    assert services.expire_due(by=by, at=dt.datetime(2026, 12, 31, 21, 59, tzinfo=dt.UTC)) == 0
    assert services.expire_due(by=by, at=dt.datetime(2026, 12, 31, 22, 0, tzinfo=dt.UTC)) == 1
    lease.case.refresh_from_db()
    assert lease.case.state == "ENDED"
    assert services.expire_due(by=by, at=dt.datetime(2027, 1, 2, tzinfo=dt.UTC)) == 0


def test_nobody_else_ends_a_contract_by_the_calendar() -> None:
    lease = leases.active(first=dt.date(2025, 1, 1), last=dt.date(2025, 12, 31))
    with pytest.raises(NotAllowed):
        leases.do(lease, "expire", Role.GOVERNOR)
    impostor = User.objects.create_user("system ", "a long password")
    with pytest.raises(NotFound):
        leases.do(lease, "expire", Role.GOVERNOR, by=impostor)


def test_rescission_waits_for_the_notice_and_frees_the_land() -> None:
    lease = leases.active(first=dt.date(2026, 1, 1))
    lease = leases.do(leases.do(lease, "note_violation", Role.INSPECTOR), "serve_notice", Role.LEGAL_OFFICER)
    with pytest.raises(Conflict) as refusal:
        leases.do(lease, "rescind", Role.GOVERNOR)
    assert refusal.value.params["opens_on"] == dt.date(2026, 12, 10)
    later = builders.NOON + 16 * DAY
    lease = leases.do(lease, "rescind", Role.GOVERNOR, at=later)
    assert lease.case.state == "RESCINDED"
    assert standing(lease)[0].legal_range.upper == dt.date(2026, 12, 11)
    assert leases.contracted(lease.case.parcel, dt.date(2026, 12, 11), LAST).contract_number == "ع/2026/2"


def test_a_contract_withdrawn_before_signature_never_held_the_land() -> None:
    lease = leases.contracted(first=dt.date(2026, 1, 1))
    lease = leases.do(lease, "withdraw", Role.PROPERTY_OFFICER)
    assert standing(lease) == []
    assert lease.case.closed_at == builders.NOON


def test_a_breach_that_is_cured_leaves_the_contract_in_force() -> None:
    lease = leases.do(leases.active(), "note_violation", Role.INSPECTOR)
    assert leases.do(lease, "clear_violation", Role.INSPECTOR).case.state == "ACTIVE"


def test_an_application_is_for_one_thing_and_some_days() -> None:
    with pytest.raises(Invalid):
        leases.application(requested_to=FIRST - DAY)
    with pytest.raises(Invalid):
        leases.application(tenure="ENCROACHMENT")
    with pytest.raises(Invalid):
        services.submit_application(
            by=builders.person(Role.PROPERTY_OFFICER), at=builders.NOON, party=builders.party(), purpose="x",
            requested_from=FIRST, requested_to=LAST,
        )  # fmt: skip


def a_rule(code: str, params: dict[str, int], starts: dt.date) -> None:
    author, other = (make_user(Role.LEGAL_OFFICER) for _ in range(2))
    proposed = propose_rule(by=author, at=builders.NOON, code=code, params=params, starts_on=starts, source="قرار")
    enforce_rule(by=other, at=builders.NOON, rule=proposed)


def test_how_long_a_farm_lease_may_be_without_the_governor_is_a_rule_of_its_day() -> None:
    a_rule("leases.farm_term", {"years": 5}, builders.NOON.date())
    assert leases.do(farm(dt.date(2030, 1, 1)), "approve", Role.DISTRICT_HEAD).case.state == "APPROVED"


def test_a_notice_runs_as_long_as_the_rule_said_on_the_day_it_was_served() -> None:
    lease = leases.do(leases.active(), "note_violation", Role.INSPECTOR)
    lease = leases.do(lease, "serve_notice", Role.LEGAL_OFFICER)
    a_rule("leases.notice", {"days": 40}, builders.NOON.date() + dt.timedelta(days=1))
    later = builders.NOON + dt.timedelta(days=17)
    assert leases.do(lease, "rescind", Role.GOVERNOR, at=later).case.state == "RESCINDED"
