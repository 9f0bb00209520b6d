"""A client's connection on an ASGI server that knows nothing of us, and what our own protocol class offers instead.

`chatroom.live.connection.Connection` has two implementations: `QueuedConnection` here, over ASGI messages and one sending
task, and `ws_protocol.MeetingProtocol`, over the transport itself. An ASGI server with the second puts it into
`scope["extensions"][EXTENSION]`.
"""

import asyncio
import contextlib
from collections import deque
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from chatroom.live.connection import NO_SOCKET, Connection, Frame

EXTENSION = "chatroom.connection"
REASON_BYTES = 123


class Receiver(Protocol):
    """Who takes what a connection receives (`chatroom.live.session.Session`). None of these awaits or raises."""

    def receive(self, data: str) -> None: ...
    def receive_binary(self) -> None: ...
    def socket_changed(self) -> None: ...
    def lost(self) -> None: ...


class DirectConnection(Connection, Protocol):
    """A connection that hands frames over itself, so that its ASGI task may end."""

    is_open: bool

    def hand_over(self, receiver: Receiver) -> None:
        """Give every frame to `receiver` from now on, and `lost` when the connection is gone."""


def fit_reason(reason: str) -> str:
    """A close reason cut to what a close frame can hold (RFC 6455, section 5.5)."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")


class QueuedConnection:
    """A connection over ASGI messages: frames wait in a queue for one sending task."""

    socket_number = NO_SOCKET

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._waiting: deque[bytes] = deque()
        self._pending_bytes = 0
        self._close: tuple[int, str] | None = None
        self._wake = asyncio.Event()
        self._sending = asyncio.create_task(self._send_all())

    def finish(self, frame: Frame, sent: int) -> None:
        if self._close is None:
            self._waiting.extend(frame.payloads)
            self._pending_bytes += sum(map(len, frame.payloads))
            self._wake.set()

    def pending_bytes(self) -> int:
        return self._pending_bytes

    def close(self, code: int, reason: str) -> None:
        if self._close is None:
            self._close = (code, fit_reason(reason))
            self._wake.set()

    def abort(self) -> None:
        self._sending.cancel()

    async def serve(self, receiver: Receiver | None) -> None:
        """Carry frames both ways until the connection is closed, lost or aborted; then tell the receiver."""
        tasks = [self._sending]
        if receiver is not None:
            tasks.append(asyncio.create_task(self._receive_all(receiver)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if receiver is not None:
                receiver.lost()

    async def _send_all(self) -> None:
        with contextlib.suppress(OSError, RuntimeError, WebSocketDisconnect):
            while self._waiting or self._close is None:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    payload = self._waiting.popleft()
                    await self._websocket.send_text(payload.decode())
                    self._pending_bytes -= len(payload)
            await self._websocket.close(*self._close)

    async def _receive_all(self, receiver: Receiver) -> None:
        with contextlib.suppress(OSError, RuntimeError, WebSocketDisconnect):
            while (message := await self._websocket.receive())["type"] == "websocket.receive":
                text = message.get("text")
                if text is None:
                    receiver.receive_binary()
                else:
                    receiver.receive(text)
