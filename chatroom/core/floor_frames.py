"""The frames about the course of the meeting and the floor."""

from msgspec import UNSET, UnsetType

from chatroom.core.floor_events import Ending, HandReason, Helper
from chatroom.core.frame_base import EntryFrame, PersonActionFrame, PersonalFrame
from chatroom.core.script import Crosstalk, Mode, PhaseKind, Script


class PhaseFrame(EntryFrame, frozen=True, kw_only=True):
    """The phase that the course now stands in."""

    index: int
    started_at: int
    title: str
    mode: Mode
    crosstalk: Crosstalk
    minutes: int
    kind: PhaseKind
    has_text: bool


class PhaseStarted(PhaseFrame, frozen=True, kw_only=True, tag="phase_started"):
    pass


class ScriptChanged(PhaseFrame, frozen=True, kw_only=True, tag="script_changed"):
    """`phases` is how many there are; only moderators see the script."""

    phases: int
    script: Script | UnsetType = UNSET


class CourseChanged(EntryFrame, frozen=True, kw_only=True, tag="course_changed"):
    on_clock: bool
    chips_open: bool
    fellowship_minutes: int


class TopicSet(EntryFrame, frozen=True, kw_only=True, tag="topic_set"):
    topic: str


class FellowshipBegan(EntryFrame, frozen=True, kw_only=True, tag="fellowship_began"):
    ends_at: int


class GraceGiven(EntryFrame, frozen=True, kw_only=True, tag="grace_given"):
    ends_at: int


class HelperNamed(PersonActionFrame, frozen=True, kw_only=True, tag="helper_named"):
    helper: Helper


class NamedFrame(EntryFrame, frozen=True, kw_only=True):
    participant: str
    nickname: str


class ChairTaken(NamedFrame, frozen=True, kw_only=True, tag="chair_taken"):
    pass


class HandRaised(NamedFrame, frozen=True, kw_only=True, tag="hand_raised"):
    """Only moderators see the reason."""

    place: int
    reason: HandReason | UnsetType = UNSET
    words: str | UnsetType = UNSET


class HandLowered(EntryFrame, frozen=True, kw_only=True, tag="hand_lowered"):
    participant: str


class HandMoved(EntryFrame, frozen=True, kw_only=True, tag="hand_moved"):
    participant: str
    place: int


class QueueClosed(EntryFrame, frozen=True, kw_only=True, tag="queue_closed"):
    pass


class QueueOpened(EntryFrame, frozen=True, kw_only=True, tag="queue_opened"):
    pass


class FloorGiven(NamedFrame, frozen=True, kw_only=True, tag="floor_given"):
    share_ms: int


class FloorReleased(EntryFrame, frozen=True, kw_only=True, tag="floor_released"):
    participant: str
    ending: Ending


class FloorPaused(EntryFrame, frozen=True, kw_only=True, tag="floor_paused"):
    participant: str
    since: int


class FloorResumed(EntryFrame, frozen=True, kw_only=True, tag="floor_resumed"):
    participant: str


class Invited(NamedFrame, frozen=True, kw_only=True, tag="invited"):
    pass


class InvitationEnded(EntryFrame, frozen=True, kw_only=True, tag="invitation_ended"):
    participant: str


class Typing(EntryFrame, frozen=True, kw_only=True, tag="typing"):
    participant: str


class FloorSet(EntryFrame, frozen=True, kw_only=True, tag="floor_set"):
    share_minutes: int
    first_shares_first: bool
    call_each: bool
    protect_minutes: int


class MyInvitation(PersonalFrame, frozen=True, kw_only=True, tag="my_invitation"):
    on: bool


class MyWords(PersonalFrame, frozen=True, kw_only=True, tag="my_words"):
    """Whether the server takes one's field to hold words."""

    on: bool


class MyQuestion(PersonalFrame, frozen=True, kw_only=True, tag="my_question"):
    """Whether one is asked if one is still writing."""

    on: bool


class MyUnfinished(PersonalFrame, frozen=True, kw_only=True, tag="my_unfinished"):
    """One's share ended with words in the field."""


ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (
    PhaseStarted, ScriptChanged, CourseChanged, TopicSet, FellowshipBegan, HelperNamed, ChairTaken, HandRaised, HandLowered,
    HandMoved, QueueClosed, QueueOpened, FloorGiven, FloorReleased, FloorPaused, FloorResumed, Invited, InvitationEnded,
    Typing, FloorSet, GraceGiven,
)  # fmt: skip
PERSONAL_FRAMES: tuple[type[PersonalFrame], ...] = (MyInvitation, MyWords, MyQuestion, MyUnfinished)
