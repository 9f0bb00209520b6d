"""A whole log as it stands in Redis, and what of it a process keeps in mind to store it once more."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from chatroom.core.events import Ended, Entry
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.redis_commands import Call, Script
from chatroom.log.redis_wire import NONCE_BYTES, Page
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

    def nonce_at(self, offset: int) -> bytes:
        return self.at(offset)[:NONCE_BYTES]


class Stored(msgspec.Struct):
    """A log as it was read; `entries` are all it keeps."""

    epoch: bytes
    moved: bool
    base: int
    snapshot_offset: int
    snapshot: bytes
    entries: list[Entry]
    marks: list[bytes]

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


def question(seal: Seal, offset: int, snapshot: bool = False) -> Call:
    """What comes after an offset."""
    return Call((seal.meta, seal.entries, seal.snapshot, seal.origins), offset, READ_ENTRIES, int(snapshot))


async def load(seal: Seal, run: Run) -> Stored | None:
    """The log as it is now, or None when there is none. Raises Unreadable, LogUnavailable."""
    while answer := await run(READ, question(seal, 0, snapshot=True)):
        page = Page(seal, 0, answer)
        snapshot, entries, marks = page.snapshot(), list(page.run.after(0)), list(page.run.marks(0))
        stored = Stored(page.run.epoch, page.moved, page.base, page.snapshot_offset, snapshot, entries, marks)
        if await _read_on(seal, run, stored, page.head):
            return stored
    return None


async def _read_on(seal: Seal, run: Run, stored: Stored, head: int) -> bool:
    """Read the pages that follow; False when the log became another one meanwhile."""
    while stored.head < head:
        answer = await run(READ, question(seal, stored.head))
        page = Page(seal, stored.head, answer) if answer else None
        if not page or page.run.epoch != stored.epoch or page.nonce != stored.nonce or page.run.last <= stored.head:
            return False
        entries, marks = page.run.after(stored.head), page.run.marks(stored.head)
        stored.entries += entries
        stored.marks += marks
    return True
