"""Who sees what of the door, the pace and the calm: everyone what holds for everyone, moderators who did it and who knocks."""

from typing import Any

import msgspec

from chatroom.core import door_events as d
from chatroom.core import door_frames as f
from chatroom.core.calm import is_veiled
from chatroom.core.entry_ids import NO_ENTRY, EntryId
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.frames import Left
from chatroom.core.messages import Message
from chatroom.core.room import Participant, Room
from chatroom.core.view_base import Make, View, action, nickname, place, plain

Fields = dict[str, Any]


def _sent_back(room: Room, entry: Entry, event: d.SentBack) -> Left:
    """Nobody's page says that someone was sent back."""
    return Left(**place(entry), participant=event.participant, quiet=True)


def _veiled(*, by_whom: bool) -> Make:
    def make(room: Room, entry: Entry, event: d.Veiled) -> f.Veiled:
        veiled = f.Veiled(**place(entry), first=_first_covered(room, entry, event))
        return msgspec.structs.replace(veiled, by=event.by, by_nickname=nickname(room, event.by)) if by_whom else veiled

    return make


def _first_covered(room: Room, entry: Entry, event: d.Veiled) -> EntryId:
    """The first message that is covered when the veil has come, or become wider."""
    bound = min(event.first, room.calm.veil[0]) if room.calm.veil else event.first
    first = NO_ENTRY
    for offset in reversed(room.messages):
        if offset < bound:
            break
        if offset < entry.offset:
            first = EntryId(offset)
    return first


def _link_replaced(room: Room, entry: Entry, event: d.ModeratorLinkReplaced) -> f.ModeratorLinkReplaced:
    works = bool(event.token_hash)
    return f.ModeratorLinkReplaced(**place(entry), by=event.by, by_nickname=nickname(room, event.by), works=works)


_PACE = ("slow_seconds", "listen_minutes", "hold_new")

VIEWS: dict[type[Event], View] = {
    d.DoorSet: View(everyone=plain(f.DoorSet, "door"), moderators=action(f.DoorSet, "door")),
    d.Knocked: View(moderators=plain(f.Knocked, "knock", "nickname", "cautions")),
    d.KnockEnded: View(moderators=action(f.KnockEnded, "knock", "nickname", "ending")),
    d.SentBack: View(everyone=_sent_back, moderators=action(f.SentBack, "reason")),
    d.ModeratorLinkReplaced: View(moderators=_link_replaced),
    d.PostingStopped: View(everyone=plain(f.PostingStopped), moderators=action(f.PostingStopped)),
    d.PostingResumed: View(everyone=plain(f.PostingResumed), moderators=action(f.PostingResumed)),
    d.Veiled: View(everyone=_veiled(by_whom=False), moderators=_veiled(by_whom=True)),
    d.Unveiled: View(everyone=plain(f.Unveiled), moderators=action(f.Unveiled, "erased")),
    d.PaceSet: View(everyone=plain(f.PaceSet, *_PACE), moderators=action(f.PaceSet, *_PACE)),
    d.Unattended: View(everyone=plain(f.Unattended)),
    d.Attended: View(everyone=plain(f.Attended)),
    d.GuardRaised: View(moderators=plain(f.GuardRaised, "guard", "signal", "count")),
    d.GuardLowered: View(moderators=action(f.GuardLowered)),
}


def door_view(room: Room) -> Fields:
    """What everyone sees of the door, the pace and the calm."""
    pace = room.calm.pace
    return {
        "door": room.gate.door,
        "posting_stopped": room.calm.posting_stopped,
        "veil": room.calm.veil is not None,
        "pace": {name: getattr(pace, name) for name in _PACE},
        "unattended": room.gate.unattended,
    }


def my_door_view(person: Participant) -> Fields:
    return {"came_at": person.came_at, "posted_at": person.posted_at}


def door_desk_view(room: Room) -> Fields:
    """Who knocks, and the guard, as moderators see them."""
    watch = room.guard
    return {
        "knocks": [
            {"knock": name, "nickname": one.nickname, "at": one.at, "cautions": one.cautions}
            for name, one in room.gate.waiting.items()
        ],
        "moderator_link": bool(room.links.moderator),
        "guard": {"guard": watch.guard, "signal": watch.signal, "count": watch.count, "at": watch.at} if watch.guard else None,
    }


def text_view(room: Room, message: Message, person: Participant) -> Fields:
    """The words of a message: participants get none while they are under the veil, nor after they reported it."""
    veiled, reported = is_veiled(room, message), is_reported_by(person, message)
    covered = reported or (veiled and not person.moderates)
    return {"text": "" if covered else message.text, "veiled": veiled, "reported": reported}


def is_reported_by(person: Participant, message: Message) -> bool:
    """Whether this participant reported the message, and so is not shown its words any more."""
    return message.offset in person.reported and not person.moderates and not message.gone
