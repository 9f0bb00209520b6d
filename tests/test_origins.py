"""Which pages are our own, and who calls from this machine: by Host, Origin, their schemes and what proxies say."""

import json
from typing import Any

import httpx2
import pytest
from clients import tcp, upgrade
from serving import ServerHere, serving_here

from chatroom.web.origins import Callers
from chatroom.web.settings import Settings

LAPTOP: dict[str, str] = {}
NAMED = {"BASE_URL": "https://meet.example/chat"}
PROXY = {"TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}
PUBLIC = {"HOST": "0.0.0.0", "OPENING": "anyone"}
FOR = {"x-forwarded-for": "203.0.113.7"}
TLS = {**FOR, "x-forwarded-proto": "https"}
EVIL = "http://evil.example"


def callers(settings: dict[str, str]) -> Callers:
    return Callers(Settings.from_environment(settings))


def headers(host: str, origin: str, more: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in {"host": host, "origin": origin, **more}.items() if value]


@pytest.mark.parametrize(
    ("settings", "host", "origin", "more", "is_own"),
    [
        (LAPTOP, "127.0.0.1:8000", "http://127.0.0.1:8000", {}, True),
        (LAPTOP, "localhost:8000", "http://localhost:8000", {}, True),
        (LAPTOP, "[::1]:8000", "http://[::1]:8000", {}, True),
        (LAPTOP, "localhost", "http://localhost", {}, True),
        (LAPTOP, "localhost:80", "http://localhost", {}, True),
        (LAPTOP, "LOCALHOST:8000", "http://localhost:8000", {}, True),
        (LAPTOP, "127.0.0.1:8000", "https://127.0.0.1:8000", {}, False),
        (LAPTOP, "127.0.0.1:8000", "http://localhost:8000", {}, False),
        (LAPTOP, "evil.example", EVIL, {}, False),
        (LAPTOP, "evil.example:8000", f"{EVIL}:8000", {}, False),
        (LAPTOP, "evil.example", EVIL, FOR, False),
        (LAPTOP, "127.0.0.1.evil.example", "http://127.0.0.1.evil.example", {}, False),
        (LAPTOP, "localhost.evil.example", "http://localhost.evil.example", {}, False),
        (LAPTOP, "127.0.0.1:8000", "", {}, False),
        (LAPTOP, "", "http://127.0.0.1:8000", {}, False),
        (LAPTOP, "127.0.0.1:8000", "null", {}, False),
        (NAMED, "127.0.0.1:8000", "https://meet.example", {}, True),
        (NAMED, "meet.example", "https://meet.example", TLS, True),
        (NAMED, "meet.example", "http://meet.example", {}, False),
        (NAMED, "evil.example", EVIL, {}, False),
        (NAMED, "evil.example", EVIL, FOR, False),
        ({**NAMED, **PROXY}, "evil.example", EVIL, FOR, False),
        ({**NAMED, **PUBLIC}, "evil.example", EVIL, {}, False),
        (PROXY, "meet.example", "https://meet.example", FOR, True),
        (PROXY, "meet.example", "https://meet.example", TLS, True),
        (PROXY, "meet.example", "http://meet.example", TLS, False),
        (PROXY, "evil.example", EVIL, {}, False),
        (PUBLIC, "meet.example", "http://meet.example", {}, True),
        (PUBLIC, "meet.example", "https://meet.example", {}, False),
        (PUBLIC, "meet.example", "https://meet.example", TLS, True),
        (PUBLIC, "meet.example", "http://meet.example", TLS, False),
        ({"ALLOWED_ORIGINS": "https://a.example"}, "127.0.0.1:8000", "https://a.example", {}, True),
    ],
)
def test_a_page_is_ours_or_not(settings: dict[str, str], host: str, origin: str, more: dict[str, str], is_own: bool) -> None:
    assert callers(settings).is_own_page(headers(host, origin, more), "127.0.0.1") is is_own


def test_two_hosts_or_two_origins_are_none() -> None:
    ours = headers("127.0.0.1:8000", "http://127.0.0.1:8000", {})
    for again in ours:
        assert not callers(LAPTOP).is_own_page([*ours, again], "127.0.0.1")


@pytest.mark.parametrize(
    ("settings", "host", "origin", "more", "client", "is_local"),
    [
        (LAPTOP, "127.0.0.1:8000", "http://127.0.0.1:8000", {}, "127.0.0.1", True),
        (LAPTOP, "localhost:8000", "", {}, "::1", True),
        (LAPTOP, "evil.example", "", {}, "127.0.0.1", False),
        (LAPTOP, "127.0.0.1:8000", "https://meet.example", {}, "127.0.0.1", False),
        (LAPTOP, "127.0.0.1:8000", "", FOR, "127.0.0.1", False),
        (LAPTOP, "127.0.0.1:8000", "", {"via": "1.1 proxy"}, "127.0.0.1", False),
        (LAPTOP, "127.0.0.1:8000", "", {}, "192.0.2.1", False),
        (LAPTOP, "127.0.0.1:8000", "", {}, "", False),
        (PROXY, "127.0.0.1:8000", "", {"forwarded": "for=127.0.0.1"}, "127.0.0.1", False),
        (PUBLIC, "127.0.0.1:8000", "", {}, "127.0.0.1", False),
    ],
)
def test_who_calls_from_this_machine(
    settings: dict[str, str], host: str, origin: str, more: dict[str, str], client: str, is_local: bool
) -> None:
    assert callers(settings).is_local(headers(host, origin, more), client) is is_local


# ---- on a server ---------------------------------------------------------------------------------------------------------


async def answer_to_handshake(server: ServerHere, host: str, origin: str, *more: str) -> bytes:
    """The status line; with `more` not by the short way."""
    request = upgrade(server.url, origin, *more).split(b"\r\n")
    lines = [f"Host: {host}".encode() if line.lower().startswith(b"host:") else line for line in request]
    async with tcp(server.url) as raw:
        raw.writer.write(b"\r\n".join(lines))
        return await raw.reader.readline()


@pytest.mark.parametrize("more", [(), ("Sec-WebSocket-Protocol: chat",)])
async def test_a_name_that_leads_here_opens_no_socket_on_either_way(more: tuple[str, ...]) -> None:
    async with serving_here() as server:
        port = server.url.rpartition(":")[2]
        for name in (f"evil.example:{port}", "evil.example"):
            assert b" 403 " in await answer_to_handshake(server, name, f"http://{name}", *more)
        assert b" 403 " in await answer_to_handshake(server, f"127.0.0.1:{port}", f"https://127.0.0.1:{port}", *more)
        assert b" 101 " in await answer_to_handshake(server, f"localhost:{port}", f"http://localhost:{port}", *more)


async def request_room(server: ServerHere, host: str = "", origin: str = "", **more: str) -> tuple[int, str]:
    """Ask for a room: the status, and the code of a refusal."""
    host = host or server.url.removeprefix("http://")
    given: dict[str, Any] = {"Host": host, "Origin": origin or f"http://{host}", **more}
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{server.url}/api/rooms", json={"title": "Tuesday"}, headers=given)
    return answer.status_code, json.loads(answer.content).get("code", "")


async def test_a_name_that_leads_here_opens_no_room() -> None:
    async with serving_here() as server:
        assert await request_room(server, "evil.example") == (403, "not_from_here")
        assert await request_room(server) == (201, "")


@pytest.mark.parametrize("settings", [LAPTOP, PROXY, NAMED])
async def test_what_comes_through_a_proxy_opens_rooms_only_where_opening_says_so(settings: dict[str, str]) -> None:
    proxied = {"X-Forwarded-For": "203.0.113.7", "origin": "https://meet.example", "host": "meet.example"}
    own = {"X-Forwarded-For": "203.0.113.7"}
    async with serving_here(Settings.from_environment(settings)) as server:
        assert (await request_room(server, **proxied))[0] == 403
        assert (await request_room(server, **own))[0] == 403
        assert await request_room(server) == (201, "")
        async with httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:
            here, elsewhere = await client.get("/open"), await client.get("/open", headers={"X-Forwarded-For": "203.0.113.7"})
        assert b"<form" in here.content
        assert b"<form" not in elsewhere.content
    async with serving_here(Settings.from_environment({**PROXY, "OPENING": "anyone"})) as server:
        assert await request_room(server, **proxied) == (201, "")
