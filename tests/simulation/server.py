"""The simulated Redis server: what the scripts do, in Python. `tests/test_simulated_server.py` holds it to them."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from chatroom.log.chain import AT_END, BY_END, HEADER_BYTES, NO_ORIGIN, NONCE_BYTES
from chatroom.log.redis import CREATE
from chatroom.log.redis_commands import Call, Script
from chatroom.log.redis_recovery import SEED
from chatroom.log.redis_room import APPEND
from chatroom.log.redis_stored import READ
from chatroom.log.redis_wire import Order, SealedDraft, Seeding
from chatroom.log.seal import DIGEST_BYTES
from simulation.machine import Process

LENGTH_OF_STRING_BYTES = 5


class Stored(msgspec.Struct):
    """A room's keys."""

    epoch: bytes
    run: bytes
    expires_at: int
    settles_at: int = 0
    base: int = 0
    rules: int = 1
    erased: int = 0
    snapshot_offset: int = 0
    snapshot: bytes = b""
    entries: list[bytes] = []
    origins: dict[bytes, bytes] = {}

    @property
    def head(self) -> int:
        return self.base + len(self.entries)

    def at(self, offset: int) -> bytes:
        return self.entries[offset - self.base - 1]


class Subscriber(Protocol):
    def push(self, kind: bytes, channel: bytes, message: bytes) -> None:
        """Something is on its way on this connection."""


class Data(msgspec.Struct):
    """What a server holds; values with the time at which they expire."""

    rooms: dict[bytes, Stored] = {}
    values: dict[bytes, tuple[bytes, float]] = {}
    hashes: dict[bytes, tuple[dict[bytes, bytes], float]] = {}


class Server:
    """Data and subscribers. `process` is the one that runs now; a restart makes another."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.full = False
        self.runs = 0
        self.restart(Data())

    def restart(self, data: Data) -> None:
        """Another server process with this data, which nobody is connected to yet."""
        self.process, self.data = Process(), data
        self.runs += 1
        self.subscribers: dict[bytes, list[Subscriber]] = defaultdict(list)

    @property
    def run_id(self) -> bytes:
        return b"%040x" % self.runs

    @property
    def down(self) -> bool:
        return self.process.killed

    def now(self) -> int:
        return int(self.loop.time() * 1000)

    def copy(self) -> Data:
        """What a save, or a replica that lags, holds."""
        rooms = {
            meta: msgspec.structs.replace(room, entries=room.entries.copy(), origins=room.origins.copy())
            for meta, room in self.data.rooms.items()
        }
        return Data(rooms, self.data.values.copy(), self.data.hashes.copy())

    def run(self, script: Script, call: Call) -> Any:
        return SCRIPTS[script.hash](self, call.keys, *call.arguments)

    def publish(self, channel: bytes, message: bytes) -> None:
        for subscriber in self.subscribers[channel]:
            subscriber.push(b"message", channel, message)

    def erase(self, meta: bytes, channel: bytes) -> None:
        self.data.rooms.pop(meta, None)
        self.publish(channel, b"")

    def exists(self, key: bytes) -> bool:
        return self.value(key) is not None or self.room(key) is not None

    def value(self, key: bytes) -> bytes | None:
        """A value, unless its time is up."""
        found, until = self.data.values.get(key, (None, 0))
        return found if until > self.loop.time() else None

    def keep(self, key: bytes, value: bytes, seconds: int) -> bytes:
        """Keep a value for so long; a new one only if there is none."""
        found = self.value(key)
        kept = value if found is None else found
        self.data.values[key] = kept, self.loop.time() + seconds
        return kept

    def keep_field(self, key: bytes, field: bytes, value: bytes, seconds: int) -> dict[bytes, bytes]:
        found, until = self.data.hashes.get(key, ({}, 0))
        kept = {**(found if until > self.loop.time() else {}), field: value}
        self.data.hashes[key] = kept, self.loop.time() + seconds
        return kept

    def drop_fields(self, key: bytes, fields: Sequence[bytes]) -> None:
        found, until = self.data.hashes.get(key, ({}, 0))
        self.data.hashes[key] = {field: value for field, value in found.items() if field not in fields}, until

    def room(self, meta: bytes) -> Stored | None:
        """The room, unless its time is up."""
        room = self.data.rooms.get(meta)
        if room and room.expires_at <= self.now():
            del self.data.rooms[meta]
            return None
        return room

    def create(self, keys: Sequence[bytes], expires_at: int, epoch: bytes, entry: bytes) -> int:
        if self.room(keys[0]):
            return 0
        stored = entry[:NONCE_BYTES] + _stamp(self.now()) + NO_ORIGIN + entry[NONCE_BYTES:]
        self.data.rooms[keys[0]] = Stored(epoch, self.run_id, expires_at, entries=[stored])
        return 1

    def read(self, keys: Sequence[bytes], after: int, most: int, with_snapshot: int) -> list[Any]:
        room = self.room(keys[0])
        if room is None:
            return []
        skip = max(after - room.base, 0)
        nonce = room.entries[skip - 1][:NONCE_BYTES] if 0 < skip <= len(room.entries) else b""
        return [
            room.epoch,
            int(room.run != self.run_id),
            max(room.settles_at - self.now(), 0),
            room.base,
            room.head,
            room.snapshot_offset,
            room.snapshot if with_snapshot else b"",
            nonce,
            room.entries[skip : skip + most],
        ]

    def seed(self, keys: Sequence[bytes], packed: bytes) -> int:
        seeding, room = msgspec.msgpack.decode(packed, type=Seeding), self.room(keys[0])
        found = (room.epoch, room.entries[-1][:NONCE_BYTES]) if room else (b"", b"")
        if found[0] != _bare(seeding.found_epoch) or (room and found[1] != _bare(seeding.found_nonce)):
            return 0
        entries = [_bare(entry) for entry in seeding.entries]
        head = seeding.base + len(entries)
        settles_at = room.settles_at if room and room.run == self.run_id else self.now() + seeding.settle_ms
        marks = [(offset, entry[AT_END:BY_END]) for offset, entry in enumerate(entries, seeding.base + 1)]
        self.data.rooms[keys[0]] = Stored(
            _bare(seeding.epoch),
            self.run_id,
            seeding.expires_at,
            settles_at=settles_at,
            base=seeding.base,
            rules=head,
            erased=head,
            snapshot_offset=head,
            snapshot=_bare(seeding.snapshot),
            entries=entries,
            origins={by[:DIGEST_BYTES]: by[DIGEST_BYTES:] + b"%d" % offset for offset, by in marks if by != NO_ORIGIN},
        )
        self.publish(_bare(seeding.channel), _bare(seeding.epoch))
        return 1

    def append(self, keys: Sequence[bytes], packed: bytes) -> list[Any]:
        order, room = msgspec.msgpack.decode(packed, type=Order), self.room(keys[0])
        if room is None:
            return [b"gone"]
        if room.run != self.run_id or not _is_known(room, order):
            return [b"lost"]
        sorted_out = _sort(room, order)
        if sorted_out is None:
            return [b"conflict"]
        answer, fresh = sorted_out
        if not fresh:
            return [b"ok", room.head, 0, *answer]
        if room.rules > order.decided_at:
            return [b"conflict"]
        erases = any(0 < offset <= room.snapshot_offset for draft in fresh for offset, _ in draft.erasures)
        snapshot = _bare(order.snapshot)
        if erases and not snapshot:
            return [b"snapshot"]
        fits = order.decided_at >= max(room.base, room.erased)
        if erases and not fits:
            return [b"conflict"]
        if self.now() < room.settles_at:
            return [b"settling"]
        head, at = room.head, max(self.now(), int(room.at(room.head)[NONCE_BYTES:AT_END]))
        written = [entry for draft in fresh for entry in _store(room, draft, _stamp(at))]
        if snapshot and fits and (erases or order.decided_at > room.snapshot_offset):
            room.snapshot, room.snapshot_offset = snapshot, order.decided_at
        _forget(room, order.keep_entries)
        room.expires_at = order.expires_at
        batch = b"".join(len(entry).to_bytes(4) + entry for entry in written)
        self.publish(_bare(order.channel), room.epoch + (head + 1).to_bytes(4) + batch)
        return [b"ok", head, at, *answer]


def _stamp(at: int) -> bytes:
    return b"%013d" % at


def _bare(packed: msgspec.Raw) -> bytes:
    return bytes(packed)[LENGTH_OF_STRING_BYTES:]


def _is_known(room: Stored, order: Order) -> bool:
    """Whether the log is the one that the caller has seen."""
    if not order.seen_offset:
        return True
    if _bare(order.seen_epoch) != room.epoch or order.seen_offset > room.head:
        return False
    return order.seen_offset <= room.base or room.at(order.seen_offset)[:NONCE_BYTES] == _bare(order.seen_nonce)


def _sort(room: Stored, order: Order) -> tuple[list[Any], list[SealedDraft]] | None:
    """Kind and offset of each draft, and those that are new; None when the writer is too far behind."""
    answer: list[Any] = []
    fresh: list[SealedDraft] = []
    in_batch: dict[bytes, bytes] = {}
    following = room.head + 1
    for draft in order.drafts:
        origin, fingerprint = _bare(draft.origin), _bare(draft.fingerprint)
        before = in_batch.get(origin) or room.origins.get(origin)
        if before:
            kind = b"duplicate" if before[:DIGEST_BYTES] == fingerprint else b"reused"
            answer += [kind, int(before[DIGEST_BYTES:])]
        elif following - order.seen_offset > order.most_behind:
            return None
        else:
            answer += [b"new", following]
            in_batch[origin] = fingerprint + b"%d" % following
            fresh.append(draft)
            following += len(draft.events)
    return answer, fresh


def _store(room: Stored, draft: SealedDraft, stamp: bytes) -> list[bytes]:
    for offset, packed in draft.erasures:
        if (sealed := _bare(packed)) and room.base < offset <= room.head:
            room.entries[offset - room.base - 1] = room.at(offset)[:HEADER_BYTES] + sealed
        room.erased = room.head + 1
    if draft.last_rule:
        room.rules = room.head + draft.last_rule
    origin, fingerprint = _bare(draft.origin), _bare(draft.fingerprint)
    room.origins[origin] = fingerprint + b"%d" % (room.head + 1)
    events = [_bare(event) for event in draft.events]
    bys = [origin + fingerprint] + [NO_ORIGIN] * (len(events) - 1)
    written = [event[:NONCE_BYTES] + stamp + by + event[NONCE_BYTES:] for event, by in zip(events, bys, strict=True)]
    room.entries += written
    return written


def _forget(room: Stored, keep_entries: int) -> None:
    for _ in range(room.base + 1, min(room.snapshot_offset, room.head - keep_entries) + 1):
        room.origins.pop(room.entries.pop(0)[AT_END : AT_END + DIGEST_BYTES], None)
        room.base += 1


SCRIPTS: dict[str, Callable[..., Any]] = {
    APPEND.hash: Server.append,
    READ.hash: Server.read,
    CREATE.hash: Server.create,
    SEED.hash: Server.seed,
}
