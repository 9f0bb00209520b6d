"""The door: who comes straight in, who proves that it is no machine, who knocks, and what moderators say to that."""

import hmac
from collections.abc import Iterable
from typing import Any

from chatroom.core import door_commands as c
from chatroom.core import door_events as d
from chatroom.core.command_base import Command
from chatroom.core.commands import Enter
from chatroom.core.events import AnyEvent, Departure, Draft, Joined, Left, Role, SessionOpened
from chatroom.core.gate import Knock
from chatroom.core.limits import (
    DECLINED_SECONDS,
    KNOCKS_PER_ROOM,
    KNOCKS_PER_TAG,
    MODERATOR_LINKS_PER_ROOM,
    REASON_CODE_POINTS,
    SEATS_PER_DEVICE,
    UNATTENDED_AFTER_SECONDS,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.floor import given_up
from chatroom.core.rules.permissions import seats_below
from chatroom.core.same_person import (
    Visitor,
    cautions,
    declined_at,
    is_known,
    knocks_of,
    own_cautions,
    removed_seat,
    seats_of,
)
from chatroom.core.text import clean_text

# ---- coming to the door --------------------------------------------------------------------------------------------------


def role_of_link(room: Room, link: bytes) -> Role:
    """The role that the link with this token hash names, whoever comes with it. Raises Refused no_such_room."""
    if hmac.compare_digest(link, room.opened.host_token_hash):
        return Role.HOST
    if any(hmac.compare_digest(link, known) for known in (room.links.moderator, *room.links.old) if known):
        return Role.MODERATOR
    if link:
        raise Refused("no_such_room")
    return Role.PARTICIPANT


def role_of(room: Room, visitor: Visitor, now: int) -> Role:
    """The role with which this visitor comes in now, without knocking."""
    return _role(room, visitor, cautions(room, visitor, now))


def role_shown(room: Room, visitor: Visitor, now: int) -> Role:
    """The role that the door names to this visitor before they ask to come in: nothing in it tells of others."""
    return _role(room, visitor, own_cautions(room, visitor, now))


def _role(room: Room, visitor: Visitor, doubts: tuple[d.Caution, ...]) -> Role:
    role = role_of_link(room, visitor.link)
    is_doubted = role is Role.MODERATOR and (removed_seat(room, visitor) or doubts)
    return Role.PARTICIPANT if is_doubted else role


def check_door(room: Room, visitor: Visitor, now: int) -> None:
    """Raises Refused when someone new can neither come in now nor knock: removed, doors_closed, locked, full."""
    if role_of_link(room, visitor.link) is Role.HOST:
        return
    if removed := removed_seat(room, visitor):
        raise Refused("removed", detail=removed.removed_reason)
    if visitor.link:
        return
    if now < room.opened.doors_at:
        raise Refused("doors_closed", (room.opened.doors_at - now) / 1000)
    if room.gate.door is d.Door.LOCKED and not is_known(room, visitor.device_tag):
        raise Refused("locked")
    if room.seated >= room.opened.capacity and not asks_to_knock(room, visitor, now):
        raise Refused("full")  # whoever is asked to knock is not told: the moderators see it when they open


def check_device(room: Room, visitor: Visitor, now: int) -> None:
    """Raises Refused two_seats when people are here on as many seats of this device as one may have; roles are exempt."""
    is_limited = role_of(room, visitor, now) is Role.PARTICIPANT
    if is_limited and sum(seat.here for seat in seats_of(room, visitor.device_tag)) >= SEATS_PER_DEVICE:
        raise Refused("two_seats")


def makes_room(room: Room, joined: Joined) -> tuple[AnyEvent, ...]:
    """One more seat of this device is taken: the oldest ones that nobody is on are given up, as many as are too many."""
    if joined.role is not Role.PARTICIPANT:
        return ()
    held = [seat for seat in seats_of(room, joined.device_tag) if seat.seated]
    away = [seat for seat in held if not seat.here][: max(0, len(held) + 1 - SEATS_PER_DEVICE)]
    return tuple(event for seat in away for event in (*given_up(room, seat.id), Left(seat.id, Departure.LOST)))


def asks_to_knock(room: Room, visitor: Visitor, now: int) -> bool:
    """Whether the door asks this person to knock before they say anything: nothing in it tells of others."""
    if role_of_link(room, visitor.link) is Role.HOST:
        return False
    asks_all = room.gate.door is d.Door.KNOCK or room.guard.guard is d.Guard.KNOCK
    is_someone = visitor.link or is_known(room, visitor.device_tag)
    return bool(own_cautions(room, visitor, now)) or (asks_all and not is_someone)


def must_knock(room: Room, visitor: Visitor, now: int) -> bool:
    """Whether this person, who asks to come in, does so only when a moderator says so."""
    if role_of_link(room, visitor.link) is Role.HOST:
        return False
    return asks_to_knock(room, visitor, now) or bool(cautions(room, visitor, now))


def needs_work(room: Room, visitor: Visitor) -> bool:
    """Whether this person's page has to prove that it is no machine."""
    is_someone = visitor.link or is_known(room, visitor.device_tag)
    return room.guard.guard is d.Guard.WORK and not is_someone


# ---- knocking ------------------------------------------------------------------------------------------------------------


def knock(room: Room, command: Enter, nickname: str, now: int) -> Draft:
    """Raises Refused: slow_down after a decline and when enough of these knock already, full."""
    visitor = command.visitor
    if (again_at := may_knock_at(room, visitor)) > now:
        raise Refused("slow_down", (again_at - now) / 1000)
    if knocks_of(room, visitor) >= KNOCKS_PER_TAG:
        raise Refused("slow_down", DECLINED_SECONDS)
    if len(room.gate.waiting) >= KNOCKS_PER_ROOM:
        raise Refused("full")
    return Draft(
        events=(
            d.Knocked(
                knock=command.participant,
                nickname=nickname,
                seat_hash=command.seat_hash,
                device_tag=visitor.device_tag,
                network_tag=visitor.network_tag,
                session=command.session,
                process=command.process,
                link=visitor.link,
                cautions=cautions(room, visitor, now),
            ),
        )
    )


def has_to_wait(room: Room, knock: Knock, now: int) -> bool:
    """Whether a moderator is still to say whether this one comes in."""
    return not knock.admitted and (knock.is_for_a_moderator or must_knock(room, knock.visitor, now))


def may_knock_at(room: Room, visitor: Visitor) -> int:
    """From when on this person may knock, if that was declined lately."""
    return declined_at(room, visitor) + DECLINED_SECONDS * 1000


def knock_again(room: Room, command: c.KnockAgain) -> Draft:
    if command.knock not in room.gate.knocks:
        raise Refused("not_joined")
    return Draft(events=(SessionOpened(command.knock, command.session, command.process),))


def withdraw(room: Room, command: c.Withdraw) -> Draft:
    waiting = room.gate.knocks.get(command.knock)
    if waiting is None or command.session not in ("", waiting.session):
        return Draft(events=())
    return Draft(events=ended(room, [command.knock], d.KnockEnding.WITHDRAWN))


def ended(room: Room, knocks: Iterable[str], ending: d.KnockEnding, by: str = "") -> tuple[AnyEvent, ...]:
    return tuple(d.KnockEnded(name, room.gate.knocks[name].nickname, ending, by) for name in knocks)


def admit(room: Room, actor: Participant, command: c.Admit, now: int) -> Draft:
    _waiting(room, command.knock)
    return _admitted(room, [command.knock], actor)


def admit_all(room: Room, actor: Participant, command: c.AdmitAll, now: int) -> Draft:
    """Moderators let those in one by one who may be somebody else than they seem."""
    names = [name for name, one in room.gate.waiting.items() if not one.is_doubtful]
    if not names:
        raise Refused("already_so")
    return _admitted(room, names, actor)


def _admitted(room: Room, knocks: list[str], actor: Participant) -> Draft:
    """Those for whom there are seats. Raises Refused full."""
    expected = sum(one.admitted for one in room.gate.knocks.values())
    seats = room.opened.capacity - room.seated - expected
    if seats < 1:
        raise Refused("full")
    return Draft(events=ended(room, knocks[:seats], d.KnockEnding.ADMITTED, actor.id))


def decline(room: Room, actor: Participant, command: c.Decline, now: int) -> Draft:
    _waiting(room, command.knock)
    return Draft(events=ended(room, [command.knock], d.KnockEnding.DECLINED, actor.id))


def _waiting(room: Room, name: str) -> Knock:
    waiting = room.gate.waiting.get(name)
    if waiting is None:
        raise Refused("no_such_person")
    return waiting


# ---- the door itself -----------------------------------------------------------------------------------------------------


def set_door(room: Room, actor: Participant, command: c.SetDoor, now: int) -> Draft:
    if room.gate.door is command.door:
        raise Refused("already_so")
    return Draft(events=(d.DoorSet(command.door, actor.id),))


def send_back(room: Room, actor: Participant, command: c.SendBack, now: int) -> Draft:
    reason = clean_text(command.reason, REASON_CODE_POINTS)
    seats = seats_below(room, actor, command.participant)
    sent = [event for seat in seats for event in (*given_up(room, seat.id), d.SentBack(seat.id, actor.id, reason))]
    return Draft(events=(*sent, *link_taken_back(room, seats, actor)))


# ---- the moderator link --------------------------------------------------------------------------------------------------


def replace_moderator_link(room: Room, actor: Participant, command: c.ReplaceModeratorLink, now: int) -> Draft:
    """Without a new one, which `with_new_link` puts in. Raises Refused too_often."""
    if len(room.links.old) >= MODERATOR_LINKS_PER_ROOM:
        raise Refused("too_often")
    return Draft(events=(d.ModeratorLinkReplaced(actor.id),))


def with_new_link(draft: Draft, token_hash: bytes) -> Draft:
    (replaced,) = draft.events
    assert isinstance(replaced, d.ModeratorLinkReplaced)
    return Draft(events=(d.ModeratorLinkReplaced(replaced.by, token_hash),))


def link_taken_back(room: Room, seats: Iterable[Participant], actor: Participant) -> tuple[AnyEvent, ...]:
    """These lose their role or their seats: a moderator among them who knows the link could use it on any device and network.

    Someone whom a host made a moderator came without it, and is told only of links that were made later.
    """
    knows = any(seat.moderates and (seat.came_with_link or room.links.old) for seat in seats)
    return (d.ModeratorLinkReplaced(actor.id),) if room.links.moderator and knows else ()


# ---- moderators who are here ---------------------------------------------------------------------------------------------


def on_duty_again(room: Room) -> tuple[AnyEvent, ...]:
    """A moderator comes on duty with the same draft."""
    return (d.Attended(),) if room.gate.unattended else ()


def due(room: Room, now: int) -> tuple[AnyEvent, ...]:
    """The time without a moderator is noticed."""
    gate = room.gate
    if not room.opened.needs_moderator or gate.unattended or gate.no_duty_since is None:
        return ()
    return (d.Unattended(),) if now >= gate.no_duty_since + UNATTENDED_AFTER_SECONDS * 1000 else ()


RULES: dict[type[Command], Any] = {
    c.SetDoor: set_door,
    c.Admit: admit,
    c.AdmitAll: admit_all,
    c.Decline: decline,
    c.SendBack: send_back,
    c.ReplaceModeratorLink: replace_moderator_link,
}
