"""Refusals and how they are said."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from authority import refusal
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, PreconditionRequired, Refusal, Stale


class AlreadyLeased(Conflict):
    """An example of a room's own refusal."""

    code = "already_leased"
    message = _("%(parcel)s is leased.")


def test_a_problem_document_carries_the_code_and_the_parameters() -> None:
    problem = AlreadyLeased(parcel="12/3", until=dt.date(2028, 1, 1), rent=Decimal("10.50")).as_problem()
    assert problem["type"] == "/problems/already_leased"
    assert problem["status"] == 409
    assert problem["code"] == "already_leased"
    assert "12/3" in problem["detail"]
    assert problem["until"] == "2028-01-01"
    assert problem["rent"] == "10.50"


def test_a_parameter_never_overwrites_a_member_of_the_document() -> None:
    assert Refusal("x", "text", type="evil", detail="evil").as_problem()["type"] == "/problems/x"


def test_a_code_and_a_message_may_be_given_where_it_is_raised() -> None:
    raised = Invalid("bad_number", "%(number)s is no number", number="a/b")
    assert (raised.code, str(raised), raised.status) == ("bad_number", "a/b is no number", 400)


def test_a_percent_sign_in_a_parameter_or_a_plain_message_does_no_harm() -> None:
    assert str(Invalid("x", "100% of it", number="5%s")) == "100% of it"
    assert str(Invalid("x", "%(number)s", number="5%s %(a)s")) == "5%s %(a)s"


@pytest.mark.parametrize(
    ("kind", "status"), [(NotAllowed, 403), (NotFound, 404), (Stale, 412), (PreconditionRequired, 428), (Invalid, 400)]
)
def test_each_kind_has_its_status(kind: type[Refusal], status: int) -> None:
    assert kind().as_problem()["status"] == status


def test_the_message_is_said_in_the_language_of_the_reader() -> None:
    raised = NotAllowed()
    with translation.override("en"):
        english = raised.as_problem()
    with translation.override("ar"):
        arabic = raised.as_problem()
    assert english["title"] == "Outside your permissions"
    assert arabic["title"] != english["title"]
    assert arabic["code"] == english["code"]


def test_everything_a_parameter_can_be_becomes_json() -> None:
    assert refusal.plain({"a": [Decimal("1.5"), dt.date(2026, 1, 1)], 1: {2}}) == {"a": ["1.5", "2026-01-01"], "1": [2]}
