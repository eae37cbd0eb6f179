"""A memo is written on a file, version by version, and issued by another than who wrote it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import User
from authority.policies import require
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from cases.models import Case
from correspondence import policies
from correspondence.composing import rules_for
from correspondence.models import Memo, MemoVersion
from correspondence.papers import memo_paper
from correspondence.services.writing import line
from documents import issuing

MOST_RULES = 20
State = Memo.State


@transaction.atomic
def draft_memo(
    *,
    by: User,
    at: dt.datetime,
    case: Case,
    addressee: str,
    subject: str,
    recommendation: str,
    opinion: str = "",
    options: str = "",
    rules: Sequence[int] = (),
) -> Memo:
    """Begin a memo on a file with its first version.

    Raise NotAllowed, Invalid `letter_incomplete`, `text_too_long`, `rule_not_in_force`.
    """
    require(by, policies.WRITERS, place=case.place, custodian_id=case.custodian_id)
    made = Memo.objects.create(case=case, opened_by=by, opened_at=at)
    _write(
        made, by=by, at=at, addressee=addressee, subject=subject, recommendation=recommendation, opinion=opinion,
        options=options, rules=rules,
    )  # fmt: skip
    _tell("memo_drafted", made, by=by, at=at)
    return made


@transaction.atomic
def rewrite_memo(
    *,
    by: User,
    at: dt.datetime,
    memo: Memo,
    addressee: str,
    subject: str,
    recommendation: str,
    opinion: str = "",
    options: str = "",
    rules: Sequence[int] = (),
    expected: int | None = None,
) -> MemoVersion:
    """Add a version to a draft; those before stay. Raise NotAllowed, Stale, Conflict `memo_state`, Invalid."""
    found = _held(memo, expected, State.DRAFT)
    require(by, policies.WRITERS, place=found.case.place, custodian_id=found.case.custodian_id)
    made = _write(
        found, by=by, at=at, addressee=addressee, subject=subject, recommendation=recommendation, opinion=opinion,
        options=options, rules=rules,
    )  # fmt: skip
    _tell("memo_rewritten", found, by=by, at=at, version=made.number)
    return made


@transaction.atomic
def issue_memo(*, by: User, at: dt.datetime, memo: Memo, expected: int | None = None) -> Memo:
    """Issue a memo as a PDF with its number and QR, composed of the file as it stands now.

    Raise NotAllowed, also `maker_is_signer`; Stale, Conflict `memo_state`, PdfUnavailable.
    """
    found = _held(memo, expected, State.DRAFT)
    require(by, policies.SIGNERS, place=found.case.place, custodian_id=found.case.custodian_id)
    if found.versions.filter(written_by=by).exists():
        raise NotAllowed("maker_is_signer", _("You wrote this memo: another person issues it."))
    found.state, found.issued_by, found.issued_at = State.ISSUED, by, at
    found.paper = memo_paper(found, found.versions.latest("number"), by=by, at=at)
    found.save(update_fields=["state", "issued_by", "issued_at", "paper"])
    _tell("memo_issued", found, by=by, at=at, number=found.paper.number)
    return found


@transaction.atomic
def withdraw_memo(*, by: User, at: dt.datetime, memo: Memo, reason: str, expected: int | None = None) -> Memo:
    """Withdraw a memo: a draft by who writes memos, an issued one (its paper is revoked) by who issues them.

    Raise NotAllowed, Stale, Conflict `memo_state`, Invalid `letter_incomplete`.
    """
    found = _held(memo, expected, State.DRAFT, State.ISSUED)
    roles = policies.SIGNERS if found.state == State.ISSUED else policies.WRITERS
    require(by, roles, place=found.case.place, custodian_id=found.case.custodian_id)
    found.reason, found.state = line("reason", reason, 300, needed=True), State.WITHDRAWN
    found.save(update_fields=["reason", "state"])
    if found.paper is not None:
        issuing.revoke(paper=found.paper, by=by, at=at, reason=found.reason)
    _tell("memo_withdrawn", found, by=by, at=at, reason=found.reason)
    return found


def _write(
    memo: Memo,
    *,
    by: User,
    at: dt.datetime,
    addressee: str,
    subject: str,
    recommendation: str,
    opinion: str,
    options: str,
    rules: Sequence[int],
) -> MemoVersion:
    known = set(rules_for(memo.case, at).values_list("pk", flat=True))
    if len(rules) > MOST_RULES or set(rules) - known:
        raise Invalid("rule_not_in_force", _("Choose rules that are in force."), field="rules")
    return MemoVersion.objects.create(
        memo=memo,
        number=memo.versions.count() + 1,
        addressee=line("addressee", addressee, 200, needed=True),
        subject=line("subject", subject, 300, needed=True),
        recommendation=line("recommendation", recommendation, 20_000, needed=True),
        opinion=line("opinion", opinion, 20_000),
        options=line("options", options, 8_000),
        rules=sorted(set(rules)),
        written_by=by,
        written_at=at,
    )


def _held(memo: Memo, expected: int | None, *states: str) -> Memo:
    found = (
        Memo.objects.select_for_update(of=("self",))
        .select_related("case", "case__place", "case__parcel", "case__asset", "paper")
        .get(pk=memo.pk)
    )
    if expected is not None and found.row_version != expected:
        raise Stale
    if found.state not in states:
        raise Conflict(
            "memo_state", _("The memo stands at “%(state)s”; this does not follow from there."),
            state=found.get_state_display(),
        )  # fmt: skip
    return found


def _tell(action: str, memo: Memo, *, by: User, at: dt.datetime, **detail: str | int) -> None:
    """Step the version and write the audit."""
    Memo.objects.filter(pk=memo.pk).update(row_version=F("row_version") + 1)
    memo.refresh_from_db(fields=["row_version"])
    told = {"case": memo.case.number, **detail}
    audit.record(f"correspondence.{action}", by=by, at=at, obj=memo, governorate=memo.case.governorate, detail=told)
