"""What happened between two people in direct messages.

Each event is there twice in one draft, one copy for each of the two: `participant` is whose copy it is, `other` the other one,
`mine` whether the owner of the copy did it. One's words are named by the offset of one's own copy.
"""

from typing import Union

from chatroom.core.event_base import Event, ReportReason


class DirectSet(Event, frozen=True, tag="direct_set"):
    on: bool
    by: str


class DirectAsked(Event, frozen=True, tag="direct_asked"):
    participant: str
    other: str
    mine: bool


class DirectAnswered(Event, frozen=True, tag="direct_answered"):
    participant: str
    other: str
    mine: bool
    yes: bool


class DirectSaid(Event, frozen=True, tag="direct_said"):
    participant: str
    other: str
    mine: bool
    text: str
    origin_id: str


class DirectEnded(Event, frozen=True, tag="direct_ended"):
    participant: str
    other: str
    mine: bool


class DirectReported(Event, frozen=True, tag="direct_reported"):
    """The owner of the copy told the moderators of what the other one wrote; `said` names it in that copy."""

    participant: str
    other: str
    said: int
    text: str
    reason: ReportReason
    words: str = ""


DirectEvent = Union[  # noqa: UP007 - msgspec builds its decoder from this
    DirectSet, DirectAsked, DirectAnswered, DirectSaid, DirectEnded, DirectReported,
]  # fmt: skip
