"""The end of the meeting: time together first, one grace for whoever writes, and then the room is over."""

from chatroom.core import events as e
from chatroom.core import floor_events as fe
from chatroom.core.course import closes_at
from chatroom.core.events import Draft
from chatroom.core.limits import GRACE_SECONDS, LAST_SECONDS, TYPING_SECONDS, WRITING_SECONDS
from chatroom.core.refusals import Refused
from chatroom.core.room import Room
from chatroom.core.rules.course import taken_back

_GRACE_MS = GRACE_SECONDS * 1000
_WRITING_MS = WRITING_SECONDS * 1000


def is_over(room: Room, now: int) -> bool:
    """Whether the time of the room is over, for those who write as well."""
    return now >= closes_at(room) + (_GRACE_MS if _is_grace_due(room) else 0)


def _is_grace_due(room: Room) -> bool:
    """Whether the room is not to close at its end because someone was writing then. Only once for each end."""
    return not room.course.graced and _writes_at(room, closes_at(room))


def _writes_at(room: Room, at: int) -> bool:
    return room.floor.holds_words or room.course.writing_at > at - _WRITING_MS


def due(room: Room, now: int) -> tuple[e.AnyEvent, ...]:
    """What the clock brings about at the end."""
    if is_over(room, now):
        return (e.Ended(),)
    if now >= closes_at(room):
        return (fe.GraceGiven(closes_at(room) + _GRACE_MS),)
    if room.course.graced and closes_at(room) == room.ends_at:
        is_young = now < room.ends_at - _GRACE_MS + _WRITING_MS
        return () if is_young or _writes_at(room, now) else (e.Ended(),)
    return _fellowship(room) if now >= room.ends_at else ()


def _fellowship(room: Room) -> tuple[e.AnyEvent, ...]:
    invited = room.floor.invited
    turned_down = (fe.InvitationEnded(invited),) if invited else ()
    return (*taken_back(room), *turned_down, fe.FellowshipBegan(closes_at(room)))


def writing(room: Room, holds_words: bool, now: int) -> Draft:
    """Someone other than the sharer writes: it counts near the end alone, and is kept without a name.

    Raises Refused: not_your_turn.
    """
    course = room.course
    if not course.graced and now < closes_at(room) - LAST_SECONDS * 1000:
        raise Refused("not_your_turn")
    is_known = now < course.writing_at + TYPING_SECONDS * 1000
    return Draft(events=(fe.UnsentWords(),) if holds_words and not is_known else ())
