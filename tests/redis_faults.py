"""A Redis server that can be killed and started again, and a room followed by one process."""

import asyncio
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from followers import FAR_MS, GUARD_SECONDS, ROOM, Heard
from servers import free_port

from chatroom.core.events import Draft
from chatroom.log.base import Conflict, LogUnavailable
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_room import RedisLog
from chatroom.log.seal import Seal


class MortalServer:
    """A server on one port for all its lives; a context manager. `older` keeps what SAVE wrote for another life."""

    def __init__(self, binary: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._binary = binary

    def __enter__(self) -> "MortalServer":
        self._directory = tempfile.TemporaryDirectory()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._directory.cleanup()

    def start(self) -> None:
        """With the data of `dump.rdb`, if there is one."""
        settings = {"port": str(self.port), "bind": "127.0.0.1", "dir": self._directory.name, "save": ""}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen([self._binary, *options], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert any("Ready to accept connections" in line for line in self._process.stdout)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """Let the next life begin with nothing."""
        (Path(self._directory.name) / "dump.rdb").unlink(missing_ok=True)

    def restart(self) -> None:
        self.kill()
        self.start()

    def copy_to(self, other: "MortalServer") -> None:
        """Give another server, in its next life, what was saved here."""
        shutil.copy(Path(self._directory.name) / "dump.rdb", other._directory.name)


class Room:
    """A room, and how a process that follows it says something."""

    def __init__(self, logs: RedisLogs, key: bytes) -> None:
        self.key, self.expires_at = key, logs.now() + FAR_MS
        self.seal = Seal(key)
        self.log: RedisLog = logs.log(key)
        self.heard = Heard()

    @classmethod
    async def open(cls, logs: RedisLogs) -> "Room":
        room = cls(logs, secrets.token_bytes(32))
        await logs.create(room.key, ROOM, room.expires_at)
        await room.heard.follow(room.log)
        return room

    @classmethod
    async def join(cls, logs: RedisLogs, other: "Room") -> "Room":
        room = cls(logs, other.key)
        room.expires_at = other.expires_at
        await room.heard.follow(room.log)
        return room

    @classmethod
    async def join_again(cls, logs: RedisLogs, other: "Room") -> "Room":
        """Join after a restart of the server: the first tries use up what is left of old connections."""
        async with asyncio.timeout(GUARD_SECONDS):
            while True:
                with suppress(LogUnavailable):
                    return await cls.join(logs, other)

    async def say(self, logs: RedisLogs, *drafts: Draft) -> list[int]:
        """Append, again and again, as a writer does."""
        async with asyncio.timeout(GUARD_SECONDS):
            while True:
                try:
                    return await self.append(*drafts)
                except (Conflict, LogUnavailable):
                    with suppress(LogUnavailable):
                        await logs.check()

    async def append(self, *drafts: Draft, snapshot: bytes = b"") -> list[int]:
        receipts = await self.log.append(drafts, decided_at=self.heard.head, expires_at=self.expires_at, snapshot=snapshot)
        return [receipt.offset for receipt in receipts]
