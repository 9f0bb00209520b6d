"""Direct messages: off until a host lets people have them, and then only where both of the two agree."""

from hashlib import sha256
from typing import Any

from chatroom.core import direct_commands as c
from chatroom.core import direct_events as d
from chatroom.core.command_base import Command
from chatroom.core.direct import Talk, TalkState
from chatroom.core.events import Draft
from chatroom.core.limits import (
    DIRECT_QUESTIONS_PER_PERSON,
    MESSAGE_CODE_POINTS,
    REASON_CODE_POINTS,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.permissions import refuse_muted
from chatroom.core.rules.talk import refuse_many_reports
from chatroom.core.same_person import names_together, own_names
from chatroom.core.text import clean_optional, clean_text


def set_direct(room: Room, actor: Participant, command: c.SetDirect, now: int) -> Draft:
    if room.direct.on is command.on:
        raise Refused("already_so")
    return Draft(events=(d.DirectSet(command.on, actor.id),))


def ask_direct(room: Room, actor: Participant, command: c.AskDirect, now: int) -> Draft:
    """Who was turned down may not ask again; the other one may."""
    refuse_muted(actor, now)
    other, talk = _other(room, actor, command.participant), room.direct.talk(actor.id, command.participant)
    if talk and talk.state is TalkState.OPEN:
        raise Refused("already_so")
    if talk and talk.state in (TalkState.ASKED, TalkState.ASKS_ME):
        raise Refused("direct_waiting")
    talks = [room.direct.talks.get(name, {}) for name in names_together(room, actor)]
    if any(talks_of[name].turned_down for talks_of in talks for name in own_names(room, other) if name in talks_of):
        raise Refused("no_direct")
    if sum(one.state is TalkState.ASKED for talks_of in talks for one in talks_of.values()) >= DIRECT_QUESTIONS_PER_PERSON:
        raise Refused("direct_waiting")
    return Draft(events=(d.DirectAsked(actor.id, other.id, True), d.DirectAsked(other.id, actor.id, False)))


def answer_direct(room: Room, actor: Participant, command: c.AnswerDirect, now: int) -> Draft:
    other, talk = _other(room, actor, command.participant), room.direct.talk(actor.id, command.participant)
    if talk is None or talk.state is not TalkState.ASKS_ME:
        raise Refused("no_direct")
    yes = command.yes
    return Draft(events=(d.DirectAnswered(actor.id, other.id, True, yes), d.DirectAnswered(other.id, actor.id, False, yes)))


def say_direct(room: Room, actor: Participant, command: c.SayDirect, now: int) -> Draft:
    refuse_muted(actor, now)
    other, talk = _other(room, actor, command.participant), room.direct.talk(actor.id, command.participant)
    if talk is None or talk.state is not TalkState.OPEN:
        raise Refused("no_direct")
    text = clean_text(command.text, MESSAGE_CODE_POINTS)
    return Draft(
        events=(
            d.DirectSaid(actor.id, other.id, True, text, command.origin_id),
            d.DirectSaid(other.id, actor.id, False, text, command.origin_id),
        ),
        origin=f"{actor.id}:{command.origin_id}",
        fingerprint=sha256(f"direct {other.id} {text}".encode()).digest(),
    )


def end_direct(room: Room, actor: Participant, command: c.EndDirect, now: int) -> Draft:
    """Also when the other one has left."""
    talk = _talk(room, actor, command.participant)
    if talk.state is TalkState.OVER:
        raise Refused("already_so")
    other = command.participant
    return Draft(events=(d.DirectEnded(actor.id, other, True), d.DirectEnded(other, actor.id, False)))


def report_direct(room: Room, actor: Participant, command: c.ReportDirect, now: int) -> Draft:
    """Also when it is over; what was written comes to the moderators as it stands in the own copy, and goes from there."""
    talk = _talk(room, actor, command.participant)
    said = next((said for said in talk.said if said.offset == command.said and said.by != actor.id), None)
    if said is None:
        raise Refused("no_such_message")
    if not said.text:
        return Draft(events=())
    refuse_many_reports(room, actor)
    words = clean_optional(command.words, REASON_CODE_POINTS)
    return Draft(events=(d.DirectReported(actor.id, said.by, said.offset, said.text, command.reason, words),))


def _other(room: Room, actor: Participant, participant: str) -> Participant:
    """The other one, while direct messages are on."""
    if not room.direct.on:
        raise Refused("direct_off")
    person = room.people.get(participant)
    if person is None or not person.seated or person.id == actor.id:
        raise Refused("no_such_person")
    return person


def _talk(room: Room, actor: Participant, other: str) -> Talk:
    talk = room.direct.talk(actor.id, other)
    if talk is None:
        raise Refused("no_direct")
    return talk


RULES: dict[type[Command], Any] = {
    c.SetDirect: set_direct,
    c.AskDirect: ask_direct,
    c.AnswerDirect: answer_direct,
    c.SayDirect: say_direct,
    c.EndDirect: end_direct,
    c.ReportDirect: report_direct,
}
