"""Which kinds of file a delegation may name; the docket above declares them."""

from __future__ import annotations

from authority.refusal import Text

_kinds: dict[str, Text] = {}


def name_kind(kind: str, title: Text) -> None:
    """Make a kind of file known."""
    _kinds[kind] = title


def kinds() -> dict[str, Text]:
    """Return the kinds with their titles."""
    return dict(_kinds)
