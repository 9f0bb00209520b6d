"""What lives in the memory of real servers while a meeting lasts, and that nothing of it lives there afterwards."""

import itertools
import json
import signal
from pathlib import Path

import pytest
import talking
from servers import BINARIES, MISSING, RedisServer
from talking import Street
from test_privacy_redis import MARK, Meeting, two_processes

SCAN = """
import json, os, pathlib, signal


def scan(number, frame):
    from remains import remaining

    words = json.loads((pathlib.Path(__file__).parent / "words").read_text())
    print(json.dumps(sorted(remaining(words))), flush=True)


signal.signal(signal.SIGUSR1, scan)
"""
"""On a signal a server says which words any of its living objects holds."""
SCANS_AT_MOST = 5
"""Some, since what is under way may take a moment to end; few, so that no ping comes meanwhile and takes the place of words."""


class Memory:
    """Looks for words in the memory of running servers."""

    def __init__(self, streets: list[Street], folder: Path) -> None:
        self._streets, self._file = streets, folder / "words"

    async def holds(self, words: dict[str, bytes], expected: set[str]) -> set[str]:
        """The names of those words that some object of some server holds, as soon as they are the expected ones."""
        for _ in range(SCANS_AT_MOST):
            found = await self._scan(words)
            if found == expected:
                break
        return found

    async def _scan(self, words: dict[str, bytes]) -> set[str]:
        """The words are passed on backwards."""
        self._file.write_text(json.dumps({name: word.decode("latin-1")[::-1] for name, word in words.items()}))
        found = set[str]()
        for street in self._streets:
            street.server.process.send_signal(signal.SIGUSR1)
            assert street.server.process.stdout
            found |= set(json.loads(await street.server.process.stdout.readline()))
        return found


async def test_after_a_meeting_no_object_of_a_server_holds_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two real servers with Redis; everyone comes from 10.0.200.x. In the middle of it the search finds what it should."""
    if not BINARIES:
        pytest.fail(MISSING)
    monkeypatch.setattr(talking, "_addresses", itertools.count(200 << 8))
    with RedisServer(next(iter(BINARIES.values()))) as redis:
        async with two_processes(redis.url, tmp_path, SCAN) as streets:
            for street in streets:
                street.headers = {"User-Agent": f"{MARK} browser", "Referer": f"https://{MARK}.example/"}
            meeting, memory = Meeting(streets), Memory(streets, tmp_path)
            async for step in meeting.steps():
                if step == "talk":
                    await in_the_middle(meeting, memory)
            for street in streets:
                await street.go_home()
            words = {f"word {number}": word for number, word in enumerate(meeting.words)}
            found = await memory.holds(words, set())
            assert {words[name] for name in found} == set()


async def in_the_middle(meeting: Meeting, memory: Memory) -> None:
    """Texts, names and the secret are there; role tokens, the passphrase, addresses and what browsers say are not."""
    keys = meeting.keys
    for street in meeting.streets:
        await street.http.aclose()
    words = {
        "text": f"{MARK} text 3",
        "name": f"{MARK} Bea",
        "secret": keys.secret,
        "host": keys.host_token,
        "moderator": keys.moderator_token,
        "passphrase": f"{MARK} passphrase",
        "address": "10.0.200.",
        "browser": f"{MARK} browser",
        "page": f"{MARK}.example",
    }
    expected = {"text", "name", "secret"}
    assert await memory.holds({name: word.encode() for name, word in words.items()}, expected) == expected
