"""Who sees what of held messages, concerns and the moderators' own words: moderators all, authors their own, others nothing."""

from typing import Any

from chatroom.core import safety_events as s
from chatroom.core import safety_frames as f
from chatroom.core.cases import Concern, Held, waiting
from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import REJECTED_SHOWN
from chatroom.core.room import Participant, Room
from chatroom.core.support_views import said_view
from chatroom.core.texts import Said
from chatroom.core.view_base import View, action, nickname, place, plain

Fields = dict[str, Any]


# ---- of each event -------------------------------------------------------------------------------------------------------


def _message_held(room: Room, entry: Entry, event: s.MessageHeld) -> f.MessageHeld | None:
    held = room.cases.held.get(entry.offset)
    return f.MessageHeld(**place(entry), **_held_fields(room, held)) if held else None


def _held_fields(room: Room, held: Held) -> Fields:
    """A held message as moderators see it."""
    return {
        "held": EntryId(held.offset),
        "participant": held.by,
        "nickname": nickname(room, held.by),
        "text": held.text,
        "kind": held.kind,
        "name": held.name,
        "topic": held.topic,
        "policy": held.policy,
        "reason": held.held_for,
        "origin_id": held.origin_id,
    }


def _held_mine(room: Room, entry: Entry, event: s.MessageHeld) -> f.MyHeld:
    """As it was at first: who comes back later is told next what became of it."""
    names = ("origin_id", "text", "kind", "name", "topic")
    fields = {name: getattr(event, name) for name in names}
    return f.MyHeld(
        id=EntryId(entry.offset), at=entry.at, held=EntryId(entry.offset), **fields, state=s.HeldState.WAITING, reason=""
    )


def _resolved_mine(room: Room, entry: Entry, event: s.HeldResolved) -> f.MyHeld | None:
    held = room.cases.held.get(event.held)
    return f.MyHeld(id=EntryId(entry.offset), at=entry.at, **_my_held_fields(held)) if held else None


def _my_held_fields(held: Held) -> Fields:
    """A held message as its author sees it: not what held it."""
    names = ("origin_id", "text", "kind", "name", "topic", "state", "reason")
    return {"held": EntryId(held.offset), **{name: getattr(held, name) for name in names}}


def _concern_noted(room: Room, entry: Entry, event: s.ConcernNoted) -> f.ConcernNoted | None:
    concern = room.cases.concerns.get(entry.offset)
    return f.ConcernNoted(**place(entry), **_concern_fields(room, concern)) if concern else None


def _concern_fields(room: Room, concern: Concern) -> Fields:
    """A concern as moderators see it: everything but who is worried."""
    return {
        "concern": EntryId(concern.offset),
        "participant": concern.participant,
        "nickname": nickname(room, concern.participant),
        "sort": concern.sort,
        "topic": concern.topic,
        "message": EntryId(concern.message),
    }


def _my_care(room: Room, entry: Entry, event: s.ConcernNoted) -> f.MyCare | None:
    """Nobody is told that somebody is worried about them."""
    if event.sort is not s.Sign.WORDS:
        return None
    return f.MyCare(id=EntryId(entry.offset), at=entry.at, topic=event.topic)


def _break(frame: type[f.BreakTaken] | type[f.BreakOver]) -> Any:
    def make(room: Room, entry: Entry, event: s.BreakTaken | s.BreakOver) -> f.BreakTaken | f.BreakOver:
        return frame(**place(entry), participant=event.participant, nickname=nickname(room, event.participant))

    return make


VIEWS: dict[type[Event], View] = {
    s.MessageHeld: View(moderators=_message_held, subject=_held_mine),
    s.HeldResolved: View(moderators=action(f.HeldResolved, "held", "state", "reason"), subject=_resolved_mine),
    s.ConcernNoted: View(moderators=_concern_noted, subject=_my_care),
    s.ConcernResolved: View(moderators=action(f.ConcernResolved, "concern")),
    s.Claimed: View(moderators=action(f.Claimed, "item")),
    s.TeamSaid: View(moderators=action(f.TeamSaid, "text", "origin_id")),
    s.NoteWritten: View(moderators=action(f.NoteWritten, "text")),
    s.BreakTaken: View(moderators=_break(f.BreakTaken)),
    s.BreakOver: View(moderators=_break(f.BreakOver)),
    s.ContentNoted: View(
        everyone=plain(f.ContentNoted, "message", "topic"), moderators=action(f.ContentNoted, "message", "topic")
    ),
    s.WordsSet: View(moderators=action(f.WordsSet, "words")),
}


# ---- of the whole room ---------------------------------------------------------------------------------------------------


def my_safety_view(room: Room, person: Participant) -> Fields:
    """This person's own held messages, those that wait and the newest rejected; and what care is offered for."""
    mine = [held for held in room.cases.held.values() if held.by == person.id]
    rejected = [held.offset for held in mine if held.state is s.HeldState.REJECTED][-REJECTED_SHOWN:]
    return {
        "held": [{"at": held.at, **_my_held_fields(held)} for held in mine if held.waits or held.offset in rejected],
        "care": room.cases.care.get(person.id, s.Danger.NONE),
    }


def safety_desk_view(room: Room) -> Fields:
    """What moderators see of all this."""
    team = room.team
    return {
        "held": [{"at": held.at, **_held_fields(room, held), "claimed_by": held.claimed_by} for held in waiting(room)],
        "concerns": [
            {"at": concern.at, **_concern_fields(room, concern), "claimed_by": concern.claimed_by}
            for concern in room.cases.concerns.values()
        ],
        "team": [said_view(said) for said in team.said],
        "notes": {name: [_note_view(note) for note in notes] for name, notes in team.notes.items()},
        "on_break": team.on_break,
        "words": team.words,
    }


def _note_view(note: Said) -> Fields:
    return {"id": EntryId(note.offset), "at": note.at, "by_nickname": note.nickname, "text": note.text}
