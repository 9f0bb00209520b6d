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


class Audience:
    """Those who are sent the same shared frames, and what of these is queued.

    Nothing that is queued for one audience moves the moment at which another is written to: moderators are told what nobody
    else may notice.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, write_soon: Callable[[], None], write: Callable[[], None]) -> None:
        self._loop, self._write_soon, self._write = loop, write_soon, write
        self.receivers: dict[Receiver, int] = {}
        """Each with its socket's number: writing then touches nothing else."""
        self.ahead: set[Receiver] = set()
        """Receivers that were already given some of what is queued."""
        self.frames: list[Frame] = []
        self.is_due = False
        self._number = 0
        """Of the last frame that was queued."""
        self._timer: asyncio.TimerHandle | None = None
        self._quiet_at = 0.0

    def queue(self, frame: Frame, *, lazy: bool) -> None:
        self._number += 1
        self.frames.append(frame)
        now = self._loop.time()
        at = max(self._quiet_at, now + LAZY_SECONDS) if lazy else self._quiet_at
        if at <= now:
            self.is_due = True
            self._write_soon()
        elif self._timer is None or self._timer.when() > at:
            self._cancel_timer()
            self._timer = self._loop.call_at(at, self._time_is_up)

    def _time_is_up(self) -> None:
        self.is_due = True
        self._write()

    def unseen(self, receiver: Receiver) -> list[Frame]:
        """What is queued and was not given to this receiver yet: it is now. The numbers of what is queued follow each other."""
        first = self._number - len(self.frames) + 1
        frames = self.frames[max(0, receiver.received + 1 - first) :]
        receiver.received = self._number
        if self.frames:
            self.ahead.add(receiver)
        return frames

    def written(self) -> None:
        """All that was queued has been written."""
        self._cancel_timer()
        self.ahead.clear()
        self.frames, self.is_due = [], False
        self._quiet_at = self._loop.time() + COALESCE_SECONDS

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        self._cancel_timer()
        self.receivers.clear()
        self.ahead.clear()
        self.frames.clear()


class Fanout:
    """The receivers of one room."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._audiences = {moderates: Audience(loop, self._write_soon, self._write_due) for moderates in (False, True)}
        """Those who moderate and those who do not."""
        self._personal: dict[Receiver, list[Frame]] = {}
        self._behind: set[Receiver] = set()
        self._soon: asyncio.Handle | None = None

    def __len__(self) -> int:
        return sum(len(audience.receivers) for audience in self._audiences.values())

    @property
    def has_moderators(self) -> bool:
        return bool(self._audiences[True].receivers)

    def add(self, receiver: Receiver) -> None:
        """Shared frames queued from now on go to this receiver too."""
        audience = self._audiences[receiver.moderates]
        audience.receivers[receiver] = receiver.connection.socket_number
        audience.unseen(receiver)

    def skip(self, receiver: Receiver) -> None:
        """What is queued is not sent to this receiver: it gets a snapshot, which holds that."""
        self._audiences[receiver.moderates].unseen(receiver)

    def refresh(self, receiver: Receiver) -> None:
        """The receiver's role changed, or its connection's socket number."""
        before, now = self._audiences[not receiver.moderates], self._audiences[receiver.moderates]
        if receiver in before.receivers:
            del before.receivers[receiver]
            before.ahead.discard(receiver)
            self.add(receiver)
        elif receiver in now.receivers:
            now.receivers[receiver] = receiver.connection.socket_number

    def discard(self, receiver: Receiver) -> None:
        for audience in self._audiences.values():
            audience.receivers.pop(receiver, None)
            audience.ahead.discard(receiver)
        self._personal.pop(receiver, None)
        self._behind.discard(receiver)

    def to_everyone(self, everyone: Frame | None, moderators: Frame | None, *, lazy: bool = False) -> None:
        """Queue a shared frame for each of the two audiences; either may be None."""
        for moderates, frame in ((False, everyone), (True, moderators)):
            if frame:
                self._audiences[moderates].queue(frame, lazy=lazy)

    def to_one(self, receiver: Receiver, frame: Frame) -> None:
        """Queue a frame for one receiver. It leaves before what is shared and still queued."""
        self._personal.setdefault(receiver, []).append(frame)
        self._write_soon()

    def write_due(self) -> None:
        """Write now what the next turn of the loop would write."""
        if self._soon is not None:
            self._write_due()

    def _write_soon(self) -> None:
        if self._soon is None:
            self._soon = self._loop.call_soon(self._write_due)

    def flush(self) -> None:
        """Write all that is queued."""
        for audience in self._audiences.values():
            audience.is_due = True
        self._write_due()

    def flush_one(self, receiver: Receiver) -> None:
        """Write all that is queued for one receiver."""
        frames = self._personal.pop(receiver, [])
        audience = self._audiences[receiver.moderates]
        if receiver in audience.receivers:
            frames += audience.unseen(receiver)
        self._write_to(receiver, frames)

    def _write_due(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        for receiver in list(self._personal):
            self.flush_one(receiver)
        frames: list[Frame] = []
        joined = Frame()
        for audience in self._audiences.values():
            if audience.is_due and audience.frames:
                if audience.frames != frames:
                    frames, joined = audience.frames, Frame.joined(audience.frames)
                self._write_shared(audience, joined)

    def _write_shared(self, audience: Audience, joined: Frame) -> None:
        """Write to each what it was not given yet."""
        for receiver in list(audience.ahead):
            self._write_to(receiver, audience.unseen(receiver))
            audience.receivers.pop(receiver)
        self._write_to_all(audience.receivers, joined)
        for receiver in audience.ahead:
            audience.receivers[receiver] = receiver.connection.socket_number
        audience.written()

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
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        for audience in self._audiences.values():
            audience.close()
        self._personal.clear()
        self._behind.clear()
