"""What was asked about the course of the meeting and the floor."""

from typing import Annotated, Union

import msgspec

from chatroom.core.command_base import Command, Id, Offset, Reason
from chatroom.core.floor_events import HandReason, Helper
from chatroom.core.limits import FELLOWSHIP_MINUTES_AT_MOST, PROTECT_MINUTES_AT_MOST, SHARE_MINUTES_AT_MOST
from chatroom.core.script import Script

Index = Annotated[int, msgspec.Meta(ge=-1, le=10_000)]


class NextPhase(Command, frozen=True, tag="next_phase"):
    """Go on to the next phase; `from` is the one that ends, so that two people who ask at once move on once."""

    from_: Index = msgspec.field(name="from")


class GoToPhase(Command, frozen=True, tag="go_to_phase"):
    """Go to any phase: back, on, or the same again."""

    phase: Index


class ChangeScript(Command, frozen=True, tag="change_script"):
    """Replace the whole script; `phase` says where the course now stands in it."""

    script: Script
    phase: Index


class RunOnClock(Command, frozen=True, tag="run_on_clock"):
    """Let phases follow each other by their minutes, or by hand."""

    on: bool


class SetTopic(Command, frozen=True, tag="set_topic"):
    """Say what the meeting is about; an empty topic takes it away."""

    topic: str


class ReadText(Command, frozen=True, tag="read_text"):
    """Post the text of the current phase."""


class AllowChips(Command, frozen=True, tag="allow_chips"):
    """Let people take chips in any phase, or in the milestones phase only."""

    on: bool


class SetFellowship(Command, frozen=True, tag="set_fellowship"):
    """Say for how many minutes people may stay after the end."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=FELLOWSHIP_MINUTES_AT_MOST)]


class NameHelper(Command, frozen=True, tag="name_helper"):
    """Ask someone to help; an empty `helper` ends that."""

    participant: Id
    helper: Helper


class TakeChair(Command, frozen=True, tag="take_chair"):
    """Act for a host who is gone."""


class RaiseHand(Command, frozen=True, tag="raise_hand"):
    """Ask for the floor."""

    reason: HandReason = HandReason.NONE
    words: Reason = ""


class LowerHand(Command, frozen=True, tag="lower_hand"):
    """Ask no more."""


class Later(Command, frozen=True, tag="later"):
    """Let the next in the queue go first, or with `after_next` two of them."""

    after_next: bool = False


class FinishShare(Command, frozen=True, tag="done"):
    """End one's share."""


class PassFloor(Command, frozen=True, tag="pass_floor"):
    """Not now: gives up the floor, turns an invitation down, or lowers the hand."""


class SayTyping(Command, frozen=True, tag="typing"):
    """Say that one writes: one's share, or near the end of the meeting anything. `holds_words`: whether the field does."""

    holds_words: bool = True


class KeepFloor(Command, frozen=True, tag="keep_floor"):
    """Answer the question whether one is still writing one's share."""


class AcceptFloor(Command, frozen=True, tag="accept_floor"):
    """Follow an invitation."""


class Invite(Command, frozen=True, tag="invite"):
    """Call on someone: a raised hand comes first, anyone else is asked privately."""

    participant: Id


class MoveHand(Command, frozen=True, tag="move_hand"):
    """Give a raised hand another place, from 0; a place after the last is the last."""

    participant: Id
    place: Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class SkipShare(Command, frozen=True, tag="skip_share"):
    """End someone's share. With `share` only this one, so that two people who ask at once skip once."""

    share: Offset | None = None


class CloseQueue(Command, frozen=True, tag="close_queue"):
    """Take no more hands; those that are up stay up."""


class OpenQueue(Command, frozen=True, tag="open_queue"):
    """Take hands again."""


class LastWord(Command, frozen=True, tag="last_word"):
    """Let someone whose hand is up speak last, and close the queue."""

    participant: Id


class SetFloor(Command, frozen=True, tag="set_floor"):
    """Say how the floor is given. 0 `share_minutes`: no share clock."""

    share_minutes: Annotated[int, msgspec.Meta(ge=0, le=SHARE_MINUTES_AT_MOST)]
    first_shares_first: bool
    call_each: bool
    protect_minutes: Annotated[int, msgspec.Meta(ge=0, le=PROTECT_MINUTES_AT_MOST)]


FloorCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    NextPhase, GoToPhase, ChangeScript, RunOnClock, SetTopic, ReadText, AllowChips, SetFellowship, NameHelper, TakeChair,
    RaiseHand, LowerHand, Later, FinishShare, PassFloor, SayTyping, KeepFloor, AcceptFloor, Invite, MoveHand, SkipShare,
    CloseQueue, OpenQueue, LastWord, SetFloor,
]  # fmt: skip
