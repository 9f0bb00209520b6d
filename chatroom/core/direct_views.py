"""Who sees what of direct messages: each of the two the own copy, moderators what was reported, nobody else anything."""

from typing import Any

from chatroom.core import direct_events as d
from chatroom.core import direct_frames as f
from chatroom.core.direct import Talk
from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.room import Participant, Room
from chatroom.core.view_base import View, action, nickname, place, plain

Fields = dict[str, Any]
AboutTalk = d.DirectAsked | d.DirectAnswered | d.DirectEnded


def _direct(room: Room, entry: Entry, event: AboutTalk) -> f.Direct | None:
    talk = room.direct.talk(event.participant, event.other)
    if talk is None:
        return None
    return f.Direct(
        id=EntryId(entry.offset), at=entry.at, other=event.other, nickname=nickname(room, event.other), state=talk.state
    )


def _direct_said(room: Room, entry: Entry, event: d.DirectSaid) -> f.DirectSaid:
    """For who resumes, it may have been reported since."""
    talk = room.direct.talk(event.participant, event.other)
    is_reported = talk is not None and any(said.offset == entry.offset and not said.text for said in talk.said)
    return f.DirectSaid(
        id=EntryId(entry.offset),
        at=entry.at,
        other=event.other,
        said=EntryId(entry.offset),
        mine=event.mine,
        text="" if is_reported else event.text,
        origin_id=event.origin_id,
    )


def _direct_reported(room: Room, entry: Entry, event: d.DirectReported) -> f.DirectReported:
    return f.DirectReported(
        **place(entry),
        report=EntryId(entry.offset),
        participant=event.other,
        nickname=nickname(room, event.other),
        text=event.text,
        reason=event.reason,
        words=event.words,
    )


def _my_direct_report(room: Room, entry: Entry, event: d.DirectReported) -> f.MyDirectReport:
    return f.MyDirectReport(id=EntryId(entry.offset), at=entry.at, other=event.other, said=EntryId(event.said))


VIEWS: dict[type[Event], View] = {
    d.DirectSet: View(everyone=plain(f.DirectSet, "on"), moderators=action(f.DirectSet, "on")),
    d.DirectAsked: View(subject=_direct),
    d.DirectAnswered: View(subject=_direct),
    d.DirectSaid: View(subject=_direct_said),
    d.DirectEnded: View(subject=_direct),
    d.DirectReported: View(moderators=_direct_reported, subject=_my_direct_report),
}


def my_direct_view(room: Room, person: Participant) -> Fields:
    """This person's own copies of direct messages, by the other person."""
    talks = room.direct.talks.get(person.id, {})
    return {"direct": {other: _talk_view(room, person, other, talk) for other, talk in talks.items()}}


def _talk_view(room: Room, person: Participant, other: str, talk: Talk) -> Fields:
    return {
        "nickname": nickname(room, other),
        "state": talk.state,
        "said": [
            {
                "said": EntryId(said.offset),
                "at": said.at,
                "mine": said.by == person.id,
                "text": said.text,
                "origin_id": said.origin_id,
            }
            for said in talk.said
        ],
    }
