"""What those outside may learn of who is inside, before the passphrase, the lock or the knock is passed: nothing."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, generous, house

from chatroom.core.limits import SUGGESTIONS_PER_SOURCE

INSIDE = ["Quiet Harbour", "Kind River", "Amber Brook"]
DOORS: dict[str, dict[str, Any]] = {
    "passphrase": {"passphrase": "quiet river"},
    "locked": {},
    "locked with a passphrase": {"passphrase": "quiet river"},
    "knock": {},
}


def told(guest: Guest) -> list[Frame]:
    """All that a stranger was sent, without what is drawn at random or is the time of day."""
    frames: list[Frame] = json.loads(json.dumps(guest.frames))
    for frame in frames:
        for name in ("now", "seat", "suggestions", "doors_at", "starts_at", "ends_at"):
            frame.pop(name, None)
    return frames


async def stranger_at(inn: House, door: str, people: list[str]) -> list[Frame]:
    """What a stranger hears at this door while people come in, write and leave, and from trying their names."""
    ada = await inn.join("Ada", "host")
    if "locked" in door or "knock" in door:
        await ada.ask("set_door", door=door.split()[0])
    stranger = await inn.door()
    guests = []
    for name in people:
        guests.append(await inn.join(name, "moderator"))
        await inn.loop.advance(2)
    for name in ("Ada", *INSIDE, "Someone Else"):
        if door != "knock":
            await stranger.ask("join", nickname=name, accept_rules=True, passphrase="wrong")
        await stranger.ask("suggest")
    for guest in guests[:1]:
        await guest.ask("post", origin_id="origin-1", text="hello everyone")
        await guest.ask("leave")
    await inn.loop.advance(30)
    await stranger.ask("suggest")
    return told(stranger)


@pytest.mark.parametrize("door", DOORS)
@in_fake_time
async def test_a_stranger_at_the_door_hears_the_same_whoever_is_inside(door: str) -> None:
    heard = []
    for people in ([], INSIDE[:1], INSIDE):
        async with house(generous(), capacity=2, **DOORS[door]) as inn:
            heard.append(await stranger_at(inn, door, people))
    assert heard[0] == heard[1] == heard[2]


# ---- what was decided about others ---------------------------------------------------------------------------------------

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.7"


async def at_both(inn: House, role: str) -> list[Guest]:
    """Someone new at home, where Bea is, and someone new elsewhere: all that they do is say hello."""
    return [await inn.door(role, address=address, device=f"new at {address}") for address in (HOME, ELSEWHERE)]


async def bea_comes_in(inn: House, passphrase: str) -> Guest:
    bea = await inn.door(address=HOME, device="bea's phone")
    answer = await bea.ask("join", nickname="Bea", accept_rules=True, passphrase=passphrase)
    assert answer["is"] == "welcome"
    return bea


async def removed_and_readmitted(inn: House, ada: Guest, bea: Guest) -> AsyncIterator[str]:
    await ada.ask("remove", participant=bea.me, reason="threats")
    yield "removed"
    await ada.ask("readmit", participant=bea.me)
    yield "readmitted"


async def sent_back_and_let_in(inn: House, ada: Guest, bea: Guest) -> AsyncIterator[str]:
    await ada.ask("send_back", participant=bea.me, reason="please wait")
    yield "sent back"
    await bea.ask("join", nickname="Bea", accept_rules=True)
    (knock,) = ada.screen().room["desk"]["knocks"]
    await ada.ask("admit", knock=knock["knock"])
    assert len(bea.all("welcome")) == 2
    yield "let in"


async def muted_away_and_back(inn: House, ada: Guest, bea: Guest) -> AsyncIterator[str]:
    await ada.ask("mute", participant=bea.me, minutes=None, reason="unkind")
    yield "muted"
    bea.cut()
    await inn.loop.advance(30)
    yield "muted and away"
    await inn.back(bea)
    yield "back"


async def a_moderator_no_more(inn: House, ada: Guest, bea: Guest) -> AsyncIterator[str]:
    await ada.ask("change_role", participant=bea.me, role="moderator")
    await ada.ask("change_role", participant=bea.me, role="participant")
    bea.cut()
    await inn.loop.advance(30)
    yield "demoted and away"
    await ada.ask("replace_moderator_link")
    yield "an old link"


SANCTIONS = [removed_and_readmitted, sent_back_and_let_in, muted_away_and_back, a_moderator_no_more]


@pytest.mark.parametrize("role", ["participant", "moderator"])
@pytest.mark.parametrize("passphrase", ["", "quiet river"], ids=["no passphrase", "passphrase"])
@pytest.mark.parametrize("sanction", SANCTIONS, ids=lambda sanction: str(sanction.__name__))
@in_fake_time
async def test_no_door_tells_what_was_decided_about_someone_on_the_same_network(
    sanction: Callable[[House, Guest, Guest], AsyncIterator[str]], passphrase: str, role: str
) -> None:
    async with house(generous(), passphrase=passphrase) as inn:
        ada, bea = await inn.join("Ada", "host"), await bea_comes_in(inn, passphrase)
        waiting = await at_both(inn, role)
        before = told(waiting[0])
        assert before[-1]["door"] == "open"
        async for step in sanction(inn, ada, bea):
            fresh = await at_both(inn, role)
            assert [told(guest) for guest in (*waiting, *fresh)] == [before] * 4, step


@in_fake_time
async def test_a_full_room_is_full_beside_someone_removed_as_well() -> None:
    async with house(generous(), capacity=2) as inn:
        ada, bea = await inn.join("Ada", "host"), await bea_comes_in(inn, "")
        await ada.ask("remove", participant=bea.me, reason="threats")
        await inn.join("Cal")
        answers = [await guest.ask("join", nickname="Dee", accept_rules=True) for guest in await at_both(inn, "participant")]
        assert [answer["code"] for answer in answers] == ["full", "full"]


# ---- what is told to those who may come in -------------------------------------------------------------------------------


@in_fake_time
async def test_a_full_room_says_so_once_the_passphrase_is_given() -> None:
    async with house(generous(), capacity=2, passphrase="quiet river") as inn:
        for name in ("Ada", "Mo"):
            await inn.join(name, "moderator")
        bea = await inn.door()
        assert bea.last("door")["door"] == "open"
        answer = await bea.ask("join", nickname="Bea", accept_rules=True, passphrase="quiet river")
        assert (answer["code"], bea.last("door")["door"]) == ("full", "full")


@in_fake_time
async def test_suggestions_for_one_source_are_limited() -> None:
    async with house(generous()) as inn:
        address = inn.new_address()
        for _ in range(int(SUGGESTIONS_PER_SOURCE.burst)):
            bea = await inn.door(address=address)
            assert (await bea.ask("suggest"))["is"] == "suggestions"
        other = await inn.door(address=address)
        refused = await other.ask("suggest")
        assert (refused["code"], refused["retry_after_seconds"] > 0) == ("slow_down", True)
        assert (await (await inn.door()).ask("suggest"))["is"] == "suggestions"
