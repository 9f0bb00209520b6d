"""Looking for many patterns in one pass, with RE2: the time grows with the text and nothing else."""

from collections.abc import Iterable

import re2

from chatroom.core.safety_events import Word, WordKind, WordVerdict

MEMORY_BYTES = 32 * 1024 * 1024
"""What one set may take at most, compiled and while it looks."""

_SEVERITY = (WordVerdict.REJECT, WordVerdict.HOLD, WordVerdict.NUDGE)


class PatternSet:
    """RE2 patterns, whatever the case of letters. Raises re2.error for what is no pattern."""

    def __init__(self, patterns: Iterable[str]) -> None:
        options = re2.Options()
        options.case_sensitive, options.never_capture, options.log_errors = False, True, False
        options.max_mem = MEMORY_BYTES
        self._set = re2.Set.SearchSet(options)
        self._any = False
        for pattern in patterns:
            self._set.Add(pattern)
            self._any = True
        self._set.Compile()

    def found(self, text: str) -> list[int]:
        """The places in the list of the patterns that are found."""
        return (self._any and self._set.Match(text)) or []


class WordList:
    """Words and patterns of an operator or a room, ready to be looked for, and those of another list `beside` them."""

    def __init__(self, words: tuple[Word, ...] = (), beside: "WordList | None" = None) -> None:
        self._verdicts = [word.verdict for word in words]
        self._patterns = PatternSet(_pattern_of(word) for word in words)
        self._beside = beside

    def verdict(self, text: str) -> WordVerdict | None:
        """The severest verdict of those whose words are found, None when none are."""
        verdicts: set[WordVerdict | None] = {self._verdicts[place] for place in self._patterns.found(text)}
        if self._beside:
            verdicts.add(self._beside.verdict(text))
        return next((verdict for verdict in _SEVERITY if verdict in verdicts), None)

    def __bool__(self) -> bool:
        return bool(self._verdicts or self._beside)


def _pattern_of(word: Word) -> str:
    return re2.escape(word.pattern) if word.kind is WordKind.LITERAL else word.pattern


NO_WORDS = WordList()
