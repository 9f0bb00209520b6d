"""Every frame the server sends, as a frozen struct: the wire's own names and types, and the source of `chatroom schema`.

`docs/protocol.md` says what each means. Fields that are UNSET are left out.
"""

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from chatroom.core import direct_frames, door_frames, floor_frames, safety_frames, support_frames
from chatroom.core.entry_ids import EntryId, Place
from chatroom.core.events import MessageKind, Outcome, Reaction, ReportReason, Role
from chatroom.core.floor_events import Helper
from chatroom.core.frame_base import ActionFrame, PersonActionFrame, PersonFrame
from chatroom.core.frame_base import EntryFrame as EntryFrame
from chatroom.core.frame_base import PersonalFrame as PersonalFrame
from chatroom.core.frame_base import ServerFrame as ServerFrame
from chatroom.core.safety_events import Topic


class Door(ServerFrame, frozen=True, kw_only=True, tag="door"):
    title: str
    welcome: str
    rules: tuple[str, ...]
    doors_at: int
    starts_at: int
    ends_at: int
    now: int
    passphrase: bool
    door: Literal["open", "early", "knock", "knocking", "declined", "locked", "full", "removed"]
    sentence: str
    reason: str
    appeal: str
    work: door_frames.Work | None
    role: Role
    suggestions: list[str]


class Suggestions(ServerFrame, frozen=True, kw_only=True, tag="suggestions"):
    ref: int
    suggestions: list[str]


class Welcome(ServerFrame, frozen=True, kw_only=True, tag="welcome"):
    ref: int
    recovered: bool
    position: Place
    now: int
    protocol: int
    seat: str | UnsetType = UNSET
    room: dict[str, Any] | UnsetType = UNSET


class Earlier(ServerFrame, frozen=True, kw_only=True, tag="earlier"):
    ref: int
    messages: list[dict[str, Any]]
    reactions: dict[EntryId, list[str]]
    more: bool


class Crowd(ServerFrame, frozen=True, kw_only=True, tag="crowd"):
    here: int


class People(ServerFrame, frozen=True, kw_only=True, tag="people"):
    ref: int
    people: dict[str, Any]
    next: str


class Done(ServerFrame, frozen=True, kw_only=True, tag="done"):
    ref: int
    id: EntryId


class RefusedFrame(ServerFrame, frozen=True, kw_only=True, tag="refused"):
    ref: int
    code: str
    sentence: str
    retry_after_seconds: float
    detail: str


class Heartbeat(ServerFrame, frozen=True, kw_only=True, tag="heartbeat"):
    position: Place
    now: int


class Trouble(ServerFrame, frozen=True, kw_only=True, tag="trouble"):
    reaching: bool
    sentence: str


class PolicyTrouble(ServerFrame, frozen=True, kw_only=True, tag="policy_trouble"):
    names: list[str]


class ClosingFrame(ServerFrame, frozen=True, kw_only=True, tag="closing"):
    code: int
    name: str
    sentence: str
    retry_after_seconds: float
    detail: str
    appeal: str


class Joined(PersonFrame, frozen=True, kw_only=True, tag="joined"):
    pass


class Returned(PersonFrame, frozen=True, kw_only=True, tag="returned"):
    pass


class Dropped(EntryFrame, frozen=True, kw_only=True, tag="dropped"):
    participant: str


class Left(EntryFrame, frozen=True, kw_only=True, tag="left"):
    participant: str
    quiet: bool


class Crowded(EntryFrame, frozen=True, kw_only=True, tag="crowded"):
    here: int


class MessagePosted(EntryFrame, frozen=True, kw_only=True, tag="message_posted"):
    by: str
    nickname: str
    role: Role
    text: str
    origin_id: str
    share: EntryId
    kind: MessageKind
    name: str
    topic: Topic


class Retracted(EntryFrame, frozen=True, kw_only=True, tag="retracted"):
    message: EntryId


class Redacted(PersonActionFrame, frozen=True, kw_only=True, tag="redacted"):
    message: EntryId
    reason: str | UnsetType = UNSET
    along: bool | UnsetType = UNSET


class Reacted(EntryFrame, frozen=True, kw_only=True, tag="reacted"):
    message: EntryId
    reaction: Reaction
    count: int


class Reported(EntryFrame, frozen=True, kw_only=True, tag="reported"):
    report: EntryId
    message: EntryId
    participant: str
    nickname: str
    text: str
    reason: ReportReason
    words: str


class ReportResolved(ActionFrame, frozen=True, kw_only=True, tag="report_resolved"):
    report: EntryId
    outcome: Outcome


class Muted(PersonActionFrame, frozen=True, kw_only=True, tag="muted"):
    until: int
    reason: str


class Unmuted(PersonActionFrame, frozen=True, kw_only=True, tag="unmuted"):
    pass


class Removed(PersonActionFrame, frozen=True, kw_only=True, tag="removed"):
    reason: str
    erased: int


class Readmitted(PersonActionFrame, frozen=True, kw_only=True, tag="readmitted"):
    pass


class AddressCleared(PersonActionFrame, frozen=True, kw_only=True, tag="address_cleared"):
    pass


class RoleChanged(PersonActionFrame, frozen=True, kw_only=True, tag="role_changed"):
    role: Role
    here: bool | UnsetType = UNSET
    helper: Helper | UnsetType = UNSET


class Renamed(EntryFrame, frozen=True, kw_only=True, tag="renamed"):
    participant: str
    nickname: str


class Extended(ActionFrame, frozen=True, kw_only=True, tag="extended"):
    ends_at: int


class Ended(EntryFrame, frozen=True, kw_only=True, tag="ended"):
    pass


class MyReaction(PersonalFrame, frozen=True, kw_only=True, tag="my_reaction"):
    message: EntryId
    reaction: Reaction
    on: bool


class MyMute(PersonalFrame, frozen=True, kw_only=True, tag="my_mute"):
    until: int
    reason: str


class MyName(PersonalFrame, frozen=True, kw_only=True, tag="my_name"):
    nickname: str


class MyReport(PersonalFrame, frozen=True, kw_only=True, tag="my_report"):
    message: EntryId


SERVER_FRAMES: tuple[type[ServerFrame], ...] = (
    Door, Suggestions, door_frames.Knocking, door_frames.ModeratorLink, Welcome, Earlier, Crowd, People, Done, RefusedFrame,
    Heartbeat, Trouble, PolicyTrouble, ClosingFrame,
)  # fmt: skip
ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (
    Joined, Returned, Dropped, Left, Crowded, MessagePosted, Retracted, Redacted, Reacted, Reported,
    ReportResolved, Muted, Unmuted, Removed, Readmitted, AddressCleared, RoleChanged, Renamed, Extended, Ended,
    *floor_frames.ENTRY_FRAMES, *support_frames.ENTRY_FRAMES, *safety_frames.ENTRY_FRAMES,
    *direct_frames.ENTRY_FRAMES, *door_frames.ENTRY_FRAMES,
)  # fmt: skip
PERSONAL_FRAMES: tuple[type[PersonalFrame], ...] = (
    MyReaction, MyMute, MyName, MyReport, *floor_frames.PERSONAL_FRAMES, *support_frames.PERSONAL_FRAMES,
    *safety_frames.PERSONAL_FRAMES, *direct_frames.PERSONAL_FRAMES,
)  # fmt: skip
