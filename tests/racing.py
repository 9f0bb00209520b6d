"""People in two processes over one Redis who do two things at the very same moment; all they do and hear is recorded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from history import History
from house import KeptConnection, generous, inside_of
from recording import Frame, Recorder

from chatroom.live.connection import Frame as ReadyFrame
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.live.session import Session
from chatroom.log.redis import RedisLogs

ENCODER = msgspec.json.Encoder()


class Line(KeptConnection):
    """A connection that hands over what it is given."""

    def __init__(self, racer: "Racer") -> None:
        super().__init__(lambda frame: inside_of(racer.session).frame(frame))
        self.racer = racer

    def _keep(self, frame: ReadyFrame) -> None:
        super()._keep(frame)
        for one in self.frames:
            self.racer.hears(one)
        self.frames.clear()

    def close(self, code: int, reason: str) -> None:
        super().close(code, reason)
        self.racer.is_closed(code)


class Racer:
    """Someone at a hub. `say` gives the answer when it has come; that of `hello` may be the close code."""

    def __init__(self, history: History, hub: Hub, name: str, role: str, address: str) -> None:
        self.recorder: Recorder = history.client(name, role)
        self.hub, self.name, self.address = hub, name, address
        self.seat = ""
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, tuple[asyncio.Future[Frame], int]] = {}
        self._ref = self._newest = 0
        self._came = asyncio.Event()
        self.session: Session | None = None

    def connect(self) -> None:
        self.code = asyncio.get_running_loop().create_future()
        self.session = self.hub.connect(Line(self), self.address)

    def cut(self) -> None:
        assert self.session
        self.session.lost()
        self.recorder.closed(1006)

    async def come_in(self, keys: OpenedRoom, token: str) -> None:
        self.connect()
        self._send("hello", secret=keys.secret, token=token)
        await self.say("join", nickname=self.name, accept_rules=True)

    def say(self, do: str, **fields: Any) -> asyncio.Future[Frame]:
        """Send a command now."""
        self._ref += 1
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        command: Frame = {"do": do, "ref": self._ref, **fields}
        call = -1 if do in ("hello", "join") else self.recorder.invoke(command)
        self._waiting[self._ref] = answer, call
        self._send(**command)
        return answer

    def _send(self, do: str, **fields: Any) -> None:
        assert self.session
        self.session.receive(encode(inside_of(self.session).command({"do": do, **fields})))

    def hears(self, frame: Frame) -> None:
        if frame["is"] == "welcome":
            self.recorder.welcomed(frame)
            self.seat = frame.get("seat", self.seat)
        elif frame["is"] in ("entry", "personal", "heartbeat"):
            self.recorder.saw(frame)
            if frame["is"] == "entry":
                self._newest = frame["id"]
                self._came.set()
        if answer := self._waiting.pop(frame.get("ref", 0), None):
            if answer[1] >= 0:
                self.recorder.answered(answer[1], frame)
            answer[0].set_result(frame)

    async def has_heard(self, offset: int) -> None:
        """The entry at this offset came."""
        while self._newest < offset:
            self._came.clear()
            await self._came.wait()

    def is_closed(self, code: int) -> None:
        self.recorder.closed(code)
        self.code.set_result(code)
        for answer, _ in self._waiting.values():
            answer.cancel()
        self._waiting.clear()


def encode(command: Frame) -> str:
    return ENCODER.encode(command).decode()


class Race:
    """One room: Ada the host in one process, Mo and Bea in the other."""

    def __init__(self, here: Hub, there: Hub, number: int) -> None:
        self.history = History()
        self.ada, self.mo, self.bea = (
            Racer(self.history, hub, name, role, f"10.{number}.0.{place}")
            for place, (hub, name, role) in enumerate(
                ((here, "Ada", "host"), (there, "Mo", "moderator"), (there, "Bea", "participant"))
            )
        )

    async def begin(self, keys: OpenedRoom) -> None:
        self.keys = keys
        tokens = {"Ada": keys.host_token, "Mo": keys.moderator_token, "Bea": ""}
        for racer in (self.ada, self.mo, self.bea):
            await racer.come_in(keys, tokens[racer.name])
        await self.fence(self.ada, 0)

    @property
    def bea_id(self) -> str:
        return self.bea.recorder.participant

    def post(self, number: int) -> asyncio.Future[Frame]:
        return self.bea.say("post", origin_id=f"origin-{number:05}", text=f"these are the words {number}")

    async def settle(self) -> None:
        """Everyone has heard the last words."""
        last = await self.ada.say("post", origin_id="the-last-words", text="good night")
        await asyncio.gather(*(racer.has_heard(last["id"]) for racer in (self.ada, self.mo, self.bea)))

    async def fence(self, racer: Racer, number: int) -> None:
        """What was answered before, to whomever, is known in this one's process."""
        await racer.say("say_to_team", origin_id=f"fence-{racer.name}-{number:05}", text=f"fence {number}")


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Hub, Hub]]:
    hubs = Hub(RedisLogs.from_url(url), generous()), Hub(RedisLogs.from_url(url), generous())
    for hub in hubs:
        await hub.start()
    try:
        yield hubs
    finally:
        for hub in hubs:
            await hub.stop()


async def open_race(hubs: tuple[Hub, Hub], number: int) -> Race:
    race = Race(*hubs, number)
    await race.begin(await hubs[0].open_room(OpenRoom(title="Tuesday"), f"10.{number}.0.9"))
    return race
