"""Rooms that wait, sealed, from one process to the next.

Each is encrypted under its own room key and found by a name that only this key gives. The keys are nowhere in here: a room
opens when someone brings its link, and not before.
"""

import re

import msgspec

from chatroom.core.formats import FORMAT, OLDEST, Unreadable, pack, unpack
from chatroom.log.memory_room import Room
from chatroom.log.seal import Seal, SealBroken

HEAD = re.compile(rb"chatroom rooms (\d{1,3}) (\d{1,16})\n")
"""The first line in every format: which one it is, and when the last room is over, in milliseconds since 1970."""
KIND = b"sealed room"


class SealedRoom(msgspec.Struct, frozen=True, array_like=True):
    """`expires_at` in milliseconds since 1970, so that a room nobody opens ends as well."""

    name: bytes
    expires_at: int
    content: bytes


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
        rooms = list(self._rooms.values())
        last = max((room.expires_at for room in rooms), default=0)
        return b"chatroom rooms %d %d\n" % (OLDEST, last) + msgspec.msgpack.encode(rooms)

    def load(self, data: bytes) -> None:
        """Add what `encode` gave in an earlier process. Raises ValueError for anything else, Unreadable for a newer format."""
        head = _head(data)
        if not OLDEST <= int(head[1]) <= FORMAT:
            raise Unreadable
        rooms = msgspec.msgpack.decode(data[head.end() :], type=list[SealedRoom])
        self._rooms.update((room.name, room) for room in rooms)


def last_end(data: bytes) -> int:
    """When the last room of what `encode` gave is over, in any format. Raises ValueError for anything else."""
    return int(_head(data)[2])


def _head(data: bytes) -> re.Match[bytes]:
    head = HEAD.match(data)
    if head is None:
        raise ValueError("no sealed rooms")
    return head


def _name(seal: Seal) -> bytes:
    return seal.digest(b"", KIND)


def _opened(seal: Seal, content: bytes) -> Room:
    try:
        return msgspec.msgpack.decode(unpack(seal.open(content, KIND)), type=Room)
    except (SealBroken, msgspec.DecodeError) as error:
        raise Unreadable from error
