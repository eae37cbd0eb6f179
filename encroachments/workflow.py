"""The workflow of an encroachment on state land (domain.md §8.3, thin; day counts are settings, not law)."""

from __future__ import annotations

from cases.workflow import RETURN, STAY, Act, State, Within, Workflow, gettext_noop

FINDERS = (
    "spatial_change_officer",
    "property_officer",
    "inspector",
    "field_team",
    "surveyor",
    "custodian_officer",
    "front_desk",
)
FIELD = ("inspector", "surveyor")
HEAD = ("district_head",)
LEGAL = ("legal_officer",)
SIGNS = ("governor", "secretary_general")
# States in which an order stands or has been carried out: never against a valid tenure or an open claim to title.
ORDERED = ("ORDER_DRAFTED", "ORDER_ISSUED", "NOTIFIED", "REMOVED")
LAWFUL = ("no_valid_tenure", "no_open_claim")

STATES = (
    State(name="REPORTED", title=gettext_noop("Reported"), due=Within(3, working=True)),
    State(name="INSPECTED", title=gettext_noop("Inspected"), due=Within(2, working=True)),
    State(name="CONFIRMED", title=gettext_noop("Encroachment confirmed"), due=Within(5, working=True)),
    State(
        name="TITLE_REVIEW",
        title=gettext_noop("Title under review"),
        stage="CONFIRMED",
        pause=True,
        due=Within(15, working=True),
    ),
    State(name="IN_COURT", title=gettext_noop("Before the court"), stage="CONFIRMED", pause=True),
    State(
        name="ORDER_DRAFTED",
        title=gettext_noop("Order drafted"),
        stage="ORDER_ISSUED",
        due=Within(5, working=True),
    ),
    State(name="ORDER_ISSUED", title=gettext_noop("Removal order issued"), due=Within(3, working=True)),
    State(name="NOTIFIED", title=gettext_noop("Order served"), due=Within(15)),
    State(
        name="STAYED",
        title=gettext_noop("Execution stayed by judgment"),
        stage="NOTIFIED",
        pause=True,
    ),
    State(name="REMOVED", title=gettext_noop("Removed"), due=Within(5, working=True)),
    State(name="CLOSED", title=gettext_noop("Land handed over, file closed")),
    State(name="DISMISSED", title=gettext_noop("No encroachment")),
    State(name="REFERRED", title=gettext_noop("Referred to another custodian")),
)

REPORT = Act(
    name="report",
    title=gettext_noop("Report an encroachment"),
    source=(),
    target="REPORTED",
    by=(*FINDERS, *HEAD),
)

INQUIRY = (
    Act(
        name="inspect",
        title=gettext_noop("Record the inspection and the measurement"),
        source=("REPORTED",),
        target="INSPECTED",
        by=FIELD,
        papers=("site_report",),
        guards=("measurement_given",),
        effects=(gettext_noop("The measured part of the parcel is shown as encroached upon."),),
    ),
    Act(
        name="measure_again",
        title=gettext_noop("Enter a surveyor's measurement"),
        aside=True,
        source=("INSPECTED", "CONFIRMED", "ORDER_DRAFTED"),
        target=STAY,
        by=("surveyor", "inspector"),
        papers=("survey_sheet",),
        guards=("measurement_given",),
        effects=(gettext_noop("The new measurement takes the place of the old one; both stay in the file."),),
    ),
    Act(
        name="confirm",
        title=gettext_noop("Confirm the encroachment"),
        source=("INSPECTED",),
        target="CONFIRMED",
        by=HEAD,
        papers=("police_report",),
        not_after=frozenset({"report", "inspect", "measure_again"}),
        guards=("measured",),
        basis="Penal Code 372 bis",
    ),
    Act(
        name="dismiss",
        title=gettext_noop("Close: no encroachment"),
        aside=True,
        source=("REPORTED", "INSPECTED"),
        target="DISMISSED",
        by=HEAD,
        not_after=frozenset({"report", "inspect"}),
        reason=True,
        final_word=True,
        effects=(gettext_noop("The file is closed; a new report opens a new file."),),
    ),
    Act(
        name="refer",
        title=gettext_noop("Refer to another custodian"),
        aside=True,
        source=("REPORTED", "INSPECTED"),
        target="REFERRED",
        by=("property_officer", "spatial_change_officer", *HEAD),
        papers=("referral_letter",),
        final_word=True,
    ),
    Act(
        name="remove_at_once",
        title=gettext_noop("Remove at once, works in progress"),
        aside=True,
        source=("INSPECTED",),
        target="REMOVED",
        by=HEAD,
        papers=("photos_before", "photos_after", "removal_minutes"),
        not_after=frozenset({"report", "inspect"}),
        guards=("caught_in_progress", *LAWFUL),
        final_word=True,
        basis="L43/1979 Art. 26",
    ),
)

TITLE = (
    Act(
        name="review_title",
        title=gettext_noop("Record a title shown by the occupant"),
        aside=True,
        source=("INSPECTED", "CONFIRMED", "ORDER_DRAFTED"),
        target="TITLE_REVIEW",
        by=LEGAL,
        papers=("title_document",),
        effects=(
            gettext_noop("The clock stops while the title is examined."),
            gettext_noop("No order can be drafted or issued on this parcel until the review is over."),
        ),
        basis="Civil Code 970",
    ),
    Act(
        name="title_not_serious",
        title=gettext_noop("End the review: the title is not serious"),
        source=("TITLE_REVIEW",),
        target=RETURN,
        by=LEGAL,
        papers=("legal_opinion",),
    ),
    Act(
        name="title_accepted",
        title=gettext_noop("Accept the title and close the file"),
        aside=True,
        source=("TITLE_REVIEW",),
        target="DISMISSED",
        by=(*HEAD, "secretary_general"),
        papers=("legal_opinion",),
        not_after=frozenset({"review_title"}),
        reason=True,
        final_word=True,
    ),
    Act(
        name="register_suit",
        title=gettext_noop("Register a suit"),
        aside=True,
        source=("INSPECTED", "CONFIRMED", "TITLE_REVIEW", "ORDER_DRAFTED"),
        target="IN_COURT",
        by=LEGAL,
        papers=("statement_of_claim",),
        effects=(
            gettext_noop("The clock stops until judgment."),
            gettext_noop("The parcel is shown as disputed."),
        ),
    ),
    Act(
        name="judgment_for_state",
        title=gettext_noop("Record a judgment that dismisses the claim"),
        source=("IN_COURT",),
        target=RETURN,
        by=LEGAL,
        papers=("judgment",),
    ),
    Act(
        name="judgment_for_occupant",
        title=gettext_noop("Record a judgment that upholds the occupant's title"),
        aside=True,
        source=("IN_COURT",),
        target="DISMISSED",
        by=LEGAL,
        papers=("judgment",),
        final_word=True,
    ),
)

ORDER = (
    Act(
        name="draft_order",
        title=gettext_noop("Draft the removal order"),
        source=("CONFIRMED",),
        target="ORDER_DRAFTED",
        by=LEGAL,
        papers=("approved_sketch", "legal_memo"),
        guards=(*LAWFUL, "surveyed", "basis_given"),
    ),
    Act(
        name="return_draft",
        title=gettext_noop("Return the draft with the reason"),
        aside=True,
        source=("ORDER_DRAFTED",),
        target="CONFIRMED",
        by=SIGNS,
        reason=True,
    ),
    Act(
        name="issue_order",
        title=gettext_noop("Issue the removal order"),
        source=("ORDER_DRAFTED",),
        target="ORDER_ISSUED",
        by=SIGNS,
        papers=("signed_order",),
        not_after=frozenset({"report", "inspect", "measure_again", "confirm", "draft_order"}),
        guards=(*LAWFUL, "surveyed", "basis_given"),
        final_word=True,
        effects=(
            gettext_noop("The order takes the next number of the year and binds the administration."),
            gettext_noop("It can only be undone by a reasoned withdrawal or a judgment."),
        ),
        basis="L43/1979 Art. 26 · L168/2025 Art. 2",
    ),
    Act(
        name="notify",
        title=gettext_noop("Serve the order"),
        source=("ORDER_ISSUED",),
        target="NOTIFIED",
        by=(*HEAD, "property_officer"),
        papers=("proof_of_service",),
        guards=LAWFUL,
        effects=(gettext_noop("The occupant's period for removing it himself begins."),),
    ),
    Act(
        name="stay",
        title=gettext_noop("Record a judgment staying execution"),
        aside=True,
        source=("ORDER_ISSUED", "NOTIFIED"),
        target="STAYED",
        by=LEGAL,
        papers=("stay_judgment",),
        effects=(gettext_noop("The clock stops until the stay is lifted."),),
    ),
    Act(
        name="lift_stay",
        title=gettext_noop("Record that the stay is lifted"),
        source=("STAYED",),
        target=RETURN,
        by=LEGAL,
        papers=("lift_judgment",),
        guards=LAWFUL,
    ),
    Act(
        name="withdraw_order",
        title=gettext_noop("Withdraw the order"),
        aside=True,
        source=("ORDER_ISSUED", "NOTIFIED", "STAYED"),
        target="CONFIRMED",
        by=SIGNS,
        papers=("withdrawal_decision",),
        reason=True,
    ),
)

REMOVAL = (
    Act(
        name="removed_by_occupant",
        title=gettext_noop("Record removal by the occupant"),
        source=("NOTIFIED",),
        target="REMOVED",
        by=FIELD,
        papers=("photos_before", "photos_after"),
        guards=LAWFUL,
    ),
    Act(
        name="remove",
        title=gettext_noop("Record administrative removal"),
        source=("NOTIFIED",),
        target="REMOVED",
        by=(*HEAD, "custodian_officer"),
        papers=("photos_before", "photos_after", "removal_minutes"),
        guards=(*LAWFUL, "period_over"),
        final_word=True,
    ),
    Act(
        name="close",
        title=gettext_noop("Hand the land over and close the file"),
        source=("REMOVED",),
        target="CLOSED",
        by=("property_officer",),
        papers=("custody_minutes",),
        not_after=frozenset({"remove", "remove_at_once"}),
        final_word=True,
        effects=(gettext_noop("The file is closed and never reopened; a repeat opens a new file linked to it."),),
    ),
)

ENCROACHMENT = Workflow(
    name="encroachment",
    version=1,
    title=gettext_noop("Encroachment"),
    states=STATES,
    track=("REPORTED", "INSPECTED", "CONFIRMED", "ORDER_ISSUED", "NOTIFIED", "REMOVED", "CLOSED"),
    final=frozenset({"CLOSED", "DISMISSED", "REFERRED"}),
    opening=REPORT,
    acts=(*INQUIRY, *TITLE, *ORDER, *REMOVAL),
)
