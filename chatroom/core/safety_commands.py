"""What was asked about words that wait, concerns, the moderators' own words, content notes and the list of words."""

from typing import Annotated, Union

import msgspec

from chatroom.core.command_base import Command, Id, Offset, OriginId, Reason
from chatroom.core.limits import WORDS_PER_ROOM
from chatroom.core.safety_events import Topic, Word


class Claim(Command, frozen=True, tag="claim"):
    """Say that one is looking at a report, a held message or a concern."""

    item: Offset


class AcceptHeld(Command, frozen=True, tag="accept_held"):
    """Let a held message be said."""

    held: Offset


class RejectHeld(Command, frozen=True, tag="reject_held"):
    """Do not let a held message be said; the reason is for its author."""

    held: Offset
    reason: Reason


class Worry(Command, frozen=True, tag="worry"):
    """Tell the moderators that one is worried about someone. They never learn who did."""

    participant: Id


class ResolveConcern(Command, frozen=True, tag="resolve_concern"):
    """Someone was looked after."""

    concern: Offset


class OpenLine(Command, frozen=True, tag="open_line"):
    """Open the private line of someone, as a moderator."""

    participant: Id


class RedactAll(Command, frozen=True, tag="redact_all"):
    """Erase the texts of all that someone said."""

    participant: Id
    reason: Reason = ""


class SayToTeam(Command, frozen=True, tag="say_to_team"):
    """Say something that the moderators alone see."""

    origin_id: OriginId
    text: str


class WriteNote(Command, frozen=True, tag="write_note"):
    """Note something about someone, for the moderators."""

    participant: Id
    text: str


class TakeBreak(Command, frozen=True, tag="take_break"):
    """Moderate no more for a while."""


class EndBreak(Command, frozen=True, tag="end_break"):
    """Moderate again."""


class NoteContent(Command, frozen=True, tag="note_content"):
    """Say what a message is about; nothing takes it off."""

    message: Offset
    topic: Topic


class SetWords(Command, frozen=True, tag="set_words"):
    """Replace the room's list of words."""

    words: Annotated[tuple[Word, ...], msgspec.Meta(max_length=WORDS_PER_ROOM)]


SafetyCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    Claim, AcceptHeld, RejectHeld, Worry, ResolveConcern, OpenLine, RedactAll, SayToTeam, WriteNote, TakeBreak, EndBreak,
    NoteContent, SetWords,
]  # fmt: skip
