"""What a wrong password costs, for an account that exists and for one that does not: the two must not be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from statistics import median
from urllib.parse import urlencode

from authority.models import User
from benches.figure import Figure, at_most
from benches.site import Visitor, site

EACH = 4  # attempts a name: one fewer than are looked at
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def figures(quick: bool) -> Iterator[Figure]:
    """Yield by how many per cent the two medians differ (threats B12: 10)."""
    names = list(User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True)[:20])
    known = names[: 10 if quick else 20]
    unknown = [f"nobody-{number}" for number in range(len(known))]
    with site() as port:
        waits = taken(port, [*known, *unknown])
    one, other = (median([wait for name in some for wait in waits[name]]) for some in (known, unknown))
    apart = abs(one - other) / one * 100
    yield at_most("wrong password, known and unknown name apart", apart, 10, "%", peer="median of the unknown, ms",
                  peer_value=other)  # fmt: skip


def taken(port: int, names: Sequence[str]) -> dict[str, list[float]]:
    """Return the milliseconds of wrong attempts at each name, in mixed order."""
    order = [name for name in names for _ in range(EACH)]
    Random(12).shuffle(order)  # noqa: S311 - an order, not a secret
    waits: dict[str, list[float]] = {name: [] for name in names}
    for name in order:
        visitor = Visitor(port)
        visitor.get("/login/")
        sent = {"username": name, "password": "wrong guess", "csrfmiddlewaretoken": visitor.cookies["amlak_csrf"]}
        answer = visitor.ask("POST", "/login/", urlencode(sent).encode(), FORM)
        if answer.status != 200:
            raise SystemExit(f"bench: {name} answered {answer.status}")
        waits[name].append(answer.seconds * 1000)
    return waits
