"""What rooms above do when something below has changed, in the same transaction; declared when the site starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

Follower = Callable[[str, Iterable[object]], None]

_FOLLOWERS: defaultdict[str, list[Follower]] = defaultdict(list)


def follow(kind: str, follower: Follower) -> None:
    """Call `follower(kind, ids)` after each change of things of this kind."""
    _FOLLOWERS[kind].append(follower)


def changed(kind: str, ids: Iterable[object]) -> None:
    """Tell those above which things of a kind were entered, changed or closed."""
    known = list(ids)
    for follower in _FOLLOWERS[kind] if known else ():
        follower(kind, known)
