"""Bad text, depth and size are refused before a service sees them."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.refusal import Refusal, TooLarge
from authority.rest import parsing
from authority.rest.parsing import BadJson, BadText, TooDeep, check_text, parse_json


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", BadJson),
        (b"{", BadJson),
        (b"\xff\xfe", BadJson),
        (b'{"a": NaN}', BadJson),
        (b"[1e999]", BadJson),
        (b'{"a": 1, "a": 2}', BadJson),
        (b'"\\u0000"', BadText),
        (b'{"a\\u0000": 1}', BadText),
        (b'["\\ud800"]', BadText),
        (b"[" * 33 + b"]" * 33, TooDeep),
        (b"[" * 100_000 + b"]" * 100_000, TooDeep),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, TooDeep),
        (b'"' + b"x" * (5 * 1024 * 1024) + b'"', TooLarge),
        (b"1" * 5000, BadJson),
    ],
)
def test_what_no_service_may_see_is_refused(body: bytes, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        parse_json(body)


def test_what_is_deep_but_not_too_deep_is_read() -> None:
    assert parse_json(b"[" * 32 + b"]" * 32)


def test_a_whole_pair_of_surrogates_is_one_letter() -> None:
    assert parse_json(b'"\\ud83c\\udf3e"') == "\U0001f33e"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ابجabc", max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_ordinary_json_is_read_as_it_is(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadJson, BadText, TooDeep):
        json.dumps(parse_json(body)).encode()


@given(st.text())
def test_text_without_nul_passes_unchanged(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        with pytest.raises(BadText):
            check_text(text)
    else:
        assert check_text(text) == text


def test_form_fields_are_checked_by_name_and_value() -> None:
    parsing.check_fields([("name", ["ok"]), ("other", [3])])
    with pytest.raises(BadText):
        parsing.check_fields([("name\x00", ["ok"])])
    with pytest.raises(BadText):
        parsing.check_fields([("name", ["ok", "bad\x00"])])
