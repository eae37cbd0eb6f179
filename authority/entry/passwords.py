"""What a password may be (ASVS 5, V6.2): long, not known, not made of the place's own words; nothing else is asked.

No rules of composition and no forced change: both make people write passwords down.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from authority.reference.governorates import GOVERNORATES
from ui.digits import to_latin

REMAINDER = 5  # letters that have to be left when known words, digits and signs are taken out
DISTINCT = 5
PARTED = re.compile(r"[^\w]+|_")
RUN = 6  # so long a run of neighbours (abcdef, 456789, qwerty) says nothing new
ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرلاىةوزظ",
)  # fmt: skip
# What people at such a desk take when they have to think of something.
COMMON: Final = (
    "amlak أملاك املاك password passw0rd pass كلمة السر المرور سر باسورد باسوورد admin administrator root",
    "user test sample welcome login secret letmein default changeme مدير النظام موظف مستخدم تجربة مرحبا",
    "egypt misr masr مصر القاهرة المحافظة محافظة governorate government حكومة الحكومة ministry وزارة",
    "الوزارة أراضي الأراضي land register state property الدولة مساحة المساحة allah الله بسم محمد mohamed",
    "mohammed muhammad ahmed أحمد احمد mahmoud محمود mostafa مصطفى ali علي habibi حبيبي حبيبتي bahebak",
    "بحبك ahly alahly الأهلي الاهلي zamalek الزمالك salah صلاح ramadan رمضان january february march april",
    "may june july august september october november december يناير فبراير مارس أبريل ابريل مايو يونيو",
    "يوليو أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر ديسمبر summer winter spring autumn",
)
LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
ALEFS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": ""})


def plain(text: str) -> str:
    """Return a text in the one form in which words are compared: case, marks and kinds of alef taken out."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", to_latin(text)) if not unicodedata.combining(c))
    return bare.casefold().translate(ALEFS)


@cache
def known_words() -> tuple[str, ...]:
    """Return the words that say nothing, longest first."""
    named = (name for g in GOVERNORATES for name in (g.name_ar, g.name_en, *g.aliases))
    return _longest_first([*(word for line in COMMON for word in line.split()), *named])


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    bare = {re.sub(r"[\W_]+", "", plain(word)) for word in words}
    return tuple(sorted((word for word in bare if len(word) > 2), key=lambda word: (-len(word), word)))


def remainder(password: str, words: Iterable[str]) -> str:
    """Return the letters of a password that are left when words, digits, signs and runs are taken out."""
    bare = re.sub(r"[\W_]+", "", plain(password))
    for word in words:
        bare = bare.replace(word, " ")
    return re.sub(r"[\d\s]+", "", _without_runs(bare))


def _without_runs(text: str) -> str:
    for row in ROWS:
        for line in (row, row[::-1]):
            for start in range(len(line) - RUN + 1):
                text = text.replace(line[start : start + RUN], " ")
    return text


def words_of(user: Any) -> Iterator[str]:
    """Yield the words that name a person: the account, the parts of the name, the address before its @."""
    for name in ("username", "name_ar", "name_en", "email"):
        value = str(getattr(user, name, "") or "").partition("@")[0]
        yield value
        yield from PARTED.split(value)


def guessable(password: str, user: Any = None) -> bool:
    """Say whether a password is made of what everybody, or everybody who knows the person, would try first."""
    words = _longest_first([*known_words(), *(words_of(user) if user is not None else ())])
    tried = (password, password.translate(LOOKALIKES))
    return any(len(remainder(one, words)) < REMAINDER for one in tried) or len(set(plain(password))) < DISTINCT


class Length:
    """Long enough, and not so long that hashing it becomes work."""

    def __init__(self, least: int = 12, most: int = 128) -> None:
        self.least, self.most = least, most

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a length outside."""
        if len(password) < self.least:
            raise ValidationError(
                _("At least %(count)d characters."), code="password_too_short", params={"count": self.least}
            )
        if len(password) > self.most:
            raise ValidationError(
                _("At most %(count)d characters."), code="password_too_long", params={"count": self.most}
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return str(_("At least %(count)d characters; a sentence of your own is best.") % {"count": self.least})


class NotGuessable:
    """Not made of names, months, this product's words or neighbouring keys."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that would be tried first."""
        if guessable(password, user):
            raise ValidationError(
                _("The password consists of words that are tried first: names, places, months, neighbouring keys."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return str(_("Not from your name, the place's name or words such as “password”."))
