"""What leases bring to the lower rooms."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import User
from cases.models import Case
from cases.policies import cases_visible_to
from cases.registry import Figure, KindOfCase, Look, register_kind
from law.registry import RuleKind, whole_number
from law.registry import register as register_rule
from leases import tasks
from leases.doors import open_application
from leases.effects import EFFECTS
from leases.forms import FORMS, ApplicationForm
from leases.guards import FARM_TERM, GUARDS, NOTICE
from leases.models import Lease
from leases.rent import schedule
from leases.workflow import LEASE
from parcels import timeline
from parcels.locks import Lockable
from parcels.models import Holding, Parcel
from parcels.services import follow_holdings
from parcels.timeline import Entry
from ui import digits
from ui.addresses import address_of

PAPERS = {
    "site_report": _("Site inspection report"),
    "contract_draft": _("Draft contract"),
    "signed_contract": _("Signed contract"),
    "handover_minutes": _("Hand-over minutes"),
    "violation_report": _("Report of the breach"),
    "formal_notice": _("Formal notice"),
    "proof_of_service": _("Proof of service"),
    "cure_report": _("Report that the breach is cured"),
    "legal_opinion": _("Legal opinion"),
    "rescission_decision": _("Decision of rescission"),
    "termination_agreement": _("Agreement to end the contract"),
    "handback_minutes": _("Hand-back minutes"),
    "withdrawal_request": _("Request of withdrawal"),
    "other": _("Other paper"),
}


TENANT = _("tenant")
IN_FORCE = ("ACTIVE", "VIOLATION_NOTED", "NOTICE", "ENDED", "RESCINDED")
MOST_SHOWN, MOST_COUNTED = 24, 2400  # periods of a schedule
LOOKS = (
    Look(states=("APPLIED", "INSPECTED", "APPROVED", "CONTRACTED"), title=_("Lease: under way"), colour="st-alloc"),
    Look(states=("ACTIVE",), title=_("Lease: in force"), colour="st-leased"),
    Look(states=("VIOLATION_NOTED", "NOTICE"), title=_("Lease: breach"), colour="st-usufruct", pattern="dots"),
)


def figures(case: Case, user: User) -> list[Figure]:
    """What is known of a lease, for its page and for programs."""
    lease = Lease.objects.get(case=case)
    told = [
        Figure(title=_("Kind of tenure"), value=lease.get_tenure_display()),
        Figure(title=_("Purpose"), value=lease.purpose),
        Figure(title=_("Requested from"), value=lease.requested_from, kind="date"),
        Figure(title=_("Requested to"), value=lease.requested_to, kind="date"),
    ]
    if lease.contract_number:
        told += contract_figures(lease)
    return told


def contract_figures(lease: Lease) -> list[Figure]:
    """What the contract says."""
    rent = _("Rent, %(period)s") % {"period": lease.get_rent_period_display()}
    return [
        Figure(title=_("Contract"), value=lease.contract_number),
        Figure(title=_("First day"), value=lease.starts_on, kind="date"),
        Figure(title=_("Last day, included"), value=lease.ends_on, kind="date"),
        Figure(title=rent, value=lease.rent, kind="money", explain=lease.rent_record),
        Figure(title=_("Area of the contract"), value=lease.area_m2, kind="area"),
    ]  # fmt: skip


def words(case: Case) -> list[str]:
    """By which search finds a lease."""
    lease = Lease.objects.filter(case=case).first()
    return [lease.contract_number, lease.purpose] if lease else []


def page(case: Case, user: User) -> dict[str, Any]:
    """What the fragment of a lease's page shows: the schedule of rent, and in what capacity the party stands."""
    lease = Lease.objects.get(case=case)
    signed = case.state in IN_FORCE
    told: dict[str, Any] = {"party_role": TENANT if signed else _("applicant")}
    if lease.rent is None or lease.starts_on is None or lease.ends_on is None:
        return told
    term = schedule(rent=lease.rent, first=lease.starts_on, last=lease.ends_on, period=lease.rent_period)
    rents = list(islice(term, MOST_COUNTED))
    total = sum((row.amount for row in rents), Decimal(0))
    return told | {"rents": rents[:MOST_SHOWN], "more": max(len(rents) - MOST_SHOWN, 0), "total": total}


def rents(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the rents of the parcel's contracts on the days they fall due, as far as today and the next one.

    What was received stands in no room yet: these are the claims.
    """
    seen = cases_visible_to(user, Case.objects.filter(parcel=parcel, kind="lease", state__in=IN_FORCE)).order_by()
    rows = Lease.objects.filter(case__in=seen.values("pk"), rent__isnull=False, starts_on__isnull=False)
    for lease in rows.select_related("case"):
        yield from due(lease)


def due(lease: Lease) -> Iterator[Entry]:
    """Give the rents of one contract that have fallen due, and the next."""
    if lease.rent is None or lease.starts_on is None or lease.ends_on is None:
        return
    url, today = address_of("cases:case", lease.case_id), clock.today()
    term = schedule(rent=lease.rent, first=lease.starts_on, last=lease.ends_on, period=lease.rent_period)
    for row in islice(term, MOST_COUNTED):
        title = gettext("Rent due: %(amount)s EGP · %(contract)s") % {
            "amount": digits.figure(row.amount, 2), "contract": lease.contract_number,
        }  # fmt: skip
        yield Entry("payments", title, row.first, row.first, "ver", url, str(lease.pk), lease.signed_on)
        if row.first > today:
            return


KIND = KindOfCase(
    kind="lease",
    workflow=LEASE,
    title=_("Lease file"),
    plural=_("Leases"),
    icon="file-certificate",
    guards=GUARDS,
    effects=EFFECTS,
    opener=open_application,
    opening_form=ApplicationForm,
    opening_path="leases:new",
    forms=FORMS,
    papers=PAPERS,
    locks=dict.fromkeys(("apply", "approve", "contract", "activate"), Lockable.LEASE),
    figures=figures,
    words=words,
    template="leases/parts/case.html",
    page=page,
    looks=LOOKS,
    key="L",
)


def follow(old: Holding, new: Holding) -> None:
    """A tenure goes over to heirs: the contract points to the row that stands."""
    Lease.objects.filter(holding=old).update(holding=new)


def declare_rules() -> None:
    """Say which rules of law leases are bound by."""
    register_rule(
        RuleKind(
            FARM_TERM, _("Farm lease without the governor's approval"), whole_number("years", 99),
            lambda params: [gettext("Up to %(years)s years") % {"years": params["years"]}],
        )
    )  # fmt: skip
    register_rule(
        RuleKind(
            NOTICE, _("Period of a formal notice before rescission"), whole_number("days", 365),
            lambda params: [gettext("%(days)s days after it is served") % {"days": params["days"]}],
        )
    )  # fmt: skip


def declare() -> None:
    """Declare the kind of case; importing the tasks has registered them."""
    register_kind(KIND)
    declare_rules()
    follow_holdings(follow)
    timeline.register(rents, "payments")
    assert tasks.EXPIRE  # noqa: S101 - the import is wanted for what it registers
