"""How fast people write, and whether they may at all."""

from typing import Any

import msgspec

from chatroom.core import door_commands as c
from chatroom.core import door_events as d
from chatroom.core.calm import Pace
from chatroom.core.command_base import Command
from chatroom.core.commands import AnyCommand, Post, Reviewed
from chatroom.core.events import Draft
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.same_person import posted_at
from chatroom.core.support_commands import TakeChip

HELD_AS_NEW = "new"
"""What holds the words of those who are new, in place of the name of a policy."""


def refuse_paused(room: Room, actor: Participant, now: int) -> None:
    """Raises Refused: no_moderator, calm, listening, slow_mode."""
    if actor.moderates:
        return
    if is_hushed(room, actor):
        raise Refused("no_moderator" if room.gate.unattended else "calm")
    pace = room.calm.pace
    if pace.listen_minutes:
        _refuse_until("listening", actor.came_at + pace.listen_minutes * 60_000, now)
    if pace.slow_seconds and room.floor.holder != actor.id and (last := posted_at(room, actor)):
        _refuse_until("slow_mode", last + pace.slow_seconds * 1000, now)


def is_hushed(room: Room, person: Participant) -> bool:
    """Whether the whole room listens for now, this person with it."""
    return not person.moderates and (room.gate.unattended or room.calm.posting_stopped)


def _refuse_until(code: str, until: int, now: int) -> None:
    if until > now:
        raise Refused(code, (until - now) / 1000)


def review_of(room: Room, person: Participant, command: AnyCommand) -> Reviewed | None:
    """How these words were looked at; own words of someone new are held, when the pace says so."""
    review = command if isinstance(command, Reviewed) else None
    asked = review.command if review else command
    if not room.calm.pace.hold_new or person.moderates or person.trusted or not isinstance(asked, Post | TakeChip):
        return review
    if review:
        return review if review.hold else msgspec.structs.replace(review, hold=HELD_AS_NEW)
    return Reviewed(command=asked, hold=HELD_AS_NEW)


def set_pace(room: Room, actor: Participant, command: c.SetPace, now: int) -> Draft:
    pace = Pace(command.slow_seconds, command.listen_minutes, command.hold_new)
    if pace == room.calm.pace:
        raise Refused("already_so")
    return Draft(events=(d.PaceSet(pace.slow_seconds, pace.listen_minutes, pace.hold_new, actor.id),))


RULES: dict[type[Command], Any] = {c.SetPace: set_pace}
