"""The acts of a parcel: open to this person first, then the locked ones with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from authority.models import User
from authority.policies import STAFF_READ, Scope, scope_of
from cases.policies import role_titles
from cases.registry import kinds
from parcels import locks
from parcels.models import Holding
from parcels.policies import KEEPERS
from ui.addresses import address_of
from workspace.book.acts import acts as book_acts
from workspace.parcel.file import File

NAMES = {"lease": "leases:new", "encroachment": "encroachments:new", "custody": "custody:new"}
ICONS = {"lease": "file-certificate", "encroachment": "alert-triangle"}


@dataclass(frozen=True)
class Offer:
    """An act as the list of acts shows it (ui/parts/acts.html)."""

    title: str
    open: bool
    url: str = ""
    icon: str = ""
    button: str = ""
    why: list[str] = field(default_factory=list)
    primary: bool = False


def titles() -> dict[str, tuple[str, str]]:
    """Return title and button of the acts that open a file."""
    return {
        "lease": (_("Open a lease file"), _("Lease out")),
        "encroachment": (_("Report an encroachment"), _("Report")),
        "custody": (_("File a claim of custody"), _("File")),
    }


def standing_lease(file: File) -> str:
    """Say until when the land is let, if it is."""
    for tenure in file.tenures:
        if tenure.holding.exclusive and tenure.holding.kind != Holding.Kind.ENCROACHMENT:
            until = f"{tenure.last_day:%d/%m/%Y}" if tenure.last_day else _("further notice")
            return _("%(kind)s %(number)s runs until %(until)s.") % {
                "kind": tenure.holding.get_kind_display(),
                "number": tenure.holding.reference,
                "until": until,
            }
    return ""


def barred(bars: Sequence[locks.Lock], act: str) -> list[str]:
    """Say which suits bar an act on the parcel."""
    return [lock.why for lock in bars if act in lock.acts]


def of_files(file: File, scope: Scope, bars: Sequence[locks.Lock]) -> Iterator[Offer]:
    """Offer to open each kind of file the registers above declare."""
    for kind in kinds():
        address = address_of(NAMES.get(kind.kind, f"{kind.kind}s:new"))
        if not address:
            continue
        title, button = titles().get(kind.kind, (str(kind.title), _("Open the file")))
        roles = kind.workflow.opening.by
        why = []
        if not scope.allows(roles, file.parcel.place, file.parcel.custodian_id):
            why.append(_("Open to: %(roles)s.") % {"roles": role_titles(roles)})
        why += barred(bars, kind.locks.get(kind.workflow.opening.name, ""))
        if kind.kind == "lease" and (held := standing_lease(file)):
            why.append(held)
        url = f"{address}?parcel={file.parcel.pk}"
        yield Offer(title, not why, url, ICONS.get(kind.kind, kind.icon), button, why)


def of_export(file: File, scope: Scope) -> Iterator[Offer]:
    """Offer the parcel as a file for QGIS."""
    if address := address_of("exports:list"):
        may = scope.allows(STAFF_READ, file.parcel.place, file.parcel.custodian_id)
        why = [] if may else [_("Outside your jurisdiction.")]
        yield Offer(
            _("Export for QGIS"), may, f"{address}?layer=parcels&ids={file.parcel.pk}", "file-export", _("Export"), why
        )


def of_correction(file: File, scope: Scope) -> Iterator[Offer]:
    """A correction of the book is a survey of one feature."""
    if address := address_of("surveys:new"):
        may = scope.allows(KEEPERS, file.parcel.place, file.parcel.custodian_id)
        why = [] if may else [_("Open to: %(roles)s.") % {"roles": role_titles(sorted(KEEPERS))}]
        yield Offer(_("Hand in a new survey"), may, address, "file-upload", _("New survey"), why)


def of_book(file: File, scope: Scope, bars: Sequence[locks.Lock]) -> Iterator[Offer]:
    """Offer what is written of the parcel by hand."""
    if file.version is None:
        return
    for act in book_acts().values():
        if not act.listed:
            continue
        why = []
        if not scope.allows(act.roles, file.parcel.place, file.parcel.custodian_id):
            why.append(_("Open to: %(roles)s.") % {"roles": role_titles(sorted(act.roles))})
        if file.parcel.closed_on is not None:
            why.append(_("The parcel is closed; its successors are in its file."))
        why += barred(bars, act.lock)
        if act.name in ("corners", "screen") and not file.version.geom:
            why.append(_("The parcel has not been located yet."))
        url = address_of("workspace:book_act", file.parcel.pk, act.name)
        yield Offer(str(act.title), not why, url, act.icon, _("Write"), why)


def of_editing(file: File, scope: Scope, bars: Sequence[locks.Lock]) -> Iterator[Offer]:
    """Offer to edit the boundary on the map; what bars a split bars it too."""
    why = []
    if not scope.allows(KEEPERS, file.parcel.place, file.parcel.custodian_id):
        why.append(_("Open to: %(roles)s.") % {"roles": role_titles(sorted(KEEPERS))})
    if file.parcel.closed_on is not None:
        why.append(_("The parcel is closed; its successors are in its file."))
    if file.version is None or not file.version.geom:
        why.append(_("The parcel has not been located yet."))
    why += barred(bars, locks.Lockable.SPLIT)
    url = f"{address_of('workspace:map')}?edit=1&sel={file.parcel.pk}"
    yield Offer(_("Edit its boundaries on the map"), not why, url, "scissors", _("Edit boundaries"), why)


def offers(file: File, user: User) -> list[Offer]:
    """Return the acts, open ones first."""
    scope = scope_of(user)
    bars = locks.locks([file.parcel.pk]).get(file.parcel.pk, [])
    found = [*of_files(file, scope, bars), *of_correction(file, scope), *of_book(file, scope, bars)]
    found += [*of_editing(file, scope, bars), *of_export(file, scope)]
    return sorted(found, key=lambda offer: not offer.open)
