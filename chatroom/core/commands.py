"""What was asked: frozen structs in the imperative. Those under `WIRE` come from clients, the others from the server itself.

Decoding is strict: unknown fields, other types and numbers out of range are refused.
"""

from typing import Annotated, Literal, Union, get_args

import msgspec

from chatroom.core.command_base import Command as Command
from chatroom.core.command_base import Credential, Id, Offset, OriginId, Reason, Ref
from chatroom.core.direct_commands import DirectCommand
from chatroom.core.door_commands import DoorCommand, KnockCommand, NewModeratorLink
from chatroom.core.events import Outcome, Reaction, ReportReason
from chatroom.core.floor_commands import FloorCommand
from chatroom.core.safety_commands import SafetyCommand
from chatroom.core.safety_events import Danger, Topic
from chatroom.core.same_person import Visitor
from chatroom.core.support_commands import SupportCommand, TakeChip, Thank


class Hello(Command, frozen=True, tag="hello"):
    """The first frame: the room's secret, and a role token, a seat and the last position if the client has them.

    `page` counts the pages that were opened for the seat, `attempt` from 1 the connections of this one; 0 when not counted.
    `device` is a random key that the browser made for this room. `protocol` is the version the client speaks.
    """

    secret: Credential
    token: Credential = ""
    seat: Credential = ""
    device: Credential = ""
    position: Credential = ""
    page: Ref = 0
    attempt: Ref = 0
    protocol: Ref = 0


class Join(Command, frozen=True, tag="join"):
    """Take a seat, or knock. `work` answers the puzzle of the `door` frame."""

    nickname: Annotated[str, msgspec.Meta(max_length=256)]
    accept_rules: bool = False
    passphrase: Annotated[str, msgspec.Meta(max_length=128)] = ""
    work: Id = ""


class Suggest(Command, frozen=True, tag="suggest"):
    """Ask for other pseudonyms."""


class Post(Command, frozen=True, tag="post"):
    """Say something. Sending it again under the same `origin_id` is harmless.

    `anyway` says that a hint about these words was read.
    """

    origin_id: OriginId
    text: str
    topic: Topic = Topic.NONE
    anyway: bool = False


class Retract(Command, frozen=True, tag="retract"):
    """Take back one's own message."""

    message: Offset


class React(Command, frozen=True, tag="react"):
    """Set or unset one's reaction to a message."""

    message: Offset
    reaction: Reaction
    on: bool = True


class Report(Command, frozen=True, tag="report"):
    """Tell the moderators about a message. They never learn who did."""

    message: Offset
    reason: ReportReason
    words: Reason = ""


class Earlier(Command, frozen=True, tag="earlier"):
    """Ask for messages before this one, or for the newest."""

    before: Offset | None = None


class People(Command, frozen=True, tag="people"):
    """Ask who is here: a page of the whole list, those who came after this person."""

    after: Id = ""


class Leave(Command, frozen=True, tag="leave"):
    """Give up the seat; `quiet` asks the others' pages to say nothing about it."""

    quiet: bool = False


class ResolveReport(Command, frozen=True, tag="resolve_report"):
    """Close a report."""

    report: Offset
    outcome: Outcome


class Mute(Command, frozen=True, tag="mute"):
    """Stop someone's posts for some minutes, or until the end of the meeting when `minutes` is null."""

    participant: Id
    minutes: Literal[1, 5, 15] | None
    reason: Reason


class Unmute(Command, frozen=True, tag="unmute"):
    """Let someone post again."""

    participant: Id


class Redact(Command, frozen=True, tag="redact"):
    """Erase the text of a message."""

    message: Offset
    reason: Reason = ""


class Remove(Command, frozen=True, tag="remove"):
    """Take someone out of the room, for good unless undone.

    `erase`: whether what they wrote is taken away; null when it was reported or the guard is up.
    """

    participant: Id
    reason: Reason
    erase: bool | None = None


class Readmit(Command, frozen=True, tag="readmit"):
    """Undo a removal."""

    participant: Id


class ClearAddress(Command, frozen=True, tag="clear_address"):
    """Let others behind a removed person's address come in without knocking."""

    participant: Id


class ChangeRole(Command, frozen=True, tag="change_role"):
    """Make someone a moderator, or a participant again."""

    participant: Id
    role: Literal["moderator", "participant"]


class Extend(Command, frozen=True, tag="extend"):
    """Let the meeting last longer."""

    minutes: Literal[5, 10, 15]


class End(Command, frozen=True, tag="end"):
    """End the meeting now."""


WireCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    Hello, Join, Suggest, Post, Retract, React, Report, Earlier, People, Leave, ResolveReport, Mute, Unmute,
    Redact, Remove, Readmit, ClearAddress, ChangeRole, Extend, End, FloorCommand, SupportCommand,
    SafetyCommand, DirectCommand, DoorCommand,
]  # fmt: skip
WIRE: tuple[type[Command], ...] = get_args(WireCommand)


class Enter(msgspec.Struct, frozen=True, kw_only=True):
    """A new person takes a seat, or knocks; the passphrase was checked before. `worked`: so was the proof of work."""

    participant: str
    nickname: str
    seat_hash: bytes
    visitor: Visitor
    worked: bool = False
    session: str
    process: str


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A connection speaks for an existing seat; `again` is one whose person was taken for lost."""

    session: str
    process: str
    page: int = 0
    attempt: int = 0
    again: bool = False


class DropSession(msgspec.Struct, frozen=True, kw_only=True):
    """A connection has been gone for DROPPED_AFTER_SECONDS."""

    session: str


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """Time passed; `lost_processes` hold no lease any more."""

    lost_processes: frozenset[str] = frozenset()


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """Words that were looked at before: `hold` names what holds them, for a `reason` that moderators see."""

    command: Post | Thank | TakeChip
    hold: str = ""
    reason: str = ""
    concern: Danger = Danger.NONE


class NoteConcern(msgspec.Struct, frozen=True, kw_only=True):
    """Words of danger were not said, because they were refused: the moderators hear of the danger all the same."""

    concern: Danger


AnyCommand = Command | Enter | OpenSession | DropSession | Tick | Reviewed | NoteConcern | NewModeratorLink | KnockCommand
