"""Every change of parties. National numbers are stored encrypted, shown masked, and revealed only for a reason."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from authority import audit, changes, clock
from authority.entry import proof
from authority.models import User
from authority.refusal import Conflict, Invalid, NotAllowed, NotFound
from parties import crypto, national_id, phones
from parties.models import Party
from parties.policies import may_reveal, may_see, require_enter

PARTY_REGISTERED = audit.declare("parties.registered", _("Party entered"))
PARTY_CHANGED = audit.declare("parties.changed", _("Party's data changed"))
ID_REVEALED = audit.declare("parties.national_id_revealed", _("National number shown in full"))
PARTY_REDACTED = audit.declare("parties.redacted", _("Personal data withheld"))

REASON_MIN, NAME_MAX, ADDRESS_MAX = 10, 200, 200
REDACTED_AR, REDACTED_EN = "بيانات محجوبة", "withheld"

ID_FAULTS = {
    "length": _("A national number has 14 digits."),
    "century": _("A national number begins with 2 or 3."),
    "date": _("The date of birth inside the national number does not exist."),
    "future": _("The date of birth inside the national number lies in the future."),
    "governorate": _("The governorate inside the national number is not known."),
}
CHECK_DIGIT_WARNING = _("The last digit of the national number does not fit the usual rule; compare it with the card.")


class BadNationalId(Invalid):
    """A number that breaks a rule; the number itself is not repeated."""

    code = "bad_national_id"


class BadPhone(Invalid):
    """Not a telephone number of Egypt."""

    code = "bad_phone"
    message = _("This is not an Egyptian mobile or landline number.")


class NameMissing(Invalid):
    """A party without a name, or with one that cannot be a name."""

    code = "bad_name"
    message = _("The name is needed, with at most %(limit)s letters.")


class KnownParty(Conflict):
    """The national number is in the book already."""

    code = "party_known"
    message = _("A party with this national number is entered already.")
    advice = _("Search for the party by the number and use that record.")


class ReasonMissing(Invalid):
    """Why a number is shown is part of the record."""

    code = "reason_needed"
    message = _("Write why the number is needed (at least %(limit)s letters); it is recorded with your name.")


def read_national_id(text: str, at: dt.datetime) -> national_id.NationalId:
    """Return what the number says; raises BadNationalId."""
    try:
        return national_id.read(text, today=clock.day_of(at))
    except national_id.BadNationalIdError as error:
        raise BadNationalId(message=ID_FAULTS[error.code], rule=error.code) from None


def warnings_for(text: str, at: dt.datetime) -> list[str]:
    """Return what is doubtful, but permitted, about a national number."""
    return [] if not text or read_national_id(text, at).check_digit_fits else [str(CHECK_DIGIT_WARNING)]


def read_phone(text: str) -> str:
    """Return the number as E.164, or "" where none is given; raises BadPhone."""
    if not text.strip():
        return ""
    try:
        return phones.normalise(text)
    except phones.BadPhoneError:
        raise BadPhone from None


def read_tax_no(text: str) -> str:
    """Return a tax number of nine digits, or "" where none is given; raises Invalid `bad_tax_no`."""
    digits = re.sub(r"[\s-]", "", national_id.clean(text))
    if digits and not re.fullmatch("[0-9]{9}", digits):
        raise Invalid("bad_tax_no", _("A tax number has nine digits."), field="tax_no")
    return digits


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_MAX:
        raise NameMissing(limit=NAME_MAX)
    return name


@transaction.atomic
def register_party(
    *,
    name_ar: str,
    governorate: str,
    by: User,
    at: dt.datetime,
    kind: str = Party.Kind.PERSON,
    name_en: str = "",
    national_id_text: str = "",
    commercial_register: str = "",
    phone: str = "",
    tax_no: str = "",
    address: str = "",
    invented: bool = False,
) -> Party:
    """Enter a party. Raises NotAllowed, NameMissing, BadNationalId, BadPhone, KnownParty, Invalid."""
    require_enter(by, governorate)
    if kind not in Party.Kind.values:
        raise Invalid("bad_kind")
    party = Party(
        id=uuid.uuid4(),
        kind=kind,
        name_ar=_name(name_ar),
        name_en=name_en.strip(),
        commercial_register=commercial_register.strip(),
        phone=read_phone(phone),
        tax_no=read_tax_no(tax_no),
        address=" ".join(address.split())[:ADDRESS_MAX],
        governorate=governorate,
        invented=invented,
        created_by=by,
    )
    if national_id_text.strip():
        _keep_number(party, read_national_id(national_id_text, at))
    party.save(force_insert=True)
    changes.changed("party", [party.pk])
    audit.record(PARTY_REGISTERED, by=by, at=at, obj=party, detail={"kind": kind, "mask": party.national_id_mask})
    return party


def _keep_number(party: Party, known: national_id.NationalId) -> None:
    """Put the number into the party, encrypted; raises KnownParty."""
    party.national_id_hash = crypto.hashed(known.number)
    if Party.objects.filter(national_id_hash=party.national_id_hash).exclude(pk=party.pk).exists():
        raise KnownParty
    party.national_id_cipher = crypto.encrypt(known.number, owner=party.pk)
    party.national_id_mask = known.mask


@transaction.atomic
def change_contact(
    *, party: Party, phone: str, by: User, at: dt.datetime, address: str | None = None, tax_no: str | None = None
) -> Party:
    """Change the telephone number, the address, the tax number. Raises NotAllowed, BadPhone, Invalid `bad_tax_no`."""
    require_enter(by, party.governorate)
    said = {"phone": read_phone(phone)}
    if address is not None:
        said["address"] = " ".join(address.split())[:ADDRESS_MAX]
    if tax_no is not None:
        said["tax_no"] = read_tax_no(tax_no)
    for name, value in said.items():
        setattr(party, name, value)
    party.save(update_fields=list(said))
    audit.record(PARTY_CHANGED, by=by, at=at, obj=party, detail={"fields": sorted(said)})
    return party


@transaction.atomic
def reveal_national_id(*, party: Party, by: User, at: dt.datetime, reason: str) -> str:
    """Return the whole number; who asked and why is recorded.

    Raises NotFound, NotAllowed, ReasonMissing, ProveAgain.
    """
    if not may_see(by, party):
        raise NotFound
    if not may_reveal(by, party):
        raise NotAllowed("may_not_reveal")
    if len(reason.strip()) < REASON_MIN:
        raise ReasonMissing(limit=REASON_MIN)
    if party.national_id_cipher is None:
        raise NotFound("no_national_id")
    proof.require_recent(at)
    number = crypto.decrypt(bytes(party.national_id_cipher), owner=party.pk)
    audit.record(ID_REVEALED, by=by, at=at, obj=party, detail={"reason": reason.strip()})
    return number


@transaction.atomic
def redact_party(*, party: Party, by: User, at: dt.datetime, reason: str) -> Party:
    """Withhold a person's data for good; the land book stays as it is. Raises NotAllowed, ReasonMissing."""
    if not may_reveal(by, party):
        raise NotAllowed
    if len(reason.strip()) < REASON_MIN:
        raise ReasonMissing(limit=REASON_MIN)
    blank = {
        "name_ar": REDACTED_AR,
        "name_en": REDACTED_EN,
        "national_id_cipher": None,
        "national_id_hash": None,
        "national_id_mask": "",
        "commercial_register": "",
        "phone": "",
        "tax_no": "",
        "address": "",
    }
    for name, value in blank.items():
        setattr(party, name, value)
    party.save(update_fields=list(blank))
    changes.changed("party", [party.pk])
    audit.record(PARTY_REDACTED, by=by, at=at, obj=party, detail={"reason": reason.strip()})
    return party
