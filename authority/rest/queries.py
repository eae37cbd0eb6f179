"""Query parameters are a closed list: an unknown or repeated one is refused, never silently dropped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from authority.refusal import Invalid
from authority.rest.parsing import check_text

PAGING = frozenset({"cursor", "page_size", "format"})


class UnknownParameter(Invalid):
    """A parameter that the address does not know."""

    code = "unknown_parameter"
    message = _("The parameter “%(parameter)s” is not known here.")


class RepeatedParameter(Invalid):
    """Two values where one is meant: two readers would choose differently."""

    code = "repeated_parameter"
    message = _("The parameter “%(parameter)s” is given more than once.")


class BadParameter(Invalid):
    """A value that the parameter cannot have."""

    code = "bad_parameter"
    message = _("The parameter “%(parameter)s” does not have a valid value.")


def parameters(request: Request, allowed: Iterable[str]) -> dict[str, str]:
    """Return the query's parameters; raises UnknownParameter, RepeatedParameter, BadText."""
    known = PAGING | set(allowed)
    found: dict[str, str] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            raise UnknownParameter(parameter=name)
        if len(values) > 1:
            raise RepeatedParameter(parameter=name)
        found[name] = check_text(str(values[0]))
    return found


def switched_on(value: str | None, parameter: str) -> bool:
    """Return whether a parameter is switched on; raises BadParameter for anything but 1, 0, true, false."""
    if value in (None, "0", "false"):
        return False
    if value in ("1", "true"):
        return True
    raise BadParameter(parameter=parameter)
