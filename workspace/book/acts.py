"""The acts of the pen on one parcel: a row each, with its form, who may, and the one service it calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import Invalid
from documents.intake import take_in
from documents.models import Document
from documents.quality import in_words
from parcels import codes, services
from parcels.locks import Lockable
from parcels.models import Allocation, Parcel, ParcelDocument, Restriction
from parcels.policies import FILERS, KEEPERS, MARKERS, parcels_visible_to
from parties.selectors import party_by_id
from surveys.policies import SUBMIT
from workspace.book import forms as pen

Text = str | Promise


@dataclass(frozen=True)
class Ask:
    """What an act is given: who, when, on what, and what was typed."""

    user: User
    at: dt.datetime
    parcel: Parcel
    form: Any  # the act's own form, valid
    expected: int | None
    thing: Any = None  # the allocation or restriction named in the address


@dataclass(frozen=True)
class BookAct:
    """An act: its name in the address, its words, its form and what it does."""

    name: str
    title: Text
    icon: str
    form: type[forms.Form]
    do: Callable[[Ask], Any]  # returns what it made, where that leads somewhere
    roles: frozenset[str] = KEEPERS
    note: Text = ""
    of: str = ""  # "allocation", "restriction": the thing the address names beside the parcel
    listed: bool = True  # offered on the parcel's page
    lock: str = ""  # what a suit can bar (parcels.locks)
    follow: Callable[[Any, Any], Any] | None = (
        None  # where it leads: (request, what was made) → answer; else the parcel
    )


def change(ask: Ask) -> None:
    """Write the facts that differ."""
    said, version = ask.form.cleaned_data, pen.standing_of(ask.parcel)
    number = said["number"] if said["number"] != version.parcel_no_raw else None
    services.new_version(
        by=ask.user, at=ask.at, parcel=ask.parcel.pk, on=said["on"], kind=said["kind"], number=number,
        facts=ask.form.changed(version), basis=said["basis"], expected=ask.expected,
    )  # fmt: skip


def custody(ask: Ask) -> None:
    """Write a decree of custody."""
    services.transfer_custody(
        by=ask.user, at=ask.at, parcel=ask.parcel.pk, expected=ask.expected, **ask.form.cleaned_data
    )


def allocate(ask: Ask) -> None:
    """Write a decree of allocation."""
    said = dict(ask.form.cleaned_data)
    body = party_by_id(said.pop("body"), user=ask.user)
    services.allocate(by=ask.user, at=ask.at, parcel=ask.parcel.pk, body=body, expected=ask.expected, **said)


def withdraw(ask: Ask) -> None:
    """Write the withdrawal of an allocation."""
    services.withdraw_allocation(by=ask.user, at=ask.at, allocation=ask.thing, **ask.form.cleaned_data)


def use(ask: Ask) -> None:
    """Write that an allocation is used."""
    services.confirm_use(by=ask.user, at=ask.at, allocation=ask.thing, **ask.form.cleaned_data)


def restrict(ask: Ask) -> None:
    """Write a restriction from a paper."""
    services.restrict(by=ask.user, at=ask.at, parcel=ask.parcel, text=ask.form.cleaned_data["text"])


def end(ask: Ask) -> None:
    """End a restriction."""
    services.end_restriction(by=ask.user, at=ask.at, restriction=ask.thing, **ask.form.cleaned_data)


def screen(ask: Ask) -> None:
    """Compare with the protection layers."""
    services.screen(by=ask.user, at=ask.at, parcel=ask.parcel)


def number(ask: Ask) -> None:
    """Give the unified number."""
    services.number_property(
        by=ask.user, at=ask.at, parcel=ask.parcel.pk, expected=ask.expected, **ask.form.cleaned_data
    )


def attach(ask: Ask) -> ParcelDocument:
    """Put a paper into the file."""
    said = dict(ask.form.cleaned_data)
    file = said.pop("file")
    document = take_in(
        file=file.file, filename=file.name or "", kind="parcel_paper", by=ask.user, at=ask.at,
        governorate=ask.parcel.place.governorate_code, type=said.pop("type"), number=said["number"],
        dated_on=said["dated_on"],
    )  # fmt: skip
    return services.attach_document(by=ask.user, at=ask.at, parcel=ask.parcel, document=document, **said)


def tell_quality(request: HttpRequest, made: ParcelDocument) -> HttpResponse:
    """Lead to the papers of the parcel, and say what is wrong with the scan while the paper is still at hand."""
    messages.success(request, _("The paper is in the file."))
    for warning in in_words(made.document.warnings):
        messages.warning(request, warning)
    return redirect(f"{reverse('workspace:parcel', args=[made.parcel_id])}?tab=documents")


def mark(ask: Ask) -> None:
    """Record what marks the corners."""
    services.mark_corners(by=ask.user, at=ask.at, parcel=ask.parcel.pk, marks=ask.form.marks(), expected=ask.expected)


def merge_double(ask: Ask) -> None:
    """End another entry of the same land, in favour of this one."""
    said = ask.form.cleaned_data
    services.merge_doubles(
        by=ask.user, at=ask.at, keep=ask.parcel.pk, drop=parcel_of_code(said["other"], ask.user), on=said["on"],
        basis=said["basis"],
    )  # fmt: skip


def parcel_of_code(text: str, user: User) -> Parcel:
    """Return the parcel of an internal code in the person's sight; raises Invalid `parcel_unknown`."""
    found = parcels_visible_to(user, Parcel.objects.filter(parcel_code=codes.clean(text))).first()
    if found is None:
        raise Invalid("parcel_unknown", _("No parcel in your jurisdiction has this code."), field="other")
    return found


def judgment(ask: Ask) -> None:
    """Carry out a judgment: the entry ends, or what it says is corrected."""
    said, basis = ask.form.cleaned_data, ask.form.basis()
    if said["effect"] == "strike":
        services.strike_by_judgment(by=ask.user, at=ask.at, parcel=ask.parcel.pk, on=said["on"], basis=basis)
    else:
        services.new_version(
            by=ask.user, at=ask.at, parcel=ask.parcel.pk, on=said["on"], kind="correction", facts=ask.form.facts(),
            basis=basis, expected=ask.expected,
        )  # fmt: skip
    if said.get("file"):
        document = take_in(
            file=said["file"].file, filename=said["file"].name or "", kind="judgment", by=ask.user, at=ask.at,
            governorate=ask.parcel.place.governorate_code, type=Document.Type.JUDGMENT, dated_on=said["dated_on"],
            number=f"{said['number']}/{said['year']}"[:60],
        )  # fmt: skip
        services.attach_document(
            by=ask.user, at=ask.at, parcel=ask.parcel, document=document, title=basis[:200], dated_on=said["dated_on"]
        )


def acts() -> dict[str, BookAct]:
    """Return the acts by name, in the order in which the page offers them."""
    from workspace.book.corners import CornersForm
    from workspace.book.locate import LocateForm, follow, hand_in

    rows = (
        BookAct(
            "change", _("Record a change or a correction"), "edit", pen.ChangeForm, change,
            note=_("Nothing is overwritten: what the book said before can still be asked."),
        ),
        BookAct(
            "custody", _("Record a decree of custody"), "building-community", pen.CustodyForm, custody,
            note=_("A decree registered late changes what was true from its day on, not what the book said then."),
            lock=Lockable.CUSTODY,
        ),
        BookAct("allocate", _("Record an allocation"), "gavel", pen.AllocationForm, allocate, lock=Lockable.ALLOCATION),
        BookAct("corners", _("Mark the corners"), "target", CornersForm, mark, roles=MARKERS),
        BookAct(
            "locate", _("Draw or type the boundary"), "polygon", LocateForm, hand_in, roles=SUBMIT, follow=follow,
            note=_("It is handed in as a survey of one parcel: checked, and accepted by another officer."),
        ),
        BookAct(
            "double", _("End a doubled entry"), "git-merge", pen.DoubleForm, merge_double,
            note=_("This entry stays; the other one ends, leads here, and keeps its history."),
        ),
        BookAct("judgment", _("Carry out a judgment"), "scale", pen.JudgmentForm, judgment),
        BookAct("number", _("Give the unified number"), "id", pen.NumberForm, number),
        BookAct(
            "attach", _("Add a paper to the file"), "paperclip", pen.DocumentForm, attach, roles=FILERS,
            follow=tell_quality,
        ),
        BookAct("restrict", _("Record a restriction"), "shield-half", pen.RestrictionForm, restrict, roles=FILERS),
        BookAct(
            "screen", _("Check against protection zones"), "shield-check", pen.NothingForm, screen, roles=FILERS,
            note=_("A layer that is not loaded stays “not checked”; it is never shown as clear."),
        ),
        BookAct(
            "withdraw", _("Withdraw the allocation"), "arrow-back-up", pen.WithdrawalForm, withdraw, of="allocation",
            listed=False,
        ),
        BookAct("use", _("Confirm the use"), "check", pen.UseForm, use, of="allocation", listed=False),
        BookAct("end", _("End the restriction"), "x", pen.EndForm, end, roles=FILERS, of="restriction", listed=False),
    )  # fmt: skip
    return {row.name: row for row in rows}


def thing_of(act: BookAct, parcel: Parcel, key: str) -> Any:
    """Return the allocation or restriction of the parcel that the address names, None where it names none."""
    if act.of == "allocation":
        found = Allocation.objects.select_related("parcel__place", "holding", "body").filter(parcel=parcel)
        return next((one for one in found if str(one.pk) == key), None)
    if act.of == "restriction":
        rows = Restriction.objects.select_related("parcel__place", "layer").filter(parcel=parcel, ended_on=None)
        return next((row for row in rows if str(row.pk) == key), None)
    return None
