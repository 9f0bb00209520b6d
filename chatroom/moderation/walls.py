"""Walls of capitals, and letters under piles of marks that cover the lines around them."""

import re

from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

_LETTERS_AT_LEAST = 30
_CAPITALS_OF_TEN = 8
_PILE = 4
_PILED_AT_MOST = 10
_MARKS_IN_A_ROW = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2,}")
"""Combining marks for any letter; those of a script of its own, such as vowel signs, are not among them."""

_LOWER = bytes(range(ord("a"), ord("z") + 1))
_UPPER = bytes(range(ord("A"), ord("Z") + 1))

_CAPITALS = Verdict(Decision.NUDGE, "All capitals can feel like shouting. You can change it, or send it as it is.")
_MARKS = Verdict(Decision.REJECT, "These marks cover the lines around them, so others cannot read. Please leave them out.")


class Walls:
    kinds = frozenset({Kind.MESSAGE, Kind.TITLE, Kind.DIRECT})
    runs = Runs.INLINE

    def review(self, said: Said) -> Verdict:
        text = said.text
        if not text.isascii() and _has_wall_of_marks(text):
            return _MARKS
        return _CAPITALS if _is_wall_of_capitals(text) else ACCEPT


def _is_wall_of_capitals(text: str) -> bool:
    if len(text) < _LETTERS_AT_LEAST:
        return False
    letters = text.encode("ascii", "ignore")
    lower, upper = len(letters) - len(letters.translate(None, _LOWER)), len(letters) - len(letters.translate(None, _UPPER))
    if lower + upper >= _LETTERS_AT_LEAST:
        return upper * 10 >= (lower + upper) * _CAPITALS_OF_TEN
    return not text.isascii() and text.isupper() and sum(map(str.isalpha, text)) >= _LETTERS_AT_LEAST


def _has_wall_of_marks(text: str) -> bool:
    """Whether marks pile up on a letter, or many letters carry several. Text in NFC has few marks of its own."""
    piles = [len(pile) for pile in _MARKS_IN_A_ROW.findall(text)]
    return max(piles, default=0) >= _PILE or sum(piles) - len(piles) > _PILED_AT_MOST
