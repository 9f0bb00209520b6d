"""What anyone in the room may do: say, take back, react, report, leave."""

from hashlib import sha256

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.events import Draft
from chatroom.core.floor_events import Helper
from chatroom.core.limits import MESSAGE_CODE_POINTS, OPEN_REPORTS_PER_PERSON, READING_CODE_POINTS, REASON_CODE_POINTS
from chatroom.core.messages import Message
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.cases import withdraw
from chatroom.core.rules.floor import given_up, may_speak
from chatroom.core.rules.pace import refuse_paused
from chatroom.core.rules.permissions import leads, refuse_muted
from chatroom.core.same_person import names_together, own_names
from chatroom.core.text import clean_optional, clean_text


def post(room: Room, actor: Participant, command: c.Post, now: int) -> Draft:
    refuse_muted(actor, now)
    refuse_paused(room, actor, now)
    if not may_speak(room, actor):
        raise Refused("not_your_turn")
    reads = leads(room, actor) or actor.helper is Helper.READER
    limit = READING_CODE_POINTS if reads else MESSAGE_CODE_POINTS
    text = clean_text(command.text, limit)
    return Draft(
        events=(e.MessagePosted(actor.id, text, command.origin_id, topic=command.topic),),
        origin=f"{actor.id}:{command.origin_id}",
        fingerprint=sha256(text.encode()).digest(),
    )


def retract(room: Room, actor: Participant, command: c.Retract, now: int) -> Draft:
    if command.message in room.cases.held:
        return withdraw(room, actor, command.message)
    message = readable_message(room, actor, command.message)
    if message.by != actor.id:
        raise Refused("not_yours")
    return erasure(message, e.Retracted(actor.id, message.offset))


def react(room: Room, actor: Participant, command: c.React, now: int) -> Draft:
    message = readable_message(room, actor, command.message)
    people = message.reactions.get(command.reaction, ())
    already = [name for name in own_names(room, actor) if name in people]
    if bool(already) is command.on:
        return Draft(events=())
    names = already or [actor.id]
    return Draft(events=tuple(e.Reacted(name, message.offset, command.reaction, command.on) for name in names))


def report(room: Room, actor: Participant, command: c.Report, now: int) -> Draft:
    message = readable_message(room, actor, command.message)
    if message.offset in actor.reported:
        return Draft(events=())
    refuse_many_reports(room, actor)
    words = clean_optional(command.words, REASON_CODE_POINTS)
    return Draft(events=(e.Reported(actor.id, message.offset, command.reason, words),))


def refuse_many_reports(room: Room, actor: Participant) -> None:
    """Raises Refused already_reported when enough reports of this person are open."""
    names = names_together(room, actor)
    if sum(not report.outcome and report.by in names for report in room.reports.values()) >= OPEN_REPORTS_PER_PERSON:
        raise Refused("already_reported")


def leave(room: Room, actor: Participant, command: c.Leave, now: int) -> Draft:
    reason = e.Departure.QUIET if command.quiet else e.Departure.LEFT
    return Draft(events=(*given_up(room, actor.id), e.Left(actor.id, reason)))


def readable_message(room: Room, actor: Participant, offset: int) -> Message:
    """The message at this offset. Raises Refused: no_such_message, also for what came before the person did."""
    message = room.messages.get(offset)
    if message is None or message.gone or offset < actor.sees_from:
        raise Refused("no_such_message")
    return message


def erasure(message: Message, event: e.AnyEvent) -> Draft:
    """The event, together with the erasing of the message's text in the log."""
    return Draft(events=(event,), erases=(erased(message),))


def erased(message: Message) -> tuple[int, e.AnyEvent]:
    """What is left of the message in the log, for `Draft.erases`."""
    return message.offset, e.MessagePosted(message.by, "", message.origin_id, message.kind)
