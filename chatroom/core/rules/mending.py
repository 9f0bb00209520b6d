"""What two histories that were joined leave behind, put right.

Each history was right by itself. Joined, they may give two people one name, or the floor to someone who left meanwhile. `Tick`
finds it, in whichever process comes first, and what it decides is in the log like anything else. Nobody loses a seat: where
more people are in than there are seats, all stay, and the door is full until enough have left.
"""

from collections.abc import Iterable, Iterator

from chatroom.core import events as e
from chatroom.core import floor_events as fe
from chatroom.core.door_events import Attended
from chatroom.core.nicknames import skeleton, variation
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rounds import Poll, Round
from chatroom.core.rules.course import taken_back
from chatroom.core.rules.floor import dropped, given_up, returned
from chatroom.core.safety_events import BreakOver
from chatroom.core.script import Mode
from chatroom.core.support_events import CheckInClosed, LineClaimed, PollClosed


def due(room: Room, now: int) -> tuple[e.AnyEvent, ...]:
    """All that is to be put right, mostly nothing. A few look-ups and the length of the queue: it is asked every second."""
    return (*_seats(room), *_names(room), *_turns(room, now), *_duties(room), *_questions(room))


def _seats(room: Room) -> Iterator[e.AnyEvent]:
    """A removal holds, whatever the other history says: no page shows who was removed."""
    yield from (e.Left(name, e.Departure.QUIET) for name in dict.fromkeys(room.seen_again))


def _names(room: Room) -> Iterator[e.AnyEvent]:
    """Whoever came later with a name in use gets one much like it; the lines they look after say so as well."""
    taken = {*room.names}
    for person in map(room.people.__getitem__, room.namesakes):
        name = variation(person.nickname, taken)
        taken.add(skeleton(name))
        yield e.Renamed(person.id, name)
        yield from (LineClaimed(owner, person.id) for owner, line in room.lines.items() if line.claimed_by == person.id)


def _turns(room: Room, now: int) -> Iterator[e.AnyEvent]:
    """The floor, a hand or an invitation of someone who is not in the room, or that the phase has no place for."""
    floor, people = room.floor, room.people
    waiting = [hand.participant for hand in floor.queue]
    gone = [name for name in dict.fromkeys((floor.holder, floor.invited, *waiting)) if name and not _is_in(room, name)]
    for name in gone:
        yield from given_up(room, name)
    if floor.holder and floor.holder not in gone:
        yield from _held_floor(room, people[floor.holder], now)
    needless = {floor.holder, *(waiting if room.course.fellowship else ())}
    yield from (fe.HandLowered(name) for name in waiting if name in needless and name not in gone)


def _is_in(room: Room, participant: str) -> bool:
    person = room.people.get(participant)
    return person is not None and person.seated


def _held_floor(room: Room, holder: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    if room.course.phase.mode is not Mode.FLOOR:
        return taken_back(room)
    if holder.here and room.floor.paused_at:
        return returned(room, holder.id)
    if holder.standing is Standing.DROPPED and not room.floor.paused_at:
        return dropped(room, holder.id, now)
    return ()


def _duties(room: Room) -> Iterator[e.AnyEvent]:
    """A break of someone who does not moderate; a moderator is here, and the room thinks not."""
    for name in room.team.on_break:
        if not _is_in(room, name) or not room.people[name].moderates:
            yield BreakOver(name)
    if room.gate.unattended and room.gate.no_duty_since is None:
        yield Attended()


def _questions(room: Room) -> Iterator[e.AnyEvent]:
    """One check-in and one poll at a time: the newest goes on, and what was answered before is kept."""
    yield from (CheckInClosed(offset, "") for offset in _open(room.rounds.items())[:-1])
    yield from (PollClosed(offset, "") for offset in _open(room.polls.items())[:-1])


def _open(asked: Iterable[tuple[int, Poll | Round]]) -> list[int]:
    return sorted(offset for offset, one in asked if not one.closed)
