"""From one entry to every screen: each entry is encoded once an audience, and several leave in one write.

Three rules. Nothing here awaits. Nobody waits for anyone: a receiver that falls behind is cut off alone, and may resume. Every
frame to a session goes through here, in order: first what is for it alone, then what is for its audience.
"""

import asyncio
from array import array
from collections.abc import Callable
from typing import Protocol

from chatroom.core.limits import OUTBOX_BYTES, OUTBOX_ENTRIES, OUTBOX_SECONDS
from chatroom.live.connection import Connection, Frame
from chatroom.live.send_all import send_all, write

COALESCE_SECONDS = 0.004
"""What follows a write within this time leaves together."""
LAZY_SECONDS = 0.25
"""How long a frame that nobody waits for (someone came, someone left) may wait for others."""


class Receiver(Protocol):
    """A session, as the fan-out sees it."""

    connection: Connection
    moderates: bool
    received: int
    """The number of the last shared frame it was given."""
    behind_since: float
    behind_frames: int

    def fell_behind(self) -> None: ...


Shared = tuple[int, Frame | None, Frame | None]


class Fanout:
    """The receivers of one room."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._audiences: dict[bool, dict[Receiver, int]] = {False: {}, True: {}}
        """Those who moderate and those who do not, each with its socket's number: writing then touches nothing else."""
        self._ahead: set[Receiver] = set()
        """Receivers that were already given some of what is queued."""
        self._number = 0
        self._shared: list[Shared] = []
        self._personal: dict[Receiver, list[Frame]] = {}
        self._behind: set[Receiver] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._soon: asyncio.Handle | None = None
        self._due: Callable[[], None] = self.flush
        self._quiet_at = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._audiences.values()))

    @property
    def has_moderators(self) -> bool:
        return bool(self._audiences[True])

    def add(self, receiver: Receiver) -> None:
        """Shared frames queued from now on go to this receiver too."""
        self._audiences[receiver.moderates][receiver] = receiver.connection.socket_number
        self._is_ahead(receiver)

    def skip(self, receiver: Receiver) -> None:
        """What is queued is not sent to this receiver: it gets a snapshot, which holds that."""
        self._is_ahead(receiver)

    def refresh(self, receiver: Receiver) -> None:
        """The receiver's role changed, or its connection's socket number."""
        if self._audiences[not receiver.moderates].pop(receiver, None) or receiver in self._audiences[receiver.moderates]:
            self._audiences[receiver.moderates][receiver] = receiver.connection.socket_number

    def discard(self, receiver: Receiver) -> None:
        for audience in self._audiences.values():
            audience.pop(receiver, None)
        self._personal.pop(receiver, None)
        self._ahead.discard(receiver)
        self._behind.discard(receiver)

    def to_everyone(self, everyone: Frame | None, moderators: Frame | None, *, lazy: bool = False) -> None:
        """Queue a shared frame for each of the two audiences; either may be None."""
        self._number += 1
        self._shared.append((self._number, everyone, moderators))
        now = self._loop.time()
        at = max(self._quiet_at, now + LAZY_SECONDS) if lazy else self._quiet_at
        if at <= now:
            self._write_soon(self.flush)
        elif self._timer is None or self._timer.when() > at:
            self._cancel_timer()
            self._timer = self._loop.call_at(at, self.flush)

    def to_one(self, receiver: Receiver, frame: Frame) -> None:
        """Queue a frame for one receiver. It leaves before what is shared and still queued."""
        self._personal.setdefault(receiver, []).append(frame)
        if self._soon is None:
            self._write_soon(self._write_personal)

    def write_due(self) -> None:
        """Write now what the next turn of the loop would write."""
        if self._soon is not None:
            self._cancel_soon()
            self._due()

    def _write_soon(self, write: Callable[[], None]) -> None:
        self._cancel_soon()
        self._due = write
        self._soon = self._loop.call_soon(write)

    def _cancel_soon(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def flush(self) -> None:
        """Write all that is queued."""
        self._cancel_timer()
        self._write_personal()
        self._write_shared()

    def _write_personal(self) -> None:
        self._cancel_soon()
        personal, self._personal = self._personal, {}
        for receiver, frames in personal.items():
            unseen = _unseen(receiver, self._shared)
            self._is_ahead(receiver)
            self._write_to(receiver, frames + unseen)

    def _is_ahead(self, receiver: Receiver) -> None:
        receiver.received = self._number
        if self._shared:
            self._ahead.add(receiver)

    def _write_shared(self) -> None:
        shared, self._shared = self._shared, []
        ahead, self._ahead = self._ahead, set()
        for receiver in ahead:
            self._write_to(receiver, _unseen(receiver, shared))
            self._audiences[receiver.moderates].pop(receiver)
        everyone = [frame for _, frame, _ in shared if frame]
        moderators = [frame for _, _, frame in shared if frame]
        joined = Frame.joined(everyone)
        self._write_to_all(self._audiences[False], joined)
        self._write_to_all(self._audiences[True], joined if moderators == everyone else Frame.joined(moderators))
        for receiver in ahead:
            self._audiences[receiver.moderates][receiver] = receiver.connection.socket_number
        self._quiet_at = self._loop.time() + COALESCE_SECONDS

    def _write_to(self, receiver: Receiver, frames: list[Frame]) -> None:
        if frames and not write(receiver.connection, Frame.joined(frames)):
            self._watch(receiver, len(frames))

    def _write_to_all(self, audience: dict[Receiver, int], frame: Frame) -> None:
        """One write for each receiver."""
        if not frame:
            return
        if short := send_all(array("i", audience.values()), frame):
            receivers = list(audience)
            for index, sent in short:
                receivers[index].connection.finish(frame, sent)
                self._watch(receivers[index], len(frame.payloads))

    def _watch(self, receiver: Receiver, frames: int) -> None:
        """Note that the network has not taken everything yet, or that it has by now."""
        if not receiver.connection.pending_bytes():
            self._behind.discard(receiver)
            return
        if receiver not in self._behind:
            self._behind.add(receiver)
            receiver.behind_since, receiver.behind_frames = self._loop.time(), 0
        receiver.behind_frames += frames

    def sweep(self) -> None:
        """Cut off those who have been behind for too long or by too much. Call it about once a second."""
        for receiver in list(self._behind):
            self._watch(receiver, 0)
            if receiver in self._behind and self._is_too_far(receiver):
                self.discard(receiver)
                receiver.fell_behind()

    def _is_too_far(self, receiver: Receiver) -> bool:
        return (
            receiver.connection.pending_bytes() > OUTBOX_BYTES
            or receiver.behind_frames > OUTBOX_ENTRIES
            or self._loop.time() - receiver.behind_since > OUTBOX_SECONDS
        )

    def close(self) -> None:
        """Forget everyone and everything queued."""
        self._cancel_soon()
        self._cancel_timer()
        for audience in self._audiences.values():
            audience.clear()
        for queue in (self._personal, self._ahead, self._behind, self._shared):
            queue.clear()


def _unseen(receiver: Receiver, shared: list[Shared]) -> list[Frame]:
    """What is queued and was not given to this receiver yet. The numbers of what is queued follow each other."""
    seen = max(0, receiver.received + 1 - shared[0][0]) if shared else 0
    mine = (moderators if receiver.moderates else everyone for _, everyone, moderators in shared[seen:])
    return [frame for frame in mine if frame]
