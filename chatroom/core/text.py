"""What people write, made fit to be stored and shown. Pure."""

import unicodedata
from itertools import groupby

from chatroom.core.characters import is_visible
from chatroom.core.refusals import Refused

_KEPT_CONTROLS = frozenset("\n\t")
_MARKS_AT_MOST = 30
"""In a row, as in stream-safe text (UAX 15, section 13). The time that NFC takes grows with the square of this number."""


def clean_text(text: str, limit: int) -> str:
    """The text in NFC, line ends as `\\n`, outer white space removed.

    `limit` counts code points. Raises Refused: text_empty, text_too_long, text_not_allowed (controls, piles of marks).
    """
    text = clean_optional(text, limit)
    if not _is_plain(text) and not any(map(is_visible, text)):
        raise Refused("text_empty")
    return text


def clean_optional(text: str, limit: int) -> str:
    """As `clean_text`, but nothing at all is fine."""
    if not text.isascii() and _has_piled_marks(text):
        raise Refused("text_not_allowed")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > limit:
        raise Refused("text_too_long", detail=f"At most {limit} characters.")
    if not _is_plain(text) and any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in _KEPT_CONTROLS for character in text
    ):
        raise Refused("text_not_allowed")
    return text


def _is_plain(text: str) -> bool:
    """Whether this is a line of printable ASCII with something to see: nothing in it needs a closer look."""
    return bool(text) and text.isascii() and text.isprintable()


def _has_piled_marks(text: str) -> bool:
    runs = groupby(text, lambda character: unicodedata.combining(character) > 0)
    return any(is_mark and sum(1 for _ in run) > _MARKS_AT_MOST for is_mark, run in runs)
