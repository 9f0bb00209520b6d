"""The door: who comes straight in, who proves that it is no machine, who knocks, and what moderators say to that."""

from collections.abc import Iterable
from typing import Any

import msgspec

from chatroom.core import door_commands as c
from chatroom.core import door_events as d
from chatroom.core.command_base import Command
from chatroom.core.commands import Enter
from chatroom.core.events import AnyEvent, Draft, Role, SessionOpened
from chatroom.core.gate import Knock, is_known
from chatroom.core.limits import (
    DECLINED_SECONDS,
    KNOCKS_PER_ROOM,
    KNOCKS_PER_TAG,
    REASON_CODE_POINTS,
    UNATTENDED_AFTER_SECONDS,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.floor import given_up
from chatroom.core.rules.permissions import someone_below
from chatroom.core.text import clean_text


class Visitor(msgspec.Struct, frozen=True):
    """Someone at the door, as far as the room can tell who it is."""

    role: Role
    network_tag: bytes
    device_tag: bytes = b""

    @property
    def tags(self) -> frozenset[bytes]:
        return frozenset({self.network_tag, self.device_tag}) - {b""}


# ---- coming to the door --------------------------------------------------------------------------------------------------


def check_door(room: Room, visitor: Visitor, now: int) -> None:
    """Raises Refused when someone new can neither come in now nor knock: removed, ask_host, doors_closed, locked, full."""
    if visitor.role is not Role.HOST:
        if removed := room.gate.removed_devices.get(visitor.device_tag):
            raise Refused("removed", detail=room.people[max(removed)].removed_reason)
        if visitor.network_tag in room.removed_tags:
            raise Refused("ask_host")
    if visitor.role is not Role.PARTICIPANT:
        return
    if now < room.opened.doors_at:
        raise Refused("doors_closed", (room.opened.doors_at - now) / 1000)
    if room.gate.door is d.Door.LOCKED and not _is_known(room, visitor):
        raise Refused("locked")
    if room.seated >= room.opened.capacity and not must_knock(room, visitor):
        raise Refused("full")  # whoever has to knock is not told: the moderators see it when they open


def must_knock(room: Room, visitor: Visitor) -> bool:
    """Whether this person comes in only when a moderator says so."""
    if visitor.role is Role.HOST:
        return False
    if was_sent_back(room, visitor):
        return True
    asks_all = room.gate.door is d.Door.KNOCK or room.guard.guard is d.Guard.KNOCK
    return asks_all and visitor.role is Role.PARTICIPANT and not _is_known(room, visitor)


def needs_work(room: Room, visitor: Visitor) -> bool:
    """Whether this person's page has to prove that it is no machine."""
    is_someone = visitor.role is not Role.PARTICIPANT or _is_known(room, visitor)
    return room.guard.guard is d.Guard.WORK and not is_someone


def was_sent_back(room: Room, visitor: Visitor) -> bool:
    return not room.gate.must_knock.isdisjoint(visitor.tags)


def _is_known(room: Room, visitor: Visitor) -> bool:
    return is_known(room, visitor.device_tag)


# ---- knocking ------------------------------------------------------------------------------------------------------------


def knock(room: Room, command: Enter, nickname: str, now: int) -> Draft:
    """Raises Refused: slow_down after a decline and when enough of these knock already, full."""
    visitor = Visitor(command.role, command.network_tag, command.device_tag)
    waiting = room.gate.waiting.values()
    if (again_at := may_knock_at(room, visitor)) > now:
        raise Refused("slow_down", (again_at - now) / 1000)
    if sum(not visitor.tags.isdisjoint((one.network_tag, one.device_tag)) for one in waiting) >= KNOCKS_PER_TAG:
        raise Refused("slow_down", DECLINED_SECONDS)
    if len(waiting) >= KNOCKS_PER_ROOM:
        raise Refused("full")
    return Draft(
        events=(
            d.Knocked(
                knock=command.participant,
                nickname=nickname,
                seat_hash=command.seat_hash,
                device_tag=command.device_tag,
                network_tag=command.network_tag,
                session=command.session,
                process=command.process,
            ),
        )
    )


def may_knock_at(room: Room, visitor: Visitor) -> int:
    """From when on this person may knock, if that was declined lately."""
    return max((room.gate.declined.get(tag, 0) for tag in visitor.tags), default=0) + DECLINED_SECONDS * 1000


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
    if not room.gate.waiting:
        raise Refused("already_so")
    return _admitted(room, list(room.gate.waiting), actor)


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
    person = someone_below(room, actor, command.participant)
    if not person.seated:
        raise Refused("no_such_person")
    sent = d.SentBack(person.id, actor.id, clean_text(command.reason, REASON_CODE_POINTS))
    return Draft(events=(*given_up(room, person.id), sent))


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
}
