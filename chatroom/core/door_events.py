"""What happened at the door and to the pace of the room, when it was calmed or guarded. The participant to be names a knock."""

from enum import StrEnum
from typing import Union

from chatroom.core.event_base import Event


class Door(StrEnum):
    """Whether someone new walks in, has to knock, or waits outside."""

    OPEN = "open"
    KNOCK = "knock"
    LOCKED = "locked"


class KnockEnding(StrEnum):
    ADMITTED = "admitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Caution(StrEnum):
    """Why someone has to knock however the door is: what was decided about this device, or about someone on its
    network; or many are from there while the door is guarded."""

    REMOVED_NEAR = "removed_near"
    SENT_BACK = "sent_back"
    SENT_BACK_NEAR = "sent_back_near"
    MUTED = "muted"
    MUTED_NEAR = "muted_near"
    DEMOTED = "demoted"
    DEMOTED_NEAR = "demoted_near"
    OLD_LINK = "old_link"
    MANY_NEAR = "many_near"


class Guard(StrEnum):
    """What someone new has to do while the room is guarded: a proof of work, or knock."""

    WORK = "work"
    KNOCK = "knock"


class Signal(StrEnum):
    """Why the guard was raised: many came at once, several said the same, many new ones wrote at once."""

    JOINS = "joins"
    SAME_WORDS = "same_words"
    NEW_NAMES = "new_names"


class DoorSet(Event, frozen=True, tag="door_set"):
    """`calm` says that it is a step of calming the room, which ends with the door as it was before."""

    door: Door
    by: str
    calm: bool = False


class Knocked(Event, frozen=True, tag="knocked"):
    """Someone new waits for a moderator; the name is kept for them. `link` is the hash of their link's token."""

    knock: str
    nickname: str
    seat_hash: bytes
    device_tag: bytes
    network_tag: bytes
    session: str
    process: str
    link: bytes = b""
    cautions: tuple[Caution, ...] = ()


class KnockEnded(Event, frozen=True, tag="knock_ended"):
    """`by` is empty where no moderator did it. Who was admitted takes the seat with the next `Joined`."""

    knock: str
    nickname: str
    ending: KnockEnding
    by: str = ""


class SentBack(Event, frozen=True, tag="sent_back"):
    """Someone gave up the seat on a moderator's word, and has to knock from now on."""

    participant: str
    by: str
    reason: str


class ModeratorLinkReplaced(Event, frozen=True, tag="moderator_link_replaced"):
    """The moderator link so far makes nobody a moderator any more; without a `token_hash` there is no new one yet."""

    by: str
    token_hash: bytes = b""


class PostingStopped(Event, frozen=True, tag="posting_stopped"):
    by: str


class PostingResumed(Event, frozen=True, tag="posting_resumed"):
    by: str


class Veiled(Event, frozen=True, tag="veiled"):
    """What participants said from the offset `first` on, up to this event, is covered."""

    first: int
    by: str


class Unveiled(Event, frozen=True, tag="unveiled"):
    """`erased` messages of removed people were taken away before."""

    by: str
    erased: int = 0


class PaceSet(Event, frozen=True, tag="pace_set"):
    slow_seconds: int
    listen_minutes: int
    hold_new: bool
    by: str


class Unattended(Event, frozen=True, tag="unattended"):
    """No moderator is here any more."""


class Attended(Event, frozen=True, tag="attended"):
    """A moderator is here again."""


class GuardRaised(Event, frozen=True, tag="guard_raised"):
    guard: Guard
    signal: Signal
    count: int


class GuardLowered(Event, frozen=True, tag="guard_lowered"):
    """`by` is empty when it was quiet for long enough."""

    by: str = ""


DoorEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    DoorSet, Knocked, KnockEnded, SentBack, ModeratorLinkReplaced, PostingStopped, PostingResumed, Veiled, Unveiled,
    PaceSet, Unattended, Attended,
    GuardRaised, GuardLowered,
]  # fmt: skip
