"""What single characters are, also those that are newer than the Unicode tables of this Python."""

import unicodedata

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_IGNORABLE = (
    range(0xAD, 0xAE), range(0x34F, 0x350), range(0x61C, 0x61D), range(0x115F, 0x1161), range(0x17B4, 0x17B6),
    range(0x180B, 0x1810), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070), range(0x3164, 0x3165),
    range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00), range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9), range(0x1BCA0, 0x1BCA4),
    range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000),
)  # fmt: skip
"""Default_Ignorable_Code_Point (Unicode DerivedCoreProperties), with the code points that are reserved for it."""


def is_newer(character: str) -> bool:
    """Whether this Python's tables do not know the character, though a newer Unicode may: a picture or a letter to come."""
    place = ord(character)
    return (
        unicodedata.category(character) == "Cn"
        and place & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= place <= 0xFDEF
        and not any(place in ignorable for ignorable in _IGNORABLE)
    )


def is_visible(character: str) -> bool:
    """Whether the character alone shows something; marks, spaces, controls and private characters do not."""
    if unicodedata.category(character)[0] in "CZM":
        return is_newer(character)
    return character not in _BLANK_LETTERS
