"""Opening files, moving them, their numbers, papers and clocks."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from authority.models import AuditEvent, Custodian, Office, Place, Role
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound, Refusal, Stale
from cases import selectors, services
from cases.deadlines import resume
from cases.models import Case, Deadline
from cases.services import NewPaper
from documents.models import Document
from tests.cases import builders
from tests.encroachments import builders as encroachments
from tests.leases import builders as leases
from tiles.models import LayerVersion

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 24)  # a Tuesday


@pytest.mark.django_db
class TestOpening:
    """Opening a file."""

    def test_a_file_has_its_event_its_audit_and_its_deadline(self) -> None:
        case = leases.application().case
        event = case.events.get()
        assert (event.act, event.source, event.target, event.row_version) == ("apply", "", "APPLIED", 1)
        assert AuditEvent.objects.filter(action="cases.act", object_id=str(case.pk)).count() == 1
        assert case.deadlines.get().due_on == case.due_on == dt.date(2026, 12, 8)
        assert LayerVersion.objects.get(layer="cases", governorate="19").version == 1

    def test_numbers_run_by_kind_governorate_and_year(self) -> None:
        first, second = leases.application().case, leases.application().case
        other = encroachments.reported().case
        new_year = leases.application(at=dt.datetime(2026, 12, 31, 22, 30, tzinfo=dt.UTC)).case
        assert [c.number for c in (first, second, other, new_year)] == ["2026/1", "2026/2", "2026/1", "2027/1"]

    def test_a_number_that_was_not_used_is_given_again(self) -> None:
        with transaction.atomic():
            leases.application()
            transaction.set_rollback(True)
        assert leases.application().case.number == "2026/1"

    def test_nobody_opens_a_file_outside_his_jurisdiction(self) -> None:
        elsewhere = Place.objects.create(kind="GOVERNORATE", code="02", name_ar="الإسكندرية", path="02")
        office = Office.objects.create(code="alex", name_ar="مكتب", place=elsewhere)
        with pytest.raises(NotAllowed):
            leases.application(by=builders.person(Role.PROPERTY_OFFICER, where=office))

    def test_a_custodians_officer_reports_on_his_land_only(self) -> None:
        waters = Custodian.objects.create(code="waters", name_ar="الري")
        office = Office.objects.create(code="w", name_ar="مكتب", custodian=waters)
        with pytest.raises(NotAllowed):
            encroachments.reported(by=builders.person(Role.CUSTODIAN_OFFICER, where=office))


@pytest.mark.django_db
class TestPerforming:
    """Doing an act."""

    def test_an_act_out_of_sight_is_not_found(self) -> None:
        case = leases.application().case
        elsewhere = Place.objects.create(kind="GOVERNORATE", code="02", name_ar="الإسكندرية", path="02")
        office = Office.objects.create(code="alex", name_ar="مكتب", place=elsewhere)
        stranger = builders.person(Role.INSPECTOR, where=office)
        with pytest.raises(NotFound):
            services.perform(case.pk, "inspect", by=stranger, at=builders.NOON)
        assert not selectors.cases_visible_to(stranger).exists()
        assert selectors.cases_visible_to(builders.person(Role.INSPECTOR)).get() == case

    def test_a_stale_version_is_refused_and_an_act_that_is_over_before_it(self) -> None:
        made = leases.application()
        inspector = builders.person(Role.INSPECTOR)
        with pytest.raises(Stale):
            leases.do(made, "inspect", Role.INSPECTOR, by=inspector, if_match=7)
        leases.do(made, "inspect", Role.INSPECTOR, by=inspector, if_match=1)
        with pytest.raises(Conflict) as refusal:
            leases.do(made, "inspect", Role.INSPECTOR, by=inspector, if_match=1)
        assert refusal.value.code == "act_not_open"

    def test_a_refused_act_leaves_nothing_behind(self) -> None:
        made = leases.application()
        before = AuditEvent.objects.count()
        with pytest.raises(Conflict):
            leases.do(made, "inspect", Role.INSPECTOR, papers=[])
        with pytest.raises(Invalid):
            leases.do(made, "reject", Role.GOVERNOR, note="  ")
        made.case.refresh_from_db()
        assert (made.case.state, made.case.row_version, AuditEvent.objects.count()) == ("APPLIED", 1, before)

    def test_an_unknown_act_is_invalid(self) -> None:
        with pytest.raises(Invalid):
            services.perform(leases.application().case.pk, "fly", by=builders.person(Role.GOVERNOR), at=builders.NOON)

    def test_nobody_acts_in_a_role_that_is_not_the_acts(self) -> None:
        both = builders.person(Role.INSPECTOR, Role.GOVERNOR)
        with pytest.raises(NotAllowed):
            services.perform(leases.application().case_id, "inspect", by=both, at=builders.NOON, role=Role.GOVERNOR)

    def test_each_act_has_exactly_one_audit_event(self) -> None:
        made = encroachments.notified()
        acts = made.case.events.count()
        assert AuditEvent.objects.filter(action="cases.act", object_id=str(made.case_id)).count() == acts == 6


@pytest.mark.django_db
class TestPapers:
    """Papers of a file."""

    def test_a_file_is_stored_and_found_in_the_case(self) -> None:
        case = leases.application().case
        new = NewPaper(kind="site_report", file=ContentFile(b"%PDF-1.7 x"), filename="محضر.pdf", number="12")
        paper = services.attach_paper(case.pk, paper=new, by=builders.person(Role.INSPECTOR), at=builders.NOON)
        assert paper.document == Document.objects.get()
        assert leases.do(case.lease, "inspect", Role.INSPECTOR, papers=[]).case.state == "INSPECTED"
        paper.refresh_from_db()
        assert paper.event is not None
        assert paper.event.act == "inspect"

    @pytest.mark.parametrize("paper", [NewPaper(kind="gift", text="x"), NewPaper(kind="site_report", text=" ")])
    def test_an_unknown_or_empty_paper_is_refused(self, paper: NewPaper) -> None:
        case = leases.application().case
        with pytest.raises(Invalid):
            services.attach_paper(case.pk, paper=paper, by=builders.person(Role.INSPECTOR), at=builders.NOON)

    def test_a_reader_attaches_nothing(self) -> None:
        case = leases.application().case
        with pytest.raises(NotAllowed):
            services.attach_paper(
                case.pk, paper=builders.paper("other"), by=builders.person(Role.AUDITOR), at=builders.NOON
            )

    def test_nothing_is_added_to_a_closed_file(self) -> None:
        case = leases.do(leases.application(), "reject", Role.GOVERNOR).case
        with pytest.raises(Conflict):
            services.attach_paper(
                case.pk, paper=builders.paper("other"), by=builders.person(Role.INSPECTOR), at=builders.NOON
            )


def open_deadline(case: Case, state: str) -> Deadline:
    """The deadline of a state that is not met."""
    return case.deadlines.get(state=state, met_on=None)


@pytest.mark.django_db
class TestClocks:
    """Deadlines."""

    def test_a_deadline_is_met_by_leaving_the_state(self) -> None:
        made = leases.do(leases.application(), "inspect", Role.INSPECTOR, at=builders.NOON + DAY)
        assert made.case.deadlines.get(state="APPLIED").met_on == TODAY + DAY
        assert made.case.due_on == open_deadline(made.case, "INSPECTED").due_on

    def test_holidays_shift_a_deadline_of_working_days(self) -> None:
        builders.holiday(dt.date(2026, 11, 25))
        assert encroachments.reported().case.due_on == dt.date(2026, 11, 30)  # 26, 29, 30 November

    def test_a_holiday_put_in_force_moves_open_deadlines_with_a_record_and_no_other(self) -> None:
        open_one = encroachments.reported().case
        met = leases.do(leases.application(), "inspect", Role.INSPECTOR, at=builders.NOON + DAY).case
        was = met.deadlines.get(state="APPLIED").due_on
        assert open_one.due_on == dt.date(2026, 11, 29)
        builders.holiday(dt.date(2026, 11, 26))
        open_one.refresh_from_db()
        assert open_one.due_on == open_one.deadlines.get().due_on == dt.date(2026, 11, 30)
        assert met.deadlines.get(state="APPLIED").due_on == was
        told = AuditEvent.objects.get(action="cases.deadline_moved", object_id=str(open_one.pk))
        assert (told.detail["before"], told.detail["after"]) == ("2026-11-29", "2026-11-30")

    def test_a_holiday_that_moves_gives_its_day_back(self) -> None:
        case = encroachments.reported().case
        first = builders.holiday(dt.date(2026, 11, 26))
        builders.holiday(dt.date(2026, 12, 3), replaces=first.pk)
        case.refresh_from_db()
        assert case.due_on == dt.date(2026, 11, 29)

    def test_a_holiday_entered_in_a_pause_takes_nothing_from_what_was_left(self) -> None:
        made = encroachments.reported()
        builders.holiday(dt.date(2026, 11, 26))
        kept = made.case.deadlines.get()
        resumed_on = dt.date(2026, 12, 6)
        resume(kept, dt.date(2026, 11, 25), resumed_on)
        assert kept.due_on == dt.date(2026, 12, 8)  # one of three days was used; 29 and 30 November were left

    def test_a_pause_stops_the_clock_and_the_rest_of_it_runs_after(self) -> None:
        made = encroachments.notified()
        assert made.case.due_on == dt.date(2026, 12, 9)
        made = encroachments.do(made, "stay", Role.LEGAL_OFFICER, at=builders.NOON + 5 * DAY)
        assert (made.case.due_on, open_deadline(made.case, "NOTIFIED").stopped_on) == (None, TODAY + 5 * DAY)
        made = encroachments.do(made, "lift_stay", Role.LEGAL_OFFICER, at=builders.NOON + 105 * DAY)
        assert made.case.due_on == dt.date(2027, 3, 21)  # ten days were left: 19 March is a Friday

    def test_a_review_has_a_clock_of_its_own_while_the_files_clock_stands(self) -> None:
        made = encroachments.do(encroachments.confirmed(), "review_title", Role.LEGAL_OFFICER)
        assert made.case.due_on == open_deadline(made.case, "TITLE_REVIEW").due_on == dt.date(2026, 12, 15)

    def test_a_closed_file_has_no_running_clock(self) -> None:
        made = encroachments.do(encroachments.confirmed(), "review_title", Role.LEGAL_OFFICER)
        made = encroachments.do(made, "title_accepted", Role.SECRETARY_GENERAL)
        assert (made.case.due_on, made.case.deadlines.filter(met_on=None).count()) == (None, 0)


@pytest.mark.django_db
def test_the_inbox_holds_what_waits_for_me_the_most_urgent_first() -> None:
    inspector, head = builders.person(Role.INSPECTOR), builders.person(Role.DISTRICT_HEAD)
    lease = leases.application().case
    encroachment = encroachments.reported().case
    assert list(selectors.inbox(inspector)) == [encroachment, lease]
    assert list(selectors.inbox(head)) == []
    inspected = encroachments.inspected().case
    assert list(selectors.inbox(head)) == [inspected]
    assert list(selectors.inbox(builders.person(Role.AUDITOR))) == []


@pytest.mark.django_db
def test_the_inbox_leaves_out_what_my_own_hand_bars_me_from() -> None:
    both = builders.person(Role.PROPERTY_OFFICER, Role.GOVERNOR)
    leases.do(leases.application(by=both), "inspect", Role.INSPECTOR)
    assert list(selectors.inbox(both)) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told_409() -> None:
    made = leases.do(leases.application(), "inspect", Role.INSPECTOR)
    people = [builders.person(Role.GOVERNOR), builders.person(Role.SECRETARY_GENERAL)]
    barrier = threading.Barrier(2)

    def race(user: object) -> str:
        try:
            barrier.wait(10)
            leases.do(made, "approve", "", by=user, if_match=2)  # type: ignore[arg-type]
        except Refusal as refusal:
            return f"{refusal.status} {refusal.code}"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(race, people)) == ["409 act_not_open", "won"]
    assert made.case.events.filter(act="approve").count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_twins_when_many_open_files_at_once() -> None:
    by, parcel, party = builders.person(Role.PROPERTY_OFFICER), builders.parcel(), builders.party()

    def open_one(_: int) -> str:
        try:
            return leases.application(parcel, by=by, party=party).case.number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(int(number.split("/")[1]) for number in pool.map(open_one, range(16)))
    assert numbers == list(range(1, 17))


@pytest.mark.django_db(transaction=True)
def test_of_many_contracts_over_one_parcel_at_once_the_database_takes_one() -> None:
    parcel = builders.parcel()
    ready = []
    for _ in range(4):
        lease = leases.do(leases.application(parcel), "inspect", Role.INSPECTOR)
        ready.append(leases.do(lease, "approve", Role.GOVERNOR))
    legal = builders.person(Role.LEGAL_OFFICER)

    def contract(lease: object) -> str:
        try:
            leases.do(lease, "contract", "", by=legal, facts={"rate_per_m2": 1})  # type: ignore[arg-type]
        except Refusal as refusal:
            return str(refusal.status)
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(contract, ready)) == ["409", "409", "409", "won"]
