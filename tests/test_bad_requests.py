"""Bad requests over HTTP, and a Redis that is not there: a clear answer each, and nothing in the log."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio
from followers import is_over
from redis.asyncio import Redis
from relay import Relay
from scene_drivers import WAIT_SECONDS
from talking import Company, Street, Talker, company, is_refusal, new_origin, street

from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import OPEN_AHEAD_SECONDS, REQUEST_BYTES, RULES_PER_ROOM
from chatroom.core.refusals import REFUSALS
from chatroom.live.opening import PAST_GRACE_MS
from chatroom.log.redis import CREATE
from chatroom.log.redis_room import APPEND

MINUTE_MS = 60_000
LATER = 1_000_000
"""A ref that no other command has."""
JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture(autouse=True)
async def nobody_notices(bystanders: Company) -> AsyncIterator[None]:
    """After each request the company is unharmed."""
    yield
    await bystanders.is_unharmed()
    await bystanders.settle()


def refused(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """A whole and clear refusal."""
    body: dict[str, Any] = response.json()
    assert set(body) == {"code", "sentence", "retry_after_seconds", "detail"}
    assert (response.status_code, body["code"], body["sentence"]) == (status, code, REFUSALS[code])
    return body


# ---- opening a room -----------------------------------------------------------------------------------------------------

FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "a title that is null": ({"title": None}, "bad_request"),
    "a title that is a list": ({"title": ["x"]}, "bad_request"),
    "a long title": ({"title": "x" * 81}, "text_too_long"),
    "a title with a null character": ({"title": "x\0"}, "text_not_allowed"),
    "a title of marks": ({"title": "\u0301"}, "title_empty"),
    "a title of piled marks": ({"title": "x" + "\u0301\u0316" * 10_000}, "text_not_allowed"),
    "a long welcome": ({"welcome": "x" * 2_001}, "text_too_long"),
    "a welcome with an escape": ({"welcome": "\x1b[2J"}, "text_not_allowed"),
    "too many rules": ({"rules": ["x"] * (RULES_PER_ROOM + 1)}, "bad_request"),
    "a long rule": ({"rules": ["x" * 301]}, "text_too_long"),
    "rules that are a string": ({"rules": "Be kind."}, "bad_request"),
    "rules that are numbers": ({"rules": [1]}, "bad_request"),
    "no minutes": ({"minutes": 0}, "bad_request"),
    "minutes below zero": ({"minutes": -60}, "bad_request"),
    "minutes that are true": ({"minutes": True}, "bad_request"),
    "minutes that are a string": ({"minutes": "60"}, "bad_request"),
    "minutes that are a fraction": ({"minutes": 60.5}, "bad_request"),
    "more minutes than a number holds": ({"minutes": 10**30}, "bad_request"),
    "seats for one": ({"capacity": 1}, "bad_request"),
    "seats below zero": ({"capacity": -1}, "bad_request"),
    "more seats than a number holds": ({"capacity": 10**30}, "bad_request"),
    "a start at the beginning of time": ({"starts_at": 0}, "start_out_of_range"),
    "a start before that": ({"starts_at": -1}, "start_out_of_range"),
    "a start in a million years": ({"starts_at": 2**63}, "start_out_of_range"),
    "a start beyond any calendar": ({"starts_at": 10**30}, "start_out_of_range"),
    "a start in words": ({"starts_at": "tomorrow"}, "bad_request"),
    "a start that is a fraction": ({"starts_at": 1e12}, "bad_request"),
    "another rule for late joiners": ({"late_joiners": "some"}, "bad_request"),
    "a long passphrase": ({"passphrase": "x" * 129}, "bad_request"),
    "a passphrase of nothing that can be seen": ({"passphrase": " \u200b "}, "passphrase_not_allowed"),
    "a passphrase with a control": ({"passphrase": "quiet\x07river"}, "passphrase_not_allowed"),
    "a passphrase that is a number": ({"passphrase": 5}, "bad_request"),
    "a page with a line end": ({"page": "https://host/r\n"}, "bad_request"),
    "a page with a fragment": ({"page": "https://host/r#x"}, "bad_request"),
    "a page that is not a web page": ({"page": "ftp://host/r"}, "bad_request"),
    "a long page": ({"page": "https://host/" + "x" * 300}, "bad_request"),
    "a secret of one's own": ({"secret": "six-words"}, "bad_request"),
    "a host token of one's own": ({"host_token": "a" * 26}, "bad_request"),
}


@pytest.mark.parametrize("what", FIELDS)
async def test_a_room_that_cannot_be_is_not_opened(server: Street, what: str) -> None:
    fields, code = FIELDS[what]
    body = refused(await server.request_room(**fields), 400, code)
    assert len(body["detail"]) < 200


@pytest.mark.parametrize("minutes_off", [-1, 1])
async def test_a_start_a_minute_out_of_range_is_refused(server: Street, minutes_off: int) -> None:
    furthest = -PAST_GRACE_MS if minutes_off < 0 else OPEN_AHEAD_SECONDS * 1000
    start = round(time.time() * 1000) + furthest + minutes_off * MINUTE_MS
    refused(await server.request_room(starts_at=start), 400, "start_out_of_range")
    assert (await server.request_room(starts_at=start - 2 * minutes_off * MINUTE_MS)).status_code == 201


BODIES = {
    "a number of 5,000 digits": b'{"title":"x","starts_at":' + b"9" * 5_000 + b"}",
    "100 levels": b'{"title":' + b"[" * 100 + b"]" * 100 + b"}",
    "levels never closed": b'{"title":"x","rules":' + b"[" * 50_000,
    "a byte order mark": b'\xef\xbb\xbf{"title":"x"}',
    "UTF-16": '{"title":"x"}'.encode("utf-16"),
    "compressed": gzip.compress(b'{"title":"x"}'),
    "Infinity": b'{"title":"x","minutes":Infinity}',
    "a form": b"title=x&minutes=60",
    "XML": b"<title>x</title>",
    "two objects": b'{"title":"x"}{"title":"y"}',
}


@pytest.mark.parametrize("what", BODIES)
async def test_a_body_that_is_not_understood_is_refused(server: Street, what: str) -> None:
    answer = await server.http.post("/api/rooms", content=BODIES[what], headers={**JSON, **server.from_somewhere()})
    refused(answer, 400, "bad_request")


async def test_a_title_of_ten_megabytes_is_refused(server: Street) -> None:
    refused(await server.request_room(title="x" * 10_000_000), 413, "frame_too_large")


async def test_a_body_without_a_length_is_cut_off_where_it_is_too_long(server: Street) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"title":"'
        for _ in range(100):
            yield b"x" * REQUEST_BYTES

    refused(await server.http.post("/api/rooms", content=endless(), headers=JSON), 413, "frame_too_large")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "BREW"])
async def test_rooms_are_opened_by_post_alone_and_from_no_other_site(server: Street, method: str) -> None:
    answer = await server.http.request(method, "/api/rooms", headers={"Access-Control-Request-Method": "POST"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


# ---- what is not HTTP, and what is not a WebSocket ----------------------------------------------------------------------

HOST = b"Host: x\r\n"
NOT_HTTP = {
    "a word": b"hello\r\n\r\n",
    "null characters": bytes(100),
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(190),
    "a header without a colon": b"GET / HTTP/1.1\r\n" + HOST + b"broken\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "a path that is not ASCII": b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n",
    "a length below zero": b"POST /api/rooms HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "two lengths": b"POST /api/rooms HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "chunks that are none": b"POST /r HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunks\r\n\r\n",
}


async def status_of(server: Street, data: bytes) -> int:
    """The status with which the server answers these bytes, and closes."""
    address = urlsplit(server.server.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    async with asyncio.timeout(WAIT_SECONDS):
        writer.write(data)
        status = (await reader.readline()).split()[1]
        while await reader.read(65536):
            pass
        writer.close()
        await writer.wait_closed()
    return int(status)


@pytest.mark.parametrize("what", NOT_HTTP)
async def test_what_is_not_http_is_answered_as_such(server: Street, what: str) -> None:
    assert await status_of(server, NOT_HTTP[what]) in (400, 501)


HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
NOT_A_WEBSOCKET = {
    "no key": ("GET /ws", {"Sec-WebSocket-Key": ""}, 400),
    "a short key": ("GET /ws", {"Sec-WebSocket-Key": "AAAA"}, 400),
    "another version": ("GET /ws", {"Sec-WebSocket-Version": "8"}, 400),
    "another protocol": ("GET /ws", {"Upgrade": "h2c", "Connection": "Upgrade, close"}, 404),
    "no upgrade": ("GET /ws", {"Upgrade": "", "Connection": "close"}, 404),
    "POST": ("POST /ws", {}, 405),
    "two versions": ("GET /ws", {"sec-websocket-version": "13"}, 400),
    "a body": ("GET /ws", {"Content-Length": "5"}, 400),
    "a body in chunks": ("GET /ws", {"Transfer-Encoding": "chunked"}, 400),
    "a long address": ("GET /ws?" + "x" * 9_000, {}, 400),
    "a long header": ("GET /ws", {"X-Long": "x" * 9_000}, 400),
    "many headers": ("GET /ws", {f"X-{number}": "x" for number in range(200)}, 400),
}


@pytest.mark.parametrize("what", NOT_A_WEBSOCKET)
async def test_what_is_not_a_websocket_is_let_go(server: Street, what: str) -> None:
    line, changes, status = NOT_A_WEBSOCKET[what]
    url = server.server.url
    headers = {"Host": urlsplit(url).netloc, "Origin": url, **HANDSHAKE, **changes}
    head = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value), "", ""]
    assert await status_of(server, "\r\n".join(head).encode()) == status


# ---- Redis --------------------------------------------------------------------------------------------------------------


async def test_a_redis_that_is_down_at_the_start_is_waited_for(valkey_url: str) -> None:
    async with Relay(urlsplit(valkey_url).port or 0) as relay:
        await relay.cut()
        async with street(redis_url=relay.url) as there:
            opened, ready = await asyncio.gather(there.request_room(), there.http.get("/readyz"))
            assert refused(opened, 503, "reconnecting")["retry_after_seconds"] > 0
            assert ready.status_code == 503
            for path in ("/healthz", "/", "/open", "/r"):
                assert (await there.http.get(path)).status_code == 200
            guest = await there.hello(new_secret(bytes(SECRET_BYTES)))
            is_refusal(guest.frames[0], "reconnecting")
            await relay.mend()
            await there.until_ready()
            await guest.say({"do": "hello", "secret": (await there.open_room()).secret})
            await guest.until(lambda: guest.frames[-1]["is"] == "door")
            async with company(there):
                pass


async def test_a_room_that_could_not_be_opened_leaves_nothing(valkey_url: str) -> None:
    raw: Any = Redis.from_url(valkey_url)
    async with Relay(urlsplit(valkey_url).port or 0) as relay, street(redis_url=relay.url) as there:
        await there.open_room()
        before = await raw.keys("chatroom:room:*")
        relay.lose_answer_to(CREATE.hash.encode())
        refused(await there.request_room(), 503, "reconnecting")
        async with asyncio.timeout(WAIT_SECONDS):
            while await raw.keys("chatroom:room:*") != before:
                pass
    await raw.aclose()


@asynccontextmanager
async def company_far_from_redis(valkey_url: str) -> AsyncIterator[tuple[Company, Relay]]:
    """A company on a server of its own, and the wire from there to Redis."""
    async with Relay(urlsplit(valkey_url).port or 0) as relay, street(redis_url=relay.url) as there, company(there) as three:
        yield three, relay


def troubles(talker: Talker) -> list[bool]:
    return [frame["reaching"] for frame in talker.frames if frame["is"] == "trouble"]


async def all_hear(three: Company, text: str, name: str) -> None:
    """All three are told that Redis was lost and is back, and hear the text once."""
    for talker in (three.ada, three.bea, three.cal):
        await talker.hears(name)
        await talker.until(partial(lambda talker: is_over(troubles(talker)), talker))
    await three.settle()
    for talker in (three.ada, three.bea, three.cal):
        assert sum(frame.get("text") == text for frame in talker.frames) == 1


async def test_a_redis_that_is_lost_loses_no_words(valkey_url: str) -> None:
    async with company_far_from_redis(valkey_url) as (three, relay):
        await relay.cut()
        words = {"origin_id": new_origin(), "text": "Do not lose this."}
        await three.cal.say({"do": "post", "ref": LATER, **words})
        for talker in (three.ada, three.bea, three.cal):
            await talker.until(partial(troubles, talker))
        is_refusal(await three.cal.reply("nonsense"), "not_json")
        assert not [frame for frame in three.cal.frames if frame.get("ref") == LATER]
        await relay.mend()
        done = await three.cal.answer(LATER)
        again = await three.cal.ask("post", **words)
        assert (again["is"], again["id"]) == ("done", done["id"])
        await all_hear(three, words["text"], done["id"])


async def test_an_answer_of_redis_that_is_lost_doubles_no_words(valkey_url: str) -> None:
    async with company_far_from_redis(valkey_url) as (three, relay):
        relay.lose_answer_to(APPEND.hash.encode())
        await all_hear(three, "Say this once.", await three.cal.post("Say this once."))
