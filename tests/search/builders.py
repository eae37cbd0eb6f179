"""Land, people and files to be found."""

from __future__ import annotations

from authority import clock
from authority.models import User
from parties.models import Party
from parties.services import register_party
from search import registry, selectors
from search.registry import Hit
from search.selectors import Narrowed


def found(user: User, text: str, kind: str = "parcel", narrowed: Narrowed | None = None) -> list[Hit]:
    """Return the first page of what somebody finds."""
    known = registry.find(kind)
    assert known is not None
    return selectors.page(selectors.ask(user, text, narrowed), known).hits


def a_party(by: User, name: str, governorate: str = "19") -> Party:
    """Return a person entered by an officer."""
    return register_party(kind=Party.Kind.PERSON, name_ar=name, governorate=governorate, by=by, at=clock.now())
