"""What those outside may learn of who is inside, before the passphrase, the lock or the knock is passed: nothing."""

import json
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
