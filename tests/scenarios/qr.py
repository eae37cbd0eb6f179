"""Reads what a QR code printed on a paper says, off the rendered page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pypdfium2
import segno
from numpy.typing import NDArray

SCALE = 6  # pixels a point: a module of two points is twelve pixels wide
Modules = list[list[bool]]
Box = tuple[float, float, float, float]


def told_below(page: pypdfium2.PdfPage) -> str:
    """Return the address that is printed beside the code, from the page's text."""
    found = re.search(r"http\S+/verify/\?c=[a-z2-9]{32}", page.get_textpage().get_text_bounded())
    assert found
    return found[0]


def check_code_on(page: pypdfium2.PdfPage, number: str) -> str:
    """Return the check code printed beside the paper's number; its letters and digits as they stand, left to right.

    PDFium gives an Arabic line in reading order and turns Latin letters and digits in it around each other.
    """
    text = page.get_textpage()
    words = text.get_text_range()
    line = next(line for line in re.finditer(r"[^\r\n]+", words) if number in line[0] and "التحقق" in line[0])
    (code,) = re.finditer(r"(?<![\w-])[a-z2-9]{8}(?![\w-])", line[0])
    here = range(line.start() + code.start(), line.start() + code.end())
    return "".join(words[at] for at in sorted(here, key=lambda at: text.get_charbox(at)[0]))


def says(page: pypdfium2.PdfPage, text: str) -> bool:
    """Say whether a code drawn on the page is, module by module, the one that says this text."""
    wanted = [[bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix]
    ink = np.asarray(page.render(scale=SCALE).to_pil().convert("L")) < 128
    return any(read(ink, box, page.get_height(), len(wanted)) == wanted for box in squares(page))


def squares(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """Return the boxes of the drawings that are about square."""
    for drawn in page.get_objects(max_depth=4):
        left, bottom, right, top = drawn.get_bounds()
        if right - left > 20 and 0.9 < (top - bottom) / (right - left) < 1.1:
            yield left, bottom, right, top


def read(ink: NDArray[np.bool_], box: Box, height: float, count: int) -> Modules:
    """Return the modules at their middles; the finders at the corners bound the ink of a code."""
    left, bottom, right, top = (int(edge * SCALE) for edge in (box[0], height - box[1], box[2], height - box[3]))
    part = ink[top:bottom, left:right]
    down, across = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not len(down):
        return []
    middles = [
        (line[0] + (np.arange(count) + 0.5) * (line[-1] - line[0] + 1) / count).astype(int) for line in (down, across)
    ]
    return [[bool(part[y, x]) for x in middles[1]] for y in middles[0]]
