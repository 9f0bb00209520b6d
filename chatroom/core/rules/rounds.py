"""Check-ins and polls: who leads asks, everyone answers once."""

from chatroom.core import support_commands as c
from chatroom.core import support_events as s
from chatroom.core.events import AnyEvent, Draft
from chatroom.core.floor import Hand
from chatroom.core.floor_commands import PassFloor
from chatroom.core.floor_events import HandLowered, HandRaised
from chatroom.core.limits import (
    OPTION_CODE_POINTS,
    PEOPLE_IN_TURN,
    POLLS_PER_ROOM,
    QUESTION_CODE_POINTS,
    ROUNDS_PER_ROOM,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rounds import Poll, Round, has_answered, open_poll, open_round
from chatroom.core.rules.floor import pass_floor
from chatroom.core.rules.hands import begins
from chatroom.core.script import Mode
from chatroom.core.text import clean_text


def start_check_in(room: Room, actor: Participant, command: c.StartCheckIn, now: int) -> Draft:
    if open_round(room):
        raise Refused("already_so")
    if len(room.rounds) >= ROUNDS_PER_ROOM:
        raise Refused("too_often")
    if not command.in_turn:
        return Draft(events=(s.CheckInStarted(actor.id),))
    hands = _turns(room, now)
    turn = () if room.floor.holder else begins(room, [*room.floor.queue, *hands], now)
    raised = [HandRaised(hand.participant, place, moved=True) for place, hand in enumerate(hands, len(room.floor.queue))]
    started = s.CheckInStarted(actor.id, in_turn=True, turns=tuple(hand.participant for hand in hands))
    return Draft(events=(started, *raised, *turn))


def _turns(room: Room, now: int) -> list[Hand]:
    """A hand for each who is here and waits for no turn yet. Raises Refused: no_turns, too_many_for_turns."""
    if room.course.phase.mode is not Mode.FLOOR:
        raise Refused("no_turns")
    if room.here > PEOPLE_IN_TURN:
        raise Refused("too_many_for_turns")
    able = [person.id for person in room.people.values() if person.here and person.muted_until <= now]
    return [Hand(name, moved=True) for name in able if name != room.floor.holder and not room.floor.hand_of(name)]


def check_in(room: Room, actor: Participant, command: c.CheckIn, now: int) -> Draft:
    offset, _ = _unanswered_round(room, actor)
    return Draft(events=(s.CheckedIn(actor.id, offset, command.feeling, command.urge),))


def pass_check_in(room: Room, actor: Participant, command: c.PassCheckIn, now: int) -> Draft:
    offset, round = _unanswered_round(room, actor)
    if has_answered(room, actor.id, round.passed):
        raise Refused("already_checked_in")
    return Draft(events=(s.CheckInPassed(actor.id, offset), *_passed_turn(room, actor, round, now)))


def _passed_turn(room: Room, actor: Participant, round: Round, now: int) -> tuple[AnyEvent, ...]:
    """In turn, the place in the queue, or the floor, is passed with the answer."""
    has_turn = room.floor.holder == actor.id or room.floor.hand_of(actor.id)
    if actor.id not in round.turns or not has_turn:
        return ()
    return pass_floor(room, actor, PassFloor(), now).events


def close_check_in(room: Room, actor: Participant, command: c.CloseCheckIn, now: int) -> Draft:
    offset = open_round(room)
    if not offset:
        raise Refused("no_check_in")
    waiting = [hand.participant for hand in room.floor.queue if _waits_for(hand, room.rounds[offset])]
    return Draft(events=(s.CheckInClosed(offset, actor.id), *map(HandLowered, waiting)))


def _waits_for(hand: Hand, round: Round) -> bool:
    """Whether this place in the queue is for the check-in alone."""
    return hand.moved and hand.participant in round.turns and hand.participant not in round.answers


def _unanswered_round(room: Room, actor: Participant) -> tuple[int, Round]:
    """The open check-in. Who passed may still answer. Raises Refused: no_check_in, already_checked_in."""
    offset = open_round(room)
    if not offset:
        raise Refused("no_check_in")
    if has_answered(room, actor.id, room.rounds[offset].answers):
        raise Refused("already_checked_in")
    return offset, room.rounds[offset]


def ask_poll(room: Room, actor: Participant, command: c.OpenPoll, now: int) -> Draft:
    if open_poll(room):
        raise Refused("poll_open")
    if len(room.polls) >= POLLS_PER_ROOM:
        raise Refused("too_often")
    question = clean_text(command.question, QUESTION_CODE_POINTS)
    options = tuple(clean_text(option, OPTION_CODE_POINTS) for option in command.options)
    return Draft(events=(s.PollOpened(actor.id, question, options, command.kind, command.live),))


def vote(room: Room, actor: Participant, command: c.Vote, now: int) -> Draft:
    poll = _open_poll(room, actor, command.poll)
    if has_answered(room, actor.id, poll.votes):
        raise Refused("already_voted")
    if not _fits(poll, command.choices):
        raise Refused("vote_wrong")
    return Draft(events=(s.Voted(actor.id, command.poll, command.choices),))


def _fits(poll: Poll, choices: tuple[int, ...]) -> bool:
    distinct = set(choices)
    most = 1 if poll.kind is s.PollKind.SINGLE else len(poll.options)
    return 0 < len(choices) <= most and len(distinct) == len(choices) and distinct <= set(range(len(poll.options)))


def close_poll(room: Room, actor: Participant, command: c.ClosePoll, now: int) -> Draft:
    _open_poll(room, actor, command.poll)
    return Draft(events=(s.PollClosed(command.poll, actor.id),))


def _open_poll(room: Room, actor: Participant, offset: int) -> Poll:
    poll = room.polls.get(offset)
    if poll is None or poll.closed:
        raise Refused("no_such_poll")
    return poll
