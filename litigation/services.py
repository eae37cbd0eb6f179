"""Every write of the register of suits: one transaction each, audited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import Place, User
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from cases.models import Case
from documents.models import Document
from litigation import policies
from litigation.appeals import appeal_of
from litigation.models import ExecutionStep, Hearing, Judgment, Suit, SuitCase, SuitLand, SuitParty
from litigation.rules import LAST, RULINGS_THAT_END, is_final
from parcels.models import Asset, Holding, Parcel
from parcels.services import end_holding, place_holding
from parcels.services.many import common_place
from parties.models import Party
from search.services import index
from tiles.services import bump

LAYER = "suits"  # on the map
State, Side, Ruling = Suit.State, Suit.Side, Judgment.Ruling
# A claim to own the land makes it disputed as long as it stands.
DISPUTING: frozenset[str] = frozenset({Suit.Subject.OWNERSHIP})


@dataclass(frozen=True)
class Standing:
    """Who stands on which side: a party of the register, or a name."""

    side: str
    name: str = ""
    party: Party | None = None


@dataclass(frozen=True)
class Concerned:
    """What a suit concerns: a parcel or an asset, whole or a part in words."""

    parcel: Parcel | None = None
    asset: Asset | None = None
    part: str = ""


@transaction.atomic
def register_suit(
    *,
    by: User,
    at: dt.datetime,
    court_kind: str,
    court: str,
    number: str,
    year: int,
    filed_on: dt.date,
    subject: str,
    our_side: str,
    parties: Sequence[Standing],
    lands: Sequence[Concerned],
    circuit: str = "",
    claim: str = "",
    value: Decimal | None = None,
    counsel_file: str = "",
    first_hearing: dt.date | None = None,
    attacks: Case | None = None,
    decision: str = "",
    earlier: Suit | None = None,
) -> Suit:
    """Enter a suit; what its subject bars is barred from now on, and a claim to own makes the land disputed.

    Raise NotAllowed, Invalid `suit_incomplete`, `filed_in_future`, `suit_of_nothing`, `nobody_stands_against`,
    `bulk_governorates`, Conflict `suit_known`, `suit_not_appealable`.
    """
    _check(court_kind, subject, our_side, court, number, year, filed_on, at)
    place = _place_of(lands)
    policies.require_keeper(by, place)
    if not parties:
        raise Invalid("nobody_stands_against", _("Name who stands on the other side."), field="party")
    if earlier is not None and earlier.state != State.JUDGED:
        raise Conflict("suit_not_appealable", _("Only a judgment that is open to appeal can be appealed."))
    same = Suit.objects.filter(court=court.strip(), circuit=circuit.strip(), number=number.strip(), year=year).first()
    if same is not None:
        raise Conflict("suit_known", _("This suit stands in the register already."), suit=str(same.pk))
    made = Suit.objects.create(
        court_kind=court_kind, court=_text("court", court, 120), circuit=_text("circuit", circuit, 60),
        number=_text("number", number, 20), year=year, filed_on=filed_on, subject=subject, our_side=our_side,
        claim=_text("claim", claim, 4000), value=value, counsel_file=_text("counsel_file", counsel_file, 60),
        place=place, governorate=place.governorate_code, earlier=earlier, registered_by=by, registered_at=at,
    )  # fmt: skip
    _write_parties(made, parties)
    _write_lands(made, lands, by=by, at=at)
    if attacks is not None:
        SuitCase.objects.create(suit=made, case=attacks, decision=_text("decision", decision, 200))
    if first_hearing is not None:
        Hearing.objects.create(suit=made, held_on=first_hearing, entered_by=by, entered_at=at)
    detail = {"number": str(made), "subject": subject, "lands": len(lands)}
    _tell("litigation.registered", made, by=by, at=at, **detail)
    return made


def _check(
    court_kind: str, subject: str, our_side: str, court: str, number: str, year: int, filed_on: dt.date, at: dt.datetime
) -> None:
    for name, value, known in (
        ("court_kind", court_kind, Suit.Court.values),
        ("subject", subject, Suit.Subject.values),
        ("our_side", our_side, Side.values),
    ):
        if value not in known:
            raise Invalid("suit_incomplete", _("Choose one of the list."), field=name)
    for name, text in (("court", court), ("number", number)):
        if not text.strip():
            raise Invalid("suit_incomplete", _("A suit names its court, number and year."), field=name)
    if not 1 <= year <= 2200:
        raise Invalid("suit_incomplete", _("A suit names its court, number and year."), field="year")
    if filed_on > day_of(at):
        raise Invalid("filed_in_future", _("The day of filing lies in the future."), field="filed_on")


def _text(name: str, text: str, length: int) -> str:
    told = text.strip()
    if len(told) > length or "\x00" in told:
        raise Invalid("text_too_long", _("%(field)s: at most %(length)s characters."), field=name, length=length)
    return told


def _place_of(lands: Sequence[Concerned]) -> Place:
    things: list[Any] = [one.parcel or one.asset for one in lands]
    if not things or None in things:
        raise Invalid("suit_of_nothing", _("Name the land or the asset that the suit concerns."), field="lands")
    return common_place(things)


def _write_parties(suit: Suit, parties: Sequence[Standing]) -> None:
    for one in parties:
        name = one.name.strip() or (one.party.name_ar if one.party else "")
        if not name or one.side not in Side.values:
            raise Invalid("nobody_stands_against", _("Name who stands on the other side."), field="party")
        SuitParty.objects.create(suit=suit, party=one.party, name=_text("name", name, 200), side=one.side)


def _write_lands(suit: Suit, lands: Sequence[Concerned], *, by: User, at: dt.datetime) -> None:
    for one in lands:
        holding = None
        if suit.subject in DISPUTING:
            holding = place_holding(
                by=by, at=at, kind=Holding.Kind.DISPUTE, start=min(suit.filed_on, day_of(at)), parcel=one.parcel,
                asset=one.asset, reference=f"{suit.number}/{suit.year}",
            )  # fmt: skip
        SuitLand.objects.create(
            suit=suit, parcel=one.parcel, asset=one.asset, part=_text("part", one.part, 200), holding=holding
        )


def _tell(action: str, suit: Suit, *, by: User, at: dt.datetime, **detail: Any) -> None:
    """Step the suit's version, write the audit, renew the index."""
    Suit.objects.filter(pk=suit.pk).update(row_version=F("row_version") + 1)
    suit.refresh_from_db(fields=["row_version"])
    audit.record(action, by=by, at=at, obj=suit, detail=detail)
    index("suit", [suit.pk])
    bump(LAYER, suit.governorate)


def _held(suit: Suit, expected: int | None = None, *, standing: bool = True) -> Suit:
    held = Suit.objects.select_for_update(of=("self",)).select_related("place").get(pk=suit.pk)
    if expected is not None and held.row_version != expected:
        raise Stale
    if standing and held.state not in Suit.STANDING:
        raise Conflict("suit_ended", _("The suit has ended: %(state)s."), state=held.get_state_display())
    return held


# ---- hearings --------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_hearing(
    *, by: User, at: dt.datetime, suit: Suit, held_on: dt.date, purpose: str = "", expected: int | None = None
) -> Hearing:
    """Enter a day in court. Raise NotAllowed, Stale, Conflict `suit_ended`, `hearing_known`, Invalid."""
    held = _held(suit, expected)
    policies.require_keeper(by, held.place)
    if held.hearings.filter(held_on=held_on).exists():
        raise Conflict("hearing_known", _("This hearing is entered already."))
    made = Hearing.objects.create(
        suit=held, held_on=held_on, purpose=_text("purpose", purpose, 200), entered_by=by, entered_at=at
    )
    _tell("litigation.hearing_entered", held, by=by, at=at, held_on=held_on)
    return made


@transaction.atomic
def tell_hearing(
    *, by: User, at: dt.datetime, hearing: Hearing, outcome: str, next_on: dt.date | None = None,
    purpose: str = "", expected: int | None = None,
) -> Hearing:  # fmt: skip
    """Write what was decided in a hearing; an adjournment opens the next one.

    Raise NotAllowed, Stale, Conflict `hearing_told`, Invalid `outcome_missing`, `hearing_to_come`,
    `adjourned_backwards`.
    """
    suit = _held(hearing.suit, expected)
    policies.require_keeper(by, suit.place)
    held = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if held.told_at is not None:
        raise Conflict("hearing_told", _("What was decided there is entered already."))
    if not outcome.strip():
        raise Invalid("outcome_missing", _("Write what was decided."), field="outcome")
    if held.held_on > day_of(at):
        raise Invalid("hearing_to_come", _("The hearing has not been held yet."), field="outcome")
    if next_on is not None and next_on <= held.held_on:
        raise Invalid("adjourned_backwards", _("The next hearing comes after this one."), field="next_on")
    held.outcome, held.next_on, held.told_by, held.told_at = _text("outcome", outcome, 300), next_on, by, at
    held.save(update_fields=["outcome", "next_on", "told_by", "told_at"])
    if next_on is not None:
        Hearing.objects.get_or_create(
            suit=suit, held_on=next_on,
            defaults={"purpose": _text("purpose", purpose, 200), "entered_by": by, "entered_at": at},
        )  # fmt: skip
    _tell("litigation.hearing_told", suit, by=by, at=at, held_on=held.held_on, next_on=next_on)
    return held


# ---- judgments -------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_judgment(
    *,
    by: User,
    at: dt.datetime,
    suit: Suit,
    ruled_on: dt.date,
    ruling: str,
    words: str,
    notified_on: dt.date | None = None,
    document: Document | None = None,
    expected: int | None = None,
) -> Judgment:
    """Enter a judgment; it counts when another person has confirmed it.

    Raise NotAllowed, Stale, Conflict `suit_ended`, Invalid `judgment_incomplete`, `judgment_in_future`.
    """
    held = _held(suit, expected)
    policies.require_keeper(by, held.place)
    if ruling not in Ruling.values or not words.strip():
        raise Invalid("judgment_incomplete", _("Write the operative words and what they mean."), field="words")
    if ruled_on > day_of(at) or (notified_on or ruled_on) > day_of(at):
        raise Invalid("judgment_in_future", _("The day lies in the future."), field="ruled_on")
    if ruled_on < held.filed_on or (notified_on or ruled_on) < ruled_on:
        raise Invalid("judgment_before_suit", _("The day lies before the one it follows."), field="ruled_on")
    until, rule = appeal_of(held, ruling, notified_on or ruled_on)
    made = Judgment.objects.create(
        suit=held, ruled_on=ruled_on, ruling=ruling, words=_text("words", words, 8000), notified_on=notified_on,
        appeal_until=until, rule_id=rule, document=document, entered_by=by, entered_at=at,
    )  # fmt: skip
    _tell("litigation.judgment_entered", held, by=by, at=at, ruling=ruling, ruled_on=ruled_on)
    return made


@transaction.atomic
def confirm_judgment(*, by: User, at: dt.datetime, judgment: Judgment, expected: int | None = None) -> Judgment:
    """Confirm what another entered: now it stays or frees what the suit bars, and ends the suit where it is final.

    Raise NotAllowed `maker_is_not_checker`, Stale, Conflict `judgment_decided`.
    """
    suit, held = _open_judgment(judgment, expected)
    policies.require_confirmer(by, suit.place)
    if held.entered_by_id == by.pk:
        raise NotAllowed("maker_is_not_checker", _("Another person than the one who entered it confirms it."))
    held.confirmed_by, held.confirmed_at = by, at
    held.save(update_fields=["confirmed_by", "confirmed_at"])
    _tell("litigation.judgment_confirmed", suit, by=by, at=at, ruling=held.ruling, judgment=held.pk)
    if held.ruling == Ruling.ENDED:
        _end(suit, State.WITHDRAWN, held.ruled_on, held.words[:300], by=by, at=at)
    elif held.ruling in RULINGS_THAT_END:
        Suit.objects.filter(pk=suit.pk).update(state=State.JUDGED)
        suit.state = State.JUDGED
        if suit.court_kind in LAST:
            _make_final(suit, held, by=by, at=at)
    return held


@transaction.atomic
def set_judgment_aside(*, by: User, at: dt.datetime, judgment: Judgment, reason: str) -> Judgment:
    """Take back what was entered by mistake and not confirmed yet; it stays, marked. Raise NotAllowed, Conflict."""
    suit, held = _open_judgment(judgment, None)
    policies.require_confirmer(by, suit.place)
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."), field="reason")
    held.set_aside_at, held.set_aside_why = at, _text("reason", reason, 300)
    held.save(update_fields=["set_aside_at", "set_aside_why"])
    _tell("litigation.judgment_set_aside", suit, by=by, at=at, judgment=held.pk, reason=held.set_aside_why)
    return held


def _open_judgment(judgment: Judgment, expected: int | None) -> tuple[Suit, Judgment]:
    suit = _held(judgment.suit, expected)
    held = Judgment.objects.select_for_update().get(pk=judgment.pk)
    if held.confirmed_at is not None or held.set_aside_at is not None:
        raise Conflict("judgment_decided", _("This judgment was confirmed or set aside already."))
    return suit, held


@transaction.atomic
def notify_judgment(*, by: User, at: dt.datetime, judgment: Judgment, notified_on: dt.date) -> Judgment:
    """Write the day on which a judgment was served; the days of appeal run from it. Raise Invalid, Conflict."""
    suit = _held(judgment.suit)
    policies.require_keeper(by, suit.place)
    held = Judgment.objects.select_for_update().get(pk=judgment.pk)
    if held.notified_on is not None:
        raise Conflict("judgment_notified", _("The day of service is entered already."))
    if not held.ruled_on <= notified_on <= day_of(at):
        raise Invalid("notified_on_wrong", _("It was served after the judgment, and not later than today."), field="on")
    held.notified_on = notified_on
    held.appeal_until, held.rule_id = appeal_of(suit, held.ruling, notified_on)
    held.save(update_fields=["notified_on", "appeal_until", "rule_id"])
    _tell("litigation.judgment_notified", suit, by=by, at=at, notified_on=notified_on, until=held.appeal_until)
    return held


@transaction.atomic
def enter_step(
    *, by: User, at: dt.datetime, judgment: Judgment, kind: str, done_on: dt.date, words: str = ""
) -> ExecutionStep:
    """Write a step of carrying a judgment out. Raise NotAllowed, Invalid `step_wrong`, Conflict `not_confirmed`."""
    suit = _held(judgment.suit, standing=False)
    policies.require_keeper(by, suit.place)
    if judgment.confirmed_at is None:
        raise Conflict("not_confirmed", _("The judgment has not been confirmed yet."))
    if kind not in ExecutionStep.Kind.values or not judgment.ruled_on <= done_on <= day_of(at):
        raise Invalid("step_wrong", _("Choose the step; its day lies between the judgment and today."), field="done_on")
    made = ExecutionStep.objects.create(
        judgment=judgment, kind=kind, done_on=done_on, words=_text("words", words, 300), entered_by=by, entered_at=at
    )
    _tell("litigation.step_entered", suit, by=by, at=at, kind=kind, done_on=done_on)
    return made


# ---- the end ---------------------------------------------------------------------------------------------------------


def _make_final(suit: Suit, judgment: Judgment, *, by: User, at: dt.datetime) -> None:
    """The last word was spoken: this suit and those it was appealed from are settled."""
    judgment.is_final = True
    judgment.save(update_fields=["is_final"])
    chain: Suit | None = suit
    while chain is not None:
        _end(chain, State.FINAL, judgment.ruled_on, "", by=by, at=at)
        chain = Suit.objects.select_related("earlier").get(pk=chain.pk).earlier


def _end(suit: Suit, state: str, on: dt.date, reason: str, *, by: User, at: dt.datetime) -> None:
    """Close the suit with a day, and the dispute that it wrote in the book."""
    Suit.objects.filter(pk=suit.pk, state__in=Suit.STANDING).update(state=state, ended_on=on, end_reason=reason)
    for land in suit.lands.select_related("holding"):
        if land.holding is not None and land.holding.in_book and land.holding.legal_range.upper is None:
            land.holding = end_holding(by=by, at=at, holding=land.holding.pk, last_day=day_of(at), reason=str(suit))
            land.save(update_fields=["holding"])
    _tell("litigation.ended", suit, by=by, at=at, state=state, on=on)


def settle_due(*, by: User, at: dt.datetime) -> int:
    """Make final the judgments whose days of appeal are over unused; return how many. Done once a day."""
    today = day_of(at)
    rows = Judgment.objects.filter(
        suit__state=State.JUDGED, confirmed_at__isnull=False, set_aside_at=None, is_final=False,
        ruling__in=RULINGS_THAT_END,
    ).select_related("suit")  # fmt: skip
    count = 0
    for judgment in rows.order_by("pk"):
        appealed = judgment.suit.later.exists()
        if is_final(court_kind=judgment.suit.court_kind, until=judgment.appeal_until, today=today, appealed=appealed):
            with transaction.atomic():
                _make_final(_held(judgment.suit), judgment, by=by, at=at)
            count += 1
    return count
