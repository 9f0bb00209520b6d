"""Our own lists of phrases, in `lists/`: one file for each policy and language. `docs/moderation.md` describes the notation."""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import re2

from chatroom.moderation.patterns import PatternSet

LANGUAGES = ("en", "es")
_BETWEEN = r"[\s,.;:!?-]{1,3}"
_FEW_WORDS = r"\s(?:\S{1,20}\s){0,3}"
_BEFORE, _AFTER = r"(?:^|[^\pL\pN])", r"(?:$|[^\pL\pN])"
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_ACCENTS = {"á": "[aá]", "é": "[eé]", "í": "[ií]", "ó": "[oó]", "ú": "[uúü]", "ñ": "[nñ]", "'": "['\u2019]?"}
_TOKEN = re.compile(r"\[[^\]]*\]|\.\.|(?:\([^)]*\)|[^\s(\[])+")
_NAMED = re.compile(r"\{(\w+)\}")


def find_phrases(policy: str, sections: tuple[str, ...]) -> PatternSet:
    """One pattern for each section, of its phrases in all languages."""
    return PatternSet(_BEFORE + _any_of(policy, section) + _AFTER for section in sections)


def leave_out(policy: str, section: str) -> Callable[[str], str]:
    """A function that gives a text without the phrases of this section."""
    options = re2.Options()
    options.case_sensitive, options.log_errors = False, False
    pattern = re2.compile(_BEFORE + _any_of(policy, section) + _AFTER, options)
    return lambda text: str(pattern.sub(" ", text))


def _any_of(policy: str, section: str) -> str:
    lists = [read_list(policy, language) for language in LANGUAGES]
    patterns = (pattern_of(phrase, one.get("words", {})) for one in lists for phrase in one[section])
    return f"(?:{'|'.join(patterns)})"


@cache
def read_list(policy: str, language: str) -> dict[str, Any]:
    """A list file, as it is."""
    text = (files(__package__) / "lists" / f"{policy}.{language}.json").read_bytes()
    lists: dict[str, Any] = msgspec.json.decode(text)
    return lists


def pattern_of(phrase: str, words: dict[str, list[str]]) -> str:
    """A phrase as an RE2 pattern. `words` are the lists that it names in braces."""
    pattern, glue, begun = "", _BETWEEN, False
    for token in _TOKEN.findall(_NAMED.sub(lambda name: f"({'|'.join(words[name[1]])})", phrase)):
        if token == "..":
            glue = _FEW_WORDS
        elif token.startswith("["):
            words_here = f"(?:{_words(token[1:-1])})"
            pattern += f"(?:{glue}{words_here})?" if begun else f"(?:{words_here}{_BETWEEN})?"
        else:
            pattern += glue * begun + _words(token)
            glue, begun = _BETWEEN, True
    return pattern


def _words(token: str) -> str:
    """A word, or alternatives in parentheses, with its signs replaced."""
    return "".join(_SIGNS.get(character) or _ACCENTS.get(character) or re.escape(character) for character in token)


_SIGNS = {"(": "(?:", ")": ")", "|": "|", "*": "[a-zà-ÿ]*", "#": _NUMBER, " ": _BETWEEN}
