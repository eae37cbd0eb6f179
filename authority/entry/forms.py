"""What is typed on the pages of coming in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext_lazy as _

from authority.models import Recovery


def secret_box(autocomplete: str) -> forms.PasswordInput:
    """Return a box for a password: paste and password managers are welcome."""
    return forms.PasswordInput(attrs={"autocomplete": autocomplete, "dir": "ltr"})


def code_box() -> forms.TextInput:
    """Return a box for a code of the phone or of the paper."""
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "dir": "ltr", "inputmode": "text", "spellcheck": "false"}
    )


@keep_lazy_text
def length_rule_of(text: str) -> str:
    """Fill the least length into the rule, in the language of the page."""
    return text % {"count": settings.PASSWORD_MIN}


def length_rule() -> str:
    """Return the rule of a new password, read when it is shown."""
    return length_rule_of(cast("str", _("At least %(count)d characters; a sentence of your own is best.")))


class NewPasswordField(forms.CharField):
    """A new password; what it may be is asked by the service, which knows the person."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("New password"))
        super().__init__(strip=False, max_length=settings_ceiling(), widget=secret_box("new-password"), **options)
        self.widget.attrs |= {"data-strength": settings.PASSWORD_MIN, "minlength": settings.PASSWORD_MIN}
        self.help_text = length_rule()


def settings_ceiling() -> int:
    """Return how long a password may be."""
    return int(settings.PASSWORD_CEILING)


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(label=_("Code"), max_length=40, widget=code_box())


class ProofForm(forms.Form):
    """A password or a code, to prove it again."""

    proof = forms.CharField(
        label=_("Password or code"), strip=False, max_length=128, widget=secret_box("current-password")
    )


class OpeningForm(forms.Form):
    """The code an administrator handed over."""

    code = forms.CharField(label=_("Code"), max_length=80, widget=code_box())


class NewPasswordForm(forms.Form):
    """A new password by a code."""

    new = NewPasswordField()


class RecoveryForm(forms.Form):
    """Asking for a colleague's way back."""

    username = forms.CharField(
        label=_("User name"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("What is restored"), choices=Recovery.Kind.choices)
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=200)
