"""A client that does as it is told loses nothing and is never sent away, however much waits in its outbox."""

from collections.abc import Callable

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, generous, house
from hypothesis import given
from hypothesis import strategies as st

from chatroom.core.limits import EARLIER_PAGES_PER_PERSON, TOLD_SECONDS, Bucket, Rate
from chatroom.core.refusals import Close
from chatroom.live.policy import HubPolicy

Wait = Callable[[list[float]], list[float]]


def each_its_own(told: list[float]) -> list[float]:
    return told


def all_the_latest(told: list[float]) -> list[float]:
    return [max(told)] * len(told)


def all_the_first(told: list[float]) -> list[float]:
    return [told[0]] * len(told)


async def empties(inn: House, guest: Guest, count: int, wait: Wait) -> None:
    """Send so many posts at once, and those that were refused again when it is time, until nothing waits."""
    now = inn.loop.time()
    due = dict.fromkeys((f"origin-{number:03}" for number in range(count)), now)
    while due:
        now = min(due.values())
        await inn.loop.advance(max(0.0, now - inn.loop.time()))
        refs = {name: guest.say("post", origin_id=name, text=name) for name, at in due.items() if at <= inn.loop.time()}
        await inn.loop.settle()
        answers: dict[str, Frame] = {name: guest.answer(ref) for name, ref in refs.items()}
        assert not guest.closed, answers
        refused = {name: answer for name, answer in answers.items() if answer["is"] == "refused"}
        assert all(answer["retry_after_seconds"] for answer in refused.values())
        moments = wait([answer["retry_after_seconds"] for answer in refused.values()]) if refused else []
        due = {name: at for name, at in due.items() if name not in refs}
        due |= {name: inn.loop.time() + seconds for name, seconds in zip(refused, moments, strict=True)}


@pytest.mark.parametrize("wait", [each_its_own, all_the_latest, all_the_first])
@in_fake_time
async def test_a_client_that_waits_as_it_is_told_is_never_sent_away(wait: Wait) -> None:
    async with house(HubPolicy()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await empties(inn, bea, 30, wait)
        assert sorted(ada.texts) == [f"origin-{number:03}" for number in range(30)]


@in_fake_time
async def test_a_client_that_sends_without_end_is_sent_away() -> None:
    async with house(HubPolicy()) as inn:
        bea = await inn.join("Bea")
        for number in range(40 + 100 + 1):
            bea.say("post", origin_id=f"origin-{number:03}", text="again")
        await inn.loop.settle()
        assert bea.closed == Close.BAD_FRAMES


@given(st.sampled_from([Rate(1, 5), Rate(10, 40), Rate(1 / 20, 3)]), st.integers(1, 60))
def test_each_who_is_refused_is_told_a_moment_at_which_there_is_a_token(rate: Rate, count: int) -> None:
    bucket = Bucket(rate, 0.0)
    waits = [bucket.take_in_line(0.0) for _ in range(count)]
    assert waits == sorted(waits)
    assert all(wait <= max(TOLD_SECONDS, 1 / rate.per_second) for wait in waits)
    for wait in (wait for wait in waits if 0 < wait < TOLD_SECONDS):
        assert bucket.take_in_line(wait + 1e-6) == 0.0


@in_fake_time
async def test_pages_of_earlier_messages_have_a_rate_of_their_own() -> None:
    async with house(generous()) as inn:
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        answers = [await bea.ask("earlier") for _ in range(int(EARLIER_PAGES_PER_PERSON.burst) + 1)]
        assert [answer["is"] for answer in answers] == ["earlier"] * (len(answers) - 1) + ["refused"]
        assert (await cal.ask("earlier"))["is"] == "earlier"
        assert (await bea.ask("post", origin_id="origin-1", text="hello"))["is"] == "done"
