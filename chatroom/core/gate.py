"""The door, folded: who may walk in, who knocks, who was here before, and whether a moderator is here."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import door_events as d
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import DROPPED_AFTER_SECONDS
from chatroom.core.nicknames import skeleton
from chatroom.core.same_person import Declined, Visitor, declined, is_known, own_seats, seats_of
from chatroom.core.team import on_duty

if TYPE_CHECKING:
    from chatroom.core.room import Participant, Room


class Knock(msgspec.Struct):
    at: int
    nickname: str
    seat_hash: bytes
    device_tag: bytes
    network_tag: bytes
    session: str
    process: str
    link: bytes = b""
    cautions: tuple[d.Caution, ...] = ()
    name_of: str = ""
    """Whose name it was before: this person's on an earlier seat."""
    admitted: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether this may be someone else than a moderator thinks; someone who was sent back is known."""
        return not {*self.cautions} <= {d.Caution.SENT_BACK}

    @property
    def is_for_a_moderator(self) -> bool:
        """Whether nothing else opens: when what was decided about somebody else ends, that is not told by the door."""
        return not {*self.cautions} <= {d.Caution.MANY_NEAR}

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.network_tag, self.device_tag, self.link)


class Gate(msgspec.Struct):
    door: d.Door = d.Door.OPEN
    door_before: d.Door | None = None
    """What the end of the calm brings back; None when the door is as someone set it."""
    knocks: dict[str, Knock] = {}
    """Those who wait, and those who were admitted and have not come in, by the participant to be."""
    declined: dict[str, Declined] = {}
    """Knocks that were declined lately."""
    known: dict[bytes, int] = {}
    """Device tags of those who joined and were not sent away, with when they first came."""
    sent_back: set[str] = set()
    """Those who were sent back and have not been let in since."""
    unattended: bool = False
    no_duty_since: int | None = None
    """Since when no moderator is here, None while one is."""

    @property
    def waiting(self) -> dict[str, Knock]:
        return {name: knock for name, knock in self.knocks.items() if not knock.admitted}

    def knock_of(self, seat_hash: bytes) -> str:
        """The knock with this seat, empty when there is none."""
        return next((name for name, knock in self.knocks.items() if knock.seat_hash == seat_hash), "")


def opened_with(needs_moderator: bool, at: int) -> Gate:
    """The gate of a room that was just opened, in which nobody is."""
    return Gate(unattended=needs_moderator, no_duty_since=at)


def is_expected(room: "Room", person: "Participant") -> bool:
    """Whether a moderator let this person in, or the device is known."""
    return person.id in room.gate.knocks or is_known(room, person.device_tag, person.id)


def came_in(room: "Room", person: "Participant", at: int) -> None:
    """Someone joined: from now on they are known, and since when."""
    gate = room.gate
    if gate.knocks.pop(person.id, None):
        gate.sent_back -= {seat.id for seat in own_seats(room, person)}
    if is_known(room, person.device_tag, person.id):
        person.came_at = gate.known[person.device_tag]
    elif person.device_tag:
        gate.known.setdefault(person.device_tag, at)


def sent_away(room: "Room", person: "Participant") -> None:
    """Someone was removed or sent back: they are known no more."""
    room.gate.known.pop(person.device_tag, None)


def readmitted(room: "Room", person: "Participant") -> None:
    """A removal was undone: the device is as it was before."""
    if person.device_tag and not any(seat.removed for seat in seats_of(room, person.device_tag)):
        room.gate.known[person.device_tag] = person.came_at


def look_who_is_on_duty(room: "Room", entry: Entry) -> None:
    """Note since when no moderator is here; whose connection is lost has been gone for a while."""
    if any(on_duty(room, room.people[name]) for name in room.moderators):
        room.gate.no_duty_since = None
    elif room.gate.no_duty_since is None:
        is_late = entry.event.__struct_config__.tag == "dropped"
        room.gate.no_duty_since = entry.at - DROPPED_AFTER_SECONDS * 1000 * is_late


def session_opened(room: "Room", knock: str, session: str, process: str) -> None:
    """A connection speaks for someone who knocked."""
    if waiting := room.gate.knocks.get(knock):
        waiting.session, waiting.process = session, process


def _door_set(room: "Room", entry: Entry, event: d.DoorSet) -> None:
    gate = room.gate
    gate.door, gate.door_before = event.door, gate.door if event.calm else None


def _knocked(room: "Room", entry: Entry, event: d.Knocked) -> None:
    """Where two histories were joined, someone with a seat may have the name."""
    name = skeleton(event.nickname)
    name_of = room.names.get(name, "")
    room.gate.knocks[event.knock] = Knock(
        at=entry.at,
        nickname=event.nickname,
        seat_hash=event.seat_hash,
        device_tag=event.device_tag,
        network_tag=event.network_tag,
        session=event.session,
        process=event.process,
        link=event.link,
        cautions=event.cautions,
        name_of=name_of,
    )
    if name_of not in room.people or not room.people[name_of].seated:
        room.names[name] = event.knock


def _knock_ended(room: "Room", entry: Entry, event: d.KnockEnded) -> None:
    gate = room.gate
    knock = gate.knocks.get(event.knock)
    if knock is None:
        return
    if event.ending is d.KnockEnding.ADMITTED:
        knock.admitted = True
        return
    del gate.knocks[event.knock]
    if room.names.get(name := skeleton(knock.nickname)) == event.knock:
        del room.names[name]
        if knock.name_of in room.people:
            room.names[name] = knock.name_of
    if event.ending is d.KnockEnding.DECLINED:
        declined(room, event.knock, knock, entry.at)


def _unattended(room: "Room", entry: Entry, event: d.Unattended) -> None:
    room.gate.unattended = True


def _attended(room: "Room", entry: Entry, event: d.Attended) -> None:
    room.gate.unattended = False


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    d.DoorSet: _door_set,
    d.Knocked: _knocked,
    d.KnockEnded: _knock_ended,
    d.Unattended: _unattended,
    d.Attended: _attended,
}
