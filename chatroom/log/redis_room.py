"""One room's log in Redis, seen from one process.

1. One rule for every entry, whoever sent it and however it came: offset <= last, skip; = last + 1, give it to the follower;
   more, read the log again from last. Messages, own appends, rereads and checks all end in `_take`.
2. Subscribed first, then read: nothing falls between.
3. A log that does not continue what was seen (other epoch, other nonce at the last offset, shorter, or missing), or that
   another run of a server began, is never mixed with it, nor appended to: `redis_recovery.py` brings both together first.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from chatroom.core.events import Draft, Entry
from chatroom.core.formats import Unreadable
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.base import (
    Conflict,
    Follower,
    LogGone,
    LogUnavailable,
    LogUnreadable,
    Opened,
    OriginReused,
    Receipt,
    SnapshotNeeded,
    new_expiry,
    require_origins,
)
from chatroom.log.chain import MAX_LAG, Chain
from chatroom.log.redis_commands import Call, Commands, Script, ServerFull
from chatroom.log.redis_life import Life
from chatroom.log.redis_line import stop
from chatroom.log.redis_recovery import Erased, Recovery
from chatroom.log.redis_stored import READ, Marks, Stored, load, mark_of, question
from chatroom.log.redis_subscription import Subscription
from chatroom.log.redis_wire import (
    NOTHING,
    Order,
    OwnRun,
    Page,
    Run,
    known,
    marks_of,
    read_batch,
    seal_draft,
    seal_snapshot,
    string,
)
from chatroom.log.seal import Seal

AGAIN_SECONDS = 0.25
encode = msgspec.msgpack.Encoder().encode
APPEND = Script("append.lua")

logger = logging.getLogger("chatroom.log")


class Seen(msgspec.Struct, frozen=True):
    """How far this process knows the log; offset 0 while it does not follow."""

    epoch: bytes = b""
    offset: int = 0
    nonce: bytes = b""


def continues(seen: Seen, page: Page) -> bool:
    """Whether the log read is the one that was seen, and may go on."""
    if page.moved or page.run.epoch != seen.epoch or not page.base <= seen.offset <= page.head:
        return False
    return page.base == seen.offset or page.nonce == seen.nonce


class RedisLog:
    """A `RoomLog`. `followed` holds the logs that are followed in this process, to be checked from time to time."""

    def __init__(
        self, commands: Commands, subscription: Subscription, life: Life, seal: Seal, followed: set["RedisLog"]
    ) -> None:
        self._commands, self._subscription, self._seal, self._followed = commands, subscription, seal, followed
        self._life, self._recovery = life, Recovery(commands, life, seal, self._run)
        self._follower: Follower | None = None
        self._sink: Callable[[Sequence[Entry]], None] = list[Entry]().extend
        self.seen = Seen()
        self._marks = Marks(0, ())
        self._chain = Chain(seal.chain_key)
        self._own = NOTHING
        """What is being appended: it may be heard before it is answered, and needs no opening."""
        self._over: type[LogGone | LogUnreadable] | None = None
        """Why nothing more comes."""
        self._troubled = self._full = self._again = self._doubted = False
        self._waiting: asyncio.TimerHandle | None = None
        self._reading = asyncio.Lock()
        self._rereading: asyncio.Task[None] | None = None

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        require_origins(drafts)
        self._require_going_on()
        seen, link = self.seen, self._chain.link()
        marks = [marks_of(self._seal, draft, link) for draft in drafts]
        if snapshot:
            snapshot = await self._sealed(snapshot, decided_at)
        order = Order(
            channel=string(self._seal.channel),
            expires_at=new_expiry(drafts, expires_at, self._commands.now()),
            decided_at=decided_at,
            keep_entries=HISTORY_ENTRIES,
            snapshot=string(snapshot),
            seen_epoch=string(seen.epoch),
            seen_offset=seen.offset,
            seen_nonce=string(seen.nonce),
            most_behind=MAX_LAG,
            drafts=[seal_draft(self._seal, *pair, self._marks.at) for pair in zip(drafts, marks, strict=True)],
        )
        self._own = known(drafts, marks)
        try:
            outcome, *answer = await self._run(APPEND, Call(self._seal.keys, encode(order)))
        finally:
            self._own = NOTHING
        if outcome != b"ok":
            raise await self._refusal(outcome)
        if self._doubted or self.seen.epoch != seen.epoch:
            raise LogUnavailable("the log was replaced meanwhile")
        return await self._stored(drafts, marks, *answer)

    async def _sealed(self, state: bytes, offset: int) -> bytes:
        """A snapshot of the state at an offset. Raises Conflict for a state so old that its place in the chain is forgotten."""
        if digest := self._chain.digest_at(offset):
            return seal_snapshot(self._seal, offset, digest, state)
        raise await self._refusal(b"conflict")

    async def _stored(
        self, drafts: Sequence[Draft], marks: Sequence[list[bytes]], head: int, at: int, *results: Any
    ) -> list[Receipt]:
        """Give the follower everything up to what was stored; the receipts."""
        receipts, runs = [], list[OwnRun]()
        for i, (kind, offset) in enumerate(zip(results[::2], results[1::2], strict=True)):
            error = OriginReused() if kind == b"reused" else None
            receipts.append(Receipt(offset, duplicate=kind == b"duplicate", error=error))
            if kind == b"new":
                runs.append(OwnRun(offset, at, marks[i], drafts[i].events))
        if self.seen.offset:
            self._full = False
            for run in runs:
                self._take(run)
            if self.seen.offset < max([head, *(run.last for run in runs)]):
                await self._catch_up()
            self._reached()
        return receipts

    async def _refusal(self, outcome: bytes) -> Exception:
        """What to raise when nothing was stored; the follower has everything up to now."""
        if outcome == b"snapshot":
            return SnapshotNeeded()
        if outcome == b"settling":
            return LogUnavailable("the log was brought back just now")
        if self.seen.offset:
            self._doubted |= outcome != b"conflict"
            await self._catch_up()
            return Conflict()
        return {b"conflict": Conflict(), b"lost": LogUnavailable("the log moved")}.get(outcome) or LogGone()

    async def follow(self, follower: Follower) -> Opened:
        if self._subscription.away:
            raise LogUnavailable("no connection")
        await self._subscription.add(self._seal.channel, self)
        try:
            self._recovery.life = await self._life.ask()
            stored = await load(self._seal, self._run)
            if not stored:
                await self._life.ask()  # the data may have been lost just before they were read
                raise LogUnavailable("it may come back") if self._life.young else LogGone
            if stored.lacks_state:
                raise LogUnavailable("a part of it is lost")
            entries = self._begin(stored)
            self._sink = entries.extend
            if not stored.moved:
                await self._catch_up()
        except Unreadable:
            await self.close()
            raise LogUnreadable from None
        except BaseException:
            await self.close()
            raise
        self._follower, self._sink = follower, follower.entries
        self._followed.add(self)
        if stored.moved:
            self._reread()
        return Opened(self.seen.epoch.decode(), stored.snapshot_offset, stored.snapshot, tuple(entries))

    def _begin(self, stored: Stored) -> list[Entry]:
        """Go on from there; its entries."""
        self.seen = Seen(stored.epoch, stored.head, stored.nonce)
        self._marks, self._chain = Marks(stored.head, stored.marks), stored.chain
        return list(stored.entries)

    async def erase(self, expires_at: int) -> None:
        if self._over is LogUnreadable:
            raise LogUnreadable
        await self._life.erase(self._seal.room, expires_at - self._commands.now())
        self._end(LogGone)

    async def close(self) -> None:
        self._followed.discard(self)
        self._follower, self._sink, self.seen = None, list[Entry]().extend, Seen()
        if self._waiting:
            self._waiting.cancel()
        if self._rereading:
            await stop(self._rereading)
        self._subscription.remove(self._seal.channel, self)

    # What the subscription says

    def heard(self, message: bytes) -> None:
        if not self.seen.offset:
            return  # `follow` reads once more after this
        try:
            batch = read_batch(self._seal, message, self._own)
            if not self._doubted and batch.epoch == self.seen.epoch and self._take(batch):
                return
        except Unreadable:
            pass  # anyone may publish: what is stored tells
        self._reread()

    def confirmed(self) -> None:
        if self.seen.offset:
            self._reread()

    def lost(self) -> None:
        self.stopped()

    # Reading

    def question(self, seen: Seen) -> Call:
        """What comes after `seen`; the answer goes to `answered`."""
        return question(self._seal, seen.offset)

    def answered(self, seen: Seen, answer: Sequence[Any]) -> bool:
        """Take the answer; True when there is more to read, or when the log has to be recovered first."""
        if not self.seen.offset:
            return False
        page = Page(self._seal, seen.offset, answer) if answer else None
        if self._doubted or seen.epoch != self.seen.epoch:
            return True
        if not page or not continues(seen, page):
            self._doubted = True
            return True
        try:
            self._take(page.run)
        except Unreadable:
            self._end(LogUnreadable)
            return False
        if page.settles_ms:
            self._settle(page.settles_ms)
        else:
            self._reached()
        return self.seen.offset < page.head

    def check(self, life: bytes, seen: Seen, answer: Sequence[Any]) -> None:
        """Like `answered` to what was asked in this life of the server, and goes on on its own."""
        if self.answered(seen, answer):
            self._reread()
        elif answer:
            self._recovery.life = life

    def _take(self, run: Run) -> bool:
        """The rule. False when entries before the run are missing. Raises Unreadable."""
        if run.first > self.seen.offset + 1:
            return False
        if run.last > self.seen.offset:
            entries, headers = run.after(self.seen.offset), run.headers(self.seen.offset)
            self._chain.take(headers)
            self._chain.forget()
            self._marks.extend([mark_of(header) for header in headers])
            self.seen = Seen(self.seen.epoch, entries[-1].offset, entries[-1].nonce.encode())
            self._sink(entries)
        return True

    async def _catch_up(self) -> None:
        """Read until there is no more, and recover the log before that if need be.

        Raises LogGone, LogUnreadable, LogUnavailable.
        """
        async with self._reading:
            more = True
            while more:
                if self._doubted:
                    await self._recover()
                seen = self.seen
                more = self.answered(seen, await self._run(READ, self.question(seen)))
        self._require_going_on()

    def _require_going_on(self) -> None:
        if self._over:
            raise self._over

    async def _recover(self) -> None:
        """Go on from what this process holds and what the server has, brought together.

        Raises LogGone, LogUnreadable, LogUnavailable.
        """
        follower = self._follower
        if not follower:
            raise LogUnavailable("the log was replaced meanwhile")
        self.stopped()
        try:
            replaced = await self._recovery.recover(follower.held, follower.fold, self._marks)
        except Erased:
            self._end(LogGone)
            raise LogGone from None
        except Unreadable:
            self._end(LogUnreadable)
            raise LogUnreadable from None
        if self._follower is not follower:
            raise LogGone
        stored = replaced.stored
        self._doubted = False
        if replaced.opened:
            self._begin(stored)
            follower.reopened(replaced.opened)
        elif stored.epoch != self.seen.epoch:
            self.seen = Seen(stored.epoch, self.seen.offset, self.seen.nonce)
            self._marks = Marks(self.seen.offset, stored.marks[: self.seen.offset - stored.base])
            self._chain = stored.chain.back_to(self.seen.offset)
            follower.renamed(stored.epoch.decode())

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
        except (LogGone, LogUnreadable):
            pass  # the follower was told
        except LogUnavailable:
            self._reread_in(AGAIN_SECONDS)
        finally:
            self._rereading = None

    def _reread_in(self, seconds: float) -> None:
        if self._waiting:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(seconds, self._reread_if_live)

    def _reread_if_live(self) -> None:
        """Without a subscription the next one confirmed is the time to read."""
        if self.seen.offset and self._subscription.live(self._seal.channel):
            self._reread()

    # What the follower is told

    def stopped(self) -> None:
        """The server does not answer."""
        if self._follower and not self._troubled:
            self._troubled = True
            self._follower.trouble(False)

    def _reached(self) -> None:
        if self._follower and self._troubled and not self._full and self._subscription.live(self._seal.channel):
            self._troubled = False
            self._follower.trouble(True)

    def _settle(self, milliseconds: int) -> None:
        """Nobody may append for so long."""
        self.stopped()
        self._reread_in(milliseconds / 1000)

    def _end(self, why: type[LogGone | LogUnreadable]) -> None:
        if self._follower and not self._over:
            (self._follower.gone if why is LogGone else self._follower.unreadable)()
        self._over, self.seen = self._over or why, Seen()

    async def _run(self, script: Script, call: Call) -> Any:
        try:
            return await self._commands.run(script, call)
        except LogUnavailable as error:
            self._full |= isinstance(error, ServerFull)
            self.stopped()
            raise
