"""A room, folded from its log. Everything that changes a room is here: `apply`, one small function per event.

Nothing here awaits, logs, reads a clock or draws a random number, and nothing here raises: an event about someone or
something that is not there changes nothing. `apply` changes the room it is given and returns it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from chatroom.core import events as e
from chatroom.core.events import Entry, LateJoiners, Reaction, Role
from chatroom.core.limits import ACTIONS_KEPT, HISTORY_ENTRIES
from chatroom.core.nicknames import skeleton


class Standing(StrEnum):
    HERE = "here"
    DROPPED = "dropped"
    LEFT = "left"
    REMOVED = "removed"


SEATED = frozenset({Standing.HERE, Standing.DROPPED})


class Participant(msgspec.Struct):
    id: str
    nickname: str
    role: Role
    seat_hash: bytes
    network_tag: bytes
    sees_from: int
    """Messages at offsets below this are not for this person."""
    standing: Standing = Standing.HERE
    session: str = ""
    process: str = ""
    muted_until: int = 0
    mute_reason: str = ""
    muted_by: str = ""
    removed_reason: str = ""

    @property
    def seated(self) -> bool:
        return self.standing in SEATED

    @property
    def moderates(self) -> bool:
        return self.role is not Role.PARTICIPANT


class Message(msgspec.Struct):
    offset: int
    at: int
    by: str
    nickname: str
    role: Role
    text: str
    origin_id: str
    gone: str = ""
    """Empty, "retracted" or "redacted"."""
    reactions: dict[Reaction, set[str]] = {}


class Report(msgspec.Struct):
    offset: int
    at: int
    message: int
    by: str
    reason: e.ReportReason
    words: str
    claimed_by: str = ""
    outcome: str = ""


class Room(msgspec.Struct):
    about: e.RoomOpened | None = None
    ends_at: int = 0
    offset: int = 0
    at: int = 0
    locked: bool = False
    ended: bool = False
    people: dict[str, Participant] = {}
    seats: dict[bytes, str] = {}
    names: dict[str, str] = {}
    """Skeletons of the names in use, with who has them."""
    seated: int = 0
    dropped: dict[str, int] = {}
    """Seats without a connection, with the time of the drop, oldest first."""
    messages: dict[int, Message] = {}
    reports: dict[int, Report] = {}
    actions: list[Entry] = []
    """What moderators did, oldest first."""
    muted: set[str] = set()
    """Those who were muted and not unmuted; the time of a mute may have passed."""
    removed_tags: dict[bytes, set[str]] = {}
    """Network tags of removed people, with whom they belonged to."""
    demoted_tags: set[bytes] = set()
    """Network tags from which the moderator link no longer makes a moderator."""

    @property
    def opened(self) -> e.RoomOpened:
        assert self.about is not None, "a room's log begins with RoomOpened"
        return self.about

    def seat_of(self, seat_hash: bytes) -> Participant | None:
        """Whose seat this is, if anyone's; a removed person's seat is found as well."""
        return self.people.get(self.seats.get(seat_hash, ""))


def apply(room: Room, entry: Entry) -> Room:
    """Fold one entry into the room, in place. Entries must come in order."""
    _APPLY[type(entry.event)](room, entry, entry.event)
    room.offset, room.at = entry.offset, entry.at
    if type(entry.event) in MODERATION:
        room.actions.append(entry)
        del room.actions[:-ACTIONS_KEPT]
    return room


def _opened(room: Room, entry: Entry, event: e.RoomOpened) -> None:
    room.about, room.ends_at = event, event.ends_at


def _joined(room: Room, entry: Entry, event: e.Joined) -> None:
    everything = room.opened.late_joiners is LateJoiners.EVERYTHING or event.role is not Role.PARTICIPANT
    room.people[event.participant] = Participant(
        id=event.participant,
        nickname=event.nickname,
        role=event.role,
        seat_hash=event.seat_hash,
        network_tag=event.network_tag,
        sees_from=0 if everything else entry.offset,
    )
    room.seats[event.seat_hash] = event.participant
    room.names[skeleton(event.nickname)] = event.participant
    room.seated += 1


def _session_opened(room: Room, entry: Entry, event: e.SessionOpened) -> None:
    if person := room.people.get(event.participant):
        person.session, person.process = event.session, event.process


def _dropped(room: Room, entry: Entry, event: e.Dropped) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is Standing.HERE:
        person.standing, person.session, person.process = Standing.DROPPED, "", ""
        room.dropped[person.id] = entry.at


def _returned(room: Room, entry: Entry, event: e.Returned) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is not Standing.REMOVED:
        room.seated += not person.seated
        person.standing = Standing.HERE
        room.dropped.pop(person.id, None)


def _left(room: Room, entry: Entry, event: e.Left) -> None:
    person = room.people.get(event.participant)
    if person and person.seated:
        _unseat(room, person, Standing.LEFT)
        room.names.pop(skeleton(person.nickname), None)
        room.seats.pop(person.seat_hash, None)


def _unseat(room: Room, person: Participant, standing: Standing) -> None:
    person.standing, person.session, person.process = standing, "", ""
    room.seated -= 1
    room.dropped.pop(person.id, None)


def _message_posted(room: Room, entry: Entry, event: e.MessagePosted) -> None:
    if person := room.people.get(event.participant):
        room.messages[entry.offset] = Message(
            offset=entry.offset,
            at=entry.at,
            by=person.id,
            nickname=person.nickname,
            role=person.role,
            text=event.text,
            origin_id=event.origin_id,
        )
        if len(room.messages) > HISTORY_ENTRIES:
            del room.messages[next(iter(room.messages))]


def _retracted(room: Room, entry: Entry, event: e.Retracted) -> None:
    _erase_message(room, event.message, "retracted")


def _redacted(room: Room, entry: Entry, event: e.Redacted) -> None:
    _erase_message(room, event.message, "redacted")


def _erase_message(room: Room, offset: int, gone: str) -> None:
    """Leave a tombstone where the message stood."""
    if (message := room.messages.get(offset)) and not message.gone:
        message.text, message.gone = "", gone
        message.reactions = {}


def _reacted(room: Room, entry: Entry, event: e.Reacted) -> None:
    message = room.messages.get(event.message)
    if message is None or message.gone:
        return
    people = message.reactions.setdefault(event.reaction, set())
    if event.on:
        people.add(event.participant)
    else:
        people.discard(event.participant)
    if not people:
        del message.reactions[event.reaction]


def _reported(room: Room, entry: Entry, event: e.Reported) -> None:
    if event.message in room.messages:
        room.reports[entry.offset] = Report(
            offset=entry.offset,
            at=entry.at,
            message=event.message,
            by=event.participant,
            reason=event.reason,
            words=event.words,
        )
        if len(room.reports) > ACTIONS_KEPT:
            del room.reports[next(iter(room.reports))]


def _report_claimed(room: Room, entry: Entry, event: e.ReportClaimed) -> None:
    if report := room.reports.get(event.report):
        report.claimed_by = event.by


def _report_resolved(room: Room, entry: Entry, event: e.ReportResolved) -> None:
    if report := room.reports.get(event.report):
        report.claimed_by, report.outcome = event.by, event.outcome


def _muted(room: Room, entry: Entry, event: e.Muted) -> None:
    if person := room.people.get(event.participant):
        person.muted_until, person.mute_reason, person.muted_by = event.until, event.reason, event.by
        room.muted.add(person.id)


def _unmuted(room: Room, entry: Entry, event: e.Unmuted) -> None:
    if person := room.people.get(event.participant):
        person.muted_until, person.mute_reason, person.muted_by = 0, "", ""
        room.muted.discard(person.id)


def _removed(room: Room, entry: Entry, event: e.Removed) -> None:
    person = room.people.get(event.participant)
    if person and person.seated:
        _unseat(room, person, Standing.REMOVED)
        person.removed_reason = event.reason
        room.removed_tags.setdefault(person.network_tag, set()).add(person.id)


def _readmitted(room: Room, entry: Entry, event: e.Readmitted) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is Standing.REMOVED:
        _clear_address(room, person)
        person.standing, person.removed_reason = Standing.LEFT, ""


def _address_cleared(room: Room, entry: Entry, event: e.AddressCleared) -> None:
    if person := room.people.get(event.participant):
        _clear_address(room, person)


def _clear_address(room: Room, person: Participant) -> None:
    people = room.removed_tags.get(person.network_tag, set())
    people.discard(person.id)
    if not people:
        room.removed_tags.pop(person.network_tag, None)


def _locked(room: Room, entry: Entry, event: e.Locked) -> None:
    room.locked = True


def _unlocked(room: Room, entry: Entry, event: e.Unlocked) -> None:
    room.locked = False


def _role_changed(room: Room, entry: Entry, event: e.RoleChanged) -> None:
    if person := room.people.get(event.participant):
        if event.role is Role.PARTICIPANT:
            room.demoted_tags.add(person.network_tag)
        else:
            room.demoted_tags.discard(person.network_tag)
        person.role = event.role


def _extended(room: Room, entry: Entry, event: e.Extended) -> None:
    room.ends_at = event.ends_at


def _ended(room: Room, entry: Entry, event: e.Ended) -> None:
    room.ended = True


_APPLY: dict[type[e.Event], Callable[[Room, Entry, Any], None]] = {
    e.RoomOpened: _opened,
    e.Joined: _joined,
    e.SessionOpened: _session_opened,
    e.Dropped: _dropped,
    e.Returned: _returned,
    e.Left: _left,
    e.MessagePosted: _message_posted,
    e.Retracted: _retracted,
    e.Redacted: _redacted,
    e.Reacted: _reacted,
    e.Reported: _reported,
    e.ReportClaimed: _report_claimed,
    e.ReportResolved: _report_resolved,
    e.Muted: _muted,
    e.Unmuted: _unmuted,
    e.Removed: _removed,
    e.Readmitted: _readmitted,
    e.AddressCleared: _address_cleared,
    e.Locked: _locked,
    e.Unlocked: _unlocked,
    e.RoleChanged: _role_changed,
    e.Extended: _extended,
    e.Ended: _ended,
}

MODERATION: frozenset[type[e.Event]] = frozenset(
    {
        e.Redacted,
        e.ReportResolved,
        e.Muted,
        e.Unmuted,
        e.Removed,
        e.Readmitted,
        e.AddressCleared,
        e.Locked,
        e.Unlocked,
        e.RoleChanged,
        e.Extended,
    }
)
"""Events that stand in the moderators' list of actions."""
