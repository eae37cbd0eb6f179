"""What the register of letters declares to the rooms below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from authority import audit
from authority.grants import append_only
from authority.models import User
from authority.policies import STAFF_READ, scope_of
from cases.models import Case
from correspondence import findable, papers, register
from correspondence.models import Letter, LetterEvent, Memo
from correspondence.policies import letters_visible_to, may_direct, may_write, reads_document
from correspondence.selectors import letters_on, memos
from documents.policies import register_owner
from parcels import timeline
from parcels.models import Parcel
from parcels.timeline import Entry
from ui import digits, rail, sections
from ui.sections import Button, Section

MOST_SHOWN = 12


def lane(parcel: Parcel, user: User) -> Iterator[Entry]:
    """Give the letters about a parcel on the day of their number."""
    for letter in letters_on(user, parcel=parcel.pk).exclude(serial=None):
        if letter.registered_on is not None:
            title = f"{letter} — {letter.subject}"
            day = letter.registered_on
            yield Entry("letters", title, day, day, "document", f"/letters/{letter.pk}/", str(letter.pk))


def letter_row(letter: Letter) -> sections.Row:
    """Return a letter as a line of a section."""
    day = digits.day(letter.registered_on) if letter.registered_on else ""
    title = f"{letter.get_direction_display()} {digits.shown(letter.number)}".strip()
    told = " · ".join(filter(None, (letter.correspondent, day)))
    url = reverse("correspondence:letter", args=[letter.pk])
    return sections.Row(title, letter.subject, url, str(letter.get_state_display()), told)


def letters_of_parcel(parcel: Any, user: Any) -> Section:
    """Show the letters about a parcel."""
    rows = [letter_row(one) for one in letters_on(user, parcel=parcel.pk)[:MOST_SHOWN]]
    may = may_direct(user, parcel.place)
    buttons = write_buttons(f"?parcel={parcel.parcel_code}") if may else []
    return Section("letters", _("Letters"), "mail", rows, buttons, _("No letter is about this parcel."))


def letters_of_case(case: Any, user: Any) -> Section:
    """Show the letters about a file."""
    rows = [letter_row(one) for one in letters_on(user, case=case.pk)[:MOST_SHOWN]]
    buttons = write_buttons(f"?case={case.pk}") if may_direct(user, case.place) else []
    return Section("letters", _("Letters"), "mail", rows, buttons, _("No letter is about this file."))


def write_buttons(query: str) -> list[Button]:
    """Return the ways to a new letter."""
    return [
        Button(_("Register an incoming letter"), reverse("correspondence:new_incoming") + query),
        Button(_("Draft a letter"), reverse("correspondence:new_outgoing") + query),
    ]


def memos_of_case(case: Case, user: Any) -> Section:
    """Show the memos on a file, with the way to a new one."""
    rows = [memo_row(one) for one in memos(user).filter(case=case)[:MOST_SHOWN]]
    may = may_write(user, case.place, case.custodian_id)
    address = reverse("correspondence:new_memo", args=[case.pk])
    buttons = [Button(_("Write a memo for the decision"), address)] if may else []
    return Section("memos", _("Memos for the decision"), "file-text", rows, buttons, _("No memo was written yet."))


def memo_row(memo: Memo) -> sections.Row:
    """Return a memo as a line of a section."""
    last = memo.versions.latest("number")
    title = pgettext("memo", "Version %(number)s") % {"number": digits.shown(str(last.number))}
    url = reverse("correspondence:memo", args=[memo.pk])
    return sections.Row(title, last.subject, url, str(memo.get_state_display()), digits.day(last.written_at))


def may_see(user: Any) -> bool:
    """Say whether the rail shows the register of letters."""
    return scope_of(user).holds(STAFF_READ)


def waiting(user: Any) -> int:
    """Count the letters that were handed to this person and are not answered yet."""
    mine = letters_visible_to(user, Letter.objects.filter(assigned_to=user, state=Letter.State.ASSIGNED))
    return mine.count()


def declare() -> None:
    """Declare acts, papers, who reads files, sections of pages, the lane, what is found, the place on the rail."""
    audit.declare(register.TAKEN, gettext_lazy("Register of letters taken as a workbook"))
    for act, title in LetterEvent.Act.choices:
        audit.declare(f"correspondence.{act.lower()}", LETTER_ACTIONS.get(act, title))
    for action, words in MEMO_ACTIONS:
        audit.declare(action, words)
    append_only("correspondence_letterevent", "correspondence_memoversion")
    register_owner(reads_document)
    papers.declare()
    timeline.register(lane, "correspondence")
    sections.register("parcel", letters_of_parcel)
    sections.register("case", memos_of_case)
    sections.register("case", letters_of_case)
    findable.declare()
    rail.register(
        rail.Entry(
            gettext_lazy("Letters"), "correspondence:list", "mail", order=62, key="B", may=may_see, count=waiting
        )
    )  # fmt: skip


LETTER_ACTIONS = {
    "REGISTERED": gettext_lazy("Letter registered"),
    "DRAFTED": gettext_lazy("Letter drafted"),
    "REDRAFTED": gettext_lazy("Draft of a letter changed"),
    "SIGNED": gettext_lazy("Letter signed and sent"),
    "ASSIGNED": gettext_lazy("Letter assigned"),
    "ANSWERED": gettext_lazy("Letter answered"),
    "REOPENED": gettext_lazy("Letter waits again"),
    "DUE": gettext_lazy("Due day of a letter set"),
    "ENCLOSED": gettext_lazy("File attached to a letter"),
    "LINKED": gettext_lazy("Letter linked"),
    "CORRECTED": gettext_lazy("Entry of a letter corrected"),
    "FILED": gettext_lazy("Letter filed"),
    "CANCELLED": gettext_lazy("Letter cancelled"),
    "WITHDRAWN": gettext_lazy("Draft of a letter withdrawn"),
}
MEMO_ACTIONS = (
    ("correspondence.memo_drafted", gettext_lazy("Memo drafted")),
    ("correspondence.memo_rewritten", gettext_lazy("Memo rewritten")),
    ("correspondence.memo_issued", gettext_lazy("Memo issued")),
    ("correspondence.memo_withdrawn", gettext_lazy("Memo withdrawn")),
)
