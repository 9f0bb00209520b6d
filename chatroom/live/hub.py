"""The rooms and connections of this process."""

import asyncio
import logging
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from chatroom.core import formats
from chatroom.core.identity import normalize_secret, room_key
from chatroom.core.limits import (
    KNOCKS_PER_SOURCE,
    LEASE_SECONDS,
    PASSPHRASES_PER_SOURCE,
    SUGGESTIONS_PER_SOURCE,
    WRONG_SECRETS_PER_SOURCE,
)
from chatroom.core.refusals import Close, Refused
from chatroom.hooks.hooks import Hooks
from chatroom.live.closings import return_seconds
from chatroom.live.connection import Connection
from chatroom.live.counts import Counts
from chatroom.live.eager import eagerly
from chatroom.live.live_room import LiveRoom
from chatroom.live.opening import OpenedRoom, Opening, OpenRoom, prepare
from chatroom.live.panel import Panel
from chatroom.live.places import Places
from chatroom.live.policy import HubPolicy
from chatroom.live.services import Gates, Services
from chatroom.live.session import Session
from chatroom.live.slow_hashes import SlowHashes
from chatroom.live.sources import Gate, Source, Sources
from chatroom.live.tries import Tries, WrongGuess
from chatroom.live.writer import expires_at
from chatroom.log.base import LogGone, Logs, LogUnavailable, LogUnreadable, RoomLog
from chatroom.log.rehearsal import rehearse
from chatroom.moderation.patterns import WordList

TICK_SECONDS = 1.0
LEASE_EVERY_TICKS = LEASE_SECONDS // 3
SWEEP_EVERY_TICKS = 60
READY_SECONDS = 2.5
DRAIN_BATCH = 50
DRAIN_PAUSE_SECONDS = 0.2
UNREADABLE_SECONDS = 5

Key = TypeVar("Key")
Made = TypeVar("Made")

logger = logging.getLogger("chatroom.live")


class Hub:
    """Start it inside a running event loop; stop it before the loop ends."""

    def __init__(self, logs: Logs, policy: HubPolicy = HubPolicy(), hooks: Hooks | None = None) -> None:  # noqa: B008 - frozen
        self.logs, self.policy, self.hooks = logs, policy, hooks or Hooks()
        self.counts = Counts()
        self.panel = Panel(policy.policies, WordList(policy.words))
        self._counts_logged = Counter[str]()
        self._rooms: dict[bytes, LiveRoom] = {}
        self._rehearsing: dict[str, asyncio.Future[None]] = {}
        self._loading: dict[bytes, asyncio.Future[LiveRoom]] = {}
        self._deriving: dict[str, asyncio.Future[bytes]] = {}
        self._keys: dict[str, bytes] = {}
        self._unreadable: dict[bytes, float] = {}
        """Rooms that this process cannot read, and until when it does not look again."""
        self._sessions: set[Session] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False

    @property
    def connections(self) -> int:
        return len(self._sessions)

    @property
    def rooms(self) -> int:
        return len(self._rooms)

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        clock = loop.time
        self._sources = Sources(clock)
        self._places = Places(self.policy.max_connections, self.policy.max_connections_per_source, clock)
        self._services = Services(
            loop=loop,
            logs=self.logs,
            policy=self.policy,
            process=secrets.token_hex(8),
            hashes=SlowHashes(),
            places=self._places,
            gates=Gates(
                hellos=Gate(self.policy.hellos_per_source, clock),
                wrong_secrets=Tries(WRONG_SECRETS_PER_SOURCE, clock),
                passphrases=Tries(PASSPHRASES_PER_SOURCE, clock),
                suggestions=Gate(SUGGESTIONS_PER_SOURCE, clock),
                knocks=Gate(KNOCKS_PER_SOURCE, clock),
                rooms=Gate(self.policy.rooms_per_source, clock),
                opening_passphrases=Tries(PASSPHRASES_PER_SOURCE, clock),
            ),
            counts=self.counts,
            hooks=self.hooks,
            panel=self.panel,
            random_bytes=secrets.token_bytes,
            spawn=self._spawn,
            begin=eagerly(self._spawn),
        )
        self.hooks.start()
        self._spawn(self._tick())

    async def stop(self) -> None:
        """Close every connection and stop serving every room. The logs stay."""
        self._draining = True
        for session in list(self._sessions):
            session.close(Close.RESTARTING)
        for room in list(self._rooms.values()):
            await room.close()
        self._rooms.clear()
        self._keys.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.hooks.stop()
        self._services.hashes.close()
        await self.logs.close()
        self._log_counts()

    async def drain(self) -> None:
        """Send everyone away in batches, each told to come back after a random while."""
        self._draining = True
        sessions = list(self._sessions)
        random.shuffle(sessions)
        for start in range(0, len(sessions), DRAIN_BATCH):
            for session in sessions[start : start + DRAIN_BATCH]:
                session.close(Close.RESTARTING, return_seconds(Close.RESTARTING))
            await asyncio.sleep(DRAIN_PAUSE_SECONDS)

    async def ready(self) -> bool:
        """Whether a room could be held: a probe went through the log and came back, and a log was begun, used and erased."""
        if self._draining:
            return False
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self.logs.probe()
                await _once(self._rehearsing, "", partial(rehearse, self.logs))
        except (LogUnavailable, TimeoutError):
            return False
        return True

    async def open_room(self, request: OpenRoom, address: str) -> OpenedRoom:
        """Open a room. Raises Refused."""
        if self._draining or len(self._rooms) >= self.policy.max_rooms:
            raise Refused("server_busy", 60)
        opening = await prepare(self._services, request, self._sources.of(address))
        formats.require([opening.first], self.logs.lowest)
        try:
            room = await self._begin(opening)
        except (LogGone, LogUnavailable):
            raise Refused("reconnecting", 2) from None
        self._keys[opening.opened.secret] = opening.key
        self.hooks.tell(opening.key, room.room, [room.room.opened], 1)
        return opening.opened

    async def _begin(self, opening: Opening) -> LiveRoom:
        """The room with its log; when that fails nothing is left. Raises LogGone, LogUnavailable, Refused."""
        try:
            await self.logs.create(opening.key, opening.first, opening.expires_at)
            return await self._load(opening.key)
        except (LogGone, LogUnavailable, Refused):
            self._spawn(_erase(self.logs.log(opening.key), opening.expires_at))
            raise

    def connect(self, connection: Connection, address: str) -> Session | None:
        """A session for a new connection, or None when it was closed because there are too many."""
        session = Session(self._services, self, connection, address, self._sources.of(address))
        if self._draining or not self._places.arrive(session):
            session.close(Close.RESTARTING if self._draining else Close.SERVER_BUSY)
            return None
        self._sessions.add(session)
        return session

    def closed(self, session: Session) -> None:
        if session in self._sessions:
            self._sessions.discard(session)
            self._places.gone(session)

    async def room_of(self, secret: str, source: Source) -> LiveRoom:
        """The room of a secret. Wrong, ended and never existed are the same.

        Raises Refused, and LogUnreadable for a room that another process may serve.
        """
        words = normalize_secret(secret) or ""
        key = self._keys.get(words)
        try:
            room = await (self._guess(words, source) if key is None else self._load_known(words, key))
        except LogGone:
            self._keys.pop(words, None)
            raise Refused("no_such_room") from None
        except LogUnavailable:
            raise Refused("reconnecting", 2) from None
        if room.closing is Close.RESTARTING:
            raise LogUnreadable
        if room.closing:
            raise Refused("no_such_room")
        return room

    async def _guess(self, words: str, source: Source) -> LiveRoom:
        """The room of words that are not known here; what cannot be a code is wrong at once. Raises as `_load`."""
        tries = self._services.gates.wrong_secrets
        if not words:
            tries.take(source)
            raise LogGone
        async with tries.guess(source):
            try:
                return await self._load_known(words, await self._derive_key(words, source))
            except LogGone:
                raise WrongGuess("no_such_room") from None

    async def _load_known(self, words: str, key: bytes) -> LiveRoom:
        """The room of a key, which is remembered unless there is no such room. Raises like `_load`."""
        try:
            room = await self._load(key)
        except LogUnreadable:
            self._keys[words] = key
            raise
        if not room.closing:
            self._keys[words] = key
        return room

    async def _derive_key(self, words: str, source: Source) -> bytes:
        return await _once(self._deriving, words, partial(self._services.hashes.in_turn, source, room_key, words))

    async def _load(self, key: bytes) -> LiveRoom:
        """The room of a key. Raises LogGone, LogUnreadable, LogUnavailable, Refused."""
        if room := self._rooms.get(key):
            return room
        if self._unreadable.get(key, 0) > self._services.loop.time():
            raise LogUnreadable
        return await _once(self._loading, key, partial(self._load_now, key))

    async def _load_now(self, key: bytes) -> LiveRoom:
        await asyncio.sleep(0)  # from here on in a task, as the waiting for a log's server has to be
        if len(self._rooms) >= self.policy.max_rooms:
            raise Refused("server_busy", 60)
        log = self.logs.log(key)
        room = LiveRoom(self._services, key, log, self._room_over)
        try:
            await room.load()
        except BaseException as error:
            if isinstance(error, LogUnreadable):
                self._note_unreadable(key)
            await log.close()
            raise
        if room.room.ended:
            self._spawn(_erase(log, expires_at(room.room)))
            raise LogGone
        self._rooms[key] = room
        return room

    def _note_unreadable(self, key: bytes) -> None:
        logger.warning("room_unreadable")
        self._unreadable[key] = self._services.loop.time() + UNREADABLE_SECONDS

    def _room_over(self, room: LiveRoom) -> None:
        """Nothing of it is here any more. Only the end erases its log."""
        self._rooms.pop(room.key, None)
        self.hooks.over(room.key)
        if room.closing is Close.RESTARTING:
            self._note_unreadable(room.key)
            self._spawn(room.close())
            return
        self._keys = {words: key for words, key in self._keys.items() if key != room.key}
        self._spawn(_erase(room.log, expires_at(room.room)))

    async def _tick(self) -> None:
        """Time passes for every room; leases are renewed; what is quiet is forgotten."""
        ticks = 0
        lost: frozenset[str] = frozenset()
        while True:
            if ticks % LEASE_EVERY_TICKS == 0:
                lost = await self._lost_processes()
            self._tick_rooms(lost)
            lost = frozenset()
            if ticks % SWEEP_EVERY_TICKS == 0:
                self._sweep()
                self._log_counts()
            ticks += 1
            await asyncio.sleep(TICK_SECONDS)

    def _sweep(self) -> None:
        for gate in _gates(self._services.gates):
            gate.sweep()
        now = self._services.loop.time()
        self._unreadable = {key: until for key, until in self._unreadable.items() if until > now}

    def _log_counts(self) -> None:
        """One line with every number of a kind, when one of them has grown."""
        if self._have_grown("cut_off", self.counts.total()):
            logger.info("cut_off", extra={"fields": {**self.counts}})
        missed = self.hooks.counts
        if self._have_grown("missed", missed.total()):
            logger.info("missed", extra={"fields": {**missed}})
        for name, count in self.panel.failures.items():
            if self._have_grown(f"policy {name}", count):
                logger.warning("policy_failed", extra={"fields": {"policy": name, "count": count}})

    def _have_grown(self, counts: str, total: int) -> bool:
        before, self._counts_logged[counts] = self._counts_logged[counts], total
        return total > before

    def _tick_rooms(self, lost: frozenset[str]) -> None:
        """One room's trouble is not another's. No room is kept alive between two ticks."""
        for room in list(self._rooms.values()):
            try:
                room.tick(lost)
            except Exception:
                logger.exception("tick_failed")

    async def _lost_processes(self) -> frozenset[str]:
        """Processes that hold sessions of our rooms but no lease."""
        try:
            await self.logs.renew(self._services.process, formats.FORMAT)
            others = set().union(*(room.processes() for room in self._rooms.values())) - {self._services.process}
            return frozenset(others - await self.logs.alive(sorted(others))) if others else frozenset()
        except LogUnavailable:
            return frozenset()
        except Exception:  # whatever it is: time passes
            logger.exception("renew_failed")
            return frozenset()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._services.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("task_failed", exc_info=error)


def _gates(gates: Gates) -> list[Gate]:
    return [getattr(gates, name) for name in Gates.__struct_fields__]


async def _erase(log: RoomLog, expires_at: int) -> None:
    """Let go of a log, and of the room that follows it, then erase it."""
    await log.close()
    await log.erase(expires_at)


async def _once(under_way: dict[Key, asyncio.Future[Made]], key: Key, make: Callable[[], Awaitable[Made]]) -> Made:
    """What `make` gives or raises, made once however many ask for it at the same time."""
    if future := under_way.get(key):
        return await asyncio.shield(future)
    future = under_way[key] = asyncio.get_running_loop().create_future()
    try:
        made = await make()
    except BaseException as error:
        future.set_exception(error if isinstance(error, Exception) else LogUnavailable())
        future.exception()
        raise
    else:
        future.set_result(made)
        return made
    finally:
        del under_way[key]
