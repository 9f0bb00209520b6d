"""PRECIS profiles (RFC 8264) that also let newer characters and emoji sequences through, which their tables do not know."""

import emoji
from precis_i18n import get_profile

from chatroom.core.characters import is_newer

_STAND_INS = "".join(map(chr, range(0x2801, 0x2900)))
"""Braille patterns: symbols that every profile leaves as they are."""
_TAGS = range(0xE0020, 0xE0080)


def enforce(profile: str, text: str) -> str:
    """The text as the profile of this name has it. Raises UnicodeEncodeError when something in it is not allowed."""
    kept = sorted({*emoji_sequences(text), *filter(is_newer, text)}, key=len, reverse=True)
    stand_ins = [character for character in _STAND_INS if character not in text]
    for sequence, stand_in in zip(kept, stand_ins, strict=False):
        text = text.replace(sequence, stand_in)
    text = str(get_profile(profile).enforce(text))
    for sequence, stand_in in zip(kept, stand_ins, strict=False):
        text = text.replace(stand_in, sequence)
    return text


def emoji_sequences(text: str) -> list[str]:
    """The emoji in the text that are held together by joiners, tags or a key cap; only those of Unicode's own list."""
    found = (one["emoji"] for one in emoji.emoji_list(text))
    return [one for one in found if any(character in "\u200d\u20e3" or ord(character) in _TAGS for character in one)]
