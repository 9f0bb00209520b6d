"""`benchmarks/client.py`, written from docs/protocol.md alone, really takes part in a meeting."""

import asyncio
import sys

from serving import ROOT, serving

from chatroom.live.opening import OpenRoom
from chatroom.web.opener import ask_to_open


async def started(link: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "benchmarks" / "client.py"),
        link,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


def say(client: asyncio.subprocess.Process, text: str) -> None:
    assert client.stdin
    client.stdin.write(f"{text}\n".encode())


async def hear(client: asyncio.subprocess.Process, text: str) -> str:
    """The next line that holds `text`."""
    assert client.stdout
    async with asyncio.timeout(20):
        while text not in (line := (await client.stdout.readline()).decode()):
            assert line, f"{text!r} was never printed"
    return line


async def leave(client: asyncio.subprocess.Process) -> None:
    assert client.stdin
    client.stdin.close()
    await hear(client, "You have left the meeting.")
    assert await client.wait() == 0


async def test_two_example_clients_talk_and_leave() -> None:
    async with serving() as [server]:
        wanted = OpenRoom(title="Tuesday", needs_moderator=False)
        link = (await asyncio.to_thread(ask_to_open, server.url, wanted))["participant"]
        one, other = await started(link), await started(link)
        say(one, "is anyone here")
        await hear(one, ": is anyone here")
        say(other, "I am")
        assert await hear(one, ": I am") != "I am\n"
        await leave(one)
        await leave(other)
