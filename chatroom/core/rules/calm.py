"""The calm of the room: posting stopped, the last minute covered, the door to knock at; and each walked back."""

from typing import Any

from chatroom.core import door_commands as c
from chatroom.core import door_events as d
from chatroom.core.command_base import Command
from chatroom.core.events import AnyEvent, Draft
from chatroom.core.limits import REDACTED_AT_ONCE, VEIL_SECONDS
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.taking_away import redaction, together, veiled_of_removed


def _of(*events: AnyEvent | None) -> Draft:
    """A draft of those there are."""
    return Draft(events=tuple(event for event in events if event))


def _some(draft: Draft) -> Draft:
    """The draft. Raises Refused already_so when there is nothing in it."""
    if not draft.events:
        raise Refused("already_so")
    return draft


def _stopped(room: Room, actor: Participant) -> AnyEvent | None:
    return None if room.calm.posting_stopped else d.PostingStopped(actor.id)


def _resumed(room: Room, actor: Participant) -> AnyEvent | None:
    return d.PostingResumed(actor.id) if room.calm.posting_stopped else None


def _veiled(room: Room, actor: Participant, now: int) -> AnyEvent:
    since = now - VEIL_SECONDS * 1000
    first = room.offset + 1
    for message in reversed(room.messages.values()):
        if message.at <= since:
            break
        first = message.offset
    return d.Veiled(first, actor.id)


def _unveiled(room: Room, actor: Participant, *, show_removed: bool) -> Draft:
    """What removed people said is erased before the veil is lifted, which waits when that is too much for once."""
    if not room.calm.veil:
        return Draft(events=())
    hidden = [] if show_removed else veiled_of_removed(room)
    gone = redaction(hidden[:REDACTED_AT_ONCE], actor.id, "", along=True)
    if len(hidden) > REDACTED_AT_ONCE:
        return gone
    return together(gone, Draft(events=(d.Unveiled(actor.id, len(hidden)),)))


def stop_posting(room: Room, actor: Participant, command: c.StopPosting, now: int) -> Draft:
    return _some(_of(_stopped(room, actor)))


def resume_posting(room: Room, actor: Participant, command: c.ResumePosting, now: int) -> Draft:
    return _some(_of(_resumed(room, actor)))


def veil(room: Room, actor: Participant, command: c.Veil, now: int) -> Draft:
    return _of(_veiled(room, actor, now))


def unveil(room: Room, actor: Participant, command: c.Unveil, now: int) -> Draft:
    return _some(_unveiled(room, actor, show_removed=command.show_removed))


def calm(room: Room, actor: Participant, command: c.Calm, now: int) -> Draft:
    opens = room.gate.door is d.Door.OPEN
    return _some(
        _of(
            _stopped(room, actor),
            None if room.calm.veil else _veiled(room, actor, now),
            d.DoorSet(d.Door.KNOCK, actor.id, calm=True) if opens else None,
        )
    )


def end_calm(room: Room, actor: Participant, command: c.EndCalm, now: int) -> Draft:
    before = room.gate.door_before
    return _some(
        together(
            _of(_resumed(room, actor)),
            _unveiled(room, actor, show_removed=command.show_removed),
            _of(d.DoorSet(before, actor.id) if before else None),
        )
    )


RULES: dict[type[Command], Any] = {
    c.StopPosting: stop_posting,
    c.ResumePosting: resume_posting,
    c.Veil: veil,
    c.Unveil: unveil,
    c.Calm: calm,
    c.EndCalm: end_calm,
}
