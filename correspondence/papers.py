"""The papers of this room: a letter as it goes out, a memo as it is put before the one who decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from authority.models import Place, User
from correspondence.composing import present
from correspondence.models import Letter, Memo, MemoVersion
from documents import issuing, pdf
from documents.issuing import KindOfPaper, Marks
from documents.models import IssuedPaper
from parcels.selectors.card import chain_of
from ui import digits

LETTER, MEMO = "correspondence.letter", "correspondence.memo"


@contextmanager
def in_arabic() -> Iterator[None]:
    """Lay a paper out in Arabic with 0–9, whoever asks for it."""
    before = digits.chosen()
    with override("ar"):
        digits.choose("latn")
        try:
            yield
        finally:
            digits.choose(before)


def head(place: Place, by: User, at: dt.datetime) -> dict[str, Any]:
    """Return what stands at the head of each paper."""
    return {"governorate": chain_of(place)[0], "issued_at": at, "issuer": by.get_full_name() or by.username}


def letter_paper(letter: Letter, *, by: User, at: dt.datetime) -> IssuedPaper:
    """Lay out a letter that has just been numbered, and keep it as an issued paper."""
    with in_arabic():
        content = letter_content(letter, by, at)

        def page(marks: Marks) -> bytes:
            return pdf.render("correspondence/letter_paper.html", {**content, "marks": marks}, title=letter.subject)

        facts = [
            (_("Outgoing number"), letter.number),
            (_("Date"), digits.day(letter.registered_on) if letter.registered_on else ""),
            (_("Office"), letter.office.name_ar),
        ]
        return issuing.issue(
            kind=LETTER, obj=letter, governorate=letter.governorate, facts=facts, make=page,
            filename=f"{_('Letter')} {letter.year}-{letter.serial}.pdf", by=by, at=at,
        )  # fmt: skip


def letter_content(letter: Letter, by: User, at: dt.datetime) -> dict[str, Any]:
    """Return what a letter shows."""
    return head(letter.place, by, at) | {
        "heading": _("Letter"),
        "letter": letter,
        "asked": letter.replies_to,
        "cases": [row.case.number for row in letter.cases.select_related("case")],
        "parcels": [row.parcel.parcel_code for row in letter.parcels.select_related("parcel")],
    }


def memo_paper(memo: Memo, version: MemoVersion, *, by: User, at: dt.datetime) -> IssuedPaper:
    """Lay out a memo, and keep it as an issued paper."""
    with in_arabic():
        content = head(memo.case.place, by, at) | {
            "heading": _("Memo for the decision"),
            "memo": memo,
            "said": version,
            "options": options_of(version),
            "file": present(memo.case, by, at, version.rules),
            "writer": version.written_by.get_full_name() or version.written_by.username,
        }

        def page(marks: Marks) -> bytes:
            return pdf.render("correspondence/memo_paper.html", {**content, "marks": marks}, title=version.subject)

        facts = [(_("File"), memo.case.number), (_("Place"), str(memo.case.place))]
        name = memo.case.number.replace("/", "-")
        return issuing.issue(
            kind=MEMO, obj=memo, governorate=memo.case.governorate, facts=facts, make=page,
            filename=f"{_('Memo for the decision')} {name}.pdf", by=by, at=at,
        )  # fmt: skip


def options_of(version: MemoVersion) -> list[str]:
    """Return the options, one a line."""
    return [line.strip() for line in version.options.splitlines() if line.strip()]


def letter_now(letter_id: str) -> str:
    """Return whether a letter stands, to be compared when its paper is verified."""
    state = Letter.objects.filter(pk=letter_id).values_list("state", flat=True).first()
    return "" if state is None else "cancelled" if state == Letter.State.CANCELLED else "stands"


def memo_now(memo_id: str) -> str:
    """Return whether a memo stands, to be compared when its paper is verified."""
    state = Memo.objects.filter(pk=memo_id).values_list("state", flat=True).first()
    return "" if state is None else "withdrawn" if state == Memo.State.WITHDRAWN else "stands"


def declare() -> None:
    """Make the papers known to the room that proves them."""
    issuing.register(KindOfPaper(LETTER, gettext_lazy("official letter"), letter_now))
    issuing.register(KindOfPaper(MEMO, gettext_lazy("memo for the decision"), memo_now))
