"""A thousand times each, two things at the same moment in two processes over one Redis: whichever comes first holds."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from history import check
from racing import Race, open_race, two_processes
from recording import Frame

from chatroom.core.refusals import Close

ROOMS = 20
ROUNDS = 50
LAST_SECONDS = 120


async def at_once(number: int, one: Callable[[], Awaitable[Frame]], other: Callable[[], Awaitable[Frame]]) -> list[Frame]:
    """The answers to two commands that are sent nearly together, now this first and now that."""
    first, second = (other, one) if number % 2 else (one, other)
    asked = [first()]
    await head_start(number)
    asked.append(second())
    return list(await asyncio.gather(*(asked[::-1] if number % 2 else asked)))


async def head_start(number: int) -> None:
    """None at first, later more than a command needs."""
    for _ in range(number // 2):
        await asyncio.sleep(0)


def stands(answer: Frame, code: str) -> int:
    """Where it stands; 0 when it was refused, which was with this code."""
    if answer["is"] == "done":
        return int(answer["id"])
    assert answer["code"] == code, answer
    return 0


async def mute_against_post(race: Race, number: int) -> bool:
    post, mute = await at_once(
        number,
        lambda: race.post(number),
        lambda: race.ada.say("mute", participant=race.bea_id, minutes=5, reason="unkind"),
    )
    posted, muted = stands(post, "muted"), stands(mute, "")
    assert posted < muted
    await race.mo.say("unmute", participant=race.bea_id)
    return bool(posted)


async def demotion_against_mute(race: Race, number: int) -> bool:
    mo = race.mo.recorder.participant
    mute, demotion = await at_once(
        number,
        lambda: race.mo.say("mute", participant=race.bea_id, minutes=5, reason="unkind"),
        lambda: race.ada.say("change_role", participant=mo, role="participant"),
    )
    muted, demoted = stands(mute, "not_allowed"), stands(demotion, "")
    assert muted < demoted
    if muted:
        await race.ada.say("unmute", participant=race.bea_id)
    await race.ada.say("change_role", participant=mo, role="moderator")
    await race.fence(race.mo, number)
    return bool(muted)


async def removal_against_resume(race: Race, number: int) -> bool:
    race.bea.cut()
    race.bea.connect()
    seat = {"secret": race.keys.secret, "seat": race.bea.seat}

    async def resumes() -> bool:
        try:
            return bool(await race.bea.say("hello", **seat))
        except asyncio.CancelledError:
            return False

    removes = race.ada.say("remove", participant=race.bea_id, reason="threats") if number % 2 else None
    resuming = asyncio.ensure_future(resumes())
    await asyncio.sleep(0)
    await head_start(number)
    if number == ROUNDS - 2:
        await resuming
    removes = removes or race.ada.say("remove", participant=race.bea_id, reason="threats")
    assert (await removes)["is"] == "done"
    came_in = await resuming
    assert await race.bea.code == Close.REMOVED
    await race.ada.say("readmit", participant=race.bea_id)
    await race.fence(race.mo, number)
    race.bea.connect()
    assert (await race.bea.say("hello", **seat))["is"] == "welcome", "the seat is good again at once"
    await race.fence(race.ada, number + 1)
    return came_in


async def calm_against_post(race: Race, number: int) -> bool:
    post, calm = await at_once(number, lambda: race.post(number), lambda: race.ada.say("calm"))
    posted, calmed = stands(post, "calm"), stands(calm, "")
    assert posted < calmed
    assert (await race.ada.say("end_calm"))["is"] == "done"
    await race.fence(race.mo, number)
    return bool(posted)


RACES = (mute_against_post, demotion_against_mute, removal_against_resume, calm_against_post)


@pytest.mark.parametrize("race_once", RACES, ids=lambda race: race.__name__)
async def test_a_thousand_times(valkey_url: str, race_once: Callable[[Race, int], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LAST_SECONDS), two_processes(valkey_url) as hubs:
        races = [await open_race(hubs, number) for number in range(ROOMS)]

        async def run(race: Race) -> list[bool]:
            outcomes = [await race_once(race, number) for number in range(ROUNDS)]
            await race.settle()
            return outcomes

        outcomes = [first for firsts in await asyncio.gather(*map(run, races)) for first in firsts]
        assert len(outcomes) == 1_000
        assert set(outcomes) == {True, False}, "each was first at times"
        assert [violation for race in races for violation in check(race.history)] == []
