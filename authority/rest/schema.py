"""What the API's documentation says of every operation: how it refuses."""

from __future__ import annotations

from typing import Any

from authority.responses import CONTENT_TYPE

# Which refusals an operation can answer with: status → what it means. Codes: docs/reference/refusals.md.
ALWAYS = {
    "400": "what was sent cannot be read or breaks a rule of form",
    "401": "no valid sign-in or key",
    "406": "the answer is not given in the form asked for",
    "429": "too many requests; Retry-After says how long to wait",
    "500": "a fault of the program",
    "503": "a part that is needed does not work now; Retry-After says when to ask again",
}
OF_ONE = {"404": "no such thing, or outside the caller's sight"}
OF_WRITES = {
    "403": "the caller's roles, place or key do not cover this",
    "409": "the present state does not permit this",
    "413": "larger than permitted",
    "415": "a body of this kind is not read",
}
OF_VERSIONS = {"412": "somebody changed it since it was read", "428": "If-Match with the version read is missing"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem document (RFC 9457); further members are the refusal's parameters.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "in the caller's language"},
        "code": {"type": "string", "description": "stable; programs read this"},
        "advice": {"type": "string", "description": "what to do about it"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}


def tell_refusals(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add to every operation the refusals it can answer with, as problem documents."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for method, operation in methods.items():
            responses = operation["responses"]
            named = {status: "refused" for status in responses if status[0] in "45"}
            for status, meaning in (named | refusals_of(method, operation)).items():
                said = responses.get(status, {}).get("description") or meaning
                responses[status] = {"description": said, "content": {CONTENT_TYPE: {"schema": ref("Problem")}}}
            operation["responses"] = dict(sorted(responses.items()))
    return result


def refusals_of(method: str, operation: dict[str, Any]) -> dict[str, str]:
    """Return status → meaning for one operation."""
    given = operation.get("parameters", [])
    found = dict(ALWAYS)
    if any(parameter["in"] == "path" for parameter in given):
        found |= OF_ONE
    if method in ("post", "put", "patch", "delete"):
        found |= OF_WRITES
    if any(parameter["name"] == "If-Match" for parameter in given):
        found |= OF_VERSIONS
    return found


def ref(component: str) -> dict[str, str]:
    """Return the reference to a component."""
    return {"$ref": f"#/components/schemas/{component}"}
