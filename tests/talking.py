"""People who talk to a real server over real sockets, and a company of three in which two must notice nothing of the third."""

import asyncio
import itertools
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import msgspec
from scene_drivers import ECHO_REF, WAIT_SECONDS, SocketLine
from screen import Frame
from serving import Running, serving
from websockets.asyncio.client import connect
from websockets.typing import Origin

from chatroom.core.refusals import CLOSINGS, REFUSALS, Close
from chatroom.live.opening import OpenedRoom

SETTINGS = {
    "LOG_LEVEL": "debug",
    "TRUSTED_PROXIES": "127.0.0.1",
    "OPENING": "anyone",
    "HELLOS_PER_SOURCE_PER_SECOND": "10000",
    "ROOMS_PER_SOURCE_PER_HOUR": "1000000",
    "COMMANDS_PER_SESSION_PER_SECOND": "10000",
    "POSTS_PER_PERSON_PER_SECOND": "10000",
    "POSTS_PER_ROOM_PER_SECOND": "10000",
}
"""Everyone has an address of their own; no rate stops anyone."""
EXPECTED_LINE = re.compile(
    r"at=\S+ level=info event=(started version=\S+ old_help_lines=\d+|stopped connections=\d+ seconds=[\d.]+"
    r"|cut_off( \w+=\d+)+)\n"
)
TIMES = itertools.count(1)
REDIS_LINE = re.compile(r"at=\S+ level=(warning|error) event=\w+( error=\w+)?\n")
"""What a server may say about a Redis that is gone."""

_addresses = itertools.count(1)


def new_origin() -> str:
    return secrets.token_hex(8)


class Talker(SocketLine):
    """One connection. `frames` is all that came on it; `news` what came since the company settled."""

    settled = 0
    refs = itertools.count(1)

    @property
    def news(self) -> list[Frame]:
        return [frame for frame in self.frames[self.settled :] if frame.get("ref") != ECHO_REF and frame["is"] != "heartbeat"]

    @property
    def is_open(self) -> bool:
        return not self._reading.done()

    async def until(self, ready: Callable[[], object]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not ready():
                assert self.is_open, f"closed in {self.frames}"
                self._came.clear()
                await self._came.wait()

    async def send(self, data: str | bytes) -> None:
        """Send a text frame, or bytes as a binary one."""
        await self._socket.send(data)

    def write(self, data: bytes) -> None:
        """Put bytes on the wire as they are."""
        self._socket.transport.write(data)

    async def reply(self, data: str | bytes) -> Frame:
        """Send a frame and give the next one that comes, heartbeats apart."""
        known = len(self.frames)

        def came() -> list[Frame]:
            return [frame for frame in self.frames[known:] if frame["is"] != "heartbeat"]

        await self.send(data)
        await self.until(came)
        return came()[0]

    async def ask(self, do: str, **fields: object) -> Frame:
        """Send a command and give the answer to it."""
        ref = next(self.refs)
        await self.send(json.dumps({"do": do, "ref": ref, **fields}, ensure_ascii=False))
        return await self.answer(ref)

    async def answer(self, ref: int) -> Frame:
        await self.until(lambda: any(frame.get("ref") == ref for frame in self.frames))
        return next(frame for frame in self.frames if frame.get("ref") == ref)

    async def post(self, text: str) -> str:
        """Say something: its id."""
        answer = await self.ask("post", origin_id=new_origin(), text=text)
        assert answer["is"] == "done", answer
        return str(answer["id"])

    async def hears(self, name: str) -> Frame:
        """The entry of this id."""
        await self.until(lambda: any(frame.get("id") == name and "event" in frame for frame in self.frames))
        return next(frame for frame in self.frames if frame.get("id") == name and "event" in frame)

    async def closed(self) -> int | None:
        """Wait until the server closes: the code."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self._reading
            await self._socket.wait_closed()
        return self._socket.close_code

    async def sent_away(self, close: Close) -> None:
        """The server says why and closes."""
        assert (await self.closed(), self._socket.close_reason) == (close, close.name.lower())
        said = self.frames[-1]
        assert (said["is"], said["code"], said["name"]) == ("closing", close, close.name.lower())
        assert said["sentence"] == CLOSINGS[close].sentence

    @property
    def local_port(self) -> int:
        return int(self._socket.local_address[1])

    @property
    def me(self) -> str:
        return str(self.welcome["room"]["me"]["participant"])

    @property
    def seat(self) -> str:
        return str(self.welcome["seat"])

    @property
    def welcome(self) -> Frame:
        return next(frame for frame in self.frames if frame["is"] == "welcome")


def is_refusal(frame: Mapping[str, Any], code: str, ref: int | None = None) -> None:
    """A whole and clear refusal with this code."""
    assert set(frame) == {"is", "ref", "code", "sentence", "retry_after_seconds", "detail"}, frame
    assert (frame["is"], frame["code"], frame["sentence"]) == ("refused", code, REFUSALS[code])
    assert ref is None or frame["ref"] == ref


class Street:
    """A running server and the ways to it: every connection and request comes from another network address."""

    def __init__(self, server: Running, http: httpx2.AsyncClient, expected_lines: Sequence[re.Pattern[str]] = ()) -> None:
        self.server, self.http, self.expected_lines = server, http, expected_lines
        self.headers: dict[str, str] = {}
        self.talkers: list[Talker] = []

    def from_somewhere(self) -> dict[str, str]:
        number = next(_addresses)
        return {**self.headers, "X-Forwarded-For": f"10.0.{number >> 8 & 255}.{number & 255}"}

    async def request_room(self, **fields: object) -> httpx2.Response:
        wanted = {"title": "Tuesday", "needs_moderator": False, **fields}
        return await self.http.post("/api/rooms", json=wanted, headers=self.from_somewhere())

    async def open_room(self, **fields: object) -> OpenedRoom:
        answer = await self.request_room(**fields)
        return msgspec.json.decode(answer.raise_for_status().content, type=OpenedRoom)

    async def until_ready(self) -> None:
        """Until messages really arrive at the server."""
        async with asyncio.timeout(WAIT_SECONDS):
            while (await self.http.get("/readyz")).status_code != 200:
                pass

    def connect(self) -> connect:
        """A bare socket, as an async context manager or to be awaited."""
        origin, headers = Origin(self.server.url), self.from_somewhere()
        return connect(self.server.ws_url, origin=origin, additional_headers=headers, proxy=None, compression=None)

    async def knock(self) -> Talker:
        """A connection that has said nothing yet."""
        self.talkers.append(Talker(await self.connect(), self.server.url))
        return self.talkers[-1]

    async def hello(self, secret: str, token: str = "", **fields: object) -> Talker:
        """A connection that has said hello, and whatever was answered."""
        talker = await self.knock()
        await talker.say({"do": "hello", "secret": secret, "token": token, **fields})
        await talker.until(lambda: bool(talker.frames))
        return talker

    async def join(self, keys: OpenedRoom, name: str, token: str = "") -> Talker:
        """Someone who is in."""
        talker = await self.hello(keys.secret, token)
        answer = await talker.ask("join", nickname=name, accept_rules=True)
        assert answer["is"] == "welcome", answer
        return talker

    @property
    def unexpected_lines(self) -> list[str]:
        """What the server has logged but should not have."""
        return [line for line in self.server.errors if not any(known.fullmatch(line) for known in self.expected_lines)]

    async def go_home(self, first: int = 0) -> None:
        """Everyone who came after the first so many hangs up."""
        while len(self.talkers) > first:
            await self.talkers.pop().cut()


@asynccontextmanager
async def street(settings: Mapping[str, str] | None = None, redis_url: str | None = None) -> AsyncIterator[Street]:
    """A server of its own."""
    async with serving({**SETTINGS, **(settings or {})}, redis_url=redis_url) as [server]:
        headers = {"Origin": server.url}
        async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=WAIT_SECONDS) as http:
            street = Street(server, http, [EXPECTED_LINE, REDIS_LINE] if redis_url else [EXPECTED_LINE])
            yield street
            await street.go_home()
        assert await server.stop() == 0
        assert server.process.stdout
        assert await server.process.stdout.read() == b""
    assert not street.unexpected_lines, street.unexpected_lines


class Company:
    """Ada the host, Bea, and Cal, of whose doings Ada and Bea must notice nothing."""

    def __init__(self, street: Street, keys: OpenedRoom, ada: Talker, bea: Talker, cal: Talker) -> None:
        self.street, self.keys, self.ada, self.bea, self.cal = street, keys, ada, bea, cal

    async def settle(self) -> None:
        """Ada and Bea take note of what happened so far."""
        for talker in (self.ada, self.bea):
            await talker.catch_up()
            talker.settled = len(talker.frames)

    async def is_unharmed(self) -> None:
        """Ada and Bea saw nothing since, nothing was logged, and everyone who is still here can talk and listen."""
        for talker in (self.ada, self.bea):
            await talker.catch_up()
            assert not talker.news, talker.news
        speakers = [self.ada, self.bea] + ([self.cal] if self.cal.is_open else [])
        for speaker in speakers:
            words = f"We are still here: {next(TIMES)}."
            name = await speaker.post(words)
            for listener in speakers:
                assert (await listener.hears(name))["text"] == words
        assert not self.street.unexpected_lines, self.street.unexpected_lines


@asynccontextmanager
async def company(street: Street, *, cal_is_host: bool = False) -> AsyncIterator[Company]:
    """A company in a room of its own, which is unharmed at the end."""
    others = len(street.talkers)
    try:
        keys = await street.open_room()
        ada, bea = await street.join(keys, "Ada", keys.host_token), await street.join(keys, "Bea")
        cal = await street.join(keys, "Cal", keys.host_token if cal_is_host else "")
        company = Company(street, keys, ada, bea, cal)
        await company.settle()
        yield company
        await company.is_unharmed()
    finally:
        await street.go_home(others)
