"""The simulated town: processes that serve one room from one log server, and the people who come to it."""

import asyncio
import random

import msgspec
from house import generous
from inside import IDS_KEY
from recording import History

from chatroom.core.events import LateJoiners, RoomOpened
from chatroom.core.identity import SECRET_BYTES, TOKEN_BYTES, new_secret, new_token, room_key, token_hash
from chatroom.live.hub import Hub
from chatroom.live.live_room import LiveRoom
from chatroom.live.policy import HubPolicy
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_room import RedisLog
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict
from chatroom.moderation.registry import Chosen
from simulation.machine import Loop, Process
from simulation.person import Person
from simulation.server import Data, Server
from simulation.way import Faults, Way
from simulation.wire import Wire

SECRET = new_secret(bytes(SECRET_BYTES))
KEY = room_key(SECRET)
TOKENS = {"host": new_token(b"h" * TOKEN_BYTES), "moderator": new_token(b"m" * TOKEN_BYTES), "participant": ""}
MEETING_MS = 3_600_000
NOTICED_SECONDS = 46
"""After 45 s a client has noticed that its connection is dead."""
TRIES = 100
CAREFULLY = "softly"
PEOPLE = (
    *(("Ada", "host"), ("Mo", "moderator"), ("Bea", "participant"), ("Cal", "participant")),
    *(("Dee", "participant"), ("Eve", "participant")),
)


class Careful:
    """A policy that holds what ends in CAREFULLY."""

    kinds = frozenset({Kind.MESSAGE})
    runs = Runs.INLINE

    def review(self, said: Said) -> Verdict:
        return Verdict(Decision.HOLD, "to be looked at") if said.text.endswith(CAREFULLY) else ACCEPT


class Host:
    """One process with its hub."""

    def __init__(self, server: Server, world: random.Random, policy: HubPolicy) -> None:
        self.process = Process()
        self.way = Way(server, self.process, world)
        self.logs = RedisLogs(self.way)
        self.hub = Hub(self.logs, policy)
        self.leaving = False
        self.born_in = server.runs

    @property
    def ready(self) -> bool:
        """Whether it has reached the server since it was started: before that nobody is sent to it."""
        return bool(self.logs._life._known)

    def knows(self, offset: int) -> bool:
        """Whether it has the room up to this offset."""
        return self.room is not None and self.room.room.offset >= offset

    @property
    def epoch(self) -> bytes:
        """That of the log it follows, if any."""
        log = self.room.log if self.room else None
        return log.seen.epoch if isinstance(log, RedisLog) else b""

    @property
    def room(self) -> LiveRoom | None:
        return self.hub._rooms.get(KEY)


class Town:
    def __init__(self, loop: Loop, world: random.Random) -> None:
        self.loop, self.world = loop, world
        self.server = Server(loop)
        self.saved = Data()
        self.guardian: Host | None = None
        policy = world.choice((HubPolicy(), generous()))
        self.policy = msgspec.structs.replace(policy, policies=(Chosen("careful", Careful()),))
        self.late_joiners = world.choice(list(LateJoiners))
        self.history = History(self.late_joiners)
        self.hosts: list[Host] = []
        self.people: list[Person] = []
        self.wires: list[Wire] = []
        self.processes = [self.server.process]
        """Every process there ever was."""

    async def open(self) -> None:
        """Three processes, a room, and everyone on the way."""
        for _ in range(3):
            await self.new_host()
        now = self.server.now()
        hashes = token_hash(TOKENS["host"]), token_hash(TOKENS["moderator"])
        opened = RoomOpened("Tuesday newcomers", "", (), now, now, now + MEETING_MS, 50, self.late_joiners, *hashes, IDS_KEY)
        await self.hosts[0].hub.logs.create(KEY, opened, now + 2 * MEETING_MS)
        for name, role in PEOPLE:
            self.come(name, role)

    async def new_host(self) -> Host:
        host = Host(self.server, self.world, self.policy)
        self.processes.append(host.process)
        self.hosts.append(host)
        await self.loop.create_task(host.hub.start(), context=host.process.context)
        return host

    def come(self, name: str, role: str) -> None:
        hello = {"secret": SECRET, "token": TOKENS[role]}
        person = Person(name, role, hello, self.loop, self.world, self.history, self.dial)
        self.processes.append(person.process)
        self.people.append(person)

    def dial(self, person: Person) -> Wire | None:
        """A connection to one of the processes that take connections.

        A process that never knew the server's data cannot tell a room that was lost from one that never was: who is sent to it
        while the room is missing is sent away for good.
        """
        may_know = (host for host in self.hosts if self.is_safe() or host.born_in < self.server.runs)
        hosts = [host for host in may_know if host.ready and not host.leaving]
        if not hosts:
            return None
        host = self.world.choice(hosts)
        wire = Wire(self.loop, self.world, person, host.hub, host.process)
        self.wires = [wire for wire in self.wires if wire.open] + [wire]
        return wire

    def has_guardian(self) -> bool:
        """Whether one process knows all that was acknowledged; it then has to live until the log is brought back."""
        stored = next(iter(self.server.data.rooms.values()), None)
        if not self.is_safe() or stored is None:
            return False
        knowing = (host for host in self.hosts if not host.leaving and not host.process.frozen and host.knows(stored.head))
        self.guardian = next(knowing, None)
        return self.guardian is not None

    def is_safe(self) -> bool:
        """Whether the log holds again what the guardian knows, or the room is over for the guardian."""
        stored = next(iter(self.server.data.rooms.values()), None)
        is_back = self.guardian and stored and stored.run == self.server.run_id and self.guardian.epoch == stored.epoch
        if is_back or (self.guardian and not self.guardian.room):
            self.guardian = None
        return self.guardian is None

    def is_needed(self, host: Host) -> bool:
        return host is self.guardian and not self.is_safe()

    def kill(self, host: Host, *, told: bool) -> None:
        """kill -9, or the power fails: then nobody is told."""
        self.hosts.remove(host)
        self.loop.kill(host.process)
        for wire in self.wires:
            if wire.process is host.process:
                wire.cut(client_told=told, server_told=False)
        for subscription in list(host.way.subscriptions):
            subscription.cut()

    async def drain(self, host: Host) -> None:
        """SIGTERM."""
        host.leaving = True
        await host.hub.drain()
        await host.hub.stop()
        if host in self.hosts:
            self.hosts.remove(host)

    def restart_server(self, data: Data) -> None:
        """The server dies, and comes back with this data; everyone has to connect anew."""
        self.loop.kill(self.server.process)
        self.server.restart(data)
        self.processes.append(self.server.process)
        for host in self.hosts:
            for subscription in list(host.way.subscriptions):
                subscription.cut()

    def start(self, host: Host) -> None:
        """Drain a process in its own context."""
        self.loop.create_task(self.drain(host), context=host.process.context)

    async def heal(self) -> None:
        """No fault is left. What was broken has to mend by itself."""
        self.loop.thaw(self.server.process)
        self.server.full = False
        for host in list(self.hosts):
            self.loop.thaw(host.process)
            host.way.faults = Faults()
        for wire in self.wires:
            wire.read_on()
        for person in self.people:
            self.loop.thaw(person.process)
        while len([host for host in self.hosts if not host.leaving]) < 2:
            await self.new_host()

    async def settle(self) -> bool:
        """Wait until nothing is under way for anyone, with time to notice what was cut; False when that takes too long.

        A second later what was answered last is on every screen.
        """
        await asyncio.sleep(NOTICED_SECONDS)
        was_settled = False
        for _ in range(TRIES):
            settled = all(person.settled for person in self.people)
            if settled and was_settled:
                return True
            was_settled = settled
            await asyncio.sleep(1)
        return False
