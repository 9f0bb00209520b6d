"""From one entry to every screen: order, one encoding, several frames in one write, nobody waits for anyone."""

from typing import Any

from fake_time import FakeTimeLoop, fake_time_loop, in_fake_time
from house import KeptConnection, generous, house
from hypothesis import given, settings
from hypothesis import strategies as st

from chatroom.core.limits import OUTBOX_BYTES, OUTBOX_ENTRIES, OUTBOX_SECONDS
from chatroom.live.connection import Connection, Frame
from chatroom.live.fanout import COALESCE_SECONDS, LAZY_SECONDS, Fanout


class Receiver:
    """Someone in the room."""

    def __init__(self, moderates: bool = False) -> None:
        self.kept = KeptConnection()
        self.connection: Connection = self.kept
        self.moderates = moderates
        self.received = 0
        self.behind_since = 0.0
        self.behind_frames = 0
        self.times_behind = 0

    def fell_behind(self) -> None:
        self.times_behind += 1

    @property
    def numbers(self) -> list[Any]:
        return [frame["n"] for frame in self.kept.frames]


def numbered(n: object) -> Frame:
    return Frame.of({"n": n})


def fanout_of(*receivers: Receiver) -> Fanout:
    fanout = Fanout(fake_time_loop())
    for receiver in receivers:
        fanout.add(receiver)
    return fanout


def tell(fanout: Fanout, *numbers: object) -> None:
    for n in numbers:
        fanout.to_everyone(numbered(n), numbered(n))


@in_fake_time
async def test_the_first_after_a_quiet_moment_leaves_at_once_and_what_follows_leaves_together() -> None:
    loop, receiver = fake_time_loop(), Receiver()
    fanout = fanout_of(receiver)
    tell(fanout, 1)
    await loop.now()
    assert receiver.numbers == [1]
    for n in (2, 3, 4):
        tell(fanout, n)
        await loop.now()
    assert receiver.numbers == [1]
    await loop.advance(COALESCE_SECONDS)
    assert receiver.numbers == [1, 2, 3, 4]
    assert len(receiver.kept.writes) == 2
    await loop.advance(COALESCE_SECONDS)
    tell(fanout, 5)
    await loop.now()
    assert receiver.numbers == [1, 2, 3, 4, 5]


@in_fake_time
async def test_everyone_is_written_the_same_bytes() -> None:
    people = [Receiver() for _ in range(20)] + [Receiver(moderates=True) for _ in range(3)]
    fanout = fanout_of(*people)
    tell(fanout, 1, 2)
    await fake_time_loop().settle()
    assert len({id(write) for person in people for write in person.kept.writes}) == 1


@in_fake_time
async def test_moderators_get_their_own_view_in_its_place() -> None:
    person, moderator = Receiver(), Receiver(moderates=True)
    fanout = fanout_of(person, moderator)
    tell(fanout, 1)
    fanout.to_everyone(None, numbered("private"))
    fanout.to_everyone(numbered("plain"), numbered("full"))
    tell(fanout, 2)
    await fake_time_loop().settle()
    assert person.numbers == [1, "plain", 2]
    assert moderator.numbers == [1, "private", "full", 2]


@in_fake_time
async def test_who_comes_while_frames_are_queued_gets_only_later_ones() -> None:
    loop, early, late = fake_time_loop(), Receiver(), Receiver()
    fanout = fanout_of(early)
    tell(fanout, 1)
    await loop.now()
    tell(fanout, 2)
    fanout.add(late)
    fanout.to_one(late, numbered("welcome"))
    tell(fanout, 3)
    await loop.settle()
    assert early.numbers == [1, 2, 3]
    assert late.numbers == ["welcome", 3]


@in_fake_time
async def test_what_is_for_one_alone_does_not_wait_and_takes_along_what_is_queued() -> None:
    loop, one, other = fake_time_loop(), Receiver(), Receiver()
    fanout = fanout_of(one, other)
    tell(fanout, 1)
    await loop.now()
    tell(fanout, 2)
    fanout.to_one(one, numbered("answer"))
    await loop.now()
    assert one.numbers == [1, "answer", 2]
    assert other.numbers == [1]
    tell(fanout, 3)
    await loop.settle()
    assert one.numbers == [1, "answer", 2, 3]
    assert other.numbers == [1, 2, 3]


@in_fake_time
async def test_presence_waits_for_company_but_not_for_long() -> None:
    loop, receiver = fake_time_loop(), Receiver()
    fanout = fanout_of(receiver)
    fanout.to_everyone(numbered("joined"), numbered("joined"), lazy=True)
    await loop.advance(LAZY_SECONDS / 2)
    assert receiver.numbers == []
    fanout.to_everyone(numbered("left"), numbered("left"), lazy=True)
    await loop.advance(LAZY_SECONDS / 2)
    assert receiver.numbers == ["joined", "left"]
    fanout.to_everyone(numbered("returned"), numbered("returned"), lazy=True)
    await loop.advance(COALESCE_SECONDS)
    tell(fanout, 1)
    await loop.now()
    assert receiver.numbers == ["joined", "left", "returned", 1]
    assert len(receiver.kept.writes) == 2


def stall(receiver: Receiver) -> Receiver:
    receiver.kept.stalled = True
    return receiver


@in_fake_time
async def test_who_is_too_many_bytes_behind_is_cut_off_alone() -> None:
    loop, slow, fine = fake_time_loop(), stall(Receiver()), Receiver()
    fanout = fanout_of(slow, fine)
    while slow.kept.unread_bytes <= OUTBOX_BYTES:
        fanout.sweep()
        assert slow.times_behind == 0
        tell(fanout, "x" * 10_000)
        await loop.settle()
    sent = len(fine.numbers)
    fanout.sweep()
    assert (slow.times_behind, fine.times_behind) == (1, 0)
    tell(fanout, "last")
    await loop.settle()
    assert len(fine.numbers) == sent + 1
    assert len(slow.numbers) == sent
    fanout.sweep()
    assert slow.times_behind == 1


@in_fake_time
async def test_who_is_too_many_frames_behind_is_cut_off() -> None:
    slow = stall(Receiver())
    fanout = fanout_of(slow)
    tell(fanout, *range(OUTBOX_ENTRIES))
    await fake_time_loop().settle()
    fanout.sweep()
    assert slow.times_behind == 0
    tell(fanout, "one more")
    await fake_time_loop().settle()
    fanout.sweep()
    assert slow.times_behind == 1


async def seconds_behind(loop: FakeTimeLoop, fanout: Fanout, seconds: float) -> None:
    for _ in range(round(seconds)):
        await loop.advance(1)
        fanout.sweep()


@in_fake_time
async def test_who_is_behind_for_too_long_is_cut_off() -> None:
    loop, slow = fake_time_loop(), stall(Receiver())
    fanout = fanout_of(slow)
    tell(fanout, 1)
    await loop.settle()
    await seconds_behind(loop, fanout, OUTBOX_SECONDS)
    assert slow.times_behind == 0
    await seconds_behind(loop, fanout, 1)
    assert slow.times_behind == 1


@in_fake_time
async def test_who_catches_up_in_time_may_fall_behind_again() -> None:
    loop, slow = fake_time_loop(), stall(Receiver())
    fanout = fanout_of(slow)
    for _ in range(5):
        slow.kept.stalled = True
        tell(fanout, *range(OUTBOX_ENTRIES // 2))
        await loop.settle()
        await seconds_behind(loop, fanout, OUTBOX_SECONDS - 1)
        slow.kept.take_it_all()
        fanout.sweep()
    assert slow.times_behind == 0


@in_fake_time
async def test_nothing_is_written_after_the_fan_out_is_closed() -> None:
    receiver = Receiver()
    fanout = fanout_of(receiver)
    tell(fanout, 1)
    await fake_time_loop().settle()
    tell(fanout, 2)
    fanout.to_one(receiver, numbered(3))
    fanout.close()
    await fake_time_loop().settle()
    assert receiver.numbers == [1]
    assert len(fanout) == 0


deeds = st.lists(
    st.tuples(st.sampled_from(["all", "all", "lazy", "one", "add", "drop", "pause"]), st.integers(0, 3)), max_size=40
)


@settings(max_examples=60)
@given(deeds)
def test_everyone_gets_all_that_is_theirs_once_and_in_order(deeds: list[tuple[str, int]]) -> None:
    in_fake_time(play)(deeds)


async def play(deeds: list[tuple[str, int]]) -> None:
    loop, people = fake_time_loop(), [Receiver(moderates=i == 3) for i in range(4)]
    fanout = fanout_of()
    inside: set[int] = set()
    shared: list[list[object]] = [[] for _ in people]
    personal: list[list[object]] = [[] for _ in people]
    for n, (deed, who) in enumerate(deeds):
        if deed in ("all", "lazy"):
            fanout.to_everyone(numbered(["all", n]), numbered(["desk", n]), lazy=deed == "lazy")
            for i in inside:
                shared[i].append(["desk" if people[i].moderates else "all", n])
        elif deed == "one" and who in inside:
            fanout.to_one(people[who], numbered(["one", n]))
            personal[who].append(["one", n])
        elif deed == "add" and who not in inside:
            fanout.add(people[who])
            inside.add(who)
        elif deed == "drop" and who in inside:
            fanout.flush()
            fanout.discard(people[who])
            inside.discard(who)
        elif deed == "pause":
            await loop.advance(who * 0.002)
    await loop.settle()
    for person, mine, alone in zip(people, shared, personal, strict=True):
        assert [number for number in person.numbers if number[0] != "one"] == mine
        assert [number for number in person.numbers if number[0] == "one"] == alone


@in_fake_time
async def test_a_post_is_encoded_once_for_a_whole_room() -> None:
    async with house(generous()) as inn:
        people = [await inn.join(name) for name in ("Bea", "Cal", "Dee", "Eve")]
        people.append(await inn.join("Ada", "host"))
        await inn.loop.settle()
        before = [len(person.connection.writes) for person in people]
        people[0].say("post", origin_id="origin-1", text="hello")
        await inn.loop.settle()
        writes = [person.connection.writes[count] for person, count in zip(people, before, strict=True)]
        assert [write.count(b'"hello"') for write in writes] == [1] * 5
        assert len({id(write) for write in writes[1:]}) == 1


@in_fake_time
async def test_posts_in_a_rush_leave_in_few_writes_and_in_order() -> None:
    async with house(generous()) as inn:
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        await inn.loop.settle()
        before = len(cal.connection.writes)
        for i in range(50):
            bea.say("post", origin_id=f"origin-{i:02}", text=str(i))
        await inn.loop.settle()
        assert cal.texts == [str(i) for i in range(50)]
        assert len(cal.connection.writes) - before <= 2
