"""Bringing back a room's log that was lost, went back to older data, or went on without what this process saw.

An epoch belongs to one run of one server: `append.lua` refuses any other, so all entries of an epoch have one order, and what a
restarted or promoted server holds of it is a beginning of that. Any process that follows the room may begin a new epoch
(`seed.lua`), if the log still is what it found; of two that try, one finds another log and looks again. It stores

- what it holds itself, when that goes on from the log found, or nothing was found: same entries, same offsets;
- the log found, when that goes on from what it holds; where its snapshot is lost, which only happens to a server that throws
  keys away, the state comes from what the process holds;
- both joined (`merge.py`), when each has what the other lacks: the log found, then what it lacks, under its old nonces and
  origins. Who followed the log found sees it go on; who held what was lacking starts again from a snapshot.

So nothing is lost that a living process saw, whenever it comes back, and nothing is there twice. For a moment after the first
seeding on a server nobody may append (`SETTLE_MS`): every process that is there first says what it knows, and no offset
changes.

An erased log does not come back. A follower is told of it; who missed that finds no log in the same life of the server
(`redis_life.py`). Who erased it does so again when a server comes back with older data. Who finds that it has ended, but is not
erased, takes it for erased, and whoever is told so erases it.
"""

from collections.abc import Callable, Sequence

import msgspec

from chatroom.core.events import Entry
from chatroom.log.base import Held, LogUnavailable, Opened
from chatroom.log.chain import DIGEST_BYTES as CHAIN_BYTES
from chatroom.log.chain import LINK_BYTES, NO_ORIGIN, NONCE_BYTES, Chain
from chatroom.log.merge import Fork, continues
from chatroom.log.redis_commands import Call, Commands, Script
from chatroom.log.redis_life import Life
from chatroom.log.redis_stored import Marks, Run, Stored, load
from chatroom.log.redis_wire import Seeding, header_of, seal_snapshot, stored_entry, string, token
from chatroom.log.seal import DIGEST_BYTES, Seal

SEED = Script("seed.lua")
SETTLE_MS = 1500
SEED_TRIES = 10

Fold = Callable[[bytes, Sequence[Entry]], bytes]
MarkOf = dict[str, bytes]


class Erased(Exception):
    """The room is over: its log was erased, has expired or ended."""


class Recovered(msgspec.Struct):
    """The log to go on with; `opened` when what the follower was given does not stand in it as it was given."""

    stored: Stored
    opened: Opened | None


class Recovery:
    """Of one room's log. `life` is that of the server when the log was last seen there."""

    def __init__(self, commands: Commands, life: Life, seal: Seal, run: Run) -> None:
        self._commands, self._life, self._seal, self._run = commands, life, seal, run
        self.life = b""

    async def recover(self, held: Callable[[], Held | None], fold: Fold, marks: Marks) -> Recovered:
        """Raises Erased, LogUnavailable; Unreadable for a log that another version went on with: it stays as it is."""
        for _ in range(SEED_TRIES):
            life = await self._life.ask()
            found = await load(self._seal, self._run)
            if await self._life.ask() != life:
                continue  # the data were lost just before they were read
            own = held()
            if found and found.has_ended:
                raise Erased
            if own is None or own.expires_at <= self._commands.now() or (found is None and life == self.life):
                raise Erased
            wanted = _wanted(own, marks, found, fold)
            if wanted is not found:
                wanted = self._chained(wanted)
            if wanted is not found and not await self._seed(found, wanted, own.expires_at):
                continue
            self.life = life
            opened = None if _stands_in(own.entries[-1], wanted) else _opened(wanted)
            return Recovered(wanted, opened)
        raise LogUnavailable("others are faster")

    def _chained(self, log: Stored) -> Stored:
        """The log with links of its own: what its entries were linked to may be forgotten, or stand elsewhere."""
        chain, marks = Chain(self._seal.chain_key, log.base, (log.base, bytes(CHAIN_BYTES))), list[bytes]()
        for entry, mark in zip(log.entries, log.marks, strict=True):
            is_first = mark[NONCE_BYTES:-LINK_BYTES] != NO_ORIGIN
            marks.append(mark[:-LINK_BYTES] + (chain.link() if is_first else chain.link_within()))
            chain.take([header_of(marks[-1], entry.at)])
        return msgspec.structs.replace(log, marks=marks, chain=chain)

    async def _seed(self, found: Stored | None, wanted: Stored, expires_at: int) -> bool:
        pairs = zip(wanted.entries, wanted.marks, strict=True)
        seeding = Seeding(
            channel=string(self._seal.channel),
            found_epoch=string(found.epoch if found else b""),
            found_nonce=string(found.nonce if found else b""),
            epoch=string(wanted.epoch),
            expires_at=expires_at,
            settle_ms=SETTLE_MS,
            base=wanted.base,
            snapshot=string(seal_snapshot(self._seal, wanted.head, wanted.chain.digest_at(wanted.head), wanted.snapshot)),
            entries=[string(stored_entry(self._seal, mark, entry)) for entry, mark in pairs],
        )
        return bool(await self._run(SEED, Call(self._seal.keys, msgspec.msgpack.encode(seeding))))


def _wanted(own: Held, marks: Marks, found: Stored | None, fold: Fold) -> Stored:
    """The log that should be there: the one found, if that is as it should be, or a new one with its snapshot at the head."""
    held = [entry for entry in own.entries if entry.offset > marks.base]
    mark_of = {entry.nonce: marks.at(entry.offset) for entry in held}
    if found is None or not found.entries or continues(held, found.head, found.nonce.decode()):
        if found and not found.moved and found.nonce.decode() == held[-1].nonce:
            return found
        return _new(held, mark_of, own.snapshot)
    if found.lacks_state and not _stands_in(held[-1], found):
        return _new(held, mark_of, own.snapshot)
    mark_of |= {entry.nonce: mark for entry, mark in zip(found.entries, found.marks, strict=True)}
    fork = Fork(held, found.entries, _origins(mark_of))
    if fork.lacking():
        return _new(entries := fork.joined(), mark_of, _folded(fold, found, entries))
    if found.lacks_state:
        return _new(found.entries, mark_of, fold(own.snapshot, found.entries[held[-1].offset - found.base :]))
    if found.moved:
        return _new(found.entries, mark_of, _folded(fold, found, found.entries))
    return found


def _new(entries: list[Entry], mark_of: MarkOf, snapshot: bytes) -> Stored:
    return Stored(
        epoch=token(),
        moved=False,
        base=entries[0].offset - 1,
        snapshot_offset=entries[-1].offset,
        snapshot=snapshot,
        entries=entries,
        marks=[mark_of[entry.nonce] for entry in entries],
        chain=Chain(b""),
    )


def _folded(fold: Fold, found: Stored, entries: Sequence[Entry]) -> bytes:
    return fold(found.snapshot, [entry for entry in entries if entry.offset > found.snapshot_offset])


def _origins(mark_of: MarkOf) -> dict[str, bytes]:
    bys = {nonce: mark[NONCE_BYTES:-LINK_BYTES] for nonce, mark in mark_of.items()}
    return {nonce: by[:DIGEST_BYTES] for nonce, by in bys.items() if by != NO_ORIGIN}


def _stands_in(entry: Entry, log: Stored) -> bool:
    """Whether an entry has the same place in a log, and so everything before it."""
    return log.base < entry.offset <= log.head and log.entries[entry.offset - log.base - 1].nonce == entry.nonce


def _opened(log: Stored) -> Opened:
    return Opened(log.epoch.decode(), log.snapshot_offset, log.snapshot, tuple(log.entries))
