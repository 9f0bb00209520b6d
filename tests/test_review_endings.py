"""Words in review when someone leaves, a connection is lost, a room or a server ends: answered once, nothing is left."""

import pytest
from fake_time import fake_time_loop, in_fake_time
from house import SharedMemory, house, second_house
from policies import Waiting, built_in, reviewing
from remains import baseline, remaining, tasks, timers
from reviewing import answer_to, is_waiting, post, two

from chatroom.core.commands import Post
from chatroom.core.refusals import Refused
from chatroom.moderation.registry import Chosen


@in_fake_time
async def test_who_leaves_says_nothing_more() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        before = tasks()
        post(bea, "slow words")
        post(bea, "more words")
        await inn.loop.settle()
        assert tasks() > before
        await bea.ask("leave")
        await inn.loop.settle()
        assert (tasks(), waiting.cancelled, ada.texts) == (before, 1, [])
        waiting.go.set()
        await inn.loop.settle()
        assert ada.texts == []


@pytest.mark.parametrize("do", ["remove", "send_back"])
@in_fake_time
async def test_who_is_taken_out_says_nothing_more(do: str) -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        post(bea, "slow words")
        await inn.loop.settle()
        assert (await ada.ask(do, participant=bea.me, reason="unkind"))["is"] == "done"
        waiting.go.set()
        await inn.loop.settle()
        assert (ada.texts, waiting.cancelled) == ([], 1)


class Kept:
    """An answer that is only kept."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def done(self, offset: int) -> None:
        self.answers.append("done")

    def refused(self, refusal: Refused) -> None:
        self.answers.append(refusal.code)


@pytest.mark.parametrize(
    ("do", "codes"), [("leave", ["no_such_room", "not_joined"]), ("end", ["no_such_room", "no_such_room"])]
)
@in_fake_time
async def test_everything_that_waits_is_answered_once(do: str, codes: list[str]) -> None:
    async with house(reviewing(Chosen("waiting", Waiting()))) as inn:
        ada, bea = await two(inn)
        answers = [Kept(), Kept()]
        for i, kept in enumerate(answers):
            inn.live_room().submit(bea.me, Post(origin_id=f"origin-{i}", text="slow words"), kept)
        await inn.loop.settle()
        await (ada if do == "end" else bea).ask(do)
        await inn.loop.settle()
        assert [kept.answers for kept in answers] == [[code] for code in codes]


@in_fake_time
async def test_a_room_that_ends_leaves_no_review() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        backwards = {"text": "yadnomtxendrowswols"}
        post(bea, backwards["text"][::-1])
        post(ada, "hello")
        await inn.loop.settle()
        ada.say("end")
        await inn.loop.now()
        assert waiting.cancelled == 1
        await inn.loop.advance(60)
        assert {*baseline(inn.hub).values()} == {0}
        del ada, bea
        waiting.then.seen.clear()
        assert remaining(backwards) == set()


@in_fake_time
async def test_a_server_that_stops_leaves_no_review() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        _, bea = await two(inn)
        before = timers(inn.loop)
        post(bea, "slow words")
        await inn.loop.settle()
        await inn.hub.stop()
        await inn.loop.now()
        assert (waiting.cancelled, tasks()) == (1, 0)
        assert timers(inn.loop) < before


@in_fake_time
async def test_words_of_a_lost_connection_are_said_and_once_when_they_are_sent_again() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        post(bea, "slow words", "origin-1")
        bea.cut()
        again = await inn.back(bea)
        ref = post(again, "slow words", "origin-1")
        await inn.loop.settle()
        assert is_waiting(again, ref)
        waiting.go.set()
        await inn.loop.settle()
        assert ada.texts == again.texts == ["slow words"]
        assert again.answer(ref)["id"] == ada.all("entry")[-1]["id"]
        assert len(waiting.then.seen) == 1


@in_fake_time
async def test_words_in_review_on_two_processes_are_said_once() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting)), SharedMemory(clock=fake_time_loop().milliseconds)) as inn:
        other = await second_house(inn)
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        post(bea, "slow words", "origin-1")
        again = await inn.back(bea)
        second = post(again, "slow words", "origin-1")
        await inn.loop.settle()
        assert (len(waiting.then.seen), is_waiting(again, second)) == (2, True)
        waiting.go.set()
        await inn.loop.settle()
        assert ada.texts == again.texts == ["slow words"]
        assert again.answer(second)["is"] == "done"
        await other.hub.stop()


@in_fake_time
async def test_what_was_said_is_not_reviewed_again_when_it_is_sent_again() -> None:
    async with house(built_in()) as inn:
        ada, bea = await two(inn)
        long = "I want to say this once and then once more, it is that long"
        offsets = [(await answer_to(bea, long, origin_id="origin-1"))["id"] for _ in range(5)]
        assert (len(set(offsets)), ada.texts) == (1, [long])
        answers = [(await answer_to(bea, long, origin_id=f"origin-{i}")).get("code", "done") for i in range(2, 5)]
        assert answers == ["done", "nudged", "nudged"]
