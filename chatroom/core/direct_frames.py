"""The frames about direct messages."""

from chatroom.core.direct import TalkState
from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import ReportReason
from chatroom.core.frame_base import ActionFrame, EntryFrame, PersonalFrame


class DirectSet(ActionFrame, frozen=True, kw_only=True, tag="direct_set"):
    on: bool


class DirectReported(EntryFrame, frozen=True, kw_only=True, tag="direct_reported"):
    report: EntryId
    participant: str
    nickname: str
    text: str
    reason: ReportReason
    words: str


class Direct(PersonalFrame, frozen=True, kw_only=True, tag="direct"):
    other: str
    nickname: str
    state: TalkState


class DirectSaid(PersonalFrame, frozen=True, kw_only=True, tag="direct_said"):
    other: str
    said: EntryId
    mine: bool
    text: str
    origin_id: str


class MyDirectReport(PersonalFrame, frozen=True, kw_only=True, tag="my_direct_report"):
    other: str
    said: EntryId


ENTRY_FRAMES: tuple[type[EntryFrame], ...] = (DirectSet, DirectReported)
PERSONAL_FRAMES: tuple[type[PersonalFrame], ...] = (Direct, DirectSaid, MyDirectReport)
