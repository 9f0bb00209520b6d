# ruff: noqa: RUF001 - characters that look like others are what this table is about
"""Which characters look like which: our own small table, for comparing nicknames and never for showing them.

It is applied after compatibility decomposition and case folding (so it holds no accented, wide, mathematical or capital
letters), and every result is a character that the table leaves alone. `i`, `l` and `1` are one letter, for `Ian` and `lan`
look the same. Where a Greek capital and its small letter look like different Latin letters, the capital counts.
"""

import re
import unicodedata
from itertools import chain

_LIKE = {
    "a": "аαɑᴀɐꓮᎪ4",
    "b": "вьβʙƀɓꓐᏴᏏ8",
    "c": "сᴄƈɔꓚᏟ¢",
    "d": "ԁᴅđɗɖðꓓᎠᏧ",
    "e": "еєэәεɛᴇǝəꓰᎬ3€℮",
    "f": "ƒꜰғɟꓝ",
    "g": "ɡɢɠǥցꓖᏀ",
    "h": "һнңћђηʜħɦɥհꓧᎻ",
    "j": "јᴊʝȷꓙᎫ",
    "k": "кқҝҟҡκᴋƙʞꓗᏦ",
    "l": "iıɪɩɨᴉłʟιіӏǀǃꓲꓡᎥᏞ1",
    "m": "мμᴍɱɯʍꓟᎷ",
    "n": "пνπɴŋɲƞոꓠ",
    "o": "оөοσᴏøɵօꓳ0",
    "p": "рρᴘþƥꓑᏢ",
    "q": "ԛɋʠգ",
    "r": "гʀʁɍɾɹꓣᎡᏒ",
    "s": "ѕꜱʂƨꓢᏚᏕ5$",
    "t": "тτᴛŧƭʈʇꓔᎢ7",
    "u": "цᴜʉսꓴ",
    "v": "ѵᴠʋʌᴧ∧∨ꓦᏙ",
    "w": "шщѡԝωᴡꓪᎳᏔ",
    "x": "хҳχꓫ×",
    "y": "уүұγυʏʎɏƴꓬᎩᎽ",
    "z": "ᴢζƶʐꓜᏃ",
    "ae": "æӕ",
    "oe": "œɶ",
}
_SMALL_LATIN = re.compile(r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) ([A-Z])(?: WITH .*)?")
"""Letters with a stroke, a hook, a tail or a loop, which no decomposition takes off, and small capitals."""
_LATIN = (range(0x180, 0x2B0), range(0x1D00, 0x1DC0), range(0x2C60, 0x2C80), range(0xA720, 0xA800), range(0xAB30, 0xAB70))
_BOXED_LETTERS = ("\U0001f150", "\U0001f170", "\U0001f1e6")
_APOSTROPHES = range(0x2B9, 0x300)

LOOKALIKES: dict[int, str] = (
    {
        place: found[1].lower().replace("i", "l")
        for place in chain(*_LATIN)
        if (found := _SMALL_LATIN.fullmatch(unicodedata.name(chr(place), "")))
    }
    | {ord(character): plain for plain, characters in _LIKE.items() for character in characters}
    | {ord(first) + place: chr(ord("a") + place).replace("i", "l") for first in _BOXED_LETTERS for place in range(26)}
    | dict.fromkeys(_APOSTROPHES, "")
)
"""For `str.translate`. Boxed letters are the ones that compatibility decomposition leaves alone."""

PAIRS = (("rn", "m"), ("vv", "w"))
"""Two letters that look like one."""
