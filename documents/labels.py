"""A file's name as a label for people: never a path, never able to mislead the eye."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 200
# Control and format characters: among them NUL, line ends, zero-width and bidi controls.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
RESERVED = re.compile(r'[<>:"|?*]')


def label(name: str, *, otherwise: str = "file") -> str:
    """Return the last part of a name without what is unseen or reserved, at most 200 characters, ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN)
    clean = RESERVED.sub("_", " ".join(seen.split())).strip(". ")
    return _short(clean) or otherwise


def _short(name: str) -> str:
    if len(name) <= LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        return name[:LENGTH]
    return f"{stem[: LENGTH - len(ending) - 1]}.{ending}"


# What a file is called when it leaves, by what it is: a name from outside must not make a program of it.
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/tiff": ("tif", "tiff"),
}
# What programs and browsers run, or take for a page.
RUNS = frozenset({
    "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt", "js",
    "mjs", "hta", "vbs", "vbe", "wsf", "wsh", "ps1", "bat", "cmd", "com", "exe", "scr", "pif", "msi", "lnk",
    "url", "jar", "php", "php3", "php4", "php5", "php7", "phtml", "phar", "pht", "asp", "aspx", "ashx",
    "cer", "jsp", "jspx", "cgi", "pl", "py", "rb", "sh", "swf", "htaccess", "config", "docm", "xlsm",
    "pptm", "dll", "desktop", "reg", "application", "appref-ms", "chm", "iso", "img",
})  # fmt: skip


def ending_as(name: str, media_type: str) -> str:
    """Return a name whose ending says what the file is; where that is not known, one that nothing runs."""
    known = ENDINGS.get(media_type)
    ending = name.rpartition(".")[2].strip().lower()
    if known is None:
        return f"{name}.bin" if ending in RUNS else name
    return name if ending in known and "." in name else f"{_short(name)[: LENGTH - 5]}.{known[0]}"
