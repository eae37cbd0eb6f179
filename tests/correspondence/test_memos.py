"""Memos for the decision: what they are composed of, versions, the second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string

from authority import clock
from authority.models import Role
from authority.refusal import Conflict, Invalid, NotAllowed
from cases.models import Case
from cases.registry import kinds
from correspondence import services
from correspondence.composing import present, rules_for
from correspondence.models import MemoVersion
from correspondence.papers import options_of
from documents.issuing import prove
from documents.services import open_file
from tests.authority.builders import make_user
from tests.correspondence.builders import a_clerk, a_memo, a_signer, incoming
from tests.custody import builders as custody
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases
from tests.parcels import builders as land

pytestmark = pytest.mark.django_db


def a_lease() -> Case:
    return leases.do(leases.application(land.a_parcel()), "inspect", Role.INSPECTOR).case


def an_encroachment() -> Case:
    return encroachments.inspected().case


def a_claim() -> Case:
    return custody.claim(land.a_parcel()).case


KINDS: dict[str, Callable[[], Case]] = {"lease": a_lease, "encroachment": an_encroachment, "custody": a_claim}


def test_every_kind_of_file_is_tried_here() -> None:
    assert {kind.kind for kind in kinds()} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_memo_tells_what_the_file_of_each_kind_holds(kind: str) -> None:
    case, user = KINDS[kind](), a_clerk()
    letter = incoming(cases=[case])
    told = present(case, user, clock.now(), [])
    assert case.number in told.heading[0][1]
    assert told.chart is not None
    assert told.chart.sketch.own
    assert all((told.identity, told.areas, told.law))
    assert len(told.history) == case.events.count()
    assert [one.pk for one in told.letters] == [letter.pk]
    assert len(told.papers) == case.papers.filter(withdrawn_at=None).count()
    if kind == "encroachment":
        assert [bool(one.path) for one in told.chart.over] == [True] * len(told.chart.over)
        assert told.figures


def test_the_reasons_people_gave_are_its_opinions() -> None:
    case = a_lease()
    told = present(case, a_clerk(), clock.now(), [])
    assert "السبب" in [one.text for one in told.opinions]


def test_a_file_on_no_parcel_is_drawn_where_it_stands() -> None:
    case = encroachments.reported().case
    case.parcel = None
    told = present(case, a_clerk(), clock.now(), [])
    assert told.chart is not None
    assert told.chart.over[0].spot is not None
    assert told.chart.sketch.own == ""
    assert not told.areas


def test_it_cites_the_rules_that_its_writer_chose_and_no_others() -> None:
    case = a_lease()
    rule = rules_for(case, clock.now()).filter(code="litigation.locks").get()
    memo = a_memo(case, rules=[rule.pk])
    cited = present(case, a_clerk(), clock.now(), memo.versions.get().rules).basis
    assert any(rule.source in words for _title, words in cited)
    with pytest.raises(Invalid) as refused:
        a_memo(case, rules=[0])
    assert refused.value.code == "rule_not_in_force"


def test_drafts_are_kept_as_versions() -> None:
    memo = a_memo(a_claim(), recommendation="أول")
    services.rewrite_memo(
        by=a_clerk(), at=clock.now(), memo=memo, addressee="المحافظ", subject="x", recommendation="ثان"
    )
    assert list(memo.versions.values_list("number", "recommendation")) == [(1, "أول"), (2, "ثان")]
    with pytest.raises(DatabaseError), transaction.atomic():
        MemoVersion.objects.filter(memo=memo).update(recommendation="غيره")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_paper_of_each_kind_can_be_laid_out(kind: str) -> None:
    case = KINDS[kind]()
    said = a_memo(case).versions.get()
    told = {"said": said, "options": options_of(said), "file": present(case, a_clerk(), clock.now(), [])}
    html = render_to_string("correspondence/memo_paper.html", told)
    for words in (case.number, "<svg", "السيد السكرتير العام", "الموافقة"):
        assert words in html


def test_a_second_person_issues_it_as_a_pdf_that_can_be_proved() -> None:
    head = a_signer()
    memo = a_memo(an_encroachment())
    with pytest.raises(NotAllowed):
        services.issue_memo(by=a_clerk(), at=clock.now(), memo=memo)
    issued = services.issue_memo(by=head, at=clock.now(), memo=memo)
    assert issued.paper is not None
    proof = prove({"c": issued.paper.code})
    assert proof is not None
    assert not proof.changed
    assert open_file(issued.paper.document).read_bytes().startswith(b"%PDF")
    said: dict[str, Any] = {"addressee": "x", "subject": "x", "recommendation": "x"}
    with pytest.raises(Conflict):
        services.rewrite_memo(by=a_clerk(), at=clock.now(), memo=memo, **said)
    with pytest.raises(NotAllowed):
        services.withdraw_memo(by=a_clerk(), at=clock.now(), memo=memo, reason="خطأ")
    services.withdraw_memo(by=head, at=clock.now(), memo=memo, reason="خطأ")
    proof = prove({"c": issued.paper.code})
    assert proof is not None
    assert proof.paper.revoked_at is not None


def test_who_wrote_any_version_does_not_issue_it() -> None:
    both = make_user(Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL, place=land.a_governorate())
    memo = a_memo(a_claim())
    services.rewrite_memo(by=both, at=clock.now(), memo=memo, addressee="x", subject="x", recommendation="x")
    services.rewrite_memo(by=a_clerk(), at=clock.now(), memo=memo, addressee="x", subject="x", recommendation="x")
    with pytest.raises(NotAllowed) as refused:
        services.issue_memo(by=both, at=clock.now(), memo=memo)
    assert refused.value.code == "maker_is_signer"
