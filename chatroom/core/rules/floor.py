"""The floor: who may speak, how a share ends, and who is next."""

from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Draft
from chatroom.core.limits import (
    DROPPED_AFTER_SECONDS,
    KEPT_SECONDS,
    SHARER_GONE_SECONDS,
    STILL_SECONDS,
    TYPING_CHANGED_SECONDS,
    TYPING_SECONDS,
    UNANSWERED_SECONDS,
    UNANSWERED_WITH_WORDS_SECONDS,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.ending import writing
from chatroom.core.rules.hands import begins
from chatroom.core.rules.pace import is_hushed
from chatroom.core.rules.permissions import leads
from chatroom.core.script import Crosstalk, Mode

BETWEEN_SHARES = frozenset({fe.Helper.GREETER, fe.Helper.READER})
"""Helpers who may post while nobody has the floor."""


def may_speak(room: Room, person: Participant) -> bool:
    """Whether this person may post in this phase at this moment; a mute is another matter."""
    phase, holder = room.course.phase, room.floor.holder
    if phase.mode is Mode.OPEN:
        return True
    if phase.mode is Mode.FLOOR and (holder or phase.crosstalk is Crosstalk.OPEN):
        return holder == person.id or phase.crosstalk is Crosstalk.OPEN
    may_finish = phase.mode is Mode.FLOOR and person.id in room.floor.unfinished
    return may_finish or leads(room, person) or person.helper in BETWEEN_SHARES


# ---- the end of a share --------------------------------------------------------------------------------------------------


def done(room: Room, actor: Participant, command: fc.FinishShare, now: int) -> Draft:
    if room.floor.holder != actor.id:
        raise Refused("not_your_turn")
    return Draft(events=_released(room, fe.Ending.DONE, now))


def pass_floor(room: Room, actor: Participant, command: fc.PassFloor, now: int) -> Draft:
    floor = room.floor
    if floor.holder == actor.id:
        return Draft(events=_released(room, fe.Ending.PASSED, now))
    if floor.invited == actor.id:
        return Draft(events=(fe.InvitationEnded(actor.id),))
    if floor.hand_of(actor.id):
        return Draft(events=(fe.HandLowered(actor.id),))
    raise Refused("no_hand")


def skip_share(room: Room, actor: Participant, command: fc.SkipShare, now: int) -> Draft:
    share = room.floor.share
    if not share or command.share not in (None, share):
        raise Refused("already_so")
    return Draft(events=_released(room, fe.Ending.SKIPPED, now))


def _released(room: Room, ending: fe.Ending, now: int) -> tuple[e.AnyEvent, ...]:
    """The share ends, and the next begins."""
    holder = room.floor.holder
    is_unfinished = room.floor.holds_words and ending in (fe.Ending.TIME, fe.Ending.GONE)
    unfinished = (fe.ShareUnfinished(holder),) if is_unfinished else ()
    return (fe.FloorReleased(holder, ending), *unfinished, *begins(room, room.floor.queue, now))


# ---- the one who shares --------------------------------------------------------------------------------------------------


def typing(room: Room, actor: Participant, command: fc.SayTyping, now: int) -> Draft:
    floor = room.floor
    if floor.holder != actor.id:
        return writing(room, command.holds_words, now)
    known_seconds = TYPING_SECONDS if command.holds_words == floor.holds_words else TYPING_CHANGED_SECONDS
    is_known = now < floor.typing_at + known_seconds * 1000
    return Draft(events=() if is_known else (fe.Typing(actor.id, command.holds_words),))


def keep(room: Room, actor: Participant, command: fc.KeepFloor, now: int) -> Draft:
    if room.floor.holder != actor.id:
        raise Refused("not_your_turn")
    return Draft(events=(fe.FloorKept(actor.id),) if room.floor.asked_at else ())


def dropped(room: Room, participant: str, now: int) -> tuple[e.AnyEvent, ...]:
    """Someone's connection is lost, noticed now: the share clock stands still from when it was."""
    floor = room.floor
    if floor.holder != participant:
        return ()
    return (fe.FloorPaused(participant, max(now - DROPPED_AFTER_SECONDS * 1000, floor.heard_at)),)


def returned(room: Room, participant: str) -> tuple[e.AnyEvent, ...]:
    """Someone is back: the share clock goes on."""
    return (fe.FloorResumed(participant),) if room.floor.holder == participant else ()


def given_up(room: Room, participant: str) -> tuple[e.AnyEvent, ...]:
    """Someone gives up the seat: the floor, the hand and the invitation go with it."""
    floor = room.floor
    ends: list[e.AnyEvent] = []
    if floor.holder == participant:
        ends.append(fe.FloorReleased(participant, fe.Ending.GONE))
    if floor.hand_of(participant):
        ends.append(fe.HandLowered(participant))
    if floor.invited == participant:
        ends.append(fe.InvitationEnded(participant))
    return tuple(ends)


# ---- settings ------------------------------------------------------------------------------------------------------------


def set_floor(room: Room, actor: Participant, command: fc.SetFloor, now: int) -> Draft:
    settings = room.floor.settings
    wanted = {name: getattr(command, name) for name in settings.__struct_fields__}
    if all(getattr(settings, name) == value for name, value in wanted.items()):
        raise Refused("already_so")
    return Draft(events=(fe.FloorSet(**wanted),))


# ---- time ----------------------------------------------------------------------------------------------------------------


def due(room: Room, now: int) -> tuple[e.AnyEvent, ...]:
    """What the clock brings about: a share ends, or the next in the queue begins."""
    if not room.floor.holder:
        return begins(room, room.floor.queue, now)
    if ending := _ending(room, now):
        return _released(room, ending, now)
    return (fe.SharerAsked(room.floor.holder),) if _is_to_be_asked(room, now) else ()


def _ending(room: Room, now: int) -> fe.Ending | None:
    """How the share ends now, None while it goes on."""
    floor, holder = room.floor, room.people[room.floor.holder]
    if floor.paused_at:
        patience = UNANSWERED_WITH_WORDS_SECONDS if floor.holds_words else SHARER_GONE_SECONDS
        return fe.Ending.GONE if now - floor.paused_at > patience * 1000 else None
    if holder.muted_until > now:
        return fe.Ending.SKIPPED
    return fe.Ending.TIME if _is_unanswered(room, now) else None


def _is_unanswered(room: Room, now: int) -> bool:
    """Whether the sharer was asked, and has been silent for so long that the phone may lie somewhere by itself."""
    floor = room.floor
    patience = UNANSWERED_WITH_WORDS_SECONDS if floor.holds_words else UNANSWERED_SECONDS
    return floor.asked_at > 0 and not is_hushed(room, room.people[floor.holder]) and now - floor.asked_at >= patience * 1000


def _is_to_be_asked(room: Room, now: int) -> bool:
    """Whether the time is over, and the sharer has been still from its end on."""
    floor = room.floor
    left_ms = floor.share_ms - floor.time_used_ms(now)
    if not floor.share_ms or floor.paused_at or floor.asked_at or is_hushed(room, room.people[floor.holder]):
        return False
    patience = KEPT_SECONDS if floor.kept_at == floor.heard_at else STILL_SECONDS
    return now - max(floor.heard_at, now + left_ms) >= patience * 1000
