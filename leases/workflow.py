"""The workflow of a lease or another tenure by contract (domain.md §8.2, thin; day counts are settings, not law)."""

from __future__ import annotations

from cases.workflow import Act, State, Within, Workflow, gettext_noop

DESK = ("property_officer", "front_desk")
HEADS = ("district_head", "secretary_general", "governor")
LEGAL = ("legal_officer", "property_officer")
FIELD = ("inspector", "surveyor")

STATES = (
    State(name="APPLIED", title=gettext_noop("Applied"), due=Within(10, working=True)),
    State(name="INSPECTED", title=gettext_noop("Inspected"), due=Within(10, working=True)),
    State(name="APPROVED", title=gettext_noop("Approved"), due=Within(15, working=True)),
    State(name="CONTRACTED", title=gettext_noop("Contract drawn up"), due=Within(5, working=True)),
    State(name="ACTIVE", title=gettext_noop("In force")),
    State(
        name="VIOLATION_NOTED",
        title=gettext_noop("Breach recorded"),
        stage="ACTIVE",
        due=Within(5, working=True),
    ),
    State(name="NOTICE", title=gettext_noop("Formal notice served"), stage="ACTIVE", due=Within(15)),
    State(name="ENDED", title=gettext_noop("Ended")),
    State(name="RESCINDED", title=gettext_noop("Rescinded"), stage="ENDED"),
    State(name="REJECTED", title=gettext_noop("Application refused"), stage="APPROVED"),
    State(name="WITHDRAWN", title=gettext_noop("Withdrawn")),
)

APPLY = Act(name="apply", title=gettext_noop("Record the application"), source=(), target="APPLIED", by=DESK)

ACTS = (
    Act(
        name="inspect",
        title=gettext_noop("Record the inspection"),
        source=("APPLIED",),
        target="INSPECTED",
        by=FIELD,
        papers=("site_report",),
        not_after=frozenset({"apply"}),
    ),
    Act(
        name="approve",
        title=gettext_noop("Approve the application"),
        source=("INSPECTED",),
        target="APPROVED",
        by=HEADS,
        not_after=frozenset({"apply", "inspect"}),
        guards=("lettable", "free_in_period", "term_within_authority"),
        effects=(
            gettext_noop("The applicant is told that the application is approved."),
            gettext_noop("The approval alone creates no right in the land."),
        ),
        basis="L182/2018",
    ),
    Act(
        name="reject",
        title=gettext_noop("Refuse the application"),
        aside=True,
        source=("APPLIED", "INSPECTED"),
        target="REJECTED",
        by=HEADS,
        not_after=frozenset({"apply", "inspect"}),
        reason=True,
        final_word=True,
        effects=(gettext_noop("The file is closed; a new application opens a new file."),),
    ),
    Act(
        name="contract",
        title=gettext_noop("Draw up the contract"),
        source=("APPROVED",),
        target="CONTRACTED",
        by=LEGAL,
        papers=("contract_draft",),
        not_after=frozenset({"approve"}),
        guards=("rent_known", "lettable", "free_in_period", "term_within_authority"),
        effects=(
            gettext_noop("The contract takes the next number of the year."),
            gettext_noop("The land is held for the contract's period: no second tenure can be entered for it."),
        ),
    ),
    Act(
        name="activate",
        title=gettext_noop("Sign and hand over"),
        source=("CONTRACTED",),
        target="ACTIVE",
        by=(*HEADS, "property_officer"),
        papers=("signed_contract", "handover_minutes"),
        not_after=frozenset({"contract"}),
        effects=(gettext_noop("The contract is in force from its first day."),),
    ),
    Act(
        name="note_violation",
        title=gettext_noop("Record a breach of contract"),
        aside=True,
        source=("ACTIVE",),
        target="VIOLATION_NOTED",
        by=FIELD,
        papers=("violation_report",),
        effects=(gettext_noop("The tenant's breach is followed under the contract, not as an encroachment."),),
    ),
    Act(
        name="serve_notice",
        title=gettext_noop("Serve a formal notice"),
        source=("VIOLATION_NOTED",),
        target="NOTICE",
        by=("legal_officer",),
        papers=("formal_notice", "proof_of_service"),
    ),
    Act(
        name="clear_violation",
        title=gettext_noop("Record that the breach is cured"),
        source=("VIOLATION_NOTED", "NOTICE"),
        target="ACTIVE",
        by=("inspector", "property_officer"),
        papers=("cure_report",),
    ),
    Act(
        name="rescind",
        title=gettext_noop("Rescind the contract"),
        source=("NOTICE",),
        target="RESCINDED",
        by=("governor",),
        papers=("legal_opinion", "rescission_decision"),
        not_after=frozenset({"note_violation", "serve_notice"}),
        guards=("notice_over",),
        reason=True,
        final_word=True,
        effects=(
            gettext_noop("The tenure ends on the day of the decision."),
            gettext_noop("What stays on the land after that day is an encroachment."),
        ),
    ),
    Act(
        name="terminate",
        title=gettext_noop("End the contract early by agreement"),
        aside=True,
        source=("ACTIVE",),
        target="ENDED",
        by=HEADS,
        papers=("termination_agreement", "handback_minutes"),
        reason=True,
        final_word=True,
        effects=(gettext_noop("The tenure ends on the day of the decision."),),
    ),
    Act(
        name="expire",
        title=gettext_noop("End of the contract's period"),
        aside=True,
        source=("ACTIVE", "VIOLATION_NOTED", "NOTICE"),
        target="ENDED",
        by=("system",),
        guards=("term_over",),
    ),
    Act(
        name="withdraw",
        title=gettext_noop("Withdraw the application"),
        aside=True,
        source=("APPLIED", "INSPECTED", "APPROVED", "CONTRACTED"),
        target="WITHDRAWN",
        by=DESK,
        papers=("withdrawal_request",),
        final_word=True,
        effects=(gettext_noop("The file is closed; fees paid are not refunded."),),
    ),
)

LEASE = Workflow(
    name="lease",
    version=1,
    title=gettext_noop("Lease"),
    states=STATES,
    track=("APPLIED", "INSPECTED", "APPROVED", "CONTRACTED", "ACTIVE", "ENDED"),
    final=frozenset({"ENDED", "RESCINDED", "REJECTED", "WITHDRAWN"}),
    opening=APPLY,
    acts=ACTS,
)
