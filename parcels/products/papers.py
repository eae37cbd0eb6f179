"""The papers the office gives out of the register: made, numbered, kept and recorded in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from authority import audit
from authority.clock import day_of
from authority.models import User
from authority.policies import require
from authority.refusal import Conflict, NotFound
from documents import issuing, pdf
from documents.issuing import Marks
from documents.models import IssuedPaper
from parcels.corners import corners_of
from parcels.models import Parcel, ParcelVersion
from parcels.policies import ISSUERS, SURVEY_ISSUERS, may_see
from parcels.products import dxf, saying
from parcels.products.drawing import sketch
from parcels.products.ground import ground_of
from parcels.selectors import as_of, parcel_by_id
from parcels.selectors.card import chain_of
from ui import digits

MOST_CORNERS = 5_000


@dataclass(frozen=True)
class Product:
    """A kind of paper: who issues it, its template and what it shows."""

    kind: str
    title: str | Promise
    roles: frozenset[str]
    template: str
    content: Callable[[Parcel, ParcelVersion, User, dt.datetime], dict[str, Any]]


def extract(parcel: Parcel, version: ParcelVersion, user: User, at: dt.datetime) -> dict[str, Any]:
    """Everything the book says of the parcel today; with its sketch where it is located."""
    drawn = version.geom is not None and bool(version.source_geom)
    return {
        "law": list(saying.law(version)),
        "sides": saying.sides(version),
        "tenure": saying.tenure(parcel, day_of(at)),
        "restrictions": saying.restrictions(parcel),
        "survey": list(saying.survey_lines(version)),
        "sketch": sketch(ground_of(version, user), corners_of(version), width=120, height=80) if drawn else None,
    }


def corner_list(parcel: Parcel, version: ParcelVersion, user: User, at: dt.datetime) -> dict[str, Any]:
    """The coordinates of the corners in the boundary's own system."""
    points = corners_of(version)
    if not points:
        raise Conflict("parcel_not_located", gettext_lazy("The parcel has no boundary yet; a survey gives it one."))
    if len(points) > MOST_CORNERS:
        raise Conflict("too_many_corners", gettext_lazy("More than 5,000 corners: take the DXF."))
    return {"points": points, "survey": list(saying.survey_lines(version)), "crs": version.source_crs}


def plan(parcel: Parcel, version: ParcelVersion, user: User, at: dt.datetime) -> dict[str, Any]:
    """The sketch to scale among the neighbours."""
    ground = ground_of(version, user)
    return {
        "sketch": sketch(ground, corners_of(version)),
        "survey": list(saying.survey_lines(version)),
        "sides": saying.sides(version),
        "crs": ground.crs,
        "of_record": ground.of_record,
    }


PRODUCTS: dict[str, Product] = {
    "extract": Product(
        "parcels.extract", gettext_lazy("official extract from the register"), ISSUERS, "parcels/extract.html", extract
    ),
    "corner-list": Product(
        "parcels.corner_list", gettext_lazy("list of corner coordinates"), SURVEY_ISSUERS, "parcels/corner_list.html",
        corner_list,
    ),
    "sketch": Product(
        "parcels.sketch", gettext_lazy("sketch of the parcel"), SURVEY_ISSUERS, "parcels/sketch.html", plan
    ),
}  # fmt: skip


def product_of(name: str) -> Product:
    """Return a kind of paper; raises NotFound."""
    if name not in PRODUCTS:
        raise NotFound()
    return PRODUCTS[name]


@transaction.atomic
def issue_paper(*, by: User, at: dt.datetime, parcel: Parcel, product: str, language: str = "ar") -> IssuedPaper:
    """Issue a paper of the parcel as it stands; raises NotAllowed, Conflict `parcel_not_located`, PdfUnavailable."""
    made = product_of(product)
    require(by, made.roles, place=parcel.place, custodian_id=parcel.custodian_id)
    version = as_of(parcel, on=day_of(at))
    before = digits.chosen()
    with override("en" if language == "en" else "ar"):
        digits.choose("latn")
        try:
            return _issued(made, parcel, version, by, at)
        finally:
            digits.choose(before)


def _issued(made: Product, parcel: Parcel, version: ParcelVersion, by: User, at: dt.datetime) -> IssuedPaper:
    content = made.content(parcel, version, by, at)
    common: dict[str, Any] = {
        "parcel": parcel,
        "version": version,
        "heading": made.title,
        "identity": list(saying.identity(parcel, version)),
        "areas": saying.area_lines(version),
        "governorate": chain_of(version.place)[0],
        "issued_at": at,
        "issuer": by.get_full_name() or by.username,
    }

    def page(marks: Marks) -> bytes:
        return pdf.render(made.template, {**common, **content, "marks": marks}, title=str(made.title))

    return issuing.issue(
        kind=made.kind, obj=parcel, governorate=parcel.place.governorate_code, facts=facts_of(parcel, version),
        make=page, filename=f"{parcel.parcel_code} {made.title}.pdf", by=by, at=at,
    )  # fmt: skip


def facts_of(parcel: Parcel, version: ParcelVersion) -> list[tuple[str, str]]:
    """Return what a stranger may compare: nothing personal."""
    place = " · ".join(str(one) for one in chain_of(version.place))
    return [
        (_("Parcel number"), version.parcel_no_raw),
        (_("Internal code"), parcel.parcel_code),
        (_("Place"), place),
        (_("Governing area, m²"), saying.metres(version.governing_m2)),
        (_("Class of property"), str(version.get_ownership_class_display())),
    ]


def state_now(parcel_id: str) -> str:
    """Return the state of record of a parcel, to be compared with that of a paper."""
    found = Parcel.objects.filter(pk=parcel_id).values_list("row_version", flat=True).first()
    return "" if found is None else str(found)


def papers_of(parcel: Parcel) -> list[IssuedPaper]:
    """Return the papers issued of a parcel, the latest first."""
    rows = IssuedPaper.objects.filter(object_type=parcel._meta.label_lower, object_id=str(parcel.pk))
    return list(rows.select_related("document", "issued_by", "revoked_by").order_by("-issued_at"))


def paper_by_id(paper_id: Any, user: User) -> tuple[IssuedPaper, Parcel]:
    """Return an issued paper with its parcel, in the person's jurisdiction; raises NotFound."""
    label = Parcel._meta.label_lower
    found = IssuedPaper.objects.select_related("document").filter(pk=paper_id, object_type=label).first()
    if found is None:
        raise NotFound()
    return found, parcel_by_id(UUID(found.object_id), user)


@transaction.atomic
def revoke_paper(*, by: User, at: dt.datetime, paper_id: Any, reason: str) -> IssuedPaper:
    """Revoke an issued paper; raises NotFound, NotAllowed, Conflict `paper_revoked`, Invalid `reason_needed`."""
    paper, parcel = paper_by_id(paper_id, by)
    kinds = {product.kind: product for product in PRODUCTS.values()}
    require(by, kinds[paper.kind].roles, place=parcel.place, custodian_id=parcel.custodian_id)
    return issuing.revoke(paper=paper, by=by, at=at, reason=reason)


@transaction.atomic
def drawing(*, by: User, at: dt.datetime, parcel: Parcel) -> bytes:
    """Return the parcel's drawing as DXF and record who took it; raises Conflict `parcel_not_located`."""
    if not may_see(by, parcel):
        raise NotFound()
    version = as_of(parcel, on=day_of(at))
    made = dxf.dxf_of(ground_of(version, by), corners_of(version), version.parcel_no_raw)
    audit.record("parcels.drawing_taken", by=by, at=at, obj=parcel, detail={"format": "dxf"})
    return made


def declare() -> None:
    """Make the papers known to the room that proves them."""
    for product in PRODUCTS.values():
        issuing.register(issuing.KindOfPaper(product.kind, product.title, state_now))
