"""A real server over real sockets tells nobody what was asked: no answer, no line of the log and no number repeats it.

The secret of a link whose `#` became `%23` is in the path; whatever else a client or a proxy makes of a request is tried too.
"""

import asyncio
import json
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from scene_drivers import WAIT_SECONDS
from serving import Running, serving
from talking import SETTINGS

SECRET = "kumquat-lantern-otter-velvet-walnut-zephyr"
MARK = "kumquat"
SIGNS = ("#", "%23", "%2523", "%252523")
PATHS = [
    *(f"/r{sign}{SECRET}{token}" for sign in SIGNS for token in ("", ".kumquat-token")),
    *(
        f"{before}{SECRET}{after}"
        for before in ("/", "/r/", "/r?", "/r//", "//", "/r;", "/?")
        for after in ("", "/", "/r", "?r")
    ),
    *(
        f"/r%23{SECRET}{after}"
        for after in ("/", "?x", "%00", "%0d%0aX-Kumquat:%20kumquat", "%ff", "%2f..", "/../r", "#r", "\\")
    ),
    *(
        f"{before}{SECRET}"
        for before in ("/api/rooms/", "/api/rooms?", "/api/", "/healthz/", "/readyz?", "/ws?", "/ws/", "/ws%23")
    ),
    *(
        f"/{folder}/{SECRET}{end}"
        for folder in ("static", "help", "words")
        for end in ("", ".json", "/x.js", "/../../etc/passwd")
    ),
    f"/static/0/{SECRET}.js?{SECRET}",
    f"http://{MARK}.example/r%23{SECRET}",
    SECRET,
    f"/{SECRET * 2_000}",
]
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "CONNECT", MARK.upper(), MARK)
UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
HEADERS = {
    "no other": "",
    "names and values": f"X-{MARK}: {MARK}\r\nCookie: {MARK}={MARK}\r\nUser-Agent: {MARK}\r\nReferer: https://{MARK}/{MARK}\r\n",
    "a foreign page": f"Origin: https://{MARK}.example\r\n",
    "a proxy": f"X-Forwarded-For: {MARK}\r\nX-Forwarded-Host: {MARK}\r\nX-Forwarded-Proto: {MARK}\r\nForwarded: for={MARK}\r\n",
    "a header without a colon": f"{MARK}\r\n",
    "a length in words": f"Content-Length: {MARK}\r\n",
    "an encoding in words": f"Transfer-Encoding: {MARK}\r\n",
    "what is kept": f'If-None-Match: "{MARK}"\r\nRange: {MARK}\r\nAccept-Encoding: {MARK}\r\nExpect: {MARK}\r\n',
    "another protocol": f"Upgrade: {MARK}\r\nConnection: Upgrade, {MARK}\r\n",
    "a socket": f"{UPGRADE}{KEY}Sec-WebSocket-Version: 13\r\nOrigin: https://{MARK}.example\r\n",
    "a socket without a page": f"{UPGRADE}{KEY}Sec-WebSocket-Version: 13\r\n",
    "a socket with another key": f"{UPGRADE}Sec-WebSocket-Key: {MARK}\r\nSec-WebSocket-Version: 13\r\n",
    "a socket with two keys": f"{UPGRADE}{KEY}Sec-WebSocket-Key: {MARK}\r\nSec-WebSocket-Version: 13\r\n",
    "a socket of another version": f"{UPGRADE}{KEY}Sec-WebSocket-Version: {MARK}\r\n",
    "a socket with extensions": f"{UPGRADE}{KEY}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: {MARK};=={MARK}\r\n",
    "a socket with a subprotocol": f"{UPGRADE}{KEY}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ={MARK}\r\n",
    "a long header": f"X-Long: {MARK * 20_000}\r\n",
}
BODIES = {
    "no JSON": MARK.encode(),
    "a list": json.dumps([MARK]).encode(),
    "unknown fields": json.dumps({MARK: MARK}).encode(),
    "a number for a title": json.dumps({"title": {MARK: MARK}}).encode(),
    "another choice": json.dumps({"title": "x", "late_joiners": MARK}).encode(),
    "a script of nonsense": json.dumps({"title": "x", "script": [{"title": MARK, "mode": MARK}]}).encode(),
    "a script with a wrong text": json.dumps({"title": "x", "script": [{"title": "x", "text": MARK + "\x00"}]}).encode(),
    "a title that is not allowed": json.dumps({"title": MARK + "\x00"}).encode(),
    "a rule that is too long": json.dumps({"title": "x", "rules": [MARK * 500]}).encode(),
    "a wrong passphrase": json.dumps({"title": "x", "opening_passphrase": MARK}).encode(),
    "another page": json.dumps({"title": "x", "page": f"javascript:{MARK}"}).encode(),
    "too much": json.dumps({"title": MARK * 100_000}).encode(),
    "a field within": json.dumps({"title": "x", "script": [{"title": "x", f"` - at {MARK}`": 1}]}).encode(),
    "bytes": b"\xff\xfe" + MARK.encode(),
}


async def answer(server: Running, request: bytes) -> bytes:
    """All that comes back until the server closes, or has said one whole answer and waits."""
    address = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    found = b""
    async with asyncio.timeout(WAIT_SECONDS):
        try:
            writer.write(request)
            with suppress(OSError):  # the server may have closed before it read everything
                writer.write_eof()
            while data := await reader.read(65_536):
                found += data
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
    return found


def head(server: Running, method: str, path: str, headers: str = "") -> bytes:
    host = "" if "X-Host" in headers else f"Host: {urlsplit(server.url).netloc}\r\n"
    return f"{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n".encode("latin-1")


def posted(server: Running, body: bytes, path: str = "/api/rooms") -> bytes:
    headers = f"Origin: {server.url}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head(server, "POST", path, headers) + body


def requests(server: Running) -> dict[str, bytes]:
    tried = {f"{method} {path[:60]}": head(server, method, path) for path in PATHS for method in METHODS}
    spoiled = f"/r%23{SECRET}"
    for name, headers in HEADERS.items():
        for path in (spoiled, "/ws", f"/ws?{SECRET}", "/", "/api/rooms"):
            tried[f"{path[:20]} with {name}"] = head(server, "GET", path, headers)
    tried |= {f"a body: {name}": posted(server, body) for name, body in BODIES.items()}
    tried |= {f"a body at a link: {name}": posted(server, body, spoiled) for name, body in BODIES.items()}
    tried["another host"] = f"GET {spoiled} HTTP/1.1\r\nHost: other.example\r\n\r\n".encode()
    tried["no host"] = f"GET {spoiled} HTTP/1.1\r\n\r\n".encode()
    tried["an old version"] = f"GET {spoiled}\r\n\r\n".encode()
    tried["a version that is none"] = f"GET {spoiled} {MARK}/9\r\n\r\n".encode()
    tried["a request that ends"] = f"GET {spoiled}".encode()
    tried["no HTTP"] = SECRET.encode() * 2
    return tried


@pytest.mark.parametrize("level", ["info", "error"])
async def test_no_answer_and_no_line_of_the_log_repeats_what_was_asked(level: str) -> None:
    async with serving({**SETTINGS, "LOG_LEVEL": level}) as [server]:
        tried = requests(server)
        for name, request in tried.items():
            said = await answer(server, request)
            assert MARK.encode() not in said.lower(), (name, said[:2_000])
        assert await server.stop() == 0
        assert server.process.stdout
        written = "".join(server.errors) + (await server.process.stdout.read()).decode()
    assert MARK not in written.lower()
    assert "bad_request=" in written or level == "error", "the numbers are there, and say nothing else"
