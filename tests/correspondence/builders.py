"""Letters and memos for tests."""

from __future__ import annotations

import io
from typing import Any

from authority import clock
from authority.models import Office, Role, User
from cases.models import Case
from correspondence import services
from correspondence.models import Letter, Memo
from tests.authority.builders import make_user
from tests.parcels import builders as land


def an_office(place: Any = None) -> Office:
    """Return the one office of the governorate that keeps a register in tests."""
    where = place or land.a_governorate()
    return Office.objects.get_or_create(code=f"letters-{where.code}", defaults={"name_ar": "إدارة", "place": where})[0]


def a_clerk(place: Any = None) -> User:
    """Return somebody who keeps the register."""
    return make_user(Role.PROPERTY_OFFICER, place=place or land.a_governorate())


def a_signer(place: Any = None) -> User:
    """Return somebody who signs."""
    return make_user(Role.SECRETARY_GENERAL, place=place or land.a_governorate())


def incoming(*, by: User | None = None, office: Office | None = None, **more: Any) -> Letter:
    """Register a letter that came in."""
    said: dict[str, Any] = {"correspondent": "مديرية الزراعة", "subject": "طلب بيان قطعة"} | more
    return services.register_incoming(by=by or a_clerk(), at=clock.now(), office=office or an_office(), **said)


def draft(*, by: User | None = None, office: Office | None = None, **more: Any) -> Letter:
    """Draft a letter."""
    said: dict[str, Any] = {"correspondent": "مديرية الزراعة", "subject": "رد", "body": "نحيط سيادتكم علماً"} | more
    return services.draft_outgoing(by=by or a_clerk(), at=clock.now(), office=office or an_office(), **said)


def sent(**more: Any) -> Letter:
    """Draft a letter and have another sign it."""
    return services.sign(by=a_signer(), at=clock.now(), letter=draft(**more))


def a_memo(case: Case, *, by: User | None = None, **more: Any) -> Memo:
    """Write a memo on a file."""
    said: dict[str, Any] = {
        "addressee": "السيد السكرتير العام", "subject": "بشأن الملف", "recommendation": "الموافقة",
        "options": "الموافقة\nالرفض",
    } | more  # fmt: skip
    return services.draft_memo(by=by or a_clerk(), at=clock.now(), case=case, **said)


def a_file(text: bytes = b"%PDF-1.4 x") -> services.NewFile:
    """Return a small file to attach."""
    return services.NewFile(file=io.BytesIO(text), filename="خطاب.pdf")
