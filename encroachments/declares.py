"""What encroachments bring to the lower rooms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from authority.models import User
from cases.models import Case
from cases.registry import Figure, KindOfCase, Look, register_kind
from encroachments.doors import open_report
from encroachments.effects import AFTER_EACH, EFFECTS
from encroachments.forms import FORMS, ReportForm
from encroachments.guards import GUARDS
from encroachments.measuring import FOR_ORDERS
from encroachments.models import Encroachment
from encroachments.selectors import REPEAT
from encroachments.workflow import ENCROACHMENT
from law.registry import RuleKind, whole_number
from law.registry import register as register_rule
from parcels.locks import Lockable

PAPERS = {
    "site_report": _("Site inspection report"),
    "survey_sheet": _("Survey demarcation sheet"),
    "police_report": _("Police report"),
    "referral_letter": _("Letter of referral"),
    "photos_before": _("Photographs before removal"),
    "photos_after": _("Photographs after removal"),
    "removal_minutes": _("Minutes of removal"),
    "title_document": _("Title shown by the occupant"),
    "legal_opinion": _("Legal opinion"),
    "statement_of_claim": _("Statement of claim"),
    "judgment": _("Judgment"),
    "approved_sketch": _("Approved sketch"),
    "legal_memo": _("Memorandum of the legal department"),
    "signed_order": _("Signed removal order"),
    "proof_of_service": _("Proof of service"),
    "stay_judgment": _("Judgment staying execution"),
    "lift_judgment": _("Judgment lifting the stay"),
    "withdrawal_decision": _("Reasoned decision of withdrawal"),
    "custody_minutes": _("Minutes of hand-over to the custodian"),
    "other": _("Other paper"),
}


LOOKS = (
    Look(states=("REPORTED", "INSPECTED"), title=_("Encroachment: under inquiry"), colour="st-regular", pattern="dots"),
    Look(states=("CONFIRMED", "ORDER_DRAFTED"), title=_("Encroachment: confirmed"), colour="warn", pattern="hatch"),
    Look(
        states=("TITLE_REVIEW", "IN_COURT", "STAYED"),
        title=_("Encroachment: title, court or stay"),
        colour="st-dispute",
        pattern="cross",
    ),
    Look(
        states=("ORDER_ISSUED", "NOTIFIED"),
        title=_("Encroachment: order in force"),
        colour="st-encroach",
        pattern="hatch",
    ),
    Look(states=("REMOVED",), title=_("Encroachment: removed"), colour="st-free"),
)


def figures(case: Case, user: User) -> list[Figure]:
    """What is known of an encroachment, for its page and for programs."""
    known = Encroachment.objects.get(case=case)
    told = [
        Figure(title=_("Kind of encroachment"), value=known.get_works_display()),
        Figure(title=_("Source"), value=known.get_source_display()),
    ]
    if known.occupant_name:
        told.append(Figure(title=pgettext_lazy("encroachment", "Occupant"), value=known.occupant_name))
    if known.measured_m2 is not None:
        told += measured_figures(known)
    if known.legal_basis:
        told.append(Figure(title=_("Legal basis"), value=known.get_legal_basis_display()))
    if known.order_number:
        told.append(Figure(title=_("Removal order no."), value=known.order_number))
    return told


def measured_figures(known: Encroachment) -> list[Figure]:
    """The measurement with its error and how it was come by."""
    inputs = {
        "method": known.method,
        "point_sigma_m": known.point_sigma_m,
        "sigma_m2": str(known.overlap_sigma_m2 or known.measured_sigma_m2),
        "crs": f"EPSG:{known.working_srid}",
        "for_triage": known.method not in FOR_ORDERS,
    }
    inside = known.overlap_m2 is not None
    return [
        Figure(
            title=_("Area encroached upon"),
            value=known.overlap_m2 if inside else known.measured_m2,
            kind="area",
            explain={"formula": "measured_in_parcel" if inside else "measured", "inputs": inputs},
        ),
        Figure(title=_("Method"), value=known.get_method_display()),
    ]


def shapes(case: Case) -> dict[str, Any]:
    """What is drawn of an encroachment."""
    known = Encroachment.objects.filter(case=case).first()
    return {"measured": known.measured, "overlap": known.overlap} if known else {}


def words(case: Case) -> list[str]:
    """By which search finds an encroachment."""
    known = Encroachment.objects.filter(case=case).first()
    return [known.occupant_name, known.order_number] if known else []


def page(case: Case, user: User) -> dict[str, Any]:
    """What the fragment of an encroachment's page shows: the order's words, the claim to title, the occupant."""
    known = Encroachment.objects.get(case=case)
    return {
        "occupant": known.occupant_name if case.party is None else "",
        "party_role": pgettext_lazy("encroachment", "Occupant"),
        "order_number": known.order_number,
        "legal_basis": known.get_legal_basis_display(),
        "period_days": known.period_days,
        "works": known.get_works_display(),
        "area": known.measured_m2 if known.overlap_m2 is None else known.overlap_m2,
        "title_claim": known.title_claim,
    }


KIND = KindOfCase(
    kind="encroachment",
    workflow=ENCROACHMENT,
    title=_("Encroachment file"),
    plural=_("Encroachments"),
    icon="alert-triangle",
    guards=GUARDS,
    effects={**EFFECTS, "*": AFTER_EACH},
    opener=open_report,
    opening_form=ReportForm,
    opening_path="encroachments:new",
    forms=FORMS,
    papers=PAPERS,
    locks=dict.fromkeys(("remove", "remove_at_once"), Lockable.REMOVAL),
    figures=figures,
    shapes=shapes,
    words=words,
    template="encroachments/parts/case.html",
    page=page,
    looks=LOOKS,
    key="E",
)


def declare() -> None:
    """Declare the kind of case."""
    register_kind(KIND)
    register_rule(
        RuleKind(
            REPEAT, _("Repeat of an encroachment on the same land"), whole_number("days", 3650),
            lambda params: [gettext("Within %(days)s days after the removal") % {"days": params["days"]}],
        )
    )  # fmt: skip
