"""What a person or a program sends when handing a survey in, read into the arguments of `surveys.services.receive`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from authority.models import Custodian, Place, User
from authority.refusal import Invalid, NotAllowed
from authority.rest.parsing import parse_json
from surveys.policies import submit_places

TEXTS = ("crs", "encoding", "layer", "survey_method")
FIELDS = frozenset(
    {"file", "place", "custodian", "mapping", "survey_accuracy_m", "surveyed_on", "csrfmiddlewaretoken", *TEXTS}
)


def received(fields: dict[str, Any], files: Any, user: User) -> dict[str, Any]:
    """Return the arguments of `receive`; raises Invalid (file_missing, field_unknown, place_unknown, …)."""
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise Invalid("field_unknown", _("The field “%(field)s” is not known here."), field=unknown[0][:60])
    file = files.get("file")
    if file is None:
        raise Invalid("file_missing", _("Choose the survey's file."))
    return {
        "file": file,
        "filename": file.name,
        "place": place_of(fields.get("place", ""), user),
        "custodian": custodian_of(fields.get("custodian", "")),
        "mapping": mapping_of(fields.get("mapping", "")),
        "survey_accuracy_m": accuracy_of(fields.get("survey_accuracy_m", "")),
        "surveyed_on": day_of(fields.get("surveyed_on", "")),
        **{name: fields.get(name, "") for name in TEXTS},
    }


def place_of(text: str, user: User) -> Place | None:
    """Return the place with this code; None when nothing was said."""
    if not text:
        return None
    inside = submit_places(user)
    if not inside.exists():
        raise NotAllowed("may_not_submit", _("Your roles do not let you hand in a survey."))
    found = inside.filter(code=text).first()
    if found is None:
        raise Invalid("place_unknown", _("There is no such place in your jurisdiction."))
    return found


def custodian_of(code: str) -> Custodian | None:
    """Return the custodian with this code; None when nothing was said."""
    if not code:
        return None
    found = Custodian.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise Invalid("custodian_unknown", _("There is no such custodian authority."))
    return found


def mapping_of(text: str) -> Any:
    """Return the mapping of columns from its JSON text; {} when nothing was said."""
    return parse_json(text.encode()) if text else {}


def accuracy_of(text: str) -> float | None:
    """Return metres; None when nothing was said."""
    if not text:
        return None
    try:
        metres = float(text)
    except ValueError:
        metres = -1.0
    if not 0 < metres <= 1000:
        raise Invalid("accuracy_unknown", _("The accuracy is a number of metres above zero."))
    return metres


def day_of(text: str) -> date | None:
    """Return a day written as YYYY-MM-DD; None when nothing was said."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("day_unknown", _("Write the day as YYYY-MM-DD.")) from None
