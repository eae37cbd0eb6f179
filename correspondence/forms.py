"""What is written in the register of letters and in memos."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from authority import clock
from authority.models import User
from authority.refusal import Conflict, NotFound
from cases.models import Case
from cases.policies import cases_visible_to
from correspondence.composing import rule_title, rules_for
from correspondence.models import Letter
from correspondence.policies import DIRECTORS, KEEPERS, offices_of
from correspondence.selectors import letters, officers_of
from correspondence.services import NewFile
from parcels import codes
from parcels.models import Parcel
from parcels.policies import parcels_visible_to
from ui.digits import to_latin
from ui.forms import DayField, IntegerField

SPLIT = re.compile(r"[\s,،;]+")
MOST = 50


def text(label: Any, length: int, **how: Any) -> forms.CharField:
    """Return a line of text."""
    return forms.CharField(label=label, max_length=length, **how)


def words(label: Any, length: int, rows: int = 3, **how: Any) -> forms.CharField:
    """Return some lines of text."""
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **how)


def numbers(label: Any, **how: Any) -> forms.CharField:
    """Return a line for numbers or codes with commas between them."""
    return text(label, 1000, required=False, widget=forms.TextInput(attrs={"dir": "ltr"}), **how)


class LetterForm(forms.Form):
    """What both registers have in common."""

    roles: frozenset[str] = DIRECTORS
    direction = Letter.Direction.OUT
    office = forms.ChoiceField(label=_("Office"))
    correspondent = text(_("Correspondent"), 200)
    subject = text(pgettext_lazy("letter", "Subject"), 300)
    enclosures = IntegerField(label=_("Number of enclosures"), min_value=0, max_value=9999, initial=0)
    due_on = DayField(label=_("Answer until"), required=False)
    answers = text(_("In answer to number"), 20, required=False, help_text=_("Number and year: 12/2026"))
    cases = numbers(_("Files"), help_text=_("File numbers, with commas between them"))
    parcels = numbers(_("Parcels"), help_text=_("Internal codes, with commas between them"))
    file = forms.FileField(label=_("Scan or file"), required=False)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.offices = {office.code: office for office in offices_of(user, self.roles).order_by("code")}
        office = self.fields["office"]
        assert isinstance(office, forms.ChoiceField)  # noqa: S101 - declared above
        office.choices = [(code, str(one)) for code, one in self.offices.items()]
        own = (
            user.roles.filter(office__code__in=self.offices)
            .order_by("office__code")
            .values_list("office__code", flat=True)
        )
        office.initial = own.last()

    def said(self) -> dict[str, Any]:
        """Return what a service takes; raises NotFound for what is out of sight, Conflict `file_ambiguous`."""
        told = dict(self.cleaned_data)
        told["office"] = self.offices[told["office"]]
        told["cases"] = [*case_of(self.user, told.pop("about")), *files_of(self.user, told["cases"])]
        told["parcels"] = parcels_of(self.user, told["parcels"])
        told["answers"] = answered_by(self.user, told["answers"], told["office"].pk, self.direction)
        told["files"] = [handed for handed in [file_of(told.pop("file"))] if handed]
        return told


class IncomingForm(LetterForm):
    """A letter that came in."""

    roles = KEEPERS
    direction = Letter.Direction.IN
    sender_no = text(_("The sender's number"), 60, required=False)
    sender_on = DayField(label=_("The sender's date"), required=False)
    field_order = (
        "office", "correspondent", "sender_no", "sender_on", "subject", "enclosures", "due_on", "answers", "cases",
        "parcels", "file", "about",
    )  # fmt: skip


class OutgoingForm(LetterForm):
    """A letter to go out."""

    body = words(_("Text of the letter"), 20_000, rows=12)
    field_order = (
        "office", "correspondent", "subject", "body", "enclosures", "due_on", "answers", "cases", "parcels", "file",
        "about",
    )  # fmt: skip


def file_of(file: UploadedFile[Any] | None, title: str = "") -> NewFile | None:
    """Return a file as a service takes it."""
    if not file:
        return None
    return NewFile(file=file.file, filename=file.name or "", title=title)  # type: ignore[arg-type]  # Django's own file


def case_of(user: User, case_id: UUID | None) -> list[Case]:
    """Return the file that the page was opened from; raises NotFound."""
    if case_id is None:
        return []
    found = list(cases_visible_to(user, Case.objects.filter(pk=case_id)))
    if not found:
        raise NotFound("file_unknown", _("There is no file of this number in your sight."), field="cases")
    return found


def files_of(user: User, typed: str) -> list[Case]:
    """Return the files of the numbers typed; each kind counts for itself, so one number may name several."""
    found = []
    for number in [one for one in SPLIT.split(to_latin(typed).strip()) if one][:MOST]:
        rows = list(cases_visible_to(user, Case.objects.filter(number=number[:24]))[:2])
        if not rows:
            raise NotFound("file_unknown", _("There is no file of this number in your sight."), field="cases")
        if len(rows) > 1:
            raise Conflict(
                "file_ambiguous", _("Several files bear the number %(number)s: write the letter from the file's page."),
                number=number[:24], field="cases",
            )  # fmt: skip
        found += rows
    return found


def parcels_of(user: User, typed: str) -> list[Parcel]:
    """Return the parcels of the codes typed; raises NotFound."""
    wanted = [codes.clean(one) for one in SPLIT.split(typed.strip()) if one][:MOST]
    rows = parcels_visible_to(user, Parcel.objects.filter(parcel_code__in=wanted)).select_related("place")
    known = {one.parcel_code: one for one in rows}
    missing = [one for one in wanted if one not in known]
    if missing:
        raise NotFound(
            "parcel_unknown", _("There is no parcel %(parcel)s in your sight."), parcel=missing[0][:48], field="parcels"
        )
    return [known[one] for one in dict.fromkeys(wanted)]


def answered_by(user: User, typed: str, office_id: int, direction: str) -> Letter | None:
    """Return the letter of the office's other register that is answered; raises NotFound."""
    if not typed.strip():
        return None
    serial, _slash, year = to_latin(typed).strip().partition("/")
    readable = all(one.isascii() and one.isdigit() and len(one) < 7 for one in (serial, year))
    rows = letters(user).filter(office=office_id).exclude(direction=direction)
    found = rows.filter(serial=int(serial), year=min(int(year), 9999)).first() if readable else None
    if found is None:
        raise NotFound("letter_unknown", _("There is no letter of this number in the other register."), field="answers")
    return found


class AssignForm(forms.Form):
    """To whom a letter is handed."""

    to = forms.ChoiceField(label=_("Officer in charge"))
    due_on = DayField(label=_("Answer until"), required=False)
    note = text(_("Instruction"), 300, required=False)

    def fit(self, letter: Letter) -> None:
        """Offer the officers of the letter's place."""
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101 - declared above
        to.choices = [(one.username, str(one.get_full_name() or one.username)) for one in officers_of(letter.place)]


class DueForm(forms.Form):
    """Until when it is to be answered."""

    due_on = DayField(label=_("Answer until"))
    note = text(_("Note"), 300, required=False)


class NoteForm(forms.Form):
    """How it was answered."""

    note = text(_("How it was answered"), 300)


class FilingForm(forms.Form):
    """A note on filing."""

    note = text(_("Note"), 300, required=False, help_text=_("Needed while the letter waits for an answer"))


class ReasonForm(forms.Form):
    """Why."""

    reason = text(_("Reason"), 300)


class PlainForm(forms.Form):
    """Nothing to say: a second person signs."""


class CorrectForm(forms.Form):
    """An entry, what it should say, and why."""

    field = forms.ChoiceField(
        label=_("Entry"),
        choices=[
            ("correspondent", _("Correspondent")),
            ("sender_no", _("The sender's number")),
            ("sender_on", _("The sender's date")),
            ("subject", pgettext_lazy("letter", "Subject")),
            ("enclosures", _("Number of enclosures")),
        ],
    )
    value = text(_("What it should say"), 300, required=False, help_text=_("A day is written 2026-11-25"))
    reason = text(_("Reason"), 300)

    def clean_value(self) -> str:
        """Read digits of either kind in a day or a number."""
        typed = str(self.cleaned_data.get("value", ""))
        return to_latin(typed) if self.data.get("field") in ("sender_on", "enclosures") else typed


class EncloseForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("Scan or file"))
    title = text(_("Title"), 200, required=False)


class LinkForm(forms.Form):
    """What else it is about."""

    cases = numbers(_("Files"), help_text=_("File numbers, with commas between them"))
    parcels = numbers(_("Parcels"), help_text=_("Internal codes, with commas between them"))


class RedraftForm(forms.Form):
    """The words of a draft."""

    correspondent = text(_("Correspondent"), 200)
    subject = text(pgettext_lazy("letter", "Subject"), 300)
    body = words(_("Text of the letter"), 20_000, rows=12)
    enclosures = IntegerField(label=_("Number of enclosures"), min_value=0, max_value=9999, initial=0)
    due_on = DayField(label=_("Answer until"), required=False)

    def fit(self, letter: Letter) -> None:
        """Begin with the words as they stand."""
        self.initial = {name: getattr(letter, name) for name in self.fields}


class MemoForm(forms.Form):
    """The words that an officer adds to what the file says."""

    addressee = text(_("Presented to"), 200)
    subject = text(pgettext_lazy("letter", "Subject"), 300)
    opinion = words(_("Study"), 20_000, rows=6, required=False)
    options = words(_("Options"), 8_000, rows=4, required=False, help_text=_("One on each line"))
    recommendation = words(_("Opinion and recommendation"), 20_000, rows=5)
    rules = forms.MultipleChoiceField(
        label=_("Rules of law cited"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rules = self.fields["rules"]
        assert isinstance(rules, forms.MultipleChoiceField)  # noqa: S101 - declared above
        rules.choices = [(str(one.pk), f"{rule_title(one)} — {one.source}") for one in rules_for(case, clock.now())]

    def said(self) -> dict[str, Any]:
        """Return what a service takes."""
        told = dict(self.cleaned_data)
        told["rules"] = [int(one) for one in told["rules"]]
        return told


Fit = Callable[[Letter], None]


def fitted(form: forms.Form, letter: Letter) -> forms.Form:
    """Give a form what it offers for this letter."""
    fit: Fit | None = getattr(form, "fit", None)
    if fit is not None:
        fit(letter)
    return form
