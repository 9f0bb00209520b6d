"""The course of the meeting, folded: where the script stands, who helps, who has the chair."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import floor_events as fe
from chatroom.core.event_base import Event
from chatroom.core.events import Entry, Role, RoomOpened
from chatroom.core.limits import TOTAL_MINUTES_AT_MOST
from chatroom.core.script import OPEN_PHASE, Phase, Script

if TYPE_CHECKING:
    from chatroom.core.room import Participant, Room


class Course(msgspec.Struct):
    """`index` is -1 before the first phase. `started_at` is when the current phase began, 0 when there is none."""

    script: Script = ()
    index: int = 0
    started_at: int = 0
    on_clock: bool = False
    topic: str = ""
    chips_open: bool = False
    fellowship_minutes: int = 0
    fellowship: bool = False
    """Whether the meeting is over and people stay on."""
    writing_at: int = 0
    """When someone was last known to write: the one who shares, or near the end anyone."""
    text_waits: bool = False
    """Whether the text of the current phase is left to a reader, who has not posted it yet."""
    graced: bool = False
    """Whether the meeting goes on beyond its end for those who write."""

    @property
    def in_phase(self) -> bool:
        """Whether the meeting is in a phase of its script."""
        return not self.fellowship and 0 <= self.index < len(self.script)

    @property
    def phase(self) -> Phase:
        return self.script[self.index] if self.in_phase else OPEN_PHASE


def opened_with(event: RoomOpened) -> Course:
    """The course of a room that was just opened."""
    return Course(script=event.script, index=-1 if event.script else 0, fellowship_minutes=event.fellowship_minutes)


def closes_at(room: "Room") -> int:
    """When the room is over: at its end, or after the fellowship that is still to come."""
    if room.course.fellowship or not room.course.fellowship_minutes:
        return room.ends_at
    at_most = room.opened.starts_at + TOTAL_MINUTES_AT_MOST * 60_000
    return max(room.ends_at, min(room.ends_at + room.course.fellowship_minutes * 60_000, at_most))


def came(room: "Room", person: "Participant") -> None:
    """Someone is here, anew or again: the chair goes back to a host."""
    if person.role is Role.HOST:
        room.chair, room.host_gone_at = "", 0


def went(room: "Room", person: "Participant", since: int) -> None:
    """Someone is not here since then."""
    if person.role is Role.HOST and not room.host_gone_at and not any(host.here for host in hosts(room)):
        room.host_gone_at = since


def hosts(room: "Room") -> list["Participant"]:
    return [room.people[name] for name in room.moderators if room.people[name].role is Role.HOST]


def gave_up_seat(room: "Room", person: "Participant") -> None:
    """Someone has left or was removed: what they helped with is open again."""
    person.helper = fe.Helper.NONE
    if room.chair == person.id:
        room.chair = ""


def is_participant_now(room: "Room", person: "Participant") -> None:
    """Someone moderates no more, and so neither leads."""
    if person.helper is fe.Helper.COHOST:
        person.helper = fe.Helper.NONE
    if room.chair == person.id:
        room.chair = ""


def _phase_started(room: "Room", entry: Entry, event: fe.PhaseStarted) -> None:
    course = room.course
    course.index, course.started_at, course.text_waits = event.index, entry.at, event.has_text


def _script_changed(room: "Room", entry: Entry, event: fe.ScriptChanged) -> None:
    course = room.course
    course.script, course.index, course.started_at = event.script, event.index, event.started_at
    course.text_waits = course.text_waits and bool(course.phase.text)


def _course_changed(room: "Room", entry: Entry, event: fe.CourseChanged) -> None:
    course = room.course
    course.on_clock, course.chips_open, course.fellowship_minutes = event.on_clock, event.chips_open, event.fellowship_minutes


def _topic_set(room: "Room", entry: Entry, event: fe.TopicSet) -> None:
    room.course.topic = event.topic


def _fellowship_began(room: "Room", entry: Entry, event: fe.FellowshipBegan) -> None:
    room.ends_at = max(room.ends_at, event.ends_at)
    room.course.fellowship, room.course.started_at, room.course.text_waits = True, entry.at, False
    room.floor.queue, room.floor.queue_closed = [], True


def _helper_named(room: "Room", entry: Entry, event: fe.HelperNamed) -> None:
    """Where two histories were joined, a co-host may moderate no more."""
    person = room.people.get(event.participant)
    if person and person.seated and (person.moderates or event.helper is not fe.Helper.COHOST):
        person.helper = event.helper


def _chair_taken(room: "Room", entry: Entry, event: fe.ChairTaken) -> None:
    """Where two histories were joined, a host may be here, or who took it moderate no more."""
    person = room.people.get(event.participant)
    if room.host_gone_at and person and person.seated and person.moderates:
        room.chair = event.participant


def _unsent_words(room: "Room", entry: Entry, event: fe.UnsentWords) -> None:
    room.course.writing_at = entry.at


def _grace_given(room: "Room", entry: Entry, event: fe.GraceGiven) -> None:
    room.ends_at, room.course.graced = max(room.ends_at, event.ends_at), True


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    fe.PhaseStarted: _phase_started,
    fe.ScriptChanged: _script_changed,
    fe.CourseChanged: _course_changed,
    fe.TopicSet: _topic_set,
    fe.FellowshipBegan: _fellowship_began,
    fe.HelperNamed: _helper_named,
    fe.ChairTaken: _chair_taken,
    fe.UnsentWords: _unsent_words,
    fe.GraceGiven: _grace_given,
}
