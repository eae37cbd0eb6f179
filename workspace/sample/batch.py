"""The tables of one batch, and the people who hold what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from workspace.sample.assets import ASSET
from workspace.sample.copying import Table
from workspace.sample.facts import EXCLUSIVE, Tenure, new_id
from workspace.sample.people import company_name, national_id, person_name
from workspace.sample.versions import VERSION

PARCEL = ("id", "parcel_code", "place_id", "custodian_id", "status", "row_version", "invented", "closed_on")
PARTY = (
    *("id", "kind", "name_ar", "name_en", "national_id_mask", "commercial_register", "phone", "governorate"),
    *("invented", "created_by_id"),
)
HOLDING = (
    *(
        "id",
        "parcel_id",
        "asset_id",
        "kind",
        "exclusive",
        "legal_range",
        "recorded_range",
        "party_id",
        "area_m2",
        "reference",
    ),
    "recorded_by_id",
)
LINEAGE = ("predecessor_id", "successor_id", "act", '"on"', "recorded_at", "recorded_by_id")


@dataclass
class Batch:
    """Some thousands of plots on their way into the register."""

    parcels: Table = field(default_factory=lambda: Table("parcels_parcel", PARCEL))
    versions: Table = field(default_factory=lambda: Table("parcels_parcelversion", VERSION))
    parties: Table = field(default_factory=lambda: Table("parties_party", PARTY))
    assets: Table = field(default_factory=lambda: Table("parcels_asset", ASSET))
    holdings: Table = field(default_factory=lambda: Table("parcels_holding", HOLDING))
    lineage: Table = field(default_factory=lambda: Table("parcels_lineage", LINEAGE))

    @property
    def tables(self) -> Sequence[Table]:
        """The tables, parents first."""
        return (self.parties, self.parcels, self.versions, self.lineage, self.assets, self.holdings)


class People:
    """Invents the parties of a batch and writes who holds what; one in six holds more than one thing."""

    def __init__(self, rng: Random, by: int) -> None:
        self.rng, self.by, self.count = rng, by, 0
        self.batch, self.known = Batch(), list[str]()

    def begin(self, batch: Batch) -> None:
        """Begin a batch; nobody of the last one holds more."""
        self.batch, self.known = batch, []

    def hold(
        self,
        governorate: str,
        held: list[Tenure],
        area: float,
        *,
        parcel: str | None = None,
        asset: str | None = None,
    ) -> None:
        """Write the holdings of one thing."""
        for one in held:
            legal, recorded = f"[{one.starts},{one.ends or ''})", f'["{one.starts} 12:00+02",)'
            exclusive = "t" if one.kind in EXCLUSIVE else "f"
            facts = (one.kind, exclusive, legal, recorded, self._holder(governorate), f"{area:.4f}", one.reference)
            self.batch.holdings.add(new_id(self.rng), parcel, asset, *facts, self.by)

    def _holder(self, governorate: str) -> str:
        if self.known and self.rng.random() < 0.16:
            return self.rng.choice(self.known)
        self.known.append(self._party(governorate))
        return self.known[-1]

    def _party(self, governorate: str) -> str:
        self.count += 1
        party, mask, register = new_id(self.rng), "", ""
        kind, (name, woman) = "PERSON", person_name(self.rng)
        if self.rng.random() < 0.04:
            kind, name, register = "COMPANY", company_name(self.rng), str(10000 + self.count)
        else:
            number = national_id(self.count, woman)
            mask = f"{number[0]}********{number[-5:]}"
        self.batch.parties.add(party, kind, name, "", mask, register, "", governorate, "t", self.by)
        return party
