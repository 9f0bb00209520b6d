"""Who is forgotten, folded: of those who left only the newest are kept, so that coming and going fills no room.

Messages hold the names of their authors, so they stand without them. Whoever moderators still have to do with stays.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatroom.core import same_person
from chatroom.core.limits import LEFT_KEPT
from chatroom.core.nicknames import skeleton

if TYPE_CHECKING:
    from chatroom.core.room import Participant, Room


def left(room: "Room", participant: str) -> None:
    """Someone gave up the seat: beyond LEFT_KEPT the first who left is forgotten."""
    room.left.append(participant)
    if len(room.left) > LEFT_KEPT:
        first = room.left.pop(0)
        if first in _mentioned(room):
            room.left.append(first)
        elif (person := room.people.get(first)) and not person.seated:
            _forget(room, person)


def is_back(room: "Room", participant: str) -> None:
    """Someone who left has a seat again, or was removed: they are not of those who left."""
    if participant in room.left:
        room.left.remove(participant)


def _forget(room: "Room", person: "Participant") -> None:
    del room.people[person.id]
    if room.names.get(name := skeleton(person.nickname)) == person.id:
        del room.names[name]
    room.moderators = [moderator for moderator in room.moderators if moderator != person.id]
    for memory in (room.floor.shared, room.cases.care, room.cases.worried):
        memory.pop(person.id, None)
    if same_person.forgotten(room, person):
        room.gate.known.pop(person.device_tag, None)


def _mentioned(room: "Room") -> set[str]:
    """Everyone of whom something is kept that names them, or that holds for them."""
    return {
        *room.muted,
        *room.gate.sent_back,
        *room.demoted,
        *room.lines,
        *room.direct.talks,
        *room.team.notes,
        *_in_rounds(room),
        *_on_the_desk(room),
    }


def _in_rounds(room: "Room") -> Iterator[str]:
    for round in room.rounds.values():
        yield from round.answers
        yield from round.passed
    for poll in room.polls.values():
        yield from poll.votes


def _on_the_desk(room: "Room") -> Iterator[str]:
    yield from (report.about for report in room.reports.values())
    yield from (held.by for held in room.cases.held.values() if held.waits)
    yield from (concern.participant for concern in room.cases.concerns.values())
    for entry in room.actions:
        yield getattr(entry.event, "participant", "")
        yield getattr(entry.event, "by", "")
