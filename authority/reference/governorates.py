"""The 27 governorates: code, names, metric working system, name in the package of outlines.

Codes are those of the national number (domain.md §2.1). Never join on another data set's numbers: one counts Giza 2,
another 21 (T-48). `88`, born abroad, is no governorate.

The working system is the belt of the old Egyptian triangulation (EPSG:22991–22994) in which the governorate is
surveyed, not UTM: straight surveyed edges stay straight there, and its areas are those that surveyors and deeds print
(a feddan at Ismailia is 4200.8 m² in its belt and 4197.5 m² in UTM 36N). PostGIS takes the operation EPSG:7697 for it,
which `tests/authority/test_reference.py` checks against the golden points.
"""

from __future__ import annotations

from dataclasses import dataclass

BLUE, RED, PURPLE, EXTENDED_PURPLE = 22991, 22992, 22993, 22994


@dataclass(frozen=True)
class Governorate:
    """One governorate as every installation knows it."""

    code: str
    name_ar: str
    name_en: str
    working_srid: int
    outline: str  # its name in the package `egygeo`
    aliases: tuple[str, ...] = ()  # spellings met in papers and in public data sets


GOVERNORATES: tuple[Governorate, ...] = (
    Governorate("01", "القاهرة", "Cairo", RED, "Cairo", ("مصر",)),
    Governorate("02", "الإسكندرية", "Alexandria", RED, "Alexandria", ("اسكندرية",)),
    Governorate("03", "بورسعيد", "Port Said", RED, "Port Said", ("بور سعيد",)),
    Governorate("04", "السويس", "Suez", RED, "Suez"),
    Governorate("11", "دمياط", "Damietta", RED, "Damietta"),
    Governorate("12", "الدقهلية", "Dakahlia", RED, "Dakahlia", ("المنصورة",)),
    Governorate("13", "الشرقية", "Sharqia", RED, "Sharqia", ("Sharkia",)),
    Governorate("14", "القليوبية", "Qalyubia", RED, "Qalyubia"),
    Governorate("15", "كفر الشيخ", "Kafr El Sheikh", RED, "Kafr El Sheikh"),
    Governorate("16", "الغربية", "Gharbia", RED, "Gharbia"),
    Governorate("17", "المنوفية", "Monufia", RED, "Monufia", ("Menoufia",)),
    Governorate("18", "البحيرة", "Beheira", RED, "Beheira", ("Behera",)),
    Governorate("19", "الإسماعيلية", "Ismailia", RED, "Ismailia", ("الإسماعلية", "الاسماعلية")),
    Governorate("21", "الجيزة", "Giza", RED, "Giza", ("الجيزه",)),
    Governorate("22", "بني سويف", "Beni Suef", RED, "Beni Suef"),
    Governorate("23", "الفيوم", "Fayoum", RED, "Faiyum"),
    Governorate("24", "المنيا", "Minya", RED, "Minya"),
    Governorate("25", "أسيوط", "Asyut", RED, "Asyut", ("Assiut",)),
    Governorate("26", "سوهاج", "Sohag", RED, "Sohag"),
    Governorate("27", "قنا", "Qena", RED, "Qena"),
    Governorate("28", "أسوان", "Aswan", RED, "Aswan"),
    Governorate("29", "الأقصر", "Luxor", RED, "Luxor"),
    Governorate("31", "البحر الأحمر", "Red Sea", BLUE, "Red Sea"),
    Governorate("32", "الوادي الجديد", "New Valley", EXTENDED_PURPLE, "New Valley"),
    Governorate("33", "مطروح", "Matrouh", PURPLE, "Matrouh", ("مرسى مطروح",)),
    Governorate("34", "شمال سيناء", "North Sinai", BLUE, "North Sinai"),
    Governorate("35", "جنوب سيناء", "South Sinai", BLUE, "South Sinai"),
)
BY_CODE = {one.code: one for one in GOVERNORATES}
