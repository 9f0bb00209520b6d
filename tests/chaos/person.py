"""Someone at a browser: comes in, says things, and comes back as static/js/connection.js and outbox.js do."""

import asyncio
import itertools
import json
import random
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from guarding import proof_of
from inside import IDS_KEY, Inside
from patience import (
    AGAIN,
    AGAIN_SECONDS,
    BACKOFF_FIRST_SECONDS,
    BACKOFF_MOST_SECONDS,
    CUT,
    OPENING_SECONDS,
    SILENCE_SECONDS,
    STAY_AWAY,
)
from recording import Frame, Recorder
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from chaos.bell import Bell

INSIDE = Inside(IDS_KEY)


@dataclass
class Noted:
    """What a person noticed, in seconds of the loop's clock."""

    heard: list[tuple[float, float, str]] = field(default_factory=list)
    """When something was written, how much later it was here, and the participant who wrote it."""
    answered_at: list[float] = field(default_factory=list)
    away: list[tuple[float, float]] = field(default_factory=list)
    """From when until when there was no connection."""
    told: list[bool] = field(default_factory=list)
    """The `trouble` frames."""
    refused: list[Frame] = field(default_factory=list)
    """Answers that were neither `done` nor "say it again"."""


class Person:
    """`port` is where the socket is; `written_at` is shared by all, so that everyone knows when a message was written."""

    numbers = itertools.count(1)

    def __init__(
        self, recorder: Recorder, port: int, keys: Mapping[str, str], bell: Bell, written_at: dict[str, float]
    ) -> None:
        self.noted = Noted()
        self.online = False
        self.code = 0
        """Why the last connection was closed."""
        self.position: list[Any] = []
        self.roster: dict[str, tuple[str, bool]] = {}
        """Nickname and whether they are here, by participant."""
        self.unsent: dict[str, str] = {}
        self.answers: dict[int, Frame] = {}
        """To what was asked beside the outbox, by `ref`."""
        self.last_said = 0
        """The offset of one's last message that was acknowledged."""
        self.most_backoff_seconds: float = BACKOFF_MOST_SECONDS
        self._recorder, self.port, self._bell, self._written_at = recorder, port, bell, written_at
        self._keys = {"secret": keys["secret"], "token": keys.get("token", "")}
        self._address = f"10.9.{(number := next(self.numbers)) >> 8 & 255}.{number & 255}"
        self._socket: ClientConnection | None = None
        self._seat = ""
        self._failures = 0
        self._return_seconds: float | None = None
        self._lost_at: float | None = None
        self._refs = itertools.count(1)
        self._calls: dict[int, int] = {}
        self._asked: set[int] = set()
        self._flying = ""
        self._resting: asyncio.TimerHandle | None = None
        self._looks = asyncio.Event()
        self._living = asyncio.create_task(self._live())

    # ---- what a person does ------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._recorder.name

    @property
    def participant(self) -> str:
        return self._recorder.participant

    @property
    def local_port(self) -> int:
        """The port of this end of the connection, 0 without one."""
        return int(self._socket.local_address[1]) if self._socket else 0

    def reached(self, epoch: str, offset: int) -> bool:
        """Whether everything up to there was heard."""
        return bool(self.position) and self.position[0] == epoch and self.position[1] >= offset

    def write(self, text: str) -> None:
        """Put a message into the outbox."""
        origin_id = secrets.token_hex(8)
        self.unsent[origin_id] = text
        self._written_at[origin_id] = asyncio.get_running_loop().time()
        self._pump()

    async def ask(self, command: Frame) -> int:
        """Send a command at once, beside the outbox; its `ref`."""
        ref = next(self._refs)
        self._asked.add(ref)
        self._calls[ref] = self._recorder.invoke(command)
        await self._send({**command, "ref": ref})
        return ref

    def look(self) -> None:
        """The browser says that there is a network again: do not wait."""
        self._looks.set()

    async def vanish(self) -> None:
        """The connection ends and nobody comes back."""
        self._living.cancel()
        with suppress(asyncio.CancelledError):
            await self._living
        if self._resting:
            self._resting.cancel()

    # ---- the connection ----------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        while self.code < STAY_AWAY:
            try:
                await self._visit()
            except (OSError, EOFError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidMessage):
                pass
            finally:
                self._gone()
            if self.code < STAY_AWAY:
                await self._pause()

    async def _visit(self) -> None:
        self.code, self._return_seconds = 0, None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(OPENING_SECONDS) as patience:
            self._socket = await connect(
                f"ws://127.0.0.1:{self.port}/ws",
                origin=Origin(f"http://127.0.0.1:{self.port}"),
                additional_headers={"X-Forwarded-For": self._address},
                compression=None,
                proxy=None,
                ping_interval=None,
                open_timeout=None,
            )
            position = {"position": self.position} if self.position else {}
            await self._send({"do": "hello", "ref": next(self._refs), "seat": self._seat, **self._keys, **position})
            async for data in self._socket:
                await self._hear(INSIDE.frame(json.loads(data)))
                if self.online:
                    patience.reschedule(loop.time() + SILENCE_SECONDS)

    def _gone(self) -> None:
        if self._socket:
            self.code = self.code or self._socket.close_code or CUT
            self._socket.transport.abort()
            self._recorder.closed(self.code)
        for call in self._calls.values():
            self._recorder.lost(call)
        if self.online or self._lost_at is None:
            self._lost_at = asyncio.get_running_loop().time()
        self._socket, self.online, self._flying = None, False, ""
        self._calls.clear()
        self._bell.ring()

    async def _pause(self) -> None:
        most = min(self.most_backoff_seconds, BACKOFF_FIRST_SECONDS * 2**self._failures)
        self._failures += 1
        self._looks.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(self._return_seconds or 0, random.random() * most)):
                await self._looks.wait()
                self._failures = 0

    async def _send(self, command: Frame) -> None:
        assert self._socket
        await self._socket.send(json.dumps(INSIDE.command(command)))

    # ---- what the server says ----------------------------------------------------------------------------------------

    async def _hear(self, frame: Frame) -> None:
        match frame["is"]:
            case "door" if not self._seat:
                proof = {"work": proof_of(frame["work"])} if frame.get("work") else {}
                await self._send({"do": "join", "ref": next(self._refs), "nickname": self.name, "accept_rules": True, **proof})
            case "door":
                self.code = STAY_AWAY
            case "welcome":
                self._welcomed(frame)
            case "entry" | "personal" | "heartbeat":
                self._recorder.saw(frame)
                self._follow(frame)
            case "done" | "refused":
                self._answered(frame)
            case "trouble":
                self.noted.told.append(frame["reaching"])
            case "closing":
                self.code, self._return_seconds = frame["code"], frame["retry_after_seconds"] or None
        self._bell.ring()

    def _welcomed(self, frame: Frame) -> None:
        self._recorder.welcomed(frame)
        self._seat = frame.get("seat", self._seat)
        self.position = frame["position"]
        if not frame["recovered"]:
            self.roster = {key: (person["nickname"], person["here"]) for key, person in frame["room"]["people"].items()}
            for message in frame["room"]["messages"]:
                self.unsent.pop(message["origin_id"], None)
        if self._lost_at is not None:
            self.noted.away.append((self._lost_at, asyncio.get_running_loop().time()))
        self._lost_at, self._failures, self.online = None, 0, True
        self._pump()

    def _follow(self, frame: Frame) -> None:
        self.position = frame.get("position", self.position)
        if frame["is"] == "entry":
            self._entered(frame)

    def _entered(self, frame: Frame) -> None:
        match frame["event"]:
            case "message_posted" if frame["by"] != self.participant:
                written_at = self._written_at[frame["origin_id"]]
                self.noted.heard.append((written_at, asyncio.get_running_loop().time() - written_at, frame["by"]))
            case "message_posted":
                self.unsent.pop(frame["origin_id"], None)
            case "joined" | "returned":
                self.roster[frame["participant"]] = frame["nickname"], True
            case "dropped":
                self.roster[frame["participant"]] = self.roster[frame["participant"]][0], False
            case "left" | "removed":
                self.roster.pop(frame["participant"], None)

    # ---- the outbox --------------------------------------------------------------------------------------------------

    def _pump(self) -> None:
        if not self.unsent or not self.online or self._flying or self._resting or not self._socket:
            return
        self._flying, text = next(iter(self.unsent.items()))
        ref = next(self._refs)
        command: Frame = {"do": "post", "ref": ref, "origin_id": self._flying, "text": text}
        self._calls[ref] = self._recorder.invoke(command)
        self._posting = asyncio.create_task(self._post(self._socket, command))

    async def _post(self, socket: ClientConnection, command: Frame) -> None:
        with suppress(ConnectionClosed):
            await socket.send(json.dumps(INSIDE.command(command)))

    def _answered(self, frame: Frame) -> None:
        call = self._calls.pop(frame["ref"], None)
        if call is None:
            self._turned_down(frame)
            return
        self._recorder.answered(call, frame)
        if frame["ref"] in self._asked:
            self.answers[frame["ref"]] = frame
            return
        if frame["is"] == "done":
            self.noted.answered_at.append(asyncio.get_running_loop().time())
            self.last_said = frame["id"]
            self.unsent.pop(self._flying, None)
        elif frame["code"] in AGAIN:
            seconds = frame["retry_after_seconds"] or AGAIN_SECONDS
            self._resting = asyncio.get_running_loop().call_later(seconds, self._rested)
        else:
            self.noted.refused.append(frame)
            self.unsent.pop(self._flying, None)
        self._flying = ""
        self._pump()

    def _turned_down(self, frame: Frame) -> None:
        """`hello` or `join` was refused: try again from the beginning."""
        if frame["code"] not in AGAIN:
            self.noted.refused.append(frame)
        self._return_seconds = frame["retry_after_seconds"] or None
        if self._socket:
            self._socket.transport.abort()

    def _rested(self) -> None:
        self._resting = None
        self._pump()
