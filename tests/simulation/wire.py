"""A client's connection: bytes in flight both ways, in order, that a cut may end anywhere."""

import random
from collections.abc import Sequence
from typing import Protocol

from patience import CUT

from chatroom.live.connection import NO_SOCKET, Frame
from chatroom.live.hub import Hub
from chatroom.live.session import Session
from simulation.machine import Loop, Process

CLOSELY_SECONDS = 1e-6
SOONEST_SECONDS, SLOWEST_SECONDS = 0.0005, 0.08
NOTICED_SECONDS = 35
"""How long a server that pings takes to see that nobody is there."""


class Client(Protocol):
    """Who is at the other end."""

    process: Process
    address: str

    def opened(self, wire: "Wire") -> None: ...
    def heard(self, wire: "Wire", payload: bytes) -> None: ...
    def gone(self, wire: "Wire", code: int) -> None: ...


class Direction:
    """When what is sent one way arrives: never out of order."""

    def __init__(self, loop: Loop, world: random.Random) -> None:
        self._loop, self._world, self._last_at = loop, world, 0.0

    def next_at(self) -> float:
        at = self._loop.time() + (SOONEST_SECONDS + (SLOWEST_SECONDS - SOONEST_SECONDS) * self._world.random())
        self._last_at = max(self._last_at + CLOSELY_SECONDS, at)
        return self._last_at


class Wire:
    """Between `client` and `hub`, which runs in `process`. To the session it is a `Connection`."""

    socket_number = NO_SOCKET

    def __init__(self, loop: Loop, world: random.Random, client: Client, hub: Hub, process: Process) -> None:
        self.loop, self.world, self.client, self.hub, self.process = loop, world, client, hub, process
        self.unread = False
        """The client's side takes nothing more."""
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._closing = 0
        self._session: Session | None = None
        self._client_there = self._server_there = True
        self._down, self._up = Direction(loop, world), Direction(loop, world)
        loop.call_at(self._up.next_at(), self._accept, context=process.context)

    def _accept(self) -> None:
        if self._server_there:
            self._session = self.hub.connect(self, self.client.address)
            self.loop.call_at(self._down.next_at(), self._open, context=self.client.process.context)

    def _open(self) -> None:
        if self._client_there:
            self.client.opened(self)

    @property
    def open(self) -> bool:
        return self._client_there or self._server_there

    # ---- from the client ---------------------------------------------------------------------------------------------

    def send(self, text: str) -> None:
        self.loop.call_at(self._up.next_at(), self._receive, text, context=self.process.context)

    def _receive(self, text: str) -> None:
        if self._server_there and self._session:
            self._session.receive(text)

    def hang_up(self) -> None:
        """The client closes; the server hears of it in its turn."""
        self._client_there = False
        self.loop.call_at(self._up.next_at(), self._lost, context=self.process.context)

    # ---- from the server ---------------------------------------------------------------------------------------------

    def finish(self, frame: Frame, sent: int) -> None:
        blocked = self._kept or self._closing or not self._server_there
        if blocked or self.unread:
            self._kept += frame.payloads
            self._kept_bytes += len(frame) - (0 if blocked else self.world.randrange(len(frame)))
        else:
            self._deliver(frame.payloads)

    def _deliver(self, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            self.loop.call_at(self._down.next_at(), self._hear, payload, context=self.client.process.context)

    def _hear(self, payload: bytes) -> None:
        if self._client_there:
            self.client.heard(self, payload)

    def read_on(self) -> None:
        """The client's side takes everything again."""
        self.unread = False
        kept, self._kept, self._kept_bytes = self._kept, [], 0
        if self._server_there:
            self._deliver(kept)
            if self._closing:
                self._end(self._closing)

    def pending_bytes(self) -> int:
        return self._kept_bytes

    def close(self, code: int, reason: str) -> None:
        self._closing = code
        if not self._kept:
            self._end(code)

    def abort(self) -> None:
        self._kept, self._kept_bytes = [], 0
        self._end(CUT)

    def _end(self, code: int) -> None:
        self._server_there = False
        self.loop.call_at(self._down.next_at(), self._gone, code, context=self.client.process.context)

    def _gone(self, code: int) -> None:
        if self._client_there:
            self._client_there = False
            self.client.gone(self, code)

    # ---- what happens to it ------------------------------------------------------------------------------------------

    def cut(self, *, client_told: bool, server_told: bool) -> None:
        """Nothing arrives any more. Who is told notices at once, the others when they look."""
        server_there, client_there = self._server_there, self._client_there
        self._server_there = self._client_there = False
        now = self.loop.time()
        if client_there and client_told:
            self.loop.call_at(self._down.next_at(), self.client.gone, self, CUT, context=self.client.process.context)
        if server_there:
            self.loop.call_at(now + (0 if server_told else NOTICED_SECONDS), self._forget, context=self.process.context)

    def _lost(self) -> None:
        if self._server_there:
            self._server_there = False
            self._forget()

    def _forget(self) -> None:
        if self._session:
            self._session.lost()
