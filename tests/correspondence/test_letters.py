"""The register of letters: numbers, answers, corrections, signatures."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import TransactionTestCase

from authority import clock
from authority.models import AuditEvent, Role
from authority.refusal import Conflict, Invalid, NotAllowed, Stale
from correspondence import selectors, services
from correspondence.models import Letter, LetterEvent
from documents.issuing import prove
from documents.policies import may_read
from tests.authority.builders import make_user
from tests.cases import builders as cases
from tests.correspondence.builders import a_clerk, a_file, a_signer, an_office, draft, incoming, sent
from tests.leases import builders as leases
from tests.parcels import builders as land

TOMORROW = dt.timedelta(days=1)


def numbers(direction: str) -> list[int | None]:
    rows = Letter.objects.filter(direction=direction).order_by("serial")
    return list(rows.values_list("serial", flat=True))


@pytest.mark.django_db
class TestNumbers:
    def test_each_office_has_two_registers_that_count_for_themselves(self) -> None:
        other = an_office(land.a_hod())
        gone = services.withdraw_draft(by=a_clerk(), at=clock.now(), letter=draft(), reason="لا حاجة")
        assert (gone.serial, gone.number) == (None, "")
        assert [incoming().serial, incoming().serial, incoming(office=other).serial, sent().serial] == [1, 2, 1, 1]

    def test_a_refused_letter_gives_its_number_back(self) -> None:
        with pytest.raises(Invalid):
            incoming(files=[services.NewFile(file=a_file().file, filename="x", title="x" * 201)])
        assert incoming().serial == 1

    def test_a_cancelled_letter_keeps_its_number_and_the_next_takes_another(self) -> None:
        letter = incoming()
        with pytest.raises(Invalid):
            services.cancel(by=a_clerk(), at=clock.now(), letter=letter, reason=" ")
        services.cancel(by=a_clerk(), at=clock.now(), letter=letter, reason="قيد مكرر")
        letter.refresh_from_db()
        assert (letter.state, letter.serial, letter.cancel_reason) == ("CANCELLED", 1, "قيد مكرر")
        assert incoming().serial == 2
        with pytest.raises(Conflict):
            services.file_letter(by=a_clerk(), at=clock.now(), letter=letter, note="x")

    @pytest.mark.parametrize(
        "change", [{"serial": 7}, {"year": 2020}, {"direction": "OUT"}, {"registered_on": "2020-01-01"}]
    )
    def test_the_database_refuses_to_change_a_number(self, change: dict[str, Any]) -> None:
        letter = incoming()
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)

    def test_the_database_refuses_a_gap_a_double_and_a_deletion(self) -> None:
        letter = incoming()
        for serial in (1, 3):
            with pytest.raises(IntegrityError), transaction.atomic():
                Letter.objects.create(
                    direction="IN", office=letter.office, place=letter.place, governorate="19", year=letter.year,
                    serial=serial, registered_on=letter.registered_on, correspondent="x", subject="x",
                    state="REGISTERED", entered_by=letter.entered_by, drafted_by=letter.entered_by,
                    entered_at=clock.now(),
                )  # fmt: skip
        for rows in (Letter.objects.filter(pk=letter.pk), LetterEvent.objects.filter(letter=letter)):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows._raw_delete(rows.db)


class TestNumbersUnderLoad(TransactionTestCase):
    def test_letters_registered_at_once_are_numbered_without_gap_or_double(self) -> None:
        office, clerk = an_office(), a_clerk()

        def one(count: int) -> None:
            try:
                for place in range(3):
                    incoming(by=clerk, office=office, subject=f"{count}-{place}")
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(one, range(4)))
        assert numbers("IN") == list(range(1, 13))


@pytest.mark.django_db
class TestIncoming:
    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"subject": " "}, "letter_incomplete"),
            ({"correspondent": ""}, "letter_incomplete"),
            ({"subject": "x" * 301}, "text_too_long"),
            ({"correspondent": "a\x00b"}, "text_too_long"),
            ({"enclosures": -1}, "letter_incomplete"),
            ({"sender_on": clock.today() + TOMORROW}, "sent_in_future"),
            ({"due_on": clock.today() - TOMORROW}, "due_in_past"),
        ],
    )
    def test_what_is_wrong_is_refused(self, wrong: dict[str, Any], code: str) -> None:
        with pytest.raises(Invalid) as refused:
            incoming(**wrong)
        assert refused.value.code == code
        assert not Letter.objects.exists()

    def test_only_keepers_of_the_offices_place_register(self) -> None:
        for who in (make_user(Role.AUDITOR, place=land.a_governorate()), a_clerk(land.a_governorate("02"))):
            with pytest.raises(NotAllowed):
                incoming(by=who)

    def test_the_same_letter_of_a_sender_is_entered_once(self) -> None:
        said = {"sender_no": "77", "sender_on": dt.date(2026, 1, 5)}
        first = incoming(**said)
        with pytest.raises(Conflict) as refused:
            incoming(**said)
        assert (refused.value.code, refused.value.params["number"]) == ("letter_known", first.number)
        incoming(**said, correspondent="هيئة الأوقاف")

    def test_an_open_letter_with_a_day_of_answer_waits_until_it_is_answered(self) -> None:
        user, due = a_clerk(), clock.today() + TOMORROW
        letter = incoming(due_on=due)
        incoming()
        assert [one.pk for one in selectors.awaiting(user)] == [letter.pk]
        assert list(selectors.late(user, due)) == []
        assert [one.pk for one in selectors.late(user, due + TOMORROW)] == [letter.pk]
        answer = sent(answers=letter)
        letter.refresh_from_db()
        assert (letter.state, list(selectors.awaiting(user))) == ("ANSWERED", [])
        services.cancel(by=a_signer(), at=clock.now(), letter=answer, reason="أُرسل خطأ")
        letter.refresh_from_db()
        assert letter.state == "REGISTERED"

    def test_a_chain_runs_through_both_registers(self) -> None:
        first = incoming()
        second = sent(answers=first)
        third = incoming(answers=second)
        for one in (first, second, third):
            assert [step.pk for step in selectors.chain(one, a_clerk())] == [first.pk, second.pk, third.pk]
        with pytest.raises(Invalid) as refused:
            incoming(answers=third)
        assert refused.value.code == "answers_wrongly"

    def test_it_is_assigned_to_somebody_of_the_place_and_filed_with_a_reason_while_it_waits(self) -> None:
        letter, officer = incoming(due_on=clock.today()), a_clerk()
        with pytest.raises(Invalid) as refused:
            services.assign(by=a_clerk(), at=clock.now(), letter=letter, to=a_clerk(land.a_governorate("02")))
        assert refused.value.code == "officer_elsewhere"
        services.assign(by=a_signer(), at=clock.now(), letter=letter, to=officer, note="للدراسة والرد")
        with pytest.raises(Invalid):
            services.file_letter(by=officer, at=clock.now(), letter=letter)
        services.file_letter(by=officer, at=clock.now(), letter=letter, note="للعلم فقط")
        letter.refresh_from_db()
        assert (letter.state, letter.assigned_to) == ("FILED", officer)
        with pytest.raises(Conflict):
            services.assign(by=officer, at=clock.now(), letter=letter, to=officer)

    def test_a_letter_answered_otherwise_says_how(self) -> None:
        letter = incoming()
        with pytest.raises(Invalid):
            services.answer_otherwise(by=a_clerk(), at=clock.now(), letter=letter, note=" ")
        services.answer_otherwise(by=a_clerk(), at=clock.now(), letter=letter, note="تليفونياً")
        assert letter.events.filter(act="ANSWERED", note="تليفونياً").exists()

    @pytest.mark.parametrize(
        ("field", "value", "stands"),
        [
            ("subject", "طلب شراء", "طلب شراء"),
            ("sender_on", "2026-01-05", dt.date(2026, 1, 5)),
            ("enclosures", "4", 4),
            ("sender_no", "", None),
            ("subject", "", None),
            ("sender_on", "2026-02-31", None),
            ("sender_on", "3000-01-01", None),
            ("enclosures", "٤x", None),
            ("serial", "9", None),
        ],
    )
    def test_a_correction_is_a_dated_row_that_keeps_what_stood_there(self, field: str, value: str, stands: Any) -> None:
        letter, by = incoming(subject="قديم"), a_clerk()
        said: dict[str, Any] = {"letter": letter, "field": field, "value": value, "reason": "خطأ في القيد"}
        if stands is None:
            with pytest.raises((Invalid, Conflict)):
                services.correct(by=by, at=clock.now(), **said)
            assert not letter.events.filter(act="CORRECTED").exists()
            return
        before = getattr(letter, field)
        event = services.correct(by=by, at=clock.now(), **said)
        letter.refresh_from_db()
        assert getattr(letter, field) == stands
        assert (event.before, event.after, event.by) == (
            str(before or ("" if before is None else before)),
            str(stands),
            by,
        )

    def test_who_is_late_does_not_overwrite_what_another_wrote(self) -> None:
        letter = incoming()
        version = letter.row_version
        services.set_due(by=a_clerk(), at=clock.now(), letter=letter, due_on=clock.today(), expected=version)
        with pytest.raises(Stale):
            services.file_letter(by=a_clerk(), at=clock.now(), letter=letter, expected=version, note="x")


@pytest.mark.django_db
class TestOutgoing:
    def test_who_wrote_a_letter_or_its_last_words_does_not_sign_it(self) -> None:
        head, second = a_signer(), a_signer()
        mine = draft(by=head)
        with pytest.raises(NotAllowed) as refused:
            services.sign(by=head, at=clock.now(), letter=mine)
        assert refused.value.code == "maker_is_signer"
        said = {"correspondent": "هيئة", "subject": "رد", "body": "نص جديد"}
        services.redraft(by=second, at=clock.now(), letter=mine, **said)
        for who in (head, second):
            with pytest.raises(NotAllowed):
                services.sign(by=who, at=clock.now(), letter=mine)
        with pytest.raises(NotAllowed):
            services.sign(by=a_clerk(), at=clock.now(), letter=mine)
        signed = services.sign(by=a_signer(), at=clock.now(), letter=mine)
        assert mine.events.get(act="REDRAFTED").before == "نحيط سيادتكم علماً"
        with pytest.raises(Conflict):
            services.redraft(by=second, at=clock.now(), letter=signed, **said)
        with pytest.raises(Conflict):
            services.correct(by=a_clerk(), at=clock.now(), letter=signed, field="subject", value="x", reason="x")

    def test_a_signed_letter_is_a_paper_that_can_be_proved_until_it_is_cancelled(self) -> None:
        letter = sent(parcels=[land.a_parcel()])
        assert letter.paper is not None
        proof = prove({"c": letter.paper.code})
        assert proof is not None
        assert not proof.changed
        assert [letter.number in fact for fact in proof.paper.facts].count(True) == 1
        assert may_read(a_clerk(), letter.paper.document)
        assert not may_read(a_clerk(land.a_governorate("02")), letter.paper.document)
        services.cancel(by=a_signer(), at=clock.now(), letter=letter, reason="خطأ")
        proof = prove({"c": letter.paper.code})
        assert proof is not None
        assert proof.paper.revoked_at is not None

    def test_every_act_leaves_an_event_and_an_audit_row(self) -> None:
        letter = draft()
        services.link_letter(by=a_clerk(), at=clock.now(), letter=letter, parcels=[land.a_parcel()])
        services.enclose(by=a_clerk(), at=clock.now(), letter=letter, file=a_file())
        services.sign(by=a_signer(), at=clock.now(), letter=letter)
        told = ["DRAFTED", "LINKED", "ENCLOSED", "SIGNED"]
        assert list(letter.events.values_list("act", flat=True)) == told
        rows = AuditEvent.objects.filter(object_id=str(letter.pk), action__startswith="correspondence.")
        assert list(rows.order_by("pk").values_list("action", flat=True)) == [
            f"correspondence.{act.lower()}" for act in told
        ]

    def test_letters_are_found_on_their_parcel_and_on_their_file(self) -> None:
        lease = leases.application(cases.parcel())
        letter = incoming(cases=[lease.case])
        parcel = lease.case.parcel
        assert parcel is not None
        assert [one.pk for one in selectors.letters_on(a_clerk(), parcel=parcel.pk)] == [letter.pk]
        assert [one.pk for one in selectors.letters_on(a_clerk(), case=lease.case_id)] == [letter.pk]
        with pytest.raises(Invalid) as refused:
            services.link_letter(by=a_clerk(), at=clock.now(), letter=letter, cases=[lease.case])
        assert refused.value.code == "linked_to_nothing"
