"""The floor, folded: who has it, since when, and who waits for it in which order."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import floor_events as fe
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import SHARE_MINUTES

if TYPE_CHECKING:
    from chatroom.core.room import Room


class Hand(msgspec.Struct, frozen=True):
    participant: str
    reason: fe.HandReason = fe.HandReason.NONE
    words: str = ""
    moved: bool = False
    """Whether someone who leads gave it its place."""


class FloorSettings(msgspec.Struct, frozen=True):
    share_minutes: int = SHARE_MINUTES
    first_shares_first: bool = True
    call_each: bool = False
    """Whether nobody gets the floor until invited."""
    protect_minutes: int = 0
    """How long before the end only those who have not shared may ask for the floor."""


class Floor(msgspec.Struct):
    """Times are milliseconds. `share` is the offset that names the share under way, 0 when there is none."""

    holder: str = ""
    share: int = 0
    since_at: int = 0
    paused_at: int = 0
    """Since when the share clock stands still, 0 while it runs."""
    paused_ms: int = 0
    """How long it stood still before."""
    share_ms: int = 0
    typing_at: int = 0
    posted_at: int = 0
    heard_at: int = 0
    """The last sign of life of the one who shares."""
    holds_words: bool = False
    """Whether the field of the one who shares holds words, as far as known."""
    asked_at: int = 0
    """Since when the question whether they still write is unanswered, 0 when there is none."""
    kept_at: int = 0
    """When they answered it last."""
    queue: list[Hand] = []
    queue_closed: bool = False
    invited: str = ""
    settings: FloorSettings = FloorSettings()
    shared: dict[str, int] = {}
    """How often each has shared: a share counts from its first message."""
    had: set[str] = set()
    """Who has had the floor, also without a word."""
    unfinished: set[str] = set()
    """Whose share ended with words in the field: they may end what they began."""

    def hand_of(self, participant: str) -> Hand | None:
        return next((hand for hand in self.queue if hand.participant == participant), None)

    def queue_without(self, participant: str) -> list[Hand]:
        return [hand for hand in self.queue if hand.participant != participant]

    def time_used_ms(self, now: int) -> int:
        """How long the share has lasted without its pauses."""
        return (self.paused_at or now) - self.since_at - self.paused_ms

    def hear(self, at: int) -> None:
        """The one who shares gave a sign of life, which answers any question."""
        self.heard_at, self.asked_at = at, 0


def free(floor: Floor) -> None:
    """Nobody has the floor."""
    floor.holder = ""
    floor.share = floor.since_at = floor.paused_at = floor.paused_ms = floor.share_ms = 0
    floor.typing_at = floor.posted_at = floor.heard_at = floor.asked_at = floor.kept_at = 0
    floor.holds_words = False


def posted(room: "Room", participant: str, at: int) -> int:
    """Someone said something: the share it belongs to, 0 when it belongs to none."""
    floor = room.floor
    floor.unfinished.discard(participant)
    if not floor.holder or floor.holder != participant:
        return 0
    if not floor.posted_at:
        floor.shared[participant] = floor.shared.get(participant, 0) + 1
    floor.posted_at, floor.holds_words = at, False
    floor.hear(at)
    return floor.share


def moved(room: "Room", before: str, participant: str) -> None:
    """Someone has another seat now: what was shared on the one before counts."""
    floor = room.floor
    if shares := floor.shared.pop(before, 0):
        floor.shared[participant] = floor.shared.get(participant, 0) + shares
    if before in floor.had:
        floor.had.add(participant)


def _hand_raised(room: "Room", entry: Entry, event: fe.HandRaised) -> None:
    if event.participant in room.people and not room.floor.hand_of(event.participant):
        room.floor.queue.insert(event.place, Hand(event.participant, event.reason, event.words, event.moved))


def _hand_lowered(room: "Room", entry: Entry, event: fe.HandLowered) -> None:
    room.floor.queue = room.floor.queue_without(event.participant)


def _hand_moved(room: "Room", entry: Entry, event: fe.HandMoved) -> None:
    if hand := room.floor.hand_of(event.participant):
        room.floor.queue = room.floor.queue_without(event.participant)
        moved = hand.moved or event.by != event.participant
        room.floor.queue.insert(event.place, msgspec.structs.replace(hand, moved=moved))


def _queue_closed(room: "Room", entry: Entry, event: fe.QueueClosed) -> None:
    room.floor.queue_closed = True


def _queue_opened(room: "Room", entry: Entry, event: fe.QueueOpened) -> None:
    room.floor.queue_closed = False


def _floor_given(room: "Room", entry: Entry, event: fe.FloorGiven) -> None:
    """Where two histories were joined, someone may have the floor: they keep it, and the other one is next."""
    floor = room.floor
    if floor.holder and event.participant in room.people:
        _is_next(floor, event.participant)
    elif event.participant in room.people:
        floor.queue = floor.queue_without(event.participant)
        floor.holder, floor.share, floor.share_ms = event.participant, entry.offset, event.share_ms
        floor.since_at = floor.heard_at = entry.at
        floor.had.add(event.participant)
        floor.unfinished.discard(event.participant)


def _is_next(floor: Floor, participant: str) -> None:
    if floor.holder != participant:
        hand = floor.hand_of(participant) or Hand(participant)
        floor.queue = [msgspec.structs.replace(hand, moved=True), *floor.queue_without(participant)]


def _floor_released(room: "Room", entry: Entry, event: fe.FloorReleased) -> None:
    if room.floor.holder == event.participant:
        free(room.floor)
    else:
        room.floor.queue = room.floor.queue_without(event.participant)


def _floor_paused(room: "Room", entry: Entry, event: fe.FloorPaused) -> None:
    if room.floor.holder == event.participant and not room.floor.paused_at:
        room.floor.paused_at = event.since


def _floor_resumed(room: "Room", entry: Entry, event: fe.FloorResumed) -> None:
    floor = room.floor
    if floor.holder == event.participant and floor.paused_at:
        floor.paused_ms += entry.at - floor.paused_at
        floor.paused_at = 0
        floor.hear(entry.at)


def _invited(room: "Room", entry: Entry, event: fe.Invited) -> None:
    """Where two histories were joined, someone may be invited already."""
    if event.participant in room.people and not room.floor.invited:
        room.floor.invited = event.participant


def _invitation_ended(room: "Room", entry: Entry, event: fe.InvitationEnded) -> None:
    if room.floor.invited == event.participant:
        room.floor.invited = ""


def _typing(room: "Room", entry: Entry, event: fe.Typing) -> None:
    floor = room.floor
    if floor.holder == event.participant:
        floor.typing_at, floor.holds_words = entry.at, event.holds_words
        floor.hear(entry.at)
        room.course.writing_at = entry.at if event.holds_words else room.course.writing_at


def _sharer_asked(room: "Room", entry: Entry, event: fe.SharerAsked) -> None:
    if room.floor.holder == event.participant:
        room.floor.asked_at = entry.at


def _floor_kept(room: "Room", entry: Entry, event: fe.FloorKept) -> None:
    if room.floor.holder == event.participant:
        room.floor.kept_at = entry.at
        room.floor.hear(entry.at)


def _share_unfinished(room: "Room", entry: Entry, event: fe.ShareUnfinished) -> None:
    if event.participant in room.people:
        room.floor.unfinished.add(event.participant)


def _floor_set(room: "Room", entry: Entry, event: fe.FloorSet) -> None:
    room.floor.settings = FloorSettings(event.share_minutes, event.first_shares_first, event.call_each, event.protect_minutes)


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    fe.HandRaised: _hand_raised,
    fe.HandLowered: _hand_lowered,
    fe.HandMoved: _hand_moved,
    fe.QueueClosed: _queue_closed,
    fe.QueueOpened: _queue_opened,
    fe.FloorGiven: _floor_given,
    fe.FloorReleased: _floor_released,
    fe.FloorPaused: _floor_paused,
    fe.FloorResumed: _floor_resumed,
    fe.Invited: _invited,
    fe.InvitationEnded: _invitation_ended,
    fe.Typing: _typing,
    fe.FloorSet: _floor_set,
    fe.SharerAsked: _sharer_asked,
    fe.FloorKept: _floor_kept,
    fe.ShareUnfinished: _share_unfinished,
}
