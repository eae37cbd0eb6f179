"""What is read from outside: JSON and form fields with limits, so that bad text never reaches a service."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import parsers

from authority.refusal import Invalid, TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 32


class BadText(Invalid):
    """A character that no text of ours may hold."""

    code = "bad_text"
    message = _("The text holds a character that is not permitted (NUL or half a character).")


class BadJson(Invalid):
    """Not JSON as RFC 8259 has it."""

    code = "bad_json"
    message = _("The body is not valid JSON.")


class TooDeep(Invalid):
    """Nested deeper than anything of ours is."""

    code = "too_deep"
    message = _("The data is nested deeper than %(limit)s levels.")


def check_text(text: str) -> str:
    """Return the text; raises BadText when it holds NUL or a lone surrogate."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text if letter > "\ud7ff"):
        raise BadText
    return text


def check_fields(fields: Iterable[tuple[str, Iterable[Any]]]) -> None:
    """Check names and text values of a form or a query."""
    for name, values in fields:
        check_text(name)
        for value in values:
            if isinstance(value, str):
                check_text(value)


def check_tree(value: Any) -> Any:
    """Return parsed JSON; raises TooDeep, BadText, or BadJson for a number that is none."""
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            check_text(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise BadJson
        elif isinstance(item, (dict, list)):
            if depth > MAX_DEPTH:
                raise TooDeep(limit=MAX_DEPTH)
            waiting.extend((child, depth + 1) for child in _children(item))
    return value


def _children(item: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return [*item.keys(), *item.values()] if isinstance(item, dict) else item


def _no_constant(name: str) -> None:
    raise BadJson


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a member twice: two readers would read it differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson
    return found


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON body; raises BadJson, BadText, TooDeep or TooLarge."""
    if len(body) > MAX_BYTES:
        raise TooLarge(limit=MAX_BYTES)
    try:
        parsed = json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except RecursionError as error:
        raise TooDeep(limit=MAX_DEPTH) from error
    except ValueError as error:
        raise BadJson from error
    return check_tree(parsed)


class GuardedJSONParser(parsers.JSONParser):
    """JSON with limits of size, depth and text."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the parsed body; refusals as in `parse_json`."""
        return parse_json(stream.read(MAX_BYTES + 1))


class GuardedFormParser(parsers.FormParser):
    """Form fields without bad text."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the fields; raises BadText."""
        fields = super().parse(stream, media_type, parser_context)
        check_fields(fields.lists())
        return fields


class GuardedMultiPartParser(parsers.MultiPartParser):
    """Files and form fields without bad text."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return files and fields; raises BadText."""
        parsed = super().parse(stream, media_type, parser_context)
        check_fields(parsed.data.lists())
        return parsed
