"""The log: one line for each event whatever was sent, and no secrets or numbers of people in it (threats B15).

`AMLAK_LOG=json` writes what machines read, `text` what people read; both are cleaned the same way, at the very end,
so that a traceback or a foreign library's message is cleaned too.
"""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

from authority import request_id

HEALTH = "/readyz"
HIDDEN: Final = "[hidden]"
WORDS: Final = (
    "password", "passwd", "secret", "token", "api[_-]?key", "authorization", "cookie", "session(?:id)?", r"csrf\w*",
    "code", "code_verifier", "nonce", "state", "otp", "proof",
)  # fmt: skip
NAMED = rf"(?i)([\"']?\b(?:\w*[_-])?(?:{'|'.join(WORDS)})[\"']?\s*[=:]\s*[\"']?)(?!\[hidden\])[^\s&;,'\"}}\])]+"
SECRETS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # fourteen digits in either writing, however they are parted, that read as a national number
    (re.compile(r"(?<![0-9٠-٩])[23٢٣](?:[ -]?[0-9٠-٩]){13}(?![0-9٠-٩])"), HIDDEN),
    (re.compile(r"amlak_[0-9a-f]{10}_[0-9a-f]{48}"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"(?i)/recover/[^/\s?\"']+"), f"/recover/{HIDDEN}"),
    (re.compile(r"(?i)((?:__Host-)?(?:amlak_)?(?:session|csrf)\s*=\s*)[^\s;,'\"]+"), rf"\1{HIDDEN}"),
    (re.compile(NAMED), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(://[^/\s:@]+:)[^@\s/]+@"), rf"\1{HIDDEN}@"),
)  # fmt: skip
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class AskedAndTold(logging.Filter):
    """Drops the line of a health page that says "not ready": whoever asked has the reasons in the answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is written."""
        asked = getattr(getattr(record, "request", None), "path", "")
        return not (record.name == "django.request" and asked == HEALTH)


def cleaned(text: str) -> str:
    """Return a text without secrets and without national numbers."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def one_line(text: str) -> str:
    """Return a text on one line: what would break it, or steer a terminal, is written as an escape."""
    return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else "\\u2028", text)


class TextLine(logging.Formatter):
    """`WARNING amlak.refusals 4f0c… text`; a traceback follows on the same line."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return one clean line."""
        said, number = super().format(record), request_id.current.get()
        return one_line(cleaned(f"{said} [{number}]" if number else said))


class JsonLine(JsonFormatter):
    """One JSON object a line: at, level, logger, message, request, and a traceback where there is one."""

    def __init__(self) -> None:
        super().__init__(
            ["asctime", "levelname", "name", "message"],
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger", "exc_info": "traceback"},
            reserved_attrs=[*logging.makeLogRecord({}).__dict__, "request", "response", "server_time", "status_code",
                            "message", "asctime", "taskName"],
            json_ensure_ascii=False,
        )  # fmt: skip

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Add the request's number and clean every text before it is encoded."""
        number = request_id.current.get()
        if number:
            log_data["request"] = str(number)
        return {name: cleaned(value) if isinstance(value, str) else value for name, value in log_data.items()}

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; JSON escapes what would break it, but for two signs that some readers break at."""
        return one_line(super().format(record))
