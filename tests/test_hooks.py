"""Hooks: told once of what happened, without names or words; whatever a hook does, no room notices."""

import logging
import re
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any

import msgspec
import pytest
from fake_time import fake_time_loop, in_fake_time
from house import House, SharedMemory, SlowMemory, house, second_house
from scene_drivers import WAIT_SECONDS

from chatroom.core import events as e
from chatroom.core.events import Draft
from chatroom.core.room import Room
from chatroom.hooks.counts import STOP_SECONDS, WAITING_AT_MOST, Missed, MissedCounts
from chatroom.hooks.hook import Kind, Occasion
from chatroom.hooks.hooks import Hooks, Told
from chatroom.hooks.threads import InThread
from chatroom.live.hub import Hub
from chatroom.log.base import LogUnavailable, Receipt
from chatroom.log.memory import MemoryLog, MemoryLogs
from chatroom.web.logs import LineFormatter

MARK = "kumquat"


class Heard:
    """Keeps every occasion, and the rooms it was told to forget."""

    def __init__(self) -> None:
        self.counts = MissedCounts()
        self.occasions: list[Occasion] = []
        self.forgotten: list[str] = []

    def start(self) -> None: ...

    def happened(self, occasion: Occasion) -> None:
        self.occasions.append(occasion)

    def forget(self, room: str) -> None:
        self.forgotten.append(room)

    async def stop(self) -> None: ...

    @property
    def kinds(self) -> list[Kind]:
        return [occasion.kind for occasion in self.occasions]


async def a_meeting(inn: House) -> None:
    """Everything that hooks hear of, with a mark wherever someone wrote something."""
    ada, mo, cal = await inn.join(f"{MARK} A", "host"), await inn.join(f"{MARK} M", "moderator"), await inn.join(f"{MARK} C")
    said = await cal.ask("post", origin_id="origin-1", text=f"{MARK} message")
    await ada.ask("react", message=said["id"], reaction="heart")
    await mo.ask("report", message=said["id"], reason="spam", words=f"{MARK} words")
    await mo.ask("mute", participant=cal.me, minutes=5, reason=f"{MARK} mute")
    await ada.ask("remove", participant=cal.me, reason=f"{MARK} remove")
    dee = await inn.join(f"{MARK} D")
    await mo.ask("send_back", participant=dee.me, reason=f"{MARK} back")
    await ada.ask("end")


CALLED: list[tuple[Kind, int, dict[str, Any]]] = [
    (Kind.ATTENDED, 1, {}),
    (Kind.SUPPORT_ASKED, 3, {"lines_unclaimed": 1}),
    (Kind.CONCERN_NOTED, 3, {"concerns_open": 1}),
    (Kind.UNATTENDED, 2, {"starts_at": 1_000_000_000}),
]
"""What whoever is on call hears of, with a moderator who comes first and goes last."""
ON_CALL = {kind for kind, _, _ in CALLED}

TOLD: list[tuple[Kind, int, int, dict[str, Any], dict[str, str]]] = [
    (Kind.ROOM_OPENED, 0, 0, {"starts_at": 1_000_000_000, "ends_at": 1_003_600_000, "capacity": 100}, {}),
    (Kind.JOINED, 1, 1, {"role": "host"}, {}),
    (Kind.JOINED, 2, 2, {"role": "moderator"}, {}),
    (Kind.JOINED, 3, 2, {"role": "participant"}, {}),
    (Kind.REPORTED, 3, 2, {"reports_open": 1}, {"reason": "spam", "words": f"{MARK} words", "message": f"{MARK} message"}),
    (Kind.MUTED, 3, 2, {"until": 300_000, "by": "moderator"}, {"reason": f"{MARK} mute"}),
    (Kind.REMOVED, 2, 2, {"by": "host"}, {"reason": f"{MARK} remove"}),
    (Kind.JOINED, 3, 2, {"role": "participant"}, {}),
    (Kind.SENT_BACK, 2, 2, {"by": "moderator"}, {"reason": f"{MARK} back"}),
    (Kind.ENDED, 2, 2, {"by": "host", "people": 4}, {}),
]


def since(occasion: Occasion) -> dict[str, Any]:
    """The facts, with the end of a mute counted from its beginning."""
    facts: dict[str, Any] = dict(occasion.facts)
    return {**facts, **({"until": facts["until"] - occasion.at} if "until" in facts else {})}


@pytest.mark.parametrize("texts", [False, True])
def test_hooks_hear_what_happened_with_texts_only_when_the_operator_says_so(texts: bool) -> None:
    @in_fake_time
    async def run() -> None:
        heard = Heard()
        async with house(hooks=Hooks([heard], texts), title=MARK, welcome=MARK, rules=(MARK,)) as inn:
            await a_meeting(inn)
        assert [(o.kind, o.here, o.moderators_here, since(o), o.texts) for o in heard.occasions] == [
            (*about, words if texts else {}) for *about, words in TOLD
        ]
        offsets = [occasion.offset for occasion in heard.occasions]
        assert offsets == sorted(set(offsets))
        (room,) = {occasion.room for occasion in heard.occasions}
        assert re.fullmatch("[0-9a-f]{32}", room)
        assert heard.forgotten == [room]
        assert texts or MARK not in msgspec.json.encode(heard.occasions).decode()

    run()


@in_fake_time
async def test_a_reported_direct_message_is_told_of_as_well() -> None:
    heard = Heard()
    async with house(hooks=Hooks([heard], texts=True)) as inn:
        ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
        await ada.ask("set_direct", on=True)
        await bea.ask("ask_direct", participant=cal.me)
        await cal.ask("answer_direct", participant=bea.me, yes=True)
        await bea.ask("say_direct", participant=cal.me, origin_id="origin-1", text="hello there")
        (said,) = [frame["said"] for frame in cal.all("personal") if frame["event"] == "direct_said"]
        reported = await cal.ask("report_direct", participant=bea.me, said=said, reason="unkind", words="not again")
        assert reported["is"] == "done", reported
    last = heard.occasions[-1]
    assert (last.kind, last.facts) == (Kind.REPORTED, {"reports_open": 1})
    assert last.texts == {"reason": "unkind", "words": "not again", "message": "hello there"}


@in_fake_time
async def test_a_room_that_ends_by_the_clock_is_told_of_as_well() -> None:
    heard = Heard()
    async with house(hooks=Hooks([heard]), minutes=15) as inn:
        await fake_time_loop().advance(15 * 60 + 1)
        assert inn.hub.rooms == 0
    assert heard.occasions[-1].facts == {"by": "clock", "people": 0}


@in_fake_time
async def test_a_room_has_one_name_on_every_process_and_another_than_any_other_room() -> None:
    here, there = Heard(), Heard()
    async with house(logs=SharedMemory(clock=fake_time_loop().milliseconds), hooks=Hooks([here])) as inn:
        other = await second_house(inn, Hooks([there]))
        await inn.join("Ada", "host")
        await other.join("Bea")
        await inn.open()
        await inn.join("Cal")
        await other.hub.stop()
    first, second = dict.fromkeys(occasion.room for occasion in here.occasions)
    assert [occasion.room for occasion in there.occasions] == [first]
    assert second != first
    assert first not in repr(inn.keys)


@in_fake_time
async def test_each_process_tells_of_what_it_brought_about_and_of_nothing_else() -> None:
    here, there = Heard(), Heard()
    async with house(logs=SharedMemory(clock=fake_time_loop().milliseconds), hooks=Hooks([here])) as inn:
        other = await second_house(inn, Hooks([there]))
        ada = await inn.join("Ada", "host")
        bea = await other.join("Bea")
        await ada.ask("mute", participant=bea.me, minutes=5, reason="a pause")
        await other.join("Cal")
        await fake_time_loop().advance(61 * 60)
        await other.hub.stop()
    assert sorted(here.kinds + there.kinds) == sorted(
        [Kind.ROOM_OPENED, Kind.JOINED, Kind.JOINED, Kind.JOINED, Kind.MUTED, Kind.ENDED]
    )
    assert [kind for kind in here.kinds if kind is not Kind.ENDED] == [Kind.ROOM_OPENED, Kind.JOINED, Kind.MUTED]
    assert [kind for kind in there.kinds if kind is not Kind.ENDED] == [Kind.JOINED, Kind.JOINED]


@in_fake_time
async def test_whoever_is_on_call_hears_of_a_call_a_concern_and_a_room_without_a_moderator() -> None:
    heard = Heard()
    async with house(hooks=Hooks([heard], texts=True), needs_moderator=True) as inn:
        mo, bea, cal = await inn.join("Mo", "moderator"), await inn.join("Bea"), await inn.join("Cal")
        await bea.ask("ask_support")
        await bea.ask("say_privately", origin_id="origin-1", text=f"{MARK} help")
        await mo.ask("open_line", participant=cal.me)
        await cal.ask("worry", participant=bea.me)
        await mo.ask("claim_line", line=bea.me)
        await mo.ask("leave")
        await fake_time_loop().advance(61)
        await inn.join("Di", "moderator")
        called = [(o.kind, o.here, dict(o.facts)) for o in heard.occasions if o.kind in ON_CALL]
        assert called == [*CALLED, (Kind.ATTENDED, 3, {})]
        assert MARK not in msgspec.json.encode(heard.occasions).decode()


@in_fake_time
async def test_the_first_person_in_a_room_that_has_no_moderator_is_told_of() -> None:
    heard = Heard()
    async with house(hooks=Hooks([heard]), needs_moderator=True) as inn:
        await inn.join("Bea")
        await inn.join("Cal")
    assert heard.kinds[:4] == [Kind.ROOM_OPENED, Kind.JOINED, Kind.UNATTENDED, Kind.JOINED]


class LosingLog(MemoryLog):
    """Stores, and then the answer is lost, the first time each."""

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        receipts = await super().append(drafts, decided_at=decided_at, expires_at=expires_at, snapshot=snapshot)
        if not receipts[0].duplicate:
            raise LogUnavailable("lost")
        return receipts


class LosingMemory(SharedMemory):
    def log(self, room_key: bytes) -> LosingLog:
        return LosingLog(self, room_key)


@in_fake_time
async def test_a_lost_answer_makes_nothing_happen_twice_or_never() -> None:
    heard = Heard()
    async with house(logs=LosingMemory(clock=fake_time_loop().milliseconds), hooks=Hooks([heard])) as inn:
        for name, role in (("Ada", "host"), ("Bea", "participant")):
            guest = await inn.door(role)
            guest.say("join", nickname=name, accept_rules=True)
            await fake_time_loop().advance(1)
    assert heard.kinds == [Kind.ROOM_OPENED, Kind.JOINED, Kind.JOINED]


class AllEvents(Hooks):
    """Keeps every event it is told of, whether anyone hears of it or not."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.Event] = []

    def tell(self, key: bytes, room: Room, events: Sequence[e.Event], offset: int) -> None:
        self.events += events


@in_fake_time
async def test_what_is_sent_again_through_another_process_is_told_once() -> None:
    here, there = AllEvents(), AllEvents()
    async with house(logs=SlowMemory(clock=fake_time_loop().milliseconds), hooks=here) as inn:
        other = await second_house(inn, there)
        bea = await inn.join("Bea")
        inn.slow_log().requests.clear()
        bea.say("post", origin_id="origin-1", text="hello")
        await fake_time_loop().settle()
        again = await other.back(bea)
        assert (await again.ask("post", origin_id="origin-1", text="hello"))["is"] == "done"
        inn.slow_log().requests.set()
        await fake_time_loop().advance(1)
        await other.hub.stop()
    posted = [[event for event in process.events if isinstance(event, e.MessagePosted)] for process in (here, there)]
    assert list(map(len, posted)) == [0, 1]


# ---- hooks that misbehave ------------------------------------------------------------------------------------------------


class Stuck:
    """Never returns from the first occasion until it is let go."""

    def __init__(self) -> None:
        self.reached, self.may_go = threading.Event(), threading.Event()
        self.heard: list[Occasion] = []

    def happened(self, occasion: Occasion) -> None:
        self.heard.append(occasion)
        self.reached.set()
        assert self.may_go.wait(WAIT_SECONDS)


class Failing:
    def happened(self, occasion: Occasion) -> None:
        raise RuntimeError(f"{MARK} {occasion}")


@in_fake_time
async def test_a_hook_that_never_returns_and_one_that_fails_delay_no_room_and_no_other_hook(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stuck, heard = Stuck(), Heard()
    told: list[Told] = [InThread(stuck), InThread(Failing()), heard]
    async with house(hooks=Hooks(told, texts=True)) as inn:
        assert stuck.reached.wait(WAIT_SECONDS)
        await a_meeting(inn)
        assert heard.kinds == [kind for kind, *_ in TOLD]
        assert len(stuck.heard) == 1
        stuck.may_go.set()
    assert [occasion.kind for occasion in stuck.heard] == heard.kinds
    assert all(not occasion.texts for occasion in stuck.heard), "they waited until the room had ended"
    assert inn.hub.hooks.counts == {Missed.HOOK_FAILED: len(TOLD)}
    lines = [LineFormatter().format(record) for record in caplog.records]
    assert sum("event=hook_failed error=RuntimeError where=chatroom.hooks.threads:" in line for line in lines) == len(TOLD)
    assert MARK not in "".join(lines)


@in_fake_time
async def test_the_end_waits_a_few_seconds_at_most_for_a_hook_that_does_not_return() -> None:
    stuck = Stuck()
    hook = InThread(stuck)
    hook.start()
    for offset in (1, 2, 3):
        hook.happened(an_occasion(offset))
    assert stuck.reached.wait(WAIT_SECONDS)
    stopping = fake_time_loop().create_task(hook.stop())
    await fake_time_loop().advance(STOP_SECONDS - 1)
    assert not stopping.done()
    await fake_time_loop().advance(1)
    assert stopping.done()
    assert hook.counts == {Missed.HOOK_DROPPED: 2}
    stuck.may_go.set()


@in_fake_time
async def test_of_too_many_occasions_for_a_slow_hook_the_oldest_are_dropped_and_counted() -> None:
    stuck = Stuck()
    hook = InThread(stuck)
    hook.start()
    hook.happened(an_occasion(0))
    assert stuck.reached.wait(WAIT_SECONDS)
    for offset in range(1, WAITING_AT_MOST + 4):
        hook.happened(an_occasion(offset))
    stuck.may_go.set()
    await hook.stop()
    assert [occasion.offset for occasion in stuck.heard] == [0, *range(4, WAITING_AT_MOST + 4)]
    assert hook.counts == {Missed.HOOK_DROPPED: 3}


class Over(str):
    """The id of a room; who compares with it waits until the hook was told something."""

    compared = threading.Event()
    told: threading.Event

    def __eq__(self, other: object) -> bool:
        self.compared.set()
        assert self.told.wait(WAIT_SECONDS)
        return super().__eq__(other)

    __hash__ = str.__hash__


async def test_what_a_hook_takes_as_a_room_ends_is_told_once() -> None:
    stuck, free, room = Stuck(), threading.Event(), Over("0" * 32)
    stuck.may_go.set()
    room.told = stuck.reached

    def pause(frame: FrameType, what: str, called: Any) -> None:
        """When the hook's thread first lets go of what it shares with others, until these have begun to look at it."""
        if what == "c_return" and called.__name__ == "__exit__" and not free.is_set():
            free.set()
            assert room.compared.wait(WAIT_SECONDS)

    hook = InThread(stuck)
    for offset in (1, 2, 3):
        hook.happened(an_occasion(offset, MARK))
    threading.setprofile(pause)
    hook.start()
    threading.setprofile(None)
    assert free.wait(WAIT_SECONDS)
    hook.forget(room)
    await hook.stop()
    assert [occasion.offset for occasion in stuck.heard] == [1, 2, 3]
    assert hook.counts.total() == 0


def an_occasion(offset: int, words: str = "") -> Occasion:
    texts = {"words": words} if words else {}
    return Occasion(kind=Kind.JOINED, at=1, room="0" * 32, offset=offset, here=1, moderators_here=0, texts=texts)


async def test_what_was_missed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    heard = Heard()
    heard.counts[Missed.WEBHOOK_DEAD] += 2
    hub = Hub(MemoryLogs(), hooks=Hooks([heard]))
    await hub.start()
    await hub.stop()
    lines = [LineFormatter().format(record).partition(" ")[2] for record in caplog.records]
    assert lines == ["level=info event=missed webhook_dead=2"]
