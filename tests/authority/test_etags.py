"""Lost updates are refused (threats C3)."""

import pytest
from django.test import RequestFactory

from authority.refusal import PreconditionRequired, Stale
from authority.rest.etags import check_if_match, etag_of


def test_a_change_without_a_version_is_refused() -> None:
    request = RequestFactory().patch("/x")
    with pytest.raises(PreconditionRequired):
        check_if_match(request, etag_of(1))


@pytest.mark.parametrize("header", ["*", " "])
def test_a_header_that_names_no_version_counts_as_none(header: str) -> None:
    with pytest.raises(PreconditionRequired):
        check_if_match(RequestFactory().patch("/x", headers={"If-Match": header}), etag_of(1))


@pytest.mark.parametrize("header", [etag_of(2), "W/" + etag_of(1), "nonsense"])
def test_another_version_is_stale(header: str) -> None:
    with pytest.raises(Stale):
        check_if_match(RequestFactory().patch("/x", headers={"If-Match": header}), etag_of(1))


@pytest.mark.parametrize("header", [etag_of(1), f"{etag_of(2)}, {etag_of(1)}"])
def test_the_version_that_was_read_may_be_changed(header: str) -> None:
    check_if_match(RequestFactory().patch("/x", headers={"If-Match": header}), etag_of(1))


def test_parts_of_an_etag_do_not_run_together() -> None:
    assert etag_of("a", "bc") != etag_of("ab", "c")
    assert etag_of(1).startswith('"')
