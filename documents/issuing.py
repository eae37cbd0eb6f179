"""Papers that leave the house under a number, and their proof: who holds one can ask whether it is ours."""

from __future__ import annotations

import datetime as dt
import hmac
import io
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from authority import audit
from authority.clock import day_of
from authority.models import User
from authority.refusal import Conflict, Invalid
from documents.models import IssuedPaper
from documents.services import store
from ui import training

ISSUED, REVOKED = "documents.issued", "documents.revoked"
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that is read for another
CODE_LENGTH, CHECK_LENGTH = 32, 8  # 160 and 40 bits
Fact = tuple[str, str]


@dataclass(frozen=True)
class KindOfPaper:
    """A kind of issued paper: its title, and the state of the thing it speaks of, to be compared later."""

    kind: str
    title: str | Promise
    state_now: Callable[[str], str]  # object id → state of record; "" where the thing is gone


_kinds: dict[str, KindOfPaper] = {}


def register(kind: KindOfPaper) -> None:
    """Make a kind of paper known."""
    _kinds[kind.kind] = kind


def title_of(kind: str) -> str:
    """Return the title of a kind of paper."""
    return str(_kinds[kind].title) if kind in _kinds else kind


@dataclass(frozen=True)
class Marks:
    """What is printed on a paper so that it can be proved."""

    number: str
    code: str
    check_code: str
    address: str
    qr: SafeString  # SVG, our own drawing


def qr_svg(text: str) -> SafeString:
    """Return a QR code as SVG that scales; error correction M."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=2, omitsize=True, nl=False
    )
    return SafeString(out.getvalue().decode())  # drawn from the address, which holds our own letters only


def random_text(length: int) -> str:
    """Return so many letters out of 32: five bits each."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def verification_address(code: str) -> str:
    """Return the public address that proves a paper."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('documents:verify')}?c={code}"


@transaction.atomic
def issue(
    *,
    kind: str,
    obj: models.Model,
    governorate: str,
    facts: Sequence[Fact],
    make: Callable[[Marks], bytes],
    filename: str,
    by: User,
    at: dt.datetime,
) -> IssuedPaper:
    """Give a paper the next number of the governorate's year, make it with its marks, keep and record it.

    Who may issue is asked by the room that calls. `make` returns the PDF.
    """
    _queue(governorate)
    year = day_of(at).year
    practice = training.on()
    series = IssuedPaper.objects.filter(governorate=governorate, year=year, training=practice)
    last = series.aggregate(last=Max("serial"))["last"] or 0
    paper = IssuedPaper(
        kind=kind, governorate=governorate, training=practice, year=year, serial=last + 1,
        code=random_text(CODE_LENGTH), check_code=random_text(CHECK_LENGTH), object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        state_of_record=_kinds[kind].state_now(str(obj.pk)), facts=[list(fact) for fact in facts], issued_by=by,
        issued_at=at,
    )  # fmt: skip
    address = verification_address(paper.code)
    made = make(Marks(paper.number, paper.code, paper.check_code, address, qr_svg(address)))
    paper.document = store(
        file=io.BytesIO(made),
        filename=filename,
        kind="issued",
        by=by,
        at=at,
        governorate=governorate,
        made_here=True,
    )
    paper.save(force_insert=True)
    detail = {"kind": kind, "number": paper.number, "sha256": paper.document.sha256}
    audit.record(ISSUED, by=by, at=at, obj=obj, governorate=governorate, detail=detail)
    return paper


@transaction.atomic
def revoke(*, paper: IssuedPaper, by: User, at: dt.datetime, reason: str) -> IssuedPaper:
    """Take back a paper that should not have been issued; who may is asked by the room that issued it."""
    held = IssuedPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if held.revoked_at is not None:
        raise Conflict("paper_revoked", _("This paper was revoked already."))
    if not reason.strip():
        raise Invalid("reason_needed", _("Write the reason: it is recorded with your name."))
    held.revoked_at, held.revoked_by, held.revocation_reason = at, by, reason.strip()[:300]
    held.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
    detail = {"number": held.number, "reason": held.revocation_reason}
    audit.record(REVOKED, by=by, at=at, governorate=held.governorate, detail=detail)
    return held


def _queue(governorate: str) -> None:
    """One number at a time in a governorate, so that none is left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"issued {governorate}"])


# ---- proof -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What a stranger learns of a paper he holds."""

    paper: IssuedPaper
    title: str
    changed: bool  # the register has moved on since: the paper was true when it was issued


def prove(asked: Mapping[str, str]) -> Proof | None:
    """Return the proof of the paper with this code, or with this number and check code; None for anything else."""
    paper = _by_code(asked.get("c", "")) or _by_number(asked.get("number", ""), asked.get("check", ""))
    if paper is None:
        return None
    kind = _kinds.get(paper.kind)
    changed = kind is None or not hmac.compare_digest(kind.state_now(paper.object_id), paper.state_of_record)
    return Proof(paper, title_of(paper.kind), changed)


def _by_code(code: str) -> IssuedPaper | None:
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS):
        return None
    return IssuedPaper.objects.filter(code=code).select_related("document").first()


def _by_number(number: str, check: str) -> IssuedPaper | None:
    bare = number.strip().upper()
    practice = bare.startswith("T-")
    parts = bare.removeprefix("T-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        return None
    rows = IssuedPaper.objects.filter(governorate=parts[0], year=int(parts[1]), serial=int(parts[2]), training=practice)
    paper = rows.select_related("document").first() if int(parts[1]) < 10_000 else None
    right = paper.check_code if paper else "-" * CHECK_LENGTH
    same = hmac.compare_digest(right.encode(), check.strip().lower().encode())
    return paper if paper and same else None
