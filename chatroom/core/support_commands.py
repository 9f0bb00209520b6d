"""What was asked about support: chips and thanks, check-ins, polls, private lines."""

from enum import StrEnum
from typing import Annotated, Union

import msgspec

from chatroom.core.command_base import Command, Id, Offset, OriginId
from chatroom.core.limits import POLL_OPTIONS_AT_LEAST, POLL_OPTIONS_AT_MOST, URGE_AT_MOST
from chatroom.core.support_events import Feeling, PollKind


class ThanksReply(StrEnum):
    """The short replies there are where crosstalk is thanks only."""

    THANK_YOU = "thank_you"
    I_HEAR_YOU = "i_hear_you"
    ME_TOO = "me_too"
    WITH_YOU = "with_you"
    WELCOME = "welcome"
    GLAD_YOU_ARE_HERE = "glad_you_are_here"


class Chip(StrEnum):
    FIRST_MEETING = "first_meeting"
    BACK_AGAIN = "back_again"
    HOURS_24 = "24_hours"
    WEEK_1 = "1_week"
    DAYS_30 = "30_days"
    DAYS_60 = "60_days"
    DAYS_90 = "90_days"
    MONTHS_4 = "4_months"
    MONTHS_5 = "5_months"
    MONTHS_6 = "6_months"
    MONTHS_7 = "7_months"
    MONTHS_8 = "8_months"
    MONTHS_9 = "9_months"
    MONTHS_10 = "10_months"
    MONTHS_11 = "11_months"
    YEAR_1 = "1_year"
    MONTHS_18 = "18_months"
    YEARS = "years"
    OWN = "own"


class Thank(Command, frozen=True, tag="thank"):
    """Say one of the short replies."""

    origin_id: OriginId
    reply: ThanksReply


class TakeChip(Command, frozen=True, tag="take_chip"):
    """Mark a milestone; `words` are one's own, and hold the number for `years`."""

    origin_id: OriginId
    chip: Chip
    words: str = ""


class StartCheckIn(Command, frozen=True, tag="start_check_in"):
    """Ask everyone how they are: all at once, or in turn."""

    in_turn: bool = False


class CheckIn(Command, frozen=True, tag="check_in"):
    """Answer the open check-in."""

    feeling: Feeling
    urge: Annotated[int, msgspec.Meta(ge=0, le=URGE_AT_MOST)]


class PassCheckIn(Command, frozen=True, tag="pass_check_in"):
    """Leave the open check-in to the others."""


class CloseCheckIn(Command, frozen=True, tag="close_check_in"):
    """Show the picture of the room."""


class OpenPoll(Command, frozen=True, tag="open_poll"):
    """Ask a question with options."""

    question: str
    options: Annotated[tuple[str, ...], msgspec.Meta(min_length=POLL_OPTIONS_AT_LEAST, max_length=POLL_OPTIONS_AT_MOST)]
    kind: PollKind
    live: bool = False


class Vote(Command, frozen=True, tag="vote"):
    """Vote, once a seat."""

    poll: Offset
    choices: Annotated[tuple[int, ...], msgspec.Meta(max_length=100)]


class ClosePoll(Command, frozen=True, tag="close_poll"):
    """Show what the votes came to."""

    poll: Offset


class AskSupport(Command, frozen=True, tag="ask_support"):
    """Open one's private line to the moderators."""


class SayPrivately(Command, frozen=True, tag="say_privately"):
    """Say something in a private line: one's own when `line` is empty."""

    origin_id: OriginId
    text: str
    line: Id = ""


class ClaimLine(Command, frozen=True, tag="claim_line"):
    """Say that one answers a private line."""

    line: Id


class CloseLine(Command, frozen=True, tag="close_line"):
    """Close a private line; its owner may ask again."""

    line: Id


SupportCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    Thank, TakeChip, StartCheckIn, CheckIn, PassCheckIn, CloseCheckIn, OpenPoll, Vote, ClosePoll, AskSupport, SayPrivately,
    ClaimLine, CloseLine,
]  # fmt: skip
