"""Habits of templates, scripts, sheets and texts, held for every room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

from gisapp.urls import ROOMS
from ui import icons

BASE = Path(settings.BASE_DIR)
ROOM_NAMES = ("gisapp", *ROOMS)
HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9][\w.-]*\.[a-z]{2,}", re.IGNORECASE)

TEMPLATE_FAULTS = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "a script without src": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>"),
    "a style element": re.compile(r"<style\b"),
    "text taken for safe": re.compile(r"\|\s*safe\b|autoescape off"),
    "a script in an attribute": re.compile(r"javascript:|hx-on|\bhx-vals=['\"]js:"),
    "another host": HOST,
}
SCRIPT_FAULTS = {
    "markup from text": re.compile(
        r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTML|setHTMLUnsafe|document\.write)\b"
    ),
    "code from text": re.compile(r"\beval\s*\(|new Function\b|setTimeout\(\s*['\"]"),
    "a style attribute": re.compile(r"setAttribute\(\s*['\"]style"),
    "another host": HOST,
}
SIDES = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)\b[\w-]*|left|right|float)\s*:"
    r"|text-align\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
)
# Maps never mirror; decimals line up in both directions (language.md §8.1, §7 data table).
SIDES_ALLOWED = ("/map/", "physical")
ARABIC_MARKS = re.compile("[\u064b-\u0652\u0640\u0670]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# corrections.md: what a land officer hears otherwise; word → what to write. Marks (tashkil) do not count.
BANNED = {
    r"الأولى بالتصرف": "الأولوية للإجراء",
    r"(?:يحتاج|ما يحتاج) تصرفا": "ما يحتاج إجراءً",
    r"(?:تسجيل|إثبات) وقف بحكم|موقوفة? بحكم|(?<!\w)وقف بحكم": "موقوف التنفيذ بحكم",
    r"(?<!\w)(?:و|ب|ل)?(?:ال)?مسح(?!\w)(?! ضوئي)": "مسح ضوئي",
    r"(?:إلغاء|سبق|جار) الرفع|رفع (?:ال)?(?:ملف|مستند|صورة|ورق)|(?<!\w)ارفع|(?<!\w)وارفعه": "إرفاق، تحميل ملف",
    r"انتهت الجلسة": "انتهت مدة الدخول؛ مسودتك محفوظة",
    r"مضلع": "قطعة، حدود القطعة، ضلع",
    r"كشف رسمي": "مستخرج رسمي من السجل",
    r"(?<!\w)(?:و|ب|ل|لل)?(?:ال)?(?:حائز|حيازة)": "المنتفع، الانتفاع",
    r"قبول السليم": "اعتماد القطع السليمة",
    r"لا يجوز لمن رفع": "لا يجوز لمن قدّم الرفع اعتماده",
    r"بانتظار قرارك|ينتظر توقيعكم": "في انتظار قراركم",
    r"إسناد معاينة": "تكليف بمعاينة",
    r"ما ينقص": "المطلوب استيفاؤه",
    r"(?<!\w)باق [\d%]|(?<!\w)باق يوم": "المتبقي",
    r"تحت التقنين": "قيد التقنين",
    r"وصلت برقم": "قُيِّدت برقم",
    r"عدلها زميل": "عدَّل زميل هذه القطعة قبلك",
    r"لا تملك الاطلاع": "ليست لك صلاحية الاطلاع على",
    r"ليس مضغوطا سليما": "الملف المضغوط تالف؛ أعد ضغطه ثم أرفقه",
    r"أي قراءة تفهم": "أي النصوص الثلاثة مقروء؟",
    r"(?<!مرجع جيوديسي \()داتم": "مرجع جيوديسي (داتم)",
    r"(?<!\w)م\.ب(?!\w)|(?<!\w)م\.ث(?!\w)": "ميجابايت، مللي ثانية",
    r"مسؤول": "مسئول",
    r"شؤون": "شئون",
    r"(?<!\w)(?:ال)?أوراق(?!\w)": "المستندات",
    r"أصل مطابق": "مطابق للأصل",
    r"يخدم الآن": "الرقم الحالي",
    r"هوية مطابقة": "تم التحقق من الهوية",
    r"(?<!\w)م\.ت(?!\w)": "المركز التكنولوجي",
    r"مؤجل أمنيا": "مؤجل لدواعٍ أمنية",
    r"إزالة فورية(?! في المهد)": "إزالة فورية في المهد",
    r"بيان للمتغيرات": "الرد على وحدة المتغيرات المكانية",
    r"^(?:ال)?وارد$": "أعمالي",
    r"عفوا|معذرة|[!]": "ما حدث، ولماذا، وما العمل",
}
BANNED_PATTERNS = {re.compile(word): instead for word, instead in BANNED.items()}


def files(folder: str, *suffixes: str) -> list[Path]:
    """Return files of all rooms below a folder, vendored ones left out."""
    found = (path for room in ROOM_NAMES for path in sorted((BASE / room / folder).rglob("*")))
    return [path for path in found if path.suffix in suffixes and "vendor" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE))


def faults_in(text: str, patterns: dict[str, re.Pattern[str]]) -> list[str]:
    return [f"{fault}: {match.group(0)[:80]}" for fault, rule in patterns.items() for match in rule.finditer(text)]


def banned_in(text: str) -> list[str]:
    """Return the banned words of a text with what to write instead."""
    bare = ARABIC_MARKS.sub("", text)
    return [f"«{m.group(0)}» → «{instead}»" for rule, instead in BANNED_PATTERNS.items() if (m := rule.search(bare))]


def without_comments(text: str) -> str:
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}|<!--.*?-->", "", text, flags=re.DOTALL)


# Laid out by WeasyPrint and served to no browser: no policy of a page reaches it, and places differ on each sheet.
ON_PAPER = BASE / "ui/templates/ui/parts/labels_on_paper.html"
TEMPLATES = [path for path in files("templates", ".html", ".txt", ".xml") if path != ON_PAPER]
SCRIPTS = files("static", ".js", ".mjs")
SHEETS = files("static", ".css")
DRAWINGS = files("static", ".svg")
CATALOGUES = [path for room in ROOM_NAMES for path in (BASE / room / "locale").rglob("django.po")]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    assert faults_in(without_comments(path.read_text("utf-8")), TEMPLATE_FAULTS) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_makes_no_markup_or_code_from_text_and_calls_no_other_host(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert faults_in(text, SCRIPT_FAULTS) == []


@pytest.mark.parametrize("path", [*SHEETS, *DRAWINGS], ids=name_of)
def test_a_sheet_or_drawing_asks_no_other_host(path: Path) -> None:
    assert HOST.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_sheet_uses_logical_properties_only(path: Path) -> None:
    if SIDES_ALLOWED[0] in name_of(path):
        return
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if SIDES.search(line) and SIDES_ALLOWED[1] not in line] == []


@pytest.mark.parametrize("path", DRAWINGS, ids=name_of)
def test_a_drawing_holds_no_script(path: Path) -> None:
    assert re.findall(r"<script|\son\w+=|javascript:", path.read_text("utf-8")) == []


def used_icons() -> Iterator[tuple[str, str]]:
    """Yield where each icon is used, in templates and in Python."""
    tag = re.compile(r'{%\s*icon\s+"([\w-]+)"|icon_name="([\w-]+)"|\|default:"([\w-]+)"\s+"(?:s|l|xl)"')
    for path in TEMPLATES:
        for names in tag.findall(path.read_text("utf-8")):
            yield name_of(path), next(filter(None, names))
    code = re.compile(r'\bicon(?:_name)?\s*[=:]\s*"([\w-]+)"')
    for path in (path for room in ROOM_NAMES for path in (BASE / room).rglob("*.py")):
        for name in code.findall(path.read_text("utf-8")):
            yield name_of(path), name


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    """Add one with `python -m ui.icons FOLDER name`."""
    assert [use for use in used_icons() if use[1] not in icons.names()] == []


def entries(path: Path) -> Iterable[polib.POEntry]:
    return (entry for entry in polib.pofile(str(path)) if not entry.obsolete)


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_every_text_is_translated(path: Path) -> None:
    assert [entry.msgid for entry in entries(path) if "fuzzy" in entry.flags or not all(texts(entry))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_a_translation_keeps_the_parameters(path: Path) -> None:
    wrong = [
        entry.msgid
        for entry in entries(path)
        for text in texts(entry)
        if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        or (not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid)))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_no_text_uses_a_word_that_means_something_else_to_a_land_officer(path: Path) -> None:
    found = {entry.msgid: faults for entry in entries(path) for text in texts(entry) if (faults := banned_in(text))}
    assert found == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_uses_a_banned_word(path: Path) -> None:
    arabic = re.findall(r"[\u0600-\u06ff][\u0600-\u06ff\s]*", without_comments(path.read_text("utf-8")))
    assert [faults for text in arabic if (faults := banned_in(text))] == []


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        ("إسناد معاينة", True),
        ("تكليف بمعاينة", False),
        ("سند الحيازة", True),
        ("مسح", True),
        ("مسح ضوئي", False),
        ("الرفع المساحي", False),
        ("رفع ملف", True),
        ("مسؤول أملاك", True),
        ("باقٍ 3 أيام", True),
        ("تم الحفظ!", True),
        ("تحت التّقنين", True),
        ("المستندات", False),
        ("مساحة", False),
    ],
)
def test_the_list_of_banned_words_knows_them(text: str, banned: bool) -> None:
    assert bool(banned_in(text)) is banned


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color:red">',
        '<a onclick="x()">',
        "<script>1</script>",
        "{{ x|safe }}",
        '<img src="https://tile.example.org/x.png">',
    ],
)
def test_the_template_lint_sees_what_it_forbids(markup: str) -> None:
    assert faults_in(markup, TEMPLATE_FAULTS)
