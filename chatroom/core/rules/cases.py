"""What waits for a moderator: words that are held, concerns; who looks at what; what messages are about."""

from typing import Any

from chatroom.core import safety_commands as c
from chatroom.core import safety_events as s
from chatroom.core.cases import Held, item_at, waiting
from chatroom.core.command_base import Command
from chatroom.core.commands import NoteConcern, Post, Reviewed
from chatroom.core.events import AnyEvent, Draft, MessagePosted
from chatroom.core.limits import (
    BUSY_SECONDS,
    HELD_PER_PERSON,
    HELD_PER_ROOM,
    HELD_TEXTS,
    REASON_CODE_POINTS,
    WORRIES_PER_PERSON,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rules.permissions import MODERATORS, refuse_claimed, refuse_muted
from chatroom.core.same_person import names_together
from chatroom.core.support_commands import TakeChip, Thank
from chatroom.core.text import clean_text
from chatroom.core.texts import cost

WORDS = frozenset({Post, Thank, TakeChip})
"""Commands that come to words for everyone."""


# ---- words that are held -------------------------------------------------------------------------------------------------


def looked_at(room: Room, actor: Participant, review: Reviewed, draft: Draft) -> Draft:
    """What becomes of words that were reviewed: held or not, with the concern they give."""
    (said,) = draft.events
    assert isinstance(said, MessagePosted)
    events: tuple[AnyEvent, ...] = (_held(room, said, review.hold, review.reason),) if review.hold else (said,)
    events += _concern(room, actor, review.concern, said=True)
    return Draft(events=events, origin=draft.origin, fingerprint=draft.fingerprint)


def note_concern(room: Room, actor: Participant, command: NoteConcern) -> Draft:
    return Draft(events=_concern(room, actor, command.concern, said=False))


def _concern(room: Room, actor: Participant, danger: s.Danger, *, said: bool) -> tuple[AnyEvent, ...]:
    if not danger or _is_known(room, actor, danger):
        return ()
    return (s.ConcernNoted(actor.id, s.Sign.WORDS, danger, said=said),)


def _held(room: Room, said: MessagePosted, policy: str, reason: str) -> s.MessageHeld:
    held, names = waiting(room), names_together(room, room.people[said.participant])
    mine = sum(one.by in names for one in held)
    texts = sum(cost(one.text) for one in held) + cost(said.text)
    if mine >= HELD_PER_PERSON or len(held) >= HELD_PER_ROOM or texts > HELD_TEXTS:
        raise Refused("room_busy", BUSY_SECONDS)
    return s.MessageHeld(said.participant, said.text, said.origin_id, said.kind, said.name, said.topic, policy, reason)


def _is_known(room: Room, person: Participant, danger: s.Danger) -> bool:
    """Whether the moderators know of it already and have not resolved it."""
    names = names_together(room, person)
    return any(
        concern.participant in names and concern.sort is s.Sign.WORDS and concern.topic is danger
        for concern in room.cases.concerns.values()
    )


def _waiting(room: Room, offset: int) -> Held:
    held = room.cases.held.get(offset)
    if held is None:
        raise Refused("no_such_item")
    if not held.waits:
        raise Refused("already_so")
    return held


def accept_held(room: Room, actor: Participant, command: c.AcceptHeld, now: int) -> Draft:
    """The words are said now, by their author, whoever has the floor."""
    held = _waiting(room, command.held)
    author = room.people.get(held.by)
    if author is None or author.standing is Standing.REMOVED:
        raise Refused("no_such_person")
    said = MessagePosted(held.by, held.text, held.origin_id, held.kind, held.name, held.topic)
    return resolution(held, s.HeldState.ACCEPTED, actor.id, "", said)


def reject_held(room: Room, actor: Participant, command: c.RejectHeld, now: int) -> Draft:
    held = _waiting(room, command.held)
    return resolution(held, s.HeldState.REJECTED, actor.id, clean_text(command.reason, REASON_CODE_POINTS))


def withdraw(room: Room, actor: Participant, offset: int) -> Draft:
    """The author takes back what is held."""
    held = room.cases.held[offset]
    if held.by != actor.id or not held.waits:
        raise Refused("no_such_message")
    return resolution(held, s.HeldState.WITHDRAWN)


def resolution(held: Held, state: s.HeldState, by: str = "", reason: str = "", *then: AnyEvent) -> Draft:
    """The held text leaves the log in the same step."""
    erased = s.MessageHeld(held.by, "", held.origin_id, held.kind, "", s.Topic.NONE, held.policy, "")
    resolved = s.HeldResolved(held.offset, held.by, state, by, reason)
    return Draft(events=(resolved, *then), erases=((held.offset, erased),))


# ---- concerns ------------------------------------------------------------------------------------------------------------


def worry(room: Room, actor: Participant, command: c.Worry, now: int) -> Draft:
    person = room.people.get(command.participant)
    if person is None or not person.seated or person.id == actor.id:
        raise Refused("no_such_person")
    known = [name for mine in names_together(room, actor) for name in room.cases.worried.get(mine, [])]
    if person.id in known:
        return Draft(events=())
    if len(known) >= WORRIES_PER_PERSON:
        raise Refused("too_often")
    return Draft(events=(s.ConcernNoted(person.id, s.Sign.FRIEND, by=actor.id),))


def resolve_concern(room: Room, actor: Participant, command: c.ResolveConcern, now: int) -> Draft:
    concern = room.cases.concerns.get(command.concern)
    if concern is None:
        raise Refused("no_such_item")
    return Draft(events=(s.ConcernResolved(concern.offset, concern.participant, actor.id),))


# ---- who looks at what ---------------------------------------------------------------------------------------------------


def claim(room: Room, actor: Participant, command: c.Claim, now: int) -> Draft:
    item = item_at(room, command.item)
    if item is None:
        raise Refused("no_such_item")
    refuse_claimed(room, actor, item.claimed_by)
    return Draft(events=(s.Claimed(item.offset, actor.id),))


# ---- what messages are about ---------------------------------------------------------------------------------------------


def note_content(room: Room, actor: Participant, command: c.NoteContent, now: int) -> Draft:
    message = room.messages.get(command.message)
    if message is None or message.gone or message.offset < actor.sees_from:
        raise Refused("no_such_message")
    is_own = message.by == actor.id
    if not is_own and actor.role not in MODERATORS:
        raise Refused("not_yours")
    if message.topic is command.topic:
        raise Refused("already_so")
    refuse_muted(actor, now)
    return Draft(events=(s.ContentNoted(message.offset, command.topic, "" if is_own else actor.id),))


RULES: dict[type[Command], Any] = {
    c.Claim: claim,
    c.AcceptHeld: accept_held,
    c.RejectHeld: reject_held,
    c.Worry: worry,
    c.ResolveConcern: resolve_concern,
    c.NoteContent: note_content,
}
