"""The one writer of a room in this process: decides what waits, appends it in batches, answers.

Two rules. What is decided is appended with the offset it was decided on; on a conflict it is decided again. When the log does
not answer, the very same drafts are appended again under the same origins, so that nothing happens twice.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from typing import Protocol

import msgspec

from chatroom.core.commands import AnyCommand
from chatroom.core.entry_ids import entry_fields
from chatroom.core.events import ORDINARY, AnyEvent, Draft
from chatroom.core.formats import require
from chatroom.core.limits import BUSY_SECONDS, EXPIRY_GRACE_SECONDS, INBOX_COMMANDS
from chatroom.core.refusals import Close, Refused
from chatroom.core.room import Room
from chatroom.core.rules import decide
from chatroom.core.stored import decode_room, encode_room
from chatroom.live.closings import refusal_after
from chatroom.log.base import Conflict, LogGone, LogUnavailable, LogUnreadable, Receipt, RoomLog, SnapshotNeeded

BATCH_DRAFTS = 100
SNAPSHOT_EVERY_ENTRIES = 5_000
RETRY_SECONDS = (0.1, 0.25, 0.5, 1.0)


class Reply(Protocol):
    """Who asked. Exactly one of these is called, once."""

    def done(self, offset: int) -> None: ...
    def refused(self, refusal: Refused) -> None: ...


class Job(msgspec.Struct, eq=False):
    actor: str
    command: AnyCommand
    reply: Reply | None
    numbering: int
    """How often entries had been numbered anew when this was asked."""
    origin: str = ""
    """Given once, when the draft has none of its own, so that deciding again appends under the same.

    So what stands under it already is this job's own.
    """
    draft: Draft = Draft(events=())

    @property
    def names_entry(self) -> bool:
        """Whether the command names an entry by its offset."""
        return bool(entry_fields(type(self.command)))

    def refuse(self, refusal: Refused) -> None:
        _refuse(self.reply, refusal)


class Writer:
    """`lowest` gives the lowest format that a living process reads. `spawn` starts a task. `written` is called when nothing
    waits any more, `told` with what this process brought about.
    """

    def __init__(
        self,
        room: Room,
        log: RoomLog,
        now: Callable[[], int],
        lowest: Callable[[], int],
        new_origin: Callable[[], str],
        spawn: Callable[..., object],
        written: Callable[[], None],
        told: Callable[[Sequence[AnyEvent], int], None],
    ) -> None:
        self._room, self._log, self._now, self._lowest, self._new_origin = room, log, now, lowest, new_origin
        self._spawn, self._written, self._told = spawn, written, told
        self._inbox: deque[Job] = deque()
        self._busy = False
        self._closed: Refused | None = None
        """What all are answered once nothing is written any more."""
        self._numbering = 0
        self.snapshot_offset = 0

    def submit(self, actor: str, command: AnyCommand, reply: Reply | None = None) -> None:
        """Put a command into the room's inbox."""
        self.put(self.job(actor, command, reply))

    def job(self, actor: str, command: AnyCommand, reply: Reply | None = None) -> Job:
        """A command that is to be put into the inbox later; what it names is named as the entries are numbered now."""
        return Job(actor, command, reply, self._numbering)

    def put(self, job: Job) -> None:
        if self._closed:
            job.refuse(self._closed)
        elif len(self._inbox) >= INBOX_COMMANDS:
            job.refuse(Refused("room_busy", BUSY_SECONDS))
        else:
            self._inbox.append(job)
            if not self._busy:
                self._busy = True
                self._spawn(self._write())

    async def _write(self) -> None:
        try:
            while self._inbox and not self._closed:
                batch = self._decide_batch()
                if batch:
                    await self._append(batch)
        finally:
            self._busy = False
            self._written()

    def _decide_batch(self) -> list[Job]:
        """Decide what waits, up to and with the first that changes the rules; answer what needs no append.

        What names all that was said is decided once that is known: it begins a batch.
        """
        batch: list[Job] = []
        while self._inbox and len(batch) < BATCH_DRAFTS and self._may_follow(batch):
            job = self._inbox.popleft()
            try:
                if job.numbering != self._numbering and job.names_entry:
                    raise Refused("reconnecting", 2)
                draft = decide(self._room, job.actor, job.command, self._now())
                require((*draft.events, *(event for _, event in draft.erases)), self._lowest())
            except Refused as refusal:
                job.refuse(refusal)
                continue
            if not draft.events:
                _done(job.reply, draft.offset)
                continue
            if not draft.origin:
                job.origin = job.origin or self._new_origin()
                draft = msgspec.structs.replace(draft, origin=job.origin)
            if draft.exact and batch:
                self._inbox.appendleft(job)
                break
            job.draft = draft
            batch.append(job)
            if not ORDINARY.issuperset(map(type, draft.events)):
                break
        return batch

    def _may_follow(self, batch: list[Job]) -> bool:
        """In a room that goes slowly, what one person says next is decided when it is known what was said before."""
        return not self._room.calm.pace.slow_seconds or self._inbox[0].actor not in {job.actor for job in batch}

    async def _append(self, batch: list[Job]) -> None:
        drafts = [job.draft for job in batch]
        try:
            receipts = await self._append_until_known(drafts, self._room.offset)
        except Conflict:
            self._inbox.extendleft(reversed(batch))
        except LogGone:
            _refuse_all(batch, self._closed or refusal_after(Close.ENDED))
        except LogUnreadable:
            _refuse_all(batch, refusal_after(Close.RESTARTING))
        else:
            for job, receipt in zip(batch, receipts, strict=True):
                _answer(job.reply, receipt)
                if job.origin or not receipt.duplicate:
                    self._told(job.draft.events, receipt.offset)

    async def _append_until_known(self, drafts: list[Draft], decided_at: int) -> list[Receipt]:
        """Append, again and again while the log's server does not answer. Raises Conflict, LogGone, LogUnreadable."""
        end = expires_at(self._room, drafts)
        erased = [offset for draft in drafts for offset, _ in draft.erases]
        snapshot = self._snapshot_without(erased) if decided_at - self.snapshot_offset >= SNAPSHOT_EVERY_ENTRIES else b""
        waits = chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1]))
        while not self._closed:
            try:
                return await self._log.append(drafts, decided_at=decided_at, expires_at=end, snapshot=snapshot)
            except SnapshotNeeded:
                snapshot = self._snapshot_without(erased)
            except LogUnavailable:
                await asyncio.sleep(next(waits))
        raise LogGone

    def _snapshot_without(self, erased: list[int]) -> bytes:
        """The state decided on, without the texts of these messages."""
        self.snapshot_offset = self._room.offset
        snapshot = encode_room(self._room)
        if not erased:
            return snapshot
        room = decode_room(snapshot)
        for offset in erased:
            if message := room.messages.get(offset):
                message.text = message.name = ""
            if held := room.cases.held.get(offset):
                held.erase()
        return encode_room(room)

    def renumbered(self) -> None:
        """Entries have other offsets now: refuse what names one by the old."""
        self._numbering += 1

    def close(self, refusal: Refused) -> None:
        """Answer so what waits and all that comes."""
        self._closed = refusal
        _refuse_all(self._inbox, refusal)
        self._inbox.clear()


def expires_at(room: Room, drafts: Sequence[Draft] = ()) -> int:
    """When the log of a room is to expire, after these drafts: milliseconds since 1970."""
    ends = [getattr(event, "ends_at", 0) for draft in drafts for event in draft.events]
    return max([room.ends_at, *ends]) + EXPIRY_GRACE_SECONDS * 1000


def _answer(reply: Reply | None, receipt: Receipt) -> None:
    if receipt.error is not None:
        _refuse(reply, Refused("origin_reused"))
    else:
        _done(reply, receipt.offset)


def _done(reply: Reply | None, offset: int) -> None:
    if reply is not None:
        reply.done(offset)


def _refuse_all(jobs: Iterable[Job], refusal: Refused) -> None:
    for job in jobs:
        job.refuse(refusal)


def _refuse(reply: Reply | None, refusal: Refused) -> None:
    if reply is not None:
        reply.refused(refusal)
