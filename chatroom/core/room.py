"""A room, folded from its log. Everything that changes a room is here: `apply`, one small function per event.

Nothing here awaits, logs, reads a clock or draws a random number, and nothing here raises: an event about someone or
something that is not there changes nothing. `apply` changes the room it is given and returns it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from chatroom.core import calm, cases, course, direct, floor, forgetting, gate, guard, messages, rounds, same_person, team
from chatroom.core import door_events as dd
from chatroom.core import events as e
from chatroom.core import safety_events as se
from chatroom.core.actions import as_action, is_action
from chatroom.core.calm import Calm
from chatroom.core.cases import Cases
from chatroom.core.course import Course
from chatroom.core.direct import Direct
from chatroom.core.events import Entry, LateJoiners, Role
from chatroom.core.floor import Floor
from chatroom.core.floor_events import Helper
from chatroom.core.formats import OLDEST, format_of
from chatroom.core.gate import Gate
from chatroom.core.guard import Watch
from chatroom.core.limits import ACTIONS_KEPT, CROWD_PEOPLE, DROPPED_AFTER_SECONDS
from chatroom.core.lines import APPLY as APPLY_TO_LINES
from chatroom.core.lines import Line
from chatroom.core.links import APPLY as APPLY_TO_LINKS
from chatroom.core.links import Links
from chatroom.core.messages import Message, Report
from chatroom.core.nicknames import skeleton
from chatroom.core.rounds import Poll, Round
from chatroom.core.team import Team


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
    device_tag: bytes = b""
    came_at: int = 0
    """When this person, or this device, first joined."""
    posted_at: int = 0
    """When this person said something last."""
    trusted: bool = False
    """Whether own words of this person stand or stood in the room."""
    standing: Standing = Standing.HERE
    session: str = ""
    process: str = ""
    page: int = 0
    attempt: int = 0
    """Of the newest connection, as its client counts them."""
    muted_until: int = 0
    mute_reason: str = ""
    muted_by: str = ""
    removed_reason: str = ""
    came_with_link: bool = False
    """Whether this seat was taken with the moderator link."""
    address_cleared: bool = False
    """Of someone who was removed: whether new devices on the same network come in without knocking."""
    took_over: str = ""
    """The seat that was given up on the same network a moment before this new device came, while nobody is back on it."""
    followed_by: str = ""
    """The seat that took over from this one."""
    helper: Helper = Helper.NONE
    reported: set[int] = set()
    """Messages that this person reported, and is not shown any more."""

    @property
    def here(self) -> bool:
        return self.standing is Standing.HERE

    @property
    def seated(self) -> bool:
        return self.standing in SEATED

    @property
    def removed(self) -> bool:
        return self.standing is Standing.REMOVED

    def is_newer_than(self, page: int, attempt: int) -> bool:
        """Whether a newer connection than this already speaks for the seat, as far as its client counts them."""
        return bool(self.session and attempt) and (page, attempt) < (self.page, self.attempt)

    @property
    def moderates(self) -> bool:
        return self.role is not Role.PARTICIPANT


class Room(msgspec.Struct):
    about: e.RoomOpened | None = None
    ends_at: int = 0
    offset: int = 0
    at: int = 0
    format: int = OLDEST
    """The newest format that any entry up to here needed, and so this state."""
    ended: bool = False
    people: dict[str, Participant] = {}
    seats: dict[bytes, str] = {}
    names: dict[str, str] = {}
    """Skeletons of names with who has them: those who are here or knock, and those who have left and are not forgotten."""
    namesakes: list[str] = []
    """Those who came with a name in use, where two histories were joined: the names are not theirs."""
    seen_again: list[str] = []
    """Removed people who came back in the other of two histories that were joined: pages show them."""
    devices: dict[bytes, list[str]] = {}
    """The seats that each device took, oldest first."""
    just_left: dict[str, int] = {}
    """Seats that were given up lately and not taken over, with when, oldest first."""
    seated: int = 0
    dropped: dict[str, int] = {}
    """Seats without a connection, with the time of the drop, oldest first."""
    moderators: list[str] = []
    """Those with a role above participant, also when they have left."""
    crowded_at: int = 0
    """The offset from which on the room is crowded, 0 while it is not; it stays so."""
    messages: dict[int, Message] = {}
    reports: dict[int, Report] = {}
    course: Course = msgspec.field(default_factory=Course)
    floor: Floor = msgspec.field(default_factory=Floor)
    chair: str = ""
    """The moderator who acts for a host who is gone."""
    host_gone_at: int = 0
    """Since when no host is here, 0 while one is."""
    rounds: dict[int, Round] = {}
    polls: dict[int, Poll] = {}
    lines: dict[str, Line] = {}
    """Private lines by their owners."""
    cases: Cases = msgspec.field(default_factory=Cases)
    team: Team = msgspec.field(default_factory=Team)
    links: Links = msgspec.field(default_factory=Links)
    gate: Gate = msgspec.field(default_factory=Gate)
    calm: Calm = msgspec.field(default_factory=Calm)
    guard: Watch = msgspec.field(default_factory=Watch)
    direct: Direct = msgspec.field(default_factory=Direct)
    actions: list[Entry] = []
    """What moderators did, oldest first."""
    left: list[str] = []
    """Those who gave up their seats and are not forgotten yet, in the order in which they left."""
    muted: set[str] = set()
    """Those who were muted and not unmuted; the time of a mute may have passed."""
    removed: set[str] = set()
    demoted: set[str] = set()
    """Those whose role a host took away."""

    @property
    def opened(self) -> e.RoomOpened:
        assert self.about is not None, "a room's log begins with RoomOpened"
        return self.about

    @property
    def here(self) -> int:
        """How many are here."""
        return self.seated - len(self.dropped)

    def seat_of(self, seat_hash: bytes) -> Participant | None:
        """Whose seat this is, if anyone's; a removed person's seat is found as well."""
        return self.people.get(self.seats.get(seat_hash, ""))


def apply(room: Room, entry: Entry) -> Room:
    """Fold one entry into the room, in place. Entries must come in order."""
    _APPLY[type(entry.event)](room, entry, entry.event)
    room.offset, room.at, room.format = entry.offset, entry.at, max(room.format, format_of(entry.event))
    if type(entry.event) in _ON_DUTY_OR_NOT:
        gate.look_who_is_on_duty(room, entry)
    if is_action(entry.event):
        room.actions.append(as_action(entry))
        del room.actions[:-ACTIONS_KEPT]
    return room


def _opened(room: Room, entry: Entry, event: e.RoomOpened) -> None:
    room.about, room.ends_at, room.host_gone_at = event, event.ends_at, entry.at
    room.course = course.opened_with(event)
    room.gate = gate.opened_with(event.needs_moderator, entry.at)
    room.links = Links(event.moderator_token_hash)


def _joined(room: Room, entry: Entry, event: e.Joined) -> None:
    """Two histories that were joined may both hold that someone who knocked came in."""
    if event.participant in room.people:
        _returned(room, entry, event)
        return
    everything = room.opened.late_joiners is LateJoiners.EVERYTHING or event.role is not Role.PARTICIPANT
    person = room.people[event.participant] = Participant(
        id=event.participant,
        nickname=event.nickname,
        role=event.role,
        seat_hash=event.seat_hash,
        network_tag=event.network_tag,
        sees_from=0 if everything else entry.offset,
        device_tag=event.device_tag,
        came_at=entry.at,
        came_with_link=event.role is Role.MODERATOR,
    )
    same_person.took_seat(room, person, entry.at)
    _carry_on(room, person)
    if not person.moderates and not gate.is_expected(room, person):
        guard.joined(room, entry.at)
    gate.came_in(room, person, entry.at)
    room.seats[event.seat_hash] = event.participant
    _take_name(room, person)
    room.seated += 1
    if person.moderates:
        room.moderators.append(person.id)
    course.came(room, person)
    _may_be_crowded(room, entry, person)


def _carry_on(room: Room, person: Participant) -> None:
    """What was done on the earlier seats of the device counts on."""
    for seat in same_person.own_seats(room, person):
        person.posted_at = max(person.posted_at, seat.posted_at)
        person.reported |= seat.reported
        if not seat.seated:
            rounds.moved(room, seat.id, person.id)
            floor.moved(room, seat.id, person.id)


def _take_name(room: Room, person: Participant) -> None:
    """The name is this person's, unless someone with a seat has it."""
    whole = skeleton(person.nickname)
    owner = room.people.get(room.names.get(whole, ""), person)
    if owner is person or not owner.seated:
        room.names[whole] = person.id
    else:
        room.namesakes.append(person.id)


def _is_no_namesake(room: Room, person: Participant) -> None:
    if person.id in room.namesakes:
        room.namesakes.remove(person.id)


def _renamed(room: Room, entry: Entry, event: e.Renamed) -> None:
    person = room.people.get(event.participant)
    if person and person.seated:
        _is_no_namesake(room, person)
        person.nickname = event.nickname
        _take_name(room, person)


def _may_be_crowded(room: Room, entry: Entry, person: Participant) -> None:
    """More than CROWD_PEOPLE have a seat, and a participant has just come."""
    if not room.crowded_at and room.seated > CROWD_PEOPLE and not person.moderates:
        room.crowded_at = entry.offset


def _session_opened(room: Room, entry: Entry, event: e.SessionOpened) -> None:
    """One that is overtaken comes after the newer one where two histories were joined."""
    person = room.people.get(event.participant)
    if person is None:
        gate.session_opened(room, event.participant, event.session, event.process)
    elif person.seated and not person.is_newer_than(event.page, event.attempt):
        person.session, person.process = event.session, event.process
        person.page, person.attempt = event.page, event.attempt


def _dropped(room: Room, entry: Entry, event: e.Dropped) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is Standing.HERE:
        person.standing, person.session, person.process = Standing.DROPPED, "", ""
        same_person.went_away(room, person, entry.at)
        room.dropped[person.id] = entry.at
        course.went(room, person, entry.at - DROPPED_AFTER_SECONDS * 1000)


def _returned(room: Room, entry: Entry, event: e.Returned | e.Joined) -> None:
    """Where two histories were joined, someone may have left meanwhile: then the seat is theirs again."""
    person = room.people.get(event.participant)
    if person and person.standing is Standing.REMOVED:
        room.seen_again.append(person.id)
    elif person:
        if not person.seated:
            _seat_again(room, person)
        person.standing = Standing.HERE
        same_person.came_back(room, person)
        room.dropped.pop(person.id, None)
        course.came(room, person)
        _may_be_crowded(room, entry, person)


def _seat_again(room: Room, person: Participant) -> None:
    room.seated += 1
    room.seats[person.seat_hash] = person.id
    _take_name(room, person)
    forgetting.is_back(room, person.id)


def _left(room: Room, entry: Entry, event: e.Left) -> None:
    person = room.people.get(event.participant)
    room.seen_again = [name for name in room.seen_again if name != event.participant]
    if person and person.seated:
        _leave(room, entry, person)


def _leave(room: Room, entry: Entry, person: Participant) -> None:
    if person.here:
        same_person.went_away(room, person, entry.at)
    _unseat(room, person, Standing.LEFT, entry.at)
    room.seats.pop(person.seat_hash, None)
    forgetting.left(room, person.id)


def _sent_back(room: Room, entry: Entry, event: dd.SentBack) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is not Standing.REMOVED:
        if person.seated:
            _leave(room, entry, person)
        gate.sent_away(room, person)
        room.gate.sent_back.add(person.id)


def _unseat(room: Room, person: Participant, standing: Standing, at: int) -> None:
    person.standing, person.session, person.process = standing, "", ""
    room.seated -= 1
    room.dropped.pop(person.id, None)
    _is_no_namesake(room, person)
    course.went(room, person, at)
    course.gave_up_seat(room, person)
    team.gave_up_break(room, person.id)


def _muted(room: Room, entry: Entry, event: e.Muted) -> None:
    if person := room.people.get(event.participant):
        person.muted_until, person.mute_reason, person.muted_by = event.until, event.reason, event.by
        room.muted.add(person.id)
        room.muted -= {seat.id for seat in same_person.own_seats(room, person) if seat.standing is Standing.LEFT}


def _unmuted(room: Room, entry: Entry, event: e.Unmuted) -> None:
    if person := room.people.get(event.participant):
        person.muted_until, person.mute_reason, person.muted_by = 0, "", ""
        room.muted.discard(person.id)


def _removed(room: Room, entry: Entry, event: e.Removed) -> None:
    """Where two histories were joined, someone may have left meanwhile: the removal holds all the same."""
    person = room.people.get(event.participant)
    if person and person.standing is not Standing.REMOVED:
        if person.seated:
            _unseat(room, person, Standing.REMOVED, entry.at)
        person.standing = Standing.REMOVED
        forgetting.is_back(room, person.id)
        person.removed_reason = event.reason
        room.removed.add(person.id)
        gate.sent_away(room, person)


def _readmitted(room: Room, entry: Entry, event: e.Readmitted) -> None:
    person = room.people.get(event.participant)
    if person and person.standing is Standing.REMOVED:
        person.standing, person.removed_reason, person.address_cleared = Standing.LEFT, "", False
        room.removed.discard(person.id)
        gate.readmitted(room, person)


def _address_cleared(room: Room, entry: Entry, event: e.AddressCleared) -> None:
    if person := room.people.get(event.participant):
        person.address_cleared = True


def _role_changed(room: Room, entry: Entry, event: e.RoleChanged) -> None:
    if person := room.people.get(event.participant):
        if event.role is Role.PARTICIPANT:
            room.demoted.add(person.id)
        else:
            room.demoted -= {seat.id for seat in same_person.own_seats(room, person)}
        person.role = event.role
        others = [moderator for moderator in room.moderators if moderator != person.id]
        room.moderators = [*others, person.id] if person.moderates else others
        if not person.moderates:
            course.is_participant_now(room, person)
            team.gave_up_break(room, person.id)


def _extended(room: Room, entry: Entry, event: e.Extended) -> None:
    """Nobody's time becomes shorter where two histories were joined."""
    room.ends_at, room.course.graced = max(room.ends_at, event.ends_at), False


def _ended(room: Room, entry: Entry, event: e.Ended) -> None:
    room.ended = True


_APPLY: dict[type[e.Event], Callable[[Room, Entry, Any], None]] = {
    e.RoomOpened: _opened,
    e.Joined: _joined,
    e.SessionOpened: _session_opened,
    e.Dropped: _dropped,
    e.Returned: _returned,
    e.Left: _left,
    e.Muted: _muted,
    e.Unmuted: _unmuted,
    e.Removed: _removed,
    e.Readmitted: _readmitted,
    e.AddressCleared: _address_cleared,
    dd.SentBack: _sent_back,
    e.RoleChanged: _role_changed,
    e.Renamed: _renamed,
    e.Extended: _extended,
    e.Ended: _ended,
    **messages.APPLY,
    **course.APPLY,
    **floor.APPLY,
    **rounds.APPLY,
    **APPLY_TO_LINES,
    **APPLY_TO_LINKS,
    **cases.APPLY,
    **team.APPLY,
    **direct.APPLY,
    **gate.APPLY,
    **calm.APPLY,
    **guard.APPLY,
}

_ON_DUTY_OR_NOT: frozenset[type[e.Event]] = frozenset(
    {
        e.Joined,
        e.Dropped,
        e.Returned,
        e.Left,
        e.Removed,
        dd.SentBack,
        e.RoleChanged,
        se.BreakTaken,
        se.BreakOver,
    }
)
"""Events after which another moderator may be on duty, or none."""
