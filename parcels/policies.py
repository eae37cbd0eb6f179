"""Who may see and who may keep the land book: role × place × custodian."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from authority.models import Place, Role, User
from authority.policies import STAFF_READ, Scope, below, require, scope_of
from authority.refusal import NotAllowed
from documents.models import Document, IssuedPaper
from parcels.models import Asset, ControlPoint, Holding, Parcel, ParcelDocument, ParcelVersion

# Who writes the book by hand: registers, corrects, splits and merges parcels and assets.
M = TypeVar("M", bound=Model)

KEEPERS: frozenset[str] = frozenset({Role.GIS_OFFICER, Role.PROPERTY_OFFICER})
# Who lets a survey into the book; that it is another officer than who handed it in, is the survey's own rule.
ACCEPTERS: frozenset[str] = KEEPERS | {Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL, Role.SYSTEM}
# Who says what marks a corner on the ground: the surveyor who stood there, beside those who keep the book.
MARKERS: frozenset[str] = KEEPERS | {Role.SURVEYOR}
# Who gives out papers of the register: the counter hands over what the book says; the survey's own are the surveyor's.
ISSUERS: frozenset[str] = KEEPERS | {Role.FRONT_DESK}
SURVEY_ISSUERS: frozenset[str] = KEEPERS | {Role.SURVEYOR}
# Who adds to a parcel's file: papers and restrictions.
FILERS: frozenset[str] = KEEPERS | {Role.LEGAL_OFFICER, Role.FILE_REVIEWER, Role.CUSTODIAN_OFFICER}


def _visible(user: User, rows: QuerySet[M], place: str, custodian: str) -> QuerySet[M]:
    return rows.filter(scope_of(user).places_q(place, custodian, STAFF_READ))


def parcels_visible_to(user: User, rows: QuerySet[Parcel]) -> QuerySet[Parcel]:
    """Return the parcels in the person's jurisdiction."""
    return _visible(user, rows, "place", "custodian")


def versions_visible_to(user: User, rows: QuerySet[ParcelVersion]) -> QuerySet[ParcelVersion]:
    """Return the versions of parcels in the person's jurisdiction: where the parcel lies today counts."""
    return _visible(user, rows, "parcel__place", "parcel__custodian")


def assets_visible_to(user: User, rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """Return the assets in the person's jurisdiction."""
    return _visible(user, rows, "place", "custodian")


def holdings_visible_to(user: User, rows: QuerySet[Holding]) -> QuerySet[Holding]:
    """Return the holdings of parcels and assets in the person's jurisdiction."""
    scope = scope_of(user)
    of_parcels = scope.places_q("parcel__place", "parcel__custodian", STAFF_READ)
    return rows.filter(of_parcels | scope.places_q("asset__place", "asset__custodian", STAFF_READ))


def may_see(user: User, thing: Parcel | Asset) -> bool:
    """Say whether the person's jurisdiction holds the parcel or asset."""
    return _allows(scope_of(user), STAFF_READ, thing)


def may_keep(user: User, thing: Parcel | Asset) -> bool:
    """Say whether the person may change the parcel or asset by hand."""
    return _allows(scope_of(user), KEEPERS, thing)


def may_file(user: User, thing: Parcel | Asset) -> bool:
    """Say whether the person may add papers and restrictions to its file."""
    return _allows(scope_of(user), FILERS, thing)


def _allows(scope: Scope, roles: Collection[str], thing: Parcel | Asset) -> bool:
    return scope.allows(roles, thing.place, thing.custodian_id)


def require_keeper(user: User, place: Place, custodian_id: int) -> None:
    """Raise NotAllowed unless the person keeps the book there."""
    require(user, KEEPERS, place=place, custodian_id=custodian_id)


def require_filer(user: User, thing: Parcel | Asset) -> None:
    """Raise NotAllowed unless the person may add to its file."""
    require(user, FILERS, place=thing.place, custodian_id=thing.custodian_id)


def may_mark(user: User, thing: Parcel | Asset) -> bool:
    """Say whether the person may record what marks its corners."""
    return _allows(scope_of(user), MARKERS, thing)


def require_marker(user: User, thing: Parcel | Asset) -> None:
    """Raise NotAllowed unless the person may record what marks its corners."""
    require(user, MARKERS, place=thing.place, custodian_id=thing.custodian_id)


def control_points_visible_to(user: User, rows: QuerySet[ControlPoint]) -> QuerySet[ControlPoint]:
    """Return the control points in the person's jurisdiction, whoever has custody of the land they stand on."""
    paths = [grant.path for grant in scope_of(user).grants if grant.role in STAFF_READ]
    return rows if "" in paths else rows.filter(place__in=Place.objects.filter(below(paths)).order_by().values("pk"))


def reads_document(user: User, document: Document) -> bool:
    """Say whether a file belongs to a parcel or control point in the person's jurisdiction."""
    filed = ParcelDocument.objects.filter(document=document).values("parcel")
    issued = IssuedPaper.objects.filter(document=document, object_type=Parcel._meta.label_lower)
    keys: list[Any] = [*filed.values_list("parcel_id", flat=True), *issued.values_list("object_id", flat=True)]
    if keys and parcels_visible_to(user, Parcel.objects.filter(pk__in=keys)).exists():
        return True
    return control_points_visible_to(user, ControlPoint.objects.filter(photo=document)).exists()


def files_document(user: User, document: Document) -> bool:
    """Say whether a file belongs to a parcel to whose file the person may add."""
    filed = ParcelDocument.objects.filter(document=document).select_related("parcel__place")
    return any(may_file(user, row.parcel) for row in filed)


def require_accepter(user: User, where: Iterable[tuple[Place, int]]) -> None:
    """Raise NotAllowed unless the person may let a survey into the book in each place and custody."""
    scope = scope_of(user)
    for place, custodian_id in where:
        if not scope.allows(ACCEPTERS, place, custodian_id):
            raise NotAllowed()
