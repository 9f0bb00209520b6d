"""The frames about check-ins, polls and private lines."""

import msgspec

from chatroom.core.entry_ids import EntryId
from chatroom.core.frame_base import ActionFrame, EntryFrame, PersonalFrame
from chatroom.core.support_events import PollKind


class Picture(msgspec.Struct, frozen=True):
    """How often each feeling and each urge from 0 to 10 was named."""

    feelings: dict[str, int]
    urges: list[int]


class CheckInStarted(EntryFrame, frozen=True, kw_only=True, tag="check_in_started"):
    round: EntryId
    in_turn: bool


class CheckedIn(EntryFrame, frozen=True, kw_only=True, tag="checked_in"):
    round: EntryId
    answers: int


class CheckInClosed(EntryFrame, frozen=True, kw_only=True, tag="check_in_closed"):
    round: EntryId
    answers: int
    picture: Picture | None


class PollOpened(EntryFrame, frozen=True, kw_only=True, tag="poll_opened"):
    poll: EntryId
    question: str
    options: tuple[str, ...]
    kind: PollKind
    live: bool


class Voted(EntryFrame, frozen=True, kw_only=True, tag="voted"):
    poll: EntryId
    votes: int
    counts: list[int] | None


class PollClosed(EntryFrame, frozen=True, kw_only=True, tag="poll_closed"):
    poll: EntryId
    votes: int
    counts: list[int] | None


class LineOpened(ActionFrame, frozen=True, kw_only=True, tag="line_opened"):
    line: str
    nickname: str


class LineSaid(ActionFrame, frozen=True, kw_only=True, tag="line_said"):
    line: str
    nickname: str
    text: str
    origin_id: str


class LineClaimed(ActionFrame, frozen=True, kw_only=True, tag="line_claimed"):
    line: str


class LineClosed(ActionFrame, frozen=True, kw_only=True, tag="line_closed"):
    line: str


class MyCheckIn(PersonalFrame, frozen=True, kw_only=True, tag="my_check_in"):
    """`feeling` is empty when the person passed."""

    round: EntryId
    feeling: str
    urge: int


class MyVote(PersonalFrame, frozen=True, kw_only=True, tag="my_vote"):
    poll: EntryId
    choices: tuple[int, ...]


class MyLine(PersonalFrame, frozen=True, kw_only=True, tag="my_line"):
    open: bool
    claimed_by_nickname: str


class MyLineSaid(PersonalFrame, frozen=True, kw_only=True, tag="my_line_said"):
    mine: bool
    nickname: str
    text: str
    origin_id: str


ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (
    CheckInStarted, CheckedIn, CheckInClosed, PollOpened, Voted, PollClosed, LineOpened, LineSaid, LineClaimed, LineClosed,
)  # fmt: skip
PERSONAL_FRAMES: tuple[type[PersonalFrame], ...] = (MyCheckIn, MyVote, MyLine, MyLineSaid)
