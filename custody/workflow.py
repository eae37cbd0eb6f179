"""The workflow of custody between bodies: claim, opinions, position, decree, hand-over (day counts are settings)."""

from __future__ import annotations

from cases.workflow import Act, State, Within, Workflow, gettext_noop

DESK = ("property_officer", "custodian_officer")
LEGAL = ("legal_officer",)
HEADS = ("secretary_general", "governor")

STATES = (
    State(name="FILED", title=gettext_noop("Claim filed"), due=Within(15, working=True)),
    State(name="OPINIONS", title=gettext_noop("Opinions collected"), due=Within(30, working=True)),
    State(name="POSITION", title=gettext_noop("Position established"), due=Within(10, working=True)),
    State(name="REFERRED", title=gettext_noop("Before the competent authority")),
    State(name="DECIDED", title=gettext_noop("Decided by decree"), due=Within(15, working=True)),
    State(name="HANDED_OVER", title=gettext_noop("Handed over")),
    State(name="DISMISSED", title=gettext_noop("Custody stays"), stage="DECIDED"),
    State(name="SETTLED", title=gettext_noop("Claim withdrawn"), stage="FILED"),
)

FILE = Act(name="file", title=gettext_noop("File a claim of custody"), source=(), target="FILED", by=DESK)

ACTS = (
    Act(
        name="collect",
        title=gettext_noop("Collect the opinions of both bodies"),
        source=("FILED",),
        target="OPINIONS",
        by=("property_officer", "legal_officer"),
        papers=("opinion_of_holder", "opinion_of_claimant"),
    ),
    Act(
        name="establish",
        title=gettext_noop("Establish the position on the ground and in the registers"),
        source=("OPINIONS",),
        target="POSITION",
        by=("gis_officer", "surveyor"),
        papers=("position_report",),
        not_after=frozenset({"file"}),
    ),
    Act(
        name="refer",
        title=gettext_noop("Refer to the competent authority"),
        source=("POSITION",),
        target="REFERRED",
        by=LEGAL,
        papers=("legal_opinion", "referral_letter"),
        not_after=frozenset({"file"}),
    ),
    Act(
        name="decide",
        title=gettext_noop("Record the decree"),
        source=("REFERRED",),
        target="DECIDED",
        by=(*HEADS, "legal_officer"),
        papers=("decree",),
        not_after=frozenset({"file", "refer"}),
        guards=("decree_named",),
        effects=(gettext_noop("Custody changes in the register only with the hand-over."),),
    ),
    Act(
        name="dismiss",
        title=gettext_noop("Record that custody stays"),
        aside=True,
        source=("REFERRED",),
        target="DISMISSED",
        by=(*HEADS, "legal_officer"),
        papers=("decree",),
        not_after=frozenset({"file", "refer"}),
        reason=True,
        final_word=True,
        effects=(gettext_noop("The dispute on the parcel ends; custody stays where it is."),),
    ),
    Act(
        name="hand_over",
        title=gettext_noop("Hand over and write the custody"),
        source=("DECIDED",),
        target="HANDED_OVER",
        by=("property_officer", "gis_officer"),
        papers=("handover_minutes",),
        not_after=frozenset({"decide"}),
        final_word=True,
        effects=(
            gettext_noop("The register names the new custodian from the decree's day on."),
            gettext_noop("The dispute on the parcel ends."),
        ),
    ),
    Act(
        name="settle",
        title=gettext_noop("Withdraw the claim"),
        aside=True,
        source=("FILED", "OPINIONS", "POSITION"),
        target="SETTLED",
        by=DESK,
        papers=("withdrawal_letter",),
        reason=True,
        final_word=True,
        effects=(gettext_noop("The dispute on the parcel ends; custody stays where it is."),),
    ),
)

CUSTODY = Workflow(
    name="custody",
    version=1,
    title=gettext_noop("Custody between bodies"),
    states=STATES,
    track=("FILED", "OPINIONS", "POSITION", "REFERRED", "DECIDED", "HANDED_OVER"),
    final=frozenset({"HANDED_OVER", "DISMISSED", "SETTLED"}),
    opening=FILE,
    acts=ACTS,
)
