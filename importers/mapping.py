"""What the columns of a survey mean: suggested by their names and contents, decided by a person. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from importers.findings import Suggestion

# Field of the register → how surveyors name it. Names are compared after `plain`; the first field that matches wins.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "parcel_no": (
        "parcel no", "parcelno", "parcel number", "parcel", "plot no", "plot", "piece no", "qita", "qetaa", "kita",
        "رقم القطعة", "القطعة", "قطعة", "رقم القطعه", "ق", "رقم قطعة", "plot num", "parcel id",
    ),
    "parcel_code": ("parcel code", "parcelcode", "internal code", "الكود الداخلي", "كود القطعة"),
    "hod_no": ("hod no", "hodno", "hod number", "hood no", "basin no", "رقم الحوض", "رقم حوض", "نمرة الحوض"),
    "hod_name": ("hod name", "hod", "hood", "hoad", "basin", "basin name", "الحوض", "حوض", "اسم الحوض"),
    "nahia": ("nahia", "nahya", "village", "vill", "village name", "الناحية", "ناحية", "القرية", "قرية", "shiakha"),
    "shiyakha": ("shiyakha", "sheyakha", "shyakha", "الشياخة", "شياخة"),
    "markaz": ("markaz", "center", "centre", "sec name", "qism", "المركز", "مركز", "القسم", "قسم"),
    "street": ("street", "st name", "road", "الشارع", "شارع", "اسم الشارع"),
    "building_no": ("building no", "bldg no", "house no", "رقم العقار", "العقار", "رقم المبنى"),
    "area_m2": (
        "area", "area m2", "area sqm", "area m", "shape area", "sqm", "m2", "المساحة", "مساحة", "المساحة بالمتر", "م2",
        "مساحة م2", "farm area", "arra", "ara", "arrea", "arera", "area 1",
    ),
    "area_feddan": ("feddan", "fadan", "fedan", "fedaan", "fad", "fed", "faddd", "fdn", "فدان", "ف", "المساحة بالفدان"),
    "area_qirat": ("qirat", "kirat", "kerat", "qerat", "قيراط", "ط"),
    "area_sahm": ("sahm", "sahim", "سهم", "س"),
    "land_use": (
        "land use", "landuse", "land cover", "landcover", "use", "class name", "ar name", "desc1", "desc", "discrip",
        "الاستخدام", "استخدام", "استخدام الارض", "نوع الاستخدام", "النشاط", "الوصف",
    ),
    "holder": (
        "holder", "hand name", "owner name", "owner", "own", "occupant", "man name", "company na", "الحائز", "حائز",
        "المالك", "مالك", "اسم الحائز", "اسم المالك", "واضع اليد", "المنتفع", "المستاجر",
    ),
    "name": ("farm name", "name", "الاسم", "اسم", "اسم المزرعة", "المزرعة"),
    "source_key": ("farm code", "code", "m id", "objectid", "fid", "id", "الكود", "كود", "م"),
    "notes": ("notes", "note", "remarks", "remark", "comment", "rev", "ملاحظات", "ملاحظة", "ملحوظات"),
}  # fmt: skip
FIELDS = tuple(SYNONYMS)
# What GIS programs keep for themselves: never a field of the register unless a person says so.
OF_PROGRAMS = {"shape leng", "shape le", "shape length", "fid", "perimeter", "src file", "shape le 1", "shape le 2"}

# Land use as written → parcels.LandUse. The first pattern found in the plain text wins.
USES: tuple[tuple[str, str], ...] = (
    ("مقابر|مدافن|جبان|cemeter", "CEMETERY"),
    ("طريق|طرق|شارع|جسر|سكة حديد|road|street|rail", "ROAD"),
    ("ترع|مصرف|مصارف|مروي|مراوي|منافع ري|صرف|canal|drain", "DRAIN_CANAL"),
    ("متخلل", "INTERSTITIAL"),
    ("زوائد تنظيم|زائده تنظيم", "LINE_REMAINDER"),
    ("غير مستغل|فضاء|بور|خالي|vacant|unused|bare", "VACANT"),
    ("مستصلح|استصلاح|reclaim", "AGRI_RECLAIMED"),
    ("سكن|مباني|مبني|منزل|منازل|بيت|عزب|عماره|مبامي|resid|building|hous", "RESIDENTIAL"),
    ("تجار|محل|محلات|سوق|مخزن|مخازن|جراج|commerc|shop", "COMMERCIAL"),
    ("صناع|مصنع|مصانع|ورش|محطه|محجر|industr|factor", "INDUSTRIAL"),
    ("سياح|فندق|شاطئ|قريه سياحيه|touris|hotel|beach", "TOURISM"),
    ("خدم|مدرس|مسجد|كنيس|مستشف|وحده|حكوم|نادي|service|school|mosque|church", "SERVICE"),
    ("زراع|محاصيل|بستان|حقلي|منزرع|موالح|مانجو|عنب|رمان|زيتون|نخيل|خوخ|موز|قمح|ذره|برسيم", "AGRI_OLD"),
    ("بصل|بطاطس|بنجر|طماطم|بطيخ|كنتالوب|جواف|جزر|اشجار|مشتل|صوب|برتقال|يوسفي|فراوله|فول|ارز|قطن", "AGRI_OLD"),
    ("فاكهه|خضار|agri|crop|farm|orchard", "AGRI_OLD"),
    ("صحرا|رمال|desert|sand", "DESERT"),
)  # fmt: skip
FEDDAN, QIRAT, SAHM = Fraction(25205, 6), Fraction(25205, 144), Fraction(25205, 3456)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")


def plain(text: str) -> str:
    """Return a name or value in the one spelling names are compared in."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(DIGITS)
    text = re.sub(r"[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    text = re.sub(r"[أإآٱ]", "ا", text).replace("ى", "ي").replace("ة", "ه").replace("ی", "ي").replace("ک", "ك")
    return re.sub(r"[\W_]+", " ", text).strip()


BY_NAME = {plain(name): field for field, names in reversed(SYNONYMS.items()) for name in names}


def field_of(column: str) -> str:
    """Return the field a column's name stands for, or ""."""
    name = plain(column)
    if name in OF_PROGRAMS:
        return ""
    spaced = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))
    without_number = re.sub(r" ?\d$", "", name)
    for candidate in (name, spaced, name.replace(" ", ""), without_number):
        if candidate in BY_NAME:
            return BY_NAME[candidate]
    return cut_name(name)


def cut_name(name: str) -> str:
    """Return the field of an Arabic name cut off after ten bytes (five letters in UTF-8)."""
    if len(name) < 4 or not re.match(r"[\u0621-\u064a]", name):
        return ""
    fields = {field for full, field in BY_NAME.items() if full.startswith(name) and len(full) > len(name)}
    return fields.pop() if len(fields) == 1 else ""


def suggest(columns: Mapping[str, Sequence[Any]]) -> Suggestion:
    """Suggest fields for columns; `columns` maps each name to its distinct values (some are enough)."""
    best: dict[str, tuple[int, str]] = {}
    doubted = False
    for position, (column, values) in enumerate(columns.items()):
        field = field_of(column)
        if not field or not suits(field, values):
            continue
        doubted |= field in best
        rank = (-len([value for value in values if value not in (None, "")]) * 1000) + position
        if field not in best or rank < best[field][0]:
            best[field] = (rank, column)
    fields = {column: field for field, (_rank, column) in best.items()}
    uses = next((column for column, field in fields.items() if field == "land_use"), None)
    meanings = {"land_use": use_values(columns[uses])} if uses else {}
    return Suggestion(fields, meanings, certain=not doubted)


def suits(field: str, values: Sequence[Any]) -> bool:
    """Say whether a column's contents can be that field at all."""
    filled = [value for value in values if value not in (None, "")]
    if not filled:
        return False
    if field.startswith("area_"):
        return sum(number(value) is not None for value in filled) * 2 > len(filled)
    if field == "land_use":
        return sum(land_use(str(value)) != "" for value in filled) * 3 > len(filled)
    return True


def use_values(values: Sequence[Any]) -> dict[str, str]:
    """Return the register's value for each land use as written; unknown ones are left out."""
    written = [str(value) for value in values if value not in (None, "")]
    return {value: use for value in written if (use := land_use(value))}


def land_use(text: str) -> str:
    """Return the register's land use for one as written, or ""."""
    simple = plain(text)
    return next((use for pattern, use in USES if re.search(pattern, simple)), "")


def number(value: Any) -> Decimal | None:
    """Return a number as surveyors write them: either digits, comma or dot, or None."""
    text = plain_number(str(value)) if value not in (None, "") else ""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain_number(text: str) -> str:
    """Return the text of a number with ASCII digits and one dot."""
    text = re.sub(r"[\s\u00a0\u200e\u200f]", "", text.translate(DIGITS))
    if text.count(",") == 1 and "." not in text and len(text.rpartition(",")[2]) != 3:
        text = text.replace(",", ".")
    return text.replace(",", "")


def apply(
    row: Mapping[str, Any], mapping: Mapping[str, str], values: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the register's fields of one row as text; what cannot be read stays out (it is in the attributes)."""
    found: dict[str, str] = {}
    for column, field in mapping.items():
        value = row.get(column)
        if field in FIELDS and value not in (None, ""):
            text = re.sub(r"\s+", " ", str(value).replace("\u00a0", " ")).strip()
            found[field] = values.get(field, {}).get(str(value), "") if field == "land_use" else text
    return with_area({field: text for field, text in found.items() if text})


def with_area(found: dict[str, str]) -> dict[str, str]:
    """Return the fields with the written area in square metres, from feddan, qirat and sahm where those are given."""
    units = {"area_feddan": FEDDAN, "area_qirat": QIRAT, "area_sahm": SAHM}
    parts = {field: number(found[field]) for field in units if field in found}
    if parts and None not in parts.values():
        whole = sum((Fraction(value) * units[field] for field, value in parts.items() if value is not None), Fraction())
        found["area_units_m2"] = str(rounded(whole))
    written = number(found["area_m2"]) if "area_m2" in found else None
    if "area_m2" in found:
        found.pop("area_m2")
        if written is not None and written > 0:
            found["area_m2"] = str(rounded(Fraction(written)))
    if "area_units_m2" in found:
        found.setdefault("area_m2", found["area_units_m2"])
    return found


def rounded(value: Fraction) -> Decimal:
    """Return square metres with four decimals."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
