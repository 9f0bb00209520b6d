"""What the moderators have for themselves, folded: their channel, notes on people, breaks, the list of words.

What they see of private texts (lines, channel, notes) is bounded in all, as `texts.py` says.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import safety_events as s
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.texts import Said, cost, newest

if TYPE_CHECKING:
    from chatroom.core.room import Participant, Room


class Team(msgspec.Struct):
    said: list[Said] = []
    notes: dict[str, list[Said]] = {}
    """By the person they are about; empty origin ids."""
    on_break: list[str] = []
    words: tuple[s.Word, ...] = ()
    texts: list[tuple[int, int]] = []
    """Of each private text that moderators see, the oldest first: its offset and its cost."""

    @property
    def texts_from(self) -> int:
        """The offset of the oldest private text that moderators see."""
        return self.texts[0][0] if self.texts else 0


def _cost_of_pair(pair: tuple[int, int]) -> int:
    return pair[1]


def private_text(room: "Room", offset: int, text: str) -> None:
    """Count a text that moderators see from now on, and forget what they no longer do."""
    team = room.team
    team.texts = newest([*team.texts, (offset, cost(text))], _cost_of_pair)
    team.said = [said for said in team.said if said.offset >= team.texts_from]
    notes = {name: [note for note in notes if note.offset >= team.texts_from] for name, notes in team.notes.items()}
    team.notes = {name: kept for name, kept in notes.items() if kept}


def on_duty(room: "Room", person: "Participant") -> bool:
    """Whether this person is here to moderate, and not on a break."""
    return person.here and person.moderates and person.id not in room.team.on_break


def gave_up_break(room: "Room", participant: str) -> None:
    """Someone is no moderator any more, or gone: a break is over with that."""
    if participant in room.team.on_break:
        room.team.on_break.remove(participant)


def _said(room: "Room", entry: Entry, by: str, text: str, origin_id: str) -> Said | None:
    person = room.people.get(by)
    return Said(entry.at, person.id, person.nickname, text, origin_id, entry.offset) if person else None


def _team_said(room: "Room", entry: Entry, event: s.TeamSaid) -> None:
    if said := _said(room, entry, event.by, event.text, event.origin_id):
        room.team.said.append(said)
        private_text(room, entry.offset, event.text)


def _note_written(room: "Room", entry: Entry, event: s.NoteWritten) -> None:
    if event.participant in room.people and (note := _said(room, entry, event.by, event.text, "")):
        room.team.notes.setdefault(event.participant, []).append(note)
        private_text(room, entry.offset, event.text)


def _break_taken(room: "Room", entry: Entry, event: s.BreakTaken) -> None:
    if event.participant in room.people and event.participant not in room.team.on_break:
        room.team.on_break.append(event.participant)


def _break_over(room: "Room", entry: Entry, event: s.BreakOver) -> None:
    gave_up_break(room, event.participant)


def _words_set(room: "Room", entry: Entry, event: s.WordsSet) -> None:
    room.team.words = event.words


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    s.TeamSaid: _team_said,
    s.NoteWritten: _note_written,
    s.BreakTaken: _break_taken,
    s.BreakOver: _break_over,
    s.WordsSet: _words_set,
}
