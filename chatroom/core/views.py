"""What each audience sees of an event: one table.

There are three audiences. `everyone` is every seated participant. `moderators` see their own view instead, where the table
has one. `subject` is the one person an event is about, who sees that view in addition. A view is None when there is
nothing to see. Views are made right after `apply`, so that the room already holds the event.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from chatroom.core import events as e
from chatroom.core import frames as f
from chatroom.core.events import Entry
from chatroom.core.room import Report, Room

Make = Callable[[Room, Entry, Any], f.EntryFrame | None]
MakePersonal = Callable[[Room, Entry, Any], f.PersonalFrame]


class View(msgspec.Struct, frozen=True):
    """How an event looks to each audience."""

    everyone: Make | None = None
    moderators: Make | None = None
    subject: MakePersonal | None = None


def _nickname(room: Room, participant: str) -> str:
    person = room.people.get(participant)
    return person.nickname if person else ""


def _plain(frame: type[f.EntryFrame], *names: str) -> Make:
    """A view of just these fields of the event."""

    def make(room: Room, entry: Entry, event: Any) -> f.EntryFrame:
        return frame(**_place(entry), **{name: getattr(event, name) for name in names})

    return make


def _action(frame: type[f.ActionFrame], *names: str) -> Make:
    """A view for moderators: who did it, to whom, and these fields."""

    def make(room: Room, entry: Entry, event: Any) -> f.EntryFrame:
        fields = {name: getattr(event, name) for name in names}
        if issubclass(frame, f.PersonActionFrame):
            fields |= {"participant": event.participant, "nickname": _nickname(room, event.participant)}
        return frame(**_place(entry), by=event.by, by_nickname=_nickname(room, event.by), **fields)

    return make


def _place(entry: Entry) -> dict[str, Any]:
    return {"offset": entry.offset, "at": entry.at, "nonce": entry.nonce}


def _person(frame: type[f.PersonFrame]) -> Make:
    def make(room: Room, entry: Entry, event: Any) -> f.EntryFrame | None:
        person = room.people.get(event.participant)
        return frame(**_place(entry), participant=person.id, nickname=person.nickname, role=person.role) if person else None

    return make


def _left(room: Room, entry: Entry, event: e.Left | e.Removed) -> f.EntryFrame:
    """Nobody's page says that someone was removed, or left at once."""
    quiet = isinstance(event, e.Removed) or event.reason is e.Departure.QUIET
    return f.Left(**_place(entry), participant=event.participant, quiet=quiet)


def _message_posted(room: Room, entry: Entry, event: e.MessagePosted) -> f.EntryFrame | None:
    message = room.messages.get(entry.offset)
    if message is None:
        return None
    return f.MessagePosted(
        offset=entry.offset,
        at=entry.at,
        nonce=entry.nonce,
        by=message.by,
        nickname=message.nickname,
        role=message.role,
        text=event.text,
        origin_id=event.origin_id,
    )


def _reacted(room: Room, entry: Entry, event: e.Reacted) -> f.EntryFrame | None:
    message = room.messages.get(event.message)
    if message is None or message.gone:
        return None
    count = len(message.reactions.get(event.reaction, ()))
    return f.Reacted(**_place(entry), message=event.message, reaction=event.reaction, count=count)


def _redacted(room: Room, entry: Entry, event: e.Redacted) -> f.EntryFrame:
    message = room.messages.get(event.message)
    return f.Redacted(
        **_place(entry),
        message=event.message,
        by=event.by,
        by_nickname=_nickname(room, event.by),
        participant=message.by if message else "",
        nickname=message.nickname if message else "",
        reason=event.reason,
    )


def _reported(room: Room, entry: Entry, event: e.Reported) -> f.EntryFrame | None:
    report = room.reports.get(entry.offset)
    return f.Reported(**_place(entry), **report_fields(room, report)) if report else None


def report_fields(room: Room, report: Report) -> dict[str, Any]:
    """A report as moderators see it: everything but who made it."""
    message = room.messages.get(report.message)
    return {
        "report": report.offset,
        "message": report.message,
        "participant": message.by if message else "",
        "nickname": message.nickname if message else "",
        "text": message.text if message else "",
        "reason": report.reason,
        "words": report.words,
    }


def _my_reaction(room: Room, entry: Entry, event: e.Reacted) -> f.PersonalFrame:
    return f.MyReaction(offset=entry.offset, at=entry.at, message=event.message, reaction=event.reaction, on=event.on)


def _my_mute(room: Room, entry: Entry, event: e.Muted) -> f.PersonalFrame:
    return f.MyMute(offset=entry.offset, at=entry.at, until=event.until, reason=event.reason)


def _my_unmute(room: Room, entry: Entry, event: e.Unmuted) -> f.PersonalFrame:
    return f.MyMute(offset=entry.offset, at=entry.at, until=0, reason="")


VIEWS: dict[type[e.Event], View] = {
    e.RoomOpened: View(),
    e.Joined: View(everyone=_person(f.Joined)),
    e.SessionOpened: View(),
    e.Dropped: View(everyone=_plain(f.Dropped, "participant")),
    e.Returned: View(everyone=_person(f.Returned)),
    e.Left: View(everyone=_left),
    e.MessagePosted: View(everyone=_message_posted),
    e.Retracted: View(everyone=_plain(f.Retracted, "message")),
    e.Redacted: View(everyone=_plain(f.Redacted, "message"), moderators=_redacted),
    e.Reacted: View(everyone=_reacted, subject=_my_reaction),
    e.Reported: View(moderators=_reported),
    e.ReportClaimed: View(moderators=_action(f.ReportClaimed, "report")),
    e.ReportResolved: View(moderators=_action(f.ReportResolved, "report", "outcome")),
    e.Muted: View(moderators=_action(f.Muted, "until", "reason"), subject=_my_mute),
    e.Unmuted: View(moderators=_action(f.Unmuted), subject=_my_unmute),
    e.Removed: View(everyone=_left, moderators=_action(f.Removed, "reason")),
    e.Readmitted: View(moderators=_action(f.Readmitted)),
    e.AddressCleared: View(moderators=_action(f.AddressCleared)),
    e.Locked: View(everyone=_plain(f.Locked), moderators=_action(f.Locked)),
    e.Unlocked: View(everyone=_plain(f.Unlocked), moderators=_action(f.Unlocked)),
    e.RoleChanged: View(everyone=_plain(f.RoleChanged, "participant", "role"), moderators=_action(f.RoleChanged, "role")),
    e.Extended: View(everyone=_plain(f.Extended, "ends_at"), moderators=_action(f.Extended, "ends_at")),
    e.Ended: View(everyone=_plain(f.Ended)),
}


def for_everyone(room: Room, entry: Entry) -> f.EntryFrame | None:
    """The entry as participants see it, or None."""
    make = VIEWS[type(entry.event)].everyone
    return make(room, entry, entry.event) if make else None


def for_moderators(room: Room, entry: Entry) -> f.EntryFrame | None:
    """The entry as moderators and hosts see it where that differs from everyone's view, or None."""
    make = VIEWS[type(entry.event)].moderators
    return make(room, entry, entry.event) if make else None


def for_subject(room: Room, entry: Entry) -> f.PersonalFrame | None:
    """What the person the event is about sees in addition, or None."""
    make = VIEWS[type(entry.event)].subject
    return make(room, entry, entry.event) if make else None
