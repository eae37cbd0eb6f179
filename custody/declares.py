"""What files of custody bring to the lower rooms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from authority.models import User
from cases.models import Case
from cases.registry import Figure, KindOfCase, Look, register_kind
from custody.doors import open_claim
from custody.effects import EFFECTS
from custody.forms import FORMS, ClaimForm
from custody.guards import GUARDS
from custody.models import CustodyFile
from custody.workflow import CUSTODY
from parcels.locks import Lockable

PAPERS = {
    "opinion_of_holder": _("Opinion of the body that has custody"),
    "opinion_of_claimant": _("Opinion of the body that asks for it"),
    "position_report": _("Report on the position"),
    "legal_opinion": _("Legal opinion"),
    "referral_letter": _("Letter of referral"),
    "decree": _("Decree"),
    "handover_minutes": _("Hand-over minutes"),
    "withdrawal_letter": _("Letter of withdrawal"),
    "other": _("Other paper"),
}
LOOKS = (
    Look(
        states=("FILED", "OPINIONS", "POSITION", "REFERRED", "DECIDED"), title=_("Custody: under way"),
        colour="st-dispute", pattern="dots",
    ),
)  # fmt: skip


def figures(case: Case, user: User) -> list[Figure]:
    """What is known of a file, for its page and for programs."""
    held = CustodyFile.objects.select_related("holder", "claimant", "decided_for").get(case=case)
    told = [
        Figure(title=_("Matter"), value=held.get_matter_display()),
        Figure(title=_("Body that has custody"), value=str(held.holder)),
        Figure(title=_("Body that asks for custody"), value=str(held.claimant)),
        Figure(title=_("Grounds"), value=held.grounds),
    ]
    if held.decree_no:
        told += [
            Figure(title=_("Decree"), value=held.decree_no),
            Figure(title=_("Date of the decree"), value=held.decree_on, kind="date"),
            Figure(title=_("In force from"), value=held.in_force_on, kind="date"),
        ]
    return told


def words(case: Case) -> list[str]:
    """By which search finds a file."""
    held = CustodyFile.objects.select_related("claimant").filter(case=case).first()
    return [held.decree_no, held.claimant.name_ar, held.grounds] if held else []


KIND = KindOfCase(
    kind="custody",
    workflow=CUSTODY,
    title=_("Custody file"),
    plural=_("Custody"),
    icon="building-community",
    guards=GUARDS,
    effects=EFFECTS,
    opener=open_claim,
    opening_form=ClaimForm,
    opening_path="custody:new",
    forms=FORMS,
    papers=PAPERS,
    locks={"hand_over": Lockable.CUSTODY},
    figures=figures,
    words=words,
    looks=LOOKS,
    key="C",
    order=60,
)


def declare() -> None:
    """Declare the kind of case."""
    register_kind(KIND)
