"""What happened with words that were held, concerns, the moderators' own words, content notes and the list of words.

A held message is named by the offset of `MessageHeld`, a concern by that of `ConcernNoted`.
"""

from enum import StrEnum
from typing import Union

import msgspec

from chatroom.core.event_base import Event, MessageKind


class Topic(StrEnum):
    """What words are about, so that people may choose not to see them at once."""

    NONE = ""
    SELF_HARM = "self_harm"
    DRUGS = "drugs"
    VIOLENCE = "violence"
    ABUSE = "abuse"
    EATING = "eating"
    DEATH = "death"
    OTHER = "other"


class HeldState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Sign(StrEnum):
    """What a concern came from: the person's own words, or somebody who is worried."""

    WORDS = "words"
    FRIEND = "friend"


class Danger(StrEnum):
    """What words may be a sign of."""

    NONE = ""
    SELF_HARM = "self_harm"
    OVERDOSE = "overdose"


class WordKind(StrEnum):
    LITERAL = "literal"
    RE2 = "re2"


class WordVerdict(StrEnum):
    NUDGE = "nudge"
    HOLD = "hold"
    REJECT = "reject"


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the room's list: what is looked for, and what becomes of words in which it is found."""

    pattern: str
    kind: WordKind
    verdict: WordVerdict


class MessageHeld(Event, frozen=True, tag="message_held"):
    """Words wait for a moderator; `policy` held them, for a `reason` that moderators see."""

    participant: str
    text: str
    origin_id: str
    kind: MessageKind
    name: str
    topic: Topic
    policy: str
    reason: str


class HeldResolved(Event, frozen=True, tag="held_resolved"):
    """`by` is empty when the author took the words back; `reason` is for the author."""

    held: int
    participant: str
    state: HeldState
    by: str = ""
    reason: str = ""


class ConcernNoted(Event, frozen=True, tag="concern_noted"):
    """Somebody may need help. Words that were `said` stand at the offset before; `by` is who is worried."""

    participant: str
    sort: Sign
    topic: Danger = Danger.NONE
    by: str = ""
    said: bool = True


class ConcernResolved(Event, frozen=True, tag="concern_resolved"):
    concern: int
    participant: str
    by: str


class Claimed(Event, frozen=True, tag="claimed"):
    """A moderator looks at a report, a held message or a concern."""

    item: int
    by: str


class TeamSaid(Event, frozen=True, tag="team_said"):
    by: str
    text: str
    origin_id: str


class NoteWritten(Event, frozen=True, tag="note_written"):
    """A moderator noted something about a person, for the other moderators."""

    participant: str
    text: str
    by: str


class BreakTaken(Event, frozen=True, tag="break_taken"):
    participant: str


class BreakOver(Event, frozen=True, tag="break_over"):
    participant: str


class ContentNoted(Event, frozen=True, tag="content_noted"):
    """What a message is about; `by` is empty when its author says so."""

    message: int
    topic: Topic
    by: str = ""


class WordsSet(Event, frozen=True, tag="words_set"):
    words: tuple[Word, ...]
    by: str


SafetyEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    MessageHeld, HeldResolved, ConcernNoted, ConcernResolved, Claimed, TeamSaid, NoteWritten, BreakTaken, BreakOver,
    ContentNoted, WordsSet,
]  # fmt: skip
