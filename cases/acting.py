"""The page of one act: its form, the papers handed in with it, what follows, and what has happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authority import clock
from authority.models import User
from authority.refusal import Conflict
from cases import services
from cases.models import Case
from cases.registry import act_title, kind_of, workflow_of
from cases.selectors import ActRow, acts_for, events_of
from cases.services import NewPaper
from cases.workflow import Act, NoSuchActError
from ui.forms import DayField

NO_VERSION = -1
MOST_WORDS = 20_000


class NoteForm(forms.Form):
    """The words of the act: its reason where the table asks for one."""

    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, reason: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if reason:
            self.fields["note"].required = True
            self.fields["note"].label = gettext_lazy("Reason")


class PaperForm(forms.Form):
    """A paper: a file, a number with its date, or words."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    number = forms.CharField(label=gettext_lazy("Paper's number"), max_length=60, required=False)
    dated_on = DayField(label=gettext_lazy("Dated"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, needed: bool = False, **options: Any) -> None:
        self.needed = needed
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        """A paper that is needed cannot be empty."""
        known = super().clean() or {}
        if self.needed and not self.given(known):
            raise forms.ValidationError(_("Attach the file, or write its number or words."), code="paper_empty")
        return known

    def given(self, known: dict[str, Any]) -> bool:
        """Say whether something was handed in."""
        return bool(known.get("file") or known.get("number", "").strip() or known.get("text", "").strip())

    def paper(self, kind: str) -> NewPaper | None:
        """The paper as a service takes it; None where nothing was handed in."""
        known = self.cleaned_data
        if not self.given(known):
            return None
        file: UploadedFile[Any] | None = known.get("file")
        return NewPaper(
            kind=kind,
            file=file.file if file else None,  # type: ignore[arg-type]
            filename=(file.name or "") if file else "",
            number=known.get("number", ""),
            dated_on=known.get("dated_on"),
            text=known.get("text", ""),
        )


class ActForms:
    """The forms of one act on a case, bound to what was sent if anything was."""

    def __init__(self, case: Case, act: Act, row: ActRow | None, request: HttpRequest) -> None:
        data = request.POST if request.method == "POST" else None
        files: MultiValueDict[str, UploadedFile[Any]] | None = request.FILES if data is not None else None
        declared = kind_of(case.kind)
        missing = {kind for kind, _title in row.missing} if row else set()
        made = declared.forms.get(act.name)
        self.facts = made(data) if made else None
        self.note = NoteForm(data, reason=act.reason)
        self.papers = [
            (kind, declared.paper_title(kind), PaperForm(data, files, prefix=kind, needed=kind in missing))
            for kind in act.papers
        ]
        self.missing = missing

    def all(self) -> list[forms.Form]:
        """Every form of the page."""
        return [*([self.facts] if self.facts else []), self.note, *(form for _k, _t, form in self.papers)]

    def valid(self) -> bool:
        """Validate every form: all faults are shown at once."""
        faults = [form for form in self.all() if not form.is_valid()]
        return not faults

    def known(self) -> dict[str, Any]:
        """The facts of the act."""
        values = self.facts.cleaned_data if self.facts else {}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def handed_in(self) -> list[NewPaper]:
        """The papers of the act."""
        papers = (form.paper(kind) for kind, _title, form in self.papers)
        return [paper for paper in papers if paper is not None]

    def file_names(self, request: HttpRequest) -> list[str]:
        """The names of files that were sent: a browser does not send them twice by itself."""
        return [file.name or "" for _field, file in request.FILES.items() if isinstance(file, UploadedFile)]


def act_of(case: Case, name: str) -> Act:
    """The row of the table; raises Conflict for an act the kind does not have."""
    try:
        return workflow_of(case).act(name)
    except NoSuchActError as unknown:
        raise Conflict(
            "act_unknown", gettext_lazy("There is no act “%(act)s” for this kind of file."), act=name[:40]
        ) from unknown


def row_of(case: Case, act: Act, user: User) -> ActRow | None:
    """The act as this person sees it from the file's state; None where it does not follow from there."""
    return next((row for row in acts_for(case, user) if row.act.name == act.name), None)


def version_sent(request: HttpRequest) -> int:
    """The version of the file that the page was opened with."""
    text = request.POST.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else NO_VERSION


def perform(case: Case, act: Act, sheet: ActForms, request: HttpRequest, user: User) -> None:
    """Do the act with what the page sent; raises what the service refuses."""
    services.require_act_open(case, act.name)
    services.perform(
        case.pk,
        act.name,
        by=user,
        at=clock.now(),
        note=sheet.note.cleaned_data.get("note", ""),
        facts=sheet.known(),
        papers=sheet.handed_in(),
        if_match=version_sent(request),
    )


def meanwhile(case: Case, version: int) -> list[dict[str, Any]]:
    """What others did after the page was opened."""
    later: Iterable[Any] = (event for event in events_of(case) if event.row_version > version)
    return [
        {"title": act_title(case.kind, event.act), "by": event.by.get_full_name() or str(event.by), "at": event.at}
        for event in later
    ]
