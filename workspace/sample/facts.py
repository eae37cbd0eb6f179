"""Decides what is true of invented land: its class, use, custodian, areas and who holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from parcels.models import AddressMode, Holding, LandUse, LocationClass, OwnershipClass
from workspace.sample.mesh import ALONG, STRIP
from workspace.sample.plots import Plot, Site

Kind = Holding.Kind
# How land is held, in per mille; what is left is free.
TOWN_TENURE: tuple[tuple[str, int], ...] = (
    (Kind.LEASE, 300),
    (Kind.USE_LICENCE, 40),
    (Kind.ALLOCATION, 55),
    (Kind.SALE, 70),
    (Kind.SALE_INSTALLMENTS, 60),
    (Kind.LEASE_TO_OWN, 30),
    (Kind.REGULARIZATION, 45),
    (Kind.ENCROACHMENT, 60),
    (Kind.RESERVATION, 15),
    (Kind.DISPUTE, 14),
)
FIELD_TENURE: tuple[tuple[str, int], ...] = (
    (Kind.LEASE, 380),
    (Kind.USUFRUCT, 45),
    (Kind.ALLOCATION, 30),
    (Kind.SALE, 45),
    (Kind.SALE_INSTALLMENTS, 55),
    (Kind.LEASE_TO_OWN, 35),
    (Kind.REGULARIZATION, 55),
    (Kind.ENCROACHMENT, 75),
    (Kind.RESERVATION, 10),
    (Kind.DISPUTE, 12),
)
EXCLUSIVE = frozenset(
    {Kind.LEASE, Kind.USUFRUCT, Kind.USE_LICENCE, Kind.LEASE_TO_OWN, Kind.ALLOCATION, Kind.SALE, Kind.SALE_INSTALLMENTS}
)
# Years of a contract.
TERM: dict[str, int] = {
    Kind.LEASE: 3,
    Kind.USUFRUCT: 9,
    Kind.USE_LICENCE: 3,
    Kind.LEASE_TO_OWN: 15,
    Kind.SALE_INSTALLMENTS: 10,
}
FOR_EVER = frozenset({Kind.ALLOCATION, Kind.SALE})
LETTERS: dict[str, str] = {
    Kind.LEASE: "ع",
    Kind.USUFRUCT: "ن",
    Kind.USE_LICENCE: "ت",
    Kind.LEASE_TO_OWN: "م",
    Kind.ALLOCATION: "خ",
    Kind.SALE: "ب",
    Kind.SALE_INSTALLMENTS: "ق",
    Kind.REGULARIZATION: "ط",
    Kind.ENCROACHMENT: "ت.ع",
    Kind.RESERVATION: "ح",
    Kind.DISPUTE: "د",
}


TOWN_USES = (LandUse.RESIDENTIAL, LandUse.COMMERCIAL, LandUse.SERVICE, LandUse.VACANT, LandUse.INDUSTRIAL)


@dataclass(frozen=True)
class Nature:
    """What kind of land a plot is."""

    mode: str
    ownership: str
    use: str
    location: str
    custodian: str


@dataclass(frozen=True)
class Tenure:
    """One holding: how, from which day to which (excluded, None for ever), under which reference."""

    kind: str
    starts: dt.date
    ends: dt.date | None
    reference: str

    def runs(self, on: dt.date) -> bool:
        """Say whether it is in force on a day."""
        return self.starts <= on and (self.ends is None or on < self.ends)


def nature(rng: Random, site: Site, plot: Plot) -> Nature:
    """Return what kind of land a plot is."""
    if site.quarter.urban:
        return _urban(rng, site, plot)
    return _rural(rng, site, plot)


def _urban(rng: Random, site: Site, plot: Plot) -> Nature:
    local = f"local-{site.code[:2]}"
    location = (
        LocationClass.CAPITAL_CORDON if site.code < "0213" or site.code[:4] < "1904" else LocationClass.CITY_CORDON
    )
    if plot.role != STRIP:
        return Nature(AddressMode.URBAN, OwnershipClass.STATE_PUBLIC, LandUse.ROAD, location, local)
    use = rng.choices(TOWN_USES, (58, 16, 8, 15, 3))[0]
    chance = rng.random()
    if chance < 0.05:
        use = LandUse.LINE_REMAINDER if chance < 0.025 else LandUse.INTERSTITIAL
    ownership, custodian = OwnershipClass.LOCAL_UNIT, local
    if chance > 0.93:
        ownership, custodian = OwnershipClass.WAQF, "awqaf"
    elif chance > 0.88:
        ownership = OwnershipClass.HIKR
    elif chance > 0.6:
        ownership = OwnershipClass.STATE_PRIVATE
    return Nature(AddressMode.URBAN, ownership, use, location, custodian)


def _rural(rng: Random, site: Site, plot: Plot) -> Nature:
    mode = AddressMode.RURAL if site.hods else AddressMode.OUTSIDE_ZIMAM
    location = LocationClass.OUTSIDE_ZIMAM if mode == AddressMode.OUTSIDE_ZIMAM else LocationClass.VILLAGE_CORDON
    if plot.role == ALONG:
        return Nature(mode, OwnershipClass.STATE_PUBLIC, LandUse.DRAIN_CANAL, location, "irrigation")
    if plot.role != STRIP:
        return Nature(mode, OwnershipClass.STATE_PUBLIC, LandUse.ROAD, location, "roads")
    chance = rng.random()
    if mode == AddressMode.OUTSIDE_ZIMAM:
        use = LandUse.AGRI_RECLAIMED if chance < 0.7 else LandUse.DESERT
        return Nature(mode, OwnershipClass.STATE_PRIVATE, use, location, "garpad")
    local = f"local-{site.code[:2]}"
    owners = (
        (0.52, OwnershipClass.STATE_PRIVATE, local),
        (0.72, OwnershipClass.AGRARIAN_REFORM, "agrarian-reform"),
        (0.86, OwnershipClass.STATE_PRIVATE, "garpad"),
        (0.92, OwnershipClass.WAQF, "awqaf"),
        (0.97, OwnershipClass.IRRIGATION_LEFTOVER, "irrigation"),
        (1.01, OwnershipClass.LOCAL_UNIT, local),
    )
    _, ownership, custodian = next(one for one in owners if chance < one[0])
    use = LandUse.AGRI_OLD if rng.random() < 0.9 else LandUse.RESIDENTIAL
    return Nature(mode, ownership, use, location, custodian)


def tenures(rng: Random, site: Site, plot: Plot, on: dt.date, serial: int) -> list[Tenure]:
    """Return who-holds-how of a plot, past and present; lanes are held by nobody."""
    if plot.role != STRIP:
        return []
    kind = _drawn(rng, TOWN_TENURE if site.quarter.urban else FIELD_TENURE)
    found = [_tenure(rng, kind, on, serial)] if kind else []
    if kind == Kind.LEASE:
        found += _beside_lease(rng, found[0], on, serial)
    elif kind is None and rng.random() < 0.12:
        found.append(_ended(rng, on, serial))
    return found


def _drawn(rng: Random, table: Sequence[tuple[str, int]]) -> str | None:
    left = rng.randrange(1000)
    for kind, share in table:
        if left < share:
            return kind
        left -= share
    return None


def _tenure(rng: Random, kind: str, on: dt.date, serial: int) -> Tenure:
    """Return a holding that runs on the day; farm years begin on the first of November."""
    years = TERM.get(kind, 4)
    ago = rng.randrange(years) if kind not in FOR_EVER else rng.randrange(12)
    starts = _farm_year(on, ago) if kind in TERM else on - dt.timedelta(days=rng.randrange(20, 900))
    ends = starts.replace(year=starts.year + years) if kind in TERM else None
    return Tenure(kind, starts, ends, reference(kind, starts, serial))


def _farm_year(on: dt.date, ago: int) -> dt.date:
    latest = dt.date(on.year if (on.month, on.day) >= (11, 1) else on.year - 1, 11, 1)
    return latest.replace(year=latest.year - ago)


def reference(kind: str, starts: dt.date, serial: int) -> str:
    """Return the number of a contract or file as it would be printed: letter, year, serial."""
    return f"{LETTERS[kind]}/{starts.year}/{serial}"


def _beside_lease(rng: Random, lease: Tenure, on: dt.date, serial: int) -> list[Tenure]:
    """Return the lease before the running one, and now and then an encroachment on leased land."""
    found = []
    if rng.random() < 0.35:
        starts = lease.starts.replace(year=lease.starts.year - 3)
        found.append(Tenure(Kind.LEASE, starts, lease.starts, reference(Kind.LEASE, starts, serial)))
    if rng.random() < 0.02:
        found.append(_tenure(rng, Kind.ENCROACHMENT, on, serial))
    return found


def _ended(rng: Random, on: dt.date, serial: int) -> Tenure:
    ends = _farm_year(on, rng.randrange(4))
    starts = ends.replace(year=ends.year - 3)
    return Tenure(Kind.LEASE, starts, ends, reference(Kind.LEASE, starts, serial))


def new_id(rng: Random) -> str:
    """Return the next id of a series, a UUID of version 4 as it is written."""
    raw = rng.randbytes(16).hex()
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-{'89ab'[int(raw[16], 16) & 3]}{raw[17:20]}-{raw[20:]}"
