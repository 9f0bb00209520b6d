"""What moderators and hosts may do."""

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.events import Draft
from chatroom.core.limits import REASON_CODE_POINTS
from chatroom.core.messages import Report
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.door import link_taken_back
from chatroom.core.rules.floor import given_up
from chatroom.core.rules.permissions import seats_below, someone_below
from chatroom.core.rules.taking_away import acted_on, held_back, is_wanted, redaction_of, together
from chatroom.core.rules.talk import erasure, readable_message
from chatroom.core.same_person import own_seats
from chatroom.core.text import clean_optional, clean_text


def _open_report(room: Room, offset: int) -> Report:
    report = room.reports.get(offset)
    if report is None:
        raise Refused("no_such_report")
    if report.outcome:
        raise Refused("already_so")
    return report


def resolve_report(room: Room, actor: Participant, command: c.ResolveReport, now: int) -> Draft:
    report = _open_report(room, command.report)
    return Draft(events=(e.ReportResolved(report.offset, actor.id, command.outcome),))


def mute(room: Room, actor: Participant, command: c.Mute, now: int) -> Draft:
    seats = seats_below(room, actor, command.participant)
    reason = clean_text(command.reason, REASON_CODE_POINTS)
    until = UNTIL_THE_END if command.minutes is None else now + command.minutes * 60_000
    return Draft(events=tuple(e.Muted(seat.id, until, actor.id, reason) for seat in seats))


UNTIL_THE_END = 2**53 - 1
"""The time a mute until the end lasts to: later than any meeting, also than one that is extended."""


def unmute(room: Room, actor: Participant, command: c.Unmute, now: int) -> Draft:
    person = someone_below(room, actor, command.participant)
    if person.muted_until <= now:
        raise Refused("already_so")
    muted = [person, *(seat for seat in own_seats(room, person) if seat.id != person.id and seat.muted_until > now)]
    return Draft(events=tuple(e.Unmuted(seat.id, actor.id) for seat in muted))


def redact(room: Room, actor: Participant, command: c.Redact, now: int) -> Draft:
    message = readable_message(room, actor, command.message)
    if message.by != actor.id and message.by in room.people:
        someone_below(room, actor, message.by)
    return erasure(message, e.Redacted(message.offset, actor.id, clean_optional(command.reason, REASON_CODE_POINTS)))


def remove(room: Room, actor: Participant, command: c.Remove, now: int) -> Draft:
    reason = clean_text(command.reason, REASON_CODE_POINTS)
    seats = seats_below(room, actor, command.participant)
    link = Draft(events=link_taken_back(room, seats, actor))
    return together(*(_taken_out(room, seat, actor, reason, command.erase) for seat in seats), link)


def _taken_out(room: Room, person: Participant, actor: Participant, reason: str, erase: bool | None) -> Draft:
    nothing = Draft(events=())
    erases = is_wanted(room, person, erase)
    gone = redaction_of(room, person, actor.id, along=True) if erases else nothing
    return together(
        gone,
        held_back(room, person, actor.id, reason),
        acted_on(room, person, actor.id) if erases else nothing,
        Draft(events=(*given_up(room, person.id), e.Removed(person.id, actor.id, reason, len(gone.events)))),
    )


def _removed_person(room: Room, actor: Participant, participant: str) -> Participant:
    person = someone_below(room, actor, participant)
    if not person.removed:
        raise Refused("already_so")
    return person


def readmit(room: Room, actor: Participant, command: c.Readmit, now: int) -> Draft:
    person = _removed_person(room, actor, command.participant)
    seats = [person, *(seat for seat in own_seats(room, person) if seat.id != person.id and seat.removed)]
    return Draft(events=tuple(e.Readmitted(seat.id, actor.id) for seat in seats))


def clear_address(room: Room, actor: Participant, command: c.ClearAddress, now: int) -> Draft:
    person = _removed_person(room, actor, command.participant)
    if person.address_cleared:
        raise Refused("already_so")
    return Draft(events=(e.AddressCleared(person.id, actor.id),))
