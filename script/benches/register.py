"""The register's figures: eighty questions, an act on ten thousand parcels, tiles of the past, the chain, backup."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from authority import clock
from authority.models import Place, Role, RoleHolding, User
from benches import backup, chain, moments, search
from benches.figure import Figure, at_most
from parcels.models import BulkAct, Parcel
from parcels.policies import parcels_visible_to
from parcels.services import carry_out, new_version, prepare_bulk_act
from parcels.services.many import MOST, write_bulk_act

ONE_BY_ONE = 100
BULK_SECONDS = 30


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the figures of search, of bulk acts and of the past, then those of the audit's chain and of backup."""
    yield from search.figures(quick)
    yield from many()
    yield from moments.figures(quick)
    yield from chain.figures(quick)
    yield from backup.figures(quick)


def many() -> Iterator[Figure]:
    """Yield how long an act on ten thousand parcels takes, beside the same act one parcel at a time."""
    first, second = User.objects.get(username="property_officer"), another()
    top = Place.objects.filter(kind=Place.Kind.GOVERNORATE, code="19").get()
    seen = parcels_visible_to(first, Parcel.objects.filter(closed_on=None, place__path__startswith=top.path))
    chosen = list(seen.order_by("pk").values_list("pk", flat=True)[: MOST + ONE_BY_ONE])
    some, alone = chosen[:-ONE_BY_ONE], chosen[-ONE_BY_ONE:]
    looked, act = prepared(some, first)
    carry_out(by=second, at=clock.now(), act=act)
    began = time.perf_counter()
    with transaction.atomic():
        write_bulk_act(act.pk, at=clock.now())
    written = time.perf_counter() - began
    act.refresh_from_db()
    if act.state != BulkAct.State.DONE:
        raise RuntimeError(f"the act ended as {act.state}")
    each = one_at_a_time(alone, first) / len(alone) * len(some)
    peer = f"the same change one parcel at a time, from {len(alone)}"
    done = act.rows.filter(left_out="").count()
    yield at_most(f"an act on {done:,} parcels, looked through", looked, BULK_SECONDS, "s", peer=peer, peer_value=each)
    yield at_most(f"an act on {done:,} parcels, written whole", written, BULK_SECONDS, "s", peer=peer, peer_value=each)


def another() -> User:
    """Return a second officer of the same governorate."""
    made = User.objects.create_user("bench-second", None, name_ar="موظف", name_en="Officer")
    holding = RoleHolding.objects.filter(user__username="property_officer", role=Role.PROPERTY_OFFICER)
    for held in holding:
        RoleHolding.objects.create(user=made, role=held.role, office=held.office, starts_on=held.starts_on)
    return made


def prepared(parcels: list[UUID], by: User) -> tuple[float, BulkAct]:
    """Prepare the act; return the seconds it took, and it."""
    began = time.perf_counter()
    act = prepare_bulk_act(
        by=by, at=clock.now(), act="FACTS", parcels=parcels, said={"shelf": "ب-٧"}, on=dt.date(2026, 1, 1),
        basis="قياس",
    )  # fmt: skip
    return time.perf_counter() - began, act


def one_at_a_time(parcels: list[UUID], by: User) -> float:
    """Make the same change parcel by parcel; return the seconds."""
    began = time.perf_counter()
    for parcel in parcels:
        new_version(by=by, at=clock.now(), parcel=parcel, on=dt.date(2026, 1, 1), facts={"shelf": "ب-٧"}, basis="قياس")
    return time.perf_counter() - began
