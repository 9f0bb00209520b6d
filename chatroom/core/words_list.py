"""The room's own list of words and patterns. Patterns are RE2, which takes time in proportion to the text and nothing more."""

import re2

from chatroom.core.limits import PATTERN_CODE_POINTS
from chatroom.core.refusals import Refused
from chatroom.core.safety_events import Word, WordKind
from chatroom.core.text import clean_text

PATTERN_BYTES = 64 * 1024
"""What one compiled pattern may take."""


def checked_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The list, its patterns cleaned. Raises Refused words_wrong, whose `detail` names the first that is."""
    try:
        return tuple(_checked(word) for word in words)
    finally:
        re2.purge()  # it keeps what it compiled, and no room's words outlive the room


def _checked(word: Word) -> Word:
    try:
        clean = Word(clean_text(word.pattern, PATTERN_CODE_POINTS), word.kind, word.verdict)
        found = _compiled(clean).search("")
    except Refused as refusal:
        raise Refused("words_wrong", detail=refusal.detail or "A line is empty, or holds what cannot be shown.") from None
    except re2.error as error:
        raise Refused("words_wrong", detail=f"{word.pattern}: {_sentence(error)}") from None
    if found:
        raise Refused("words_wrong", detail=f"{clean.pattern}: this is found in everything.")
    return clean


def _sentence(error: Exception) -> str:
    cause = error.args[0] if error.args else ""
    return cause.decode(errors="replace") if isinstance(cause, bytes) else str(cause)


def _compiled(word: Word) -> "re2._Regexp[str]":
    """The pattern as RE2 takes it. Raises re2.error."""
    options = re2.Options()
    options.case_sensitive, options.literal, options.log_errors = False, word.kind is WordKind.LITERAL, False
    options.max_mem = PATTERN_BYTES
    return re2.compile(word.pattern, options)
