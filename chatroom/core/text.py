"""What people write, made fit to be stored and shown. Pure."""

import unicodedata

from chatroom.core.refusals import Refused

_KEPT_CONTROLS = frozenset("\n\t")


def clean_text(text: str, limit: int) -> str:
    """The text in NFC, line ends as `\\n`, outer white space removed.

    `limit` counts code points. Raises Refused: text_empty, text_too_long, text_not_allowed (control characters).
    """
    text = clean_optional(text, limit)
    if not any(_is_visible(character) for character in text):
        raise Refused("text_empty")
    return text


def clean_optional(text: str, limit: int) -> str:
    """As `clean_text`, but nothing at all is fine."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > limit:
        raise Refused("text_too_long", detail=f"At most {limit} characters.")
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in _KEPT_CONTROLS for character in text):
        raise Refused("text_not_allowed")
    return text


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM"
