"""A hub in this process with people on connections that only remember, and time under control."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from fake_time import FakeTimeLoop, fake_time_loop
from inside import Inside
from screen import Screen

from chatroom.core.events import Draft
from chatroom.core.limits import Rate
from chatroom.hooks.hooks import Hooks
from chatroom.live.connection import NO_SOCKET
from chatroom.live.connection import Frame as ReadyFrame
from chatroom.live.hub import Hub
from chatroom.live.live_room import LiveRoom
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.live.policy import HubPolicy
from chatroom.live.session import Session
from chatroom.log.base import Receipt
from chatroom.log.memory import MemoryLog, MemoryLogs

Frame = dict[str, Any]
IDS_KEYS: dict[int, bytes] = {}
"""By a hash of the secret: of the rooms that were opened in a house."""


def inside_of(session: Session | None) -> Inside:
    """How to read what is said on this connection."""
    room = session._room if session else None
    return Inside(room.room.opened.ids_key if room else b"")


class KeptConnection:
    """A `Connection` without a network: it keeps what was written, as `read` gives it. While `stalled` nothing is taken."""

    socket_number = NO_SOCKET

    def __init__(self, read: Callable[[Frame], Frame] = lambda frame: frame) -> None:
        self.read = read
        self.frames: list[Frame] = []
        self.writes: list[ReadyFrame] = []
        self.closed = 0
        self.aborted = False
        self.stalled = False
        self.unread_bytes = 0

    def finish(self, frame: ReadyFrame, sent: int) -> None:
        assert not self.unread_bytes or self.stalled, "nothing overtakes what is kept"
        self._keep(frame)
        if self.stalled:
            self.unread_bytes += len(frame) - sent

    def _keep(self, frame: ReadyFrame) -> None:
        assert not self.closed, "nothing is written after the close"
        self.frames += [self.read(json.loads(payload)) for payload in frame.payloads]
        self.writes.append(frame)

    def take_it_all(self) -> None:
        """The network takes what was kept."""
        self.stalled, self.unread_bytes = False, 0

    def pending_bytes(self) -> int:
        return self.unread_bytes

    def close(self, code: int, reason: str) -> None:
        assert self.closed == 0, "closed once"
        self.closed = code

    def abort(self) -> None:
        self.aborted = True


class Guest:
    """One connection and what its client knows. It says and hears offsets for ids, as `inside.py` says."""

    def __init__(self, hub: Hub, address: str) -> None:
        self.session: Session | None = None
        self.connection = KeptConnection(lambda frame: inside_of(self.session).frame(frame))
        self.session = hub.connect(self.connection, address)
        self.came_with = ""
        """The seat of an earlier connection."""
        self._ref = 0

    @property
    def frames(self) -> list[Frame]:
        return self.connection.frames

    @property
    def closed(self) -> int:
        return self.connection.closed

    def say(self, do: str, **fields: object) -> int:
        """Send a command; its ref."""
        self._ref += 1
        inside = Inside(IDS_KEYS.get(hash(fields["secret"]), b"")) if do == "hello" else inside_of(self.session)
        self.send(json.dumps(inside.command({"do": do, "ref": self._ref, **fields})))
        return self._ref

    def send(self, text: str) -> None:
        assert self.session is not None
        self.session.receive(text)

    async def ask(self, do: str, **fields: object) -> Frame:
        """Send a command and give the answer."""
        ref = self.say(do, **fields)
        await fake_time_loop().settle()
        return self.answer(ref)

    def answers(self, ref: int) -> list[Frame]:
        """What was answered to `ref` so far."""
        return [frame for frame in self.frames if frame.get("ref") == ref]

    def answer(self, ref: int) -> Frame:
        """What was answered to `ref`; the frame that says why the connection was closed also is an answer."""
        answers = [frame for frame in self.frames if frame.get("ref") == ref or frame["is"] == "closing"]
        assert answers, f"no answer in {self.frames}"
        return answers[0]

    def cut(self) -> None:
        """The network is gone."""
        assert self.session is not None
        self.session.lost()

    def all(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["is"] == kind]

    def last(self, kind: str) -> Frame:
        return self.all(kind)[-1]

    @property
    def texts(self) -> list[str]:
        """The texts of the messages that came as entries, in order."""
        return [frame["text"] for frame in self.all("entry") if frame["event"] == "message_posted"]

    @property
    def events(self) -> list[str]:
        return [frame["event"] for frame in self.all("entry")]

    @property
    def me(self) -> str:
        """The participant id."""
        rooms = [frame["room"] for frame in self.all("welcome") if "room" in frame]
        return str(rooms[0]["me"]["participant"])

    @property
    def seat(self) -> str:
        return str(self.all("welcome")[0].get("seat", self.came_with))

    @property
    def position(self) -> list[Any]:
        """Where a client of this connection would resume from."""
        positions: list[list[Any]] = [frame["position"] for frame in self.frames if "position" in frame]
        return positions[-1] if positions else []

    def screen(self) -> Screen:
        """The room as a client of this connection shows it, from the last snapshot on."""
        snapshots = [i for i, frame in enumerate(self.frames) if "room" in frame]
        welcome = self.frames[snapshots[-1]]
        screen = Screen(json.loads(json.dumps(welcome["room"])))
        for frame in self.frames[snapshots[-1] + 1 :]:
            if frame["is"] in ("entry", "personal", "crowd"):
                screen.take(frame)
        return screen


class SharedMemory(MemoryLogs):
    """Logs in memory that several hubs use: they outlive each of them."""

    shared = True

    async def close(self) -> None:
        """The logs stay: another hub uses them."""


class SlowLog(MemoryLog):
    """A log whose requests arrive, and whose answers come back, when their event is set."""

    def __init__(self, logs: MemoryLogs, room_key: bytes) -> None:
        super().__init__(logs, room_key)
        self.requests, self.answers = asyncio.Event(), asyncio.Event()
        self.requests.set()
        self.answers.set()

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        await self.requests.wait()
        receipts = await super().append(drafts, decided_at=decided_at, expires_at=expires_at, snapshot=snapshot)
        await self.answers.wait()
        return receipts


class SlowMemory(SharedMemory):
    """Shared logs at the end of a network that can be held up."""

    def log(self, room_key: bytes) -> SlowLog:
        return SlowLog(self, room_key)


class House:
    """A hub with one room, and a way in."""

    def __init__(self, hub: Hub, loop: FakeTimeLoop) -> None:
        self.hub, self.loop = hub, loop
        self.keys: OpenedRoom
        self._addresses = 0

    async def open(self, **fields: Any) -> OpenedRoom:
        wanted = {"title": "Tuesday newcomers", "needs_moderator": False, **fields}
        self.keys = await self.hub.open_room(OpenRoom(**wanted), self.new_address())
        IDS_KEYS[hash(self.keys.secret)] = self.hub._rooms[self.hub._keys[self.keys.secret]].room.opened.ids_key
        return self.keys

    def new_address(self) -> str:
        self._addresses += 1
        return f"10.{self._addresses >> 16 & 255}.{self._addresses >> 8 & 255}.{self._addresses & 255}"

    def knock(self, address: str = "") -> Guest:
        """A connection that has said nothing yet."""
        return Guest(self.hub, address or self.new_address())

    def token(self, role: str) -> str:
        return {"host": self.keys.host_token, "moderator": self.keys.moderator_token, "participant": ""}[role]

    async def door(self, role: str = "participant", *, address: str = "", **fields: object) -> Guest:
        """Someone who has said hello."""
        guest = self.knock(address)
        guest.say("hello", **{"secret": self.keys.secret, "token": self.token(role), **fields})
        await self.loop.settle()
        return guest

    async def join(self, name: str, role: str = "participant", *, address: str = "") -> Guest:
        """Someone who is in."""
        guest = await self.door(role, address=address)
        answer = await guest.ask("join", nickname=name, accept_rules=True)
        assert answer["is"] == "welcome", answer
        return guest

    async def back(self, guest: Guest, **fields: object) -> Guest:
        """The same person on a new connection, resuming."""
        resuming: dict[str, Any] = {"seat": guest.seat, "position": guest.position, **fields}
        again = await self.door(**resuming)
        again.came_with = guest.seat
        return again

    def live_room(self) -> LiveRoom:
        """The one room of this hub."""
        (room,) = self.hub._rooms.values()
        return room

    @property
    def memory(self) -> MemoryLogs:
        """The logs, which are in memory."""
        assert isinstance(self.hub.logs, MemoryLogs)
        return self.hub.logs

    def slow_log(self) -> SlowLog:
        """The log of that room."""
        log = self.live_room().log
        assert isinstance(log, SlowLog)
        return log


@asynccontextmanager
async def house(
    policy: HubPolicy | None = None, logs: MemoryLogs | None = None, hooks: Hooks | None = None, **fields: Any
) -> AsyncIterator[House]:
    """A running hub with a room opened with these fields; stopped at the end, with no task left."""
    loop = fake_time_loop()
    hub = Hub(logs or MemoryLogs(clock=loop.milliseconds), policy or HubPolicy(), hooks)
    await hub.start()
    house = House(hub, loop)
    await house.open(**fields)
    try:
        yield house
    finally:
        await hub.stop()
        await loop.now()
        assert not hub._tasks


async def second_house(first: House, hooks: Hooks | None = None) -> House:
    """Another process on the same logs, with the same room."""
    hub = Hub(first.hub.logs, first.hub.policy, hooks)
    await hub.start()
    other = House(hub, first.loop)
    other.keys, other._addresses = first.keys, 1000
    return other


@asynccontextmanager
async def two_houses(kind: type[SharedMemory] = SharedMemory) -> AsyncIterator[tuple[House, House]]:
    """Two processes on logs of this kind, with one room and rates that stop nobody."""
    async with house(generous(), kind(clock=fake_time_loop().milliseconds)) as inn:
        other = await second_house(inn)
        yield inn, other
        await other.hub.stop()


def generous() -> HubPolicy:
    """A policy whose rates stop nobody."""
    fast = Rate(1e6, 1e6)
    return msgspec.structs.replace(
        HubPolicy(), commands_per_session=fast, posts_per_person=fast, posts_per_room=fast, hellos_per_source=fast
    )
