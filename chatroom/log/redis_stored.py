"""A whole log as it stands in Redis, and what of it a process keeps in mind to store it once more."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from chatroom.core.events import Ended, Entry
from chatroom.core.formats import Unreadable
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.chain import AT_END, NONCE_BYTES, Chain
from chatroom.log.redis_commands import Call, Script
from chatroom.log.redis_wire import Page, StoredRun
from chatroom.log.seal import Seal

READ_ENTRIES = 500
MARKS_KEPT = HISTORY_ENTRIES * 3 // 2
READ = Script("read.lua")

Run = Callable[[Script, Call], Awaitable[Any]]


class Marks:
    """The marks of consecutive entries, the newest at offset `last`."""

    __slots__ = ("_marks", "last")

    def __init__(self, last: int, marks: Sequence[bytes]) -> None:
        self._marks, self.last = list(marks), last

    @property
    def base(self) -> int:
        """The offset before the first."""
        return self.last - len(self._marks)

    def extend(self, marks: Sequence[bytes]) -> None:
        self._marks += marks
        self.last += len(marks)
        if len(self._marks) > MARKS_KEPT * 5 // 4:
            del self._marks[: len(self._marks) - MARKS_KEPT]

    def at(self, offset: int) -> bytes:
        """Empty when it is not kept."""
        return self._marks[offset - self.base - 1] if self.base < offset <= self.last else b""


def mark_of(header: bytes) -> bytes:
    return header[:NONCE_BYTES] + header[AT_END:]


class Stored(msgspec.Struct):
    """A log as it was read; `entries` are all it keeps."""

    epoch: bytes
    moved: bool
    base: int
    snapshot_offset: int
    snapshot: bytes
    entries: list[Entry]
    marks: list[bytes]
    chain: Chain

    @property
    def head(self) -> int:
        return self.base + len(self.entries)

    @property
    def lacks_state(self) -> bool:
        """Whether a part of it is lost without which nobody can tell the state of the room."""
        return not self.entries or (self.snapshot_offset > 0 and not self.snapshot)

    @property
    def has_ended(self) -> bool:
        """Whether the room is over and only waits to be erased."""
        return bool(self.entries) and type(self.entries[-1].event) is Ended

    @property
    def nonce(self) -> bytes:
        """Of the newest entry; empty when there is none."""
        return self.marks[-1][:NONCE_BYTES] if self.marks else b""

    def take(self, run: StoredRun) -> None:
        """Go on with what follows. Raises Unreadable."""
        entries, headers = run.after(self.head), run.headers(self.head)
        self.chain.take(headers)
        self.entries += entries
        self.marks += map(mark_of, headers)

    def require_whole(self) -> None:
        """Raises Unreadable when what is forgotten, or how it was left, cannot be told from what stands here.

        Of a log that lacks its state nothing is taken as it stands.
        """
        if self.lacks_state:
            return
        if not self.chain.digest_at(self.head) or not self.base <= self.snapshot_offset <= self.head:
            raise Unreadable


def question(seal: Seal, offset: int, snapshot: bool = False) -> Call:
    """What comes after an offset."""
    return Call((seal.meta, seal.entries, seal.snapshot, seal.origins), offset, READ_ENTRIES, int(snapshot))


async def load(seal: Seal, run: Run) -> Stored | None:
    """The log as it is now, or None when there is none. Raises Unreadable, LogUnavailable."""
    while answer := await run(READ, question(seal, 0, snapshot=True)):
        page = Page(seal, 0, answer)
        digest, snapshot = page.snapshot()
        chain = Chain(seal.chain_key, page.base, (page.snapshot_offset, digest))
        stored = Stored(page.run.epoch, page.moved, page.base, page.snapshot_offset, snapshot, [], [], chain)
        stored.take(page.run)
        if await _read_on(seal, run, stored, page.head):
            stored.require_whole()
            return stored
    return None


async def _read_on(seal: Seal, run: Run, stored: Stored, head: int) -> bool:
    """Read the pages that follow; False when the log became another one meanwhile."""
    while stored.head < head:
        answer = await run(READ, question(seal, stored.head))
        page = Page(seal, stored.head, answer) if answer else None
        if not page or page.run.epoch != stored.epoch or page.nonce != stored.nonce or page.run.last <= stored.head:
            return False
        stored.take(page.run)
    return True
