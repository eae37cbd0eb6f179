"""The acts on one party: a row each, with its form and the service it calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import NotFound
from parcels.services import succeed_holdings
from parties import relations, services
from parties.models import Agency, Party
from parties.policies import may_enter, may_merge, may_reveal
from parties.selectors import party_by_id
from workspace.parties import forms as pen

Text = str | Promise


@dataclass(frozen=True)
class Ask:
    """Who, when, on whom, and what was typed."""

    user: User
    at: dt.datetime
    party: Party
    form: Any
    of: str = ""


@dataclass(frozen=True)
class PartyAct:
    """An act: its words, its form, who may, what it does; what it returns is shown once (`shows`)."""

    name: str
    title: Text
    icon: str
    form: type[forms.Form]
    do: Callable[[Ask], Any]
    may: Callable[[User, Party], bool]
    note: Text = ""
    shows: bool = False
    listed: Callable[[Party], bool] = lambda party: True


def never(_party: Party) -> bool:
    """Offered where the thing itself is shown."""
    return False


def enters(user: User, party: Party) -> bool:
    """Say whether the person may change what is said of the party."""
    return may_enter(user, party.governorate)


def contact(ask: Ask) -> None:
    """Change how a party is reached."""
    services.change_contact(party=ask.party, by=ask.user, at=ask.at, **ask.form.cleaned_data)


def reveal(ask: Ask) -> str:
    """Show the whole national number once."""
    reason = ask.form.cleaned_data["reason"]
    return services.reveal_national_id(party=ask.party, by=ask.user, at=ask.at, reason=reason)


def merge(ask: Ask) -> None:
    """Say that another entry is the same party."""
    other = party_by_id(ask.form.cleaned_data["other"], user=ask.user)
    reason = ask.form.cleaned_data["reason"]
    relations.merge_parties(by=ask.user, at=ask.at, kept=ask.party, double=other, reason=reason)


def part(ask: Ask) -> None:
    """Undo a merging."""
    relations.part_parties(by=ask.user, at=ask.at, double=ask.party, reason=ask.form.cleaned_data["reason"])


def heirs(ask: Ask) -> None:
    """Record the heirs, each entered by name; the land book follows where that is wanted."""
    said = dict(ask.form.cleaned_data)
    named, succeed = said.pop("heirs"), said.pop("succeed")
    shares = [
        (services.register_party(name_ar=name, governorate=ask.party.governorate, by=ask.user, at=ask.at), share)
        for name, share in named
    ]
    made = relations.declare_heirs(by=ask.user, at=ask.at, deceased=ask.party, shares=shares, **said)
    if succeed:
        for key in relations.same_as(ask.party):
            succeed_holdings(
                by=ask.user, at=ask.at, deceased=Party(pk=key), heirs=made.heirs, on=made.died_on,
                reference=made.certificate_no,
            )  # fmt: skip


def agent(ask: Ask) -> None:
    """Record a power of attorney."""
    said = dict(ask.form.cleaned_data)
    other = party_by_id(said.pop("agent"), user=ask.user)
    relations.appoint_agent(by=ask.user, at=ask.at, principal=ask.party, agent=other, **said)


def revoke(ask: Ask) -> None:
    """Record that a power of attorney was revoked."""
    found = next((one for one in Agency.objects.filter(principal=ask.party) if str(one.pk) == ask.of), None)
    if found is None:
        raise NotFound()
    relations.revoke_agent(by=ask.user, at=ask.at, agency=found, on=ask.form.cleaned_data["on"])


ACTS = {
    row.name: row
    for row in (
        PartyAct("contact", _("Change telephone or address"), "phone", pen.ContactForm, contact, enters),
        PartyAct(
            "reveal", _("Show the whole national number"), "eye", pen.ReasonForm, reveal, may_reveal, shows=True,
            note=_("Who asked and why is recorded."), listed=lambda party: bool(party.national_id_mask),
        ),
        PartyAct(
            "merge", _("Merge a double"), "git-merge", pen.MergeForm, merge, may_merge,
            note=_("This entry stays. Nothing is rewritten, and it can be undone."),
            listed=lambda party: party.merged_into_id is None,
        ),
        PartyAct(
            "part", _("Part it again"), "git-branch", pen.ReasonForm, part, may_merge,
            listed=lambda party: party.merged_into_id is not None,
        ),
        PartyAct(
            "heirs", _("Record the heirs"), "users", pen.HeirsForm, heirs, enters,
            listed=lambda party: party.kind == Party.Kind.PERSON and party.died_on is None,
        ),
        PartyAct("agent", _("Record a power of attorney"), "signature", pen.AgentForm, agent, enters),
        PartyAct("revoke", _("Revoke the power of attorney"), "x", pen.RevokeForm, revoke, enters, listed=never),
    )
}  # fmt: skip
