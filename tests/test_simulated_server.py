"""The simulated server answers as the scripts do in a real one: random calls of the scripts, both answers side by side."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from servers import SERVER_NAMES
from simulation.server import Server

from chatroom.core.events import AnyEvent, Draft, Joined, MessagePosted, Redacted, Role
from chatroom.log.chain import AT_END, LINK_BYTES, MAX_LAG, NONCE_BYTES
from chatroom.log.redis import CREATE
from chatroom.log.redis_commands import Call, Commands, Script
from chatroom.log.redis_recovery import SEED
from chatroom.log.redis_room import APPEND
from chatroom.log.redis_stored import READ
from chatroom.log.redis_wire import Order, Seeding, marks_of, seal_draft, string
from chatroom.log.seal import Seal

STEPS = 800
KEEP_ENTRIES = 12
FAR_MS = 10**7
encode = msgspec.msgpack.Encoder().encode


@pytest_asyncio.fixture(params=SERVER_NAMES)
async def commands(request: pytest.FixtureRequest) -> AsyncIterator[Commands]:
    commands = Commands(request.getfixturevalue("redis_servers")[request.param])
    await commands.measure()
    yield commands
    await commands.close()


class Pair:
    """One room on both servers, and what a caller knows of it."""

    def __init__(self, commands: Commands, world: random.Random) -> None:
        self.commands, self.world = commands, world
        self.simulated = Server(asyncio.get_running_loop())
        self.seal = Seal(world.randbytes(32))
        self.epoch, self.head, self.nonce = b"epoch-00", 1, b"nonce-00"
        self.drafts: list[Draft] = []
        self.outcomes: set[str] = set()

    async def run(self, script: Script, call: Call) -> Any:
        """The answer, which both gave."""
        real, simulated = await self.commands.run(script, call), self.simulated.run(script, call)
        assert _timeless(real) == _timeless(simulated)
        return simulated

    async def create(self) -> None:
        entry = self.nonce + self.seal.close(b"first", b"entry")
        call = Call(self.seal.keys[:2], self.expires_at, self.epoch, entry)
        assert await self.run(CREATE, call)
        assert not await self.run(CREATE, call)

    @property
    def expires_at(self) -> int:
        return self.commands.now() + FAR_MS

    async def read(self) -> None:
        after = self.world.choice((0, self.head, self.world.randrange(self.head + 3)))
        keys = self.seal.meta, self.seal.entries, self.seal.snapshot
        answer = await self.run(READ, Call(keys, after, self.world.choice((5, 500)), self.world.randrange(2)))
        self.epoch, self.head = answer[0], answer[4]
        self.nonce = self.simulated.data.rooms[self.seal.meta].at(self.head)[:NONCE_BYTES]

    async def append(self) -> None:
        drafts = [self._draft() for _ in range(self.world.randint(1, 3))]
        self.drafts += drafts
        marks = [marks_of(self.seal, draft, bytes(LINK_BYTES)) for draft in drafts]
        knows = self.world.random() < 0.9
        order = Order(
            channel=string(self.seal.channel),
            expires_at=self.expires_at,
            decided_at=max(self.head - self.world.choice((0, 0, 0, 0, 5, 20)), 0),
            keep_entries=KEEP_ENTRIES,
            snapshot=string(self.world.choice((b"", self.world.randbytes(9)))),
            seen_epoch=string(self.epoch if knows else b"epoch-99"),
            seen_offset=self.world.choice((0, self.head)),
            seen_nonce=string(self.nonce),
            most_behind=self.world.choice((MAX_LAG, MAX_LAG, 8)),
            drafts=[seal_draft(self.seal, *pair, self._mark_at) for pair in zip(drafts, marks, strict=True)],
        )
        answer = await self.run(APPEND, Call(self.seal.keys, encode(order)))
        self.outcomes |= {item.decode() for item in answer if isinstance(item, bytes)}
        await self.read()

    def _draft(self) -> Draft:
        if self.drafts and self.world.random() < 0.3:
            again = self.world.choice(self.drafts)
            return msgspec.structs.replace(again, fingerprint=self.world.choice((again.fingerprint, b"other")))
        events: tuple[AnyEvent, ...] = (MessagePosted("Bea", "hello", "origin"),)
        erases: tuple[tuple[int, AnyEvent], ...] = ()
        kind = self.world.randrange(10)
        if kind == 0:
            events = Joined("Cal", "Cal", Role.PARTICIPANT, b"seat", b"tag"), *events
        elif kind in (1, 2):
            offset = self.world.randint(1, self.head)
            events, erases = (Redacted(offset, "Ada"),), ((offset, MessagePosted("Bea", "", "origin")),)
        return Draft(events, origin=f"draft {len(self.drafts)} {self.world.random()}", fingerprint=b"f", erases=erases)

    def _mark_at(self, offset: int) -> bytes:
        return self.world.choice((b"", b"mark-at"))

    async def seed(self) -> None:
        """Sometimes on another run of the server, and sometimes by one that found another log."""
        if self.world.random() < 0.5:
            self.simulated.data.rooms[self.seal.meta].run = b"another"
            await self.commands.ask("HSET", self.seal.meta, "run", "another")
            await self.append()
        entries = self.simulated.data.rooms[self.seal.meta].entries[-4:]
        seeding = Seeding(
            channel=string(self.seal.channel),
            found_epoch=string(self.world.choice((self.epoch, self.epoch, b"epoch-99"))),
            found_nonce=string(self.nonce),
            epoch=string(self.world.randbytes(4).hex().encode()),
            expires_at=self.expires_at,
            settle_ms=self.world.choice((0, FAR_MS)),
            base=self.world.randrange(3),
            snapshot=string(self.world.randbytes(9)),
            entries=[string(entry) for entry in entries],
        )
        await self.run(SEED, Call(self.seal.keys, encode(seeding)))
        await self.read()
        await self.append()
        self.simulated.data.rooms[self.seal.meta].settles_at = 0
        await self.commands.ask("HSET", self.seal.meta, "settles_at", "0")


def _timeless(answer: Any) -> Any:
    """The answer without the times of the two servers, which differ by a little."""
    if not isinstance(answer, list):
        return answer
    if answer and answer[0] == b"ok":
        return [*answer[:2], bool(answer[2]), *answer[3:]]
    if len(answer) == len(READ_ANSWER):
        fields = dict(zip(READ_ANSWER, answer, strict=True))
        entries = [entry[:NONCE_BYTES] + entry[AT_END:] for entry in fields["entries"]]
        return fields | {"settles_ms": fields["settles_ms"] > 0, "entries": entries}
    return answer


READ_ANSWER = ("epoch", "moved", "settles_ms", "base", "head", "snapshot_offset", "snapshot", "nonce", "entries")


@pytest.mark.parametrize("seed", range(3))
async def test_the_simulated_server_answers_as_the_scripts_do(commands: Commands, seed: int) -> None:
    pair = Pair(commands, random.Random(seed))
    await pair.create()
    for step in pair.world.choices((pair.append, pair.read, pair.seed), (20, 4, 2), k=STEPS):
        await step()
    assert pair.outcomes == {"ok", "new", "duplicate", "reused", "lost", "conflict", "snapshot", "settling"}
