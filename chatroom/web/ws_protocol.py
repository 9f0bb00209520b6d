"""uvicorn's WebSocket protocol, made to hold: ready frames out, frames straight to the session in, and every ending bounded.

Differences from the class it extends (uvicorn 0.54). Once the application has handed the connection over, its ASGI task ends
and frames go to the session from `data_received`, so reading never pauses and pongs are never late. Every way to end a
connection cuts it off when the peer does not read (`transport.close()` alone waits for ever). Control frames and
fragments are limited. Nothing is logged about a connection, and nothing answers 500.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Iterator
from itertools import islice
from types import GeneratorType
from typing import cast

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as WireFrame
from websockets.protocol import State
from websockets.utils import apply_mask

from chatroom.core.limits import FRAME_BYTES, Bucket, Rate
from chatroom.core.refusals import Close
from chatroom.live.connection import NO_SOCKET, Frame
from chatroom.live.counts import Cut
from chatroom.web.connections import EXTENSION, Receiver, fit_reason

CLOSE_SECONDS = 5
"""How long a peer may take to answer a close frame, or to read what was written before it."""
END_SECONDS = 2
"""How long what is left to write may take when no answer is awaited."""
CONTROL_FRAMES = Rate(1, 5)
FRAGMENTS_AT_MOST = 8
LONG_TEXT_BYTES = 125
"""Longer ones have two more bytes for their length (RFC 6455, section 5.2)."""
FRAGMENTED_MESSAGE_SECONDS = 5

logger = logging.getLogger("chatroom.web")


class _Nowhere(asyncio.Queue[ASGIReceiveEvent]):
    """What an application would receive, once its task has ended."""

    def put_nowait(self, item: ASGIReceiveEvent) -> None:
        pass


NOWHERE = _Nowhere()
UNUSED = asyncio.Event()
"""These two stand in for each handed over connection's own, which weigh 4 KB."""


class MeetingProtocol(WebSocketsSansIOProtocol):
    """A `chatroom.live.connection.Connection` over the transport itself."""

    is_open = False
    """Whether frames may still be written."""
    socket_number = NO_SOCKET
    """The socket's own number while nothing is kept: writing to it is a third of the cost of `transport.write`."""
    own_number = NO_SOCKET
    receiver: Receiver | None = None
    answers: Iterator[bytes] = iter(())
    """What the WebSocket library answers to the frames at hand: a pong for each ping, then at most a close."""
    control_frames: Bucket | None = None
    fragments_timer: asyncio.TimerHandle | None = None

    # What the application asks for

    def hand_over(self, receiver: Receiver) -> None:
        """Give every frame to `receiver` from now on, and `lost` when the connection is gone."""
        self.receiver = receiver
        self.queue, self.writable = NOWHERE, UNUSED

    def finish(self, frame: Frame, sent: int) -> None:
        if self.is_open:
            self.transport.write(frame[sent:])

    def schedule_ping(self) -> None:
        """On whole seconds, so that the pings of many connections share a wake-up: a tenth of the cost of one each."""
        at = math.ceil(self.loop.time() + (self.ping_interval or 0))
        self.ping_timer = self.loop.call_at(at, self.send_keepalive_ping)

    def pause_writing(self) -> None:
        self.send_by(NO_SOCKET)
        super().pause_writing()

    def resume_writing(self) -> None:
        if self.is_open:
            self.send_by(self.own_number)
        super().resume_writing()

    def stop_sending(self) -> None:
        self.is_open = False
        self.send_by(NO_SOCKET)

    def send_by(self, socket_number: int) -> None:
        self.socket_number = socket_number
        if self.receiver is not None:
            self.receiver.socket_changed()

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

    # The short way in

    def open_with(self, answer: bytes) -> None:
        """Write the answer to a handshake that was read already; from here on frames come."""
        self.handshake_initiated = self.handshake_complete = True
        self.conn.state = State.OPEN
        self.conn.parser = self.conn.parse()
        next(self.conn.parser)
        self.transport.write(answer)
        self.start_keepalive()

    # The application's task

    async def run_asgi(self) -> None:
        cast(dict[str, object], self.scope["extensions"])[EXTENSION] = self
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except Exception:
            logger.exception("websocket_failed")
        if self.receiver is not None:
            self.request.headers.clear()
            self.response.headers.clear()
            del self.scope, self.request, self.response
        elif self.close_timer is None:
            self.send_500_response()
            self.end()

    def start_keepalive(self) -> None:
        self.is_open = True
        if self.scheme == "ws":
            self.own_number = self.transport.get_extra_info("socket").fileno()
        self.transport.set_write_buffer_limits(0)
        if not self.pending_bytes():
            self.resume_writing()
        super().start_keepalive()

    def send_500_response(self) -> None:
        """Refuse a handshake that cannot be completed with 503: the client may try again."""
        if not (self.initial_response or self.handshake_complete):
            self.conn.send_response(self.conn.reject(503, "Service Unavailable"))
            self.transport.write(b"".join(self.conn.data_to_send()))

    # What the peer sends

    def data_received(self, data: bytes) -> None:
        """Take the frames one by one: what came whole before an error or a close is heard, and answered before it."""
        if self.receiver is not None and (text := self.lone_text(data)) is not None:
            self.hear(self.receiver, text)
            return
        self.conn.receive_data(data)
        self.answers = iter(self.conn.data_to_send())
        self.handle_events()
        if self.conn.parser_exc is not None:
            self.handle_parser_exception()

    def answer(self, answers: Iterable[bytes]) -> None:
        if self.is_open:
            self.transport.write(b"".join(answers))

    def handle_text(self, event: WireFrame) -> None:
        super().handle_text(event)
        self.was_taken(event)

    def handle_bytes(self, event: WireFrame) -> None:
        super().handle_bytes(event)
        self.was_taken(event)

    def handle_cont(self, event: WireFrame) -> None:
        super().handle_cont(event)
        self.was_taken(event)

    def was_taken(self, event: WireFrame) -> None:
        """Empty the frame, which the library keeps until the next one comes, and watch the fragments."""
        event.data = b""
        if event.fin:
            if self.fragments_timer is not None:
                self.fragments_timer.cancel()
                self.fragments_timer = None
        elif len(self.frames) >= FRAGMENTS_AT_MOST:
            self.fail_for_bad_frames()
        elif self.fragments_timer is None:
            self.fragments_timer = self.loop.call_later(FRAGMENTED_MESSAGE_SECONDS, self.fail_for_bad_frames)

    def lone_text(self, data: bytes) -> bytes | None:
        """What is in these bytes if they are one whole text frame, and are to be read as that; else the library reads them.

        Nearly all that comes is such a frame, and the library's general way is a tenth of the cost of a message.
        """
        size = len(data) - 6
        if size > LONG_TEXT_BYTES:
            length, start = int.from_bytes(data[2:4]), 4
            is_whole = data[:2] == b"\x81\xfe" and LONG_TEXT_BYTES < length == size - 2 <= FRAME_BYTES
        else:
            start, is_whole = 2, size >= 0 and data[0] == 0x81 and data[1] == 0x80 + size
        if not is_whole or self.frames or self.close_sent or self.conn.state is not State.OPEN or not self.awaits_frame():
            return None
        return apply_mask(data[start + 4 :], data[start : start + 4])

    def awaits_frame(self) -> bool:
        """Whether the library has read all that came so far, and that was whole frames."""
        step = cast("GeneratorType[None, None, None]", self.conn.parser)
        while isinstance(step.gi_yieldfrom, GeneratorType):
            step = step.gi_yieldfrom
        return step.__name__ == "at_eof"

    def send_receive_event_to_app(self) -> None:
        data, self.frames = b"".join(self.frames), []
        if self.receiver is None or self.close_sent:
            return
        if self.curr_msg_data_type == "bytes":
            self.receiver.receive_binary()
        else:
            self.hear(self.receiver, data)

    def hear(self, receiver: Receiver, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self.fail(1007, "text frames must be UTF-8")
        else:
            receiver.receive(text)

    def handle_ping(self) -> None:
        self.answer(islice(self.answers, 1))
        self.count_control_frame()

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

    def count(self, cut: Cut) -> None:
        self.app_state["counts"][cut] += 1

    # Endings

    def handle_close(self, event: WireFrame) -> None:
        self.answer(self.answers)
        self.end()

    def handle_parser_exception(self) -> None:
        if self.is_open:
            self.count(Cut.BAD_FRAMES)
        self.answer(self.answers)
        self.end()

    def fail(self, code: int, reason: str, cut: Cut = Cut.BAD_FRAMES) -> None:
        """Close without waiting for an answer (RFC 6455, section 7.1.7)."""
        if self.is_open:
            self.count(cut)
            self.conn.fail(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.end()

    def keepalive_timeout(self) -> None:
        self.fail(1011, "keepalive ping timeout", Cut.NO_PONG)
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
