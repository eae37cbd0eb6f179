"""Texts and names for a shapefile's table: ten letters a name, 254 bytes a text, an encoding (domain.md §4.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

NAME_LENGTH = 10
TEXT_BYTES = 254
# cp1256 has no Arabic digits and no Persian letters; what reads the same stands in for them.
STAND_INS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬یکۀ", "01234567890123456789.,يكه")


def short_names(names: Sequence[str]) -> list[str]:
    """Return a name of at most ten ASCII letters for each, all different."""
    found: list[str] = []
    for name in names:
        short, number = name[:NAME_LENGTH].rstrip("_"), 1
        while short in found:
            number += 1
            short = f"{name[: NAME_LENGTH - 1 - len(str(number))].rstrip('_')}_{number}"
        found.append(short)
    return found


@dataclass
class Texts:
    """Fits texts into the table and counts what was lost on the way, by column."""

    encoding: str = "utf-8"
    cut: dict[str, int] = field(default_factory=dict)  # longer than 254 bytes
    replaced: dict[str, int] = field(default_factory=dict)  # letters that the encoding does not have

    def fit(self, column: str, text: str | None) -> str | None:
        """Return the text as the table can hold it."""
        if text is None:
            return None
        written = text.translate(STAND_INS) if self.encoding == "cp1256" else text
        body = written.encode(self.encoding, "replace")
        if body.decode(self.encoding) != written:
            self.replaced[column] = self.replaced.get(column, 0) + 1
        if len(body) > TEXT_BYTES:
            self.cut[column] = self.cut.get(column, 0) + 1
            body = body[:TEXT_BYTES]
        return body.decode(self.encoding, "ignore")
