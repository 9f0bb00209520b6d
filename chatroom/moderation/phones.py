"""Which numbers in a text are telephone numbers, and which are dates, times, amounts or years."""

import re
from collections.abc import Iterator

from chatroom.moderation.phrases import LANGUAGES, read_list

_NUMBER = re.compile(r"(?<![\w.,:/#$€£-])(?:\+\s?|\()?\d(?:[\d\s().\-/·]*\d)?(?![\w%€]|[,.:]\d)")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = range(7, 16)
"""Of a telephone number in international form (ITU-T E.164) there are 15 at most."""

_SHAPES = frozenset(
    {(3, 3, 4), (1, 3, 3, 4), (3, 2, 2, 2), (2, 3, 2, 2), (2, 2, 2, 2, 2), (2, 4, 4), (5, 6), (5, 3, 3), (4, 3, 4), (3, 4, 4)}
    | {(3, 7), (3, 3, 2, 2), (1, 10), (4, 3, 3), (4, 6), (3, 8)}
)
"""How many digits stand together, as numbers are written in North America, Europe and Latin America."""
_FREE = re.compile(r"(?:00|\+)?1?8(?:00|88|77|66|55|44|33)\d{7}|(?:0044|\+44)?0?80[08]\d{6,7}|(?:0034|\+34)?900\d{6}")
"""Numbers that cost the caller nothing belong to no person: help lines have them."""
_CUE_WORDS = 4

_CUES = frozenset(word for language in LANGUAGES for word in read_list("contact", language)["cues"])


def numbers_in(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each run of digits with what may stand between them, and the words before it in lower case, the nearest last."""
    for match in _NUMBER.finditer(text):
        yield match[0], _WORD.findall(text[max(0, match.start() - 40) : match.start()].casefold())[-_CUE_WORDS:]


def is_phone(number: str, before: list[str]) -> bool:
    """Whether a run of digits is a telephone number, also by the words before it."""
    groups = _GROUP.findall(number)
    if _is_something_else(number, groups):
        return False
    if number.startswith("+") or groups[0].startswith("00") or not _CUES.isdisjoint(before):
        return True
    shape = tuple(map(len, groups))
    return shape in _SHAPES or _is_whole(groups) or _is_short(number, shape) or _is_spanish(groups)


def _is_something_else(number: str, groups: list[str]) -> bool:
    """Too short or too long, a date, years, a round sum, or a number that is free to call."""
    digits = "".join(groups)
    return (
        len(digits) not in _DIGITS
        or bool(_DATE.fullmatch(number))
        or all(_YEAR.fullmatch(group) for group in groups)
        or _is_sum(groups)
        or bool(_FREE.fullmatch(digits))
    )


def _is_whole(groups: list[str]) -> bool:
    """Nine digits or more in one piece."""
    return len(groups) == 1 and len(groups[0]) >= 9


def _is_sum(groups: list[str]) -> bool:
    """A round sum, in one piece or in thousands."""
    return groups[-1].endswith("000") and all(len(group) == 3 for group in groups[1:])


def _is_short(number: str, shape: tuple[int, ...]) -> bool:
    """555-0142, or 4567-8901 after an area code."""
    return "-" in number and shape in {(3, 4), (2, 4, 4)}


def _is_spanish(groups: list[str]) -> bool:
    return len(groups) == 3 and all(len(group) == 3 for group in groups) and groups[0][0] in "6789"
