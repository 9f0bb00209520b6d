"""The short way of a plain handshake, and that everything else takes the long one with the same outcome."""

import pytest
from clients import get, protocols, raw_socket, tcp, upgrade
from hypothesis import given
from hypothesis import strategies as st
from serving import serving_here
from websockets.server import ServerProtocol

from chatroom.web.handshake import HEAD_BYTES, read_handshake
from chatroom.web.settings import Settings

URL = "http://127.0.0.1:8000"
PLAIN = upgrade(URL, URL)
KEY = b"AAAAAAAAAAAAAAAAAAAAAA=="

NOT_PLAIN = {
    "another path": PLAIN.replace(b"/ws", b"/ws2"),
    "a query": PLAIN.replace(b"/ws", b"/ws?a=b"),
    "another method": PLAIN.replace(b"GET", b"PUT"),
    "another version of HTTP": PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no upgrade": PLAIN.replace(b"Upgrade: websocket\r\n", b""),
    "another upgrade": PLAIN.replace(b"websocket", b"h2c"),
    "no connection": PLAIN.replace(b"Connection: Upgrade\r\n", b""),
    "another connection": PLAIN.replace(b"Connection: Upgrade", b"Connection: close"),
    "no host": PLAIN.replace(b"Host", b"Guest"),
    "no key": PLAIN.replace(b"Sec-WebSocket-Key", b"Sec-WebSocket-Kay"),
    "a short key": PLAIN.replace(KEY, b"AAAA"),
    "a key of other bytes": PLAIN.replace(KEY, b"AAAAAAAAAAAAAAAAAAAAAB=="),
    "another version": PLAIN.replace(b"Version: 13", b"Version: 8"),
    "a header twice": upgrade(URL, URL, f"Origin: {URL}"),
    "a folded header": upgrade(URL, URL, "X-A: b", " c"),
    "a header without a name": upgrade(URL, URL, ": b"),
    "a header without a colon": upgrade(URL, URL, "X-A"),
    "a space before the colon": upgrade(URL, URL, "X-A : b"),
    "a control character": upgrade(URL, URL, "X-A: \x01"),
    "a letter beyond ASCII": upgrade(URL, URL, "X-A: é"),
    "a body": upgrade(URL, URL, "Content-Length: 5"),
    "chunks": upgrade(URL, URL, "Transfer-Encoding: chunked"),
    "a subprotocol": upgrade(URL, URL, "Sec-WebSocket-Protocol: chat"),
    "bare line feeds": PLAIN.replace(b"\r\n", b"\n"),
    "half of it": PLAIN[:-2],
    "more than it": PLAIN + b"x",
    "two of them": PLAIN * 2,
    "many headers": upgrade(URL, URL, *(f"X-{number}: a" for number in range(60))),
    "a long head": upgrade(URL, URL, "X-A: " + "b" * HEAD_BYTES),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_takes_the_long_way(name: str) -> None:
    assert read_handshake(PLAIN) is not None
    assert read_handshake(NOT_PLAIN[name]) is None


def test_what_browsers_and_proxies_send_is_plain() -> None:
    more = ("Sec-WebSocket-Extensions: permessage-deflate", "Cookie: a=b", "X-Forwarded-For: 192.0.2.1, 192.0.2.2")
    assert read_handshake(upgrade(URL, URL, *more)) is not None
    assert read_handshake(PLAIN.replace(b"Connection: Upgrade", b"connection: keep-alive, Upgrade")) is not None


@given(st.binary(max_size=40), st.integers(0, len(PLAIN)), st.integers(0, 40))
def test_no_bytes_are_taken_that_the_library_would_refuse(inserted: bytes, place: int, left_out: int) -> None:
    data = PLAIN[:place] + inserted + PLAIN[place + left_out :]
    if handshake := read_handshake(data):
        library = ServerProtocol()
        library.receive_data(data)
        (request,) = library.events_received()
        accepted = library.accept(request)  # type: ignore[arg-type]
        assert accepted.status_code == 101
        assert f"Accept: {accepted.headers['Sec-WebSocket-Accept']}\r\n".encode() in handshake.answer
        assert [(name.lower(), value) for name, value in request.headers.raw_items()] == [  # type: ignore[union-attr]
            (name.decode(), value.decode()) for name, value in handshake.headers
        ]


async def test_a_plain_handshake_needs_no_task() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        assert server.server_state.tasks == set()
        (protocol,) = protocols(server)
        assert protocol.receiver is not None
        assert not hasattr(protocol, "scope")
        raw.send(8, b"\x03\xe8")
        assert await raw.close_code() == 1000


@pytest.mark.parametrize("more", [(), ("Sec-WebSocket-Protocol: chat",)])
async def test_a_foreign_page_is_refused_on_either_way(more: tuple[str, ...]) -> None:
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(upgrade(server.url, "http://elsewhere.example", *more))
        assert (await raw.reader.readline()).startswith(b"HTTP/1.1 403 ")
        assert server.hub.connections == 0


@pytest.mark.parametrize("more", [(), ("Sec-WebSocket-Protocol: chat",)])
async def test_a_forwarded_address_counts_on_either_way(more: tuple[str, ...]) -> None:
    async with (
        serving_here(Settings.from_environment({"TRUSTED_PROXIES": "127.0.0.1", "MAX_CONNECTIONS_PER_SOURCE": "1"})) as server,
        tcp(server.url) as one,
        tcp(server.url) as other,
        tcp(server.url) as same,
    ):
        for raw, address in ((one, "192.0.2.1"), (other, "192.0.2.2")):
            raw.writer.write(upgrade(server.url, server.url, f"X-Forwarded-For: {address}", *more))
            assert (await raw.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        assert server.hub.connections == 2
        same.writer.write(upgrade(server.url, server.url, "X-Forwarded-For: 192.0.2.2", *more))
        assert (await same.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        assert (await same.message())["name"] == "server_busy"


async def test_a_handshake_in_pieces_is_taken_too() -> None:
    async with serving_here() as server, tcp(server.url) as raw:
        data = upgrade(server.url, server.url)
        raw.writer.write(data[:50])
        assert (await get(server.url + "/healthz")).status_code == 200
        raw.writer.write(data[50:])
        assert (await raw.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
