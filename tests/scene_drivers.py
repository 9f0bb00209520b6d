"""The three places where scenes are played: the pure core, a hub in this process, two server processes with Redis.

Each offers lines that carry the frames of docs/protocol.md; the sentences know nothing else.
"""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec
from fake_time import FakeTimeLoop
from house import Guest
from meeting import MINUTE_MS, START_MS, Meeting, opened, plain
from screen import Frame
from serving import Running
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.events import Entry
from chatroom.core.identity import network_tag, token_hash
from chatroom.core.limits import DOORS_BEFORE_SECONDS, DROPPED_AFTER_SECONDS
from chatroom.core.refusals import REFUSALS, Close, Refused
from chatroom.core.room import Participant
from chatroom.core.rules.seats import check_door, role_of_token
from chatroom.core.snapshot import messages_before, reactions_by
from chatroom.core.wire import decode_command
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.log.memory import MemoryLogs

WAIT_SECONDS = 20
ECHO_REF = 2**53
CLOSINGS = {e.Left: Close.LEFT, e.Removed: Close.REMOVED}


# ---- the pure core -------------------------------------------------------------------------------------------------------


class CoreLine:
    """A line to the core: no sockets, no tasks; every command is carried out before `say` returns."""

    def __init__(self, theatre: "CoreTheatre", address: int) -> None:
        self.frames: list[Frame] = []
        self.theatre, self.tag = theatre, network_tag(b"key", f"10.0.0.{address}")
        self.session = f"session {next(theatre.numbers)}"
        self.participant = ""
        self.is_in = False
        self.meeting: Meeting | None = None
        self.role = e.Role.PARTICIPANT
        self.is_open = True

    def tell(self, **fields: object) -> None:
        if self.is_open:
            self.frames.append(plain(fields))

    def close(self, close: Close) -> None:
        self.tell(**{"is": "closing", "name": close.name.lower()})
        self.is_open = False

    async def cut(self) -> None:
        if self.is_open and self.meeting:
            self.theatre.drops.append((self.theatre.now() + DROPPED_AFTER_SECONDS * 1000, self))
        self.is_open = False

    async def more(self) -> None:
        raise AssertionError(f"no answer in {self.frames}")

    async def say(self, frame: Frame) -> None:
        assert self.is_open, "the line is closed"
        try:
            command = decode_command(json.dumps(frame))
            step = {c.Hello: self._hello, c.Join: self._join, c.Earlier: self._earlier}.get(type(command), self._ask)
            step(command)
        except Refused as refusal:
            if refusal.code in ("no_such_room", "removed"):
                self.close(Close[refusal.code.upper()])
            known = {"code": refusal.code, "sentence": REFUSALS[refusal.code], "detail": refusal.detail}
            self.tell(**{"is": "refused", "ref": frame["ref"], **known})

    def _hello(self, command: Any) -> None:
        self.meeting = meeting = self.theatre.meetings[command.secret]
        if meeting.room.ended:
            raise Refused("no_such_room")
        self.role = role_of_token(meeting.room, command.token, self.tag)
        meeting.heard.append(self._heard)
        person = meeting.room.seat_of(token_hash(command.seat))
        if person:
            self.participant = person.id
            meeting.do(person.id, c.OpenSession(session=self.session, process="here"))
            self._welcome(person, command.ref)
        else:
            self.tell(**{"is": "door", "door": self._door(meeting)})

    def _door(self, meeting: Meeting) -> str:
        try:
            check_door(meeting.room, self.role, self.tag, meeting.now)
        except Refused as refusal:
            return {"doors_closed": "early"}.get(refusal.code, refusal.code)
        return "open"

    def _join(self, command: Any) -> None:
        assert self.meeting
        number = next(self.theatre.numbers)
        self.participant = f"person {number}"
        self.meeting.do(
            "",
            c.Enter(
                participant=self.participant,
                nickname=command.nickname,
                role=self.role,
                seat_hash=token_hash(f"seat {number}"),
                network_tag=self.tag,
                session=self.session,
                process="here",
            ),
        )
        self._welcome(self.meeting.room.people[self.participant], command.ref, f"seat {number}")

    def _welcome(self, person: Participant, ref: int, seat: str = "") -> None:
        assert self.meeting
        position = ["", self.meeting.room.offset, ""]
        welcome = {"is": "welcome", "ref": ref, "position": position, "room": self.meeting.view(person.id)}
        self.tell(**welcome, **({"seat": seat} if seat else {}))
        self.is_in = True

    def _earlier(self, command: Any) -> None:
        assert self.meeting
        room, person = self.meeting.room, self.meeting.room.people[self.participant]
        messages, more = messages_before(room, person, command.before, 100)
        reactions = reactions_by(room, person, messages)
        self.tell(**{"is": "earlier", "ref": command.ref, "messages": messages, "reactions": reactions, "more": more})

    def _ask(self, command: c.Command) -> None:
        assert self.meeting
        offset = self.meeting.do(self.participant, command)
        self.tell(**{"is": "done", "ref": command.ref, "offset": offset})

    def _heard(self, entry: Entry) -> None:
        if not self.is_in or self.meeting is None:
            return
        for frame in self.meeting.frames(self.participant, entry):
            self.tell(**frame)
        about_me = getattr(entry.event, "participant", "") == self.participant
        if isinstance(entry.event, e.Ended):
            self.close(Close.ENDED)
        elif about_me and type(entry.event) in CLOSINGS:
            self.close(CLOSINGS[type(entry.event)])
        elif about_me and isinstance(entry.event, e.SessionOpened) and entry.event.session != self.session:
            self.close(Close.TAKEN_OVER)


class CoreTheatre:
    """Rooms that are nothing but a fold. A drop is noticed when time passes, as in a server."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.meetings: dict[str, Meeting] = {}
        self.drops: list[tuple[int, CoreLine]] = []
        self._now = START_MS

    def now(self) -> int:
        return self._now

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        secret, host, moderator = (f"{kind} {next(self.numbers)}" for kind in ("secret", "host", "moderator"))
        starts_at = request.starts_at or self._now
        about = opened(
            doors_at=max(self._now, starts_at - DOORS_BEFORE_SECONDS * 1000),
            starts_at=starts_at,
            ends_at=starts_at + request.minutes * MINUTE_MS,
            capacity=request.capacity,
            late_joiners=request.late_joiners,
            script=request.script,
            fellowship_minutes=request.fellowship_minutes,
            host_token_hash=token_hash(host),
            moderator_token_hash=token_hash(moderator),
        )
        self.meetings[secret] = Meeting(about)
        return OpenedRoom(
            secret=secret,
            host_token=host,
            moderator_token=moderator,
            doors_at=about.doors_at,
            starts_at=starts_at,
            ends_at=about.ends_at,
            qr=[],
        )

    async def connect(self, address: int) -> CoreLine:
        return CoreLine(self, address)

    async def has_heard(self, line: CoreLine) -> None:
        """Everything is heard at once here."""

    async def pass_time(self, seconds: float) -> None:
        end = self._now + round(seconds * 1000)
        while self._now < end:
            self._now = min(self._now + 1000, end)
            due, self.drops = [d for d in self.drops if d[0] <= self._now], [d for d in self.drops if d[0] > self._now]
            for meeting in self.meetings.values():
                meeting.now = self._now
                if not meeting.room.ended:
                    meeting.do("", c.Tick())
            for _, line in due:
                if line.is_in and line.meeting and not line.meeting.room.ended:
                    line.meeting.do(line.participant, c.DropSession(session=line.session))

    async def keeps(self, text: str) -> bool:
        kept = [part for meeting in self.meetings.values() for part in (meeting.room, meeting.entries)]
        return text.encode() in msgspec.msgpack.encode(kept)


# ---- a hub in this process -----------------------------------------------------------------------------------------------


class HubLine:
    """A line to a hub, over a connection that only remembers."""

    def __init__(self, loop: FakeTimeLoop, guest: Guest) -> None:
        self.frames = guest.frames
        self._loop, self._guest = loop, guest
        self._seen = 0

    async def say(self, frame: Frame) -> None:
        self._guest.send(json.dumps(frame))

    async def more(self) -> None:
        await self._loop.settle()
        assert len(self.frames) > self._seen, f"no answer in {self.frames}"
        self._seen = len(self.frames)

    async def cut(self) -> None:
        self._guest.cut()


class HubTheatre:
    """A hub with its log in memory, in a loop where time is under control."""

    def __init__(self, loop: FakeTimeLoop) -> None:
        self._loop = loop
        self._logs = MemoryLogs(clock=loop.milliseconds)
        self.hub = Hub(self._logs)

    def now(self) -> int:
        return self._loop.milliseconds()

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        return await self.hub.open_room(request, "10.0.0.1")

    async def connect(self, address: int) -> HubLine:
        return HubLine(self._loop, Guest(self.hub, f"10.0.0.{address}"))

    async def has_heard(self, line: HubLine) -> None:
        await self._loop.settle()

    async def pass_time(self, seconds: float) -> None:
        await self._loop.advance(seconds)

    async def keeps(self, text: str) -> bool:
        await self._loop.settle()
        logs = [(log.entries, log.snapshot) for log in self._logs._rooms.values()]
        rooms = [(live.room, live._history._entries) for live in self.hub._rooms.values()]
        return text.encode() in msgspec.msgpack.encode([logs, rooms])


# ---- two server processes ------------------------------------------------------------------------------------------------


class SocketLine:
    """A line over a real socket."""

    def __init__(self, socket: ClientConnection, server_url: str) -> None:
        self.frames: list[Frame] = []
        self.server_url = server_url
        self._socket, self._seen = socket, 0
        self._came = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for data in self._socket:
                self.frames.append(json.loads(data))
                self._came.set()
        self._came.set()

    async def say(self, frame: Frame) -> None:
        await self._socket.send(json.dumps(frame))

    async def more(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(self.frames) == self._seen:
                assert not self._reading.done(), f"closed without an answer in {self.frames}"
                self._came.clear()
                await self._came.wait()
        self._seen = len(self.frames)

    async def cut(self) -> None:
        self._socket.transport.abort()
        await self._reading

    async def catch_up(self) -> None:
        """Return when everything that the server had for this line has been read.

        What is in the outbox leaves with or before the first answer, so it is here with the second.
        """
        for _ in range(2):
            known = len(self.frames)
            with contextlib.suppress(ConnectionClosed):
                await self.say({"do": "earlier", "before": 1, "ref": ECHO_REF})
            while not self._reading.done() and not any(frame.get("ref") == ECHO_REF for frame in self.frames[known:]):
                self._came.clear()
                await self._came.wait()


class ServersTheatre:
    """Running servers with one Redis; connections go to each in turn, as if through a proxy from addresses in `subnet`."""

    def __init__(self, servers: Sequence[Running], subnet: str) -> None:
        self._servers, self._subnet = itertools.cycle(servers), subnet
        self._lines: list[SocketLine] = []
        self._client = httpx2.AsyncClient()

    def now(self) -> int:
        return round(time.time() * 1000)

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        server = next(self._servers)
        answer = await self._client.post(
            f"{server.url}/api/rooms",
            content=msgspec.json.encode(request),
            headers={"Content-Type": "application/json", "Origin": server.url, **self._forwarded(1)},
        )
        return msgspec.json.decode(answer.raise_for_status().content, type=OpenedRoom)

    async def connect(self, address: int) -> SocketLine:
        server = next(self._servers)
        socket = await connect(server.ws_url, origin=Origin(server.url), additional_headers=self._forwarded(address))
        self._lines.append(SocketLine(socket, server.url))
        return self._lines[-1]

    def _forwarded(self, address: int) -> dict[str, str]:
        return {"X-Forwarded-For": f"{self._subnet}.{address}"}

    async def has_heard(self, line: SocketLine) -> None:
        """A probe came back in the line's process, so what was published before it is known there; then the line catches up."""
        async with asyncio.timeout(WAIT_SECONDS):
            (await self._client.get(f"{line.server_url}/readyz")).raise_for_status()
            await line.catch_up()

    async def pass_time(self, seconds: float) -> None:
        raise AssertionError("time cannot be made to pass here")

    async def keeps(self, text: str) -> bool:
        """What Redis holds is sealed."""
        return False

    async def close(self) -> None:
        for line in self._lines:
            await line.cut()
        await self._client.aclose()
