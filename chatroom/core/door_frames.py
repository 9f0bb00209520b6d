"""The frames about the door, the pace and the calm of the room."""

import msgspec

from chatroom.core import door_events as d
from chatroom.core.entry_ids import EntryId
from chatroom.core.frame_base import ActionFrame, EntryFrame, PersonActionFrame, ServerFrame


class Work(msgspec.Struct, frozen=True):
    """A puzzle: SHA-256 of salt, colon and nonce is to begin with so many zero bits."""

    salt: str
    bits: int


class Knocking(ServerFrame, frozen=True, kw_only=True, tag="knocking"):
    ref: int
    seat: str


class ModeratorLink(ServerFrame, frozen=True, kw_only=True, tag="moderator_link"):
    token: str


class DoorSet(ActionFrame, frozen=True, kw_only=True, tag="door_set"):
    door: d.Door


class Knocked(EntryFrame, frozen=True, kw_only=True, tag="knocked"):
    knock: str
    nickname: str
    cautions: tuple[d.Caution, ...]


class KnockEnded(ActionFrame, frozen=True, kw_only=True, tag="knock_ended"):
    knock: str
    nickname: str
    ending: d.KnockEnding


class SentBack(PersonActionFrame, frozen=True, kw_only=True, tag="sent_back"):
    reason: str


class ModeratorLinkReplaced(ActionFrame, frozen=True, kw_only=True, tag="moderator_link_replaced"):
    works: bool


class PostingStopped(ActionFrame, frozen=True, kw_only=True, tag="posting_stopped"):
    pass


class PostingResumed(ActionFrame, frozen=True, kw_only=True, tag="posting_resumed"):
    pass


class Veiled(ActionFrame, frozen=True, kw_only=True, tag="veiled"):
    """From the message `first` on, which is empty where there is none, all that came up to now is covered."""

    first: EntryId


class Unveiled(ActionFrame, frozen=True, kw_only=True, tag="unveiled"):
    erased: int | msgspec.UnsetType = msgspec.UNSET


class PaceSet(ActionFrame, frozen=True, kw_only=True, tag="pace_set"):
    slow_seconds: int
    listen_minutes: int
    hold_new: bool


class Unattended(EntryFrame, frozen=True, kw_only=True, tag="unattended"):
    pass


class Attended(EntryFrame, frozen=True, kw_only=True, tag="attended"):
    pass


class GuardRaised(EntryFrame, frozen=True, kw_only=True, tag="guard_raised"):
    guard: d.Guard
    signal: d.Signal
    count: int


class GuardLowered(ActionFrame, frozen=True, kw_only=True, tag="guard_lowered"):
    pass


ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (
    DoorSet, Knocked, KnockEnded, SentBack, ModeratorLinkReplaced, PostingStopped, PostingResumed, Veiled, Unveiled,
    PaceSet, Unattended, Attended,
    GuardRaised, GuardLowered,
)  # fmt: skip
