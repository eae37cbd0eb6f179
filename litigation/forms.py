"""What is written in the register of suits."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authority.models import User
from authority.refusal import NotFound
from cases.models import Case
from cases.policies import cases_visible_to
from litigation.models import ExecutionStep, Judgment, Suit
from litigation.services import Concerned, Standing
from parcels import codes
from parcels.models import Asset, Parcel
from parcels.policies import assets_visible_to, parcels_visible_to
from ui.forms import DayField, DecimalField, IntegerField

MOST_LANDS = 50
SPLIT = re.compile(r"[\s,،;]+")


def text(label: Any, length: int, **how: Any) -> forms.CharField:
    """Return a line of text."""
    return forms.CharField(label=label, max_length=length, **how)


def words(label: Any, length: int, **how: Any) -> forms.CharField:
    """Return some lines of text."""
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 3}), **how)


class SuitForm(forms.Form):
    """A suit to register."""

    court_kind = forms.ChoiceField(label=_("Kind of court"), choices=Suit.Court.choices)
    court = text(_("Court"), 120)
    circuit = text(_("Circuit"), 60, required=False)
    number = text(_("Suit number"), 20)
    year = IntegerField(
        label=_("Year"), min_value=1, max_value=2200, help_text=_("Judicial year for the State Council")
    )
    filed_on = DayField(label=_("Filed on"))
    subject = forms.ChoiceField(label=_("Subject"), choices=Suit.Subject.choices)
    our_side = forms.ChoiceField(label=_("The state stands as"), choices=Suit.Side.choices, initial="DEFENDANT")
    opponent = text(_("Who stands on the other side"), 200)
    lands = text(
        _("Land or assets concerned"), 1000, help_text=_("Internal codes, with commas between them"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    part = text(_("The part in dispute"), 200, required=False)
    claim = words(_("What is claimed"), 4000, required=False)
    value = DecimalField(label=_("Value, EGP"), required=False, max_digits=14, decimal_places=2, min_value=0)
    counsel_file = text(_("File of the State Lawsuits Authority"), 60, required=False)
    first_hearing = DayField(label=_("First hearing"), required=False)
    attacks = text(_("File whose decision it attacks"), 40, required=False)
    decision = text(_("Decision attacked: number and date"), 200, required=False)
    earlier = text(_("Appeal of suit (number/year)"), 40, required=False)

    def said(self, user: User) -> dict[str, Any]:
        """Return what a service takes; raises NotFound for land, a file or a suit out of sight."""
        told = dict(self.cleaned_data)
        side = Suit.Side.CLAIMANT if told["our_side"] == Suit.Side.DEFENDANT else Suit.Side.DEFENDANT
        told["parties"] = [Standing(side=side, name=told.pop("opponent"))]
        told["lands"] = concerned(user, told.pop("lands"), told.pop("part"))
        told["attacks"] = file_of(user, told["attacks"])
        told["earlier"] = suit_of(user, told["earlier"])
        return told


def concerned(user: User, codes_typed: str, part: str) -> list[Concerned]:
    """Return the things of the codes typed."""
    typed = [codes.clean(one) for one in SPLIT.split(codes_typed.strip()) if one][: MOST_LANDS + 1]
    parcels = {
        one.parcel_code: one
        for one in parcels_visible_to(user, Parcel.objects.filter(parcel_code__in=typed)).select_related("place")
    }
    assets = {
        one.asset_code: one
        for one in assets_visible_to(user, Asset.objects.filter(asset_code__in=typed)).select_related("place")
    }
    missing = [one for one in typed if one not in parcels and one not in assets]
    if missing:
        raise NotFound(
            "land_unknown", _("There is no parcel or asset %(thing)s in your sight."), thing=missing[0], field="lands"
        )
    return [
        Concerned(parcel=parcels.get(one), asset=None if one in parcels else assets[one], part=part) for one in typed
    ]


def file_of(user: User, number: str) -> Case | None:
    """Return the file of a number."""
    if not number.strip():
        return None
    found = cases_visible_to(user, Case.objects.filter(number=number.strip())).order_by("-opened_at").first()
    if found is None:
        raise NotFound("file_unknown", _("There is no file of this number in your sight."), field="attacks")
    return found


def suit_of(user: User, number: str) -> Suit | None:
    """Return the suit of number/year."""
    from litigation.selectors import suits

    if not number.strip():
        return None
    serial, _slash, year = number.strip().rpartition("/")
    found = (
        suits(user).filter(number=serial, year=int(year)).first()
        if year.isascii() and year.isdigit() and len(year) < 5
        else None
    )
    if found is None:
        raise NotFound("suit_unknown", _("There is no suit of this number in your sight."), field="earlier")
    return found


class HearingForm(forms.Form):
    """A day in court."""

    held_on = DayField(label=_("Hearing on"))
    purpose = text(_("For"), 200, required=False)


class OutcomeForm(forms.Form):
    """What was decided in a hearing."""

    outcome = text(_("What was decided"), 300)
    next_on = DayField(label=_("Adjourned to"), required=False)
    purpose = text(_("For"), 200, required=False)


class JudgmentForm(forms.Form):
    """A judgment."""

    ruled_on = DayField(label=_("Judgment of"))
    ruling = forms.ChoiceField(label=_("What it means"), choices=Judgment.Ruling.choices)
    words = words(_("Operative words"), 8000)
    notified_on = DayField(label=_("Served on"), required=False)


class ConfirmForm(forms.Form):
    """Nothing to say: a second person confirms."""


class AsideForm(forms.Form):
    """Why a judgment is set aside."""

    reason = text(_("Reason"), 300)


class ServiceForm(forms.Form):
    """When a judgment was served."""

    notified_on = DayField(label=_("Served on"))


class StepForm(forms.Form):
    """A step of execution."""

    kind = forms.ChoiceField(label=_("Step"), choices=ExecutionStep.Kind.choices)
    done_on = DayField(label=_("Done on"))
    words = text(_("Note"), 300, required=False)
