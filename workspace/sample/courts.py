"""Suits and days off of the sample, entered by the sample's own people: one enters, another confirms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random

from django.db import transaction
from django.db.models import Q

from authority.clock import CAIRO
from authority.models import Role, User
from law.days import holidays
from law.holidays import enforce_holiday, propose_holiday
from litigation import services
from litigation.models import Judgment, Suit
from parcels.models import ParcelVersion
from workspace.sample.files import free_land, someone

SOURCE = "مُختلق للتجربة"
# Days off that come every year on the same day; moving feasts are entered when they are announced.
FIXED = (
    (1, 7, "عيد الميلاد المجيد", "Coptic Christmas"),
    (1, 25, "ثورة 25 يناير وعيد الشرطة", "25 January Revolution and Police Day"),
    (4, 25, "عيد تحرير سيناء", "Sinai Liberation Day"),
    (5, 1, "عيد العمال", "Labour Day"),
    (7, 23, "ثورة 23 يوليو", "23 July Revolution"),
    (10, 6, "عيد القوات المسلحة", "Armed Forces Day"),
)
COURTS = {"02": "محكمة الإسكندرية الابتدائية", "19": "محكمة الإسماعيلية الابتدائية"}
# Subject, on which side the state stands, days since it was filed, what the court ruled, and how many days ago.
SUITS = (
    (Suit.Subject.OWNERSHIP, Suit.Side.DEFENDANT, 160, "", 0),
    (Suit.Subject.EVICTION, Suit.Side.CLAIMANT, 90, "", 0),
    (Suit.Subject.RENT, Suit.Side.CLAIMANT, 300, Judgment.Ruling.AGAINST_US, 12),
)
HEARINGS_EVERY = 35  # days


def make_holidays(on: dt.date) -> int:
    """Enter the fixed days off of this year and the next; return how many."""
    by = {one.username: one for one in User.objects.filter(username__in=[Role.LEGAL_OFFICER, Role.SECRETARY_GENERAL])}
    at = dt.datetime.combine(on.replace(month=1, day=2), dt.time(10), CAIRO)
    days = [(dt.date(year, month, day), ar, en) for year in (on.year, on.year + 1) for month, day, ar, en in FIXED]
    taken = set(holidays().values_list("day", flat=True))
    wanted = [row for row in days if row[0] not in taken]
    for day, name_ar, name_en in wanted:
        made = propose_holiday(
            by=by[Role.LEGAL_OFFICER], at=at, day=day, name_ar=name_ar, name_en=name_en, source=SOURCE
        )
        enforce_holiday(by=by[Role.SECRETARY_GENERAL], at=at, holiday=made)
    return len(wanted)


def make_suits(on: dt.date, seed: int) -> int:
    """Enter some suits on free land, with their hearings and a judgment; return how many."""
    rng = Random(seed)  # noqa: S311 - the sample is the same every time
    users = {user.username: user for user in User.objects.filter(username__in=list(Role.values))}
    with transaction.atomic():
        land = list(free_land(Q(place__path__regex="^(02|19)"), len(SUITS)))
        for number, (version, told) in enumerate(zip(land, SUITS, strict=False), start=1):
            one_suit(version, told, number, users, on, rng)
    return len(land)


def one_suit(
    version: ParcelVersion, told: tuple[str, str, int, str, int], number: int, users: Mapping[str, User], on: dt.date,
    rng: Random,
) -> None:  # fmt: skip
    """Enter one suit as its office would have."""
    subject, our_side, age, ruling, ago = told
    filed, lawyer, party = on - dt.timedelta(days=age), users[Role.LEGAL_OFFICER], someone(version, rng)
    other = Suit.Side.CLAIMANT if our_side == Suit.Side.DEFENDANT else Suit.Side.DEFENDANT
    at = dt.datetime.combine(filed + dt.timedelta(days=2), dt.time(11), CAIRO)
    first = filed + dt.timedelta(days=HEARINGS_EVERY)
    suit = services.register_suit(
        by=lawyer, at=at, court_kind=Suit.Court.FIRST_INSTANCE, circuit="٣ مدني", number=str(1200 + number),
        court=COURTS[version.parcel.place.governorate_code], year=filed.year, filed_on=filed, subject=subject,
        our_side=our_side, parties=[services.Standing(other, party.name_ar, party)],
        lands=[services.Concerned(parcel=version.parcel)], claim=SOURCE, first_hearing=first,
    )  # fmt: skip
    ruled = on - dt.timedelta(days=ago)
    while first < ruled:
        following = first + dt.timedelta(days=HEARINGS_EVERY)
        last = bool(ruling) and following >= ruled
        services.tell_hearing(
            by=lawyer, at=dt.datetime.combine(first, dt.time(14), CAIRO), hearing=suit.hearings.get(held_on=first),
            outcome="حجز الدعوى للحكم" if last else "تأجيل للاطلاع", next_on=None if last else following,
        )  # fmt: skip
        first = following
    if ruling:
        at = dt.datetime.combine(ruled, dt.time(15), CAIRO)
        found = services.enter_judgment(by=lawyer, at=at, suit=suit, ruling=ruling, ruled_on=ruled, words=SOURCE)
        services.confirm_judgment(by=users[Role.SECRETARY_GENERAL], at=at, judgment=found)
