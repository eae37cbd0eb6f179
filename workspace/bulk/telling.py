"""What an act says, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from authority.models import Custodian
from parcels.models import BulkAct, ParcelVersion
from workspace.bulk.forms import FORMS


def said_in_words(act: BulkAct) -> list[tuple[Any, Any]]:
    """Return label and value of everything it says."""
    fields = FORMS[act.act].base_fields
    return [(fields[name].label, value_in_words(name, value)) for name, value in act.said.items() if name in fields]


def value_in_words(name: str, value: Any) -> Any:
    """Return one value as people read it: a day, a custodian's name, a word of a list."""
    if name == "custodian":
        return Custodian.objects.filter(code=value).first() or value
    if name == "decree_on":
        return dt.date.fromisoformat(value)
    if name in {field.name for field in ParcelVersion._meta.concrete_fields}:
        choices = dict(ParcelVersion._meta.get_field(name).flatchoices)  # type: ignore[union-attr]  # no relations here
        return choices.get(value, value)
    return value
