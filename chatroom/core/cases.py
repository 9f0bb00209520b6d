"""What waits for a moderator, folded: held messages and concerns; who looks at which; what messages are about."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import safety_events as s
from chatroom.core.event_base import Event, MessageKind
from chatroom.core.events import Entry
from chatroom.core.limits import REPORTS_KEPT

if TYPE_CHECKING:
    from chatroom.core.messages import Report
    from chatroom.core.room import Room


class Held(msgspec.Struct):
    """`held_for` is what moderators see of why; `reason` is what the author is told when it was rejected."""

    offset: int
    at: int
    by: str
    text: str
    origin_id: str
    kind: MessageKind
    name: str
    topic: s.Topic
    policy: str
    held_for: str
    state: s.HeldState = s.HeldState.WAITING
    reason: str = ""
    claimed_by: str = ""

    @property
    def waits(self) -> bool:
        return self.state is s.HeldState.WAITING

    def erase(self) -> None:
        self.text, self.name, self.topic, self.held_for = "", "", s.Topic.NONE, ""


class Concern(msgspec.Struct):
    """`message` is the offset of the words that are a sign, 0 without; they may be held."""

    offset: int
    at: int
    participant: str
    sort: s.Sign
    topic: s.Danger
    message: int
    claimed_by: str = ""


class Cases(msgspec.Struct):
    """All held messages are kept, without their texts once they wait no more; concerns while they are open."""

    held: dict[int, Held] = {}
    concerns: dict[int, Concern] = {}
    care: dict[str, s.Danger] = {}
    """By person: what the own words were last taken for a sign of."""
    worried: dict[str, list[str]] = {}
    """By person: about whom this one said to be worried."""


def waiting(room: "Room") -> list[Held]:
    """Held messages that wait, the oldest first."""
    return [held for held in room.cases.held.values() if held.waits]


def item_at(room: "Room", offset: int) -> "Report | Held | Concern | None":
    """What a moderator may look at under this offset, if it is still open."""
    report, held = room.reports.get(offset), room.cases.held.get(offset)
    if report and not report.outcome:
        return report
    return held if held and held.waits else room.cases.concerns.get(offset)


def _message_held(room: "Room", entry: Entry, event: s.MessageHeld) -> None:
    if person := room.people.get(event.participant):
        person.posted_at = entry.at
        room.cases.held[entry.offset] = Held(
            offset=entry.offset,
            at=entry.at,
            by=event.participant,
            text=event.text,
            origin_id=event.origin_id,
            kind=event.kind,
            name=event.name,
            topic=event.topic,
            policy=event.policy,
            held_for=event.reason,
        )
        if len(room.cases.held) > REPORTS_KEPT:
            del room.cases.held[next(offset for offset, held in room.cases.held.items() if not held.waits)]


def _held_resolved(room: "Room", entry: Entry, event: s.HeldResolved) -> None:
    """What was resolved before stays so, where two histories were joined."""
    held = room.cases.held.get(event.held)
    if held and held.waits:
        held.erase()
        held.state, held.reason = event.state, event.reason


def _concern_noted(room: "Room", entry: Entry, event: s.ConcernNoted) -> None:
    if event.participant not in room.people:
        return
    cases, message = room.cases, 0
    if event.sort is s.Sign.WORDS:
        cases.care[event.participant] = event.topic
        message = entry.offset - 1 if event.said else 0
    elif event.participant not in (known := cases.worried.setdefault(event.by, [])):
        known.append(event.participant)
    cases.concerns[entry.offset] = Concern(entry.offset, entry.at, event.participant, event.sort, event.topic, message)


def _concern_resolved(room: "Room", entry: Entry, event: s.ConcernResolved) -> None:
    room.cases.concerns.pop(event.concern, None)


def _claimed(room: "Room", entry: Entry, event: s.Claimed) -> None:
    if item := item_at(room, event.item):
        item.claimed_by = event.by


def _content_noted(room: "Room", entry: Entry, event: s.ContentNoted) -> None:
    if (message := room.messages.get(event.message)) and not message.gone:
        message.topic = event.topic


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    s.MessageHeld: _message_held,
    s.HeldResolved: _held_resolved,
    s.ConcernNoted: _concern_noted,
    s.ConcernResolved: _concern_resolved,
    s.Claimed: _claimed,
    s.ContentNoted: _content_noted,
}
