"""Raised hands: who waits for the floor, and in which order."""

from collections.abc import Sequence

from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Draft
from chatroom.core.floor import Hand
from chatroom.core.limits import REASON_CODE_POINTS
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.course import moves_on
from chatroom.core.script import Mode
from chatroom.core.text import clean_optional

# ---- whose turn it is ----------------------------------------------------------------------------------------------------


def next_hand(room: Room, queue: Sequence[Hand], now: int) -> Hand | None:
    """Whose turn is next: the first who is here and may speak; near the end, those who have not shared come before others."""
    able = [hand for hand in queue if _is_able(room, hand.participant, now)]
    if newcomers_first(room, now):
        able.sort(key=lambda hand: hand.participant in room.floor.shared and not hand.moved)
    return able[0] if able else None


def _is_able(room: Room, participant: str, now: int) -> bool:
    person = room.people[participant]
    return person.here and person.muted_until <= now


def newcomers_first(room: Room, now: int) -> bool:
    """Whether these last minutes are kept for those who have not shared."""
    minutes = room.floor.settings.protect_minutes
    return minutes > 0 and now >= room.ends_at - minutes * 60_000


def _is_free(room: Room) -> bool:
    """Whether the floor can be given at this moment."""
    return not room.floor.holder and room.course.phase.mode is Mode.FLOOR


def begins(room: Room, queue: Sequence[Hand], now: int) -> tuple[e.AnyEvent, ...]:
    """The turn of the next in the queue, when the floor is free and nobody has to call."""
    if room.course.phase.mode is not Mode.FLOOR or room.floor.settings.call_each or moves_on(room, now):
        return ()
    hand = next_hand(room, queue, now)
    return (_given(room, hand.participant),) if hand else ()


def _given(room: Room, participant: str) -> fe.FloorGiven:
    return fe.FloorGiven(participant, room.floor.settings.share_minutes * 60_000)


# ---- what people do with their own hand ----------------------------------------------------------------------------------


def raise_hand(room: Room, actor: Participant, command: fc.RaiseHand, now: int) -> Draft:
    floor = room.floor
    if floor.holder == actor.id:
        raise Refused("already_so")
    if floor.hand_of(actor.id):
        raise Refused("hand_up")
    if floor.invited == actor.id:
        return Draft(events=_accepted(room, actor, now))
    _refuse_late(room, actor, now)
    words = clean_optional(command.words, REASON_CODE_POINTS)
    is_unfinished = actor.id in floor.unfinished
    place = 0 if is_unfinished else _place(room, actor)
    hand = Hand(actor.id, command.reason, words, is_unfinished)
    queue = [*floor.queue[:place], hand, *floor.queue[place:]]
    turn = () if floor.holder else begins(room, queue, now)
    return Draft(events=(fe.HandRaised(actor.id, place, command.reason, words, is_unfinished), *turn))


def _refuse_late(room: Room, actor: Participant, now: int) -> None:
    """Whoever ends what they began is never too late. Raises Refused: queue_closed, newcomers_first."""
    floor = room.floor
    if actor.id in floor.unfinished:
        return
    if floor.queue_closed:
        raise Refused("queue_closed")
    if newcomers_first(room, now) and actor.id in floor.shared:
        raise Refused("newcomers_first")


def _accepted(room: Room, actor: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    """An invitation is followed: at once when the floor is free, else as the next."""
    is_now = _is_free(room) and _is_able(room, actor.id, now)
    turn = _given(room, actor.id) if is_now else fe.HandRaised(actor.id, 0, moved=True)
    return (fe.InvitationEnded(actor.id), turn)


def _place(room: Room, actor: Participant) -> int:
    """The end of the queue; with first shares first, before those at the end who had the floor before.

    To have had it is enough: if it took words, those who say none could keep others waiting for ever.
    """
    queue, had = room.floor.queue, room.floor.had
    place = len(queue)
    if room.floor.settings.first_shares_first and actor.id not in had:
        while place and queue[place - 1].participant in had and not queue[place - 1].moved:
            place -= 1
    return place


def lower_hand(room: Room, actor: Participant, command: fc.LowerHand, now: int) -> Draft:
    if room.floor.hand_of(actor.id) is None:
        raise Refused("no_hand")
    return Draft(events=(fe.HandLowered(actor.id),))


def later(room: Room, actor: Participant, command: fc.Later, now: int) -> Draft:
    place = _place_of(room, actor.id)
    back = max(place + 1, 2) if command.after_next else place + 1
    return Draft(events=(_moved(room, actor.id, back, actor),))


# ---- what those who lead do with hands -----------------------------------------------------------------------------------


def _place_of(room: Room, participant: str) -> int:
    """Raises Refused no_hand."""
    for place, hand in enumerate(room.floor.queue):
        if hand.participant == participant:
            return place
    raise Refused("no_hand")


def _moved(room: Room, participant: str, place: int, by: Participant) -> fe.HandMoved:
    """The hand at another place, at most the last. Raises Refused: no_hand, already_so."""
    place = min(place, len(room.floor.queue) - 1)
    if _place_of(room, participant) == place:
        raise Refused("already_so")
    return fe.HandMoved(participant, place, by.id)


def move_hand(room: Room, actor: Participant, command: fc.MoveHand, now: int) -> Draft:
    return Draft(events=(_moved(room, command.participant, command.place, actor),))


def invite(room: Room, actor: Participant, command: fc.Invite, now: int) -> Draft:
    floor, person = room.floor, room.people.get(command.participant)
    if person is None or not person.seated:
        raise Refused("no_such_person")
    if person.id in (floor.holder, floor.invited):
        raise Refused("already_so")
    if floor.hand_of(person.id) is None:
        others = (fe.InvitationEnded(floor.invited),) if floor.invited else ()
        return Draft(events=(*others, fe.Invited(person.id)))
    if _is_free(room) and _is_able(room, person.id, now):
        return Draft(events=(_given(room, person.id),))
    return Draft(events=(_moved(room, person.id, 0, actor),))


def accept_floor(room: Room, actor: Participant, command: fc.AcceptFloor, now: int) -> Draft:
    if room.floor.invited != actor.id:
        raise Refused("not_invited")
    return Draft(events=_accepted(room, actor, now))


def close_queue(room: Room, actor: Participant, command: fc.CloseQueue, now: int) -> Draft:
    if room.floor.queue_closed:
        raise Refused("already_so")
    return Draft(events=(fe.QueueClosed(),))


def open_queue(room: Room, actor: Participant, command: fc.OpenQueue, now: int) -> Draft:
    if not room.floor.queue_closed or room.course.fellowship:
        raise Refused("already_so")
    return Draft(events=(fe.QueueOpened(),))


def last_word(room: Room, actor: Participant, command: fc.LastWord, now: int) -> Draft:
    last = len(room.floor.queue) - 1
    is_last = _place_of(room, command.participant) == last
    placed = () if is_last else (_moved(room, command.participant, last, actor),)
    closed = () if room.floor.queue_closed else (fe.QueueClosed(),)
    if not placed and not closed:
        raise Refused("already_so")
    return Draft(events=(*placed, *closed))
