"""What was said, and what became of it, folded: messages, reactions and reports."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import events as e
from chatroom.core import guard
from chatroom.core.event_base import Event
from chatroom.core.events import Entry, Reaction, Role
from chatroom.core.floor import posted
from chatroom.core.limits import HISTORY_ENTRIES, REPORTS_KEPT
from chatroom.core.safety_events import Topic
from chatroom.core.same_person import own_names

if TYPE_CHECKING:
    from chatroom.core.room import Room


class Message(msgspec.Struct):
    offset: int
    at: int
    by: str
    nickname: str
    role: Role
    text: str
    origin_id: str
    kind: e.MessageKind = e.MessageKind.WORDS
    name: str = ""
    """Of the chip or the reply."""
    share: int = 0
    """The offset that names the share it belongs to, 0 when it belongs to none."""
    gone: str = ""
    """Empty, "retracted" or "redacted"."""
    reactions: dict[Reaction, set[str]] = {}
    topic: Topic = Topic.NONE


class Report(msgspec.Struct):
    """Of a direct message, which has no place in the room, `message` is 0: it holds what was written, by whom, and where."""

    offset: int
    at: int
    message: int
    by: str
    reason: e.ReportReason
    words: str
    claimed_by: str = ""
    outcome: str = ""
    about: str = ""
    text: str = ""
    said: int = 0
    """The offset of the direct message in the copy of who reported it."""


def _message_posted(room: "Room", entry: Entry, event: e.MessagePosted) -> None:
    if person := room.people.get(event.participant):
        room.messages[entry.offset] = Message(
            offset=entry.offset,
            at=entry.at,
            by=person.id,
            nickname=person.nickname,
            role=person.role,
            text=event.text,
            origin_id=event.origin_id,
            kind=event.kind,
            name=event.name,
            topic=event.topic,
            share=posted(room, person.id, entry.at),
        )
        person.posted_at = entry.at
        person.trusted |= event.kind is not e.MessageKind.THANKS
        guard.posted(room, person, event, entry.at)
        if event.kind is e.MessageKind.READING:
            room.course.text_waits = False
        if len(room.messages) > HISTORY_ENTRIES:
            del room.messages[next(iter(room.messages))]


def _retracted(room: "Room", entry: Entry, event: e.Retracted) -> None:
    _erase_message(room, event.message, "retracted")


def _redacted(room: "Room", entry: Entry, event: e.Redacted) -> None:
    _erase_message(room, event.message, "redacted")


def _erase_message(room: "Room", offset: int, gone: str) -> None:
    """Leave a tombstone where the message stood."""
    if (message := room.messages.get(offset)) and not message.gone:
        guard.erased(room, message.by, message.text)
        message.text, message.name, message.topic, message.gone = "", "", Topic.NONE, gone
        message.reactions = {}


def _reacted(room: "Room", entry: Entry, event: e.Reacted) -> None:
    """Once a person: it may have been decided for two seats of a device at once."""
    message, person = room.messages.get(event.message), room.people.get(event.participant)
    if message is None or message.gone or person is None:
        return
    people = message.reactions.setdefault(event.reaction, set())
    if not event.on:
        people.discard(person.id)
    elif people.isdisjoint(own_names(room, person)):
        people.add(person.id)
    if not people:
        del message.reactions[event.reaction]


def _reported(room: "Room", entry: Entry, event: e.Reported) -> None:
    if event.message in room.messages:
        room.reports[entry.offset] = Report(
            offset=entry.offset,
            at=entry.at,
            message=event.message,
            by=event.participant,
            reason=event.reason,
            words=event.words,
        )
        if len(room.reports) > REPORTS_KEPT:
            del room.reports[next(iter(room.reports))]
        if person := room.people.get(event.participant):
            person.reported.add(event.message)


def _report_resolved(room: "Room", entry: Entry, event: e.ReportResolved) -> None:
    if report := room.reports.get(event.report):
        report.claimed_by, report.outcome = event.by, event.outcome


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    e.MessagePosted: _message_posted,
    e.Retracted: _retracted,
    e.Redacted: _redacted,
    e.Reacted: _reacted,
    e.Reported: _reported,
    e.ReportResolved: _report_resolved,
}
