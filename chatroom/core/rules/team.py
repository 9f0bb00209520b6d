"""What moderators have for themselves: their channel, notes, breaks, the list of words; lines they open; erasing all of one."""

from hashlib import sha256
from typing import Any

from chatroom.core import safety_commands as c
from chatroom.core import safety_events as s
from chatroom.core.command_base import Command
from chatroom.core.events import Draft
from chatroom.core.limits import (
    MESSAGE_CODE_POINTS,
    NOTE_CODE_POINTS,
    NOTES_PER_PERSON,
    REASON_CODE_POINTS,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.door import on_duty_again
from chatroom.core.rules.permissions import someone_below
from chatroom.core.rules.taking_away import redaction_of
from chatroom.core.support_events import LineClaimed, LineOpened
from chatroom.core.team import on_duty
from chatroom.core.text import clean_optional, clean_text
from chatroom.core.words_list import checked_words


def say_to_team(room: Room, actor: Participant, command: c.SayToTeam, now: int) -> Draft:
    text = clean_text(command.text, MESSAGE_CODE_POINTS)
    return Draft(
        events=(s.TeamSaid(actor.id, text, command.origin_id),),
        origin=f"{actor.id}:{command.origin_id}",
        fingerprint=sha256(f"team {text}".encode()).digest(),
    )


def write_note(room: Room, actor: Participant, command: c.WriteNote, now: int) -> Draft:
    person = _someone(room, command.participant)
    if len(room.team.notes.get(person.id, ())) >= NOTES_PER_PERSON:
        raise Refused("too_often")
    return Draft(events=(s.NoteWritten(person.id, clean_text(command.text, NOTE_CODE_POINTS), actor.id),))


def _someone(room: Room, participant: str) -> Participant:
    person = room.people.get(participant)
    if person is None:
        raise Refused("no_such_person")
    return person


def take_break(room: Room, actor: Participant, command: c.TakeBreak, now: int) -> Draft:
    if actor.id in room.team.on_break:
        raise Refused("already_so")
    others = (room.people[name] for name in room.moderators if name != actor.id)
    if not any(on_duty(room, other) for other in others):
        raise Refused("last_on_duty")
    return Draft(events=(s.BreakTaken(actor.id),))


def end_break(room: Room, actor: Participant, command: c.EndBreak, now: int) -> Draft:
    if actor.id not in room.team.on_break:
        raise Refused("already_so")
    return Draft(events=(s.BreakOver(actor.id), *on_duty_again(room)))


def set_words(room: Room, actor: Participant, command: c.SetWords, now: int) -> Draft:
    words = checked_words(command.words)
    if words == room.team.words:
        raise Refused("already_so")
    return Draft(events=(s.WordsSet(words, actor.id),))


def open_line(room: Room, actor: Participant, command: c.OpenLine, now: int) -> Draft:
    person = _someone(room, command.participant)
    if not person.seated:
        raise Refused("no_such_person")
    line = room.lines.get(person.id)
    if line and line.open:
        raise Refused("already_so")
    return Draft(events=(LineOpened(person.id, actor.id), LineClaimed(person.id, actor.id)))


def redact_all(room: Room, actor: Participant, command: c.RedactAll, now: int) -> Draft:
    """The newest, if there are too many to be erased at once."""
    person = _someone(room, command.participant)
    if person.id != actor.id:
        someone_below(room, actor, person.id)
    reason = clean_optional(command.reason, REASON_CODE_POINTS)
    theirs = redaction_of(room, person, actor.id, reason, along=False)
    if not theirs.events:
        raise Refused("no_such_message")
    return theirs


RULES: dict[type[Command], Any] = {
    c.SayToTeam: say_to_team,
    c.WriteNote: write_note,
    c.TakeBreak: take_break,
    c.EndBreak: end_break,
    c.SetWords: set_words,
    c.OpenLine: open_line,
    c.RedactAll: redact_all,
}
