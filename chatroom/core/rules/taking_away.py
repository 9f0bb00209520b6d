"""What someone wrote is taken away in the same draft as the act it belongs to, so that nothing stands between the two."""

from collections.abc import Sequence
from itertools import chain

import msgspec

from chatroom.core import events as e
from chatroom.core import safety_events as s
from chatroom.core.calm import is_veiled
from chatroom.core.cases import waiting
from chatroom.core.events import Draft, Outcome
from chatroom.core.limits import REDACTED_AT_ONCE
from chatroom.core.messages import Message, Report
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.rules.cases import resolution
from chatroom.core.rules.talk import erased


def together(*drafts: Draft) -> Draft:
    """One draft of these, in their order. Only for drafts without an origin."""
    return Draft(
        events=tuple(chain.from_iterable(draft.events for draft in drafts)),
        erases=tuple(chain.from_iterable(draft.erases for draft in drafts)),
        exact=any(draft.exact for draft in drafts),
    )


def redaction_of(room: Room, person: Participant, by: str, reason: str = "", *, along: bool) -> Draft:
    """All that this person said and still stands is erased, at most the newest REDACTED_AT_ONCE.

    It is decided again when something was said meanwhile: that has to go as well.
    """
    theirs = [message for message in room.messages.values() if message.by == person.id and not message.gone]
    return msgspec.structs.replace(redaction(theirs[-REDACTED_AT_ONCE:], by, reason, along=along), exact=True)


def veiled_of_removed(room: Room) -> list[Message]:
    """What people who are removed said and the veil covers, the oldest first."""
    removed = {person.id for person in room.people.values() if person.standing is Standing.REMOVED}
    return [message for message in room.messages.values() if message.by in removed and is_veiled(room, message)]


def redaction(messages: Sequence[Message], by: str, reason: str, *, along: bool) -> Draft:
    """These messages are erased, `along` with another act."""
    return Draft(
        events=tuple(e.Redacted(message.offset, by, reason, along) for message in messages),
        erases=tuple(erased(message) for message in messages),
    )


def is_wanted(room: Room, person: Participant, choice: bool | None) -> bool:
    """Whether a removal takes away what the person wrote: as chosen, else when it was reported or the guard is up."""
    if choice is not None:
        return choice
    return room.guard.guard is not None or bool(_open_reports(room, person))


def held_back(room: Room, person: Participant, by: str, reason: str) -> Draft:
    """What waits of this person is rejected."""
    return together(*(resolution(one, s.HeldState.REJECTED, by, reason) for one in waiting(room) if one.by == person.id))


def acted_on(room: Room, person: Participant, by: str) -> Draft:
    """The open reports about this person are closed."""
    return Draft(events=tuple(e.ReportResolved(one.offset, by, Outcome.ACTED) for one in _open_reports(room, person)))


def _open_reports(room: Room, person: Participant) -> list[Report]:
    return [report for report in room.reports.values() if not report.outcome and _author(room, report) == person.id]


def _author(room: Room, report: Report) -> str:
    message = room.messages.get(report.message)
    return message.by if message else report.about
