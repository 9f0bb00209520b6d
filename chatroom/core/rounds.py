"""Check-ins and polls, folded: who answered what stays in here, and only sums come out."""

from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import support_events as s
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import PICTURE_ANSWERS_AT_LEAST, URGE_AT_MOST
from chatroom.core.same_person import names_together, own_names

if TYPE_CHECKING:
    from chatroom.core.room import Room


class Answer(msgspec.Struct, frozen=True):
    feeling: s.Feeling
    urge: int


class Round(msgspec.Struct):
    """A check-in. `closed` is the offset of its end, 0 while it is open; `turns` are those who got a place in the queue."""

    in_turn: bool
    turns: frozenset[str] = frozenset()
    closed: int = 0
    answers: dict[str, Answer] = {}
    passed: set[str] = set()
    stayed: int = 0
    """How many of those who answered still had their seats at its end."""

    def picture(self) -> dict[str, Any] | None:
        """How often each feeling and each urge from 0 to 10 was named; None while it is open or could show who said what."""
        if not self.closed or self.stayed < PICTURE_ANSWERS_AT_LEAST:
            return None
        feelings: dict[str, int] = {}
        urges = [0] * (URGE_AT_MOST + 1)
        for answer in self.answers.values():
            feelings[answer.feeling] = feelings.get(answer.feeling, 0) + 1
            urges[answer.urge] += 1
        return {"feelings": {feeling: feelings[feeling] for feeling in s.Feeling if feeling in feelings}, "urges": urges}


class Poll(msgspec.Struct):
    """`closed` is the offset of its end, 0 while it is open."""

    question: str
    options: tuple[str, ...]
    kind: s.PollKind
    live: bool
    closed: int = 0
    votes: dict[str, tuple[int, ...]] = {}

    def counts(self) -> list[int] | None:
        """The votes for each option, in a ranked poll its Borda points; None while they are not to be seen.

        Of n options the most wanted gets n points, the next n - 1; an option that is not wanted gets none.
        """
        if not self.closed and not self.live:
            return None
        counts = [0] * len(self.options)
        for choices in self.votes.values():
            for place, choice in enumerate(choices):
                counts[choice] += len(self.options) - place if self.kind is s.PollKind.RANKED else 1
        return counts


def open_round(room: "Room") -> int:
    """The check-in that is open, 0 when none is."""
    return next((offset for offset, round in room.rounds.items() if not round.closed), 0)


def open_poll(room: "Room") -> int:
    """The poll that is open, 0 when none is."""
    return next((offset for offset, poll in room.polls.items() if not poll.closed), 0)


def moved(room: "Room", before: str, participant: str) -> None:
    """Someone has another seat now: what was answered on the one before is theirs."""
    for poll in room.polls.values():
        if before in poll.votes:
            poll.votes[participant] = poll.votes.pop(before)
    for round in room.rounds.values():
        if before in round.answers:
            round.answers[participant] = round.answers.pop(before)
        if before in round.passed:
            round.passed.remove(before)
            round.passed.add(participant)


def has_answered(room: "Room", participant: str, answers: Container[str]) -> bool:
    """Whether this person, on whatever seat of the device, is among these who answered."""
    person = room.people.get(participant)
    return person is None or any(name in answers for name in own_names(room, person))


def _answer(room: "Room", participant: str, answers: dict[str, Any], answer: object) -> None:
    """One answer a person: a seat that was taken over by this one has its answer replaced."""
    if has_answered(room, participant, answers):
        return
    for name in names_together(room, room.people[participant]):
        if not room.people[name].seated:
            answers.pop(name, None)
    answers[participant] = answer


def _check_in_started(room: "Room", entry: Entry, event: s.CheckInStarted) -> None:
    room.rounds[entry.offset] = Round(event.in_turn, frozenset(event.turns))


def _checked_in(room: "Room", entry: Entry, event: s.CheckedIn) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed:
        _answer(room, event.participant, round.answers, Answer(event.feeling, event.urge))


def _check_in_passed(room: "Room", entry: Entry, event: s.CheckInPassed) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed and not has_answered(room, event.participant, round.answers):
        round.passed.add(event.participant)


def _check_in_closed(room: "Room", entry: Entry, event: s.CheckInClosed) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed:
        round.closed = entry.offset
        round.stayed = sum(name in room.people and room.people[name].seated for name in round.answers)


def _poll_opened(room: "Room", entry: Entry, event: s.PollOpened) -> None:
    room.polls[entry.offset] = Poll(event.question, event.options, event.kind, event.live)


def _voted(room: "Room", entry: Entry, event: s.Voted) -> None:
    poll = room.polls.get(event.poll)
    if poll and not poll.closed:
        _answer(room, event.participant, poll.votes, event.choices)


def _poll_closed(room: "Room", entry: Entry, event: s.PollClosed) -> None:
    poll = room.polls.get(event.poll)
    if poll and not poll.closed:
        poll.closed = entry.offset


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    s.CheckInStarted: _check_in_started,
    s.CheckedIn: _checked_in,
    s.CheckInPassed: _check_in_passed,
    s.CheckInClosed: _check_in_closed,
    s.PollOpened: _poll_opened,
    s.Voted: _voted,
    s.PollClosed: _poll_closed,
}
