"""uvicorn's WebSocket protocol, made to hold: ready frames out, frames straight to the session in, and every ending bounded.

Differences from the class it extends (uvicorn 0.54). Once the application has handed the connection over, its ASGI task ends
and frames go to the session from `data_received`, so reading never pauses and pongs are never late. Every way to end a
connection cuts it off when the peer does not read (`transport.close()` alone waits for ever). Control frames and
fragments are limited. Nothing is logged about a connection, and nothing answers 500.
"""

import asyncio
import logging
import math
from typing import cast

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as WireFrame
from websockets.protocol import State

from chatroom.core.limits import Bucket, Rate
from chatroom.core.refusals import Close
from chatroom.live.connection import Frame, TrySend
from chatroom.web.connections import EXTENSION, Receiver, fit_reason

CLOSE_SECONDS = 5
"""How long a peer may take to answer a close frame, or to read what was written before it."""
END_SECONDS = 2
"""How long what is left to write may take when no answer is awaited."""
CONTROL_FRAMES = Rate(1, 5)
FRAGMENTS_AT_MOST = 8
FRAGMENTED_MESSAGE_SECONDS = 5

logger = logging.getLogger("chatroom.web")


class _Nowhere(asyncio.Queue[ASGIReceiveEvent]):
    """What an application would receive, once its task has ended."""

    def put_nowait(self, item: ASGIReceiveEvent) -> None:
        pass


NOWHERE = _Nowhere()
UNUSED = asyncio.Event()
"""These two stand in for each handed over connection's own, which weigh 4 KB."""


def _send_nothing(frame: bytes) -> int:
    return 0


class MeetingProtocol(WebSocketsSansIOProtocol):
    """A `chatroom.live.connection.Connection` over the transport itself."""

    is_open = False
    """Whether frames may still be written."""
    try_send: TrySend = staticmethod(_send_nothing)
    """The socket's own `send` while nothing is kept: a third of the cost of `transport.write`."""
    socket_send: TrySend = staticmethod(_send_nothing)
    receiver: Receiver | None = None
    control_frames: Bucket | None = None
    fragments_timer: asyncio.TimerHandle | None = None

    # What the application asks for

    def hand_over(self, receiver: Receiver) -> None:
        """Give every frame to `receiver` from now on, and `lost` when the connection is gone."""
        self.receiver = receiver
        self.request.headers.clear()
        self.response.headers.clear()
        del self.scope, self.request, self.response
        self.queue, self.writable = NOWHERE, UNUSED

    def finish(self, frame: Frame, sent: int) -> None:
        if self.is_open:
            self.transport.write(frame[sent:])

    def schedule_ping(self) -> None:
        """On whole seconds, so that the pings of many connections share a wake-up: a tenth of the cost of one each."""
        at = math.ceil(self.loop.time() + (self.ping_interval or 0))
        self.ping_timer = self.loop.call_at(at, self.send_keepalive_ping)

    def pause_writing(self) -> None:
        self.send_by(_send_nothing)
        super().pause_writing()

    def resume_writing(self) -> None:
        if self.is_open:
            self.send_by(self.socket_send)
        super().resume_writing()

    def stop_sending(self) -> None:
        self.is_open = False
        self.send_by(_send_nothing)

    def send_by(self, try_send: TrySend) -> None:
        self.try_send = try_send
        if self.receiver is not None:
            self.receiver.try_send_changed()

    def pending_bytes(self) -> int:
        return self.transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        if self.is_open:
            self.stop_sending()
            self.close_sent = True
            self.stop_keepalive()
            self.send_close(code, reason)
            self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def abort(self) -> None:
        self.stop_sending()
        self.transport.abort()

    # The application's task

    async def run_asgi(self) -> None:
        cast(dict[str, object], self.scope["extensions"])[EXTENSION] = self
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except Exception:
            logger.exception("websocket_failed")
        if self.receiver is None and self.close_timer is None:
            self.send_500_response()
            self.end()

    def start_keepalive(self) -> None:
        self.is_open = True
        if self.scheme == "ws":
            # The socket, not its number: once closed it cannot write into another connection.
            socket = getattr(self.transport.get_extra_info("socket"), "_sock", None)
            self.socket_send = getattr(socket, "send", _send_nothing)
        self.transport.set_write_buffer_limits(0)
        self.resume_writing()
        super().start_keepalive()

    def send_500_response(self) -> None:
        """Refuse a handshake that cannot be completed with 503: the client may try again."""
        if not (self.initial_response or self.handshake_complete):
            self.conn.send_response(self.conn.reject(503, "Service Unavailable"))
            self.transport.write(b"".join(self.conn.data_to_send()))

    # What the peer sends

    def handle_text(self, event: WireFrame) -> None:
        super().handle_text(event)
        self.watch_fragments(event)

    def handle_bytes(self, event: WireFrame) -> None:
        super().handle_bytes(event)
        self.watch_fragments(event)

    def handle_cont(self, event: WireFrame) -> None:
        super().handle_cont(event)
        self.watch_fragments(event)

    def watch_fragments(self, event: WireFrame) -> None:
        if event.fin:
            if self.fragments_timer is not None:
                self.fragments_timer.cancel()
                self.fragments_timer = None
        elif len(self.frames) >= FRAGMENTS_AT_MOST:
            self.fail_for_bad_frames()
        elif self.fragments_timer is None:
            self.fragments_timer = self.loop.call_later(FRAGMENTED_MESSAGE_SECONDS, self.fail_for_bad_frames)

    def send_receive_event_to_app(self) -> None:
        data, self.frames = b"".join(self.frames), []
        if self.receiver is None or self.close_sent:
            return
        if self.curr_msg_data_type == "bytes":
            self.receiver.receive_binary()
            return
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self.fail(1007, "text frames must be UTF-8")
        else:
            self.receiver.receive(text)

    def handle_ping(self) -> None:
        self.count_control_frame()
        self.transport.write(b"".join(self.conn.data_to_send()))

    def handle_pong(self, event: WireFrame) -> None:
        if bytes(event.data) != self.pending_ping_payload:
            self.count_control_frame()
        super().handle_pong(event)

    def count_control_frame(self) -> None:
        now = self.loop.time()
        if self.control_frames is None:
            self.control_frames = Bucket(CONTROL_FRAMES, now)
        if self.control_frames.take(now):
            self.fail_for_bad_frames()

    def fail_for_bad_frames(self) -> None:
        self.fail(Close.BAD_FRAMES, Close.BAD_FRAMES.name.lower())

    # Endings

    def handle_close(self, event: WireFrame) -> None:
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.end()

    def handle_parser_exception(self) -> None:
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.end()

    def fail(self, code: int, reason: str) -> None:
        """Close without waiting for an answer (RFC 6455, section 7.1.7)."""
        if self.is_open:
            self.conn.fail(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.end()

    def keepalive_timeout(self) -> None:
        self.fail(1011, "keepalive ping timeout")
        self.abort()

    def shutdown(self) -> None:
        if self.is_open:
            self.send_close(1012, Close.RESTARTING.name.lower())
        else:
            self.send_500_response()
        self.end()

    def send_close(self, code: int, reason: str) -> None:
        if self.conn.state is State.OPEN:
            self.conn.send_close(code, fit_reason(reason))
            self.transport.write(b"".join(self.conn.data_to_send()))

    def end(self) -> None:
        """Close once what was written is gone, at most END_SECONDS from now."""
        self.stop_sending()
        self.close_sent = True
        self.stop_keepalive()
        self.transport.close()
        if self.close_timer is not None:
            self.close_timer.cancel()
        if not self.disconnected:
            self.close_timer = self.loop.call_later(END_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_sending()
        if self.fragments_timer is not None:
            self.fragments_timer.cancel()
        super().connection_lost(exc)
        receiver, self.receiver = self.receiver, None
        if receiver is not None:
            receiver.lost()
