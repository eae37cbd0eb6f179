"""Reads of parties, with the reader's rights."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from authority import clock
from authority.policies import Anyone
from authority.refusal import NotFound
from parties import crypto, national_id
from parties.models import Party
from parties.policies import party_visible_to


def parties(user: Anyone, *, name: str = "", kind: str = "") -> QuerySet[Party]:
    """Return the parties a person may see, by part of the name and by kind."""
    found = party_visible_to(user, Party.objects.filter(merged_into=None))
    if name:
        found = found.filter(Q(name_ar__icontains=name) | Q(name_en__icontains=name))
    return found.filter(kind=kind) if kind else found


def party_by_id(party_id: uuid.UUID | str, *, user: Anyone) -> Party:
    """Return the party; one outside the person's sight is not found. Raises NotFound."""
    try:
        number = party_id if isinstance(party_id, uuid.UUID) else uuid.UUID(party_id)
    except ValueError as error:
        raise NotFound from error
    found = party_visible_to(user, Party.objects.filter(pk=number)).first()
    if found is None:
        raise NotFound
    return found


def party_by_national_id(text: str, *, user: Anyone) -> Party:
    """Return the party with this national number; raises BadNationalIdError, NotFound."""
    known = national_id.read(text, today=clock.today())
    found = parties(user).filter(national_id_hash=crypto.hashed(known.number)).first()
    if found is None:
        raise NotFound
    return found
