"""What the protocol of RFC 6455 asks of a server, frame by frame: bytes in, and exactly these frames out.

The cases of the Autobahn test suite that matter for this server. Every row ends with the end of the connection: by the
server's own close, or by the answer to the client's. Each is played with its bytes at once and in small pieces.
"""

import struct

import pytest
from bare import MASK, Bare, closed, frame, pong, refused
from clients import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from hypothesis import given, settings
from hypothesis import strategies as st
from talking import Company, Street, company

from chatroom.core.limits import FRAME_BYTES, GUEST_FRAME_BYTES
from chatroom.core.refusals import Close
from chatroom.web.ws_protocol import FRAGMENTS_AT_MOST


def part(opcode: int, payload: bytes = b"") -> bytes:
    """A fragment that is not the last."""
    return frame(opcode, payload, fin=False)


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


ASK = b'{"do":"suggest","ref":7}'
HEARD = refused("hello_first", 7)
"""ASK came whole."""
GOODBYE = close(1000)
ANSWERED = closed(1000)


def ask_of(size_bytes: int) -> bytes:
    """The same in a text of this size."""
    return ASK.ljust(size_bytes)


def word(text: bytes) -> bytes:
    """A command that is well-formed JSON of valid UTF-8 exactly if this text is."""
    return b'{"do":"' + text + b'","ref":7}'


UNKNOWN = refused("unknown_command", 7)
SIGNS = "\u03ba\u1f79\u03c3\u03bc\u03b5 \U0001f33f \ufeff \U0010ffff".encode()

SIZES = {
    "a text of 0 bytes": (frame(TEXT) + GOODBYE, [refused("not_json"), ANSWERED]),
    **{
        f"a text of {size} bytes": (frame(TEXT, ask_of(size)) + GOODBYE, [HEARD, ANSWERED])
        for size in (125, 126, 127, 128, GUEST_FRAME_BYTES)
    },
    **{
        f"a text of {size} bytes": (frame(TEXT, ask_of(size)) + GOODBYE, [refused("frame_too_large", 7), ANSWERED])
        for size in (GUEST_FRAME_BYTES + 1, 65_535, FRAME_BYTES)
    },
    **{
        f"a binary frame of {size} bytes": (frame(BINARY, bytes(size)) + GOODBYE, [refused("binary_frame"), ANSWERED])
        for size in (0, 125, 126, 127, 128, 65_535, FRAME_BYTES)
    },
    "a text of 65,537 bytes": (frame(TEXT, ask_of(FRAME_BYTES + 1)), [closed(1009)]),
    "a binary frame of 65,537 bytes": (frame(BINARY, bytes(FRAME_BYTES + 1)), [closed(1009)]),
    "a text of a terabyte": (frame(TEXT, length=2**40), [closed(1009)]),
    "a text longer than any": (frame(TEXT, length=2**63), [closed(1009)]),
    "fragments of 65,537 bytes": (part(TEXT, bytes(FRAME_BYTES)) + frame(CONTINUATION, b"x"), [closed(1009)]),
    "HTTP": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", [closed(1002)]),
    "masked with zeros": (frame(TEXT, ASK, mask=bytes(4)) + GOODBYE, [HEARD, ANSWERED]),
}
PINGS = {
    **{
        f"a ping of {size} bytes": (frame(PING, b"\xfe" * size) + GOODBYE, [pong(b"\xfe" * size), ANSWERED])
        for size in (0, 1, 125)
    },
    "a ping of 126 bytes": (frame(PING, bytes(126)), [closed(1002)]),
    "five pings": (
        b"".join(frame(PING, b"%d" % n) for n in range(5)) + GOODBYE,
        [*(pong(b"%d" % n) for n in range(5)), ANSWERED],
    ),
    "a pong nobody asked for": (frame(PONG, b"x") + GOODBYE, [ANSWERED]),
    "a pong nobody asked for, then a ping": (frame(PONG) + frame(PING, b"x") + GOODBYE, [pong(b"x"), ANSWERED]),
    "a pong of 126 bytes": (frame(PONG, bytes(126)), [closed(1002)]),
    "a sixth ping": (frame(PING, b"x") * 6, [*[pong(b"x")] * 6, closed(Close.BAD_FRAMES)]),
}
RESERVED = {
    **{f"reserved bits {bits:03b}": (frame(TEXT, ASK, reserved=bits), [closed(1002)]) for bits in range(1, 8)},
    "a reserved bit of a ping": (frame(PING, reserved=4), [closed(1002)]),
    "a reserved bit of a close": (frame(CLOSE, b"\x03\xe8", reserved=1), [closed(1002)]),
    "a reserved bit of a continuation": (part(TEXT, b"{") + frame(CONTINUATION, b"}", reserved=4), [closed(1002)]),
    "a reserved bit after a text": (frame(TEXT, ASK) + frame(TEXT, ASK, reserved=2), [HEARD, closed(1002)]),
    **{f"opcode {code}": (frame(code, b"x"), [closed(1002)]) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a reserved opcode after a text": (frame(TEXT, ASK) + frame(11), [HEARD, closed(1002)]),
    **{
        f"opcode {code}, unmasked": (frame(code, b"{}", mask=b""), [closed(1002)])
        for code in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG)
    },
}
FRAGMENTS = {
    "two": (part(TEXT, ASK[:9]) + frame(CONTINUATION, ASK[9:]) + GOODBYE, [HEARD, ANSWERED]),
    "as many as may be": (
        part(TEXT, ASK) + part(CONTINUATION) * (FRAGMENTS_AT_MOST - 2) + frame(CONTINUATION) + GOODBYE,
        [HEARD, ANSWERED],
    ),
    "one too many": (part(TEXT, ASK) + part(CONTINUATION) * (FRAGMENTS_AT_MOST - 1), [closed(Close.BAD_FRAMES)]),
    "an empty one first and last": (part(TEXT) + part(CONTINUATION, ASK) + frame(CONTINUATION) + GOODBYE, [HEARD, ANSWERED]),
    "all empty": (part(TEXT) + part(CONTINUATION) + frame(CONTINUATION) + GOODBYE, [refused("not_json"), ANSWERED]),
    "of a binary message": (part(BINARY, ASK) + frame(CONTINUATION) + GOODBYE, [refused("binary_frame"), ANSWERED]),
    "a ping between them": (
        part(TEXT, ASK[:9]) + frame(PING, b"x") + frame(CONTINUATION, ASK[9:]) + GOODBYE,
        [pong(b"x"), HEARD, ANSWERED],
    ),
    "a pong between them": (part(TEXT, ASK) + frame(PONG, b"x") + frame(CONTINUATION) + GOODBYE, [HEARD, ANSWERED]),
    "a close between them": (part(TEXT, ASK) + GOODBYE, [closed(1002)]),
    "one message after another": (
        (part(TEXT, ASK[:9]) + frame(CONTINUATION, ASK[9:])) * 2 + frame(TEXT, ASK) + GOODBYE,
        [HEARD, HEARD, HEARD, ANSWERED],
    ),
    "a continuation of nothing": (frame(CONTINUATION, ASK), [closed(1002)]),
    "a continuation of nothing, to be continued": (part(CONTINUATION, ASK), [closed(1002)]),
    "a continuation after a whole text": (frame(TEXT, ASK) + frame(CONTINUATION, ASK), [HEARD, closed(1002)]),
    "a continuation after a last one": (
        part(TEXT, ASK) + frame(CONTINUATION) + frame(CONTINUATION),
        [HEARD, closed(1002)],
    ),
    "a text inside a text": (part(TEXT, ASK) + frame(TEXT, ASK), [closed(1002)]),
    "a beginning inside a text": (part(TEXT, ASK) + part(TEXT, ASK), [closed(1002)]),
    "a binary frame inside a text": (part(TEXT, ASK) + frame(BINARY, ASK), [closed(1002)]),
    "a ping in fragments": (part(PING, b"x"), [closed(1002)]),
    "a pong in fragments": (part(PONG, b"x"), [closed(1002)]),
    "a close in fragments": (part(CLOSE, b"\x03\xe8"), [closed(1002)]),
}
NOT_UTF_8 = {
    "a lone continuation byte": b"\x80",
    "a byte that never is": b"\xff",
    "an old five byte form": b"\xf8\x88\x80\x80\x80",
    "an incomplete two byte sequence": b"\xc3",
    "an incomplete three byte sequence": b"\xe2\x82",
    "an incomplete four byte sequence": b"\xf0\x9f\x8c",
    "an overlong slash": b"\xc0\xaf",
    "an overlong null": b"\xc0\x80",
    "an overlong three byte form": b"\xe0\x80\xaf",
    "an overlong four byte form": b"\xf0\x80\x80\xaf",
    "a high surrogate": b"\xed\xa0\x80",
    "a low surrogate": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "beyond the last code point": b"\xf4\x90\x80\x80",
}
UTF_8 = {
    "signs of many lengths": (frame(TEXT, word(SIGNS)) + GOODBYE, [UNKNOWN, ANSWERED]),
    "signs cut in two by fragments": (
        part(TEXT, word(SIGNS)[:8]) + part(CONTINUATION, word(SIGNS)[8:10]) + frame(CONTINUATION, word(SIGNS)[10:]) + GOODBYE,
        [UNKNOWN, ANSWERED],
    ),
    "noncharacters": (frame(TEXT, word("\ufffe\uffff\U0001ffff".encode())) + GOODBYE, [UNKNOWN, ANSWERED]),
    **{what: (frame(TEXT, word(text)), [closed(1007)]) for what, text in NOT_UTF_8.items()},
    **{f"{what} at the end": (frame(TEXT, text), [closed(1007)]) for what, text in NOT_UTF_8.items()},
    **{
        f"{what} in fragments": (part(TEXT, text[:1]) + frame(CONTINUATION, text[1:]), [closed(1007)])
        for what, text in NOT_UTF_8.items()
    },
    "not UTF-8, but binary": (frame(BINARY, b"\xff") + GOODBYE, [refused("binary_frame"), ANSWERED]),
}
CLOSES = {
    "without a code": (frame(CLOSE), [closed(None)]),
    **{
        f"with {code}": (close(code), [closed(code)])
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    },
    **{
        f"with {code}": (close(code), [closed(1002)])
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
    "with one byte": (frame(CLOSE, b"\x03"), [closed(1002)]),
    "with a reason": (close(1000, SIGNS), [ANSWERED]),
    "with a reason of 123 bytes": (close(1000, b"x" * 123), [ANSWERED]),
    "with a reason of 124 bytes": (close(1000, b"x" * 124), [closed(1002)]),
    **{f"with a reason that is {what}": (close(1000, text), [closed(1007)]) for what, text in NOT_UTF_8.items()},
    "and a text afterwards": (GOODBYE + frame(TEXT, ASK), [ANSWERED]),
    "and a ping afterwards": (GOODBYE + frame(PING), [ANSWERED]),
    "and another close afterwards": (GOODBYE + close(1001), [ANSWERED]),
    "and nonsense afterwards": (GOODBYE + b"\xff" * 100, [ANSWERED]),
    "after a text": (frame(TEXT, ASK) + GOODBYE, [HEARD, ANSWERED]),
}
ROWS = {
    f"{family}: {what}": row
    for family, rows in {
        "size": SIZES, "ping": PINGS, "reserved": RESERVED, "fragments": FRAGMENTS, "UTF-8": UTF_8, "close": CLOSES
    }.items()
    for what, row in rows.items()
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
async def test_bytes_in_and_exactly_these_frames_out(server: Street, what: str) -> None:
    data, expected = ROWS[what]
    for pieces in (1, 200):
        async with Bare(server.server.url) as bare:
            await bare.send(data, pieces)
            assert await bare.heard() == expected


BEFORE: dict[str, tuple[list[bytes], list[int]]] = {
    "nothing": ([], []),
    "a text": ([frame(TEXT, ASK)], [7]),
    "a text in two pieces": ([frame(TEXT, ASK)[:1], frame(TEXT, ASK)[1:]], [7]),
    "a text and a half": ([frame(TEXT, ASK) + frame(TEXT, ASK)[:5], frame(TEXT, ASK)[5:]], [7, 7]),
    "a ping": ([frame(PING, b"x")], []),
    "two fragments": ([part(TEXT, ASK), frame(CONTINUATION)], [7]),
}
"""What arrives in so many reads, and what the answers in text refer to."""


@pytest.mark.parametrize("before", BEFORE)
async def test_a_text_that_arrives_by_itself_is_heard_whatever_came_before(server: Street, before: str) -> None:
    """When another connection is answered, all that arrived before it asked was read."""
    pieces, answers = BEFORE[before]
    async with Bare(server.server.url) as bare, Bare(server.server.url) as other:
        for size in (len(ASK), 125, 126, GUEST_FRAME_BYTES):
            for piece in (*pieces, frame(TEXT, ask_of(size))):
                await bare.send(piece)
                await other.send(frame(TEXT, ASK))
                await other.next()
            assert [(await bare.next())["ref"] for _ in (*answers, 7)] == [*answers, 7]


@pytest.mark.parametrize(
    ("before", "code"),
    [(part(TEXT, ASK), 1002), (frame(TEXT, frame(TEXT, ASK), mask=bytes(4))[:6], 1007)],
    ids=["fragments", "a text"],
)
async def test_what_looks_like_a_text_in_the_midst_of_something_is_none(server: Street, before: bytes, code: int) -> None:
    async with Bare(server.server.url) as bare, Bare(server.server.url) as other:
        await bare.send(before)
        await other.send(frame(TEXT, ASK))
        await other.next()
        await bare.send(frame(TEXT, ASK))
        assert await bare.heard() == [closed(code)]


async def test_nobody_in_the_room_notices_any_of_it(server: Street) -> None:
    """The same bytes from someone in the room."""
    async with company(server) as three:
        hello = {"do": "hello", "secret": three.keys.secret, "seat": three.cal.seat}
        for data, _ in ROWS.values():
            async with Bare(server.server.url) as bare:
                await bare.say(**hello)
                await bare.until(b'"is":"welcome"')
                await bare.send(data)
                bare.hang_up()
                await bare.heard()
        back = await server.hello(three.keys.secret, seat=three.cal.seat)
        assert back.frames[0]["is"] == "welcome"


# ---- whatever bytes -----------------------------------------------------------------------------------------------------

SAYINGS = st.sampled_from([ASK, b'{"do":"end"}', b'{"do":"hello","secret":"x"}', b'{"do":"leave"', b"[" * 200, SIGNS, b"\xff"])
FRAMES = st.builds(
    frame,
    st.integers(0, 15) | st.sampled_from([TEXT, CONTINUATION, PING, CLOSE]),
    st.binary(max_size=200) | SAYINGS,
    fin=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 0, 1, 4]),
    mask=st.sampled_from([MASK, MASK, MASK, bytes(4), b""]),
    length=st.none() | st.none() | st.sampled_from([0, 1, 125, 65_535, 2**32, 2**63]),
)
BYTES = st.binary(max_size=300) | st.lists(FRAMES, max_size=12).map(b"".join)


@settings(max_examples=300)
@given(early=BYTES, data=BYTES, pieces=st.sampled_from([1, 1, 3, 50]), where=st.sampled_from(["street", "door", "room"]))
async def test_whatever_comes_the_server_answers_or_closes_and_serves_on(
    bystanders: Company, early: bytes, data: bytes, pieces: int, where: str
) -> None:
    """Also what comes before the handshake is answered. In the end nobody has noticed, and nothing was logged."""
    hello = {"do": "hello", "secret": bystanders.keys.secret, "seat": bystanders.cal.seat if where == "room" else ""}
    async with Bare(bystanders.street.server.url, early=early if where == "street" else b"") as bare:
        if where != "street":
            await bare.say(**hello)
            await bare.until(b'"is":"welcome"' if where == "room" else b'"is":"door"')
        await bare.send(data, pieces)
        bare.hang_up()
        await bare.heard()
