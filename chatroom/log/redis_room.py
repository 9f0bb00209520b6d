"""One room's log in Redis, seen from one process.

1. One rule for every entry, whoever sent it and however it came: offset <= last, skip; = last + 1, give it to the follower;
   more, read the log again from last. Messages, own appends, rereads and checks all end in `_take`.
2. Subscribed first, then read: nothing falls between.
3. A log that does not continue what was seen (other epoch, other nonce at the last offset, shorter, or cut off beyond it) is
   never mixed with it: `_lost`.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import msgspec

from chatroom.core.events import Draft, Entry
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.base import (
    Conflict,
    Follower,
    LogGone,
    LogUnavailable,
    Opened,
    OriginReused,
    Receipt,
    SnapshotNeeded,
    require_origins,
)
from chatroom.log.redis_commands import Call, Commands, Script
from chatroom.log.redis_subscription import Subscription
from chatroom.log.redis_wire import (
    SNAPSHOT,
    Foreign,
    Order,
    OwnRun,
    Page,
    Run,
    own_entries,
    read_batch,
    seal_draft,
    string,
    token,
)
from chatroom.log.seal import Seal

READ_ENTRIES = 500
encode = msgspec.msgpack.Encoder().encode
APPEND = Script("append.lua")
READ = Script("read.lua")

logger = logging.getLogger("chatroom.log")


class Seen(msgspec.Struct, frozen=True):
    """How far this process knows the log; offset 0 while it does not follow."""

    epoch: bytes = b""
    offset: int = 0
    nonce: bytes = b""


def continues(seen: Seen, page: Page) -> bool:
    """Whether the log read is the one that was seen."""
    if page.run.epoch != seen.epoch or not page.base <= seen.offset <= page.head:
        return False
    return page.base == seen.offset or page.nonce == seen.nonce


class RedisLog:
    """A `RoomLog`. `followed` holds the logs that are followed in this process, to be checked from time to time."""

    def __init__(self, commands: Commands, subscription: Subscription, seal: Seal, followed: set["RedisLog"]) -> None:
        self._commands, self._subscription, self._seal, self._followed = commands, subscription, seal, followed
        self._follower: Follower | None = None
        self._sink: Callable[[Sequence[Entry]], None] = list[Entry]().extend
        self.seen = Seen()
        self._gone = self._troubled = self._again = False
        self._reading = asyncio.Lock()
        self._rereading: asyncio.Task[None] | None = None

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        require_origins(drafts)
        if self._gone:
            raise LogGone
        nonces = [[token() for _ in draft.events] for draft in drafts]
        order = Order(
            channel=string(self._seal.channel),
            expires_at=expires_at,
            decided_at=decided_at,
            keep_entries=HISTORY_ENTRIES,
            snapshot=string(self._seal.close(snapshot, SNAPSHOT) if snapshot else b""),
            seen_epoch=string(self.seen.epoch),
            seen_offset=self.seen.offset,
            seen_nonce=string(self.seen.nonce),
            drafts=[seal_draft(self._seal, *pair) for pair in zip(drafts, nonces, strict=True)],
        )
        outcome, *answer = await self._run(APPEND, Call(self._seal.keys, encode(order)))
        if outcome != b"ok":
            await self._refused(outcome)
        return await self._stored(drafts, nonces, *answer)

    async def _stored(
        self, drafts: Sequence[Draft], nonces: Sequence[list[bytes]], head: int, at: int, *results: Any
    ) -> list[Receipt]:
        """Give the follower everything up to what was stored; the receipts."""
        receipts, entries = [], list[Entry]()
        for i, (kind, offset) in enumerate(zip(results[::2], results[1::2], strict=True)):
            error = OriginReused() if kind == b"reused" else None
            receipts.append(Receipt(offset, duplicate=kind == b"duplicate", error=error))
            if kind == b"new":
                entries += own_entries(drafts[i], nonces[i], offset, at)
        if self.seen.offset:
            if entries:
                self._take(OwnRun(entries))
            if self.seen.offset < head + len(entries):
                await self._catch_up()
            self._reached()
        return receipts

    async def _refused(self, outcome: bytes) -> NoReturn:
        if outcome == b"snapshot":
            raise SnapshotNeeded
        if outcome == b"conflict":
            if self.seen.offset:
                await self._catch_up()
            raise Conflict
        if outcome == b"lost":
            self._lost()
        self._end()
        raise LogGone

    async def follow(self, follower: Follower) -> Opened:
        await self._subscription.add(self._seal.channel, self)
        try:
            page = await self._first_page()
            entries = list(page.run.after(0))
            self._sink = entries.extend
            self.seen = Seen(page.run.epoch, entries[-1].offset, entries[-1].nonce.encode())
            snapshot = page.snapshot()
            await self._catch_up()
        except Foreign:
            await self.close()
            raise LogGone from None
        except BaseException:
            await self.close()
            raise
        self._follower, self._sink = follower, follower.entries
        self._followed.add(self)
        return Opened(self.seen.epoch.decode(), page.snapshot_offset, snapshot, tuple(entries))

    async def _first_page(self) -> Page:
        answer = await self._run(READ, Call(self._read_keys(), 0, READ_ENTRIES, 1))
        if not answer:
            raise LogGone
        return Page(self._seal, 0, answer)

    async def erase(self) -> None:
        await self._commands.erase(self._seal.keys, self._seal.channel)
        self._end()

    async def close(self) -> None:
        self._followed.discard(self)
        self._follower, self._sink, self.seen = None, list[Entry]().extend, Seen()
        if self._rereading:
            self._rereading.cancel()
            await asyncio.wait([self._rereading])
        await self._subscription.remove(self._seal.channel, self)

    # What the subscription says

    def heard(self, message: bytes) -> None:
        if not self.seen.offset:
            return  # `follow` reads once more after this
        try:
            batch = read_batch(self._seal, message)
            if batch.epoch == self.seen.epoch and self._take(batch):
                return
        except Foreign:
            pass
        self._reread()

    def confirmed(self) -> None:
        if self.seen.offset:
            self._reread()

    def lost(self) -> None:
        self.stopped()

    # Reading

    def question(self, seen: Seen) -> Call:
        """What comes after `seen`; the answer goes to `answered`."""
        return Call(self._read_keys(), seen.offset, READ_ENTRIES, 0)

    def answered(self, seen: Seen, answer: Sequence[Any]) -> bool:
        """Take the answer; True when there is more to read."""
        if not self.seen.offset:
            return False
        if not answer:
            self._end()
            return False
        page = Page(self._seal, seen.offset, answer)
        try:
            if not continues(seen, page):
                raise Foreign
            self._take(page.run)
        except Foreign:
            self._lost()
            return False
        self._reached()
        return self.seen.offset < page.head

    def check(self, seen: Seen, answer: Sequence[Any]) -> None:
        """Like `answered`, and reads what more there is on its own."""
        if self.answered(seen, answer):
            self._reread()

    def _take(self, run: Run) -> bool:
        """The rule. False when entries before the run are missing. Raises Foreign."""
        if run.first > self.seen.offset + 1:
            return False
        if run.last > self.seen.offset:
            entries = run.after(self.seen.offset)
            self.seen = Seen(self.seen.epoch, entries[-1].offset, entries[-1].nonce.encode())
            self._sink(entries)
        return True

    async def _catch_up(self) -> None:
        """Read until there is no more. Raises LogGone, LogUnavailable."""
        async with self._reading:
            more = True
            while more:
                seen = self.seen
                more = self.answered(seen, await self._run(READ, self.question(seen)))
        if self._gone:
            raise LogGone

    def _reread(self) -> None:
        """Catch up soon, in a task of its own; any number of wishes make one."""
        self._again = True
        if not self._rereading:
            self._rereading = asyncio.create_task(self._reread_all())

    async def _reread_all(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._catch_up()
        except (LogGone, LogUnavailable):
            pass  # the follower was told; the next confirmation or check tries again
        finally:
            self._rereading = None

    # What the follower is told

    def stopped(self) -> None:
        """The server does not answer."""
        if self._follower and not self._troubled:
            self._troubled = True
            self._follower.trouble(False)

    def _reached(self) -> None:
        if self._follower and self._troubled and self._subscription.live(self._seal.channel):
            self._troubled = False
            self._follower.trouble(True)

    def _lost(self) -> None:
        """The log went back or is another one. What this process holds of the room could seed a new log here."""
        logger.warning("log_replaced")
        self._end()

    def _end(self) -> None:
        if self._follower and not self._gone:
            self._follower.gone()
        self._gone, self.seen = True, Seen()

    def _read_keys(self) -> tuple[bytes, bytes, bytes]:
        return self._seal.meta, self._seal.entries, self._seal.snapshot

    async def _run(self, script: Script, call: Call) -> Any:
        try:
            return await self._commands.run(script, call)
        except LogUnavailable:
            self.stopped()
            raise
