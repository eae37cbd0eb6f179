"""What is typed about delegations and absences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authority.entry.recovery import account_of
from authority.mandates import kinds
from authority.mandates.services import ABSENCE_REASON_MAX, DECREE_MAX, may_tell_absence
from authority.models import Delegation, Office, Role, User
from authority.policies import NEVER_LENT
from authority.refusal import Refusal
from ui.forms import DayField

UNKNOWN = _("There is no such officer.")


def name_box() -> forms.TextInput:
    """Return a box for the name of an account."""
    return forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"})


def officer(name: str) -> User:
    """Return the officer of this user name; raises ValidationError."""
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise forms.ValidationError(UNKNOWN)
    return found


class DelegationForm(forms.Form):
    """A delegation, or a standing deputy."""

    giver = forms.CharField(label=_("Who gives (user name)"), max_length=64, widget=name_box(), required=False)
    delegate = forms.CharField(label=_("To whom (user name)"), max_length=64, widget=name_box())
    kind = forms.ChoiceField(label=_("Kind"), choices=Delegation.Kind.choices)
    role = forms.ChoiceField(label=_("Role"), required=False)
    office = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.none(), required=False, empty_label=_("every office of the giver")
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To, the last day"))
    decree = forms.CharField(label=_("Decree"), max_length=DECREE_MAX)
    decreed_on = DayField(label=_("Date of the decree"), required=False)
    file_kinds = forms.MultipleChoiceField(
        label=_("Kinds of file; none ticked means all"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, user: User, keeper: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.keeper = user, keeper
        lent = [(role, label) for role, label in Role.choices if role not in NEVER_LENT]
        held = set(user.roles.values_list("role", flat=True))
        mine = lent if keeper else [pair for pair in lent if pair[0] in held]
        self._offer("role", [("", _("every role (a deputy)")), *mine])
        self._offer("file_kinds", list(kinds.kinds().items()))
        offices = Office.objects.filter(closed_on=None).order_by("code")
        field = self.fields["office"]
        field.queryset = offices if keeper else offices.filter(holders__user=user).distinct()  # type: ignore[attr-defined]
        if not keeper:
            del self.fields["giver"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def clean_giver(self) -> User:
        """Return the officer who gives; oneself where nobody is named."""
        name = self.cleaned_data["giver"]
        if not name or name == self.user.username:
            return self.user
        try:
            return account_of(self.user, username=name, is_active=True)
        except Refusal as unknown:
            raise forms.ValidationError(UNKNOWN) from unknown

    def clean_delegate(self) -> User:
        """Return the officer who receives."""
        return officer(self.cleaned_data["delegate"])

    def said(self) -> dict[str, Any]:
        """Return what the service takes."""
        known = {"giver": self.user} | self.cleaned_data
        return {name: value for name, value in known.items() if name != "file_kinds"} | {"files": known["file_kinds"]}


class AbsenceForm(forms.Form):
    """Days on which an officer is away."""

    who = forms.CharField(label=_("Who is away (user name)"), max_length=64, widget=name_box(), required=False)
    away_from = DayField(label=_("From"))
    away_to = DayField(label=_("To, the last day"))
    why = forms.CharField(label=_("Reason"), max_length=ABSENCE_REASON_MAX, required=False)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_who(self) -> User:
        """Return the officer who is away; oneself where nobody is named."""
        name = self.cleaned_data["who"]
        found = officer(name) if name else self.user
        if not may_tell_absence(self.user, found):
            raise forms.ValidationError(UNKNOWN)
        return found

    def said(self) -> dict[str, Any]:
        """Return what the service takes."""
        known = self.cleaned_data
        return {
            "user": known["who"], "starts_on": known["away_from"], "ends_on": known["away_to"], "reason": known["why"],
        }  # fmt: skip
