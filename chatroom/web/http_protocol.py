"""uvicorn's HTTP/1.1 protocol with a deadline for every request head, so that a silent or dribbling client is let go."""

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatroom.live.counts import Cut
from chatroom.web.ws_protocol import MeetingProtocol

HEAD_SECONDS = 10
NOT_A_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class DeadlineProtocol(H11Protocol):
    """Cuts a connection that has not sent a whole request head HEAD_SECONDS after it began to, or was opened.

    Beyond `limit_concurrency`, or with too many others of its source waiting, a new connection is cut at once.
    """

    head_timer: asyncio.TimerHandle | None = None
    source = b""
    """Where it comes from, as long as it counts as waiting."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.source, is_one_too_many = self.app_state["waiting"].arrived(self.client[0] if self.client else "")
        if is_one_too_many or (self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency):
            self.cut_off(Cut.CROWDED)
            return
        self.head_timer = self.loop.call_later(HEAD_SECONDS, self.cut_off, Cut.NO_REQUEST)

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
        self.app_state["waiting"].gone(self.source)
        self.source = b""

    def _cancel_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None
