"""`/api/schema/` tells of every address under /api/v1/, typed, with its refusals."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The schema, drawn and checked against OpenAPI; a word of warning fails."""
    path = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", file=str(path), validate=True, fail_on_warn=True, stderr=io.StringIO())
    return dict(yaml.safe_load(path.read_text()))


def routes(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (address, view) of the whole site."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def typed(body: dict[str, Any]) -> bool:
    """Whether a body is described by a component, or by a list of them."""
    return "$ref" in body or (body.get("type") == "array" and "$ref" in body["items"])


def test_every_address_and_method_of_the_api_is_in_the_schema(schema: dict[str, Any]) -> None:
    import re

    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{address}"), method)
        for address, view in routes(get_resolver().url_patterns)
        if address.startswith("api/v1/")
        for method in METHODS
        if hasattr(view.view_class, method)
    }
    told = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    assert served == told


def test_every_answer_and_every_body_is_typed(schema: dict[str, Any]) -> None:
    loose = []
    for name, operation in operations(schema):
        good = [r for status, r in operation["responses"].items() if status.startswith("2")]
        bodies = [c["schema"] for r in good for c in r.get("content", {}).values() if "schema" in c]
        bodies += [c["schema"] for c in operation.get("requestBody", {}).get("content", {}).values()]
        if not good or not all(typed(body) or body.get("format") == "binary" for body in bodies):
            loose.append(name)
    assert loose == []


def test_every_operation_tells_its_refusals_as_problem_documents(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        refusals = {status: r for status, r in operation["responses"].items() if status[0] in "45"}
        assert {"400", "401", "406", "429", "500", "503"} <= set(refusals), name
        assert ("404" in refusals) >= ("{" in name), name
        for answer in refusals.values():
            assert answer["description"]
            assert answer["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_what_needs_a_version_says_so(schema: dict[str, Any]) -> None:
    needing = {
        name
        for name, operation in operations(schema)
        if any(p["name"] == "If-Match" and p.get("required") for p in operation.get("parameters", []))
    }
    assert {
        "patch /api/v1/parcels/{parcel_id}/",
        "post /api/v1/parcels/{parcel_id}/split/",
        "patch /api/v1/assets/{asset_id}/",
        "post /api/v1/cases/{case_id}/acts/",
    } <= needing
    for name, operation in operations(schema):
        if name in needing:
            assert {"412", "428"} <= set(operation["responses"])


def test_no_operation_is_named_by_accident(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(schema)]
    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith("v1_")] == []
