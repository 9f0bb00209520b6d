"""This server as a target of the side-by-side fan-out measurement: everything on, only the limits raised by settings.

`fanbench.py floor ours --ours benchmarks/target.py`; with OURS_REDIS=1 the rooms live in the Redis that fanbench starts.
"""

import hashlib
import itertools
import json
import os
import re
import socket
import sys
import urllib.request
from pathlib import Path
from typing import ClassVar

import fanbench

ROOT = Path(__file__).resolve().parent.parent
WORK = re.compile(rb'"work":\{"salt":"(\w+)","bits":(\d+)\}')
PYTHON = os.environ.get("OURS_PYTHON") or next(filter(os.path.exists, [str(ROOT / ".venv/bin/python"), sys.executable]))


class Ours(fanbench.Target):  # type: ignore[misc]
    name = "ours + Redis" if os.environ.get("OURS_REDIS") else "ours"
    command: ClassVar[list[str]] = [PYTHON, "-m", "chatroom", "serve"]
    redis = bool(os.environ.get("OURS_REDIS"))

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.origin = f"http://127.0.0.1:{port}"
        self.env = {
            "PYTHONPATH": str(ROOT),
            "PORT": str(port),
            "REDIS_URL": f"redis://127.0.0.1:{fanbench.REDIS_PORT}/0" if self.redis else "",
            "ROOMS_FILE": "none",
            "MAX_CONNECTIONS": "10000",
            "MAX_CONNECTIONS_PER_SOURCE": "10000",
            "HELLOS_PER_SOURCE_PER_SECOND": "10000",
            "ROOMS_PER_SOURCE_PER_HOUR": "36000",
            "POSTS_PER_PERSON_PER_SECOND": "10000",
            "POSTS_PER_ROOM_PER_SECOND": "10000",
            "COMMANDS_PER_SESSION_PER_SECOND": "10000",
        }
        self.secrets: dict[int, str] = {}
        self.people = self.posts = 0

    def open_room(self) -> str:
        body = json.dumps({"title": "Measured", "capacity": 1000, "needs_moderator": False}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.origin}
        with urllib.request.urlopen(urllib.request.Request(f"{self.origin}/api/rooms", body, headers)) as answer:
            secret: str = json.load(answer)["secret"]
        return secret

    def join(self, room: int) -> socket.socket:
        if room not in self.secrets:
            self.secrets[room] = self.open_room()
        self.people += 1
        connection: socket.socket
        connection, rest = fanbench.ws_connect(self.port, "/ws", headers=f"Origin: {self.origin}\r\n")
        connection.sendall(_frame(do="hello", secret=self.secrets[room]))
        work = WORK.search(fanbench.read_until(connection, b'"suggestions":', rest))
        proof = {"work": _proof(work[1], int(work[2]))} if work else {}
        connection.sendall(_frame(do="join", nickname=_name(self.people), accept_rules=True, **proof))
        fanbench.read_until(connection, b'"is":"welcome"', b"")
        return connection

    def wire(self, room: int, text: str) -> bytes:
        self.posts += 1
        return _frame(do="post", origin_id=f"measured-{self.posts:08d}", text=text)


def _frame(**fields: object) -> bytes:
    frame: bytes = fanbench.frame(json.dumps(fields).encode())
    return frame


def _proof(salt: bytes, bits: int) -> str:
    """The answer to the puzzle of a door that many come through at once."""
    return next(
        str(nonce)
        for nonce in itertools.count()
        if int.from_bytes(hashlib.sha256(b"%b:%d" % (salt, nonce)).digest()) >> (256 - bits) == 0
    )


def _name(number: int) -> str:
    """A name of letters only, different for each number."""
    letters = ""
    while number:
        number, digit = divmod(number, 20)
        letters += "bcdfghjklnpqrstvwxyz"[digit] + "uo"[digit % 2]
    return f"Fern {letters.title()}"
