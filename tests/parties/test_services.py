"""Parties: national numbers stay closed (threats C12)."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from authority import clock
from authority.models import AuditEvent, Role
from authority.refusal import NotAllowed, NotFound, Refusal
from parties import crypto, selectors, services
from parties.models import Party
from parties.policies import may_see, party_visible_to
from tests.authority.builders import ALEXANDRIA, ISMAILIA, make_custodian, make_office, make_place, make_user
from tests.parties.builders import MAN, WOMAN, make_party

pytestmark = pytest.mark.django_db


def all_text_of_the_database() -> str:
    """Return every row of the room and of the audit as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM parties_party p UNION ALL SELECT a::text FROM authority_auditevent a")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_number_stands_nowhere_in_clear(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        party = make_party(national_id_text="٢٠٠٠١٠١٠١٠٠٠١٤", phone="٠١٠١٢٣٤٥٦٧٨")
    assert party.national_id_mask == "2********00014"
    assert MAN not in all_text_of_the_database()
    assert MAN.encode().hex() not in all_text_of_the_database()
    assert MAN not in caplog.text
    assert party.phone == "+201012345678"


def test_a_party_is_found_by_its_number_in_any_digits() -> None:
    party = make_party(national_id_text=MAN)
    reader = make_user(Role.PROPERTY_OFFICER)
    assert selectors.party_by_national_id("٢٠٠٠١٠١٠١٠٠٠١٤", user=reader) == party
    with pytest.raises(NotFound):
        selectors.party_by_national_id(WOMAN, user=reader)


def test_a_number_is_entered_once() -> None:
    make_party(national_id_text=MAN)
    with pytest.raises(services.KnownParty) as raised:
        make_party(national_id_text=MAN)
    assert MAN not in str(raised.value.as_problem())


def test_the_whole_number_is_shown_for_a_reason_and_recorded() -> None:
    party, officer = make_party(national_id_text=MAN), make_user(Role.PROPERTY_OFFICER)
    with pytest.raises(services.ReasonMissing):
        services.reveal_national_id(party=party, by=officer, at=clock.now(), reason="لأن")
    assert services.reveal_national_id(party=party, by=officer, at=clock.now(), reason="تحرير عقد الإيجار رقم 5") == MAN
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor, event.object_id) == (services.ID_REVEALED, officer, str(party.pk))


@pytest.mark.parametrize("role", [Role.SURVEYOR, Role.AUDITOR, Role.GOVERNOR])
def test_who_sees_a_party_does_not_always_see_the_number(role: Role) -> None:
    party = make_party(national_id_text=MAN)
    with pytest.raises(NotAllowed):
        services.reveal_national_id(party=party, by=make_user(role), at=clock.now(), reason="a good reason")


def test_a_party_of_another_governorate_is_not_there() -> None:
    party = make_party(national_id_text=MAN)
    stranger = make_user(Role.PROPERTY_OFFICER, place=make_place(ALEXANDRIA))
    with pytest.raises(NotFound):
        selectors.party_by_id(party.pk, user=stranger)
    with pytest.raises(NotFound):
        selectors.party_by_national_id(MAN, user=stranger)
    with pytest.raises(NotFound):
        services.reveal_national_id(party=party, by=stranger, at=clock.now(), reason="a good reason")


def test_the_rule_for_one_party_and_for_many_agree() -> None:
    make_party(), make_party(by=make_user(Role.FRONT_DESK, place=make_place(ALEXANDRIA)), governorate=ALEXANDRIA)
    people = [make_user(role) for role in Role]
    people += [make_user(Role.SURVEYOR, place=make_place(ALEXANDRIA)), make_user()]
    people += [make_user(Role.CUSTODIAN_OFFICER, office=make_office(custodian=make_custodian()))]
    for user in people:
        seen = set(party_visible_to(user, Party.objects.all()))
        assert seen == {party for party in Party.objects.all() if may_see(user, party)}


def test_who_entered_a_party_and_lost_his_role_sees_it_no_more() -> None:
    clerk = make_user(Role.FRONT_DESK)
    party = make_party(by=clerk)
    assert may_see(clerk, party)
    clerk.roles.update(ends_on=dt.date(2020, 1, 2))
    assert not may_see(clerk, party)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name_ar": "  "}, "bad_name"),
        ({"name_ar": "ح" * 201}, "bad_name"),
        ({"national_id_text": "20002291200124"}, "bad_national_id"),
        ({"phone": "01312345678"}, "bad_phone"),
        ({"kind": "ROBOT"}, "bad_kind"),
        ({"governorate": ALEXANDRIA}, "may_not_enter_parties"),
    ],
)
def test_what_cannot_be_entered_is_refused_by_name(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as raised:
        make_party(**fields)
    assert raised.value.code == code
    assert "20002291200124" not in str(raised.value.as_problem())


def test_a_surveyor_enters_nobody() -> None:
    with pytest.raises(NotAllowed):
        make_party(by=make_user(Role.SURVEYOR))


def test_a_doubtful_check_digit_warns_and_does_not_refuse() -> None:
    assert services.warnings_for("29501023201952", clock.now())
    assert not services.warnings_for(MAN, clock.now())
    assert make_party(national_id_text="29501023201952").national_id_mask == "2********01952"


def test_withheld_data_is_gone_and_the_act_recorded() -> None:
    party = make_party(national_id_text=MAN, phone="01012345678")
    services.redact_party(party=party, by=make_user(Role.LEGAL_OFFICER), at=clock.now(), reason="طلب صاحب البيانات")
    kept = Party.objects.get()
    assert (kept.name_ar, kept.phone, kept.national_id_cipher) == (services.REDACTED_AR, "", None)
    assert AuditEvent.objects.latest("id").action == services.PARTY_REDACTED


def test_a_telephone_is_changed_with_audit_but_not_in_it() -> None:
    party, desk = make_party(), make_user(Role.FRONT_DESK)
    services.change_contact(party=party, phone="0111 234 5678", by=desk, at=clock.now())
    assert Party.objects.get().phone == "+201112345678"
    assert "1112345678" not in str(AuditEvent.objects.latest("id").detail)


def test_a_cipher_is_bound_to_its_row_and_its_key() -> None:
    one, other = make_party(national_id_text=MAN), make_party()
    assert one.national_id_cipher is not None
    assert crypto.decrypt(one.national_id_cipher, owner=one.pk) == MAN
    with pytest.raises(crypto.UnreadableError):
        crypto.decrypt(one.national_id_cipher, owner=other.pk)
    with override_settings(ID_KEY="another key"), pytest.raises(crypto.UnreadableError):
        crypto.decrypt(one.national_id_cipher, owner=one.pk)
    with pytest.raises(crypto.UnreadableError):
        crypto.decrypt(b"", owner=one.pk)
    assert crypto.encrypt(MAN, owner=one.pk) != crypto.encrypt(MAN, owner=one.pk)


def test_parties_are_listed_by_part_of_the_name() -> None:
    make_party(name_ar="شركة النيل", kind=Party.Kind.COMPANY)
    make_party(name_ar="محمود")
    reader = make_user(Role.SURVEYOR)
    assert selectors.parties(reader, name="النيل").get().kind == Party.Kind.COMPANY
    assert selectors.parties(reader, kind=Party.Kind.PERSON).get().name_ar == "محمود"
    assert Party.objects.first().governorate == ISMAILIA
