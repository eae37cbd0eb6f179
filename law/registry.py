"""Which rules there are: rooms declare the code, the title and the shape of what a rule says.

register(RuleKind("protection.nile", _("Banks of the Nile"), check=bands, explain=bands_in_words))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authority.refusal import NotFound

Text = str | Promise


@dataclass(frozen=True)
class RuleKind:
    """A kind of rule: `check` raises ValueError for what the formula could not read, `explain` says it in words."""

    code: str
    title: Text
    check: Callable[[Any], None]
    explain: Callable[[Mapping[str, Any]], list[str]]


def whole_number(unit: str, most: int) -> Callable[[Any], None]:
    """Return the check of a rule that says a number of one unit, from 1 on; anything else is a ValueError."""

    def check(params: Any) -> None:
        count = params.get(unit) if isinstance(params, dict) and set(params) == {unit} else None
        if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= most:
            raise ValueError(f"{unit}: 1–{most}")

    return check


_kinds: dict[str, RuleKind] = {}


def register(kind: RuleKind) -> None:
    """Make a kind of rule known."""
    _kinds[kind.code] = kind


def kinds() -> list[RuleKind]:
    """Return all kinds, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind_of(code: str) -> RuleKind:
    """Return a kind; raises NotFound."""
    if code not in _kinds:
        raise NotFound("rule_unknown", _("There is no rule “%(rule)s”."), rule=code[:60])
    return _kinds[code]
