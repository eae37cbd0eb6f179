"""A refusal of a service shown on the form that was sent."""

from __future__ import annotations

from django import forms

from authority.refusal import Refusal


def show_refusal(refusal: Refusal, *sheets: forms.BaseForm) -> None:
    """Put a refusal beside the field it names, in the first of the forms that has it."""
    named = str(refusal.params.get("field", ""))
    for form in sheets:
        if named in form.fields and form.is_bound:
            form.is_valid()
            form.add_error(named, refusal.detail)
            return
