"""A follower that remembers what it was told, and short words for events and drafts."""

import asyncio
import secrets
from collections.abc import Callable, Sequence

from chatroom.core.door_events import Door, DoorSet
from chatroom.core.events import AnyEvent, Draft, Entry, LateJoiners, MessagePosted, Redacted, RoomOpened
from chatroom.log.base import Held, Opened, RoomLog

GUARD_SECONDS = 30
FAR_MS = 3_600_000

ROOM = RoomOpened("Evening", "Welcome", ("Be kind",), 0, 0, 0, 50, LateJoiners.NOTHING, b"h", b"m", b"i")
LOCK = DoorSet(Door.LOCKED, by="mod")


def troubled(told: Sequence[bool]) -> bool:
    """Whether trouble was told and is not over. How often it was over before depends on who looked when."""
    return list(told) == [False] + [True, False] * (len(told) // 2)


def is_over(told: Sequence[bool]) -> bool:
    """Whether trouble was told and then its end, in turns."""
    return bool(told) and list(told) == [False, True] * (len(told) // 2)


class Heard:
    """Everything one follower knows: what was there when it came, then what it was told."""

    def __init__(self) -> None:
        self.entries_known: list[Entry] = []
        self.troubles: list[bool] = []
        self.epochs: list[str] = []
        self.times_reopened = 0
        self.expires_at = 2**53
        self.times_gone = self.times_unreadable = 0
        self._changed = asyncio.Event()

    async def follow(self, log: RoomLog) -> Opened:
        opened = await log.follow(self)
        self.entries_known[:0] = opened.entries
        self.epochs.append(opened.epoch)
        return opened

    def entries(self, entries: Sequence[Entry]) -> None:
        self.entries_known += entries
        self._changed.set()

    def gone(self) -> None:
        self.times_gone += 1
        self._changed.set()

    def unreadable(self) -> None:
        self.times_unreadable += 1
        self._changed.set()

    def trouble(self, reaching: bool) -> None:
        self.troubles.append(reaching)
        self._changed.set()

    def held(self) -> Held | None:
        if self.times_gone:
            return None
        entries = [_without_text(entry) if entry.offset in self.erased else entry for entry in self.entries_known]
        return Held(entries, b"state at %d" % self.head, self.expires_at)

    @property
    def erased(self) -> set[int]:
        events = [entry.event for entry in self.entries_known]
        return {event.message for event in events if isinstance(event, Redacted)}

    def fold(self, snapshot: bytes, entries: Sequence[Entry]) -> bytes:
        return b"state at %d" % entries[-1].offset if entries else snapshot

    def renamed(self, epoch: str) -> None:
        self.epochs.append(epoch)
        self._changed.set()

    def reopened(self, opened: Opened) -> None:
        self.entries_known = list(opened.entries)
        self.times_reopened += 1
        self.renamed(opened.epoch)

    async def until(self, condition: Callable[[], bool]) -> None:
        """The barrier: waits for what it is told, never for time to pass."""
        async with asyncio.timeout(GUARD_SECONDS):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_offset(self, offset: int) -> None:
        await self.until(lambda: bool(self.entries_known) and self.head >= offset)

    async def until_troubled(self) -> None:
        await self.until(lambda: troubled(self.troubles))

    async def until_over(self) -> None:
        await self.until(lambda: is_over(self.troubles))

    async def until_gone(self) -> None:
        await self.until(lambda: self.times_gone > 0)

    async def until_unreadable(self) -> None:
        await self.until(lambda: self.times_unreadable > 0)

    @property
    def head(self) -> int:
        return self.entries_known[-1].offset

    @property
    def offsets(self) -> list[int]:
        return [entry.offset for entry in self.entries_known]

    @property
    def texts(self) -> list[str]:
        return [entry.event.text for entry in self.entries_known if isinstance(entry.event, MessagePosted)]


def _without_text(entry: Entry) -> Entry:
    event = entry.event
    return Entry(
        entry.offset,
        entry.at,
        entry.nonce,
        MessagePosted(event.participant, "", event.origin_id) if isinstance(event, MessagePosted) else event,
    )


def post(text: str, origin: str = "") -> Draft:
    """A message; without an origin it gets one of its own."""
    origin = origin or secrets.token_hex(8)
    return Draft((MessagePosted("ada", text, origin),), origin, text.encode())


def draft(*events: AnyEvent) -> Draft:
    return Draft(events, secrets.token_hex(8))
