"""Who holds what, from when to when: how the registers above tell the land book.

The database shuts out two exclusive holdings of one thing in one period. A holding is never changed: ending it closes
its row in the book and writes one with the days that were really held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.models import Role, User
from authority.policies import require
from authority.refusal import Conflict, Invalid, NotFound
from parcels.bitemporal import Span, from_days, of_range
from parcels.locks import OF_HOLDING, require_unlocked
from parcels.models import Asset, Holding, Parcel
from parcels.policies import KEEPERS
from parcels.services import book
from parties.models import Party

# What shuts out others when nothing else is said; claims and wrongs stand beside what they are about.
EXCLUSIVE: frozenset[str] = frozenset(Holding.Kind) - {
    Holding.Kind.REGULARIZATION,
    Holding.Kind.ENCROACHMENT,
    Holding.Kind.DISPUTE,
}
SUCCEEDERS: frozenset[str] = KEEPERS | {Role.LEGAL_OFFICER}
ONE_AT_A_TIME = ("one_exclusive_holding_of_a_parcel", "one_exclusive_holding_of_an_asset")


@transaction.atomic
def place_holding(
    *,
    by: User,
    at: dt.datetime,
    kind: str,
    start: dt.date,
    last_day: dt.date | None = None,
    parcel: Parcel | UUID | None = None,
    asset: Asset | UUID | None = None,
    party: Party | None = None,
    exclusive: bool | None = None,
    part: MultiPolygon | None = None,
    area_m2: Decimal | None = None,
    case_id: UUID | None = None,
    reference: str = "",
) -> Holding:
    """Let a party hold a parcel or an asset from `start` to `last_day`, both included (None: until further notice).

    The register that calls has asked its own policy. Raise Conflict `holding_overlaps` (naming what stands and its
    dates), `parcel_closed`, `asset_closed`, `act_locked`; Invalid `ends_before_it_starts`, `holding_of_nothing`.
    """
    span = _span(start, last_day)
    thing = _locked(parcel, asset)
    _refuse_closed(thing, span)
    if isinstance(thing, Parcel) and kind in OF_HOLDING:
        require_unlocked([thing.pk], OF_HOLDING[kind])
    holding = Holding(
        parcel=thing if isinstance(thing, Parcel) else None,
        asset=thing if isinstance(thing, Asset) else None,
        kind=Holding.Kind(kind),
        exclusive=kind in EXCLUSIVE if exclusive is None else exclusive,
        legal_range=book.legal(span),
        recorded_range=book.recorded_from(at),
        party=party,
        part=part,
        area_m2=area_m2,
        case_id=case_id,
        reference=reference,
        recorded_by=by,
    )
    _save(holding, thing, span)
    _settle(thing, at)
    detail = {"holding": holding.pk, "kind": kind, "start": start, "last_day": last_day, "reference": reference}
    audit.record("parcels.holding_placed", by=by, at=at, obj=thing, detail=detail)
    return holding


@transaction.atomic
def end_holding(
    *, by: User, at: dt.datetime, holding: Holding | UUID, last_day: dt.date, reason: str = ""
) -> Holding | None:
    """End a holding with its last day; return the row that stands now, None where no day is left.

    Raise NotFound, Conflict `holding_ended` where it was ended earlier already.
    """
    if last_day == dt.date.max:
        raise Invalid("day_out_of_range", _("The day lies too far in the future."))
    old = _standing(holding if isinstance(holding, UUID) else holding.pk)
    thing = _locked(old.parcel_id, old.asset_id)
    span = of_range(old.legal_range)
    end = last_day + dt.timedelta(days=1)
    if span.end is not None and span.end <= end:
        raise Conflict("holding_ended", _("It ended on %(last_day)s already."), last_day=span.last_day)
    moment = book.moment_after([old], at)
    book.close([old], moment)
    new = _shortened(old, Span(span.start, end), moment, by) if end > span.start else None
    _settle(thing, at)
    detail = {"holding": old.pk, "kind": old.kind, "last_day": last_day, "reason": reason}
    audit.record("parcels.holding_ended", by=by, at=at, obj=thing, detail=detail)
    return new


def end_holdings_of_case(
    *, by: User, at: dt.datetime, case_id: UUID, last_day: dt.date, reason: str = ""
) -> list[Holding]:
    """End whatever a case holds beyond the day; return the rows that stand now."""
    ended = []
    for holding in Holding.objects.filter(case_id=case_id, in_book=True).order_by("pk"):
        end = holding.legal_range.upper
        if end is None or end > last_day + dt.timedelta(days=1):
            ended.append(end_holding(by=by, at=at, holding=holding, last_day=last_day, reason=reason))
    return [holding for holding in ended if holding is not None]


@transaction.atomic
def succeed_holdings(*, by: User, at: dt.datetime, deceased: Party, heirs: Party, on: dt.date, reference: str) -> int:
    """Let the heirs hold from the day `on` what the deceased held; the rows before it stay. Return how many holdings.

    Raise NotAllowed where one of the things lies outside the person's jurisdiction: all of it or nothing.
    """
    rows = Holding.objects.filter(party=deceased, in_book=True, legal_range__overlap=book.legal(Span(on)))
    held = list(rows.select_related("parcel__place", "asset__place").order_by("pk"))
    for row in held:
        thing = row.parcel or row.asset
        assert thing is not None  # noqa: S101 - the table holds that there is one
        require(by, SUCCEEDERS, place=thing.place, custodian_id=thing.custodian_id)
        _succeed(row, heirs, on, by, at)
        detail = {"holding": row.pk, "heirs": heirs.pk, "on": on, "paper": reference}
        audit.record("parcels.holding_succeeded", by=by, at=at, obj=thing, detail=detail)
    return len(held)


def _succeed(row: Holding, heirs: Party, on: dt.date, by: User, at: dt.datetime) -> None:
    thing = _locked(row.parcel_id, row.asset_id)
    own = of_range(row.legal_range)
    moment = book.moment_after([row], at)
    book.close([row], moment)
    if own.start < on:
        _shortened(row, Span(own.start, on), moment, by)
    new = _shortened(row, Span(max(own.start, on), own.end), moment, by, party_id=heirs.pk)
    _settle(thing, at)
    for follower in _followers:
        follower(row, new)


# Told when a row of the book takes the place of another that somebody points to.
Follower = Callable[[Holding, Holding], None]
_followers: list[Follower] = []


def follow_holdings(follower: Follower) -> None:
    """Let a room above follow a holding that goes over to heirs."""
    if follower not in _followers:
        _followers.append(follower)


def _span(start: dt.date, last_day: dt.date | None) -> Span:
    if last_day is not None and last_day < start:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."))
    return from_days(start, last_day)


def _locked(parcel: Parcel | UUID | None, asset: Asset | UUID | None) -> Parcel | Asset:
    """Return the thing held, locked: who comes second waits and is then told what stands."""
    if (parcel is None) == (asset is None):
        raise Invalid("holding_of_nothing", _("Name either a parcel or an asset."))
    if parcel is not None:
        return book.lock(parcel if isinstance(parcel, UUID) else parcel.pk)
    assert asset is not None  # noqa: S101 - exactly one was given, as compared above
    found = Asset.objects.select_for_update(of=("self",)).select_related("place")
    locked = found.filter(pk=asset if isinstance(asset, UUID) else asset.pk).first()
    if locked is None:
        raise NotFound()
    return locked


def _refuse_closed(thing: Parcel | Asset, span: Span) -> None:
    if thing.closed_on is None or (span.end is not None and span.end <= thing.closed_on):
        return
    if isinstance(thing, Parcel):
        raise Conflict(
            "parcel_closed",
            _("Parcel %(thing)s was closed on %(on)s; its successors are in its file."),
            thing=thing.parcel_code,
            on=thing.closed_on,
        )
    raise Conflict("asset_closed", _("%(thing)s was closed on %(on)s."), thing=thing.asset_code, on=thing.closed_on)


def _save(holding: Holding, thing: Parcel | Asset, span: Span) -> None:
    try:
        with transaction.atomic():
            holding.save(force_insert=True)
    except IntegrityError as refused:
        if not any(name in str(refused) for name in ONE_AT_A_TIME):
            raise
        raise _overlap(thing, span) from None


def standing_exclusive(thing: Parcel | Asset, span: Span) -> Holding | None:
    """Return the exclusive holding of the thing that stands on a day of the span, if there is one."""
    of = {"parcel": thing} if isinstance(thing, Parcel) else {"asset": thing}
    rows = Holding.objects.filter(in_book=True, exclusive=True, legal_range__overlap=book.legal(span), **of)
    return rows.order_by("legal_range").first()


def _overlap(thing: Parcel | Asset, span: Span) -> Conflict:
    other = standing_exclusive(thing, span)
    code = thing.parcel_code if isinstance(thing, Parcel) else thing.asset_code
    if other is None:
        return Conflict("holding_overlaps", _("%(thing)s is held by another in this period."), thing=code)
    days = of_range(other.legal_range)
    known: dict[str, Any] = {
        "thing": code,
        "kind": other.get_kind_display(),
        "reference": other.reference,
        "start": days.start,
        "last_day": days.last_day,
        "holding": other.pk,
    }
    if days.last_day is None:
        return Conflict(
            "holding_overlaps", _("%(thing)s is held: %(kind)s %(reference)s from %(start)s, without an end."), **known
        )
    return Conflict(
        "holding_overlaps", _("%(thing)s is held: %(kind)s %(reference)s from %(start)s to %(last_day)s."), **known
    )


def _standing(holding_id: UUID) -> Holding:
    old = Holding.objects.filter(pk=holding_id, in_book=True).first()
    if old is None:
        raise NotFound()
    return old


def _shortened(old: Holding, span: Span, at: dt.datetime, by: User, **changed: Any) -> Holding:
    same = ("parcel_id", "asset_id", "kind", "exclusive", "party_id", "part", "area_m2", "case_id", "reference")
    values = {name: getattr(old, name) for name in same}
    return Holding.objects.create(
        **(values | changed), legal_range=book.legal(span), recorded_range=book.recorded_from(at), recorded_by=by
    )


def _settle(thing: Parcel | Asset, at: dt.datetime) -> None:
    governorate = thing.place.governorate_code
    if isinstance(thing, Parcel):
        book.settle([thing.pk], at, [governorate])
    else:
        book.settle_assets([thing.pk], at, [governorate])
