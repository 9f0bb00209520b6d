"""What happened in a room: final, frozen, in the past tense, without behaviour.

Events are what the log stores. What each person may see of an event is decided in `views.py`.
Times are milliseconds since 1970 on the log's clock. A participant is named by id, never by nickname.
"""

from enum import StrEnum
from typing import Union, get_args

import msgspec

from chatroom.core.direct_events import DirectEvent, DirectSaid
from chatroom.core.door_events import DoorEvent
from chatroom.core.event_base import Event as Event
from chatroom.core.event_base import MessageKind as MessageKind
from chatroom.core.event_base import ReportReason as ReportReason
from chatroom.core.floor_events import FloorEvent
from chatroom.core.safety_events import SafetyEvent, TeamSaid, Topic
from chatroom.core.script import Script
from chatroom.core.support_events import LineSaid, SupportEvent


class Role(StrEnum):
    PARTICIPANT = "participant"
    MODERATOR = "moderator"
    HOST = "host"


class LateJoiners(StrEnum):
    """What someone who comes late may read of what was said before."""

    NOTHING = "nothing"
    EVERYTHING = "everything"


class Reaction(StrEnum):
    HEART = "heart"
    HUG = "hug"
    STRENGTH = "strength"
    ME_TOO = "me_too"
    THANKS = "thanks"


class Outcome(StrEnum):
    """How a report was resolved."""

    ACTED = "acted"
    NOTHING_NEEDED = "nothing_needed"


class RoomOpened(Event, frozen=True, tag="room_opened"):
    title: str
    welcome: str
    rules: tuple[str, ...]
    doors_at: int
    starts_at: int
    ends_at: int
    capacity: int
    late_joiners: LateJoiners
    host_token_hash: bytes
    moderator_token_hash: bytes
    ids_key: bytes
    """32 random bytes that no link and no client has: what entries and positions are called outside is made with them."""
    passphrase_hash: str = ""
    script: Script = ()
    fellowship_minutes: int = 0
    appeal: str = ""
    needs_moderator: bool = False


class Joined(Event, frozen=True, tag="joined"):
    participant: str
    nickname: str
    role: Role
    seat_hash: bytes
    network_tag: bytes
    device_tag: bytes = b""


class SessionOpened(Event, frozen=True, tag="session_opened"):
    """A connection now speaks for this seat; an older one is taken over."""

    participant: str
    session: str
    process: str
    page: int = 0
    attempt: int = 0


class Dropped(Event, frozen=True, tag="dropped"):
    """The seat's connection has been gone for a while; the seat is kept."""

    participant: str


class Returned(Event, frozen=True, tag="returned"):
    participant: str


class Departure(StrEnum):
    """How someone left: said so, left at once without a word, or never came back."""

    LEFT = "left"
    QUIET = "quiet"
    LOST = "lost"


class Left(Event, frozen=True, tag="left"):
    participant: str
    reason: Departure = Departure.LEFT


class MessagePosted(Event, frozen=True, tag="message_posted"):
    """`name` is that of the chip or the reply."""

    participant: str
    text: str
    origin_id: str
    kind: MessageKind = MessageKind.WORDS
    name: str = ""
    topic: Topic = Topic.NONE


class Retracted(Event, frozen=True, tag="retracted"):
    """The author took the message back; its text is erased."""

    participant: str
    message: int


class Redacted(Event, frozen=True, tag="redacted"):
    """A moderator erased the text of a message; a tombstone stays.

    `along` says that it went with another act (a removal, the lifting of the veil), which tells how many there were.
    """

    message: int
    by: str
    reason: str = ""
    along: bool = False


class Reacted(Event, frozen=True, tag="reacted"):
    participant: str
    message: int
    reaction: Reaction
    on: bool


class Reported(Event, frozen=True, tag="reported"):
    participant: str
    message: int
    reason: ReportReason
    words: str = ""


class ReportResolved(Event, frozen=True, tag="report_resolved"):
    report: int
    by: str
    outcome: Outcome


class Muted(Event, frozen=True, tag="muted"):
    """No posts from this person until `until`."""

    participant: str
    until: int
    by: str
    reason: str


class Unmuted(Event, frozen=True, tag="unmuted"):
    participant: str
    by: str


class Removed(Event, frozen=True, tag="removed"):
    """`erased` messages of this person were taken away with it."""

    participant: str
    by: str
    reason: str
    erased: int = 0


class Readmitted(Event, frozen=True, tag="readmitted"):
    """A removal undone: the person may come back, and so may others behind the same address."""

    participant: str
    by: str


class AddressCleared(Event, frozen=True, tag="address_cleared"):
    """The removal stands, but others behind the same address may come in."""

    participant: str
    by: str


class RoleChanged(Event, frozen=True, tag="role_changed"):
    participant: str
    role: Role
    by: str


class Renamed(Event, frozen=True, tag="renamed"):
    """Where two histories were joined, two people had one name: the later one is called otherwise from here on."""

    participant: str
    nickname: str


class Extended(Event, frozen=True, tag="extended"):
    ends_at: int
    by: str


class Ended(Event, frozen=True, tag="ended"):
    """The room is over; `by` is empty when its time was up."""

    by: str = ""


AnyEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    RoomOpened, Joined, SessionOpened, Dropped, Returned, Left, MessagePosted, Retracted, Redacted, Reacted, Reported,
    ReportResolved, Muted, Unmuted, Removed, Readmitted, AddressCleared, RoleChanged, Renamed, Extended, Ended, FloorEvent,
    SupportEvent, SafetyEvent, DirectEvent, DoorEvent,
]  # fmt: skip
EVENTS: tuple[type[Event], ...] = get_args(AnyEvent)

ORDINARY: frozenset[type[Event]] = frozenset({MessagePosted, Reacted, LineSaid, TeamSaid, DirectSaid})
"""Events after which a decision made before them still stands. All others change the rules: what was decided before them is
decided again, so that nothing is done twice. Words are said once by their origins, and a reaction counts once in the fold.
"""


class Position(msgspec.Struct, frozen=True, array_like=True):
    """A place in one room's log: `nonce` tells apart two logs that share an epoch and an offset."""

    epoch: str
    offset: int
    nonce: str


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An event with its place: `offset` counts from 1 without gaps, `at` is the log's clock in milliseconds."""

    offset: int
    at: int
    nonce: str
    event: AnyEvent


class Draft(msgspec.Struct, frozen=True):
    """The events of one decision, appended together.

    `origin` makes appending it twice harmless; `fingerprint` tells other content under the same origin.
    `erases` holds pairs (offset, event that replaces the one stored there). Without events, `offset` is where that which was
    asked for stands already, 0 when there is nothing. `exact` when it names all that was said so far: then it is decided
    again after any other entry, not only after one that changes the rules.
    """

    events: tuple[AnyEvent, ...]
    origin: str = ""
    fingerprint: bytes = b""
    erases: tuple[tuple[int, AnyEvent], ...] = ()
    offset: int = 0
    exact: bool = False
