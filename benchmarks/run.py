"""Fan-out of this server beside a plain Starlette loop and Django Channels with Redis, the same work in one run: `make bench`.

One room of RECEIVERS people hears messages of 200 bytes from one of them, first at 20 a second, then as fast as WINDOW messages
under way allow. Printed is the server's CPU time for each message at each receiver, deliveries a second, the time from
just before the send until the last receiver has it, and memory a person. Medians of ROUNDS, all on loopback.
"""

import asyncio
import base64
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import ClassVar

from servers import BINARIES, MISSING, RedisServer

ROOT = Path(__file__).resolve().parent.parent
RECEIVERS = 200
ROUNDS = 3
PACED_MESSAGES, MESSAGES_A_SECOND = 60, 20
SATURATED_MESSAGES, WINDOW = 300, 8
PAYLOAD_BYTES = 200
MARK = re.compile(rb"~(\d{6})~")


class Server:
    """A server process and how one talks to it."""

    name = ""
    environment: ClassVar[dict[str, str]] = {}

    def command(self) -> list[str]:
        raise NotImplementedError

    def hello(self) -> list[dict[str, object]]:
        """The frames by which a connection comes in, and after which it gets `welcome`; none when it is in at once."""
        return []

    def post(self, number: int, text: str) -> bytes:
        return text.encode()

    def __init__(self, port: int) -> None:
        self.port = port
        self.people = 0

    def __enter__(self) -> "Server":
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PORT": str(self.port), **self.environment}
        self.process = subprocess.Popen(self.command(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def cpu_seconds(self) -> float:
        """CPU time of the server process so far."""
        try:
            tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        except FileNotFoundError:
            minutes, _, seconds = self._ps("cputime").rpartition(":")
            return int(minutes.rpartition(":")[2]) * 60 + float(seconds)

    def memory_kb(self) -> int:
        return int(self._ps("rss"))

    def _ps(self, column: str) -> str:
        return subprocess.check_output(["ps", "-o", f"{column}=", "-p", str(self.process.pid)], text=True).strip()


class Ours(Server):
    name = "chatroom, everything on"
    environment: ClassVar[dict[str, str]] = {
        "ROOMS_FILE": "none",
        "MAX_CONNECTIONS_PER_SOURCE": "5000",
        "HELLOS_PER_SOURCE_PER_SECOND": "5000",
        "COMMANDS_PER_SESSION_PER_SECOND": "10000",
        "POSTS_PER_PERSON_PER_SECOND": "10000",
        "POSTS_PER_ROOM_PER_SECOND": "10000",
    }
    secret = ""
    capacity = 1000

    def command(self) -> list[str]:
        return [sys.executable, "-m", "chatroom", "serve"]

    def hello(self) -> list[dict[str, object]]:
        self.secret = self.secret or self._open_room()
        self.people += 1
        name = "Fern " + "".join(chr(ord("a") + int(digit)) for digit in str(self.people))
        return [{"do": "hello", "secret": self.secret}, {"do": "join", "nickname": name, "accept_rules": True}]

    def _open_room(self) -> str:
        origin = f"http://127.0.0.1:{self.port}"
        body = json.dumps({"title": "Measured", "capacity": self.capacity, "needs_moderator": False}).encode()
        request = urllib.request.Request(f"{origin}/api/rooms", body, {"Content-Type": "application/json", "Origin": origin})
        with urllib.request.urlopen(request) as answer:
            secret: str = json.load(answer)["secret"]
        return secret

    def post(self, number: int, text: str) -> bytes:
        return json.dumps({"do": "post", "origin_id": f"measured-{number:08d}", "text": text}).encode()


class Plain(Server):
    name = "Starlette, send_text in a loop"

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "benchmarks/starlette_loop.py"), str(self.port)]


class Channels(Server):
    name = "Django Channels + Redis"

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "benchmarks/channels_group.py"), str(self.port)]


def frame(payload: bytes) -> bytes:
    """One client text frame (RFC 6455, section 5.2), masked with zeros."""
    length = len(payload)
    head = bytes((0x81, 0x80 | length)) if length < 126 else b"\x81\xfe" + length.to_bytes(2, "big")
    return head + bytes(4) + payload


class Room:
    """All receivers of one measurement; `arrived[n]` counts who has message n."""

    def __init__(self, receivers: int) -> None:
        self.receivers = receivers
        self.reading: list[asyncio.Task[None]] = []
        self.arrived: dict[int, int] = {}
        self.whole: dict[int, float] = {}
        self.progress = asyncio.Event()

    async def join(self, server: Server) -> asyncio.StreamWriter:
        reader, writer = await _connect(server.port)
        if hello := server.hello():
            writer.write(b"".join(frame(json.dumps(fields).encode()) for fields in hello))
            await reader.readuntil(b'"is":"welcome"')
        self.reading.append(asyncio.create_task(self._read(reader)))
        return writer

    async def _read(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        while data := await reader.read(2**18):
            data = rest + data
            end = 0
            for mark in MARK.finditer(data):
                end = mark.end()
                self._count(int(mark[1]))
            rest = data[max(end, len(data) - 8) :]

    def _count(self, number: int) -> None:
        self.arrived[number] = self.arrived.get(number, 0) + 1
        if self.arrived[number] == self.receivers:
            self.whole[number] = time.monotonic()
            self.progress.set()

    async def until_whole(self, count: int) -> None:
        """Wait until `count` messages are everywhere."""
        while len(self.whole) < count:
            self.progress.clear()
            await asyncio.wait_for(self.progress.wait(), 30)


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
            break
        except OSError:
            await asyncio.sleep(0.05)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def say(
    server: Server, room: Room, writer: asyncio.StreamWriter, first: int, count: int, rate: float = 0, window: int = WINDOW
) -> list[float]:
    """Send messages, paced or (rate 0) at most `window` under way; milliseconds until each was everywhere."""
    sent: dict[int, float] = {}
    began = time.monotonic()
    for number in range(first, first + count):
        if rate:
            await asyncio.sleep(max(0, began + (number - first) / rate - time.monotonic()))
        else:
            await room.until_whole(number + 1 - window)
        sent[number] = time.monotonic()
        writer.write(frame(server.post(number, f"~{number:06d}~".ljust(PAYLOAD_BYTES, "x"))))
    await room.until_whole(first + count)
    return [(room.whole[number] - at) * 1000 for number, at in sent.items()]


async def measure(server: Server) -> dict[str, float]:
    room = Room(RECEIVERS)
    writers = [await room.join(server)]
    memory = server.memory_kb()
    writers += [await room.join(server) for _ in range(RECEIVERS - 1)]
    figures = {"KB a person": (server.memory_kb() - memory) / (RECEIVERS - 1)}
    for label, first, count, rate in (
        ("paced", 0, PACED_MESSAGES, MESSAGES_A_SECOND),
        ("saturated", PACED_MESSAGES, SATURATED_MESSAGES, 0),
    ):
        cpu, began = server.cpu_seconds(), time.monotonic()
        times = await say(server, room, writers[0], first, count, rate)
        deliveries = count * RECEIVERS
        figures[f"{label} us"] = (server.cpu_seconds() - cpu) * 1e6 / deliveries
        figures[f"{label} ms"] = statistics.median(times)
        figures[f"{label} /s"] = deliveries / (time.monotonic() - began)
    for writer in writers:
        writer.close()
    await asyncio.gather(*room.reading, return_exceptions=True)
    return figures


def measure_all(peers: list[type[Server]]) -> dict[str, list[dict[str, float]]]:
    """The figures of each peer, ROUNDS of them, one peer after the other in each round."""
    rows: dict[str, list[dict[str, float]]] = {peer.name: [] for peer in peers}
    port = 20_000 + os.getpid() % 9_000
    for _ in range(ROUNDS):
        for peer in peers:
            port += 1
            with peer(port) as server:
                rows[peer.name].append(asyncio.run(measure(server)))
    return rows


def main() -> None:
    if not BINARIES:
        sys.exit(MISSING)
    with RedisServer(next(iter(BINARIES.values()))) as redis:
        Channels.environment = {"REDIS_URL": redis.url}
        rows = measure_all([Ours, Plain, Channels])
    medians = {name: {key: statistics.median(row[key] for row in rounds) for key in rounds[0]} for name, rounds in rows.items()}
    print(f"{'median of ' + str(ROUNDS):32}" + "".join(f"{column:>15}" for column in medians[Ours.name]))
    for name, figures in medians.items():
        print(f"{name:32}" + "".join(f"{figure:15.2f}" for figure in figures.values()))
    for label in ("paced", "saturated"):
        shares = [
            f"{medians[Ours.name][f'{label} us'] / medians[peer.name][f'{label} us']:.2f} of {peer.name}"
            for peer in (Plain, Channels)
        ]
        print(f"{label}: this server's CPU time for each delivery is {', '.join(shares)}")


if __name__ == "__main__":
    main()
