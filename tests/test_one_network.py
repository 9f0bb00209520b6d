"""One device or one network takes only so much of a room."""

import pytest
from fake_time import in_fake_time
from guarding import proof_of
from house import Frame, Guest, House, generous, house

from chatroom.core.limits import (
    DROPPED_AFTER_SECONDS,
    GUARD_JOINS_AT_LEAST,
    GUARD_NETWORK_PEOPLE,
    GUARD_QUIET_SECONDS,
    KNOCKS_PER_SOURCE,
    SEATS_PER_DEVICE,
)

NETWORK, PHONE = "203.0.113.7", "one phone"
NAMES = [f"Fern {first}{second}" for first in "abcdefgh" for second in "kmnpqrst"]


@pytest.fixture(autouse=True)
def _light_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatroom.live.proof_of_work.WORK_BITS", 4)


async def joins(guest: Guest, name: str) -> Frame:
    """What is answered when this one asks to come in, with the proof of work where the door asks for one."""
    work = guest.last("door")["work"]
    proof = {"work": proof_of(work)} if work else {}
    return await guest.ask("join", nickname=name, accept_rules=True, **proof)


async def new_from(inn: House, name: str, device: str = "", address: str = NETWORK) -> tuple[Guest, Frame]:
    guest = await inn.door(address=address, device=device or f"device of {name}")
    return guest, await joins(guest, name)


# ---- one device ----------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_device_is_here_twice_at_most() -> None:
    async with house(generous()) as inn:
        guests = [(await new_from(inn, name, PHONE))[0] for name in NAMES[:SEATS_PER_DEVICE]]
        assert all(guest.all("welcome") for guest in guests)
        third, answer = await new_from(inn, "Bea", PHONE)
        assert answer["code"] == "two_seats"
        mo = await inn.door("moderator", device=PHONE, address=NETWORK)
        assert (await joins(mo, "Mo"))["is"] == "welcome", "roles are exempt"
        await mo.ask("leave")
        await guests[0].ask("leave")
        assert (await joins(third, "Bea"))["is"] == "welcome"


@in_fake_time
async def test_a_device_with_its_seats_is_refused_before_the_passphrase_and_the_work() -> None:
    async with house(generous(), passphrase="quiet river") as inn:
        for name in NAMES[:SEATS_PER_DEVICE]:
            guest = await inn.door(device=PHONE)
            await guest.ask("join", nickname=name, accept_rules=True, passphrase="quiet river")
        third = await inn.door(device=PHONE)
        answer = await third.ask("join", nickname="Bea", accept_rules=True, passphrase="wrong")
        assert answer["code"] == "two_seats"


@in_fake_time
async def test_a_device_holds_no_seats_by_dropping_its_connections() -> None:
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        for name in NAMES[:6]:
            guest, answer = await new_from(inn, name, PHONE)
            assert answer["is"] == "welcome"
            guest.cut()
            await inn.loop.advance(DROPPED_AFTER_SECONDS + 1)
        room = inn.live_room().room
        assert room.seated == 1 + SEATS_PER_DEVICE
        assert room.people[ada.me].seated
        back = await inn.back(guest)
        assert back.last("welcome")["recovered"], "the newest seat is kept"


@in_fake_time
async def test_knocks_of_one_device_that_the_door_lets_in_are_no_more_seats() -> None:
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("set_door", door="knock")
        guests = [(await new_from(inn, name, PHONE))[0] for name in NAMES[: SEATS_PER_DEVICE + 1]]
        assert all(guest.all("knocking") for guest in guests)
        await ada.ask("set_door", door="open")
        await inn.loop.settle()
        assert sum(bool(guest.all("welcome")) for guest in guests) == SEATS_PER_DEVICE


# ---- one network ---------------------------------------------------------------------------------------------------------


async def crowded(inn: House) -> tuple[Guest, list[Guest]]:
    """The host of a room that is guarded, and those who came from one network until then."""
    ada = await inn.join("Ada", "host")
    crowd: list[Guest] = []
    while ada.screen().room["desk"]["guard"] is None:
        guest, answer = await new_from(inn, NAMES[len(crowd)])
        assert answer["is"] == "welcome", "no network is counted while there is no guard"
        crowd.append(guest)
    assert len(crowd) > GUARD_JOINS_AT_LEAST > GUARD_NETWORK_PEOPLE
    return ada, crowd


@in_fake_time
async def test_one_network_fills_no_room() -> None:
    async with house(generous()) as inn:
        ada, crowd = await crowded(inn)
        bea, answer = await new_from(inn, "Bea")
        assert (answer["is"], bea.last("door")["door"]) == ("knocking", "knocking")
        assert bea.all("door")[0]["door"] == "open", "nothing shows before they ask"
        (knock,) = ada.screen().room["desk"]["knocks"]
        assert knock["cautions"] == ["many_near"]
        assert (await ada.ask("admit_all"))["code"] == "already_so"
        for name, fields in (("Cal", {"address": "198.51.100.7"}), ("Mo", {"role": "moderator", "address": NETWORK})):
            guest = await inn.door(**fields)
            assert (await joins(guest, name))["is"] == "welcome"
        assert (await inn.back(crowd[0])).last("welcome")["recovered"], "who has a seat notices nothing"
        await crowd[1].ask("leave")
        _, known = await new_from(inn, NAMES[1])
        assert known["is"] == "welcome", "who was here notices nothing"
        await ada.ask("admit", knock=knock["knock"])
        assert bea.all("welcome")


@in_fake_time
async def test_people_who_drop_out_for_a_moment_count_for_their_network() -> None:
    async with house(generous()) as inn:
        _, crowd = await crowded(inn)
        for guest in crowd:
            guest.cut()
        await inn.loop.advance(DROPPED_AFTER_SECONDS + 1)
        _, answer = await new_from(inn, "Bea")
        assert answer["is"] == "knocking"


@in_fake_time
async def test_a_network_with_few_people_is_asked_for_work_alone() -> None:
    async with house(generous()) as inn:
        _, crowd = await crowded(inn)
        for guest in crowd[GUARD_NETWORK_PEOPLE - 1 :]:
            await guest.ask("leave")
        _, answer = await new_from(inn, "Bea")
        assert answer["is"] == "welcome"
        _, answer = await new_from(inn, "Cal")
        assert answer["is"] == "knocking", "they are ten by now"


@in_fake_time
async def test_who_knocked_beside_many_comes_in_when_the_guard_is_down() -> None:
    async with house(generous()) as inn:
        await crowded(inn)
        bea, answer = await new_from(inn, "Bea")
        assert answer["is"] == "knocking"
        await inn.loop.advance(GUARD_QUIET_SECONDS + 10)
        assert bea.all("welcome")


# ---- knocking ------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_knocks_of_one_network_have_a_rate() -> None:
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("set_door", door="knock")
        bea = await inn.door(address=NETWORK)
        for _ in range(3):
            assert (await joins(bea, "Ada"))["code"] == "name_taken", "what is no knock is not counted"
        for _ in range(int(KNOCKS_PER_SOURCE.burst)):
            assert (await joins(bea, "Bea"))["is"] == "knocking"
            await bea.ask("leave")
        before = len(ada.frames)
        other = await inn.door(address=NETWORK, device="another")
        answers = [await joins(guest, "Cal") for guest in (bea, other)]
        assert [answer["code"] for answer in answers] == ["slow_down", "slow_down"]
        wait = answers[0]["retry_after_seconds"]
        assert 0 < wait <= 1 / KNOCKS_PER_SOURCE.per_second
        assert len(ada.frames) == before, "the desk hears nothing"
        assert (await new_from(inn, "Dee", address="198.51.100.7"))[1]["is"] == "knocking"
        await inn.loop.advance(wait)
        assert (await joins(bea, "Bea"))["is"] == "knocking"
