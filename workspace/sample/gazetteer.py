"""Names and whereabouts of the sample's places.

Names are public knowledge; the first four digits of a code are those of CAPMAS (0213 is العامرية), a district that
covers several police qisms takes the code of the chief one and keeps the others as aliases. Coordinates are the rough
middle of each place (longitude, latitude); the outlines drawn around them are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from authority.models import Place

Kind = Place.Kind


@dataclass(frozen=True)
class Quarter:
    """A shiyakha or nahia: the level at which land is numbered."""

    name_ar: str
    name_en: str
    lon: float
    lat: float
    urban: bool = True
    coastal: bool = False  # has beaches
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class District:
    """A district, markaz or city with its quarters."""

    code: str
    kind: str
    name_ar: str
    name_en: str
    quarters: tuple[Quarter, ...]
    aliases: tuple[str, ...] = ()


def town(name_ar: str, name_en: str, lon: float, lat: float, coastal: bool = False, *aliases: str) -> Quarter:
    """Return a quarter of streets and plots."""
    return Quarter(name_ar, name_en, lon, lat, True, coastal, aliases)


def village(name_ar: str, name_en: str, lon: float, lat: float, *aliases: str) -> Quarter:
    """Return a nahia of hods and fields."""
    return Quarter(name_ar, name_en, lon, lat, False, False, aliases)


ALEXANDRIA: tuple[District, ...] = (
    District(
        "0201",
        Kind.DISTRICT,
        "المنتزه",
        "Montaza",
        (
            town("سيدي بشر بحري", "Sidi Bishr Bahary", 29.9865, 31.2605, True),
            town("سيدي بشر قبلي", "Sidi Bishr Qibly", 29.9960, 31.2510),
            town("المندرة بحري", "Mandara Bahary", 30.0110, 31.2765, True),
            town("المندرة قبلي", "Mandara Qibly", 30.0210, 31.2650),
            town("المعمورة", "Maamoura", 30.0370, 31.2845, True),
            town("السيوف بحري", "Siouf Bahary", 30.0050, 31.2380),
            town("السيوف قبلي", "Siouf Qibly", 30.0170, 31.2270),
            town("أبو قير الشرقية", "Abu Qir East", 30.0660, 31.3170, True),
            town("أبو قير الغربية", "Abu Qir West", 30.0560, 31.3060, True),
            village("خورشيد البحرية", "Khorshid", 30.0500, 31.2120),
        ),
        ("المنتزة", "قسم المنتزه"),
    ),
    District(
        "0203",
        Kind.DISTRICT,
        "شرق",
        "East",
        (
            town("سان ستيفانو", "San Stefano", 29.9665, 31.2430, True, "سان استفانو"),
            town("فلمنج", "Fleming", 29.9640, 31.2345),
            town("باكوس", "Bacos", 29.9750, 31.2300),
            town("مصطفى كامل وبولكلي", "Mustafa Kamel and Bolkly", 29.9520, 31.2310, True),
            town("سيدي جابر", "Sidi Gaber", 29.9430, 31.2200, True),
            town("أبو النواتير", "Abu El Nawatir", 29.9560, 31.2190),
            town("الإبراهيمية", "Ibrahimia", 29.9300, 31.2120, True),
            town("الشاطبي والأزاريطة", "Shatby and Azarita", 29.9160, 31.2080, True),
            town("الحضرة قبلي", "Hadra Qibly", 29.9440, 31.2050),
            town("عزبة النزهة", "Ezbet El Nozha", 29.9560, 31.2040),
        ),
        ("حي شرق", "قسم سيدي جابر", "قسم باب شرقي", "قسم أول الرمل"),
    ),
    District(
        "0206",
        Kind.DISTRICT,
        "وسط",
        "Central",
        (
            town("العطارين شرق", "Attarin East", 29.9060, 31.1980),
            town("المسلة شرق", "Mesalla East", 29.9010, 31.2010),
            town("كوم الدكة غرب", "Kom El Dikka West", 29.9035, 31.1935),
            town("محرم بك", "Moharram Bek", 29.9160, 31.1900),
            town("راغب باشا", "Ragheb Pasha", 29.8990, 31.1870),
            town("المنشية الكبرى", "Great Mansheya", 29.8945, 31.1980),
            village("أبيس", "Abis", 29.9900, 31.1800, "ابيس 7"),
        ),
        ("حي وسط", "قسم العطارين", "قسم محرم بك", "قسم المنشية"),
    ),
    District(
        "0210",
        Kind.DISTRICT,
        "الجمرك",
        "Gomrok",
        (
            town("رأس التين", "Ras El Tin", 29.8720, 31.2030),
            town("السيالة شرق", "Sayala East", 29.8825, 31.2085, True, "الأنفوشي"),
            town("سوق السمك القديم", "Old Fish Market", 29.8850, 31.2030),
            town("الصيادين", "Sayadin", 29.8790, 31.2045),
        ),
        ("حي الجمرك", "قسم الجمرك"),
    ),
    District(
        "0211",
        Kind.DISTRICT,
        "غرب",
        "West",
        (
            town("كوم الشقافة غرب", "Kom El Shoqafa West", 29.8900, 31.1790),
            town("كرموز شرق", "Karmouz East", 29.8985, 31.1790),
            town("غيط العنب غرب", "Gheit El Enab West", 29.9060, 31.1800),
            town("القباري شرق", "Qabbari East", 29.8800, 31.1700),
            town("المفروزة شرق", "Mafrouza East", 29.8730, 31.1640),
            town("الورديان غرب", "Wardian West", 29.8640, 31.1560),
        ),
        ("حي غرب", "قسم مينا البصل", "قسم كرموز", "قسم اللبان"),
    ),
    District(
        "0212",
        Kind.DISTRICT,
        "العجمي",
        "Agami",
        (
            town("المكس", "Max", 29.8440, 31.1470),
            town("الدخيلة", "Dekhela", 29.8170, 31.1270),
            town("البيطاش شرق", "Bitash East", 29.7850, 31.1270, True),
            town("البيطاش غرب", "Bitash West", 29.7720, 31.1170, True),
            town("العجمي البحرية", "Agami Bahary", 29.7590, 31.1050, True, "الهانوفيل"),
        ),
        ("حي العجمي", "قسم الدخيلة"),
    ),
    District(
        "0213",
        Kind.DISTRICT,
        "العامرية",
        "Amreya",
        (
            town("العامرية شرق", "Amreya East", 29.8050, 31.0130),
            town("العامرية غرب", "Amreya West", 29.7850, 31.0000),
            town("كينج مريوط", "King Mariout", 29.7500, 31.0300, False, "ايكينجي مريوط"),
            town("الذراع البحري", "El Deraa El Bahary", 29.6900, 31.0560, True),
            village("الهوارية", "Hawaria", 29.7000, 31.0000),
            village("مرغم", "Margham", 29.8500, 31.0300),
            village("زاوية عبد القادر", "Zawyet Abdel Qader", 29.8300, 30.9700),
            village("النهضة", "Nahda", 29.8000, 30.9000),
        ),
        ("حي العامرية", "قسم العامرية"),
    ),
    District(
        "0214",
        Kind.MARKAZ,
        "برج العرب",
        "Borg El Arab",
        (
            town("برج العرب الجديدة أول", "New Borg El Arab 1", 29.6650, 30.8720),
            town("برج العرب الجديدة ثان", "New Borg El Arab 2", 29.6400, 30.8900),
            village("بهيج", "Bahig", 29.6400, 30.9300),
            village("الغربانيات", "Gharbaniyat", 29.6700, 30.8200),
        ),
        ("مدينة برج العرب",),
    ),
)

ISMAILIA: tuple[District, ...] = (
    District(
        "1901",
        Kind.DISTRICT,
        "حي أول الإسماعيلية",
        "Ismailia First",
        (
            town("التمساح", "Timsah", 32.2840, 30.5945),
            town("العباسي", "Abbasi", 32.2700, 30.5960),
            town("مكة", "Mecca", 32.2860, 30.6020),
        ),
        ("قسم أول الإسماعيلية",),
    ),
    District(
        "1902",
        Kind.DISTRICT,
        "حي ثان الإسماعيلية",
        "Ismailia Second",
        (
            town("العرايشية الجديدة", "New Arayshia", 32.2600, 30.6010),
            town("الحكر", "Hekr", 32.2720, 30.6060),
            town("منشأة الشهداء", "Menshat El Shohada", 32.2480, 30.5990),
        ),
        ("قسم ثان الإسماعيلية",),
    ),
    District(
        "1903",
        Kind.DISTRICT,
        "حي ثالث الإسماعيلية",
        "Ismailia Third",
        (
            town("حي الشيخ زايد", "Sheikh Zayed", 32.2640, 30.6190),
            town("حي السلام", "El Salam", 32.2790, 30.6140),
        ),
        ("قسم ثالث الإسماعيلية",),
    ),
    District(
        "1904",
        Kind.MARKAZ,
        "الإسماعيلية",
        "Ismailia",
        (
            village("نفيشة", "Nefisha", 32.2330, 30.5700, "نفيشه"),
            village("عين غصين", "Ain Ghosein", 32.2250, 30.5330),
            village("المنايف", "Manayef", 32.1900, 30.5000),
            village("السبع آبار الغربية", "Sabaa Abar West", 32.1550, 30.5350, "السبع ابار الغربيه"),
            village("السبع آبار الشرقية", "Sabaa Abar East", 32.2500, 30.4900),
            village("الضبعية", "Dabaeya", 32.2550, 30.6600, "الضبعيه"),
            village("الفردان", "Firdan", 32.2950, 30.6900),
        ),
        ("مركز الإسماعيلية",),
    ),
    District(
        "1905",
        Kind.MARKAZ,
        "التل الكبير",
        "Tell El Kebir",
        (
            village("التل الكبير", "Tell El Kebir", 31.8050, 30.5300),
            village("الضاهرية", "Daheria", 31.8600, 30.5250),
            village("الجزيرة الخضراء", "Gezira Khadra", 31.8350, 30.4900),
            village("أم عزام", "Om Azzam", 31.9000, 30.4750),
        ),
    ),
    District(
        "1906",
        Kind.MARKAZ,
        "القنطرة غرب",
        "Qantara West",
        (
            village("البياضية", "Bayadeya", 32.2750, 30.7950),
            village("أبو خليفة", "Abu Khalifa", 32.2900, 30.7550),
            village("البلاح", "Balah", 32.2900, 30.7250, "الرياح"),
            village("الأخارسة", "Akharsa", 32.2200, 30.7800),
            village("البناهوة", "Banahwa", 32.2200, 30.7150),
            village("النصر", "Nasr", 32.2400, 30.8350),
        ),
    ),
    District(
        "1907",
        Kind.MARKAZ,
        "فايد",
        "Fayed",
        (
            town("مدينة فايد", "Fayed City", 32.2940, 30.3250),
            village("فنارة", "Fanara", 32.3000, 30.2880),
            village("أبو سلطان", "Abu Sultan", 32.2800, 30.4050),
            village("سرابيوم", "Serapeum", 32.3050, 30.4700, "سرابيوم الدفرسوار"),
        ),
    ),
    District(
        "1908",
        Kind.MARKAZ,
        "القنطرة شرق",
        "Qantara East",
        (
            village("الأبطال", "Abtal", 32.4000, 30.8000),
            village("التقدم", "Taqaddom", 32.4300, 30.7200),
            village("جلبانة", "Gilbana", 32.4700, 30.8700),
            village("ميت أبو الكوم الجديدة", "New Mit Abu El Kom", 32.4000, 30.6200),
            village("بير مدكور", "Bir Madkour", 32.4600, 30.5000),
        ),
    ),
    District(
        "1909",
        Kind.MARKAZ,
        "أبو صوير",
        "Abu Suwayr",
        (
            village("أبو صوير المحطة", "Abu Suwayr Station", 32.1050, 30.5150),
            village("أبو صوير البلد", "Abu Suwayr Village", 32.0700, 30.5000),
            village("المحسمة الجديدة", "New Mahsama", 32.0300, 30.5250),
        ),
    ),
    District(
        "1910",
        Kind.MARKAZ,
        "القصاصين",
        "Qassasin",
        (
            village("القصاصين الجديدة", "New Qassasin", 31.9300, 30.5250),
            village("المحسمة القديمة", "Old Mahsama", 31.9850, 30.5200),
            village("أبو عاشور", "Abu Ashour", 31.9600, 30.4700),
        ),
    ),
)

TREES: dict[str, tuple[District, ...]] = {"02": ALEXANDRIA, "19": ISMAILIA}

# Names of hods (ar: أحواض), as common all over the Delta.
HODS: tuple[str, ...] = (
    *("الملقة", "الجزيرة", "البركة", "الساحل", "الرملة", "السواقي", "الغفارة", "الجميزة", "الستين", "الثلاثين"),
    *("داير الناحية", "البرنس", "العمدة", "الحلفاية", "المالح", "الشياخة", "الترعة", "أبو حمص", "الطويل", "القصالي"),
    *("النخل", "السنط", "الكوم", "البحيرة", "الورثة", "الوسية", "المشروع", "الرزقة", "العتامنة", "الشرقي"),
)

# Streets by governorate (ar: شوارع); the longest are laid first.
STREETS: dict[str, tuple[str, ...]] = {
    "02": (
        *("طريق الجيش", "جمال عبد الناصر", "الحرية", "فؤاد", "النبي دانيال", "صلاح سالم", "سعد زغلول", "شكور"),
        *("بورسعيد", "أبو قير", "المشير أحمد إسماعيل", "مصطفى كامل", "خالد بن الوليد", "ملك حفني", "العيسوي"),
        *("جميلة بوحريد", "اسكندر إبراهيم", "القاهرة", "الإقبال", "محمد نجيب", "سوريا", "أحمد شوقي", "لافيزون"),
        *("السيد محمد كريم", "رأس التين", "الميدان", "التتويج", "إسماعيل صبري", "النصر", "السبع بنات", "عمر المختار"),
    ),
    "19": (
        *("محمد علي", "السلطان حسين", "سعد زغلول", "شبين الكوم", "الثلاثيني", "التحرير", "عرابي", "رضا"),
        *("الممر", "طلعت حرب", "مصر", "المنصورة", "طنطا", "الجمهورية", "صلاح سالم", "النيل"),
        *("البحر", "المحطة الجديدة", "الحرية", "بورسعيد", "أحمد عرابي", "الشهداء", "الزهور", "المستشفى"),
    ),
}
