"""Ways of using drugs, amounts, and where to get them: a nudge, since such words can be hard to read for others."""

from chatroom.moderation.phrases import find_phrases
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

_SECTIONS = ("sources", "methods", "amounts")
_REASONS = (
    "This may say where to get something. That can be hard to read for people here. You can change it first.",
    "This may say how something is used. That can be hard to read for people here. You can change it first.",
    "This may name an amount. Amounts can be hard to read for people here. You can change it first.",
)


class Drugs:
    kinds = frozenset({Kind.MESSAGE, Kind.DIRECT})
    runs = Runs.INLINE

    def __init__(self) -> None:
        self._phrases = find_phrases("drugs", _SECTIONS)

    def review(self, said: Said) -> Verdict:
        found = self._phrases.found(said.text)
        return Verdict(Decision.NUDGE, _REASONS[min(found)]) if found else ACCEPT
