"""The frames about held messages, concerns, claims, the moderators' own words, content notes and the list of words."""

from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import MessageKind
from chatroom.core.frame_base import ActionFrame, EntryFrame, PersonActionFrame, PersonalFrame
from chatroom.core.safety_events import Danger, HeldState, Sign, Topic, Word


class MessageHeld(EntryFrame, frozen=True, kw_only=True, tag="message_held"):
    held: EntryId
    participant: str
    nickname: str
    text: str
    kind: MessageKind
    name: str
    topic: Topic
    policy: str
    reason: str
    origin_id: str


class HeldResolved(PersonActionFrame, frozen=True, kw_only=True, tag="held_resolved"):
    """`by` is empty when the author took the words back."""

    held: EntryId
    state: HeldState
    reason: str


class ConcernNoted(EntryFrame, frozen=True, kw_only=True, tag="concern_noted"):
    concern: EntryId
    participant: str
    nickname: str
    sort: Sign
    topic: Danger
    message: EntryId


class ConcernResolved(PersonActionFrame, frozen=True, kw_only=True, tag="concern_resolved"):
    concern: EntryId


class Claimed(ActionFrame, frozen=True, kw_only=True, tag="claimed"):
    item: EntryId


class TeamSaid(ActionFrame, frozen=True, kw_only=True, tag="team_said"):
    text: str
    origin_id: str


class NoteWritten(PersonActionFrame, frozen=True, kw_only=True, tag="note_written"):
    text: str


class BreakTaken(EntryFrame, frozen=True, kw_only=True, tag="break_taken"):
    participant: str
    nickname: str


class BreakOver(EntryFrame, frozen=True, kw_only=True, tag="break_over"):
    participant: str
    nickname: str


class ContentNoted(ActionFrame, frozen=True, kw_only=True, tag="content_noted"):
    """`by` is empty when the author says so."""

    message: EntryId
    topic: Topic


class WordsSet(ActionFrame, frozen=True, kw_only=True, tag="words_set"):
    words: tuple[Word, ...]


class MyHeld(PersonalFrame, frozen=True, kw_only=True, tag="my_held"):
    """`text` and `name` are empty when it waits no more."""

    held: EntryId
    origin_id: str
    text: str
    kind: MessageKind
    name: str
    topic: Topic
    state: HeldState
    reason: str


class MyCare(PersonalFrame, frozen=True, kw_only=True, tag="my_care"):
    topic: Danger


ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (
    MessageHeld, HeldResolved, ConcernNoted, ConcernResolved, Claimed, TeamSaid, NoteWritten, BreakTaken, BreakOver,
    ContentNoted, WordsSet,
)  # fmt: skip
PERSONAL_FRAMES: tuple[type[PersonalFrame], ...] = (MyHeld, MyCare)
