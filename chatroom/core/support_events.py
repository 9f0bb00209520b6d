"""What happened in check-ins, polls and private lines. A round or a poll is named by the offset of its first event."""

from enum import StrEnum
from typing import Union

from chatroom.core.event_base import Event


class Feeling(StrEnum):
    CALM = "calm"
    HOPEFUL = "hopeful"
    GRATEFUL = "grateful"
    TIRED = "tired"
    SAD = "sad"
    ANXIOUS = "anxious"
    ANGRY = "angry"
    LONELY = "lonely"
    NUMB = "numb"
    PROUD = "proud"


class PollKind(StrEnum):
    """One choice, several, or all that one wants in order of preference."""

    SINGLE = "single"
    SEVERAL = "several"
    RANKED = "ranked"


class CheckInStarted(Event, frozen=True, tag="check_in_started"):
    """`turns` are those who got a place in the queue for it."""

    by: str
    in_turn: bool = False
    turns: tuple[str, ...] = ()


class CheckedIn(Event, frozen=True, tag="checked_in"):
    """`urge` is 0 to 10."""

    participant: str
    round: int
    feeling: Feeling
    urge: int


class CheckInPassed(Event, frozen=True, tag="check_in_passed"):
    participant: str
    round: int


class CheckInClosed(Event, frozen=True, tag="check_in_closed"):
    round: int
    by: str


class PollOpened(Event, frozen=True, tag="poll_opened"):
    """`live` shows the counts before the close."""

    by: str
    question: str
    options: tuple[str, ...]
    kind: PollKind
    live: bool = False


class Voted(Event, frozen=True, tag="voted"):
    """`choices` are places in the poll's options; in a ranked poll the most wanted comes first."""

    participant: str
    poll: int
    choices: tuple[int, ...]


class PollClosed(Event, frozen=True, tag="poll_closed"):
    poll: int
    by: str


class LineOpened(Event, frozen=True, tag="line_opened"):
    """A private line, named by its owner, is open (again): its owner asked for it, or the moderator `by` opened it."""

    participant: str
    by: str = ""


class LineSaid(Event, frozen=True, tag="line_said"):
    """`by` said something in the private line of `participant`."""

    participant: str
    by: str
    text: str
    origin_id: str


class LineClaimed(Event, frozen=True, tag="line_claimed"):
    participant: str
    by: str


class LineClosed(Event, frozen=True, tag="line_closed"):
    participant: str
    by: str


SupportEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    CheckInStarted, CheckedIn, CheckInPassed, CheckInClosed, PollOpened, Voted, PollClosed, LineOpened, LineSaid, LineClaimed,
    LineClosed,
]  # fmt: skip
