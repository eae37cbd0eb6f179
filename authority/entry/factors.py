"""The second factor: codes of a phone by TOTP (RFC 6238), ten recovery codes on paper, and who has to have one.

A code counts once, one step of 30 s either way. Recovery codes are kept as a keyed hash, so that whoever reads the
table cannot use them; each attempt waits longer after a wrong one (django-otp), and no more than ten are taken in a
quarter of an hour.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

import segno
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from authority import audit
from authority.entry import sessions, throttle
from authority.models import User
from authority.policies import STAFF, scope_of
from authority.refusal import Conflict, Invalid
from ui.digits import to_latin

CODES: Final = 10
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads as something else
CODE_LETTERS: Final = 12  # 59 bits
SECRET_BYTES: Final = 20

ENROLLED = audit.declare("authority.factor_enrolled", _("Second factor set up"))
REMOVED = audit.declare("authority.factor_removed", _("Second factor taken off"))
CODES_MADE = audit.declare("authority.recovery_codes_made", _("Recovery codes made"))
CODE_USED = audit.declare("authority.recovery_code_used", _("Recovery code used"))


class WrongCode(Invalid):
    """Wrong, used before, or tried again too soon: one answer for all."""

    code = "code_wrong"
    message = _("The code is not right, or it was used before.")
    advice = _("Wait for the next code of the phone; after several wrong ones, wait a little longer.")


class AlreadyEnrolled(Conflict):
    """One phone for each person."""

    code = "factor_exists"
    message = _("You have a second factor already; take it off first.")


class NotEnrolled(Conflict):
    """There is nothing to take off."""

    code = "factor_missing"
    message = _("There is no second factor.")


@dataclass(frozen=True)
class Enrolment:
    """A secret that is offered to a phone and not yet in force; `key` is hexadecimal."""

    key: str
    username: str

    @property
    def secret(self) -> str:
        """The secret as people type it: base32 in groups of four."""
        text = base64.b32encode(bytes.fromhex(self.key)).decode()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))

    @property
    def address(self) -> str:
        """The address that phones read (`otpauth://`)."""
        return str(TOTPDevice(user=User(username=self.username), key=self.key).config_url)

    def picture(self) -> str:
        """Return the QR as a picture inside the page (`data:`), which the content policy lets in."""
        return str(segno.make(self.address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def asked_at_all() -> bool:
    """Say whether this site knows a second factor."""
    return bool(settings.SECOND_FACTOR != "off")


def compulsory_for(user: User) -> bool:
    """Say whether a person reaches nothing without a second factor: staff, where the setting says so."""
    if settings.SECOND_FACTOR != "staff":
        return False
    return user.is_superuser or scope_of(user).holds(STAFF)


def phone_of(user: User) -> TOTPDevice | None:
    """Return the phone that a person has enrolled."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def is_enrolled(user: User) -> bool:
    """Say whether a person has a second factor that is asked for."""
    return asked_at_all() and phone_of(user) is not None


def codes_left(user: User) -> int:
    """Return how many recovery codes a person has."""
    return int(StaticToken.objects.filter(device__user=user).count())


def new_enrolment(user: User) -> Enrolment:
    """Return a fresh secret for a person's phone."""
    return Enrolment(secrets.token_hex(SECRET_BYTES), user.username)


def digits_of(text: str) -> str:
    """Return a typed code with 0–9 and without spaces."""
    return "".join(to_latin(text[:40]).split())


@transaction.atomic
def enrol(*, by: User, at: dt.datetime, enrolment: Enrolment, code: str) -> list[str]:
    """Put an offered secret into force by a first code; returns the recovery codes, which are shown this once.

    Raises AlreadyEnrolled, WrongCode.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if phone_of(by) is not None:
        raise AlreadyEnrolled
    phone = TOTPDevice(user=by, name="phone", key=enrolment.key, confirmed=True)
    phone.save()
    if not (given := digits_of(code)).isascii() or not given.isdigit() or not phone.verify_token(given):
        raise WrongCode  # the transaction takes the phone back
    audit.record(ENROLLED, by=by, at=at, obj=by)
    return _fresh_codes(by)


def _fresh_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    paper = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _n in range(CODE_LETTERS)) for _c in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=_kept(user, code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _kept(user: User, code: str) -> str:
    """Return what is kept of a recovery code: 80 bits of a keyed hash, as wide as django-otp's column."""
    key = f"recovery code {settings.SECRET_KEY}".encode()
    told = hmac.digest(key, f"{user.pk}:{code}".encode("utf-8", "replace"), "sha256")
    return base64.b32encode(told[:10]).decode()


@transaction.atomic
def new_codes(*, by: User, at: dt.datetime) -> list[str]:
    """Make ten new recovery codes; the old ones end. Raises NotEnrolled."""
    if phone_of(by) is None:
        raise NotEnrolled
    audit.record(CODES_MADE, by=by, at=at, obj=by)
    return _fresh_codes(by)


def check(*, user: User, at: dt.datetime, code: str) -> None:
    """Take a code of the phone or of the paper. Raises WrongCode, Locked; what was counted stays counted."""
    throttle.before_code(user.pk)
    if not _accepted(user, at, code):
        raise WrongCode


@transaction.atomic
def _accepted(user: User, at: dt.datetime, code: str) -> bool:
    """Try a code under a lock, so that one code is never taken twice, not even at the same moment."""
    given = digits_of(code)
    if given.isascii() and given.isdigit():
        phone = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        return phone is not None and len(given) == phone.digits and bool(phone.verify_token(given))
    paper = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if paper is None or not paper.verify_token(_kept(user, given.replace("-", "").casefold())):
        return False
    audit.record(CODE_USED, by=user, at=at, obj=user, detail={"left": codes_left(user)})
    return True


@transaction.atomic
def remove(*, user: User, by: User, at: dt.datetime, keep: str | None = None) -> None:
    """Take off a person's second factor and end his other sessions. Raises NotEnrolled.

    Who may is asked by who calls: the person himself after a code, or two administrators (`entry.recovery`).
    """
    if not TOTPDevice.objects.filter(user=user).delete()[0]:
        raise NotEnrolled
    StaticDevice.objects.filter(user=user).delete()
    audit.record(REMOVED, by=by, at=at, obj=user)
    sessions.end_all(user=user, by=by, at=at, ending=sessions.Ending.CREDENTIALS, but=keep)
