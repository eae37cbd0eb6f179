"""What is typed about accounts and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authority.keeping.leaving import Held
from authority.keeping.selectors import offices_kept_by
from authority.mandates.forms import name_box, officer
from authority.models import Custodian, Office, Place, Role, User
from ui.forms import DayField


class AccountForm(forms.Form):
    """A new account."""

    username = forms.SlugField(label=_("User name"), max_length=64, widget=name_box())
    name_ar = forms.CharField(label=_("Name in Arabic"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)


class RoleForm(forms.Form):
    """A role in an office, from a day to a day."""

    role = forms.ChoiceField(label=_("Role"), choices=[pair for pair in Role.choices if pair[0] != Role.SYSTEM])
    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none())
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To, the last day"), required=False)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = offices_kept_by(user)


class OfficeForm(forms.Form):
    """A new office with its jurisdiction."""

    code = forms.SlugField(label=_("Code"), max_length=48, widget=name_box())
    name_ar = forms.CharField(label=_("Name in Arabic"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    place = forms.ModelChoiceField(
        label=_("Code of the place"), queryset=Place.objects.defer("geom", "geom_3857"), to_field_name="code",
        widget=name_box(), required=False,
    )  # fmt: skip
    custodian = forms.ModelChoiceField(label=_("Custodian"), queryset=Custodian.objects.all(), required=False)
    parent = forms.ModelChoiceField(label=_("Office above"), queryset=Office.objects.none(), required=False)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = offices_kept_by(user)


class HeirsForm(forms.Form):
    """Who takes over what: a box for each kind of thing that has to be handed over."""

    def __init__(self, held: list[Held], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.held = [one for one in held if one.needs_heir or one.name.startswith("role:")]
        for one in self.held:
            self.fields[one.name] = forms.CharField(
                label=one.title, max_length=64, required=False, widget=name_box(), help_text=", ".join(one.rows[:3])
            )

    def clean(self) -> dict[str, Any]:
        """Read the names as officers."""
        known = super().clean() or {}
        for name, value in list(known.items()):
            if not value:
                continue
            try:
                known[name] = officer(value)
            except forms.ValidationError as unknown:
                self.add_error(name, unknown)
        return known

    def heirs(self) -> dict[str, User]:
        """Return the officers named."""
        return {name: heir for name, heir in self.cleaned_data.items() if isinstance(heir, User)}
