"""The pages, the static files, the headers and the API for opening rooms, over HTTP from a real server."""

import asyncio
import gzip
import re
import threading
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
import pytest_asyncio
import segno
from clients import tcp
from serving import ServerHere, serving_here

from chatroom.core.limits import REQUEST_BYTES
from chatroom.core.refusals import REFUSALS
from chatroom.core.words import ROOM_WORDS
from chatroom.live.slow_hashes import hasher
from chatroom.web import rooms_api
from chatroom.web.assets import Assets, data_folder
from chatroom.web.first_script import FIRST_SCRIPT_HASH
from chatroom.web.settings import Settings

PAGES = ["/", "/open", "/r"]
MEETING = {"title": "Tuesday newcomers", "minutes": 60}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[ServerHere]:
    async with serving_here() as running:
        yield running


@asynccontextmanager
async def client_of(server: ServerHere, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=server.url, headers={"Origin": server.url, **headers}, trust_env=False) as client:
        yield client


@pytest_asyncio.fixture(scope="module")
async def client(server: ServerHere) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(server) as made:
        yield made


class Links(HTMLParser):
    """Every address a page loads or links to, and whatever a strict policy would stop."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.inline: list[str] = []
        self._is_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        loads = given.get("src") or (given.get("href") if tag == "link" else None)
        if loads:
            self.loaded.append(loads)
        elif tag in ("a", "form"):
            self.linked.append(given.get("href") or given.get("action") or "")
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style":
            self.inline.append(tag)
        self._is_script = tag == "script" and "src" not in given

    def handle_endtag(self, tag: str) -> None:
        self._is_script = False

    def handle_data(self, data: str) -> None:
        if self._is_script:
            self.inline.append(data)


# ---- pages and static files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/no/such/page"])
async def test_a_page_loads_only_our_own_files_by_relative_addresses(client: httpx2.AsyncClient, path: str) -> None:
    page = await client.get(path)
    links = Links(page.text)
    assert links.loaded
    assert [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in links.inline] == [FIRST_SCRIPT_HASH]
    for address in set(links.loaded):
        assert re.match(r"(\.\./)*static/", address), address
        assert (await client.get(urljoin(path, address))).status_code == 200, address
    assert all(not link.startswith("/") for link in links.linked), links.linked


async def test_every_module_a_page_imports_is_preloaded(client: httpx2.AsyncClient) -> None:
    loaded = Links((await client.get("/r")).text).loaded
    for address in [address for address in loaded if address.endswith(".js")]:
        source = (await client.get("/" + address)).text
        imported = re.findall(r"""(?:from|^import) ["'](\.{1,2}/[^"']+)["']""", source, re.MULTILINE)
        assert {urljoin(address, name) for name in imported} <= set(loaded)


async def test_the_room_page_is_the_same_bytes_for_every_room(client: httpx2.AsyncClient) -> None:
    first, second = await client.get("/r"), await client.get("/r?x=1")
    assert first.content == second.content
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("sign", ["%23", "%2523", "%252523"])
async def test_a_link_whose_sign_was_encoded_gets_the_room_page(client: httpx2.AsyncClient, sign: str) -> None:
    page = await client.get(f"/r{sign}apple-river-stone.token)")
    assert (page.status_code, page.content) == (200, (await client.get("/r")).content)
    assert page.headers["cache-control"] == "no-store"
    assert (await client.get(f"/rooms{sign}apple")).status_code == 404
    assert (await client.get(f"/r{sign}apple/river")).status_code == 404


async def test_the_words_of_codes_can_be_had_without_telling_which_are_meant(client: httpx2.AsyncClient) -> None:
    found = re.search(r'data-words="([^"]+)"', (await client.get("/")).text)
    assert found
    answer = await client.get(found[1])
    assert (answer.status_code, answer.json()) == (200, list(ROOM_WORDS))
    assert "immutable" in answer.headers["cache-control"]


async def test_other_pages_are_asked_for_again_by_their_tag(client: httpx2.AsyncClient) -> None:
    first = await client.get("/open")
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get("/open", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/open", headers={"If-None-Match": 'W/"other"'})
    assert other.status_code == 200


async def test_a_static_file_is_for_ever_under_the_hash_of_the_tree(client: httpx2.AsyncClient) -> None:
    assets = Assets(data_folder("static"))
    found = await client.get("/" + assets.url("style.css"))
    assert found.headers["cache-control"] == "max-age=31536000, immutable"
    assert found.headers["content-type"] == "text/css; charset=utf-8"
    assert found.headers["x-content-type-options"] == "nosniff"
    source = (data_folder("static") / "style.css").read_text()
    assert found.text.count("\n") == source.count("\n")
    assert len(found.text) < len(source)


@pytest.mark.parametrize(
    "path", ["static/0000000000000000/style.css", "static/{hash}/none.css", "static/{hash}/../pyproject.toml"]
)
async def test_a_static_file_under_another_hash_or_name_is_not_found(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get("/" + path.format(hash=Assets(data_folder("static")).hash))).status_code == 404


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, br", "gzip"),
        ("br;q=1.0, GZIP;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_body_is_compressed_when_the_client_takes_it(
    client: httpx2.AsyncClient, accepts: str, encoding: str | None
) -> None:
    async with client.stream("GET", "/", headers={"Accept-Encoding": accepts}) as response:
        raw = b"".join([part async for part in response.aiter_raw()])
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    assert (gzip.decompress(raw) if encoding else raw) == (await client.get("/")).content


async def test_an_unknown_address_is_a_kind_page_that_names_nothing(client: httpx2.AsyncClient) -> None:
    found = await client.get("/r/six-secret-words")
    assert found.status_code == 404
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "secret" not in found.text
    deep = await client.get("/a" * 1000)
    assert deep.status_code == 404
    assert len(deep.content) < 2 * len(found.content)


async def test_no_address_is_moved_to_another(client: httpx2.AsyncClient) -> None:
    assert [(await client.get(path)).status_code for path in ("/open/", "/r/", "/static/x")] == [404] * 3


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("DELETE", "/r"), ("GET", "/api/rooms"), ("PUT", "/healthz")])
async def test_a_wrong_method_is_405(client: httpx2.AsyncClient, method: str, path: str) -> None:
    found = await client.request(method, path)
    assert found.status_code == 405
    assert found.headers["allow"]


async def test_health(client: httpx2.AsyncClient) -> None:
    assert ((await client.get("/healthz")).text, (await client.get("/readyz")).text) == ("alive\n", "ready\n")


# ---- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/r", "/nowhere", "/healthz", "/api/rooms"])
async def test_every_answer_carries_the_security_headers(client: httpx2.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    host = str(client.base_url.netloc.decode())
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' {FIRST_SCRIPT_HASH}",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "form-action": "'none'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_a_strange_host_never_reaches_the_policy(client: httpx2.AsyncClient) -> None:
    headers = (await client.get("/", headers={"Host": "x; script-src *"})).headers
    assert "connect-src 'self';" in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]


async def test_with_a_public_https_address_browsers_stay_on_https_and_connect_to_it() -> None:
    async with serving_here(Settings(base_url="https://meet.example/rooms/")) as server, client_of(server) as client:
        headers = (await client.get("/")).headers
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert "connect-src 'self' ws://meet.example wss://meet.example;" in headers["content-security-policy"]


# ---- opening a room ---------------------------------------------------------------------------------------------------


def refusal_of(response: httpx2.Response) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"code", "sentence", "retry_after_seconds", "detail"}
    assert body["sentence"] == REFUSALS[body["code"]]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, body["code"]


async def test_a_room_is_opened(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/rooms", json=MEETING)
    opened = response.json()
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    assert set(opened) == {"secret", "host_token", "moderator_token", "doors_at", "starts_at", "ends_at", "qr"}
    assert len({opened["secret"], opened["host_token"], opened["moderator_token"]}) == 3
    assert opened["ends_at"] - opened["starts_at"] == 60 * 60_000
    assert opened["qr"] == []


BODIES: list[tuple[Any, int, str]] = [
    (b"", 400, "bad_request"),
    (b"{", 400, "bad_request"),
    (b"[]", 400, "bad_request"),
    (b"\xff\xfe", 400, "bad_request"),
    (b'{"title": "\\ud800"}', 400, "bad_request"),
    (b'{"title": "x", "minutes": NaN}', 400, "bad_request"),
    (b'{"title": "x", "minutes": 1e400}', 400, "bad_request"),
    (b'{"title": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, "bad_request"),
    (b'{"title": 5}', 400, "bad_request"),
    (b'{"title": "x", "minutes": 14}', 400, "bad_request"),
    (b'{"title": "x", "minutes": 181}', 400, "bad_request"),
    (b'{"title": "x", "capacity": 1001}', 400, "bad_request"),
    (b'{"title": "x", "role": "host"}', 400, "bad_request"),
    (b'{"title": "x", "page": "javascript:x"}', 400, "bad_request"),
    (b'{"title": "  \\u200b "}', 400, "title_empty"),
    (b'{"title": "x", "starts_at": 1}', 400, "start_out_of_range"),
    (b'{"title": "' + b"x" * REQUEST_BYTES + b'"}', 413, "frame_too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES, ids=lambda value: repr(value)[:30])
async def test_a_wrong_request_is_refused_in_words(client: httpx2.AsyncClient, body: bytes, status: int, code: str) -> None:
    response = await client.post("/api/rooms", content=body, headers={"Content-Type": "application/json"})
    assert refusal_of(response) == (status, code)
    assert "x" * 100 not in response.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_only_json_is_taken(client: httpx2.AsyncClient, kind: str) -> None:
    response = await client.post("/api/rooms", content=b'{"title": "x"}', headers={"Content-Type": kind})
    assert refusal_of(response) == (415, "bad_request")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://127.0.0.1:1", "file:///etc", "http://[", "http://127.0.0.1"]
)
async def test_a_foreign_origin_opens_nothing(client: httpx2.AsyncClient, origin: str) -> None:
    response = await client.post("/api/rooms", json=MEETING, headers={"Origin": origin})
    assert refusal_of(response) == (403, "not_from_here")


async def test_without_an_origin_or_with_two_nothing_is_opened(server: ServerHere) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        missing = await client.post(server.url + "/api/rooms", json=MEETING)
        twice = await client.post(
            server.url + "/api/rooms", json=MEETING, headers=[("Origin", server.url), ("Origin", server.url)]
        )
    assert refusal_of(missing) == refusal_of(twice) == (403, "not_from_here")


async def test_allowed_origins_and_the_public_address_open_rooms() -> None:
    settings = Settings(
        opening="anyone", base_url="https://meet.example/rooms/", allowed_origins=("https://friend.example:8443",)
    )
    async with serving_here(settings) as server, client_of(server) as client:
        for origin in ("https://meet.example", "https://friend.example:8443", server.url):
            assert (await client.post("/api/rooms", json=MEETING, headers={"Origin": origin})).status_code == 201
        other = await client.post("/api/rooms", json=MEETING, headers={"Origin": "https://friend.example"})
        assert refusal_of(other) == (403, "not_from_here")


async def test_nobody_opens_rooms_where_the_operator_says_so() -> None:
    async with serving_here(Settings(opening="nobody")) as server, client_of(server) as client:
        assert refusal_of(await client.post("/api/rooms", json=MEETING)) == (403, "opening_closed")


async def test_who_knows_the_passphrase_opens_rooms() -> None:
    async with serving_here(Settings(opening=hasher.hash("correct horse"))) as server, client_of(server) as client:
        wrong = await client.post("/api/rooms", json={**MEETING, "opening_passphrase": "wrong"})
        right = await client.post("/api/rooms", json={**MEETING, "opening_passphrase": "correct horse"})
    assert refusal_of(wrong) == (403, "opening_passphrase_wrong")
    assert right.status_code == 201


async def test_a_full_server_says_when_to_try_again() -> None:
    async with serving_here(Settings(max_rooms=1)) as server, client_of(server) as client:
        assert (await client.post("/api/rooms", json=MEETING)).status_code == 201
        refused = await client.post("/api/rooms", json=MEETING)
    assert refusal_of(refused) == (503, "server_busy")
    assert int(refused.headers["retry-after"]) == refused.json()["retry_after_seconds"] > 0


@asynccontextmanager
async def half_a_request(server: ServerHere) -> AsyncIterator[asyncio.StreamReader]:
    """A request whose body is announced and then never comes whole."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/rooms HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.url}\r\n"
    writer.write((head + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{").encode())
    await writer.drain()
    yield reader
    writer.close()
    await writer.wait_closed()


async def test_a_body_that_never_arrives_is_refused(server: ServerHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms_api, "BODY_SECONDS", 0.01)
    async with half_a_request(server) as reader:
        assert await reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"
        assert b'"detail":"The request did not arrive whole."' in await reader.readuntil(b"}")


async def test_a_request_cut_short_harms_nobody(server: ServerHere, client: httpx2.AsyncClient) -> None:
    async with half_a_request(server):
        pass
    assert (await client.get("/healthz")).status_code == 200


# ---- what the drawing of a QR code may cost ------------------------------------------------------------------------------


async def test_a_qr_code_is_drawn_off_the_loop_from_a_bounded_address(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_in = []
    make = segno.make

    def watched(*arguments: Any, **options: Any) -> Any:
        drawn_in.append(threading.current_thread())
        return make(*arguments, **options)

    monkeypatch.setattr(segno, "make", watched)
    async with serving_here() as server, client_of(server) as client:
        for path in ("\N{LEAF FLUTTERING IN WIND}" * 200, "a" * 201, "a b", "a#b", "a?b"):
            refused = await client.post("/api/rooms", json={**MEETING, "page": f"https://{path}"})
            assert refusal_of(refused) == (400, "bad_request")
        opened = await client.post("/api/rooms", json={**MEETING, "page": f"https://meet.example/{'a' * 187}"})
        assert opened.json()["qr"]
    assert len(drawn_in) == 1
    assert drawn_in[0] is not threading.main_thread()


# ---- a request of two lengths --------------------------------------------------------------------------------------------

CHUNKED = b"Transfer-Encoding: chunked\r\n"
SIZED = b"Content-Length: 5\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("path", [b"/api/rooms", b"/r", b"/nothing"])
@pytest.mark.parametrize("lengths", [SIZED + CHUNKED, CHUNKED + SIZED])
async def test_after_a_request_of_two_lengths_the_connection_is_closed(path: bytes, lengths: bytes) -> None:
    """RFC 9112, section 6.3: a proxy before us may have taken what follows for something else."""
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n0\r\n\r\n" + NEXT)
        answered = await raw.reader.read()
        assert answered.count(b"HTTP/1.1 ") == 1
        assert b"alive" not in answered


async def test_a_request_of_one_length_keeps_its_connection() -> None:
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(b"POST /r HTTP/1.1\r\nHost: x\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + NEXT)
        assert await raw.reader.readuntil(b"alive\n")
