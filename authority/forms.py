"""What people type about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from authority.entry.forms import NewPasswordField
from authority.keys import SCOPES
from authority.models import User

SCOPE_TITLES = {
    "read": _("read land, cases and files"),
    "write": _("send and change"),
    "tiles": _("map tiles only"),
}
LIFETIMES = [(30, _("a month")), (90, _("three months")), (365, _("a year"))]


class SignInForm(AuthenticationForm):
    """Name and password; paste and password managers are welcome."""

    error_messages = {
        "invalid_login": _("The name or the password is not right."),
        "inactive": _("The name or the password is not right."),
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs.update(dir="ltr", autocomplete="username", autofocus=True)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.update(dir="ltr", autocomplete="current-password")


class PreferencesForm(forms.ModelForm[User]):
    """How a person wants to read."""

    class Meta:
        model = User
        fields = ("language", "digits", "theme")
        labels = {"language": _("Language"), "digits": _("Digits"), "theme": _("Appearance")}


class KeyForm(forms.Form):
    """A new personal key."""

    name = forms.CharField(label=_("What the key is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, SCOPE_TITLES[scope]) for scope in SCOPES],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIFETIMES, coerce=int, initial=90)


class PasswordForm(forms.Form):
    """A new password beside the old one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )
    new = NewPasswordField()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """Return the present password when it is right."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("The present password is not right."))
        return old
