"""Finding without an index: parcels by number, code, hod or street, places by name, files by number.

Every word must be met; words are compared as they are stored, with ه/ة, ى/ي and أ/إ/آ/ا taken as alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from authority.models import Place, User
from cases.models import Case
from cases.policies import cases_visible_to
from cases.registry import kind_of, state_title
from parcels import codes
from parcels.models import ParcelVersion, Status
from parcels.policies import versions_visible_to
from ui.digits import to_latin
from workspace.lists.filters import standing
from workspace.parcel.file import case_url
from workspace.parcel.rows import shown_m2

PAGE = 20
COUNTED = 1_000
MOST_WORDS = 6
ALIKE = {"ه": "[هة]", "ة": "[هة]", "ى": "[ىي]", "ي": "[ىي]", "ا": "[اأإآ]", "أ": "[اأإآ]", "إ": "[اأإآ]", "آ": "[اأإآ]"}
LABELS = {"قطعة", "القطعة", "قطعه", "القطعه", "حوض", "الحوض", "رقم", "ملف", "parcel", "hod", "no", "file"}


@dataclass(frozen=True)
class Row:
    """One result."""

    id: str
    title: str
    url: str
    subtitle: str = ""
    status: str = ""
    status_title: str = ""
    area_m2: Decimal | None = None


@dataclass(frozen=True)
class Group:
    """The results of one kind; counted exactly to a thousand."""

    kind: str
    title: str
    rows: list[Row]
    number: int
    more: bool = False  # there is a next page
    area_m2: Decimal | None = field(default=None)

    @property
    def count(self) -> str:
        """The count as it is said."""
        return f"+{COUNTED:,}" if self.number > COUNTED else f"{self.number:,}"


def words_of(text: str) -> list[str]:
    """Return what was typed, word by word, labels left out, digits as 0–9."""
    plain = to_latin(text[:200].replace("\x00", " ").lower())
    found = [word.strip("،,.;:()«»\"'") for word in plain.split()]
    return [word for word in found if word and word not in LABELS][:MOST_WORDS]


def pattern(word: str) -> str:
    """Return a pattern that takes letters written alike as one."""
    return "".join(ALIKE.get(letter, re.escape(letter)) for letter in word)


def named(field_name: str, word: str) -> Q:
    """A stored text holds the word."""
    return Q(**{f"{field_name}__iregex": pattern(word)})


def is_number(word: str) -> bool:
    """Say whether a word is the number of a parcel or file."""
    return bool(re.fullmatch(r"\d{1,6}(?:/[\w]{1,6})*", word))


def parcel_by(word: str) -> Q:
    """Return how a word meets a parcel: its number, its code, the places above it, its street."""
    code = codes.clean(word)
    if is_number(word):
        return Q(parcel_no_norm=word) | Q(place__hod_no=word)
    if re.fullmatch(r"[\d-]{5,40}", word):
        return Q(parcel__parcel_code__startswith=code)
    place = named("place__name_ar", word) | named("place__parent__name_ar", word) | named("place__name_en", word)
    return place | named("street", word) | named("parcel_no_raw", word)


def all_met(words: Iterable[str], rule: Callable[[str], Q]) -> Q:
    """Every word must be met."""
    found = Q()
    for word in words:
        found &= rule(word)
    return found


def group(kind: str, title: str, rows: QuerySet[Any], show: Callable[[Any], Row], page: int) -> Group:
    """Return one page of a kind's results."""
    number = rows.order_by()[: COUNTED + 1].count()
    start = (page - 1) * PAGE
    return Group(kind, title, [show(row) for row in rows[start : start + PAGE]], number, number > start + PAGE)


def parcels(user: User, words: list[str], page: int) -> Group:
    """Return the parcels found."""
    rows = versions_visible_to(user, standing()).filter(all_met(words, parcel_by))
    light = rows.select_related("parcel", "place__parent").defer(
        "geom", "geom_3857", "source_geom", "source_attributes", "place__geom", "place__geom_3857"
    )
    return group("parcel", _("Parcels"), light.order_by("parcel_no_main", "parcel__parcel_code"), parcel_row, page)


def parcel_row(version: ParcelVersion) -> Row:
    """Show a parcel."""
    above = [str(place) for place in (version.place, version.place.parent) if place]
    return Row(
        id=str(version.parcel_id),
        title=_("Parcel %(number)s") % {"number": version.parcel_no_raw},
        url=reverse("workspace:parcel", args=[version.parcel_id]),
        subtitle=" · ".join([part for part in (version.street,) if part] + above),
        status=version.parcel.status,
        status_title=str(Status(version.parcel.status).label),
        area_m2=shown_m2(version),
    )


def places(_user: User, words: list[str], page: int) -> Group:
    """Return the places found: they are everybody's."""
    rule = all_met(words, lambda word: named("name_ar", word) | named("name_en", word) | Q(hod_no=word))
    rows = Place.objects.filter(rule, closed_on__isnull=True).select_related("parent").defer("geom", "geom_3857")
    return group("place", _("Places"), rows.order_by("path"), place_row, page)


def place_row(place: Place) -> Row:
    """Show a place; it leads to its parcels."""
    url = f"{reverse('workspace:parcels')}?place={place.code}"
    return Row(place.code, str(place), url, str(place.parent) if place.parent else "")


def files(user: User, words: list[str], page: int) -> Group:
    """Return the files found by number or party."""
    rule = all_met(words, lambda word: Q(number__endswith=word) | named("party__name_ar", word))
    rows = cases_visible_to(user, Case.objects.filter(rule)).select_related("party", "place")
    light = rows.defer("geom", "geom_3857", "place__geom", "place__geom_3857")
    return group("case", _("Files"), light.order_by("-opened_at"), file_row, page)


def file_row(case: Case) -> Row:
    """Show a file."""
    told = [str(part) for part in (case.party, case.place) if part]
    title = f"{kind_of(case.kind).title} {case.number}"
    return Row(
        str(case.pk), title, case_url(case.pk), " · ".join(told), status_title=state_title(case.kind, case.state)
    )


KINDS: dict[str, Callable[[User, list[str], int], Group]] = {"parcel": parcels, "case": files, "place": places}


def find(user: User, words: list[str], kind: str = "", page: int = 1) -> list[Group]:
    """Return the groups of results within the person's rights; without words there are none."""
    if not words:
        return []
    wanted = [kind] if kind in KINDS else list(KINDS)
    return [found for name in wanted if (found := KINDS[name](user, words, page)).rows]


__all__ = ["Group", "Row", "find", "pattern", "words_of"]
