"""Whether a scan can be read: resolution, blank, skew, darkness, contrast. Warnings only; the paper is taken anyway."""

from __future__ import annotations

from itertools import pairwise

from PIL import Image, ImageOps

A4_INCHES = 11.69  # the long side: what a page is taken to be where it claims nothing
LEAST_DPI = 150
LEAST_PHOTO_PIXELS = 1_000_000
LOOKED_AT = 900  # pixels of the long side
DARK, PHOTO_DARK = 110, 40  # mean of 0–255
LEAST_CONTRAST = 60  # between the 1st and the 99th hundredth of the greys
BLANK_INK = 0.0008  # share of the page
SKEW_DEGREES = 2.0
STEEPEST = 12  # degrees
CLEARER = 1.25  # so much sharper must the lines be when turned upright


class Checks:
    """Gathers what is wrong over the pages of one paper."""

    def __init__(self, dpi: float | None, *, photo: bool) -> None:
        self.stated, self.photo = dpi, photo
        self.size = (0, 0)
        self.dpi: int | None = None
        self._found: dict[str, None] = {}

    def warnings(self) -> list[str]:
        """Return the codes, each once."""
        return list(self._found)

    def add(self, page: Image.Image) -> None:
        """Look at one more page."""
        if self.size == (0, 0):
            self.size = page.size
        codes = self._photo(page) if self.photo else self._scan(page)
        self._found |= dict.fromkeys(codes)

    def _photo(self, page: Image.Image) -> list[str]:
        small = page.width * page.height < LEAST_PHOTO_PIXELS
        dark = _mean(_grey(page)) < PHOTO_DARK
        return ["low_resolution"] * small + ["too_dark"] * dark

    def _scan(self, page: Image.Image) -> list[str]:
        dpi = dpi_of(page.size, self.stated)
        self.dpi = dpi if self.dpi is None else min(self.dpi, dpi)
        codes = ["low_resolution"] if dpi < LEAST_DPI else []
        grey = _grey(page)
        low, high = _ends(grey)
        if _mean(grey) < DARK:
            return [*codes, "too_dark"]
        if _ink(grey) < BLANK_INK:
            return [*codes, "blank_page"]
        if high - low < LEAST_CONTRAST:
            return [*codes, "low_contrast"]
        return [*codes, "skewed"] if abs(skew(grey)) >= SKEW_DEGREES else codes


def dpi_of(size: tuple[int, int], stated: float | None) -> int:
    """Return the dots per inch: as stated, or as if the page were an A4 (72 and 96 are what programs write unasked)."""
    if stated is not None and round(stated) not in (72, 96):
        return round(stated)
    return round(max(size) / A4_INCHES)


def _grey(page: Image.Image) -> Image.Image:
    """Return a small grey copy on white; bits in a picture that is see-through are not lost in black."""
    if page.mode in ("LA", "RGBA"):
        ground = Image.new("RGBA", page.size, "white")
        ground.alpha_composite(page.convert("RGBA"))
        page = ground
    if page.mode == "I;16":
        page = page.point(lambda value: value * (1 / 256)).convert("L")
    grey = page.convert("L")
    return grey if max(grey.size) <= LOOKED_AT else ImageOps.contain(grey, (LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)


def _mean(grey: Image.Image) -> float:
    counts = grey.histogram()
    return sum(value * count for value, count in enumerate(counts)) / max(1, sum(counts))


def _ends(grey: Image.Image) -> tuple[int, int]:
    """Return the greys below which one hundredth, and 99 hundredths, of the page lie."""
    counts, total, seen = grey.histogram(), grey.width * grey.height, 0
    low = high = 0
    for value, count in enumerate(counts):
        seen += count
        low = value if seen < total * 0.01 else low
        high = value if seen < total * 0.99 else high
    return low, high + 1


def _ink(grey: Image.Image) -> float:
    """Return the share of the page that is clearly darker than its ground (the commonest grey)."""
    counts = grey.histogram()
    ground = max(range(256), key=counts.__getitem__)
    return sum(counts[: max(0, ground - 40)]) / max(1, sum(counts))


def skew(grey: Image.Image) -> float:
    """Return by how many degrees the lines of writing lean; 0 where no lines are seen."""
    ink = ImageOps.invert(ImageOps.contain(grey, (LOOKED_AT // 2, LOOKED_AT // 2)))
    ink = ink.point(lambda value: 255 if value > 90 else 0)
    scores = {step / 2: _sharpness(ink, step / 2) for step in range(-2 * STEEPEST, 2 * STEEPEST + 1)}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > CLEARER * max(scores[0.0], 1.0) else 0.0


def _sharpness(ink: Image.Image, degrees: float) -> float:
    """Return how sharply rows with and without ink follow each other."""
    turned = ink.rotate(degrees) if degrees else ink
    rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
    return sum((one - other) ** 2 for one, other in pairwise(rows))
