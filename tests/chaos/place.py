"""Where a trial is held: server processes, their Redis, the ways to both, and one room with its people."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from history import History
from redis.asyncio import Redis
from relay import Proxy, Relay
from servers import BINARIES, RedisServer
from serving import ROOT, Running, Version, free_port, serving

from chaos.bell import Bell
from chaos.commits import oldest_version
from chaos.person import Person

SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1", "OPENING": "anyone", "ROOMS_PER_SOURCE_PER_HOUR": "1000"}
PROGRAM = Version((ROOT, ROOT / "tests"), "known_ids")
PROBE_BACKOFF_SECONDS = 0.5
PATIENCE_SECONDS = 60
"""How long anything may take before it counts as never."""
HTTP_SECONDS = 5


@dataclass(frozen=True)
class Needs:
    """What a trial is held with. `mobile` and `narrow` say how many of the people come over these ways."""

    processes: int = 2
    people: int = 20
    mobile: int = 0
    narrow: int = 0
    redis: Mapping[str, str] | None = field(default_factory=dict)
    """Settings of the Redis; None: the log is in the server process."""
    wired: bool = False
    """The servers reach Redis by a wire that can be damaged."""
    settings: Mapping[str, str] = field(default_factory=dict)
    from_oldest: bool = False
    """The processes begin with the oldest version from which an upgrade is promised."""


class Never(Exception):
    """What was waited for did not come about; the sentence says what."""


class Station:
    """A server process on a port of its own, which can be ended and started again."""

    def __init__(self, settings: Mapping[str, str], redis_url: str | None, version: Version) -> None:
        self.port = free_port()
        self.version = version
        self._settings, self._redis_url = {**SETTINGS, **settings, "PORT": str(self.port)}, redis_url
        self._stack = contextlib.AsyncExitStack()
        self.running: Running
        self.stop_seconds = 0.0
        """The longest that it took to end when it was asked to."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        server = serving(self._settings, redis_url=self._redis_url, version=self.version)
        [self.running] = await self._stack.enter_async_context(server)

    async def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        began = time.monotonic()
        assert await self.running.stop() == 0
        self.stop_seconds = max(self.stop_seconds, time.monotonic() - began)
        await self._stack.aclose()

    async def kill(self) -> None:
        self.running.process.kill()
        await self.running.process.wait()
        await self._stack.aclose()

    async def close(self) -> None:
        await self._stack.aclose()

    async def ready(self) -> bool:
        async with httpx2.AsyncClient(trust_env=False, timeout=HTTP_SECONDS) as http:
            return (await http.get(f"{self.url}/readyz")).status_code == 200


class Place:
    """`front`, `mobile` and `narrow` are the ways from people to the servers, `wire` the one from the servers to `redis`."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.bell = Bell()
        self.history = History("everything")
        self.people: list[Person] = []
        self.afflicted: list[Person] = []
        """Those of them who come over a way that is going to be damaged."""
        self.probes: list[Person] = []
        """One at each process, who comes back to no other."""
        self.later: list[Person] = []
        """Who came after the fault."""
        self.vanished: list[Person] = []
        self.stations: list[Station] = []
        self.replaced: list[Station] = []
        """Those that others have taken the place of."""
        self.redis: RedisServer
        self.wire: Relay
        self.operator: Any = None
        """A client of the Redis."""
        self.stack = contextlib.AsyncExitStack()
        self._written_at: dict[str, float] = {}
        self._keys: dict[str, str] = {}
        self._folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self._redis_url: str | None = None

    async def open(self) -> None:
        self._redis_url = await self._open_redis() if self.needs.redis is not None else None
        version = await asyncio.to_thread(oldest_version, self._folder) if self.needs.from_oldest else PROGRAM
        self.stations = [self._station(str(number), version) for number in range(self.needs.processes)]
        await asyncio.gather(*(station.start() for station in self.stations))
        ports = self._ports()
        self.front = await self.stack.enter_async_context(Proxy(ports))
        self.mobile = await self.stack.enter_async_context(Proxy(ports))
        self.narrow = await self.stack.enter_async_context(Proxy(ports, narrow=True))
        await self._open_room()

    def _station(self, name: str, version: Version) -> Station:
        station = Station({"ROOMS_FILE": str(self._folder / name), **self.needs.settings}, self._redis_url, version)
        self.stack.push_async_callback(station.close)
        return station

    def _ports(self) -> list[int]:
        return [station.port for station in self.stations]

    async def replace(self, number: int, version: Version) -> None:
        """Start a process of this version, send people to it from now on, and then stop the old one."""
        old, new = self.stations[number], self._station(f"{number}-{len(self.replaced)}", version)
        await new.start()
        self.stations[number] = new
        self.replaced.append(old)
        for way in (self.front, self.mobile, self.narrow):
            way.lead_to(self._ports())
        self.probes[number].port = new.port
        await old.stop()

    async def _open_redis(self) -> str:
        self.redis = self.stack.enter_context(self.redis_server(**(self.needs.redis or {})))
        self.wire = await self.stack.enter_async_context(Relay(self.redis.port))
        self.operator = Redis.from_url(self.redis.url)
        self.stack.push_async_callback(self.operator.aclose)
        return self.wire.url if self.needs.wired else self.redis.url

    def redis_server(self, **settings: str) -> RedisServer:
        return RedisServer(next(iter(BINARIES.values())), **settings)

    async def _open_room(self) -> None:
        url = self.stations[0].url
        async with httpx2.AsyncClient(trust_env=False, headers={"Origin": url}, timeout=HTTP_SECONDS) as http:
            wanted = {"title": "Tuesday", "capacity": 200, "late_joiners": "everything", "needs_moderator": False}
            answer = await http.post(f"{url}/api/rooms", json=wanted)
        self._keys = {"secret": answer.raise_for_status().json()["secret"]}

    def comes(self, name: str, port: int) -> Person:
        """Someone new, on their way in."""
        return Person(self.history.client(name, "participant"), port, self._keys, self.bell, self._written_at)

    def gather(self) -> None:
        """Everyone comes in."""
        for number, station in enumerate(self.stations):
            self.probes.append(self.comes(f"Beside Process {'ABCDEF'[number]}", station.port))
            self.probes[-1].most_backoff_seconds = PROBE_BACKOFF_SECONDS
        ways = [self.mobile] * self.needs.mobile + [self.narrow] * self.needs.narrow
        for number in range(self.needs.people):
            way = ways[number] if number < len(ways) else self.front
            person = self.comes(NAMES[number], way.port)
            self.people.append(person)
            if way is not self.front:
                self.afflicted.append(person)

    @property
    def everyone(self) -> list[Person]:
        """Who should be in the room."""
        return [person for person in (*self.people, *self.probes, *self.later) if person not in self.vanished]

    def people_at(self, station: Station) -> list[Person]:
        """Whose connections lead to this process now."""
        found = {port for way in (self.front, self.mobile, self.narrow) for port in way.clients_of(station.port)}
        return [person for person in self.everyone if person.port == station.port or person.local_port in found]

    async def each(self, people: Sequence[Person], ready: Callable[[Person], object], sentence: str) -> None:
        """Wait until it is so for each of them. Raises Never, with the names of the others."""
        if not await self.bell.until(lambda: all(map(ready, people)), PATIENCE_SECONDS):
            raise Never(f"{sentence} ({', '.join(person.name for person in people if not ready(person))})")

    async def hears_more(self, messages: int) -> None:
        """Everyone who is here hears so many messages more. Raises Never."""
        known = {person.name: len(person.noted.heard) for person in self.everyone}
        await self.each(
            self.everyone,
            lambda person: len(person.noted.heard) >= known[person.name] + messages,
            "Not everyone hears the others.",
        )

    async def go_home(self) -> None:
        await asyncio.gather(*(person.vanish() for person in self.everyone))


def is_online(person: Person) -> bool:
    return person.online


Act = Callable[[Place], Awaitable[None]]


@contextlib.asynccontextmanager
async def place_for(needs: Needs) -> AsyncIterator[Place]:
    """A place, with everyone outside the room still."""
    place = Place(needs)
    async with place.stack:
        await place.open()
        try:
            yield place
        finally:
            await place.go_home()


NAMES = [f"{adjective} {noun}" for noun in ("Heron", "Fern", "Cedar", "River", "Willow") for adjective in (
    "Quiet", "Morning", "Gentle", "Silver", "Early", "Northern", "Patient", "Amber",
)]  # fmt: skip
