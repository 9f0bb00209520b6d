"""A Redis server set up to keep as much as it can, and all that it can be made to tell."""

import asyncio
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from servers import RedisServer

HOSTILE = {
    "appendonly": "yes",
    "appendfsync": "always",
    "aof-disable-auto-gc": "yes",
    "save": "3600 1",
    "rdbcompression": "no",
    "slowlog-log-slower-than": "0",
    "slowlog-max-len": "100000",
}
"""Everything is written down, files are kept for ever, and nothing is compressed, so that it can be searched."""
WAIT_SECONDS = 20
ESCAPE = re.compile(rb"\\(x[0-9a-f]{2}|.)", re.DOTALL)
CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}
WHOLE_CHARACTERS = (0, 2, 3)
"""By the number of bytes before a word: where the base64 characters begin that depend on the word alone."""


def forms(word: bytes) -> Iterator[bytes]:
    """The word as it is, as hex, and as base64 wherever it stands in a longer text; in lower case."""
    yield word.lower()
    yield word.hex().encode()
    for before, start in enumerate(WHOLE_CHARACTERS):
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + word)[start : (before + len(word)) * 8 // 6].lower()


def traces(words: Iterable[bytes], told: dict[str, bytes]) -> set[tuple[str, bytes]]:
    """Where which of the words can be found, in any of its forms."""
    places = {place: text.lower() for place, text in told.items()}
    return {(place, word) for word in words for form in forms(word) for place, text in places.items() if form in text}


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes.fromhex(code[1:].decode()) if len(code) == 3 else CONTROLS.get(code, code)


class Watch:
    """`client` sees the server with the operator's eyes; `commands` and `published` collect what passes."""

    def __init__(self, client: Any, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.commands, self.published = bytearray(), list[tuple[bytes, bytes]]()
        self._news = asyncio.Event()
        self._barriers = 0

    async def collect_commands(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            self.commands += data
            self._news.set()

    async def collect_messages(self, ears: Any) -> None:
        async for message in ears.listen():
            self.published.append((message["channel"], message["data"]))
            self._news.set()

    async def settle(self) -> None:
        """Return when everything that passed so far has been collected."""
        self._barriers += 1
        barrier = f"barrier-{self._barriers}-".encode()
        await self.client.publish(barrier, b"")
        await self.until(lambda: barrier in self.commands and (barrier, b"") in self.published)

    async def until(self, ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not ready():
                self._news.clear()
                await self._news.wait()

    async def ends(self) -> dict[bytes, int]:
        """When each key ends, in milliseconds since 1970; -1: never."""
        found = {key: await self.client.pexpiretime(key) for key in await self.client.keys("*")}
        return {key: end for key, end in found.items() if end != -2}

    async def told(self) -> dict[str, bytes]:
        """All the server tells of what it holds and of what it was asked since the beginning."""
        await self.settle()
        slow = [entry["command"] for entry in await self.client.slowlog_get(-1)]
        return {
            "keys": await self._keys(),
            "commands": ESCAPE.sub(_unescape, bytes(self.commands)),
            "published": b"\n".join(part for message in self.published for part in message),
            "slowlog": b"\n".join(slow),
            **await self._files_written(),
        }

    async def _keys(self) -> bytes:
        keys = await self.client.keys("*")
        return b"\n".join([part for key in keys for part in (key, await self.client.dump(key) or b"")])

    async def _files_written(self) -> dict[str, bytes]:
        """Every file of the server, after a snapshot and a rewriting."""
        await self.client.save()
        await self.client.bgrewriteaof()
        async with asyncio.timeout(WAIT_SECONDS):
            while (state := await self.client.info("persistence"))["aof_rewrite_in_progress"]:
                pass
        assert state["aof_last_bgrewrite_status"] == "ok"
        return {"snapshot": self._files("dump.rdb"), "rewritten": self._files("*.base.rdb"), "history": self.history()}

    def history(self) -> bytes:
        """Every change since the beginning, oldest first."""
        return self._files("*.incr.aof")

    def _files(self, pattern: str) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob(pattern)))


Step = list[list[bytes]]


def steps(history: bytes) -> Iterator[Step]:
    """The steps in which a server changed its keys: single commands, and those between MULTI and EXEC together."""
    together: Step | None = None
    for command in _commands(history):
        name = command[0].upper()
        if name == b"MULTI":
            together = []
        elif name == b"EXEC":
            yield together or []
            together = None
        elif together is not None:
            together.append(command)
        else:
            yield [command]


def _commands(data: bytes) -> Iterator[list[bytes]]:
    """The commands of a stream of requests (RESP)."""
    at = 0

    def number(kind: bytes) -> int:
        nonlocal at
        end = data.index(b"\r\n", at)
        assert data[at : at + 1] == kind
        value, at = int(data[at + 1 : end]), end + 2
        return value

    while at < len(data):
        command = []
        for _ in range(number(b"*")):
            length = number(b"$")
            command.append(data[at : at + length])
            at += length + 2
        yield command


def lives(history: bytes) -> Iterator[tuple[set[bytes], set[bytes]]]:
    """After each step: the keys there are, and those of them that have an end."""
    keys, ending = set[bytes](), set[bytes]()
    for step in steps(history):
        for name, *arguments in step:
            match name.upper():
                case b"SELECT":
                    continue
                case b"DEL" | b"UNLINK":
                    keys, ending = keys - set(arguments), ending - set(arguments)
                    continue
                case b"PEXPIREAT":
                    ending.add(arguments[0])
                case b"SET":
                    ending = ending | {arguments[0]} if b"PXAT" in arguments else ending - {arguments[0]}
            keys.add(arguments[0])
        yield set(keys), set(ending)


@asynccontextmanager
async def watched(binary: str) -> AsyncIterator[tuple[str, Watch]]:
    """The URL of a server that writes everything down, and what sees it."""
    with RedisServer(binary, **HOSTILE) as server:
        client: Any = Redis.from_url(server.url)
        watch = Watch(client, Path((await client.config_get("dir"))["dir"]))
        ears = client.pubsub()
        await ears.psubscribe("*")
        assert (await ears.get_message(timeout=WAIT_SECONDS))["type"] == "psubscribe"
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"MONITOR\r\n")
        assert await reader.readline() == b"+OK\r\n"
        collecting = [asyncio.create_task(watch.collect_commands(reader)), asyncio.create_task(watch.collect_messages(ears))]
        try:
            yield server.url, watch
        finally:
            for task in collecting:
                task.cancel()
            await asyncio.wait(collecting)
            writer.close()
            await ears.aclose()
            await client.aclose()
