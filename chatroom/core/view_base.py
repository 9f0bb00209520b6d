"""How an event looks to each audience: the parts that the tables of views are made of."""

from collections.abc import Callable
from typing import Any

import msgspec

from chatroom.core.entry_ids import EntryId, Place, entry_fields
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
    fields_of = _taker(frame, names)

    def make(room: Room, entry: Entry, event: Any) -> EntryFrame:
        return frame(**place(entry), **fields_of(event))

    return make


def action(frame: type[ActionFrame], *names: str) -> Make:
    """A view for moderators: who did it, to whom, and these fields."""
    fields_of = _taker(frame, names)

    def make(room: Room, entry: Entry, event: Any) -> EntryFrame:
        fields = fields_of(event)
        if issubclass(frame, PersonActionFrame):
            fields |= {"participant": event.participant, "nickname": nickname(room, event.participant)}
        return frame(**place(entry), by=event.by, by_nickname=nickname(room, event.by), **fields)

    return make


def place(entry: Entry) -> dict[str, Any]:
    return {"id": EntryId(entry.offset), "at": entry.at, "position": Place(entry.offset, entry.nonce)}


def _taker(frame: type[EntryFrame], names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    """Takes these fields of an event; those that name an entry become its id."""
    ids = entry_fields(frame)

    def take(event: Any) -> dict[str, Any]:
        fields = ((name, getattr(event, name)) for name in names)
        return {name: EntryId(value) if name in ids else value for name, value in fields}

    return take
