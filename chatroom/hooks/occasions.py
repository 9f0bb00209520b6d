"""From events to occasions: which events outside programs hear of, and what of each they may know."""

from collections.abc import Callable
from typing import Any

import msgspec

from chatroom.core import events as e
from chatroom.core.direct_events import DirectReported
from chatroom.core.door_events import Attended, SentBack, Unattended
from chatroom.core.identity import subkey
from chatroom.core.room import Room
from chatroom.core.safety_events import ConcernNoted
from chatroom.core.support_events import LineOpened
from chatroom.hooks.hook import Kind, Occasion

ROOM_ID_BYTES = 16

Facts = dict[str, int | str]
Texts = dict[str, str]


def room_id(key: bytes) -> str:
    """What a room is called outside: an HMAC under its key, which is in memory and in its links only."""
    return subkey(key, b"occasions")[:ROOM_ID_BYTES].hex()


def occasions(key: bytes, room: Room, event: e.Event, offset: int, texts: bool) -> list[Occasion]:
    """What is told of an event that this room has taken, nothing of most. `texts`: whether people's words go along."""
    told = [_TOLD[type(event)]] if type(event) in _TOLD and not _is_of_moderators(event) else []
    if _comes_alone(room, event):
        told.append(_TOLD[Unattended])
    return [
        Occasion(
            kind=kind,
            at=room.at,
            room=room_id(key),
            offset=offset,
            here=room.here,
            moderators_here=sum(room.people[moderator].here for moderator in room.moderators),
            facts=facts(room, event),
            texts=words(room, event) if texts else {},
        )
        for kind, facts, words in told
    ]


def _comes_alone(room: Room, event: e.Event) -> bool:
    """Whether this is the first person in a room that had no moderator before: it was never attended."""
    return isinstance(event, e.Joined) and room.gate.unattended and room.here == 1


def without_texts(room: str, told: Occasion) -> Occasion:
    """The same occasion, without what people wrote if it is of this room."""
    return msgspec.structs.replace(told, texts={}) if told.texts and told.room == room else told


def _of_opened(room: Room, event: e.RoomOpened) -> Facts:
    return {"starts_at": event.starts_at, "ends_at": event.ends_at, "capacity": event.capacity}


def _of_joined(room: Room, event: e.Joined) -> Facts:
    return {"role": event.role}


def _of_reported(room: Room, event: e.Reported | DirectReported) -> Facts:
    return {"reports_open": sum(not report.outcome for report in room.reports.values())}


def _of_muted(room: Room, event: e.Muted) -> Facts:
    return {"until": event.until, "by": _role(room, event.by)}


def _of_sent_away(room: Room, event: e.Removed | SentBack) -> Facts:
    return {"by": _role(room, event.by)}


def _of_support_asked(room: Room, event: LineOpened) -> Facts:
    return {"lines_unclaimed": sum(line.open and not line.claimed_by for line in room.lines.values())}


def _of_concern(room: Room, event: ConcernNoted) -> Facts:
    return {"concerns_open": len(room.cases.concerns)}


def _of_unattended(room: Room, event: e.Event) -> Facts:
    return {"starts_at": room.opened.starts_at}


def _no_facts(room: Room, event: e.Event) -> Facts:
    return {}


def _is_of_moderators(event: e.Event) -> bool:
    """Whether this is a private line that a moderator opened: nobody called."""
    return isinstance(event, LineOpened) and bool(event.by)


def _of_ended(room: Room, event: e.Ended) -> Facts:
    return {"by": _role(room, event.by), "people": len(room.people)}


def _role(room: Room, participant: str) -> str:
    """The role of who did it; `clock` when it was nobody."""
    return room.people[participant].role if participant in room.people else "clock"


def _nothing(room: Room, event: e.Event) -> Texts:
    return {}


def _reason(room: Room, event: e.Muted | e.Removed | SentBack) -> Texts:
    return {"reason": event.reason}


def _reported_words(room: Room, event: e.Reported) -> Texts:
    message = room.messages.get(event.message)
    return {"reason": event.reason, "words": event.words, "message": message.text if message else ""}


def _reported_direct_words(room: Room, event: DirectReported) -> Texts:
    return {"reason": event.reason, "words": event.words, "message": event.text}


_TOLD: dict[type[e.Event], tuple[Kind, Callable[[Room, Any], Facts], Callable[[Room, Any], Texts]]] = {
    e.RoomOpened: (Kind.ROOM_OPENED, _of_opened, _nothing),
    e.Joined: (Kind.JOINED, _of_joined, _nothing),
    e.Reported: (Kind.REPORTED, _of_reported, _reported_words),
    DirectReported: (Kind.REPORTED, _of_reported, _reported_direct_words),
    e.Muted: (Kind.MUTED, _of_muted, _reason),
    e.Removed: (Kind.REMOVED, _of_sent_away, _reason),
    SentBack: (Kind.SENT_BACK, _of_sent_away, _reason),
    LineOpened: (Kind.SUPPORT_ASKED, _of_support_asked, _nothing),
    ConcernNoted: (Kind.CONCERN_NOTED, _of_concern, _nothing),
    Unattended: (Kind.UNATTENDED, _of_unattended, _nothing),
    Attended: (Kind.ATTENDED, _no_facts, _nothing),
    e.Ended: (Kind.ENDED, _of_ended, _nothing),
}
