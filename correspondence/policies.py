"""Who reads the register of letters, who keeps it and who signs: role × place of the office."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from authority.models import Office, Place, Role, User
from authority.policies import STAFF_READ, require, scope_of
from cases.policies import cases_visible_to
from correspondence.models import Letter, Memo
from documents.models import Document

KEEPERS: frozenset[str] = frozenset(
    {
        Role.FRONT_DESK, Role.COMMITTEE_SECRETARY, Role.PROPERTY_OFFICER, Role.GIS_OFFICER, Role.LEGAL_OFFICER,
        Role.FILE_REVIEWER,
    }
)  # fmt: skip
# Whose signature stands under what leaves the house, and who puts a memo before the one who decides.
SIGNERS: frozenset[str] = frozenset({Role.DISTRICT_HEAD, Role.SECRETARY_GENERAL, Role.GOVERNOR})
DIRECTORS: frozenset[str] = KEEPERS | SIGNERS  # who hands a letter to an officer
WRITERS: frozenset[str] = frozenset({Role.PROPERTY_OFFICER, Role.LEGAL_OFFICER, Role.FILE_REVIEWER, Role.GIS_OFFICER})


def letters_visible_to(user: User, rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Return the letters of offices in the person's jurisdiction."""
    return rows.filter(scope_of(user).places_q("place", None, STAFF_READ))


def memos_visible_to(user: User, rows: QuerySet[Memo]) -> QuerySet[Memo]:
    """Return the memos of files in sight."""
    return rows.filter(case__in=cases_visible_to(user))


def offices_of(user: User, roles: frozenset[str]) -> QuerySet[Office]:
    """Return the offices whose register the person keeps (or signs for) in one of the roles."""
    rows = Office.objects.filter(closed_on=None, place__isnull=False)
    return rows.filter(scope_of(user).places_q("place", None, roles)).select_related("place")


def may_keep(user: User, place: Place) -> bool:
    """Say whether the person keeps the register of letters there."""
    return scope_of(user).allows(KEEPERS, place)


def may_direct(user: User, place: Place) -> bool:
    """Say whether the person hands letters to officers there."""
    return scope_of(user).allows(DIRECTORS, place)


def may_sign(user: User, place: Place) -> bool:
    """Say whether the person signs letters there."""
    return scope_of(user).allows(SIGNERS, place)


def may_write(user: User, place: Place, custodian_id: int | None) -> bool:
    """Say whether the person writes memos there."""
    return scope_of(user).allows(WRITERS, place, custodian_id)


def may_issue(user: User, place: Place, custodian_id: int | None) -> bool:
    """Say whether the person issues memos there."""
    return scope_of(user).allows(SIGNERS, place, custodian_id)


def require_role(user: User, roles: frozenset[str], place: Place) -> None:
    """Raise NotAllowed unless the person holds one of the roles there."""
    require(user, roles, place=place)


def reads_document(user: User, document: Document) -> bool:
    """Say whether a stored file belongs to a letter or a memo that this person may see."""
    mine = Q(files__document=document) | Q(paper__document=document)
    if letters_visible_to(user, Letter.objects.filter(mine)).exists():
        return True
    return memos_visible_to(user, Memo.objects.filter(paper__document=document)).exists()
