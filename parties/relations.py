"""What binds parties: doubles merged and parted again, shares, heirs, agents. Every write of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from authority import audit, changes, clock
from authority.models import User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from parties.models import Agency, Membership, Party, PartyMerge, Succession
from parties.policies import may_merge, require_enter
from parties.shares import ShareError, check_whole

MERGED = audit.declare("parties.merged", _("Two entries of one party merged"))
PARTED = audit.declare("parties.parted", _("Merged entries parted again"))
GROUPED = audit.declare("parties.grouped", _("Shares of several recorded"))
HEIRS = audit.declare("parties.heirs", _("Heirs recorded"))
APPOINTED = audit.declare("parties.agent_appointed", _("Power of attorney recorded"))
REVOKED = audit.declare("parties.agent_revoked", _("Power of attorney revoked"))
MOST_MEMBERS = 500
REASON_NEEDED = _("Write the reason: it is recorded with your name.")


@transaction.atomic
def merge_parties(*, by: User, at: dt.datetime, kept: Party, double: Party, reason: str) -> PartyMerge:
    """Say that two entries are one party; nothing that names the double is rewritten, so that it can be undone.

    Raise NotAllowed, Invalid `reason_needed`, Conflict `party_same`, `party_merged`, `numbers_differ`, `kinds_differ`.
    """
    held = _locked([kept.pk, double.pk])
    one, two = held[kept.pk], held[double.pk]
    if not (may_merge(by, one) and may_merge(by, two)):
        raise NotAllowed
    if one.pk == two.pk:
        raise Conflict("party_same", _("Name two entries."))
    if one.merged_into_id or two.merged_into_id or two.doubles.exists():
        raise Conflict("party_merged", _("One of the two was merged already."))
    if one.kind != two.kind:
        raise Conflict("kinds_differ", _("A person, a company and a body are not one party."))
    if one.national_id_hash and two.national_id_hash:
        raise Conflict("numbers_differ", _("Both entries have a national number of their own: they are two persons."))
    if not reason.strip():
        raise Invalid("reason_needed", REASON_NEEDED, field="reason")
    two.merged_into = one
    two.save(update_fields=["merged_into"])
    made = PartyMerge.objects.create(kept=one, double=two, reason=reason.strip()[:300], merged_by=by, merged_at=at)
    changes.changed("party", [one.pk, two.pk])
    audit.record(MERGED, by=by, at=at, obj=one, detail={"double": two.pk, "reason": made.reason})
    return made


@transaction.atomic
def part_parties(*, by: User, at: dt.datetime, double: Party, reason: str) -> Party:
    """Undo a merging; raise NotAllowed, Conflict `party_not_merged`, Invalid `reason_needed`."""
    held = _locked([double.pk])[double.pk]
    if not may_merge(by, held):
        raise NotAllowed
    if held.merged_into_id is None:
        raise Conflict("party_not_merged", _("This entry is not merged."))
    if not reason.strip():
        raise Invalid("reason_needed", REASON_NEEDED, field="reason")
    kept = held.merged_into_id
    held.merged_into = None
    held.save(update_fields=["merged_into"])
    said = {"undone_by": by, "undone_at": at, "undone_reason": reason.strip()[:300]}
    PartyMerge.objects.filter(double=held, kept_id=kept, undone_at=None).update(**said)
    changes.changed("party", [held.pk, kept])
    audit.record(PARTED, by=by, at=at, obj=held, detail={"kept": kept, "reason": reason.strip()[:300]})
    return held


Shares = Sequence[tuple[Party, Fraction]]


@transaction.atomic
def group_parties(*, by: User, at: dt.datetime, name_ar: str, governorate: str, shares: Shares) -> Party:
    """Enter several parties that hold in shares; they add up to the whole exactly.

    Raise NotAllowed, Invalid `shares_not_whole`, `member_twice`, `members_many`, `group_in_group`.
    """
    require_enter(by, governorate)
    _check(shares)
    group = Party.objects.create(
        id=uuid.uuid4(), kind=Party.Kind.GROUP, name_ar=name_ar.strip()[:200], governorate=governorate, created_by=by
    )
    Membership.objects.bulk_create(
        Membership(group=group, member=member, numerator=share.numerator, denominator=share.denominator)
        for member, share in shares
    )
    changes.changed("party", [group.pk])
    detail = {"members": [[str(member.pk), str(share)] for member, share in shares]}
    audit.record(GROUPED, by=by, at=at, obj=group, detail=detail)
    return group


def _check(shares: Shares) -> None:
    if not 0 < len(shares) <= MOST_MEMBERS:
        raise Invalid("members_many", _("Between one and %(most)s members are named."), most=MOST_MEMBERS)
    if len({member.pk for member, _share in shares}) != len(shares):
        raise Invalid("member_twice", _("A member is named twice."))
    if any(member.kind == Party.Kind.GROUP for member, _share in shares):
        raise Invalid("group_in_group", _("A member is a person, a company or a body."))
    try:
        check_whole(share for _member, share in shares)
    except ShareError as fault:
        raise Invalid(
            "shares_not_whole",
            _("The shares add up to %(sum)s of the whole; 24 qirat are needed."),
            sum=str(fault.args[0]),
        ) from None


@transaction.atomic
def declare_heirs(
    *,
    by: User,
    at: dt.datetime,
    deceased: Party,
    died_on: dt.date,
    certificate_no: str,
    court: str,
    dated_on: dt.date,
    shares: Shares,
) -> Succession:
    """Record the heirs by a court's certificate (إعلام وراثة); the land book follows by its own act.

    Raise NotAllowed, NotFound, Invalid (as `group_parties`, `certificate_missing`, `died_in_future`,
    `certificate_before_death`, `not_a_person`), Conflict `heirs_known`.
    """
    held = _locked([deceased.pk])[deceased.pk]
    require_enter(by, held.governorate)
    if held.kind != Party.Kind.PERSON:
        raise Invalid("not_a_person", _("Only a person has heirs."))
    if Succession.objects.filter(deceased=held).exists():
        raise Conflict("heirs_known", _("The heirs are recorded already."))
    if not certificate_no.strip() or not court.strip():
        raise Invalid("certificate_missing", _("Name the certificate of heirs: its number and court."), field="court")
    if died_on > clock.day_of(at) or dated_on > clock.day_of(at):
        raise Invalid("died_in_future", _("The day lies in the future."), field="died_on")
    if dated_on < died_on:
        raise Invalid("certificate_before_death", _("The certificate is older than the death."), field="dated_on")
    if any(member.pk == held.pk for member, _share in shares):
        raise Invalid("member_twice", _("The deceased is no heir of his own."))
    with override("ar"):  # the name in the book is Arabic, whatever language the officer reads
        name = str(_("Heirs of %(name)s")) % {"name": held.name_ar}
    heirs = group_parties(by=by, at=at, name_ar=name, governorate=held.governorate, shares=shares)
    held.died_on = died_on
    held.save(update_fields=["died_on"])
    made = Succession.objects.create(
        deceased=held, heirs=heirs, died_on=died_on, certificate_no=certificate_no.strip()[:40],
        court=court.strip()[:80], dated_on=dated_on, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    detail = {"heirs": heirs.pk, "certificate": made.certificate_no, "died_on": died_on}
    audit.record(HEIRS, by=by, at=at, obj=held, detail=detail)
    return made


@transaction.atomic
def appoint_agent(
    *,
    by: User,
    at: dt.datetime,
    principal: Party,
    agent: Party,
    extent: str,
    number: str,
    notary: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    scope: str = "",
) -> Agency:
    """Record a power of attorney. Raise NotAllowed, Invalid `agency_incomplete`, `own_agent`."""
    require_enter(by, principal.governorate)
    if principal.pk == agent.pk:
        raise Invalid("own_agent", _("Nobody is his own agent."), field="agent")
    if extent not in Agency.Extent.values or not number.strip() or not notary.strip():
        raise Invalid(
            "agency_incomplete", _("Name number and notary's office of the power of attorney."), field="number"
        )
    if extent == Agency.Extent.SPECIAL and not scope.strip():
        raise Invalid("agency_incomplete", _("Say what the special power is for."), field="scope")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_before_it_starts", _("The last day lies before the first."), field="ends_on")
    made = Agency.objects.create(
        principal=principal, agent=agent, extent=extent, scope=scope.strip()[:200], number=number.strip()[:40],
        notary=notary.strip()[:80], starts_on=starts_on, ends_on=ends_on, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    detail = {"agent": agent.pk, "number": made.number, "starts_on": starts_on, "ends_on": ends_on}
    audit.record(APPOINTED, by=by, at=at, obj=principal, detail=detail)
    return made


@transaction.atomic
def revoke_agent(*, by: User, at: dt.datetime, agency: Agency, on: dt.date) -> Agency:
    """Record that a power of attorney was revoked; raise NotAllowed, NotFound, Conflict `agency_revoked`."""
    held = Agency.objects.select_for_update(of=("self",)).select_related("principal").filter(pk=agency.pk).first()
    if held is None:
        raise NotFound()
    require_enter(by, held.principal.governorate)
    if held.revoked_on is not None:
        raise Conflict("agency_revoked", _("It was revoked on %(on)s already."), on=held.revoked_on)
    held.revoked_on = on
    held.save(update_fields=["revoked_on"])
    audit.record(REVOKED, by=by, at=at, obj=held.principal, detail={"number": held.number, "on": on})
    return held


def _locked(keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, Party]:
    rows = Party.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    held = {party.pk: party for party in rows}
    if len(held) != len(set(keys)):
        raise NotFound()
    return held


def same_as(party: Party) -> list[uuid.UUID]:
    """Return the ids under which things name a party: its own and its doubles'."""
    root = party.merged_into_id or party.pk
    return [root, *Party.objects.filter(merged_into_id=root).values_list("pk", flat=True)]
