"""Coming in, coming back, dropping out, and what the clock brings about."""

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import events as e
from chatroom.core.door_events import KnockEnding
from chatroom.core.events import Draft, Role
from chatroom.core.limits import SEAT_KEPT_SECONDS
from chatroom.core.nicknames import BadNickname, prepare_nickname, skeleton
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rules import course, door, ending, floor, guard, mending
from chatroom.core.same_person import Visitor, is_known, may_have_name, mute_of_device


def enter(room: Room, command: c.Enter, now: int) -> Draft:
    visitor = command.visitor
    door.check_door(room, visitor, now)
    door.check_device(room, visitor, now)
    if door.needs_work(room, visitor) and not command.worked:
        raise Refused("work_needed")
    try:
        nickname = prepare_nickname(command.nickname)
    except BadNickname as error:
        raise Refused(error.code) from None
    if not may_have_name(room, visitor, room.names.get(skeleton(nickname), "")):
        raise Refused("name_taken")
    if door.must_knock(room, visitor, now):
        return door.knock(room, command, nickname, now)
    joined = _joined(command.participant, nickname, door.role_of(room, visitor, now), command.seat_hash, visitor)
    attended = door.on_duty_again(room) if joined.role is not Role.PARTICIPANT else ()
    is_new = joined.role is Role.PARTICIPANT and not is_known(room, visitor.device_tag)
    raised = guard.raised_by_joining(room, now) if is_new else ()
    return Draft(events=(*_seated(room, joined, command.session, command.process, now), *attended, *raised))


def _joined(participant: str, nickname: str, role: Role, seat_hash: bytes, visitor: Visitor) -> e.Joined:
    return e.Joined(participant, nickname, role, seat_hash, visitor.network_tag, visitor.device_tag)


def _seated(room: Room, joined: e.Joined, session: str, process: str, now: int) -> tuple[e.AnyEvent, ...]:
    opened = e.SessionOpened(joined.participant, session, process)
    return (*door.makes_room(room, joined), joined, opened, *_mute_that_follows(room, joined, now))


def _mute_that_follows(room: Room, joined: e.Joined, now: int) -> tuple[e.AnyEvent, ...]:
    """A mute holds for the device, whether its other seat was given up or not. Moderators see it, and can lift it."""
    muted = mute_of_device(room, joined.device_tag, now)
    if muted is None or joined.role is not Role.PARTICIPANT:
        return ()
    return (e.Muted(joined.participant, muted.muted_until, muted.muted_by, muted.mute_reason),)


def knocked(room: Room, command: dc.KnockCommand, now: int) -> Draft:
    """What comes of someone who knocked before."""
    if isinstance(command, dc.KnockAgain):
        return door.knock_again(room, command)
    return go_in(room, command, now) if isinstance(command, dc.GoIn) else door.withdraw(room, command)


def go_in(room: Room, command: dc.GoIn, now: int) -> Draft:
    """Nothing when they still have to wait. Another connection may have taken the seat before."""
    if person := room.people.get(command.knock):
        return open_session(room, person, c.OpenSession(session=command.session, process=command.process), now)
    knock = room.gate.knocks.get(command.knock)
    if knock is None:
        raise Refused("not_joined")
    if door.has_to_wait(room, knock, now):
        return Draft(events=())
    if not knock.admitted:
        door.check_door(room, knock.visitor, now)
        door.check_device(room, knock.visitor, now)
    ended = () if knock.admitted else door.ended(room, [command.knock], KnockEnding.ADMITTED)
    role = Role.PARTICIPANT if knock.admitted else door.role_of(room, knock.visitor, now)
    joined = _joined(command.knock, knock.nickname, role, knock.seat_hash, knock.visitor)
    attended = door.on_duty_again(room) if role is not Role.PARTICIPANT else ()
    return Draft(events=(*ended, *_seated(room, joined, command.session, command.process, now), *attended))


def open_session(room: Room, person: Participant, command: c.OpenSession, now: int) -> Draft:
    if person.standing is Standing.REMOVED:
        raise Refused("removed", detail=person.removed_reason)
    if room.seats.get(person.seat_hash) != person.id:
        raise Refused("not_joined")
    if person.standing is Standing.HERE and (command.again or person.is_newer_than(command.page, command.attempt)):
        return Draft(events=())
    page, attempt = (person.page, person.attempt) if command.again else (command.page, command.attempt)
    opened = e.SessionOpened(person.id, command.session, command.process, page, attempt)
    if person.standing is Standing.HERE:
        return Draft(events=(opened,))
    is_back = person.moderates and person.id not in room.team.on_break
    attended = door.on_duty_again(room) if is_back else ()
    return Draft(events=(e.Returned(person.id), *floor.returned(room, person.id), opened, *attended))


def drop_session(room: Room, person: Participant, command: c.DropSession, now: int) -> Draft:
    if person.standing is Standing.HERE and person.session == command.session:
        return Draft(events=_dropped(room, person, now))
    return Draft(events=())


def _dropped(room: Room, person: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    return (e.Dropped(person.id), *floor.dropped(room, person.id, now))


def due(room: Room, command: c.Tick, now: int) -> Draft:
    """What time brings about: the end, what is to be put right, who is gone, the door and the guard, the floor, the course."""
    return Draft(
        events=ending.due(room, now)
        or mending.due(room, now)
        or _gone(room, command, now)
        or door.due(room, now)
        or guard.due(room, now)
        or floor.due(room, now)
        or course.due(room, now)
    )


def _gone(room: Room, command: c.Tick, now: int) -> tuple[e.AnyEvent, ...]:
    gone: list[e.AnyEvent] = []
    for participant, dropped_at in room.dropped.items():
        if now >= dropped_at + SEAT_KEPT_SECONDS * 1000:
            gone += (*floor.given_up(room, participant), e.Left(participant, e.Departure.LOST))
    if command.lost_processes:
        for person in room.people.values():
            if person.process in command.lost_processes:
                gone += _dropped(room, person, now)
        lost = [name for name, knock in room.gate.knocks.items() if knock.process in command.lost_processes]
        gone += door.ended(room, lost, KnockEnding.WITHDRAWN)
    return tuple(gone)
