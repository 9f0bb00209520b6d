"""Words that may mean that someone is in danger. They are accepted; the writer gets a card, the moderators a quiet note."""

from chatroom.moderation.phrases import find_phrases
from chatroom.moderation.policy import ACCEPT, Kind, Runs, Said, Verdict

_CONCERNS = ("overdose", "self_harm")
_VERDICTS = (Verdict(concern="overdose"), Verdict(concern="self_harm"))


class Risk:
    kinds = frozenset({Kind.MESSAGE})
    runs = Runs.INLINE

    def __init__(self) -> None:
        self._phrases = find_phrases("risk", _CONCERNS)

    def review(self, said: Said) -> Verdict:
        """Never a sanction. An overdose goes before, since it cannot wait."""
        found = self._phrases.found(said.text)
        return _VERDICTS[min(found)] if found else ACCEPT
