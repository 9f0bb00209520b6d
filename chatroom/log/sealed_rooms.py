"""Rooms that wait, sealed, from one process to the next.

Each is encrypted under its own room key and found by a name that only this key gives. The keys are nowhere in here: a room
opens when someone brings its link, and not before.
"""

import msgspec

from chatroom.core.formats import Unreadable, pack, unpack
from chatroom.log.memory_room import Room
from chatroom.log.seal import Seal, SealBroken

FORMAT = "sealed rooms 1"
KIND = b"sealed room"


class SealedRoom(msgspec.Struct, frozen=True, array_like=True):
    """`expires_at` in milliseconds since 1970, so that a room nobody opens ends as well."""

    name: bytes
    expires_at: int
    content: bytes


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    format: str
    rooms: list[SealedRoom]


class SealedRooms:
    """None at first."""

    def __init__(self) -> None:
        self._rooms: dict[bytes, SealedRoom] = {}

    def __bool__(self) -> bool:
        return bool(self._rooms)

    def add(self, room_key: bytes, room: Room) -> None:
        seal = Seal(room_key)
        name = _name(seal)
        content = pack(msgspec.msgpack.encode(room), room.format)
        self._rooms[name] = SealedRoom(name, room.expires_at, seal.close(content, KIND))

    def take(self, room_key: bytes) -> Room | None:
        """The room of this key, which then waits no more; None when there is none.

        Raises Unreadable for one that a newer version sealed, or that was changed: it waits on, for a process that can read it.
        """
        if not self._rooms:
            return None
        seal = Seal(room_key)
        name = _name(seal)
        if name not in self._rooms:
            return None
        room = _opened(seal, self._rooms[name].content)
        del self._rooms[name]
        return room

    def expire(self, now: int) -> None:
        """Drop every room whose time is up."""
        self._rooms = {name: room for name, room in self._rooms.items() if room.expires_at > now}

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(Waiting(FORMAT, list(self._rooms.values())))

    def load(self, data: bytes) -> None:
        """Add what `encode` gave in an earlier process. Raises ValueError for anything else."""
        waiting = msgspec.msgpack.decode(data, type=Waiting)
        if waiting.format != FORMAT:
            raise ValueError("another format")
        self._rooms.update((room.name, room) for room in waiting.rooms)


def _name(seal: Seal) -> bytes:
    return seal.digest(b"", KIND)


def _opened(seal: Seal, content: bytes) -> Room:
    try:
        return msgspec.msgpack.decode(unpack(seal.open(content, KIND)), type=Room)
    except (SealBroken, msgspec.DecodeError) as error:
        raise Unreadable from error
