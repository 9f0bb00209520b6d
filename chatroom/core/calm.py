"""How calm the room is, folded: whether participants may write, what is covered, and how fast they write."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import door_events as d
from chatroom.core.event_base import Event
from chatroom.core.events import Entry, Role

if TYPE_CHECKING:
    from chatroom.core.messages import Message
    from chatroom.core.room import Room


class Pace(msgspec.Struct, frozen=True):
    slow_seconds: int = 0
    listen_minutes: int = 0
    hold_new: bool = False


class Calm(msgspec.Struct):
    posting_stopped: bool = False
    veil: tuple[int, int] | None = None
    """The first and the last offset that are covered."""
    pace: Pace = Pace()


def is_veiled(room: "Room", message: "Message") -> bool:
    """Whether participants do not see the words of this message at the moment."""
    veil = room.calm.veil
    return veil is not None and veil[0] <= message.offset <= veil[1] and message.role is Role.PARTICIPANT and not message.gone


def _posting_stopped(room: "Room", entry: Entry, event: d.PostingStopped) -> None:
    room.calm.posting_stopped = True


def _posting_resumed(room: "Room", entry: Entry, event: d.PostingResumed) -> None:
    room.calm.posting_stopped = False


def _veiled(room: "Room", entry: Entry, event: d.Veiled) -> None:
    """A veil that is on already becomes wider."""
    first = min(event.first, room.calm.veil[0]) if room.calm.veil else event.first
    room.calm.veil = first, entry.offset


def _unveiled(room: "Room", entry: Entry, event: d.Unveiled) -> None:
    room.calm.veil = None


def _pace_set(room: "Room", entry: Entry, event: d.PaceSet) -> None:
    room.calm.pace = Pace(event.slow_seconds, event.listen_minutes, event.hold_new)


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    d.PostingStopped: _posting_stopped,
    d.PostingResumed: _posting_resumed,
    d.Veiled: _veiled,
    d.Unveiled: _unveiled,
    d.PaceSet: _pace_set,
}
