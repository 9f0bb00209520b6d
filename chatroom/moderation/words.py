"""The operator's and the room's own list of words and patterns."""

from chatroom.core.safety_events import WordVerdict
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

_VERDICTS = {
    WordVerdict.NUDGE: Verdict(Decision.NUDGE, "Some of this can be hard to read for people here. You can change it first."),
    WordVerdict.HOLD: Verdict(Decision.HOLD, "A moderator reads this before the others do."),
    WordVerdict.REJECT: Verdict(Decision.REJECT, "Some of this is not said in this room. Please put it in another way."),
}


class Words:
    kinds = frozenset(Kind)
    runs = Runs.INLINE

    def review(self, said: Said) -> Verdict:
        if not said.words:
            return ACCEPT
        verdict = said.words.verdict(said.text)
        return _VERDICTS[verdict] if verdict else ACCEPT
