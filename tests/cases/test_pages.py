"""The pages of files: the list, a file, its acts, its papers, as each person sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authority.models import AuditEvent, Role, User
from cases.models import Paper
from cases.registry import workflow_of
from cases.services import attach_paper, missing_papers
from tests.authority.builders import make_place, make_user
from tests.cases import builders
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_role(role: str, language: str = "en") -> Client:
    user = builders.person(role)
    User.objects.filter(pk=user.pk).update(language=language)
    return signed_in(User.objects.get(pk=user.pk))


def text_of(answer: Any) -> str:
    bare = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def stranger() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=make_place("02"), username="stranger")


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SYSTEM, "citizen"}))
def test_the_pages_of_a_file_answer_whoever_may_read_it_and_hide_it_from_the_rest(role: str) -> None:
    lease, report = leases.application(), encroachments.inspected()
    client = signed_in(builders.person(role))
    seen = client.get(f"/cases/{lease.case_id}/").status_code
    assert seen in (200, 404)
    for path in (f"/cases/{report.case_id}/", f"/cases/{lease.case_id}/sheet/", f"/cases/{report.case_id}/papers/new/"):
        assert client.get(path).status_code == seen
    listed = lease.case.number in text_of(client.get("/cases/"))
    assert listed is (seen == 200)


def test_a_file_of_another_governorate_is_not_found_on_any_page() -> None:
    case = leases.application().case
    client = signed_in(stranger())
    for path in ("", "sheet/", "papers/new/", "acts/inspect/"):
        assert client.get(f"/cases/{case.pk}/{path}").status_code == 404
    assert client.post(f"/cases/{case.pk}/acts/inspect/", {"row_version": "1"}).status_code == 404
    assert case.number not in text_of(client.get("/cases/"))


def test_a_file_shows_its_state_party_parcel_deadline_and_events() -> None:
    lease = leases.contracted()
    said = text_of(as_role(Role.DISTRICT_HEAD, "ar").get(f"/cases/{lease.case_id}/"))
    for words in (
        lease.case.number,
        "محمود عبد الله حسن",
        "تحرير العقد",
        lease.contract_number,
        "جدول استحقاق",
        "كيف حُسب؟",
    ):
        assert words in said


def test_an_act_of_another_role_is_shown_with_whose_it_is() -> None:
    case = leases.application().case
    said = text_of(as_role(Role.FRONT_DESK).get(f"/cases/{case.pk}/"))
    assert "This act belongs to: " in said
    assert "Record the inspection" in said


def test_an_act_is_done_from_its_page_with_its_paper() -> None:
    case = leases.application().case
    client = as_role(Role.INSPECTOR)
    page = client.get(f"/cases/{case.pk}/acts/inspect/")
    assert "Site inspection report" in text_of(page)
    file = SimpleUploadedFile("محضر.pdf", b"%PDF-1.4 minutes", "application/pdf")
    sent = {
        "row_version": "1",
        "site_report-file": file,
        "site_report-number": "12",
        "site_report-dated_on": "٢٤/١١/٢٠٢٦",
    }
    answer = client.post(f"/cases/{case.pk}/acts/inspect/", sent)
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "INSPECTED"
    paper = Paper.objects.get(case=case)
    assert (paper.number, str(paper.dated_on), paper.document is not None) == ("12", "2026-11-24", True)
    handed_out = client.get(f"/documents/{paper.document_id}/")
    assert (handed_out.status_code, handed_out.getvalue()) == (200, b"%PDF-1.4 minutes")
    for close in handed_out._resource_closers:
        close()
    assert signed_in(stranger()).get(f"/documents/{paper.document_id}/").status_code == 404


def test_an_act_without_its_paper_is_refused_beside_the_paper_and_keeps_what_was_typed() -> None:
    case = leases.application().case
    answer = as_role(Role.INSPECTOR).post(
        f"/cases/{case.pk}/acts/inspect/", {"row_version": "1", "note": "زرنا الموقع"}
    )
    assert answer.status_code == 400
    assert "زرنا الموقع" in answer.content.decode()
    assert "Attach the file, or write its number or words." in text_of(answer)
    case.refresh_from_db()
    assert case.state == "APPLIED"


def test_a_page_opened_before_a_colleague_acted_is_refused_and_keeps_what_was_typed() -> None:
    lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    client = as_role(Role.GOVERNOR)
    version = str(lease.case.row_version)
    leases.do(lease, "approve", Role.DISTRICT_HEAD)
    answer = client.post(f"/cases/{lease.case_id}/acts/reject/", {"row_version": version, "note": "الأرض محجوزة"})
    said = text_of(answer)
    assert answer.status_code in (409, 412)
    assert "the file has moved on since you opened this page" in said
    assert "Approve the application" in said
    assert "الأرض محجوزة" in answer.content.decode()


def test_a_reason_is_asked_for_where_the_table_asks() -> None:
    lease = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    sent = {"row_version": str(lease.case.row_version), "note": " "}
    answer = as_role(Role.GOVERNOR).post(f"/cases/{lease.case_id}/acts/reject/", sent)
    assert answer.status_code == 400
    lease.case.refresh_from_db()
    assert lease.case.state == "INSPECTED"


def test_the_maker_is_told_on_the_page_that_he_may_not_check() -> None:
    both = builders.person(Role.PROPERTY_OFFICER, Role.INSPECTOR)
    User.objects.filter(pk=both.pk).update(language="en")
    case = leases.application(by=both).case
    client = signed_in(User.objects.get(pk=both.pk))
    assert "another person has to do this act" in text_of(client.get(f"/cases/{case.pk}/"))
    answer = client.post(f"/cases/{case.pk}/acts/inspect/", {"row_version": "1", "site_report-text": "معاينة"})
    assert answer.status_code == 403
    case.refresh_from_db()
    assert case.state == "APPLIED"


@pytest.mark.parametrize("version", ["", "x", "-1", "999999999999999", "0"])
def test_a_hostile_version_is_answered_as_a_stale_page(version: str) -> None:
    case = leases.application().case
    answer = as_role(Role.INSPECTOR).post(
        f"/cases/{case.pk}/acts/inspect/", {"row_version": version, "site_report-text": "معاينة"}
    )
    assert answer.status_code == 412


def test_an_act_that_the_table_does_not_know_is_refused() -> None:
    case = leases.application().case
    assert as_role(Role.INSPECTOR).get(f"/cases/{case.pk}/acts/fly/").status_code == 409


def test_a_paper_is_attached_from_its_page_and_an_empty_or_unknown_one_refused() -> None:
    case = leases.application().case
    client, path = as_role(Role.PROPERTY_OFFICER), f"/cases/{case.pk}/papers/new/"
    assert client.post(path, {"kind": "other"}).status_code == 400
    assert client.post(path, {"kind": "no_such", "text": "نص"}).status_code == 400
    assert client.post(path, {"kind": "other", "number": "5", "text": "مذكرة"}).status_code == 302
    assert [paper.kind for paper in Paper.objects.filter(case=case)] == ["other"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"lease", "encroachment"}),
        ("kind=lease", {"lease"}),
        ("kind=encroachment", {"encroachment"}),
        ("kind=lease&state=APPLIED", {"lease"}),
        ("kind=lease&state=ACTIVE", set()),
        ("late=1", {"lease", "encroachment"}),
        ("mine=1", {"encroachment", "lease"}),
        ("kind=nothing&state=x&page=-7", {"lease", "encroachment"}),
    ],
)
def test_the_list_answers_its_filters(query: str, shown: set[str]) -> None:
    cases = {"lease": leases.application().case, "encroachment": encroachments.reported().case}
    for case in cases.values():
        case.__class__.objects.filter(pk=case.pk).update(due_on="2020-01-01")
    answer = as_role(Role.INSPECTOR).get(f"/cases/?{query}")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert {kind for kind, case in cases.items() if str(case.pk) in said} == shown


def test_nobody_reads_files_without_signing_in() -> None:
    case = leases.application().case
    for path in (
        "/cases/",
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/acts/inspect/",
        "/leases/new/",
        "/encroachments/new/",
    ):
        assert Client().get(path).status_code in (302, 401, 403)


def test_related_files_on_the_same_land_stand_on_the_page() -> None:
    lease = leases.application()
    report = encroachments.reported(lease.case.parcel)
    page = as_role(Role.PROPERTY_OFFICER).get(f"/cases/{lease.case_id}/").content.decode()
    assert f"/cases/{report.case_id}/" in page


@pytest.mark.parametrize("made", [leases.application, encroachments.reported])
def test_the_pages_of_a_file_stand_under_its_list_on_the_rail(made: Any) -> None:
    case = made().case
    client = as_role(Role.PROPERTY_OFFICER)
    marked = r'<a class="go" href="([^"]+)"[^>]* aria-current="page"'
    for path in (
        f"/cases/?kind={case.kind}",
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/papers/new/",
        f"/{case.kind}s/new/",
    ):
        assert re.findall(marked, client.get(path).content.decode()) == [f"/cases/?kind={case.kind}"], path


def test_a_paper_attached_by_mistake_is_marked_and_serves_no_act() -> None:
    case = encroachments.reported().case
    client = as_role(Role.INSPECTOR)
    paper = attach_paper(
        case.pk, paper=builders.paper("site_report"), by=builders.person(Role.INSPECTOR), at=builders.NOON
    )
    assert "site_report" not in missing_for(case)
    address = f"/cases/{case.pk}/papers/{paper.pk}/withdraw/"
    assert address in client.get(f"/cases/{case.pk}/").content.decode()
    assert client.post(address, {"reason": " "}).status_code == 400
    assert client.post(address, {"reason": "wrong parcel"}).status_code == 302
    assert "site_report" in missing_for(case)
    page = client.get(f"/cases/{case.pk}/")
    assert "wrong parcel" in text_of(page)
    assert address not in page.content.decode()
    assert client.post(address, {"reason": "again"}).status_code == 409
    assert AuditEvent.objects.filter(action="cases.withdraw_paper").count() == 1


def test_a_paper_on_which_an_act_rests_is_not_withdrawn() -> None:
    case = encroachments.inspected().case
    paper = case.papers.get(kind="site_report")
    client = as_role(Role.INSPECTOR)
    answer = client.post(f"/api/v1/cases/{case.pk}/papers/{paper.pk}/withdraw/", {"reason": "x"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "paper_served")
    assert client.get(f"/cases/{case.pk}/papers/999999/withdraw/").status_code == 404


def missing_for(case: Any) -> list[str]:
    """Return the papers that the next act still lacks."""
    return missing_papers(workflow_of(case).act("inspect"), case)
