"""What a connection may send, at the level of WebSocket frames (RFC 6455), and what it costs to send anything else."""

import pytest
from clients import BINARY, CONTINUATION, FINAL, PING, PONG, TEXT, protocols, raw_socket
from serving import serving_here

from chatroom.core.limits import FRAME_BYTES
from chatroom.core.refusals import Close
from chatroom.live.connection import Frame
from chatroom.live.send_all import write
from chatroom.web import ws_protocol


async def test_a_message_may_come_in_a_few_fragments() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b'{"do":', flags=0)
        raw.send(PING, b"between")
        raw.send(CONTINUATION, b'"leave",', flags=0)
        raw.send(CONTINUATION, b'"ref":3}')
        assert await raw.frame() == (PONG, b"between")
        assert (await raw.message())["ref"] == 3


async def test_too_many_fragments_close_the_connection() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b"x", flags=0)
        for _ in range(8):
            raw.send(CONTINUATION, b"x", flags=0)
        assert await raw.close_code() == Close.BAD_FRAMES


async def test_fragments_that_never_end_close_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_protocol, "FRAGMENTED_MESSAGE_SECONDS", 0.01)
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b"x", flags=0)
        assert await raw.close_code() == Close.BAD_FRAMES


async def test_a_flood_of_control_frames_closes_the_connection() -> None:
    for opcode in (PING, PONG):
        async with serving_here() as server, raw_socket(server.url) as raw:
            for _ in range(20):
                raw.send(opcode, b"x")
            assert await raw.close_code() == Close.BAD_FRAMES


BAD_FRAMES = {
    "text that is not UTF-8": (TEXT, b"\xff\xfe", FINAL, True, 1007),
    "a text cut inside a character": (TEXT, "é".encode()[:1], FINAL, True, 1007),
    "too large": (TEXT, b"x" * (FRAME_BYTES + 1), FINAL, True, 1009),
    "not masked": (TEXT, b"{}", FINAL, False, 1002),
    "reserved bit": (TEXT, b"{}", FINAL | 0x40, True, 1002),
    "unknown opcode": (3, b"{}", FINAL, True, 1002),
    "a fragment of nothing": (CONTINUATION, b"{}", FINAL, True, 1002),
    "a fragmented ping": (PING, b"", 0, True, 1002),
    "a long ping": (PING, b"x" * 126, FINAL, True, 1002),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_a_bad_frame_closes_its_own_connection_only(name: str) -> None:
    opcode, payload, flags, masked, code = BAD_FRAMES[name]
    async with serving_here() as server, raw_socket(server.url) as bad, raw_socket(server.url) as good:
        bad.send(opcode, payload, flags=flags, masked=masked)
        assert await bad.close_code() == code
        assert await bad.cut()
        good.send(TEXT, b'{"do":"leave","ref":1}')
        assert (await good.message())["ref"] == 1


async def test_a_binary_frame_is_refused_and_the_connection_stays() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(BINARY, b'{"do":"leave"}')
        assert (await raw.message())["code"] == "binary_frame"
        raw.send(TEXT, b'{"do":"leave"}')
        assert (await raw.message())["code"] == "hello_first"


async def test_a_ready_frame_arrives_as_it_was_encoded() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        assert write(protocol, Frame.of("hello"))
        assert await raw.frame() == (TEXT, b'"hello"')
        assert protocol.pending_bytes() == 0
