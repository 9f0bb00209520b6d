"""The same words again and again, by one author, or within one message."""

from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

SHORT_CODE_POINTS = 24
"""Up to this a text is a greeting or a thank you, which may be said to one after the other."""
_TIMES_BEFORE = {True: 5, False: 2}
_END = 4
"""The last of these characters differ between most texts, and are compared at once."""
_RUN = 200
_BLANK_LINES = "\n" * 12
_WORDS_AT_LEAST = 20
_EACH_WORD_TIMES = 5

_AGAIN = Verdict(Decision.NUDGE, "You have said this a moment ago, and it was seen. You can send it once more, or change it.")
_FLOODS = Verdict(Decision.NUDGE, "This says the same many times. A few words are easier to read. You can send it as it is.")


class Repeated:
    kinds = frozenset({Kind.MESSAGE, Kind.DIRECT})
    runs = Runs.INLINE

    def review(self, said: Said) -> Verdict:
        if said.recent and _was_said(said):
            return _AGAIN
        return _FLOODS if _floods(said.text) else ACCEPT


def _was_said(said: Said) -> bool:
    end = said.text[-_END:].casefold()
    alike = [recent.text for recent in said.recent if recent.text[-_END:].casefold() == end]
    if not alike:
        return False
    text = _plain(said.text)
    return sum(_plain(one) == text for one in alike) >= _TIMES_BEFORE[len(text) <= SHORT_CODE_POINTS]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _floods(text: str) -> bool:
    """Whether it is hardly more than one thing over and over."""
    return _has_run(text) or _BLANK_LINES in text or _repeats_words(text.split())


def _has_run(text: str) -> bool:
    """Whether one character stands `_RUN` times in a row: then some whole half of that is all the same."""
    half = _RUN // 2
    places = range(0, len(text) - half, half)
    return any(text[i] == text[i + half - 1] and text[i] * _RUN in text for i in places)


def _repeats_words(words: list[str]) -> bool:
    return len(words) >= _WORDS_AT_LEAST and len(set(words)) * _EACH_WORD_TIMES <= len(words)
