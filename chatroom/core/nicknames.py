"""Which nicknames are allowed, which of them look alike, and which to suggest.

A nickname is shown as `prepare_nickname` returns it. No two people in a room have nicknames with the same `skeleton`.
"""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, groupby

from chatroom.core.characters import is_newer
from chatroom.core.limits import NICKNAME_CODE_POINTS
from chatroom.core.lookalikes import LOOKALIKES, PAIRS
from chatroom.core.precis import emoji_sequences, enforce
from chatroom.core.reserved_names import ALONE, INSIDE, ROLES
from chatroom.core.words import NICKNAME_FIRST, NICKNAME_SECOND

SUGGESTION_BYTES = 4
"""Of random bytes for each suggested nickname."""

_DIGITS_AT_MOST = 4
_MARKS_AT_MOST = 4
_ACCENTS_AT_MOST = 2
_RAW_CODE_POINTS = 4 * NICKNAME_CODE_POINTS

_EMOJI_STYLE = {0xFE0E: None, 0xFE0F: None}
_BLANK = frozenset("\u2800\ufffc\ufffd\U0001d159")
_CONTACT = re.compile(r"@|://|\bwww\.|\.(?:com|net|org|info|io|me|gg|app)\b", re.IGNORECASE)
_NEWER_FROM = "\U0001f000"
"""Pictures and ideographs stand from here on; a character that is new in an older script may look like any other."""
_WORD = re.compile(r"\S+")
_MENTION = re.compile(rf"(?<![^\s(])@([\w.-]{{1,{NICKNAME_CODE_POINTS}}})")
_JOINERS = dict.fromkeys((0x200C, 0x200D, 0x20E3, 0xFE0E, 0xFE0F))
_IDLE_JOINER = re.compile("(?<=[\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0649\u0698])\u200c")
"""After an Arabic letter that never joins the next, the non-joiner does nothing."""
_JOINER_IN_WORD = re.compile("(?<=[^\\W\\d_]|[\u093c-\u0dff])[\u200c\u200d](?=[^\\W\\d_])|(?<=\u0d4d)\u200d")
"""Between letters, or in a Malayalam chillu, which may end a word."""
_STROKE_IN_WORD = re.compile(r"(?<=\w)[!|](?=\w)")
_SINGLE_LETTERS = re.compile(r"(?<=\b\w) (?=\w\b)")
_UPSIDE_DOWN = str.maketrans("bdpqnu", "qpdbun")
_RUN = re.compile(r"(.)\1+")
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<![^\W_])\d+|\d+(?![^\W_])")

_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
_SPOKEN_MARKS = frozenset({0, 7, 8, 9, 84, 91, 103, 107, 118, 122, 129, 130, 132})
"""Combining classes of marks that make another letter of it: vowel signs, nukta, voicing, virama, Thai and Lao tones."""
_WRITTEN_TOGETHER = frozenset(
    {"LATIN", "CJK", "IDEOGRAPHIC", "VERTICAL", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"}
)
_ANY_SCRIPT = frozenset({"COMBINING", "MODIFIER"})


class BadNickname(ValueError):
    """`code` says why: name_empty, name_too_long, name_contact, name_not_allowed or name_reserved. It never holds the name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prepare_nickname(text: str) -> str:
    """The nickname to show for what a person typed: trimmed, inner spaces single, NFKC (RFC 8266, section 2.3).

    At most `NICKNAME_CODE_POINTS`, with at least one letter or picture. Preparing it again changes nothing. Joiners stay where
    a script or an emoji sequence uses them. Raises `BadNickname`.
    """
    trimmed = _IDLE_JOINER.sub("", text.translate(_EMOJI_STYLE)).strip()
    if not trimmed:
        raise BadNickname("name_empty")
    if len(trimmed) > _RAW_CODE_POINTS:
        raise BadNickname("name_too_long")
    try:
        name = _enforced(trimmed)
    except UnicodeEncodeError:
        raise BadNickname("name_not_allowed") from None
    for code, objects in _OBJECTIONS.items():
        if objects(name):
            raise BadNickname(code)
    return name


def _enforced(text: str) -> str:
    """RFC 8266, section 2.3. Printable ASCII has nothing but its spaces to put in order. Raises UnicodeEncodeError."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return enforce("NicknameCasePreserved", text)


def skeleton(nickname: str) -> str:
    """What is left of a nickname when all that the eye may miss is gone; for comparing only.

    Two nicknames that are equal by RFC 8266 (section 2.4) have the same skeleton, and so have two that differ only in accents,
    spaces, punctuation, emoji, or characters that look alike. Its own skeleton is itself.
    """
    return _pairs_joined(_folded(nickname).replace(" ", "")) or "".join(filter(_is_picture, nickname))


def without_mentions(text: str, skeletons: Container[str]) -> str:
    """The text without the @ before names of this room, which are no handles of another service."""
    return _MENTION.sub(lambda found: found[1] if skeleton(found[1]) in skeletons else found[0], text) if "@" in text else text


def suggest_nicknames(random_bytes: bytes) -> list[str]:
    """Different two-word nicknames, one for every `SUGGESTION_BYTES` random bytes.

    They tell nothing about who is in a room: each is drawn by itself, from all there are. Raises ValueError for other lengths.
    """
    if len(random_bytes) % SUGGESTION_BYTES:
        raise ValueError(f"{SUGGESTION_BYTES} random bytes are needed for each, not {len(random_bytes)} in all")
    places: list[int] = []
    for start in range(0, len(random_bytes), SUGGESTION_BYTES):
        place = int.from_bytes(random_bytes[start : start + SUGGESTION_BYTES])
        while (place := place % _SUGGESTIONS) in places:
            place += 1
        places.append(place)
    return [_suggestion(place) for place in places]


def variation(nickname: str, taken_skeletons: Container[str]) -> str:
    """The nickname with the first number from 2 on behind it that nobody has; one of the suggestions where none is allowed."""
    numbered = (f"{nickname[: NICKNAME_CODE_POINTS - 3].rstrip()} {number}" for number in range(2, 100))
    names = chain(numbered, map(_suggestion, range(_SUGGESTIONS)))
    return next(name for name in names if _is_allowed(name) and skeleton(name) not in taken_skeletons)


def _is_allowed(name: str) -> bool:
    try:
        return prepare_nickname(name) == name
    except BadNickname:
        return False


def _suggestion(place: int) -> str:
    first, second = divmod(place, len(NICKNAME_SECOND))
    return f"{NICKNAME_FIRST[first]} {NICKNAME_SECOND[second]}"


def _too_long(name: str) -> bool:
    return len(name) > NICKNAME_CODE_POINTS


def _is_contact(name: str) -> bool:
    return bool(_CONTACT.search(name)) or sum(map(str.isdigit, name)) > _DIGITS_AT_MOST


def _not_allowed(name: str) -> bool:
    if name.isascii():
        return not any(map(str.isalpha, name))
    bare = _without_sequences(name)
    categories = {unicodedata.category(character) for character in bare}
    return (
        not (bare != name or _LETTERS.intersection(categories) or any(map(_is_picture, bare)))
        or not categories.isdisjoint({"Cf", "Me"})
        or not _BLANK.isdisjoint(bare)
        or any(is_newer(character) and character < _NEWER_FROM for character in bare)
        or _has_piled_marks(bare)
        or any(_mixes_scripts(word) for word in _WORD.findall(bare))
    )


def _without_sequences(name: str) -> str:
    """The name without its emoji sequences, and without joiners between letters: a profile looked at those before."""
    for sequence in emoji_sequences(name):
        name = name.replace(sequence, "")
    return _JOINER_IN_WORD.sub("", name)


def _is_picture(character: str) -> bool:
    """Whether this is an emoji or a symbol like one, or may be one that this Python does not know yet."""
    is_symbol = unicodedata.category(character) == "So" and character >= "\u2600" and ord(character) not in LOOKALIKES
    return (is_symbol and character not in _BLANK) or is_newer(character)


def _has_piled_marks(name: str) -> bool:
    """Whether marks stand without a letter, strike it through, repeat, or pile up beyond what any script needs."""
    before = ""
    for is_mark, group in groupby(name, _is_mark):
        run = "".join(group)
        if is_mark:
            classes = [unicodedata.combining(mark) for mark in run]
            accents = sum(place >= 200 for place in classes)
            if not before[-1:].isalnum() or 1 in classes or len(set(run)) < len(run):
                return True
            if len(run) > _MARKS_AT_MOST or accents > _ACCENTS_AT_MOST:
                return True
        before = run
    return False


def _mixes_scripts(word: str) -> bool:
    """Whether one word has letters of scripts that are not written together (Unicode UTS 39, section 5.2)."""
    letters = (character for character in word if unicodedata.category(character)[0] in "LM")
    scripts = {unicodedata.name(letter, "OTHER").split()[0] for letter in letters} - _ANY_SCRIPT
    return len(scripts) > 1 and not scripts <= _WRITTEN_TOGETHER


def _is_reserved(name: str) -> bool:
    plain = "".join(filter(str.isalnum, name.casefold()))
    folded, spaced = _folded(name), _JOINT.sub(" ", name)
    whole = _pairs_joined(folded.replace(" ", ""))
    return (
        plain in ALONE
        or whole in _ROLES
        or (not name.isascii() and whole[::-1].translate(_UPSIDE_DOWN) in _ROLES)
        or not _STRETCHABLE.isdisjoint(map(_without_runs, (whole, *_words(folded))))
        or any(part in whole for part in _INSIDE)
        or not _ROLES.isdisjoint(_words(folded))
        or (spaced != name and not _ROLES.isdisjoint(_words(_folded(spaced))))
    )


def _without_runs(text: str) -> str:
    return _RUN.sub(r"\1", text)


def _words(folded: str) -> list[str]:
    """The skeleton of each word; letters standing alone in a row are one word."""
    return [_pairs_joined(word) for word in _SINGLE_LETTERS.sub("", folded).split()]


def _folded(text: str) -> str:
    """Letters and digits as the look-alike table has them, runs of anything else as one space."""
    bare = text.casefold() if text.isascii() else _without_accents(text.translate(_JOINERS))
    translated = _STROKE_IN_WORD.sub("l", bare).translate(LOOKALIKES)
    return " ".join("".join(c if c.isalnum() or _is_mark(c) else " " for c in translated).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not _is_mark(c) or unicodedata.combining(c) in _SPOKEN_MARKS)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _pairs_joined(text: str) -> str:
    for pair, single in PAIRS:
        text = text.replace(pair, single)
    return text


_SUGGESTIONS = len(NICKNAME_FIRST) * len(NICKNAME_SECOND)
_ROLES = frozenset(map(skeleton, ROLES))
_STRETCHABLE = frozenset(_without_runs(role) for role in _ROLES if len(role) > 4 or role == "host")
"""Roles that are known with doubled letters too; of the short ones that would be other words, such as boots and mood."""
_INSIDE = tuple(map(skeleton, INSIDE))
_OBJECTIONS = {
    "name_too_long": _too_long,
    "name_contact": _is_contact,
    "name_not_allowed": _not_allowed,
    "name_reserved": _is_reserved,
}
