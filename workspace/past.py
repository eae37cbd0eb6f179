"""Pages that show another day: the address in its plain form."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect

from authority.moments import asked

WORDS = ("on", "known", "ask")


def plainly(request: HttpRequest) -> HttpResponseRedirect | None:
    """Lead a form's question (`ask=truth`, `ask=book`, a day as it was typed) to the address that says the same.

    That address holds `on` and `known` as days of ISO 8601 and can be kept, sent and exported. None: it is so already.
    """
    if "ask" not in request.GET:
        return None
    kept = [(name, value) for name, values in request.GET.lists() if name not in WORDS for value in values]
    query = urlencode([*kept, *asked(request.GET.dict()).query.items()])
    return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
