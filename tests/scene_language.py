"""Scenes: dialogue that a moderator can read, one sentence a line. `#` begins a remark.

`scene_sentences.py` holds the sentences there are; a refused step must be followed by the sentence that says so.
"""

import re
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from screen import Frame, Screen

from chatroom.live.opening import OpenedRoom, OpenRoom

SCENES = Path(__file__).parent / "scenes"
GONE = {"removed", "no_such_room", "ended", "server_busy"}


def sentences(path: Path) -> list[tuple[int, str]]:
    """The sentences of a scene with the numbers of their lines."""
    lines = [line.partition("#")[0].strip() for line in path.read_text().splitlines()]
    return [(number, line) for number, line in enumerate(lines, 1) if line]


class Line(Protocol):
    """One connection, as its client sees it."""

    frames: list[Frame]

    async def say(self, frame: Frame) -> None: ...
    async def more(self) -> None:
        """Return when something has come since the last call; fail when nothing can."""

    async def cut(self) -> None:
        """Lose the network."""


class Theatre(Protocol):
    """Where a scene is played."""

    async def open_room(self, request: OpenRoom) -> OpenedRoom: ...
    async def connect(self, address: int) -> Line:
        """A connection from the network address with this number."""

    async def has_heard(self, line: Any) -> None:
        """Return when everything that has happened is in the frames of this line."""

    async def pass_time(self, seconds: float) -> None: ...
    def now(self) -> int: ...
    async def keeps(self, text: str) -> bool:
        """Whether the words are anywhere behind the scene."""


class Person:
    """Someone with a browser: the link, the seat, what is on the screen."""

    def __init__(self, name: str, address: int) -> None:
        self.name, self.nickname, self.address = name, name, address
        self.keys: OpenedRoom
        self.token = self.seat = self.id = self.device = ""
        self.line: Line | None = None
        self.is_away = False
        """Whether the network is lost."""
        self.first_tab: Line | None = None
        self.screen: Screen | None = None
        self.position = ""
        self.door: Frame = {}
        self.seen: list[Frame] = []
        self.heard_steps = 0
        self._read = 0

    def sit_at(self, line: Line) -> None:
        """Look at another connection from now on."""
        self.line, self._read, self.door, self.is_away = line, 0, {}, False

    def read(self) -> None:
        """Take in what came."""
        assert self.line
        new = self.line.frames[self._read :]
        self._read += len(new)
        self.seen += new
        for frame in new:
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame["is"] == "door":
            self.door = frame
        elif frame["is"] == "knocking":
            self.seat = frame["seat"]
        elif frame["is"] == "welcome":
            self.seat = frame.get("seat", self.seat)
            if "room" in frame:
                self.screen = Screen(frame["room"])
                self.id = frame["room"]["me"]["participant"]
        elif frame["is"] in ("entry", "personal", "crowd"):
            assert self.screen
            self.screen.take(frame)
        self.position = frame.get("position", self.position)

    @property
    def room(self) -> Frame:
        assert self.screen, f"{self.name} is in no room"
        return self.screen.room

    def first(self, wanted: Callable[[Frame], bool]) -> Frame | None:
        assert self.line
        return next((frame for frame in self.line.frames if wanted(frame)), None)

    def closing(self) -> str:
        frame = self.first(lambda frame: frame["is"] == "closing")
        return frame["name"] if frame else ""


class Play:
    """A scene under way."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.rooms: list[OpenedRoom] = []
        self.people: dict[str, Person] = {}
        self.ids: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        self.unanswered = ""
        """How the last step ended when it was not carried out: the next sentence must say so."""
        self._ref = 0
        self._addresses = 1
        self._steps = 0

    async def run(self, path: Path) -> None:
        """Play a scene. Whatever fails names its line."""
        for number, sentence in sentences(path):
            try:
                await self._step(sentence)
            except Exception as error:
                raise AssertionError(f"{path.name}:{number}: {sentence}: {error or type(error).__name__}") from error
        assert not self.unanswered, f"the last step ended so: {self.unanswered}"

    async def _step(self, sentence: str) -> None:
        speak, words = understand(sentence)
        if speak not in OUTCOMES:
            assert not self.unanswered, f"the step before ended so: {self.unanswered}"
        await speak(self, **words)

    # What people do

    def new_address(self) -> int:
        self._addresses += 1
        return self._addresses

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(name, self.new_address())
        return self.people[name]

    async def come_in(
        self,
        name: str,
        role: str = "",
        *,
        nickname: str | None = None,
        passphrase: str = "",
        room: int = 0,
        token: str | None = None,
        device: str = "",
    ) -> None:
        """Enter anew, with nothing remembered but the device."""
        person = self.person(name)
        person.device = device
        person.keys, person.nickname, person.seat = self.rooms[room], name if nickname is None else nickname, ""
        tokens = {"host": person.keys.host_token, "moderator": person.keys.moderator_token, "": ""}
        person.token = tokens[role] if token is None else token
        await self.knock(person)
        if self.unanswered == "door":
            await self.ask(name, "join", nickname=person.nickname, accept_rules=True, passphrase=passphrase)

    async def knock(self, person: Person) -> None:
        """Say hello on a new connection, with the seat if there is one."""
        if person.line:
            await person.line.cut()
        person.sit_at(await self.theatre.connect(person.address))
        hello = {"secret": person.keys.secret, "token": person.token, "seat": person.seat, "device": person.device}
        position = {"position": person.position} if person.seat and person.position else {}
        await self.ask(person.name, "hello", **hello, **position)

    async def ask(self, name: str, do: str, **fields: object) -> Frame:
        """Send a command and take its answer in; what was not carried out is left in `unanswered`."""
        person = self.person(name)
        assert person.line, f"{name} is not connected"
        ref = self._ref = self._ref + 1
        self._steps += 1
        await person.line.say({"do": do, "ref": ref, **fields})
        answer = await self._answer(person, ref, door=do == "hello")
        person.read()
        name_of_closing = answer["name"] if answer["is"] == "closing" else ""
        refused = answer.get("code", "") if answer["is"] == "refused" else ""
        self.unanswered = refused or (answer["is"] if answer["is"] in ("door", "knocking") else "")
        if name_of_closing in GONE and do in ("hello", "join"):
            self.unanswered = name_of_closing
        return answer

    async def _answer(self, person: Person, ref: int, door: bool) -> Frame:
        def wanted(frame: Frame) -> bool:
            return frame.get("ref") == ref or frame["is"] == "closing" or (door and frame["is"] == "door")

        assert person.line
        while (answer := person.first(wanted)) is None:
            await person.line.more()
        return answer

    # What people see

    async def look(self, *people: Person) -> None:
        """These people, or all, take in what has happened."""
        for person in people or self.people.values():
            if person.line and person.heard_steps < self._steps:
                await self.theatre.has_heard(person.line)
                person.heard_steps = self._steps
                person.read()

    async def seen_by(self, name: str) -> Frame:
        """The room on someone's screen."""
        await self.look(self.person(name))
        return self.person(name).room

    async def message(self, name: str, text: str) -> Frame:
        """The message on someone's screen that once had this text."""
        room = await self.seen_by(name)
        return next(message for message in room["messages"] if message["id"] == self.ids[text])

    async def report(self, name: str, text: str) -> Frame:
        """The report on a moderator's screen of the message that once had this text."""
        desk = (await self.seen_by(name))["desk"]
        return next(report for report in desk["reports"] if report["message"] == self.ids[text])

    async def pass_time(self, seconds: float) -> None:
        self._steps += 1
        await self.theatre.pass_time(seconds)


Speak = Callable[..., Awaitable[None]]
SENTENCES: list[tuple[re.Pattern[str], Speak]] = []
OUTCOMES: set[Speak] = set()
"""The sentences that say how the step before ended."""


def sentence(*templates: str) -> Callable[[Speak], Speak]:
    """Give a function its sentences: `<word>` is one word, `"<words>"` anything in quotes, `<list...>` the rest of the line."""

    def register(speak: Speak) -> Speak:
        for template in templates:
            pattern = re.sub(r"<(\w+)\.\.\.>", r"(?P<\1>.+)", re.sub(r'"<(\w+)>"', r'"(?P<\1>[^"]*)"', template))
            SENTENCES.append((re.compile(re.sub(r"(?<!P)<(\w+)>", r"(?P<\1>\\w+)", pattern)), speak))
        return speak

    return register


def outcome(*templates: str) -> Callable[[Speak], Speak]:
    """A sentence that says how the step before ended."""

    def register(speak: Speak) -> Speak:
        OUTCOMES.add(speak)
        return sentence(*templates)(speak)

    return register


def understand(text: str) -> tuple[Speak, dict[str, str]]:
    """The one sentence that this is. Raises ValueError."""
    found = [(speak, match.groupdict()) for pattern, speak in SENTENCES if (match := pattern.fullmatch(text))]
    if len(found) != 1:
        raise ValueError(f"{len(found)} sentences are like this one")
    return found[0]


import_module("scene_sentences")
import_module("scene_checks")
import_module("scene_support")
import_module("scene_floor")
import_module("scene_safety")
import_module("scene_door")
