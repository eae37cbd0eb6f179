"""The parcel page, the register's list and my work, through their addresses."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from authority.models import Role, User
from parcels.models import Holding, Status
from parcels.services import new_version
from tests.authority.builders import make_place, make_user
from tests.leases import builders as leases
from tests.parcels import builders

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer() -> User:
    return make_user(Role.PROPERTY_OFFICER, place=builders.a_governorate())


def text_of(answer: Any) -> str:
    """Return what the page says, without markup, in one line."""
    bare = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def test_a_parcel_page_says_number_code_areas_and_sides(officer: User) -> None:
    parcel = builders.a_parcel(number="12/3", deed_area_m2=Decimal("5000"), boundary_n="ترعة الملقة")
    said = text_of(signed_in(officer).get(f"/parcels/{parcel.pk}/"))
    for word in ("12/3", parcel.parcel_code, "المساحات الثلاث", "ترعة الملقة", "الحد القبلي", "5,000.00"):
        assert word in said


def test_a_parcel_outside_the_jurisdiction_is_not_found(officer: User) -> None:
    elsewhere = make_user(Role.PROPERTY_OFFICER, place=make_place("02"))
    parcel = builders.a_parcel()
    assert signed_in(elsewhere).get(f"/parcels/{parcel.pk}/").status_code == 404
    assert signed_in(officer).get(f"/parcels/{parcel.pk}/").status_code == 200


def test_nobody_reads_the_register_without_signing_in() -> None:
    parcel = builders.a_parcel()
    for path in (f"/parcels/{parcel.pk}/", "/parcels/", "/inbox/"):
        assert Client().get(path).status_code in (302, 401, 403)


def test_a_paper_parcel_says_that_it_has_no_place_yet(officer: User) -> None:
    parcel = builders.a_parcel(located=False, deed_area_m2=Decimal("1000"))
    assert "لم يُحدد موقع هذه القطعة بعد" in text_of(signed_in(officer).get(f"/parcels/{parcel.pk}/"))


def test_the_plan_shows_the_neighbours_and_names_them_as_boundaries(officer: User) -> None:
    west = builders.a_parcel(number="7", boundary=builders.a_boundary(0, 900))
    builders.a_parcel(number="8", boundary=builders.a_boundary(100, 900))
    page = signed_in(officer).get(f"/parcels/{west.pk}/")
    east = next(side for side in page.context["file"].sides if side.code == "e")
    assert (east.text, east.from_plan) == ("القطعة 8", True)
    assert [land.label for land in page.context["file"].plan.near] == ["8"]


def test_the_page_shows_the_land_as_it_stood_on_another_day(officer: User) -> None:
    keeper = builders.a_keeper()
    parcel = builders.a_parcel(by=keeper, number="5", legal_from=dt.date(2020, 1, 1), boundary_n="طريق قديم")
    new_version(parcel=parcel, by=keeper, at=timezone.now(), on=dt.date(2024, 1, 1), facts={"boundary_n": "طريق جديد"})
    client = signed_in(officer)
    now = text_of(client.get(f"/parcels/{parcel.pk}/"))
    then = text_of(client.get(f"/parcels/{parcel.pk}/?on=2022-06-01"))
    assert "طريق جديد" in now
    assert "طريق قديم" in then
    assert "ما كان قائمًا يوم 01/06/2022" in then


def test_the_page_shows_the_book_as_it_was_known_on_another_day(officer: User) -> None:
    parcel = builders.a_parcel(number="5")
    yesterday = (timezone.now() - dt.timedelta(days=2)).date()
    page = signed_in(officer).get(f"/parcels/{parcel.pk}/?known={yesterday}")
    assert page.status_code == 200
    assert page.context["file"].versions == []


@pytest.mark.parametrize("day", ["31/02/2024", "soon", "2024-13-01"])
def test_a_day_that_is_none_is_refused(officer: User, day: str) -> None:
    parcel = builders.a_parcel()
    assert signed_in(officer).get(f"/parcels/{parcel.pk}/", {"on": day}).status_code == 400


@pytest.mark.parametrize("tab", ["cases", "documents", "assets", "history", "nonsense"])
def test_each_part_of_the_file_opens(officer: User, tab: str) -> None:
    parcel = builders.a_parcel()
    builders.an_asset(parcel=parcel)
    assert signed_in(officer).get(f"/parcels/{parcel.pk}/?tab={tab}").status_code == 200


def test_a_standing_encroachment_is_said_at_the_head(officer: User) -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, kind=Holding.Kind.ENCROACHMENT, reference="2026/318", exclusive=False)
    page = signed_in(officer).get(f"/parcels/{parcel.pk}/")
    assert [alert.tone for alert in page.context["file"].alerts] == ["danger"]
    assert "تعدٍّ قائم 2026/318" in text_of(page)


def test_a_lease_shows_on_the_parcels_page_and_its_timeline(officer: User) -> None:
    lease = leases.contracted(at=timezone.now())
    assert lease.case.parcel is not None
    page = signed_in(make_user(Role.AUDITOR, place=make_place(lease.case.governorate))).get(
        f"/parcels/{lease.case.parcel.pk}/"
    )
    lanes = {lane.name: lane.bars for lane in page.context["file"].chart.lanes}
    assert lanes["الانتفاع"]
    assert [bar.span.title for bar in lanes["الملفات"]] == [lease.case.number]
    assert [bar.span.start for bar in lanes["المعاينات"]] == [timezone.localdate()]


def test_the_page_of_a_parcel_asks_the_database_a_bounded_number_of_times(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 1500))
    for n in range(1, 6):
        builders.a_parcel(boundary=builders.a_boundary(n * 100, 1500))
        builders.a_holding(parcel, start=dt.date(2000 + n, 1, 1), last_day=dt.date(2000 + n, 12, 31))
    client = signed_in(officer)
    with django_assert_max_num_queries(34):
        client.get(f"/parcels/{parcel.pk}/")


def numbers_in(answer: Any) -> set[str]:
    return {row["version"].parcel_no_raw for row in answer.context["rows"]}


def test_the_list_holds_the_jurisdictions_parcels_and_their_sum(officer: User) -> None:
    builders.a_parcel(number="1", survey_area_m2=Decimal("100"))
    builders.a_parcel(number="2", survey_area_m2=Decimal("50.5"))
    page = signed_in(officer).get("/parcels/")
    assert numbers_in(page) == {"1", "2"}
    assert page.context["found"].area_m2 == Decimal("150.5")


def test_the_list_is_filtered_by_place_status_and_area(officer: User) -> None:
    hod = builders.a_hod(number=9)
    builders.a_parcel(number="1", place=hod, survey_area_m2=Decimal("42008"))
    leased = builders.a_parcel(number="2", survey_area_m2=Decimal("100"))
    builders.a_holding(leased)
    client = signed_in(officer)
    assert numbers_in(client.get("/parcels/", {"place": hod.code})) == {"1"}
    assert numbers_in(client.get("/parcels/", {"status": Status.LEASED})) == {"2"}
    assert numbers_in(client.get("/parcels/", {"area_from": "٩٫٥"})) == {"1"}
    assert numbers_in(client.get("/parcels/", {"area_to": "1"})) == {"2"}
    assert numbers_in(client.get("/parcels/", {"place": "999999"})) == set()


def test_an_empty_list_says_what_to_try_next(officer: User) -> None:
    assert "لا قطعة بهذه الشروط" in text_of(signed_in(officer).get("/parcels/", {"status": Status.SOLD}))


def test_counts_stop_where_they_cease_to_be_exact(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspace.lists.register.EXACT", 1)
    builders.a_parcel()
    builders.a_parcel()
    assert "أكثر من 1 قطعة" in text_of(signed_in(officer).get("/parcels/"))


def test_a_file_waits_for_the_one_whose_act_is_next() -> None:
    lease = leases.application()
    place = make_place(lease.case.governorate)
    inspector = make_user(Role.INSPECTOR, place=place)
    page = signed_in(inspector).get("/inbox/")
    assert [work.case.pk for group in page.context["groups"] for work in group.items] == [lease.case_id]
    auditor = make_user(Role.AUDITOR, place=place)
    assert "لا شيء في انتظارك اليوم" in text_of(signed_in(auditor).get("/inbox/"))


def test_the_rail_counts_what_waits() -> None:
    lease = leases.application()
    inspector = make_user(Role.INSPECTOR, place=make_place(lease.case.governorate))
    rail = signed_in(inspector).get("/inbox/").context["ui_shell"]["rail"]
    assert {item.url: item.count for item in rail}["/inbox/"] == 1


def test_the_count_on_the_rail_follows_each_act() -> None:
    lease = leases.application()
    client = signed_in(make_user(Role.INSPECTOR, place=make_place(lease.case.governorate)))
    counts = []
    for step in (lambda: None, lambda: leases.do(lease, "inspect", Role.INSPECTOR)):
        step()
        rail = client.get("/parcels/").context["ui_shell"]["rail"]
        counts.append(next(item.count for item in rail if item.url == "/inbox/"))
    assert counts == [1, 0]


def test_a_past_day_shows_the_status_of_that_day(officer: User) -> None:
    parcel = builders.a_parcel()
    builders.a_holding(parcel, start=dt.date(2021, 1, 1), last_day=dt.date(2021, 12, 31))
    client = signed_in(officer)
    assert client.get(f"/parcels/{parcel.pk}/").context["file"].status == Status.FREE
    assert client.get(f"/parcels/{parcel.pk}/?on=2021-06-01").context["file"].status == Status.LEASED


def test_the_history_says_what_each_version_changed(officer: User) -> None:
    keeper = builders.a_keeper()
    parcel = builders.a_parcel(by=keeper, number="5", boundary_n="طريق قديم")
    facts = {"boundary_n": "طريق جديد"}
    new_version(parcel=parcel, by=keeper, at=timezone.now(), on=dt.date(2024, 1, 1), facts=facts, basis="قرار 7")
    page = signed_in(officer).get(f"/parcels/{parcel.pk}/?tab=history")
    newest, oldest = page.context["version_rows"]
    assert [(c.title, c.before, c.after) for c in newest["changes"]] == [("الحد البحري", "طريق قديم", "طريق جديد")]
    assert oldest["changes"] == []
