"""Fonts that a test gives to the browser: nothing depends on what is installed. Their glyphs are empty and have a width."""

import base64
import struct
from dataclasses import dataclass
from itertools import accumulate

from playwright.async_api import Page

EM = 1000
THIN, MIDDLE, BROAD = 280, 560, 840
"""How wide letters such as i, n and m are in common fonts without serifs."""
THIN_LETTERS, BROAD_LETTERS = " !'(),-./:;I[]`fijlrt|", "%@MWmw"
LAST_NARROW, LAST = 0x2E7F, 0x1FFFF
"""Beyond the first are the scripts and emoji with broad characters."""


@dataclass(frozen=True)
class Font:
    """`width` is a share of what is common; `ascent` and `descent` are shares of the font's size."""

    name: str
    width: float = 1.0
    ascent: float = 0.9
    descent: float = 0.3

    def file(self) -> bytes:
        """A TrueType file (OpenType 1.9)."""
        ascent, descent = round(self.ascent * EM), round(self.descent * EM)
        widths = [round(width * self.width) for width in (MIDDLE, THIN, MIDDLE, BROAD)]
        tables = {
            b"OS/2": _os2(ascent, descent),
            b"cmap": _cmap(),
            b"glyf": b"\0",
            b"head": struct.pack(">2H3I2H2q4h2H3h", 1, 0, 0x10000, 0, 0x5F0F3CF5, 3, EM, *[0] * 7, 8, 2, 0, 0),
            b"hhea": struct.pack(">2H3hH11hH", 1, 0, ascent, -descent, 0, max(widths), *[0] * 3, 1, *[0] * 7, len(widths)),
            b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in widths),
            b"loca": bytes(2 * (len(widths) + 1)),
            b"maxp": struct.pack(">2H14H", 1, 0, len(widths), 0, 0, 0, 0, 1, *[0] * 8),
            b"name": struct.pack(">3H", 0, 0, 6),
            b"post": struct.pack(">2HI2hI4I", 3, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        }
        return _file(tables)


FONTS = (Font("narrow", width=0.6), Font("wide", width=1.4), Font("tall", ascent=1.2, descent=0.4))


def _file(tables: dict[bytes, bytes]) -> bytes:
    """Browsers do not look at checksums: they are 0."""
    number, largest = len(tables), 2 ** (len(tables).bit_length() - 1)
    padded = [data + bytes(-len(data) % 4) for data in tables.values()]
    places = accumulate((len(data) for data in padded), initial=12 + 16 * number)
    entries = [
        struct.pack(">4s3I", tag, 0, place, len(data)) for (tag, data), place in zip(tables.items(), places, strict=False)
    ]
    search = 16 * largest, largest.bit_length() - 1, 16 * (number - largest)
    return b"".join((struct.pack(">6H", 1, 0, number, *search), *entries, *padded))


def _glyph(code: int) -> int:
    letter = chr(code)
    return 1 if letter in THIN_LETTERS else 3 if letter in BROAD_LETTERS else 2


def _cmap() -> bytes:
    """Many characters to one glyph (format 13)."""
    ascii_letters = [(code, code, _glyph(code)) for code in range(0x20, 0x7F)]
    groups = [*ascii_letters, (0xA0, LAST_NARROW, 2), (LAST_NARROW + 1, LAST, 3)]
    table = b"".join(struct.pack(">3I", *group) for group in groups)
    return struct.pack(">2H2HI2H3I", 0, 1, 3, 10, 12, 13, 0, 16 + len(table), 0, len(groups)) + table


def _os2(ascent: int, descent: int) -> bytes:
    """Version 4, with the line's height from the typographic ascent and descent."""
    head = struct.pack(">Hh3H11h", 4, MIDDLE, 400, 5, 0, *[0] * 11)
    use_typographic, first, last = 1 << 7, 0x20, 0xFFFF
    middle = struct.pack(">10s4I4s3H", bytes(10), *[0] * 4, b"test", use_typographic, first, last)
    return head + middle + struct.pack(">3h2H2I2h3H", ascent, -descent, 0, ascent, descent, 0, 0, 500, 700, 0, 0x20, 1)


GIVE = """async ([name, file]) => {
  const face = new FontFace(name, Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
  document.fonts.add(await face.load());
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*, ::before, ::after { font-family: ${name} !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
TAKE = "() => { document.adoptedStyleSheets = []; document.fonts.clear(); }"


async def give(page: Page, font: Font) -> None:
    """All text of the page that is open now has this font."""
    await page.evaluate(GIVE, [font.name, base64.b64encode(font.file()).decode()])


async def take_back(page: Page) -> None:
    """The page has its own fonts again."""
    await page.evaluate(TAKE)
