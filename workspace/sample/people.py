"""Invented people: common names at about the rate at which they are met, and numbers of people born in 1900–1905.

The numbers have a valid structure (domain.md §5.1) and can belong to nobody alive.
"""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from random import Random

from authority.reference.governorates import GOVERNORATES

MALE = (
    *("محمد", "أحمد", "محمود", "مصطفى", "علي", "حسن", "إبراهيم", "عبد الله", "خالد", "يوسف", "السيد", "عمر", "سعيد"),
    *("عبد الرحمن", "حسين", "رمضان", "جمال", "صلاح", "فتحي", "عادل", "سمير", "كمال", "ياسر", "طارق", "أشرف", "هاني"),
    *("عماد", "مجدي", "نبيل", "شعبان", "عبد العزيز", "عبد الحميد", "بدوي", "عطية", "جرجس", "مينا", "بطرس", "ميخائيل"),
    *("إسماعيل", "سليمان", "عيد", "رجب", "زكريا", "وائل", "شريف", "عصام", "أيمن", "حمدي", "فؤاد", "يحيى", "موسى"),
)
FEMALE = (
    *("فاطمة", "زينب", "عائشة", "نادية", "سعاد", "منى", "هدى", "آمال", "سميرة", "ليلى", "نجلاء", "إيمان", "هناء"),
    *("أسماء", "مريم", "سامية", "كريمة", "رضا", "صباح", "عزيزة", "نعمة", "سهير", "وفاء", "ماجدة", "هالة", "رشا"),
)
FAMILY = (
    *("الشافعي", "المنياوي", "الدسوقي", "البحيري", "الشرقاوي", "المصري", "الصعيدي", "النجار", "الحداد", "الخولي"),
    *("العطار", "الطحان", "شاهين", "الفقي", "غنيم", "سالم", "منصور", "عوض", "خليل", "البنا", "عامر", "الجندي"),
    *("السويسي", "الإسكندراني", "العريشي", "أبو زيد", "أبو العلا", "أبو النجا", "حجازي", "درويش", "رزق", "قنديل"),
    *("مرسي", "نصار", "هلال", "الديب", "الهواري", "الزيني", "البدري", "الغريب", "متولي", "فرج", "جاد", "الشيخ"),
)
COMPANY = (
    *("الدلتا", "القناة", "النيل", "الفيروز", "المتوسط", "الأمل", "الوادي", "الشروق", "مريوط", "التمساح", "الفنار"),
    *("المنارة", "الواحة", "السلام", "النور", "البركة"),
)
TRADES = ("للاستثمار الزراعي", "للتنمية العقارية", "للتجارة والتوريدات", "للصناعات الغذائية", "للسياحة", "للمقاولات")
BODIES = (
    *("مديرية الشباب والرياضة", "مديرية التربية والتعليم", "مديرية الشئون الصحية", "مديرية الأوقاف"),
    *("شركة مياه الشرب والصرف الصحي", "شركة القناة لتوزيع الكهرباء", "مديرية التضامن الاجتماعي", "هيئة البريد"),
)
BORN_FROM, BORN_DAYS = dt.date(1900, 1, 1), 6 * 365
WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def _falling(names: tuple[str, ...]) -> list[float]:
    """Return how often each name is given, added up: the first far more often than the last."""
    return list(accumulate(1 / (rank + 1.6) ** 1.05 for rank in range(len(names))))


MALE_RATES, FEMALE_RATES = _falling(MALE), _falling(FEMALE)


def person_name(rng: Random) -> tuple[str, bool]:
    """Return a name of four parts and whether the bearer is a woman."""
    first, *fathers = rng.choices(MALE, cum_weights=MALE_RATES, k=3)
    woman = rng.random() < 0.22
    if woman:
        first = rng.choices(FEMALE, cum_weights=FEMALE_RATES)[0]
    return f"{first} {' '.join(fathers)} {rng.choice(FAMILY)}", woman


def company_name(rng: Random) -> str:
    """Return the name of an invented company."""
    return f"شركة {rng.choice(COMPANY)} {rng.choice(TRADES)}"


def national_id(serial: int, woman: bool) -> str:
    """Return the number of the `serial`-th invented person: unique for serials below 270 million."""
    day, rest = serial % BORN_DAYS, serial // BORN_DAYS
    place, run = rest % len(GOVERNORATES), rest // len(GOVERNORATES)
    born = BORN_FROM + dt.timedelta(days=day)
    last = (run * 2 + (0 if woman else 1)) % 10000
    body = f"2{born:%y%m%d}{GOVERNORATES[place].code}{last:04d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Return the digit that folklore puts last (domain.md §5.1)."""
    left = 11 - sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return str({10: 0, 11: 1}.get(left, left))
