"""What happened in the course of the meeting, and to the floor."""

from enum import StrEnum
from typing import Union

from chatroom.core.event_base import Event
from chatroom.core.script import Crosstalk, Mode, PhaseKind, Script


class Helper(StrEnum):
    """What the host has asked someone to help with; a co-host may do nearly all that a host may."""

    NONE = ""
    COHOST = "cohost"
    TIMEKEEPER = "timekeeper"
    GREETER = "greeter"
    READER = "reader"


class HandReason(StrEnum):
    """Why someone raises a hand; only moderators and hosts see it."""

    NONE = ""
    FIRST_TIME = "first_time"
    MILESTONE = "milestone"
    BURNING_DESIRE = "burning_desire"
    OWN = "own"


class Ending(StrEnum):
    """How a share ended."""

    DONE = "done"
    PASSED = "passed"
    TIME = "time"
    GONE = "gone"
    SKIPPED = "skipped"
    PHASE = "phase"


class PhaseStarted(Event, frozen=True, tag="phase_started"):
    index: int
    title: str
    mode: Mode
    crosstalk: Crosstalk
    minutes: int
    kind: PhaseKind
    has_text: bool
    """Whether there is a text to post; where nobody reads it follows at once."""


class ScriptChanged(Event, frozen=True, tag="script_changed"):
    """The whole plan is another one; the course stands at `index`, in a phase that began at `started_at`."""

    script: Script
    index: int
    started_at: int


class CourseChanged(Event, frozen=True, tag="course_changed"):
    on_clock: bool
    chips_open: bool
    fellowship_minutes: int


class TopicSet(Event, frozen=True, tag="topic_set"):
    topic: str


class FellowshipBegan(Event, frozen=True, tag="fellowship_began"):
    """The meeting is over; everyone may talk on until `ends_at`."""

    ends_at: int


class HelperNamed(Event, frozen=True, tag="helper_named"):
    participant: str
    helper: Helper
    by: str


class ChairTaken(Event, frozen=True, tag="chair_taken"):
    """A moderator acts for a host who is gone."""

    participant: str


class HandRaised(Event, frozen=True, tag="hand_raised"):
    """`place` in the queue counts from 0; `moved` says that someone who leads gave it."""

    participant: str
    place: int
    reason: HandReason = HandReason.NONE
    words: str = ""
    moved: bool = False


class HandLowered(Event, frozen=True, tag="hand_lowered"):
    participant: str


class HandMoved(Event, frozen=True, tag="hand_moved"):
    participant: str
    place: int
    by: str


class QueueClosed(Event, frozen=True, tag="queue_closed"):
    pass


class QueueOpened(Event, frozen=True, tag="queue_opened"):
    pass


class FloorGiven(Event, frozen=True, tag="floor_given"):
    """A share begins, named by this event's offset. `share_ms` is 0 when it has no time limit."""

    participant: str
    share_ms: int


class FloorReleased(Event, frozen=True, tag="floor_released"):
    participant: str
    ending: Ending


class FloorPaused(Event, frozen=True, tag="floor_paused"):
    """The sharer's connection is lost since `since`: the share clock stands still."""

    participant: str
    since: int


class FloorResumed(Event, frozen=True, tag="floor_resumed"):
    participant: str


class Invited(Event, frozen=True, tag="invited"):
    participant: str


class InvitationEnded(Event, frozen=True, tag="invitation_ended"):
    participant: str


class Typing(Event, frozen=True, tag="typing"):
    """The sharer writes; `holds_words` is whether the field held words then."""

    participant: str
    holds_words: bool


class SharerAsked(Event, frozen=True, tag="sharer_asked"):
    """The time is over and the sharer has been still: they alone are asked whether they are still writing."""

    participant: str


class FloorKept(Event, frozen=True, tag="floor_kept"):
    """The sharer answered that they go on."""

    participant: str


class ShareUnfinished(Event, frozen=True, tag="share_unfinished"):
    """The floor went on although the sharer's field held words: they may end what they began."""

    participant: str


class UnsentWords(Event, frozen=True, tag="unsent_words"):
    """Near the end of the meeting someone has words in a field; the log does not say who."""


class GraceGiven(Event, frozen=True, tag="grace_given"):
    """The time of the meeting is over while someone writes: it lasts until `ends_at` at most."""

    ends_at: int


class FloorSet(Event, frozen=True, tag="floor_set"):
    share_minutes: int
    first_shares_first: bool
    call_each: bool
    protect_minutes: int


FloorEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    PhaseStarted, ScriptChanged, CourseChanged, TopicSet, FellowshipBegan, HelperNamed, ChairTaken, HandRaised, HandLowered,
    HandMoved, QueueClosed, QueueOpened, FloorGiven, FloorReleased, FloorPaused, FloorResumed, Invited, InvitationEnded,
    Typing, FloorSet, SharerAsked, FloorKept, ShareUnfinished, UnsentWords, GraceGiven,
]  # fmt: skip
