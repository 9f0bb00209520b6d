"""A whole client of a room, written from docs/protocol.md alone.

    python benchmarks/client.py 'http://127.0.0.1:8000/r#six-words-...'

Comes in under a suggested name, prints what is said, says what is typed, comes back by itself after a cut. Control-D leaves.
"""

import asyncio
import json
import random
import secrets
import sys
from typing import Any

import websockets
from websockets.typing import Origin

SILENCE_SECONDS = 45
LONGEST_WAIT_SECONDS = 20


class Client:
    """One seat in one room. `unsent` holds posts by origin_id until the server said done."""

    def __init__(self, link: str) -> None:
        page, _, fragment = link.partition("#")
        self.origin = Origin("/".join(page.split("/")[:3]))
        self.socket_url = "ws" + page.removeprefix("http").rpartition("/")[0] + "/ws"
        self.secret, _, self.token = fragment.partition(".")
        self.seat, self.wait, self.over = "", 0.0, False
        self.position = ""
        self.unsent: dict[str, str] = {}
        self.socket: websockets.ClientConnection | None = None

    async def run(self) -> None:
        """Stay in the room until it is over, through every cut."""
        tries = 0
        while not self.over:
            try:
                async with websockets.connect(self.socket_url, origin=self.origin, compression=None) as self.socket:
                    hello = {"secret": self.secret, "token": self.token, "seat": self.seat}
                    await self.send("hello", **hello, position=self.position)
                    while True:
                        await self.take(json.loads(await asyncio.wait_for(self.socket.recv(), SILENCE_SECONDS)))
                        tries = 0
            except (OSError, TimeoutError, websockets.WebSocketException):
                self.socket = None
            if not self.over:
                await asyncio.sleep(self.wait or random.uniform(0, min(LONGEST_WAIT_SECONDS, 0.5 * 2**tries)))
                tries, self.wait = tries + 1, 0.0

    async def send(self, command: str, **fields: object) -> None:
        if self.socket is not None:
            await self.socket.send(json.dumps({"do": command, **fields}))

    async def say(self, text: str) -> None:
        origin_id = secrets.token_urlsafe(12)
        self.unsent[origin_id] = text
        await self.send("post", origin_id=origin_id, text=text)

    async def take(self, frame: dict[str, Any]) -> None:
        """One frame from the server."""
        self.position = frame.get("position", self.position)
        if sentence := frame.get("sentence"):
            print(f"* {sentence}", flush=True)
        said = [frame] if frame.get("event") == "message_posted" else frame.get("room", {}).get("messages", [])
        for message in said:
            print(f"{message['nickname']}: {message['text'] or '(taken back)'}", flush=True)
        match frame["is"]:
            case "door" if frame["door"] == "open":
                await self.send("join", nickname=random.choice(frame["suggestions"]), accept_rules=True)
            case "welcome":
                self.seat = frame.get("seat", self.seat)
                for origin_id, text in list(self.unsent.items()):
                    await self.send("post", origin_id=origin_id, text=text)
            case "entry" if frame["event"] == "message_posted":
                self.unsent.pop(frame["origin_id"], None)
            case "closing":
                self.wait, self.over = frame["retry_after_seconds"], frame["code"] >= 4500


async def main(link: str) -> None:
    client = Client(link)
    staying = asyncio.ensure_future(client.run())
    while line := await asyncio.to_thread(sys.stdin.readline):
        if staying.done():
            return
        if line.strip():
            await client.say(line.strip())
    client.over = True
    await client.send("leave")
    await staying


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
