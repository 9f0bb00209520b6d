"""Which seats are one person's, as far as seat, device and network tell. Nothing else compares their tags.

Certain is the same device key. Possible is a device that was never in the room, on the network of someone who is away: it is
asked to knock, and carries on the limits of a seat that was given up a moment ago. People who are here are never taken for
anyone else: networks are not compared with theirs, only counted while the door is guarded. What gives someone a right (a name,
a role, being known) follows the device alone.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from chatroom.core.door_events import Caution
from chatroom.core.limits import DECLINED_SECONDS, GUARD_NETWORK_PEOPLE, JUST_LEFT_SECONDS

if TYPE_CHECKING:
    from chatroom.core.gate import Knock
    from chatroom.core.room import Participant, Room


class Visitor(msgspec.Struct, frozen=True):
    """Someone at the door, as far as the room can tell who it is. `link` is the hash of the link's token, empty without one."""

    network_tag: bytes
    device_tag: bytes = b""
    link: bytes = b""


class Declined(msgspec.Struct, frozen=True):
    """A knock that was declined."""

    at: int
    device_tag: bytes
    network_tag: bytes


# ---- seats ---------------------------------------------------------------------------------------------------------------


def seats_of(room: "Room", device_tag: bytes) -> list["Participant"]:
    """The seats that this device ever took, the oldest first; none for an empty tag."""
    return [room.people[name] for name in room.devices.get(device_tag, ())]


def own_seats(room: "Room", person: "Participant") -> list["Participant"]:
    """This seat and all others of its device."""
    return seats_of(room, person.device_tag) or [person]


def is_away(room: "Room", person: "Participant") -> bool:
    """Whether nobody is here on this seat or with its device."""
    return not any(seat.here for seat in own_seats(room, person))


def is_known(room: "Room", device_tag: bytes, newcomer: str = "") -> bool:
    """Whether someone was here with this device and nobody else is now: a device brings in one person at a time."""
    return device_tag in room.gate.known and not any(seat.here and seat.id != newcomer for seat in seats_of(room, device_tag))


def may_be_one_of(room: "Room", visitor: Visitor, names: Iterable[str]) -> bool:
    """Whether this new device may belong to one of these people."""
    people = (room.people[name] for name in names)
    return visitor.device_tag not in room.devices and any(
        person.network_tag == visitor.network_tag and not person.address_cleared and is_away(room, person) for person in people
    )


def may_have_name(room: "Room", visitor: Visitor, owner: str) -> bool:
    """Whether this visitor may have a name that `owner` has, or had before giving up the seat; empty when nobody did.

    It is kept for the device. Where neither has a device key, the network is all there is.
    """
    person = room.people.get(owner)
    if person is None:
        return owner not in room.gate.knocks
    if person.seated or room.seats.get(person.seat_hash) == owner:
        return False
    is_same_network = not person.device_tag and person.network_tag == visitor.network_tag
    return person.device_tag == visitor.device_tag and (bool(person.device_tag) or is_same_network)


# ---- limits --------------------------------------------------------------------------------------------------------------


def counted_together(room: "Room", person: "Participant") -> list["Participant"]:
    """The seats whose acts count as this person's: those of the device, and those that it took over, one after the other."""
    found: dict[str, Participant] = {}
    waiting = [person]
    while waiting:
        for seat in own_seats(room, waiting.pop()):
            if seat.id not in found:
                found[seat.id] = seat
                waiting += [room.people[seat.took_over]] if seat.took_over else []
    return list(found.values())


def names_together(room: "Room", person: "Participant") -> list[str]:
    """The ids of `counted_together`, the seat itself first."""
    return list(dict.fromkeys((person.id, *(seat.id for seat in counted_together(room, person)))))


def own_names(room: "Room", person: "Participant") -> list[str]:
    """The ids of `own_seats`."""
    return [seat.id for seat in own_seats(room, person)]


def posted_at(room: "Room", person: "Participant") -> int:
    """When this person said something last, on whatever seat; 0 for never."""
    return max(seat.posted_at for seat in counted_together(room, person))


def limit_keys(room: "Room", person: "Participant") -> Iterator[bytes]:
    """Under what the rates of this person are kept: the device first, then the seats it took over, the newest first."""
    yield from dict.fromkeys(seat.device_tag or seat.id.encode() for seat in counted_together(room, person))


def took_seat(room: "Room", person: "Participant", at: int) -> None:
    """Someone joined. A new device carries on from the seat that was given up last on its network, a moment ago."""
    is_new_device = person.device_tag not in room.devices
    if person.device_tag:
        room.devices.setdefault(person.device_tag, []).append(person.id)
    for seat in own_seats(room, person):
        came_back(room, seat)
    while room.just_left and next(iter(room.just_left.values())) <= at - JUST_LEFT_SECONDS * 1000:
        del room.just_left[next(iter(room.just_left))]
    if not is_new_device:
        return
    for name in reversed(room.just_left):
        before = room.people[name]
        if before.network_tag == person.network_tag and is_away(room, before):
            del room.just_left[name]
            before.followed_by, person.took_over = person.id, name
            return


def went_away(room: "Room", person: "Participant", at: int) -> None:
    """Someone who was here is not any more."""
    room.just_left[person.id] = at


def came_back(room: "Room", person: "Participant") -> None:
    """Whoever carried on from this seat is somebody else: both are here."""
    room.just_left.pop(person.id, None)
    if person.followed_by:
        room.people[person.followed_by].took_over = ""
        person.followed_by = ""


def forgotten(room: "Room", person: "Participant") -> bool:
    """Nothing is kept of a seat that was given up: whether it was the last one of its device."""
    came_back(room, person)
    if person.took_over and person.took_over in room.people:
        room.people[person.took_over].followed_by = ""
    others = [name for name in room.devices.pop(person.device_tag, []) if name != person.id]
    if others:
        room.devices[person.device_tag] = others
    return not others


# ---- what was decided about a person -------------------------------------------------------------------------------------


def removed_seat(room: "Room", visitor: Visitor) -> "Participant | None":
    """The seat from which this device was removed last."""
    return next((seat for seat in reversed(seats_of(room, visitor.device_tag)) if seat.removed), None)


def own_cautions(room: "Room", visitor: Visitor, now: int) -> tuple[Caution, ...]:
    """What is certain about this very device, for which it has to knock however the door is: it may be told so.

    A role needs more trust than a seat: what keeps nobody out of the room keeps a moderator's link from being one.
    """
    certain: dict[Caution, Iterable[str]] = {Caution.SENT_BACK: room.gate.sent_back}
    if visitor.link:
        certain |= {Caution.MUTED: _muted(room, now), Caution.DEMOTED: room.demoted}
    mine = {seat.id for seat in seats_of(room, visitor.device_tag)}
    return tuple(caution for caution, names in certain.items() if not mine.isdisjoint(names))


def cautions(room: "Room", visitor: Visitor, now: int) -> tuple[Caution, ...]:
    """Why this visitor has to knock however the door is; moderators are told, the visitor is not.

    What is no `own_cautions` tells of others: nothing of it may show to someone who has not asked to come in. An old link gives
    no role; a device that was a moderator's when it was here last keeps its own.
    """
    near: dict[Caution, Iterable[str]] = {
        Caution.REMOVED_NEAR: room.removed,
        Caution.SENT_BACK_NEAR: room.gate.sent_back,
        Caution.MUTED_NEAR: _muted(room, now),
    }
    if visitor.link:
        near[Caution.DEMOTED_NEAR] = room.demoted
    found = [caution for caution, names in near.items() if names and may_be_one_of(room, visitor, names)]
    seats = seats_of(room, visitor.device_tag)
    if visitor.link in room.links.old and not (seats and seats[-1].moderates):
        found.append(Caution.OLD_LINK)
    if room.guard.guard and not visitor.link and _are_many_near(room, visitor):
        found.append(Caution.MANY_NEAR)
    return (*own_cautions(room, visitor, now), *found)


def _are_many_near(room: "Room", visitor: Visitor) -> bool:
    """Whether this is a new device on a network with many seats, also of people who are away for a moment."""
    near = sum(person.seated and person.network_tag == visitor.network_tag for person in room.people.values())
    return visitor.device_tag not in room.devices and near >= GUARD_NETWORK_PEOPLE


def _muted(room: "Room", now: int) -> list[str]:
    return [name for name in room.muted if room.people[name].muted_until > now]


def mute_of_device(room: "Room", device_tag: bytes, now: int) -> "Participant | None":
    """The seat of this device whose mute lasts longest, if one runs."""
    muted = [seat for seat in seats_of(room, device_tag) if seat.muted_until > now]
    return max(muted, key=lambda seat: seat.muted_until, default=None)


# ---- knocking ------------------------------------------------------------------------------------------------------------


def declined_at(room: "Room", visitor: Visitor) -> int:
    """When this visitor was declined last, 0 if never: for a new device, also someone who is not here on its network."""
    is_new = visitor.device_tag not in room.devices
    return max(
        (
            one.at
            for one in room.gate.declined.values()
            if (one.device_tag and one.device_tag == visitor.device_tag)
            or (is_new and one.network_tag == visitor.network_tag and not _is_here(room, one.device_tag))
        ),
        default=0,
    )


def _is_here(room: "Room", device_tag: bytes) -> bool:
    return any(seat.here for seat in seats_of(room, device_tag))


def declined(room: "Room", name: str, knock: "Knock", at: int) -> None:
    """A knock was declined: note it for a minute."""
    gate, since = room.gate, at - DECLINED_SECONDS * 1000
    gate.declined = {name: one for name, one in gate.declined.items() if one.at > since}
    gate.declined[name] = Declined(at, knock.device_tag, knock.network_tag)


def knocks_of(room: "Room", visitor: Visitor) -> int:
    """How many wait at the door already from this device or network."""
    return sum(
        (bool(one.device_tag) and one.device_tag == visitor.device_tag) or one.network_tag == visitor.network_tag
        for one in room.gate.waiting.values()
    )
