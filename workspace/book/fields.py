"""Fields of the book's forms: a place or a body that is searched for, an area as deeds write it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.models import Place
from parcels import areas
from parcels.areas import AreaError, to_metres
from parties.models import Party
from ui.digits import to_latin


class PickInput(forms.TextInput):
    """A box to search in and, below it, what was found, to choose one (`workspace/widgets/pick.html`)."""

    template_name = "workspace/widgets/pick.html"

    def __init__(self, address: str | Promise, hint: str | Promise = "") -> None:
        super().__init__({"autocomplete": "off", "dir": "auto"})
        self.address, self.hint = address, hint
        self.chosen: Any = None  # set by the field when a value was found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Where to search, and what is chosen already."""
        context = super().get_context(name, value, attrs)
        return context | {"address": str(self.address), "hint": self.hint, "chosen": named(self.chosen, value)}


def named(chosen: Any, value: Any) -> dict[str, str] | None:
    """Return what is chosen as value and words."""
    if chosen is None:
        return None
    return {"value": str(value), "title": str(chosen)}


class PlaceField(forms.CharField):
    """A place by its code, chosen from what was found."""

    widget = PickInput
    default_error_messages = {"unknown": _("Choose the place from those found; its code works too.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", PickInput(reverse_lazy("workspace:pick_places"), _("Hod, nahia or street quarter"))
        )
        super().__init__(**options)

    def clean(self, value: Any) -> Place | None:
        """Return the place; its name is accepted where it names one place only."""
        text = to_latin(str(super().clean(value) or "")).strip()
        if not text:
            return None
        found = list(Place.objects.filter(code=text)[:2]) or list(Place.objects.filter(name_ar=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        self.widget.chosen = found[0]
        return found[0]


class BodyField(forms.CharField):
    """A public body of the book of persons, chosen from what was found; visibility is asked by the page."""

    widget = PickInput
    default_error_messages = {"unknown": _("Choose the body from those found.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", PickInput(reverse_lazy("workspace:pick_bodies"), _("Name of the public body")))
        super().__init__(**options)

    def clean(self, value: Any) -> uuid.UUID | None:
        """Return the party's id."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            key = uuid.UUID(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown") from None
        self.widget.chosen = Party.objects.filter(pk=key).first()
        return key


class AreaField(forms.CharField):
    """An area in m², or in feddan, qirat and sahm as deeds write it («2ف 4ط –س»); kept in m²."""

    default_error_messages = {"unreadable": _("Write the area in square metres, or as feddan, qirat and sahm.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Square metres, or as on the deed: 2ف 4ط –س"))
        super().__init__(**options)

    def clean(self, value: Any) -> Decimal | None:
        """Return m², four decimals."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return to_metres(areas.parse(text, bare_metres=True).m2)
        except (AreaError, ValueError):
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from None
