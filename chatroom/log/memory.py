"""The logs in this process's memory: the default, for one process.

Nothing here waits: an append is stored and told to every follower before anything else runs.
"""

import os
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence

from chatroom.core.events import AnyEvent, Draft
from chatroom.core.formats import OLDEST, Unreadable
from chatroom.core.limits import LEASE_SECONDS
from chatroom.log.base import (
    Conflict,
    Follower,
    LogGone,
    LogUnreadable,
    Opened,
    Receipt,
    SnapshotNeeded,
    new_expiry,
    require_origins,
)
from chatroom.log.memory_room import Room
from chatroom.log.sealed_rooms import SealedRooms


def wall_clock() -> int:
    return int(time.time() * 1000)


class MemoryLog:
    """A `RoomLog`."""

    def __init__(self, logs: "MemoryLogs", room_key: bytes) -> None:
        self._logs, self._room_key = logs, room_key
        self._follower: Follower | None = None

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        require_origins(drafts)
        room = self._logs.room(self._room_key)
        fresh = [draft for draft in drafts if draft.origin not in room.origins]
        if not fresh:
            return [receipt for draft in drafts if (receipt := room.receipt(draft))]
        if (room.head if any(draft.exact for draft in fresh) else room.rules) > decided_at:
            raise Conflict
        erases_in_snapshot = any(0 < offset <= room.snapshot_offset for draft in fresh for offset, _ in draft.erases)
        if erases_in_snapshot and not snapshot:
            raise SnapshotNeeded
        # A snapshot of an earlier state holds what was erased since.
        snapshot_fits = decided_at >= max(room.base, room.erased)
        if erases_in_snapshot and not snapshot_fits:
            raise Conflict

        first = room.head + 1
        receipts = [room.receipt(draft) or self._store(room, draft) for draft in drafts]
        entries = room.entries[first - room.base - 1 :]
        room.expires_at = new_expiry(fresh, expires_at, self._logs.now())
        if snapshot and snapshot_fits and (erases_in_snapshot or decided_at > room.snapshot_offset):
            room.snapshot, room.snapshot_offset = snapshot, decided_at
        room.forget()
        for follower in tuple(room.followers):
            follower.entries(entries)
        return receipts

    def _store(self, room: Room, draft: Draft) -> Receipt:
        for offset, event in draft.erases:
            room.erase(offset, event)
        offset, at = room.head + 1, self._logs.now()
        for event in draft.events:
            room.store(event, at, self._logs.token())
        room.origins[draft.origin] = offset, draft.fingerprint
        room.origin_at[offset] = draft.origin
        return Receipt(offset)

    async def follow(self, follower: Follower) -> Opened:
        room = self._logs.room(self._room_key)
        self._follower = follower
        room.followers.append(follower)
        return Opened(room.epoch, room.snapshot_offset, room.snapshot, tuple(room.entries))

    async def erase(self, expires_at: int) -> None:
        self._logs.erase(self._room_key)

    async def close(self) -> None:
        self._logs.leave(self._room_key, self._follower)
        self._follower = None


class MemoryLogs:
    """`Logs` in memory. `clock` gives milliseconds since 1970, `random_bytes` that many random bytes.

    `sealed` are rooms of an earlier process that nobody came back to yet and, after `close`, all rooms.
    """

    shared = False

    def __init__(self, clock: Callable[[], int] = wall_clock, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._clock, self._random_bytes = clock, random_bytes
        self._rooms: dict[bytes, Room] = {}
        self.sealed = SealedRooms()
        self.lowest = OLDEST
        self._leases: dict[str, tuple[int, int]] = {}
        """Until when each process lives, and what it reads."""

    async def create(self, room_key: bytes, first: AnyEvent, expires_at: int) -> None:
        self.expire()
        if self._exists(room_key):
            raise ValueError("the log exists")
        room = self._rooms[room_key] = Room(self.token(), expires_at)
        room.store(first, self.now(), self.token())

    def log(self, room_key: bytes) -> MemoryLog:
        return MemoryLog(self, room_key)

    def now(self) -> int:
        return self._clock()

    async def probe(self) -> None:
        """Messages always arrive here."""

    async def alive(self, processes: Sequence[str]) -> frozenset[str]:
        now = self.now()
        return frozenset(process for process in processes if self._leases.get(process, (0, 0))[0] > now)

    async def renew(self, process: str, reads: int) -> None:
        self.expire()
        now = self.now()
        self._leases[process] = now + LEASE_SECONDS * 1000, reads
        self.lowest = min(known for until, known in self._leases.values() if until > now)

    async def close(self) -> None:
        """Seal every room: from here on only who has its key can read it. What has ended is forgotten."""
        for room_key, room in self._rooms.items():
            if not room.ended:
                self.sealed.add(room_key, room)
        self._rooms.clear()
        self.sealed.expire(self.now())

    def token(self) -> str:
        """8 random characters: a nonce or an epoch."""
        return urlsafe_b64encode(self._random_bytes(6)).decode()

    def room(self, room_key: bytes) -> Room:
        """Raises LogGone, LogUnreadable."""
        room = self._find(room_key)
        if room and room.expires_at <= self.now():
            self.erase(room_key)
        elif room:
            return room
        raise LogGone

    def _exists(self, room_key: bytes) -> bool:
        try:
            return self._find(room_key) is not None
        except LogUnreadable:
            return True

    def _find(self, room_key: bytes) -> Room | None:
        """Raises LogUnreadable."""
        room = self._rooms.get(room_key) or self._unseal(room_key)
        if room:
            self._rooms[room_key] = room
        return room

    def _unseal(self, room_key: bytes) -> Room | None:
        try:
            return self.sealed.take(room_key)
        except Unreadable:
            raise LogUnreadable from None

    def expire(self) -> None:
        """Remove every log whose time is up."""
        now = self.now()
        for room_key in [key for key, room in self._rooms.items() if room.expires_at <= now]:
            self.erase(room_key)
        self.sealed.expire(now)

    def erase(self, room_key: bytes) -> None:
        """Remove a log and tell its followers. Raises LogUnreadable."""
        room = self._rooms.pop(room_key, None) or self._unseal(room_key)
        for follower in tuple(room.followers) if room else ():
            follower.gone()

    def leave(self, room_key: bytes, follower: Follower | None) -> None:
        """Stop telling a follower."""
        room = self._rooms.get(room_key)
        if room and follower in room.followers:
            room.followers.remove(follower)
