"""Chips and thanks, which are messages with a name; private lines, which are open to the muted as well."""

from hashlib import sha256

from chatroom.core import support_commands as c
from chatroom.core import support_events as s
from chatroom.core.events import Draft, MessageKind, MessagePosted
from chatroom.core.limits import CHIP_CODE_POINTS, MESSAGE_CODE_POINTS
from chatroom.core.lines import Line
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.pace import refuse_paused
from chatroom.core.rules.permissions import refuse_claimed, refuse_muted
from chatroom.core.same_person import names_together
from chatroom.core.script import Crosstalk, PhaseKind
from chatroom.core.text import clean_optional, clean_text


def thank(room: Room, actor: Participant, command: c.Thank, now: int) -> Draft:
    refuse_muted(actor, now)
    refuse_paused(room, actor, now)
    if room.course.phase.crosstalk is Crosstalk.NONE:
        raise Refused("thanks_closed")
    return _message(actor, command.origin_id, MessageKind.THANKS, command.reply, "")


def take_chip(room: Room, actor: Participant, command: c.TakeChip, now: int) -> Draft:
    refuse_muted(actor, now)
    refuse_paused(room, actor, now)
    if room.course.phase.kind is not PhaseKind.MILESTONES and not room.course.chips_open:
        raise Refused("chips_closed")
    clean = clean_text if command.chip in _CHIPS_IN_WORDS else clean_optional
    return _message(actor, command.origin_id, MessageKind.CHIP, command.chip, clean(command.words, CHIP_CODE_POINTS))


_CHIPS_IN_WORDS = frozenset({c.Chip.YEARS, c.Chip.OWN})
"""Chips that say nothing without words."""


def _message(actor: Participant, origin_id: str, kind: MessageKind, name: str, text: str) -> Draft:
    return Draft(
        events=(MessagePosted(actor.id, text, origin_id, kind, name),),
        origin=f"{actor.id}:{origin_id}",
        fingerprint=sha256(f"{kind} {name} {text}".encode()).digest(),
    )


def ask_support(room: Room, actor: Participant, command: c.AskSupport, now: int) -> Draft:
    line = room.lines.get(actor.id)
    if line and line.open:
        raise Refused("already_so")
    return Draft(events=(*_left_open(room, actor), s.LineOpened(actor.id)))


def _left_open(room: Room, actor: Participant) -> tuple[s.LineClosed, ...]:
    """The lines on seats that this person gave up are closed: one a person is open."""
    names = [name for name in names_together(room, actor) if not room.people[name].seated]
    return tuple(s.LineClosed(name, "") for name in names if name in room.lines and room.lines[name].open)


def say_privately(room: Room, actor: Participant, command: c.SayPrivately, now: int) -> Draft:
    owner = command.line or actor.id
    if owner != actor.id and not actor.moderates:
        raise Refused("no_line")
    _open_line(room, owner)
    person = room.people.get(owner)
    if person is None or not person.seated:
        raise Refused("no_such_person")
    text = clean_text(command.text, MESSAGE_CODE_POINTS)
    return Draft(
        events=(s.LineSaid(owner, actor.id, text, command.origin_id),),
        origin=f"{actor.id}:{command.origin_id}",
        fingerprint=sha256(f"line {owner} {text}".encode()).digest(),
    )


def claim_line(room: Room, actor: Participant, command: c.ClaimLine, now: int) -> Draft:
    line = _open_line(room, command.line)
    refuse_claimed(room, actor, line.claimed_by)
    return Draft(events=(s.LineClaimed(command.line, actor.id),))


def close_line(room: Room, actor: Participant, command: c.CloseLine, now: int) -> Draft:
    _open_line(room, command.line)
    return Draft(events=(s.LineClosed(command.line, actor.id),))


def _open_line(room: Room, owner: str) -> Line:
    line = room.lines.get(owner)
    if line is None or not line.open:
        raise Refused("no_line")
    return line
