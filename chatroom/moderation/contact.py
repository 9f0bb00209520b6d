"""Contact details, stopped for the writer's sake: telephone numbers, e-mail addresses, handles, links, street addresses.

What is looked for is what people write, not what someone hides on purpose: numbers in words pass.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from chatroom.moderation.patterns import PatternSet
from chatroom.moderation.phones import is_phone, numbers_in
from chatroom.moderation.phrases import LANGUAGES, read_list
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

_END = "To protect you, it is not sent. A moderator can help you in a private line."
_REASONS = {
    "address": f"This looks like an e-mail address. {_END}",
    "link": f"This looks like a link. {_END}",
    "handle": f"This looks like a name in another service. {_END}",
    "phone": f"This looks like a telephone number. {_END}",
    "street": f"This looks like a street address. {_END}",
}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_OTHER_DIGITS = re.compile(r"[^\D0-9]")
_NEEDS_NAME = frozenset({"drive", "close", "court", "camino", "paseo", "carrera", "ronda", "av"})
"""Words that are no street unless a name in capitals is beside them."""


def _listed(name: str) -> list[str]:
    return [word for language in LANGUAGES for word in read_list("contact", language)[name]]


def _either(words: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


_ENDS = "com|net|org|info|gg|io|app|edu|gov|example|co\\.uk|com\\.mx|com\\.ar"
_SERVICES = (
    "instagram|insta|ig|snapchat|snap|telegram|tiktok|discord|kik|skype|twitter|facebook|fb|messenger|venmo|cashapp|threads|"
    "reddit|onlyfans|signal|whatsapp"
)
_AT = rf"(?:@|[(\[]at[)\]]|[(\[]?{_either(_listed('at')[1:])}[)\]]?)"
_AT_WORD, _DOT_WORD = _either(_listed("at")), _either(_listed("dot"))
_DOT = rf"(?:\.|[(\[]dot[)\]]|[(\[]{_DOT_WORD}[)\]])"
_HANDLE = r"[a-z][a-z0-9]*[._0-9][a-z0-9._-]*"
_LATER = r"[^.!?]{0,12}"

_PATTERNS = {
    "address": (
        r"\b[a-z0-9._%+-]+@[a-z0-9-]+\.[a-z]{2,}",
        rf"\b[a-z0-9._+-]+\s*{_AT}\s*[a-z0-9-]+\s*{_DOT}\s*[a-z]{{2,6}}\b",
        rf"\b[a-z0-9._+-]+\s{_AT_WORD}\s[a-z0-9-]+\s{_DOT_WORD}\s[a-z]{{2,6}}\b",
        rf"\b[a-z]+\s{_DOT_WORD}\s[a-z]+\s(?:on|at|en)\s(?:gmail|outlook|hotmail|proton|yahoo|icloud)\b",
    ),
    "link": (
        r"\bhttps?://\S",
        r"\bwww\.[a-z0-9-]+\.",
        rf"\b[a-z0-9-]{{2,}}\.(?:{_ENDS})(?:[/\s:?#,!)]|\.?$|\.\s)",
        r"\b(?:t|wa|m|bit|youtu|discord|linktr|signal|paypal)\.(?:me|ly|be|gg|ee)/\S",
    ),
    "handle": (
        rf"(?:^|[\s(])@{_HANDLE}",
        rf"\b(?:{_SERVICES})\b\s*(?:[:=]|\s(?:is|es|name is|handle is))\s*@\s?\S{{3,}}",
        rf"\b(?:{_SERVICES})\b\s*[:=]\s*[a-z0-9._-]{{4,}}(?:$|[!?,;])",
        rf"\b(?:{_SERVICES})\b{_LATER}\s(?:@[a-z0-9._-]{{3,}}|{_HANDLE})",
        rf"(?:^|\s)@[a-z0-9._-]{{3,}}\s(?:on|en)\s(?:{_SERVICES})\b",
        r"\b[a-z0-9._]{2,32}#\d{4}\b",
    ),
    "phone": (r"(?:^|[^\w.,:/#$€£-])(?:\+\s?|\()?\d(?:[\s().\-/·]{0,4}\d){6,}(?:$|[^\w%€])",),
    "street": (
        rf"\b\d{{1,5}}[a-z]?,?\s(?:[\pL'.]+\s){{1,3}}{_either(_listed('street_after'))}\b",
        rf"(?:^|[\s,]){_either(_listed('street_before'))}\.?\s(?:[\pL'.]+,?\s){{1,5}}(?:(?:número|numero|num|nº|n°|no|#)\.?\s?)?\d{{1,4}}\b",
    ),
}
_STREET = re.compile(
    rf"\b\d{{1,5}}[a-z]?,?\s((?:[^\W\d_'.][\w'.]*\s){{1,3}})({_either(_listed('street_after'))})\b|"
    rf"\b({_either(_listed('street_before'))})\.?\s((?:[^\W\d_][\w'.]*,?\s){{1,5}}?)(?:(?:número|numero|num|nº|n°|no|#)\.?\s?)?\d{{1,4}}\b",
    re.IGNORECASE,
)
_WORDS_BEFORE = 5
_SHORTENED = 3
"""As long is a word at most that was shortened, with its point: St. and N. end no sentence."""
_COUNTED = re.compile(r"\s+[^\W\d_]*(?:s|km|kg|mg|ml)\b")
"""What stands behind a number of many things."""
_LETTERS = re.compile(r"[^\W\d_]+")


class Contact:
    kinds = frozenset({Kind.MESSAGE, Kind.REASON, Kind.DIRECT})
    runs = Runs.INLINE

    def __init__(self) -> None:
        self._sorts = [sort for sort, patterns in _PATTERNS.items() for _ in patterns]
        self._patterns = PatternSet(pattern for patterns in _PATTERNS.values() for pattern in patterns)

    def review(self, said: Said) -> Verdict:
        """Moderators are asked, not stopped: they give the number of a helpline, or a link to a reading."""
        sort = next(self._found(_legible(said.text)), "")
        if not sort:
            return ACCEPT
        asks = said.moderates and said.kind is Kind.MESSAGE
        return Verdict(Decision.NUDGE if asks else Decision.REJECT, _REASONS[sort])

    def _found(self, text: str) -> Iterator[str]:
        for place in self._patterns.found(text):
            sort = self._sorts[place]
            if sort not in _LOOKS_CLOSER or _LOOKS_CLOSER[sort](text):
                yield sort


def _legible(text: str) -> str:
    """In NFKC, with the digits 0 to 9, without what cannot be seen."""
    if text.isascii():
        return text
    if not (text.isprintable() and unicodedata.is_normalized("NFKC", text)):
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return _OTHER_DIGITS.sub(lambda digit: str(int(digit[0])), text)


def _has_phone(text: str) -> bool:
    return any(is_phone(number, before) for number, before in numbers_in(text))


def _has_street(text: str) -> bool:
    return any(_is_street(text, match) for match in _STREET.finditer(text))


def _is_street(text: str, match: re.Match[str]) -> bool:
    """Whether its words are a name within one sentence, the number counts nothing, and nothing says that this was long ago."""
    name, street = match[1] or match[4], match[2] or match[3]
    words = name.split()
    if any(word.endswith(".") and len(word) > _SHORTENED for word in words):
        return False
    if match[3] and _COUNTED.match(text, match.end()):
        return False
    if not any(word[0].isupper() for word in words) and _needs_name(street, is_after=bool(match[2])):
        return False
    before = text[: match.start()].casefold().split()[-_WORDS_BEFORE:]
    return _NO_STREET.isdisjoint(_LETTERS.findall(name.casefold())) and _PAST.isdisjoint(before)


def _needs_name(street: str, *, is_after: bool) -> bool:
    """Whether this is no street without a name in capitals; one in capitals itself, after the name, begins something else."""
    return street.casefold() in _NEEDS_NAME or (is_after and street[0].isupper())


_NO_STREET, _PAST = frozenset(_listed("no_street")), frozenset(_listed("past"))
_LOOKS_CLOSER: dict[str, Callable[[str], bool]] = {"phone": _has_phone, "street": _has_street}
