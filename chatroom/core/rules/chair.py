"""What only hosts may do."""

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.events import Draft, Role
from chatroom.core.limits import TOTAL_MINUTES_AT_MOST
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.door import link_taken_back, on_duty_again
from chatroom.core.rules.permissions import seats_below, someone_below


def change_role(room: Room, actor: Participant, command: c.ChangeRole, now: int) -> Draft:
    person = someone_below(room, actor, command.participant)
    if not person.seated:
        raise Refused("no_such_person")
    if person.role == command.role:
        raise Refused("already_so")
    attended = on_duty_again(room) if person.here and command.role == "moderator" else ()
    if command.role == "participant":
        seats = [seat for seat in seats_below(room, actor, person.id) if seat.moderates]
        changed = (e.RoleChanged(seat.id, Role.PARTICIPANT, actor.id) for seat in seats)
        return Draft(events=(*changed, *link_taken_back(room, seats, actor)))
    return Draft(events=(e.RoleChanged(person.id, Role.MODERATOR, actor.id), *attended))


def extend(room: Room, actor: Participant, command: c.Extend, now: int) -> Draft:
    ends_at = room.ends_at + command.minutes * 60_000
    if ends_at > room.opened.starts_at + TOTAL_MINUTES_AT_MOST * 60_000:
        raise Refused("too_long_in_all")
    return Draft(events=(e.Extended(ends_at, actor.id),))


def end(room: Room, actor: Participant, command: c.End, now: int) -> Draft:
    return Draft(events=(e.Ended(actor.id),))
