"""How an event looks to each audience: the parts that the tables of views are made of."""

from collections.abc import Callable
from typing import Any

import msgspec

from chatroom.core.events import Entry
from chatroom.core.frame_base import ActionFrame, EntryFrame, PersonActionFrame, PersonalFrame
from chatroom.core.room import Room

Make = Callable[[Room, Entry, Any], EntryFrame | None]
MakePersonal = Callable[[Room, Entry, Any], PersonalFrame | None]


class View(msgspec.Struct, frozen=True):
    """How an event looks to each audience."""

    everyone: Make | None = None
    moderators: Make | None = None
    subject: MakePersonal | None = None


def nickname(room: Room, participant: str) -> str:
    person = room.people.get(participant)
    return person.nickname if person else ""


def plain(frame: type[EntryFrame], *names: str) -> Make:
    """A view of just these fields of the event."""

    def make(room: Room, entry: Entry, event: Any) -> EntryFrame:
        return frame(**place(entry), **{name: getattr(event, name) for name in names})

    return make


def action(frame: type[ActionFrame], *names: str) -> Make:
    """A view for moderators: who did it, to whom, and these fields."""

    def make(room: Room, entry: Entry, event: Any) -> EntryFrame:
        fields = {name: getattr(event, name) for name in names}
        if issubclass(frame, PersonActionFrame):
            fields |= {"participant": event.participant, "nickname": nickname(room, event.participant)}
        return frame(**place(entry), by=event.by, by_nickname=nickname(room, event.by), **fields)

    return make


def place(entry: Entry) -> dict[str, Any]:
    return {"offset": entry.offset, "at": entry.at, "nonce": entry.nonce}
