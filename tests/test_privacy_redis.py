"""Whoever reads all that Redis holds, hears and writes down learns no word, no name and no secret of a meeting."""

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from redis_watch import Watch, forms, lives, steps, traces, watched
from scene_drivers import WAIT_SECONDS
from screen import Frame
from servers import BINARIES, MISSING, SERVER_NAMES
from serving import ROOT, serving
from talking import SETTINGS, Street, Talker

from chatroom.core.identity import room_key, token_hash
from chatroom.core.limits import EXPIRY_GRACE_SECONDS, LEASE_SECONDS
from chatroom.core.refusals import Close
from chatroom.live.opening import OpenedRoom

MARK = "kumquat"
GRACE_MS = 2 * 60_000
OFTEN = "import chatroom.live.writer\nchatroom.live.writer.SNAPSHOT_EVERY_ENTRIES = 10\n"
"""A short meeting leaves a snapshot of the room as well."""


@pytest.fixture(scope="module", params=SERVER_NAMES)
def binary(request: pytest.FixtureRequest) -> str:
    if not BINARIES:
        pytest.fail(MISSING)
    return BINARIES[request.param]


@asynccontextmanager
async def two_processes(redis_url: str, folder: Path, more: str = "") -> AsyncIterator[list[Street]]:
    """Two servers that run `more` Python at their start."""
    (folder / "sitecustomize.py").write_text(OFTEN + more)
    settings = {**SETTINGS, "PYTHONPATH": f"{folder}:{ROOT}:{ROOT / 'tests'}"}
    async with AsyncExitStack() as stack:
        streets = []
        for server in await stack.enter_async_context(serving(settings, processes=2, redis_url=redis_url)):
            headers = {"Origin": server.url}
            http = httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=WAIT_SECONDS)
            streets.append(Street(server, await stack.enter_async_context(http)))
        try:
            yield streets
        finally:
            for street in streets:
                await street.go_home()


class Meeting:
    """A meeting in two processes, and every word of it that nobody may find."""

    def __init__(self, streets: list[Street]) -> None:
        self.streets = streets
        self.words = {MARK.encode()}
        self.ends_at = 0
        self.keys: OpenedRoom
        self.host: Talker

    def keep_secret(self, *secrets: str) -> None:
        for secret in secrets:
            self.words |= {secret.encode(), token_hash(secret), token_hash(secret).hex().encode()}

    def note_network(self, street: Street) -> None:
        """The network that people come from at this time."""
        self.words.add(street.from_somewhere()["X-Forwarded-For"].rpartition(".")[0].encode() + b".")

    async def open(self) -> OpenedRoom:
        for street in self.streets:
            self.note_network(street)
        texts = {name: f"{MARK} {name}" for name in ("title", "welcome", "passphrase")}
        self.keys = keys = await self.streets[0].open_room(**texts, rules=[f"{MARK} rule"], page=f"https://{MARK}/r")
        self.keep_secret(keys.secret, keys.host_token, keys.moderator_token)
        self.words.add(room_key(keys.secret))
        self.ends_at = keys.ends_at
        return keys

    async def join(self, street: Street, keys: OpenedRoom, name: str, token: str = "") -> Talker:
        talker = await street.hello(keys.secret, token)
        fields = {"nickname": f"{MARK} {name}", "accept_rules": True, "passphrase": f"{MARK} passphrase"}
        assert (await talker.ask("join", **fields))["is"] == "welcome"
        self.keep_secret(talker.seat, talker.me)
        return talker

    async def come_together(self) -> tuple[OpenedRoom, list[Talker]]:
        keys = await self.open()
        here, there = self.streets
        names = ((here, "Ada", keys.host_token), (there, "Mo", keys.moderator_token), (here, "Bea", ""), (there, "Cal", ""))
        return keys, [await self.join(street, keys, name, token) for street, name, token in names]

    async def steps(self) -> AsyncIterator[str]:
        """Do everything there is to do, step by step; the name of what was done."""
        keys, (ada, mo, bea, cal) = await self.come_together()
        self.host = ada
        yield "come together"
        said = [await self.say(bea if n % 2 else cal, n) for n in range(20)]
        yield "talk"
        await self.support(ada, mo, bea)
        yield "support"
        await self.safety(mo, bea, cal)
        yield "safety"
        for talker, do, fields in self.everything(said, mo, bea, cal):
            await done(talker, do, **fields)
            yield do
        await mo.sent_away(Close.LEFT)
        await cal.sent_away(Close.REMOVED)
        await done(mo := await self.join(self.streets[1], keys, "Moss", keys.moderator_token), "readmit", participant=cal.me)
        await self.streets[1].hello(keys.secret, seat=cal.seat, position=cal.welcome["position"])
        yield "come back"
        self.ends_at += 5 * 60_000
        await done(ada, "extend", minutes=5)
        yield "extend"
        await ada.say({"do": "end"})
        for talker in (ada, mo, bea):
            await talker.sent_away(Close.ENDED)
        for street in self.streets:
            self.note_network(street)

    async def say(self, talker: Talker, number: int) -> str:
        return await done(talker, "post", origin_id=f"{MARK}-{number}", text=f"{MARK} text {number}")

    async def support(self, ada: Talker, mo: Talker, bea: Talker) -> None:
        await done(bea, "ask_support")
        await done(bea, "say_privately", origin_id=f"{MARK}-line", text=f"{MARK} line")
        await done(mo, "claim_line", line=bea.me)
        await done(ada, "allow_chips", on=True)
        await done(bea, "take_chip", origin_id=f"{MARK}-chip", chip="own", words=f"{MARK} chip")
        options = [f"{MARK} option", "none"]
        poll = await done(ada, "open_poll", question=f"{MARK} question", options=options, kind="single")
        await done(bea, "vote", poll=poll, choices=[0])

    async def safety(self, mo: Talker, bea: Talker, cal: Talker) -> None:
        await done(mo, "set_words", words=[{"pattern": f"{MARK} pattern", "kind": "literal", "verdict": "hold"}])
        await done(mo, "say_to_team", origin_id=f"{MARK}-team", text=f"{MARK} team")
        await done(mo, "write_note", participant=bea.me, text=f"{MARK} note")
        await done(bea, "worry", participant=cal.me)
        await self.held(mo)
        await self.direct(bea, cal)

    async def held(self, mo: Talker) -> None:
        """Of two held messages of someone new one is rejected, and one waits until the end."""
        await done(mo, "set_pace", slow_seconds=0, listen_minutes=0, hold_new=True)
        dee = await self.join(self.streets[0], self.keys, "Dee")
        first, _ = [await self.say(dee, number) for number in (30, 31)]
        await mo.hears(first)
        await done(mo, "reject_held", held=first, reason=f"{MARK} reject")

    async def direct(self, bea: Talker, cal: Talker) -> None:
        await done(self.host, "set_direct", on=True)
        await done(bea, "ask_direct", participant=cal.me)
        await told(cal, "direct", state="asks_me")
        await done(cal, "answer_direct", participant=bea.me, yes=True)
        await told(bea, "direct", state="open")
        said = await done(bea, "say_direct", participant=cal.me, origin_id=f"{MARK}-direct", text=f"{MARK} direct")
        heard = await told(cal, "direct_said", text=f"{MARK} direct")
        assert heard["said"] != said
        fields = {"participant": bea.me, "said": heard["said"], "reason": "unsafe", "words": f"{MARK} report"}
        await done(cal, "report_direct", **fields)

    def everything(
        self, said: list[str], mo: Talker, bea: Talker, cal: Talker
    ) -> Iterator[tuple[Talker, str, dict[str, object]]]:
        odd = next(offset for n, offset in enumerate(said) if n % 2)
        yield cal, "react", {"message": odd, "reaction": "heart"}
        yield cal, "report", {"message": odd, "reason": "other", "words": f"{MARK} words"}
        yield mo, "redact", {"message": odd, "reason": f"{MARK} reason"}
        yield bea, "retract", {"message": said[3]}
        yield mo, "mute", {"participant": cal.me, "minutes": 5, "reason": f"{MARK} mute"}
        yield mo, "set_door", {"door": "locked"}
        yield mo, "set_door", {"door": "open"}
        yield mo, "remove", {"participant": cal.me, "reason": f"{MARK} remove"}
        yield mo, "leave", {}


async def done(talker: Talker, do: str, **fields: object) -> str:
    if do == "leave":
        await talker.say({"do": do})
        return ""
    answer = await talker.ask(do, **fields)
    assert answer["is"] == "done", answer
    return str(answer["id"])


async def told(talker: Talker, event: str, **fields: object) -> Frame:
    """What was told to one alone, when it has come."""
    meant = {"event": event, **fields}
    await talker.until(lambda: any(meant.items() <= frame.items() for frame in talker.frames))
    return next(frame for frame in talker.frames if meant.items() <= frame.items())


@dataclass
class Story:
    """What was seen of Redis through a whole meeting."""

    words: set[bytes]
    history: bytes
    told: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """What Redis told before the end, after it, and when the processes had stopped."""
    ends: list[tuple[str, int, dict[bytes, int]]] = field(default_factory=list)
    """After each step: its name, when the meeting was to end, and when each key was to."""
    left: list[bytes] = field(default_factory=list)
    """The keys at the very end."""


def room_keys(keys: set[bytes]) -> set[bytes]:
    return {key for key in keys if key.startswith(b"chatroom:room:")}


@pytest_asyncio.fixture(scope="module")
async def story(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Story:
    async with watched(binary) as (url, watch):
        story = Story(set(), b"")
        async with two_processes(url, tmp_path_factory.mktemp("often")) as streets:
            meeting = Meeting(streets)
            async for name in meeting.steps():
                story.ends.append((name, meeting.ends_at, await watch.ends()))
                if name == "extend":
                    story.told["before the end"] = await watch.told()
            await erased(watch)
            story.told["after the end"] = await watch.told()
        story.told["afterwards"] = await watch.told()
        story.words, story.history, story.left = meeting.words, watch.history(), await watch.client.keys("*")
        return story


async def erased(watch: Watch) -> None:
    """Return when the processes have been told that the room is gone."""
    await watch.until(lambda: any(channel.startswith(b"chatroom:room:") and not data for channel, data in watch.published))


async def test_no_word_name_or_secret_is_anywhere_in_redis_during_a_meeting_or_after_it(story: Story) -> None:
    assert len(story.words) > 20
    assert len(story.told) == 3
    for when, told in story.told.items():
        assert traces(story.words, told) == set(), when
    assert all(story.told["before the end"].values())


async def test_what_redis_sees_of_a_room_are_keys_that_tell_nothing(story: Story) -> None:
    _, _, ends = story.ends[-1]
    assert {key.rpartition(b":")[2] for key in room_keys(set(ends))} == {b"meta", b"entries", b"origins", b"snapshot"}
    assert all(key.startswith((b"chatroom:room:{", b"chatroom:lease:")) for _, _, ends in story.ends for key in ends)


async def test_every_key_has_an_end_soon_after_that_of_the_meeting(story: Story) -> None:
    assert len(story.ends) > 10
    for name, ends_at, ends in story.ends:
        assert all(0 < end <= ends_at + GRACE_MS for end in ends.values()), name
        assert room_keys(set(ends)), name


async def test_no_key_is_without_an_end_at_any_moment(story: Story) -> None:
    """Others see the keys between two steps of the server, and these are all the steps."""
    moments = list(lives(story.history))
    assert any(len(room_keys(keys)) == 4 for keys, _ in moments)
    assert [keys - ending for keys, ending in moments if keys - ending] == []


async def test_all_keys_of_a_room_go_in_one_step_when_it_ends(story: Story) -> None:
    counts = [len(room_keys(keys)) for keys, _ in lives(story.history)]
    assert 4 in counts
    assert counts[counts.index(4) :] == sorted(counts[counts.index(4) :], reverse=True)
    assert set(counts[counts.index(4) :]) == {4, 0}
    assert room_keys(set(story.left)) == set()


async def test_the_keys_of_killed_processes_end_by_themselves(binary: str, tmp_path: Path) -> None:
    async with watched(binary) as (url, watch), two_processes(url, tmp_path) as streets:
        meeting = Meeting(streets)
        _, (_, _, bea, _) = await meeting.come_together()
        for number in range(20):
            await meeting.say(bea, number)
        for street in streets:
            street.server.process.kill()
            await street.server.process.wait()
        found = {key: await watch.client.pttl(key) for key in await watch.client.keys("*")}
        seconds, microseconds = await watch.client.time()
        now = seconds * 1000 + microseconds // 1000
        assert len(room_keys(set(found))) == 4
        assert all(0 < left <= meeting.ends_at + GRACE_MS - now for left in found.values())
        assert all(left <= LEASE_SECONDS * 1000 for key, left in found.items() if key not in room_keys(set(found)))
        assert traces(meeting.words, await watch.told()) == set()


ERASES_NOTHING = """
import asyncio
import chatroom.log.redis_life

async def erase(self, room, left_ms):
    await asyncio.Event().wait()

chatroom.log.redis_life.Life.erase = erase
"""
"""A process for ever between the end of a room and its erasing."""


async def test_a_room_whose_processes_are_killed_before_they_erase_it_is_gone_in_a_minute(binary: str, tmp_path: Path) -> None:
    async with watched(binary) as (url, watch):
        async with two_processes(url, tmp_path, ERASES_NOTHING) as streets:
            meeting = Meeting(streets)
            keys, people = await meeting.come_together()
            await done(people[2], "post", origin_id="origin-1", text=MARK)
            await people[0].say({"do": "end"})
            for talker in people:
                await talker.sent_away(Close.ENDED)
            for street in streets:
                street.server.process.kill()
                await street.server.process.wait()
        left_ms = {key: await watch.client.pttl(key) for key in await watch.client.keys("chatroom:room:*")}
        assert left_ms
        assert all(0 < left <= EXPIRY_GRACE_SECONDS * 1000 for left in left_ms.values()), left_ms
        (tmp_path / "sitecustomize.py").unlink()
        async with two_processes(url, tmp_path) as streets:
            who = await streets[0].hello(keys.secret)
            await who.sent_away(Close.NO_SUCH_ROOM)
            await erased(watch)
            assert room_keys(set(await watch.client.keys("*"))) == set()


# ---- the watch itself -------------------------------------------------------------------------------------------------


async def test_what_is_planted_in_redis_is_found_in_every_place_and_form(binary: str) -> None:
    async with watched(binary) as (_, watch):
        for form in forms(MARK.encode()):
            await watch.client.set(b"key", b"of the " + form * 20)
            await watch.client.publish(b"channel", form)
        told = await watch.told()
        assert traces([MARK.encode()], told) == {(place, MARK.encode()) for place in told}
        assert len(told) == 7
        await watch.client.set(b"key", b"of nothing")
        gone = set(told) - {place for place, _ in traces([MARK.encode()], await watch.told())}
        assert gone == {"keys", "snapshot"}


@pytest.mark.parametrize("around", [(0, 0), (1, 0), (2, 1), (3, 2)])
def test_a_word_inside_a_longer_text_is_found_in_any_form(around: tuple[int, int]) -> None:
    before, after = around
    text = b"x" * before + MARK.encode() + b"y" * after
    for told in (text, text.hex().encode(), text.upper(), b64encode(text)):
        assert traces([MARK.encode()], {"here": told}), told
    assert not traces([MARK.encode()], {"here": sha256(text).hexdigest().encode()})


async def test_a_key_without_an_end_is_noticed(binary: str) -> None:
    async with watched(binary) as (_, watch):
        await watch.client.set("a", "", ex=10)
        await watch.client.set("a", "")
        await watch.client.rpush("b", "")
        await watch.client.expire("b", 10)
        await watch.client.unlink("a", "b")
        assert [keys - ending for keys, ending in lives(watch.history())][-5:] == [set(), {b"a"}, {b"a", b"b"}, {b"a"}, set()]
        async with watch.client.pipeline(transaction=True) as together:
            await together.rpush("c", "").expire("c", 10).execute()
        assert len(list(steps(watch.history()))[-1]) == 2
        assert await watch.ends() != {}
