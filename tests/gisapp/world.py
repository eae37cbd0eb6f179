"""One thing of every kind in two governorates, for tests that ask every address as everybody."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from authority import clock
from authority.entry.recovery import ask
from authority.keeping.services import prepare_role
from authority.keys import hashed, new_key
from authority.mandates.services import be_away, enter
from authority.models import ApiKey, Delegation, Place, Role, User
from authority.policies import STAFF_READ
from cases.interests import declare_interest
from cases.models import Paper
from documents.intake import take_in
from documents.models import Document, IssuedPaper
from jobs.services import queue
from law.holidays import propose_holiday
from law.models import Holiday, LegalRule
from law.services import propose_rule
from litigation.services import enter_judgment
from parcels.edit_asked import Asked
from parcels.models import Allocation, BulkAct, ControlPoint, EditProposal, InventoryLine, Parcel
from parcels.products import papers
from parcels.services import (
    allocate,
    attach_document,
    freeze_inventory,
    prepare_bulk_act,
    propose_edit,
    register_control_point,
)
from search.models import SavedFilter
from tests.authority.builders import make_custodian, make_place, make_user
from tests.correspondence import builders as letters
from tests.leases import builders as leases
from tests.litigation.builders import a_suit
from tests.parcels.builders import a_boundary, a_hod, a_keeper, a_parcel, an_asset, corners
from tests.parties.builders import MAN, WOMAN, make_party
from tests.surveys.builders import a_surveyor, plot, reported, survey_zip
from tests.tiles.test_orthophoto import make_tif

OWN, OTHER = "19", "02"
READERS = sorted(STAFF_READ)
OUTSIDERS = sorted(set(Role) - STAFF_READ)


@dataclass(frozen=True)
class Things:
    """Ids of one governorate's things, by the names that addresses have for them."""

    ids: dict[str, Any]

    def fill(self, route: str, *more: tuple[str, Any]) -> str:
        """Return the address of a route with these ids."""
        ids, parts = self.ids | dict(more), []
        for part in route.split("/"):
            name, dot, ending = part.partition(">")
            parts.append(f"{ids[name.strip('<').rpartition(':')[2]]}{ending}" if dot else part)
        return "/" + "/".join(parts)


def routes() -> list[str]:
    """Return every route of the site but the administration's own, as Django writes it."""
    return sorted(set(_routes(get_resolver().url_patterns)))


def _routes(patterns: Any, prefix: str = "") -> Any:
    for entry in patterns:
        told = prefix + str(entry.pattern)
        if told.startswith("admin/"):
            continue
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, told)
        elif isinstance(entry, URLPattern):
            yield told


def a_paper(parcel: Parcel, *, by: User) -> Document:
    """Return a deed in the file of a parcel."""
    deed = take_in(file=io.BytesIO(b"%PDF-1.7 deed"), filename="deed.pdf", kind="parcel_paper", by=by, at=clock.now())
    return attach_document(by=by, at=clock.now(), parcel=parcel, document=deed, title="عقد").document


def things_in(code: str, folder: Path) -> Things:
    """Make one thing of every kind in a governorate."""
    top = make_place(code)
    Place.objects.filter(pk=top.pk).update(working_srid=22992)
    top.refresh_from_db()
    custodian = make_custodian(f"local-{code}")
    parcel = a_parcel(place=a_hod(top), custodian=custodian)
    asset = an_asset(parcel=parcel, custodian=custodian, by=a_keeper(top))
    survey = reported(survey_zip([plot(0), plot(60)]), by=a_surveyor(top), place=top)
    lease = leases.application(parcel, by=make_user(Role.PROPERTY_OFFICER, place=top))
    clerk = make_user(Role.FRONT_DESK, place=top)
    job = queue("jobs.prune", by=clerk, at=clock.now())
    number = MAN if code == OWN else WOMAN
    picture = str(make_tif(folder / f"{code}.tif"))
    call_command("add_orthophoto", picture, name=f"photo-{code}", by=clerk.username, stdout=io.StringIO())
    return Things(
        {
            "parcel_id": parcel.pk,
            "asset_id": asset.pk,
            "submission_id": survey.pk,
            "fault_id": survey.faults.earliest("pk").pk,
            "case_id": lease.case_id,
            "paper_id": Paper.objects.create(
                case=lease.case, kind="other", text="x", added_by=clerk, added_at=clock.now()
            ).pk,
            "document_id": a_paper(parcel, by=a_keeper(top)).pk,
            "job_id": job.pk,
            "party_id": make_party(governorate=code, by=clerk, national_id_text=number).pk,
            "national_id": number,
            "body_id": make_party(governorate=code, by=clerk, kind="PUBLIC_BODY").pk,
            "issued_id": an_extract(parcel).pk,
            "allocation_id": an_allocation(top).pk,
            "point_id": a_control_point(top).pk,
            "rule_id": a_proposal(top).pk,
            "holiday_id": a_holiday(top).pk,
            "inventory_id": (counted := an_inventory(top)).inventory_id,
            "line_id": counted.pk,
            "suit_id": (
                suit := a_suit(
                    a_parcel(place=a_hod(top)),
                    by=make_user(Role.LEGAL_OFFICER, place=top),
                    number=code,
                    first_hearing=dt.date(2024, 4, 1),
                )
            ).pk,
            "hearing_id": suit.hearings.get().pk,
            "judgment_id": enter_judgment(
                by=make_user(Role.LEGAL_OFFICER, place=top),
                at=clock.now(),
                suit=suit,
                ruled_on=dt.date(2024, 6, 1),
                ruling="FOR_US",
                words="رفض",
            ).pk,
            "act_id": a_bulk_act(parcel).pk,
            "office": (office := letters.an_office(top)).code,
            "letter_id": letters.incoming(by=letters.a_clerk(top), office=office).pk,
            "memo_id": letters.a_memo(lease.case, by=letters.a_clerk(top)).pk,
            "apart_id": (apart := a_parcel(place=a_hod(top), boundary=a_boundary(int(code) * 1000, 30_000))).pk,
            "apart_corners": corners(int(code) * 1000, 30_000)[:2],
            "edit_id": an_edit(apart).pk,
            "saved_id": SavedFilter.objects.create(
                page="parcels", name="x", query="status=FREE", owner=clerk, saved_at=clock.now()
            ).pk,
            "delegation_id": (lent := a_delegation(top)).pk,
            "absence_id": be_away(
                user=lent.giver, starts_on=clock.today(), ends_on=clock.today(), by=lent.giver, at=clock.now()
            ).pk,
            "change_id": prepare_role(
                person=clerk,
                role=Role.INSPECTOR,
                office=clerk.roles.get().office,
                by=make_user(Role.ADMIN, place=top),
                at=clock.now(),
            ).pk,
            "interest_id": declare_interest(
                thing=lease.case, relation="قرابة", by=make_user(Role.GOVERNOR, place=top), at=clock.now()
            ).pk,
            "hod": parcel.place.code,
            "custodian": custodian.code,
            "code": code,
            "prefix": "0123456789",
            "name": f"photo-{code}",
            "account_id": clerk.pk,
            "recovery_id": ask(
                user=clerk, kind="PASSWORD", reason="forgotten", by=make_user(Role.ADMIN, place=top), at=clock.now()
            )[0].pk,
        }
    )


def an_allocation(top: Place) -> Allocation:
    """Allocate another parcel of the governorate."""
    clerk = make_user(Role.PROPERTY_OFFICER, place=top)
    body = make_party(governorate=top.code, by=clerk, kind="PUBLIC_BODY")
    return allocate(
        by=clerk, at=clock.now(), parcel=a_parcel(place=a_hod(top), custodian=make_custodian(f"local-{top.code}")),
        body=body, purpose="مدرسة", decree_no="1", decree_on=dt.date(2024, 1, 1), starts_on=dt.date(2024, 1, 1),
    )  # fmt: skip


def a_control_point(top: Place) -> ControlPoint:
    """Enter a control point in the governorate."""
    return register_control_point(
        by=make_user(Role.SURVEYOR, place=top), at=clock.now(), name="ث-1", place=a_hod(top),
        east=Decimal("736100"), north=Decimal("876100"), crs="EPSG:22992",
    )  # fmt: skip


def an_extract(parcel: Parcel) -> IssuedPaper:
    """Issue an extract of the parcel."""
    by = make_user(Role.PROPERTY_OFFICER, place=Place.objects.get(code=parcel.place.governorate_code))
    return papers.issue_paper(by=by, at=clock.now(), parcel=parcel, product="extract")


def an_inventory(top: Place) -> InventoryLine:
    """Freeze an inventory of the governorate and return one of its lines."""
    made = freeze_inventory(
        by=make_user(Role.GIS_OFFICER, place=top), at=clock.now(), place=top, year=2025, as_of=dt.date(2025, 6, 30)
    )
    return made.lines.earliest("pk")


def a_bulk_act(parcel: Parcel) -> BulkAct:
    """Prepare an act on the parcel."""
    by = make_user(Role.GIS_OFFICER, place=Place.objects.get(code=parcel.place.governorate_code))
    return prepare_bulk_act(
        by=by, at=clock.now(), act="FACTS", parcels=[parcel.pk], said={"shelf": "٣"}, on=dt.date(2025, 1, 1), basis="x"
    )


def an_edit(parcel: Parcel) -> EditProposal:
    """Propose that the parcel is cut in two."""
    return propose_edit(
        by=make_user(Role.GIS_OFFICER, place=Place.objects.get(code=parcel.place.governorate_code)), at=clock.now(),
        asked=Asked.of(kind="CUT", parcels=[parcel.pk], side="W", areas=["500"]), on=dt.date(2025, 1, 1), basis="x",
        versions={parcel.pk: Parcel.objects.get(pk=parcel.pk).row_version},
    )  # fmt: skip


def a_proposal(top: Place) -> LegalRule:
    """Propose a rule of law."""
    return propose_rule(
        by=make_user(Role.LEGAL_OFFICER, place=top), at=clock.now(), code="protection.canals", source="قانون",
        params={"bands": {"AREA": [[5, "PROHIBITED"]]}}, starts_on=dt.date(2030, 1, 1),
    )  # fmt: skip


def a_delegation(top: Place) -> Delegation:
    """Enter a delegation that waits for its second person."""
    giver = make_user(Role.DISTRICT_HEAD, place=top)
    return enter(
        giver=giver, delegate=make_user(Role.LEGAL_OFFICER, place=top), role=Role.DISTRICT_HEAD, decree="7/2026",
        starts_on=clock.today(), ends_on=clock.today(), by=giver, at=clock.now(),
    )  # fmt: skip


def a_holiday(top: Place) -> Holiday:
    """Propose a day off, another for each governorate."""
    return propose_holiday(
        by=make_user(Role.LEGAL_OFFICER, place=top), at=clock.now(), name_ar="عطلة", source="قرار",
        day=dt.date(2032, 1, 1) + dt.timedelta(days=int(top.code)),
    )  # fmt: skip


def people() -> dict[str, User]:
    """Make one person for each role, all of them in the first governorate."""
    return {role: make_user(role, place=make_place(OWN), username=f"the-{role}") for role in sorted(Role)}


def key_of(user: User, *scopes: str) -> str:
    """Return a new personal key."""
    key = new_key()
    ApiKey.objects.create(
        user=user,
        name="x",
        prefix=key.prefix,
        secret_hash=hashed(key.secret),
        scopes=list(scopes),
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    return key.token
