"""Check-ins and polls, folded: who answered what stays in here, and only sums come out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import support_events as s
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import PICTURE_ANSWERS_AT_LEAST, URGE_AT_MOST

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

    def picture(self) -> dict[str, Any] | None:
        """How often each feeling and each urge from 0 to 10 was named; None while it is open or could show who said what."""
        if not self.closed or len(self.answers) < PICTURE_ANSWERS_AT_LEAST:
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


def _check_in_started(room: "Room", entry: Entry, event: s.CheckInStarted) -> None:
    room.rounds[entry.offset] = Round(event.in_turn, frozenset(event.turns))


def _checked_in(room: "Room", entry: Entry, event: s.CheckedIn) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed and event.participant not in round.answers:
        round.answers[event.participant] = Answer(event.feeling, event.urge)


def _check_in_passed(room: "Room", entry: Entry, event: s.CheckInPassed) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed and event.participant not in round.answers:
        round.passed.add(event.participant)


def _check_in_closed(room: "Room", entry: Entry, event: s.CheckInClosed) -> None:
    round = room.rounds.get(event.round)
    if round and not round.closed:
        round.closed = entry.offset


def _poll_opened(room: "Room", entry: Entry, event: s.PollOpened) -> None:
    room.polls[entry.offset] = Poll(event.question, event.options, event.kind, event.live)


def _voted(room: "Room", entry: Entry, event: s.Voted) -> None:
    poll = room.polls.get(event.poll)
    if poll and not poll.closed:
        poll.votes.setdefault(event.participant, event.choices)


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
