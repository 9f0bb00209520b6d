"""Every connection's first protocol, and uvicorn's HTTP/1.1 protocol, with a deadline for every request head.

So a silent or dribbling client is let go. A plain handshake of a WebSocket needs no HTTP protocol at all.
"""

import asyncio
from typing import Any, cast

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.server import ServerState

from chatroom.live.counts import Cut
from chatroom.live.sources import Source
from chatroom.web.endpoint import ShortWay
from chatroom.web.handshake import read_handshake
from chatroom.web.waiting import Waiting
from chatroom.web.ws_protocol import MeetingProtocol

HEAD_SECONDS = 10
NOT_A_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class FirstProtocol(asyncio.Protocol):
    """Waits for the first bytes, HEAD_SECONDS at most, and chooses the protocol that takes over.

    With too many others of its source waiting it is cut at once; beyond `limit_concurrency` the one that waits longest is.
    """

    transport: asyncio.Transport
    head_timer: asyncio.TimerHandle | None = None
    source: Source = (b"",)
    """Where it comes from."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.config, self.server_state, self.app_state = config, server_state, app_state
        self.loop = _loop or asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.client = get_remote_addr(self.transport)
        connections, most = self.server_state.connections, self.config.limit_concurrency
        connections.add(self)  # type: ignore[arg-type]
        self.source, is_one_too_many = self.waiting.arrived(self, self.client[0] if self.client else "")
        self.head_timer = self.loop.call_later(HEAD_SECONDS, self.cut_off, Cut.NO_REQUEST)
        if is_one_too_many:
            self.make_room()
        elif most is not None and len(connections) > most:
            self.waiting.make_room()

    def data_received(self, data: bytes) -> None:
        self.server_state.connections.discard(self)
        if self._takes_short_way(data):
            return
        http = DeadlineProtocol(self.config, self.server_state, self.app_state, self.loop)
        http.source, http.head_timer = self.source, self.head_timer
        self.waiting.handed_over(self, http, self.source)
        http.connection_made(self.transport)
        self.transport.set_protocol(http)
        http.data_received(data)

    def _takes_short_way(self, data: bytes) -> bool:
        """Open a socket of one of our own pages at once, if this is a plain handshake; whether it is."""
        short_way: ShortWay = self.app_state["short_way"]
        handshake = read_handshake(data)
        if handshake is None or not short_way.is_for(handshake, self.client):
            return False
        self._stop_waiting()
        protocol = MeetingProtocol(self.config, self.server_state, self.app_state, self.loop)
        protocol.connection_made(self.transport)
        self.transport.set_protocol(protocol)
        protocol.open_with(handshake.answer)
        short_way.meet(protocol, handshake, self.client)
        return True

    @property
    def waiting(self) -> Waiting:
        return cast(Waiting, self.app_state["waiting"])

    def make_room(self) -> None:
        self._stop_waiting()
        self.cut_off(Cut.CROWDED)

    def cut_off(self, cut: Cut) -> None:
        self.app_state["counts"][cut] += 1
        self.transport.abort()

    def shutdown(self) -> None:
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.server_state.connections.discard(self)
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
        self.waiting.gone(self, self.source)


class DeadlineProtocol(H11Protocol):
    """Cuts a connection that has not sent a whole request head HEAD_SECONDS after it began to, or was opened."""

    head_timer: asyncio.TimerHandle | None = None
    source: Source = (b"",)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        upgraded = self.transport.get_protocol() is not self
        if upgraded or (self.cycle is not None and not self.cycle.response_complete):
            self._cancel_timer()
        elif self.head_timer is None:
            self.head_timer = self.loop.call_later(HEAD_SECONDS, self.cut_off, Cut.NO_REQUEST)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Also refuse what the WebSocket protocol would wait on for ever: a body, an address or headers that are too long."""
        super().handle_websocket_upgrade(event)
        self._waits_no_longer()
        if not cast(MeetingProtocol, self.transport.get_protocol()).handshake_initiated:
            self.count(Cut.BAD_REQUEST)
            self.transport.write(NOT_A_HANDSHAKE)
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        self.count(Cut.BAD_REQUEST)
        super().send_400_response(msg)

    def make_room(self) -> None:
        self._waits_no_longer()
        self.cut_off(Cut.CROWDED)

    def cut_off(self, cut: Cut) -> None:
        self.count(cut)
        self.transport.abort()

    def count(self, cut: Cut) -> None:
        self.app_state["counts"][cut] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timer()
        self._waits_no_longer()
        super().connection_lost(exc)

    def _waits_no_longer(self) -> None:
        self.app_state["waiting"].gone(self, self.source)

    def _cancel_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None
