"""The guard: it goes up by itself when many come at once or say the same, and comes down when it has been quiet."""

from typing import Any

from chatroom.core import door_commands as c
from chatroom.core import door_events as d
from chatroom.core.command_base import Command
from chatroom.core.events import AnyEvent, Draft, MessagePosted
from chatroom.core.guard import is_new, joins, joins_at_most, new_writers, new_writers_at_most, sayers, signal_of
from chatroom.core.limits import GUARD_QUIET_SECONDS, GUARD_SAME_WORDS_PEOPLE
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.team import on_duty


def raised_by_joining(room: Room, now: int) -> tuple[AnyEvent, ...]:
    """What one more who is new brings about."""
    count = joins(room, now) + 1
    return _raised(room, d.Signal.JOINS, count) if count > joins_at_most(room) else ()


def raised_by_words(room: Room, person: Participant, said: MessagePosted, now: int) -> tuple[AnyEvent, ...]:
    """What these words bring about."""
    if person.moderates:
        return ()
    if len(same := sayers(room, said.text, now) | {person.id}) >= GUARD_SAME_WORDS_PEOPLE:
        return _raised(room, d.Signal.SAME_WORDS, len(same))
    is_one_more = is_new(person, now) and person.id not in room.guard.writers
    if is_one_more and (count := len(new_writers(room, now)) + 1) > new_writers_at_most(room):
        return _raised(room, d.Signal.NEW_NAMES, count)
    return ()


def _raised(room: Room, signal: d.Signal, count: int) -> tuple[AnyEvent, ...]:
    """Knocking needs someone who opens. A guard that is up already only becomes stronger."""
    is_attended = any(on_duty(room, room.people[name]) for name in room.moderators)
    guard = d.Guard.KNOCK if is_attended and signal is not d.Signal.JOINS else d.Guard.WORK
    if room.guard.guard in (guard, d.Guard.KNOCK):
        return ()
    return (d.GuardRaised(guard, signal, count),)


def lower_guard(room: Room, actor: Participant, command: c.LowerGuard, now: int) -> Draft:
    if room.guard.guard is None:
        raise Refused("already_so")
    return Draft(events=(d.GuardLowered(actor.id),))


def due(room: Room, now: int) -> tuple[AnyEvent, ...]:
    """What was said at once, and so decided without each other, is noticed here; so is the quiet after a signal."""
    if signal := signal_of(room, now):
        return _raised(room, *signal)
    is_quiet = now >= room.guard.signal_at + GUARD_QUIET_SECONDS * 1000
    return (d.GuardLowered(),) if room.guard.guard and is_quiet else ()


RULES: dict[type[Command], Any] = {c.LowerGuard: lower_guard}
