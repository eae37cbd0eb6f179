"""What stands against an act on a lease; each is asked with the case locked, and by the page to say why not."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.models import Role
from authority.refusal import Conflict, Invalid, NotAllowed
from cases.models import Case, Event
from cases.registry import Question
from law.selectors import rule_on
from leases import terms
from leases.models import Lease
from parcels.models import Holding, LandUse, OwnershipClass, ParcelVersion
from parcels.selectors import latest_versions

FARM = {LandUse.AGRI_OLD, LandUse.AGRI_RECLAIMED}
NOT_OURS = {OwnershipClass.PRIVATE, OwnershipClass.WAQF, OwnershipClass.AGRARIAN_REFORM}
FARM_TERM, NOTICE = "leases.farm_term", "leases.notice"  # rows of legal_rule


def lease_of(case: Case) -> Lease:
    """The lease of a case."""
    return Lease.objects.get(case=case)


def period(question: Question, lease: Lease) -> tuple[dt.date, dt.date]:
    """First and last day that the act is about: given with the act, else contracted, else requested."""
    facts = question.facts or {}
    first = facts.get("starts_on") or lease.starts_on or lease.requested_from
    return first, facts.get("ends_on") or lease.ends_on or lease.requested_to


def version_of(case: Case) -> ParcelVersion | None:
    """The standing version of the parcel in question; None for an asset that stands on no parcel."""
    return latest_versions(case.land_id).first() if case.land_id else None


def lettable(question: Question) -> None:
    """State land in our custody only."""
    version = version_of(question.case)
    if version is not None and version.ownership_class in NOT_OURS:
        raise Conflict(
            "not_lettable",
            _("The land is recorded as %(ownership)s: the governorate does not let it."),
            ownership=version.get_ownership_class_display(),
        )


def standing(case: Case, first: dt.date, last: dt.date) -> Holding | None:
    """Another exclusive holding of the same thing in the period."""
    rows = Holding.objects.filter(in_book=True, exclusive=True, legal_range__overlap=(first, last + terms.ONE_DAY))
    rows = rows.filter(asset=case.asset) if case.asset_id else rows.filter(parcel=case.parcel)
    return rows.exclude(case_id=case.pk).order_by("legal_range").first()


def free_in_period(question: Question) -> None:
    """No other exclusive tenure in the period; the database holds the same rule."""
    first, last = period(question, lease_of(question.case))
    holding = standing(question.case, first, last)
    if holding is not None:
        raise Conflict(
            "already_held",
            _("The land is already held in this period: %(kind)s %(reference)s until %(until)s."),
            kind=holding.get_kind_display(),
            reference=holding.reference,
            until=last_day(holding),
        )


def last_day(holding: Holding) -> str:
    """The last day of a holding as printed."""
    upper = holding.legal_range.upper
    return (upper - terms.ONE_DAY).strftime("%d/%m/%Y") if upper else "—"


def is_farm(case: Case) -> bool:
    """Say whether the land is farm land."""
    version = version_of(case)
    return case.asset_id is None and version is not None and version.land_use in FARM


def term_within_authority(question: Question) -> None:
    """A farm lease of more years than the rule of the day allows (leases.farm_term) is approved by the governor."""
    first, last = period(question, lease_of(question.case))
    if not is_farm(question.case):
        return
    years = rule_on(FARM_TERM, clock.day_of(question.at)).params["years"]
    if not terms.longer_than(first, last, years):
        return
    by_governor = Event.objects.filter(case=question.case, act="approve", role=Role.GOVERNOR).exists()
    if question.role != Role.GOVERNOR and not by_governor:
        raise NotAllowed(
            "higher_approval_needed",
            _("A farm lease of more than %(years)s years is approved by the governor."),
            years=years,
        )


def rent_known(question: Question) -> None:
    """A contract states its dates within the approval and its rent."""
    facts, lease = question.facts, lease_of(question.case)
    if facts is None:
        return
    first, last = period(question, lease)
    if last < first:
        raise Invalid("ends_before_start", _("The last day lies before the first."), field="ends_on")
    if first < lease.requested_from or last > lease.requested_to:
        raise Invalid(
            "outside_approved_term",
            _("The approval covers %(first)s to %(last)s only."),
            first=f"{lease.requested_from:%d/%m/%Y}",
            last=f"{lease.requested_to:%d/%m/%Y}",
        )
    if not (facts.get("rate_per_m2") or facts.get("rent")):
        raise Invalid("rent_required", _("Give the rate for a square metre, or the rent as a whole."), field="rent")


def notice_over(question: Question) -> None:
    """Rescission waits for the period of the notice: as the rule said on the day it was served (leases.notice)."""
    served = Event.objects.filter(case=question.case, act="serve_notice").order_by("-id").first()
    if served is None:
        return
    day = clock.day_of(served.at)
    opens = day + dt.timedelta(days=rule_on(NOTICE, day).params["days"] + 1)
    if clock.day_of(question.at) < opens:
        raise Conflict(
            "notice_running",
            _("Opens on %(opens)s, when the period of the notice is over."),
            opens=f"{opens:%d/%m/%Y}",
            opens_on=opens,
        )


def term_over(question: Question) -> None:
    """A contract ends by itself on the day after its last day, in Cairo."""
    last = lease_of(question.case).ends_on
    if last is None or not terms.over(last, clock.day_of(question.at)):
        raise Conflict("term_running", _("The contract still runs."))


GUARDS = {
    "lettable": lettable,
    "free_in_period": free_in_period,
    "term_within_authority": term_within_authority,
    "rent_known": rent_known,
    "notice_over": notice_over,
    "term_over": term_over,
}
