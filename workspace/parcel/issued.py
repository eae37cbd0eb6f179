"""The papers issued of a parcel, and those this person may issue."""

from __future__ import annotations

from typing import Any

from authority.models import User
from authority.policies import scope_of
from documents.evidence import may_take
from documents.issuing import title_of
from parcels.policies import KEEPERS
from parcels.products.papers import PRODUCTS, papers_of
from workspace.parcel.file import File


def of(file: File, user: User) -> dict[str, Any]:
    """Return what the tab of papers shows beside the file's own."""
    scope, parcel = scope_of(user), file.parcel
    located = bool(file.version and file.version.geom)
    products = [
        (name, str(product.title), scope.allows(product.roles, parcel.place, parcel.custodian_id))
        for name, product in PRODUCTS.items()
        if located or name == "extract"
    ]
    return {
        "products": products,
        "may_prove": may_take(user, file.parcel.place.governorate_code),
        "issued": [(paper, title_of(paper.kind)) for paper in papers_of(parcel)],
        "may_revoke": scope.allows(KEEPERS, parcel.place, parcel.custodian_id),
    }
