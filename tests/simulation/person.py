"""Someone with a browser: comes in, says things, and comes back as `static/js/connection.js` and `outbox.js` do."""

import asyncio
import random
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
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
from recording import Frame, History
from screen import Screen

from simulation.machine import Loop, Process
from simulation.wire import Wire

AT_ONCE_MOST = 3
INSIDE = Inside(IDS_KEY)

decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode


class Person:
    """`dial` connects to some process; None means that nobody is listening."""

    def __init__(
        self,
        name: str,
        role: str,
        hello: Frame,
        loop: Loop,
        world: random.Random,
        history: History,
        dial: Callable[["Person"], Wire | None],
    ) -> None:
        self.name, self.role, self.process = name, role, Process()
        self.address = f"10.0.0.{len(history.clients)}"
        self.state = "away"
        """away, connecting, door, in, or out for good."""
        self.code = 0
        self.screen: Screen | None = None
        self.unsent: dict[str, str] = {}
        self.wire: Wire | None = None
        self.recorder = history.client(name, role)
        self._hello, self._loop, self._world, self._history, self._dial = hello, loop, world, history, dial
        self._seat = ""
        self._position: list[Any] = []
        self._failures = self._attempts = 0
        self._return_seconds = 0.0
        self._heard_at = 0.0
        self._refs, self._names, self._origins = count(1), count(1), count(1)
        self._calls: dict[int, int] = {}
        self._flying: dict[int, str] = {}
        self._at_once_most = self._at_once = world.choice((1, 1, AT_ONCE_MOST))
        """Words on their way at the same time; one after the other once that was too much for a connection."""
        self._rests_until = 0.0
        self._joining = self._shut = False
        self._timer: asyncio.TimerHandle | None = None
        self._wake(0, self.dial)

    # ---- what a person does ------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Nothing is under way."""
        if self.state == "in":
            return not self.unsent and not self._calls
        return self.state == "out" or (self.state == "door" and self._shut)

    def say(self, text: str) -> None:
        if self.state in ("in", "away", "connecting") and self._seat and not self.process.frozen:
            self.unsent[f"{self.name}-{next(self._origins):06}"] = text
            self._pump()

    def ask(self, do: str, **fields: object) -> None:
        """Anything but a post: when the connection goes away, it is not asked again."""
        if self.state == "in" and not self.process.frozen:
            self._invoke(do, **fields)

    def look(self) -> None:
        """Back at the page: whoever waits tries at once."""
        if self.state == "away":
            self._failures = 0
            self.dial()

    # ---- the connection ----------------------------------------------------------------------------------------------

    def _wake(self, seconds: float, action: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, action, context=self.process.context)

    def dial(self) -> None:
        self._drop()
        self.state, self._return_seconds = "connecting", 0
        self._attempts += 1
        self._wake(OPENING_SECONDS, lambda: self._lost(CUT))
        self.wire = self._dial(self)
        if self.wire is None:
            self._lost(CUT)

    def _drop(self) -> None:
        if self.wire:
            self.wire.hang_up()
            self.wire = None
            self.recorder.closed(CUT)
        for call in self._calls.values():
            self.recorder.lost(call)
        self._calls.clear()
        self._flying.clear()
        self._joining = False

    def _lost(self, code: int) -> None:
        self._drop()
        if code >= STAY_AWAY:
            self.state, self.code = "out", code
            if self._timer:
                self._timer.cancel()
            return
        self.state = "away"
        most = min(BACKOFF_MOST_SECONDS, BACKOFF_FIRST_SECONDS * 2**self._failures)
        self._failures += 1
        self._wake(max(self._return_seconds, self._world.uniform(0, most)), self.dial)

    def _listen(self) -> None:
        silent = self._loop.time() - self._heard_at
        if silent >= SILENCE_SECONDS:
            self._lost(CUT)
        else:
            self._wake(SILENCE_SECONDS - silent, self._listen)

    def opened(self, wire: Wire) -> None:
        if wire is self.wire:
            coming_back = {"seat": self._seat} if self._seat else {}
            position = {"position": self._position} if self._position else {}
            hello = {"do": "hello", "ref": next(self._refs), "attempt": self._attempts, **self._hello}
            self._send({**hello, **coming_back, **position})

    def gone(self, wire: Wire, code: int) -> None:
        if wire is self.wire:
            self._lost(code)

    def heard(self, wire: Wire, payload: bytes) -> None:
        if wire is self.wire:
            self._heard_at = self._loop.time()
            frame = INSIDE.frame(decode(payload))
            _HEAR.get(frame["is"], Person._other)(self, frame)

    def _send(self, command: Frame) -> None:
        assert self.wire
        self.wire.send(encode(INSIDE.command(command)).decode())

    # ---- frames ------------------------------------------------------------------------------------------------------

    def _closing(self, frame: Frame) -> None:
        self._return_seconds = frame["retry_after_seconds"]
        if frame["code"] >= STAY_AWAY:
            self._lost(frame["code"])

    def _refused(self, frame: Frame) -> None:
        if self.state == "connecting":
            self._return_seconds = frame["retry_after_seconds"]
            self._lost(CUT)
        elif self.state == "door":
            self._loop.call_later(frame["retry_after_seconds"] or AGAIN_SECONDS, self._join_again, context=self.process.context)
        else:
            self._answer(frame)

    def _door(self, frame: Frame) -> None:
        self._online("door")
        self._seat, self._position, self.screen = "", [], None
        self.unsent.clear()
        self._shut = frame["door"] != "open"
        if not self._shut and not self._joining:
            self._join()

    def _join_again(self) -> None:
        if self.state == "door":
            self._join()

    def _join(self) -> None:
        self._joining = True
        nickname = f"{self.name} {'x' * next(self._names)}"
        self._send({"do": "join", "ref": next(self._refs), "nickname": nickname, "accept_rules": True})

    def _online(self, state: str) -> None:
        if self.state == "connecting":
            self._failures = 0
            self._listen()
        self.state = state

    def _welcome(self, frame: Frame) -> None:
        if "seat" in frame:
            self._seat = frame["seat"]
            if self.recorder.stretches:
                self.recorder = self._history.client(f"{self.name} again", self.role)
        self.recorder.welcomed(frame)
        self._position = frame["position"]
        if not frame["recovered"]:
            self.screen = Screen(decode(encode(frame["room"])))
            for message in frame["room"]["messages"]:
                self._confirm(message["origin_id"])
        self._at_once = self._at_once_most
        self._online("in")
        self._pump()

    def _entry(self, frame: Frame) -> None:
        self.recorder.saw(frame)
        self._position = frame["position"]
        assert self.screen
        self.screen.take(frame)
        if frame["event"] == "message_posted":
            self._confirm(frame["origin_id"])

    def _personal(self, frame: Frame) -> None:
        self.recorder.saw(frame)
        assert self.screen
        self.screen.take(frame)

    def _heartbeat(self, frame: Frame) -> None:
        self.recorder.saw(frame)
        self._position = frame["position"]

    def _answer(self, frame: Frame) -> None:
        call = self._calls.pop(frame["ref"], None)
        if call is None:
            return
        self.recorder.answered(call, frame)
        origin_id = self._flying.pop(frame["ref"], "")
        if frame["is"] == "refused" and frame["code"] in AGAIN and origin_id:
            self._rest(frame["retry_after_seconds"] or AGAIN_SECONDS)
        else:
            self.unsent.pop(origin_id, None)
            self._pump()

    def _other(self, frame: Frame) -> None:
        """`trouble` and what else is only shown."""

    # ---- words on their way ------------------------------------------------------------------------------------------

    def _confirm(self, origin_id: str) -> None:
        if origin_id not in self._flying.values():
            self.unsent.pop(origin_id, None)

    def _pump(self) -> None:
        for origin_id, text in self.unsent.items():
            if self.state != "in" or self._loop.time() < self._rests_until or len(self._flying) >= self._at_once:
                return
            if origin_id not in self._flying.values():
                self._flying[self._invoke("post", origin_id=origin_id, text=text)] = origin_id

    def _invoke(self, do: str, **fields: object) -> int:
        ref = next(self._refs)
        command = {"do": do, "ref": ref, **fields}
        self._calls[ref] = self.recorder.invoke(command)
        self._send(command)
        return ref

    def _rest(self, seconds: float) -> None:
        self._at_once = 1
        self._rests_until = max(self._rests_until, self._loop.time() + seconds)
        self._loop.call_at(self._rests_until, self._pump, context=self.process.context)


_HEAR: dict[str, Callable[[Person, Frame], None]] = {
    "closing": Person._closing,
    "refused": Person._refused,
    "done": Person._answer,
    "door": Person._door,
    "welcome": Person._welcome,
    "entry": Person._entry,
    "personal": Person._personal,
    "heartbeat": Person._heartbeat,
}
