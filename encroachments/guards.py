"""What stands against an act on an encroachment; the lawfulness of an order is held by the database as well."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from authority import clock
from authority.refusal import Conflict, Invalid
from cases.models import Case, Event
from cases.registry import Question, state_title
from encroachments.measuring import FOR_ORDERS
from encroachments.models import Encroachment
from parcels.models import Holding

# Tenures under which the holder is no squatter: his breach is followed under the contract (domain.md §0b.13).
TENURES = ("LEASE", "USUFRUCT", "USE_LICENCE", "LEASE_TO_OWN", "ALLOCATION", "SALE_INSTALLMENTS", "SALE")
CLAIMED = ("TITLE_REVIEW", "IN_COURT")
ONE_DAY = dt.timedelta(days=1)


def encroachment_of(case: Case) -> Encroachment:
    """What is known of the encroachment of a case."""
    return Encroachment.objects.get(case=case)


def holdings_on(case: Case, at: dt.datetime) -> QuerySet[Holding]:
    """What stands in the book for the case's parcel, its asset and the parcel under it: on the act's day or today."""
    thing = Q(pk__in=())
    if case.land_id:
        thing |= Q(parcel_id=case.land_id)
    if case.asset_id:
        thing |= Q(asset_id=case.asset_id)
    standing = Q(legal_range__contains=clock.day_of(at)) | Q(legal_range__contains=clock.today())
    return Holding.objects.filter(thing & standing, in_book=True)


def no_valid_tenure(question: Question) -> None:
    """An order against a valid tenure is refused, whoever signs."""
    held = holdings_on(question.case, question.at).filter(kind__in=TENURES).first()
    if held is not None:
        raise Conflict(
            "valid_tenure",
            _(
                "A valid tenure stands on the land: %(kind)s %(reference)s until %(until)s. "
                "A breach of it is followed under the contract."
            ),
            kind=held.get_kind_display(),
            reference=held.reference,
            until=until(held),
            holding=held.pk,
            path="lease_breach",
        )


def until(holding: Holding) -> str:
    """The last day of a holding as printed."""
    upper = holding.legal_range.upper
    return (upper - ONE_DAY).strftime("%d/%m/%Y") if upper else "—"


def no_open_claim(question: Question) -> None:
    """An order waits until every claim to title and every suit on the parcel is over."""
    case = question.case
    disputes = holdings_on(case, question.at).filter(kind=Holding.Kind.DISPUTE)
    if disputes.exclude(case_id=case.pk).exists():
        raise Conflict("title_claim_open", _("A dispute over the title is open on this parcel."))
    claimed = _claimed(case)
    if claimed is not None:
        raise Conflict(
            "title_claim_open",
            _("File %(number)s on this parcel stands at “%(state)s”."),
            number=claimed.number,
            state=state_title(claimed.kind, claimed.state),
        )


def _claimed(case: Case) -> Case | None:
    """Another file on the same land in which a title is claimed."""
    if case.parcel_id is None and case.asset_id is None:
        return None
    same = Q(asset_id=case.asset_id) if case.parcel_id is None else Q(parcel_id=case.parcel_id)
    others = Case.objects.filter(same, kind="encroachment", state__in=CLAIMED)
    return others.exclude(pk=case.pk).first()


def measurement_given(question: Question) -> None:
    """A measurement is a shape, a method and, if known, the error of its corners."""
    facts = question.facts
    if facts is not None and not (facts.get("geometry") and facts.get("method")):
        raise Invalid(
            "measurement_required",
            _("Give the measured boundary and how it was measured."),
            fields={"geometry": ["required"], "method": ["required"]},
        )


def measured(question: Question) -> None:
    """Something has been measured."""
    if encroachment_of(question.case).measured is None:
        raise Conflict("not_measured", _("Nothing has been measured yet."))


def surveyed(question: Question) -> None:
    """Only a surveyor's measurement carries an order; a phone or a sketch is for triage."""
    encroachment = encroachment_of(question.case)
    if encroachment.method not in FOR_ORDERS:
        raise Conflict(
            "measurement_for_triage",
            _("The measurement (%(method)s) is for triage only: an order takes a total station or GNSS RTK."),
            method=encroachment.get_method_display() or "—",
        )


def basis_given(question: Question) -> None:
    """An order names one legal basis."""
    if question.facts is None:
        return
    if not (question.facts.get("legal_basis") or encroachment_of(question.case).legal_basis):
        raise Invalid("basis_required", _("Choose the legal basis of the order: one of four."), field="legal_basis")


def caught_in_progress(question: Question) -> None:
    """Removal at once is for works found in progress."""
    if not encroachment_of(question.case).caught_in_progress:
        raise Conflict("works_finished", _("The works are finished: removal at once is for works in progress."))


def period_over(question: Question) -> None:
    """Administrative removal waits for the period that the order gave."""
    served = Event.objects.filter(case=question.case, act="notify").order_by("-id").first()
    if served is None:
        return
    days = encroachment_of(question.case).period_days
    opens = clock.day_of(served.at) + dt.timedelta(days=days + 1 if days else 0)
    if clock.day_of(question.at) < opens:
        raise Conflict(
            "period_running",
            _("Opens on %(opens)s, when the period given by the order is over."),
            opens=f"{opens:%d/%m/%Y}",
            opens_on=opens,
        )


GUARDS = {
    "no_valid_tenure": no_valid_tenure,
    "no_open_claim": no_open_claim,
    "measurement_given": measurement_given,
    "measured": measured,
    "surveyed": surveyed,
    "basis_given": basis_given,
    "caught_in_progress": caught_in_progress,
    "period_over": period_over,
}
