"""Coming in, coming back, dropping out, and what the clock brings about."""

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.events import Draft, Role
from chatroom.core.identity import token_matches
from chatroom.core.limits import JOINS_PER_ROOM, SEAT_KEPT_SECONDS
from chatroom.core.nicknames import BadNickname, prepare_nickname, skeleton
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rules import course, floor


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


def check_door(room: Room, role: Role, network_tag: bytes, now: int) -> None:
    """Raises Refused (ask_host, locked, full, doors_closed) when someone new with this role cannot come in now."""
    if role is not Role.HOST and network_tag in room.removed_tags:
        raise Refused("ask_host")
    if role is not Role.PARTICIPANT:
        return
    if now < room.opened.doors_at:
        raise Refused("doors_closed", (room.opened.doors_at - now) / 1000)
    if room.locked:
        raise Refused("locked")
    if room.seated >= room.opened.capacity:
        raise Refused("full")


def enter(room: Room, command: c.Enter, now: int) -> Draft:
    check_door(room, command.role, command.network_tag, now)
    if len(room.people) >= JOINS_PER_ROOM:
        raise Refused("full")
    try:
        nickname = prepare_nickname(command.nickname)
    except BadNickname as error:
        raise Refused(error.code) from None
    if skeleton(nickname) in room.names:
        raise Refused("name_taken")
    return Draft(
        events=(
            e.Joined(command.participant, nickname, command.role, command.seat_hash, command.network_tag),
            e.SessionOpened(command.participant, command.session, command.process),
            *_mute_that_follows(room, command, now),
        )
    )


def _mute_that_follows(room: Room, command: c.Enter, now: int) -> tuple[e.AnyEvent, ...]:
    """A mute is not shaken off by leaving: it holds for who comes from the address that a muted person left.

    Moderators see it, and can lift it where it hit someone else.
    """
    if command.role is not Role.PARTICIPANT:
        return ()
    for person in map(room.people.__getitem__, room.muted):
        gone = person.standing in (Standing.LEFT, Standing.DROPPED)
        if gone and person.muted_until > now and person.network_tag == command.network_tag:
            return (e.Muted(command.participant, person.muted_until, person.muted_by, person.mute_reason),)
    return ()


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
    return Draft(events=(e.Returned(person.id), *floor.returned(room, person.id), opened))


def drop_session(room: Room, person: Participant, command: c.DropSession, now: int) -> Draft:
    if person.standing is Standing.HERE and person.session == command.session:
        return Draft(events=_dropped(room, person, now))
    return Draft(events=())


def _dropped(room: Room, person: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    return (e.Dropped(person.id), *floor.dropped(room, person.id, now))


def due(room: Room, command: c.Tick, now: int) -> Draft:
    """What time brings about: the end, then who is gone, then the floor, then the course."""
    return Draft(events=course.ending(room, now) or _gone(room, command, now) or floor.due(room, now) or course.due(room, now))


def _gone(room: Room, command: c.Tick, now: int) -> tuple[e.AnyEvent, ...]:
    gone: list[e.AnyEvent] = []
    for participant, dropped_at in room.dropped.items():
        if now >= dropped_at + SEAT_KEPT_SECONDS * 1000:
            gone += (*floor.given_up(room, participant), e.Left(participant, e.Departure.LOST))
    if command.lost_processes:
        for person in room.people.values():
            if person.process in command.lost_processes:
                gone += _dropped(room, person, now)
    return tuple(gone)
