"""Coming in, coming back, dropping out, and what the clock brings about."""

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import events as e
from chatroom.core.door_events import KnockEnding
from chatroom.core.events import Draft, Role
from chatroom.core.gate import is_known
from chatroom.core.identity import token_matches
from chatroom.core.limits import SEAT_KEPT_SECONDS
from chatroom.core.nicknames import BadNickname, prepare_nickname, skeleton
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rules import course, door, ending, floor, guard


def role_of_token(room: Room, token: str, network_tag: bytes) -> Role:
    """The role that a link's token gives to someone at this address. Raises Refused no_such_room for a token of no role."""
    is_host = token_matches(token, room.opened.host_token_hash)
    is_moderator = token_matches(token, room.opened.moderator_token_hash)
    if is_host:
        return Role.HOST
    if is_moderator:
        return Role.PARTICIPANT if network_tag in room.demoted_tags else Role.MODERATOR
    if token:
        raise Refused("no_such_room")
    return Role.PARTICIPANT


def enter(room: Room, command: c.Enter, now: int) -> Draft:
    visitor = door.Visitor(command.role, command.network_tag, command.device_tag)
    door.check_door(room, visitor, now)
    if door.needs_work(room, visitor) and not command.worked:
        raise Refused("work_needed")
    try:
        nickname = prepare_nickname(command.nickname)
    except BadNickname as error:
        raise Refused(error.code) from None
    if skeleton(nickname) in room.names:
        raise Refused("name_taken")
    if door.must_knock(room, visitor):
        return door.knock(room, command, nickname, now)
    joined = e.Joined(command.participant, nickname, command.role, command.seat_hash, command.network_tag, command.device_tag)
    attended = door.on_duty_again(room) if command.role is not Role.PARTICIPANT else ()
    is_new = command.role is Role.PARTICIPANT and not is_known(room, command.device_tag)
    raised = guard.raised_by_joining(room, now) if is_new else ()
    return Draft(events=(*_seated(room, joined, command.session, command.process, now), *attended, *raised))


def _seated(room: Room, joined: e.Joined, session: str, process: str, now: int) -> tuple[e.AnyEvent, ...]:
    return (joined, e.SessionOpened(joined.participant, session, process), *_mute_that_follows(room, joined, now))


def _mute_that_follows(room: Room, joined: e.Joined, now: int) -> tuple[e.AnyEvent, ...]:
    """A mute is not shaken off by leaving: it holds for who comes from the address or with the device that a muted person left.

    Moderators see it, and can lift it where it hit someone else.
    """
    if joined.role is not Role.PARTICIPANT:
        return ()
    for person in map(room.people.__getitem__, room.muted):
        gone = person.standing in (Standing.LEFT, Standing.DROPPED)
        same_device = person.device_tag and person.device_tag == joined.device_tag
        if gone and person.muted_until > now and (same_device or person.network_tag == joined.network_tag):
            return (e.Muted(joined.participant, person.muted_until, person.muted_by, person.mute_reason),)
    return ()


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
    visitor = door.Visitor(Role.PARTICIPANT, knock.network_tag, knock.device_tag)
    if not knock.admitted:
        if door.must_knock(room, visitor):
            return Draft(events=())
        door.check_door(room, visitor, now)
    ended = () if knock.admitted else door.ended(room, [command.knock], KnockEnding.ADMITTED)
    joined = e.Joined(command.knock, knock.nickname, Role.PARTICIPANT, knock.seat_hash, knock.network_tag, knock.device_tag)
    return Draft(events=(*ended, *_seated(room, joined, command.session, command.process, now)))


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
    """What time brings about: the end, then who is gone, then the door and the guard, then the floor, then the course."""
    return Draft(
        events=ending.due(room, now)
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
