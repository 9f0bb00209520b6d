"""Who sees what of the course and the floor: everyone the queue, moderators also the script and why hands are up."""

from typing import Any

from chatroom.core import floor_events as fe
from chatroom.core import floor_frames as f
from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.room import Participant, Room
from chatroom.core.script import OPEN_PHASE, Phase
from chatroom.core.view_base import Make, View, action, nickname, place, plain

Fields = dict[str, Any]
PHASE_FIELDS = ("title", "mode", "crosstalk", "minutes", "kind")


# ---- of each event -------------------------------------------------------------------------------------------------------


def _named(frame: type[f.NamedFrame], *names: str) -> Make:
    """A view of the person and these fields of the event."""

    def make(room: Room, entry: Entry, event: Any) -> f.NamedFrame:
        fields = {name: getattr(event, name) for name in ("participant", *names)}
        return frame(**place(entry), nickname=nickname(room, event.participant), **fields)

    return make


def _phase_started(room: Room, entry: Entry, event: fe.PhaseStarted) -> f.PhaseStarted:
    fields = {name: getattr(event, name) for name in ("index", "has_text", *PHASE_FIELDS)}
    return f.PhaseStarted(**place(entry), started_at=entry.at, **fields)


def _script_changed(event: fe.ScriptChanged) -> Fields:
    phase = event.script[event.index] if 0 <= event.index < len(event.script) else OPEN_PHASE
    return {
        "index": event.index,
        "started_at": event.started_at,
        "phases": len(event.script),
        "has_text": bool(phase.text),
        **_phase_fields(phase),
    }


def _script_changed_for_everyone(room: Room, entry: Entry, event: fe.ScriptChanged) -> f.ScriptChanged:
    return f.ScriptChanged(**place(entry), **_script_changed(event))


def _script_changed_for_moderators(room: Room, entry: Entry, event: fe.ScriptChanged) -> f.ScriptChanged:
    return f.ScriptChanged(**place(entry), **_script_changed(event), script=event.script)


def _my_invitation(on: bool) -> Any:
    def make(room: Room, entry: Entry, event: fe.Invited | fe.InvitationEnded) -> f.MyInvitation | None:
        is_so = (room.floor.invited == event.participant) is on
        return f.MyInvitation(id=EntryId(entry.offset), at=entry.at, on=on) if is_so else None

    return make


def _my_words(room: Room, entry: Entry, event: fe.Typing) -> f.MyWords:
    return f.MyWords(id=EntryId(entry.offset), at=entry.at, on=event.holds_words)


def _my_question(on: bool) -> Any:
    def make(room: Room, entry: Entry, event: fe.SharerAsked | fe.FloorKept) -> f.MyQuestion:
        return f.MyQuestion(id=EntryId(entry.offset), at=entry.at, on=on)

    return make


def _my_unfinished(room: Room, entry: Entry, event: fe.ShareUnfinished) -> f.MyUnfinished:
    return f.MyUnfinished(id=EntryId(entry.offset), at=entry.at)


VIEWS: dict[type[Event], View] = {
    fe.PhaseStarted: View(everyone=_phase_started),
    fe.ScriptChanged: View(everyone=_script_changed_for_everyone, moderators=_script_changed_for_moderators),
    fe.CourseChanged: View(everyone=plain(f.CourseChanged, "on_clock", "chips_open", "fellowship_minutes")),
    fe.TopicSet: View(everyone=plain(f.TopicSet, "topic")),
    fe.FellowshipBegan: View(everyone=plain(f.FellowshipBegan, "ends_at")),
    fe.HelperNamed: View(everyone=plain(f.HelperNamed, "participant", "helper"), moderators=action(f.HelperNamed, "helper")),
    fe.ChairTaken: View(everyone=_named(f.ChairTaken)),
    fe.HandRaised: View(everyone=_named(f.HandRaised, "place"), moderators=_named(f.HandRaised, "place", "reason", "words")),
    fe.HandLowered: View(everyone=plain(f.HandLowered, "participant")),
    fe.HandMoved: View(everyone=plain(f.HandMoved, "participant", "place")),
    fe.QueueClosed: View(everyone=plain(f.QueueClosed)),
    fe.QueueOpened: View(everyone=plain(f.QueueOpened)),
    fe.FloorGiven: View(everyone=_named(f.FloorGiven, "share_ms")),
    fe.FloorReleased: View(everyone=plain(f.FloorReleased, "participant", "ending")),
    fe.FloorPaused: View(everyone=plain(f.FloorPaused, "participant", "since")),
    fe.FloorResumed: View(everyone=plain(f.FloorResumed, "participant")),
    fe.Invited: View(moderators=_named(f.Invited), subject=_my_invitation(True)),
    fe.InvitationEnded: View(moderators=plain(f.InvitationEnded, "participant"), subject=_my_invitation(False)),
    fe.Typing: View(everyone=plain(f.Typing, "participant"), subject=_my_words),
    fe.SharerAsked: View(subject=_my_question(True)),
    fe.FloorKept: View(subject=_my_question(False)),
    fe.ShareUnfinished: View(subject=_my_unfinished),
    fe.UnsentWords: View(),
    fe.GraceGiven: View(everyone=plain(f.GraceGiven, "ends_at")),
    fe.FloorSet: View(everyone=plain(f.FloorSet, "share_minutes", "first_shares_first", "call_each", "protect_minutes")),
}


# ---- of the whole room ---------------------------------------------------------------------------------------------------


def _phase_fields(phase: Phase) -> Fields:
    return {name: getattr(phase, name) for name in PHASE_FIELDS}


def course_view(room: Room) -> Fields:
    """The course as everyone sees it: the current phase, and of the others only how many there are."""
    course = room.course
    return {
        "index": course.index,
        "started_at": course.started_at,
        "phase": _phase_fields(course.phase),
        "phases": len(course.script),
        "on_clock": course.on_clock,
        "topic": course.topic,
        "chips_open": course.chips_open,
        "fellowship_minutes": course.fellowship_minutes,
        "fellowship": course.fellowship,
        "graced": course.graced,
        "text_waits": course.text_waits,
    }


_FLOOR_FIELDS = (
    "holder", "since_at", "paused_at", "paused_ms", "share_ms", "typing_at", "posted_at", "queue_closed",
)  # fmt: skip


def floor_view(room: Room) -> Fields:
    """The floor as everyone sees it: who has it, and the queue without reasons."""
    floor = room.floor
    settings = {name: getattr(floor.settings, name) for name in floor.settings.__struct_fields__}
    return {
        **{name: getattr(floor, name) for name in _FLOOR_FIELDS},
        "share": EntryId(floor.share),
        **settings,
        "nickname": nickname(room, floor.holder),
        "queue": [{"participant": hand.participant, "nickname": nickname(room, hand.participant)} for hand in floor.queue],
    }


def my_floor_view(room: Room, person: Participant) -> Fields:
    """What the floor is to one person."""
    floor, holds = room.floor, room.floor.holder == person.id
    return {
        "helper": person.helper,
        "invited": floor.invited == person.id,
        "shared": floor.shared.get(person.id, 0),
        "holds_words": holds and floor.holds_words,
        "asked": holds and floor.asked_at > 0,
        "unfinished": person.id in floor.unfinished,
    }


def floor_desk_view(room: Room) -> Fields:
    """What only moderators see."""
    hands = {hand.participant: {"reason": hand.reason, "words": hand.words} for hand in room.floor.queue}
    return {"script": room.course.script, "hands": hands, "invited": room.floor.invited}
