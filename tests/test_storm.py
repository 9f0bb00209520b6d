"""Everybody at once: coming back, posting, and waiting for slow hashes."""

import asyncio
import re
import sys
import threading
from collections.abc import Callable

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, SharedMemory, generous, house, second_house
from pseudonyms import pseudonyms
from real_time import GUARD_SECONDS, someone, until
from serving import ROOT, environment

from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import POSTS_PER_ROOM
from chatroom.core.refusals import Close, Refused
from chatroom.live import hub as hubs
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.live.slow_hashes import AT_ONCE, WAITING_AT_MOST, SlowHashes
from chatroom.log.memory import MemoryLogs

pytestmark = pytest.mark.usefixtures("unguarded")

PEOPLE = 200
NAMES = pseudonyms(PEOPLE)


# ---- coming back --------------------------------------------------------------------------------------------------------


async def test_everyone_comes_back_at_once_after_their_process_died() -> None:
    """The measurement itself, with fewer people: it fails unless all are back, resumed whole, each name there once."""
    measuring = await asyncio.create_subprocess_exec(
        sys.executable,
        *(str(ROOT / "benchmarks" / "storm.py"), str(PEOPLE)),
        env=environment({"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await measuring.communicate()
    assert (measuring.returncode, complained) == (0, b"")
    assert re.fullmatch(rb"200 people back after [\d.]+ s; median [\d.]+ s, p99 [\d.]+ s\n", said)


@in_fake_time
async def test_who_comes_back_at_once_to_a_process_that_knows_no_room_waits_for_one_hash() -> None:
    async with house(generous(), SharedMemory()) as inn:
        people = [await inn.join(name) for name in NAMES[:20]]
        other = await second_house(inn)
        runs = list[Callable[..., object]]()
        run = other.hub._services.hashes.run

        async def counted(function: Callable[..., bytes], *arguments: object) -> bytes:
            runs.append(function)
            return await run(function, *arguments)

        object.__setattr__(other.hub._services.hashes, "run", counted)
        again = [other.knock() for _ in people]
        for person, guest in zip(people, again, strict=True):
            guest.say("hello", secret=inn.keys.secret, seat=person.seat, position=person.position)
        await inn.loop.settle()
        assert [guest.last("welcome")["recovered"] for guest in again] == [True] * len(people)
        assert len(runs) == 1
        assert other.hub._deriving == {}
        await other.hub.stop()


# ---- everyone posting in the same instant -------------------------------------------------------------------------------


@in_fake_time
async def test_everyone_posts_in_the_same_instant() -> None:
    """What the room takes is acknowledged, the rest is refused with a time to come again; who does gets in, once."""
    async with house(capacity=PEOPLE + 1) as inn:
        people = [await inn.join(name) for name in NAMES]
        await inn.loop.advance(10)
        waiting = dict(enumerate(people))
        rounds = 0
        while waiting:
            answers = await everyone_posts(inn, waiting)
            done = [n for n, answer in answers.items() if answer["is"] == "done"]
            assert len(done) == min(len(waiting), round(POSTS_PER_ROOM.burst))
            assert all(answer["code"] == "room_busy" for n, answer in answers.items() if n not in done)
            waits = [answer["retry_after_seconds"] for n, answer in answers.items() if n not in done]
            assert all(0 < wait <= 60 for wait in waits)
            waiting = {n: guest for n, guest in waiting.items() if n not in done}
            await inn.loop.advance(POSTS_PER_ROOM.burst / POSTS_PER_ROOM.per_second)
            rounds += 1
        assert rounds == 4
        heard = [(frame["id"], frame["text"]) for frame in people[0].all("entry") if frame["event"] == "message_posted"]
        assert sorted(text for _, text in heard) == sorted(f"words {n}" for n in range(PEOPLE))
        for person in people:
            mine = [(frame["id"], frame["text"]) for frame in person.all("entry") if frame["event"] == "message_posted"]
            assert mine == heard


async def everyone_posts(inn: House, waiting: dict[int, Guest]) -> dict[int, Frame]:
    """All of them before anyone is answered; each exactly one answer."""
    refs = {n: guest.say("post", origin_id=f"origin-{n:03}", text=f"words {n}") for n, guest in waiting.items()}
    await inn.loop.settle()
    for n, guest in waiting.items():
        assert sum(frame.get("ref") == refs[n] for frame in guest.frames) == 1
    return {n: guest.answer(refs[n]) for n, guest in waiting.items()}


# ---- slow hashes --------------------------------------------------------------------------------------------------------


class Held:
    """A slow hash that lasts until it is let go, and counts how many last at once. A context manager that lets go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.begun = threading.Semaphore(0)
        self._lock, self._now, self.most = threading.Lock(), 0, 0

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()

    def __call__(self, number: int) -> int:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.begun.release()
        assert self.let_go.wait(GUARD_SECONDS)
        with self._lock:
            self._now -= 1
        return number


async def test_two_slow_hashes_run_at_once_a_hundred_wait_and_more_are_refused_kindly() -> None:
    hashes = SlowHashes()
    with Held() as held:
        under_way = [asyncio.create_task(hashes.run(held, number)) for number in range(WAITING_AT_MOST)]
        for _ in range(AT_ONCE):
            assert await asyncio.to_thread(held.begun.acquire, timeout=GUARD_SECONDS)
        with pytest.raises(Refused) as refused:
            await asyncio.wait_for(hashes.run(held, -1), GUARD_SECONDS)
    assert (refused.value.code, refused.value.retry_after_seconds) == ("server_busy", 5)
    assert await asyncio.gather(*under_way) == list(range(WAITING_AT_MOST))
    assert held.most == AT_ONCE
    assert await hashes.run(held, 7) == 7
    hashes.close()


async def test_while_hashes_are_under_way_another_room_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred strangers with a link each, of which the first two hold both threads: in a room nobody waits."""
    with Held() as held:
        hub = Hub(MemoryLogs(), generous())
        await hub.start()
        keys = await hub.open_room(OpenRoom(title="Tuesday", needs_moderator=False), "10.0.0.1")
        bea, cal = [await someone(hub, keys.secret, name) for name in ("Bea", "Cal")]
        monkeypatch.setattr(hubs, "room_key", lambda words: held(0).to_bytes(32))
        strangers = [Guest(hub, f"10.1.0.{number}") for number in range(WAITING_AT_MOST + 3)]
        for number, stranger in enumerate(strangers):
            stranger.say("hello", secret=new_secret((number << 6).to_bytes(SECRET_BYTES)))
        await until(lambda: len([stranger for stranger in strangers if stranger.frames]) == 3)
        assert [stranger.last("refused")["code"] for stranger in strangers[WAITING_AT_MOST:]] == ["server_busy"] * 3
        ref = bea.say("post", origin_id="origin-1", text="Is anyone here?")
        await until(lambda: any(frame.get("ref") == ref for frame in bea.frames))
        await until(lambda: cal.texts == ["Is anyone here?"])
        assert bea.answer(ref)["is"] == "done"
        assert not any(stranger.closed for stranger in strangers)
        await until(lambda: held.most == AT_ONCE)
        held.let_go.set()
        await until(lambda: all(stranger.closed for stranger in strangers[:WAITING_AT_MOST]))
        assert {stranger.closed for stranger in strangers[:WAITING_AT_MOST]} == {Close.NO_SUCH_ROOM}
        assert held.most == AT_ONCE
        await hub.stop()
