"""What each audience sees of an event: one table.

There are three audiences. `everyone` is every seated participant. `moderators` see their own view instead, where the table
has one. `subject` is the one person an event is about, who sees that view in addition. A view is None when there is
nothing to see. Views are made right after `apply`, so that the room already holds the event.

In a crowded room participants are told who of the hosts and moderators comes and goes, and of all others only how many are
here: what is sent when people come then grows with their number, not with its square.
"""

from typing import Any

import msgspec

from chatroom.core import direct_views, door_views, floor_views, safety_views, support_views
from chatroom.core import events as e
from chatroom.core import frames as f
from chatroom.core.calm import is_veiled
from chatroom.core.door_events import SentBack
from chatroom.core.door_views import is_reported_by
from chatroom.core.entry_ids import EntryId
from chatroom.core.events import Entry
from chatroom.core.frame_base import PersonFrame
from chatroom.core.messages import Message, Report
from chatroom.core.room import Participant, Room
from chatroom.core.view_base import Make, View, action, nickname, place, plain


def _person(frame: type[PersonFrame]) -> Make:
    def make(room: Room, entry: Entry, event: Any) -> f.EntryFrame | None:
        person = room.people.get(event.participant)
        return frame(**place(entry), participant=person.id, nickname=person.nickname, role=person.role) if person else None

    return make


def _left(room: Room, entry: Entry, event: e.Left | e.Removed) -> f.EntryFrame:
    """Nobody's page says that someone was removed, or left at once."""
    quiet = isinstance(event, e.Removed) or event.reason is e.Departure.QUIET
    return f.Left(**place(entry), participant=event.participant, quiet=quiet)


def _role_changed(room: Room, entry: Entry, event: e.RoleChanged) -> f.EntryFrame | None:
    person = room.people.get(event.participant)
    if person is None:
        return None
    return f.RoleChanged(
        **place(entry),
        participant=person.id,
        nickname=person.nickname,
        role=event.role,
        here=person.here,
        helper=person.helper,
    )


def _message_posted(room: Room, entry: Entry, event: e.MessagePosted) -> f.EntryFrame | None:
    """For who resumes, the words may be under the veil."""
    message = room.messages.get(entry.offset)
    if message is None:
        return None
    text = "" if is_veiled(room, message) else event.text
    return _message(entry, event, message, text)


def _message_under_veil(room: Room, entry: Entry, event: e.MessagePosted) -> f.EntryFrame | None:
    message = room.messages.get(entry.offset)
    return _message(entry, event, message, event.text) if message and is_veiled(room, message) else None


def _message(entry: Entry, event: e.MessagePosted, message: Message, text: str) -> f.EntryFrame:
    return f.MessagePosted(
        **place(entry),
        by=message.by,
        nickname=message.nickname,
        role=message.role,
        text=text,
        origin_id=event.origin_id,
        share=EntryId(message.share),
        kind=event.kind,
        name=event.name,
        topic=event.topic,
    )


def _reacted(room: Room, entry: Entry, event: e.Reacted) -> f.EntryFrame | None:
    message = room.messages.get(event.message)
    if message is None or message.gone:
        return None
    count = len(message.reactions.get(event.reaction, ()))
    return f.Reacted(**place(entry), message=EntryId(event.message), reaction=event.reaction, count=count)


def _redacted(room: Room, entry: Entry, event: e.Redacted) -> f.EntryFrame:
    message = room.messages.get(event.message)
    return f.Redacted(
        **place(entry),
        message=EntryId(event.message),
        by=event.by,
        by_nickname=nickname(room, event.by),
        participant=message.by if message else "",
        nickname=message.nickname if message else "",
        reason=event.reason,
        along=event.along,
    )


def _reported(room: Room, entry: Entry, event: e.Reported) -> f.EntryFrame | None:
    report = room.reports.get(entry.offset)
    return f.Reported(**place(entry), **report_fields(room, report)) if report else None


def report_fields(room: Room, report: Report) -> dict[str, Any]:
    """A report as moderators see it: everything but who made it."""
    message = room.messages.get(report.message)
    return {
        "report": EntryId(report.offset),
        "message": EntryId(report.message),
        "participant": message.by if message else report.about,
        "nickname": message.nickname if message else nickname(room, report.about),
        "text": message.text if message else report.text,
        "reason": report.reason,
        "words": report.words,
    }


def _my_report(room: Room, entry: Entry, event: e.Reported) -> f.PersonalFrame:
    return f.MyReport(id=EntryId(entry.offset), at=entry.at, message=EntryId(event.message))


def _my_reaction(room: Room, entry: Entry, event: e.Reacted) -> f.PersonalFrame | None:
    if _reacted(room, entry, event) is None:
        return None
    return f.MyReaction(
        id=EntryId(entry.offset), at=entry.at, message=EntryId(event.message), reaction=event.reaction, on=event.on
    )


def _my_name(room: Room, entry: Entry, event: e.Renamed) -> f.PersonalFrame:
    return f.MyName(id=EntryId(entry.offset), at=entry.at, nickname=event.nickname)


def _my_mute(room: Room, entry: Entry, event: e.Muted) -> f.PersonalFrame:
    return f.MyMute(id=EntryId(entry.offset), at=entry.at, until=event.until, reason=event.reason)


def _my_unmute(room: Room, entry: Entry, event: e.Unmuted) -> f.PersonalFrame:
    return f.MyMute(id=EntryId(entry.offset), at=entry.at, until=0, reason="")


VIEWS: dict[type[e.Event], View] = {
    e.RoomOpened: View(),
    e.Joined: View(everyone=_person(f.Joined)),
    e.SessionOpened: View(),
    e.Dropped: View(everyone=plain(f.Dropped, "participant")),
    e.Returned: View(everyone=_person(f.Returned)),
    e.Left: View(everyone=_left),
    e.MessagePosted: View(everyone=_message_posted, moderators=_message_under_veil),
    e.Retracted: View(everyone=plain(f.Retracted, "message")),
    e.Redacted: View(everyone=plain(f.Redacted, "message"), moderators=_redacted),
    e.Reacted: View(everyone=_reacted, subject=_my_reaction),
    e.Reported: View(moderators=_reported, subject=_my_report),
    e.ReportResolved: View(moderators=action(f.ReportResolved, "report", "outcome")),
    e.Muted: View(moderators=action(f.Muted, "until", "reason"), subject=_my_mute),
    e.Unmuted: View(moderators=action(f.Unmuted), subject=_my_unmute),
    e.Removed: View(everyone=_left, moderators=action(f.Removed, "reason", "erased")),
    e.Readmitted: View(moderators=action(f.Readmitted)),
    e.AddressCleared: View(moderators=action(f.AddressCleared)),
    e.RoleChanged: View(everyone=_role_changed, moderators=action(f.RoleChanged, "role")),
    e.Renamed: View(everyone=plain(f.Renamed, "participant", "nickname"), subject=_my_name),
    e.Extended: View(everyone=plain(f.Extended, "ends_at"), moderators=action(f.Extended, "ends_at")),
    e.Ended: View(everyone=plain(f.Ended)),
    **floor_views.VIEWS,
    **support_views.VIEWS,
    **safety_views.VIEWS,
    **direct_views.VIEWS,
    **door_views.VIEWS,
}


PRESENCE: frozenset[type[e.Event]] = frozenset({e.Joined, e.Dropped, e.Returned, e.Left, e.Removed, SentBack})
"""Someone came or went: what participants are not told of each other in a crowded room."""


def for_everyone(room: Room, entry: Entry) -> f.EntryFrame | None:
    """The entry as participants see it, or None."""
    if _is_in_a_crowd(room, entry):
        if entry.offset == room.crowded_at:
            return f.Crowded(**place(entry), here=room.here)
        if getattr(entry.event, "participant", "") not in room.moderators:
            return None
    make = VIEWS[type(entry.event)].everyone
    return make(room, entry, entry.event) if make else None


def _is_in_a_crowd(room: Room, entry: Entry) -> bool:
    return type(entry.event) in PRESENCE and bool(room.crowded_at)


def for_moderators(room: Room, entry: Entry) -> f.EntryFrame | None:
    """The entry as moderators and hosts see it where that differs from everyone's view, or None."""
    view = VIEWS[type(entry.event)]
    make = view.moderators or (view.everyone if _is_in_a_crowd(room, entry) else None)
    return make(room, entry, entry.event) if make else None


def for_person(room: Room, entry: Entry, person: Participant) -> list[f.EntryFrame | f.PersonalFrame]:
    """All that one person sees of the entry, for who missed it: what is for them alone, then what is shared."""
    mine = for_subject(room, entry) if getattr(entry.event, "participant", "") == person.id else None
    shared = (for_moderators(room, entry) if person.moderates else None) or for_everyone(room, entry)
    if isinstance(shared, f.MessagePosted) and is_reported_by(person, room.messages[entry.offset]):
        shared = msgspec.structs.replace(shared, text="")
    return [frame for frame in (mine, shared) if frame]


def for_subject(room: Room, entry: Entry) -> f.PersonalFrame | None:
    """What the person the event is about sees in addition, or None."""
    make = VIEWS[type(entry.event)].subject
    return make(room, entry, entry.event) if make else None
