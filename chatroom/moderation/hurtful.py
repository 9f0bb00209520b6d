"""Threats, slurs, harassment and advances. What is said to someone is stopped; what may be a person's own story only waits.

Many here tell what was said to them, or speak of themselves in hard words. Where that is plain it passes. Where words such as
"he said" or quotation marks make it likely, nothing is rejected: a moderator looks first.
"""

from chatroom.moderation.phrases import find_phrases, leave_out
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict

_SECTIONS = ("threats", "slurs_at", "menaces", "slurs", "harassment", "advances")
_VERDICTS = (
    Verdict(
        Decision.REJECT,
        "This could put someone in danger, so it is not sent. If you are hurt or angry, see Help: someone listens.",
    ),
    Verdict(
        Decision.REJECT,
        "This holds a word that hurts people for who they are, so it is not sent. Please put it in another way.",
    ),
    Verdict(Decision.HOLD, "A moderator reads this first, because it may frighten someone here."),
    Verdict(Decision.HOLD, "A moderator reads this first, because a word in it can hurt people for who they are."),
    Verdict(Decision.HOLD, "A moderator reads this first, because it may be hard on someone here."),
    Verdict(Decision.HOLD, "A moderator reads this first, because it may come too close to someone here."),
)
_OWN_STORY = Verdict(
    Decision.HOLD,
    "A moderator reads this first, because it holds hard words. If someone said them to you, you did nothing wrong.",
)
_TO_ONE_PERSON = Verdict(
    Decision.REJECT, "This may frighten or hurt the person you write to, so it is not sent. Please put it in another way."
)
_QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')


class Hurtful:
    kinds = frozenset({Kind.MESSAGE, Kind.NAME, Kind.TITLE, Kind.DIRECT})
    runs = Runs.INLINE

    def __init__(self) -> None:
        self._phrases = find_phrases("hurtful", _SECTIONS)
        self._sayings = find_phrases("hurtful", ("sayings",))
        self._without_told = leave_out("hurtful", "told")

    def review(self, said: Said) -> Verdict:
        """The severest kind decides. Between two people no moderator can look first: there an own story passes."""
        if not self._phrases.found(said.text) or not (found := self._phrases.found(self._without_told(said.text))):
            return ACCEPT
        own_story = self._may_be_own_story(said.text)
        if said.kind is Kind.DIRECT:
            return ACCEPT if own_story else _TO_ONE_PERSON
        verdict = _OWN_STORY if own_story else _VERDICTS[min(found)]
        waits = verdict.decision is Decision.HOLD
        return ACCEPT if waits and said.moderates else verdict

    def _may_be_own_story(self, text: str) -> bool:
        return not _QUOTES.isdisjoint(text) or bool(self._sayings.found(text))
