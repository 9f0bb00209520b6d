"""Guesses: whoever fails pays, nobody else; and whoever knows the secret gets in, whoever else is at the same address."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, generous, house
from hypothesis import given
from hypothesis import strategies as st
from pseudonyms import pseudonyms

from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import PASSPHRASES_PER_SOURCE, WRONG_SECRETS_PER_SOURCE
from chatroom.core.refusals import Close, Refused
from chatroom.live.slow_hashes import SlowHashes
from chatroom.live.tries import MAX_WAITING
from chatroom.live.turns import Turns

WORDS = "quiet river"
AT_ONCE = int(WRONG_SECRETS_PER_SOURCE.burst)


def code(number: int) -> str:
    """Six words that belong to no room."""
    return new_secret((number << 6).to_bytes(SECRET_BYTES))


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many slow hashes ran."""
    ran = 0
    run = SlowHashes.run

    async def counting(self: SlowHashes, function: Callable[..., Any], *arguments: object) -> Any:
        nonlocal ran
        ran += 1
        return await run(self, function, *arguments)

    monkeypatch.setattr(SlowHashes, "run", counting)
    return lambda: ran


async def guesses(inn: House, address: str, count: int, first: int = 0) -> list[Guest]:
    """So many codes at once from one address, each on a connection of its own."""
    guests = [inn.knock(address) for _ in range(count)]
    for number, guest in enumerate(guests, first):
        guest.say("hello", secret=code(number))
    await inn.loop.settle()
    return guests


# ---- codes ---------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_many_codes_at_once_from_one_address_run_few_hashes(hashes: Callable[[], int]) -> None:
    async with house(generous()) as inn:
        before, address = hashes(), inn.new_address()
        guests = await guesses(inn, address, 120)
        assert hashes() - before == AT_ONCE
        assert sum(guest.closed == Close.NO_SUCH_ROOM for guest in guests) == AT_ONCE
        refused = [guest.last("refused")["code"] for guest in guests if guest.all("refused")]
        assert refused == ["slow_down"] * (120 - AT_ONCE - MAX_WAITING)
        assert (await guesses(inn, inn.new_address(), 1))[0].closed == Close.NO_SUCH_ROOM, "nobody else waits"
        await inn.loop.advance(5)
        assert hashes() - before == AT_ONCE + 1 + 5 * WRONG_SECRETS_PER_SOURCE.per_second


@in_fake_time
async def test_behind_an_address_that_guesses_without_end_the_right_code_gets_in() -> None:
    async with house(generous()) as inn:
        address = inn.new_address()
        await guesses(inn, address, 120)
        inn.hub._keys.clear()  # as after a restart, or on another process
        right = await inn.door(address=address)
        for number in range(5):
            if right.all("door"):
                break
            await inn.loop.advance(1)
            await guesses(inn, address, 1, 1_000 + number)
        assert right.last("door")["door"] == "open"


@in_fake_time
async def test_right_codes_are_not_charged() -> None:
    async with house(generous()) as inn:
        address = inn.new_address()
        for _ in range(3 * AT_ONCE):
            inn.hub._keys.clear()
            assert (await inn.door(address=address)).last("door")["door"] == "open"


@in_fake_time
async def test_what_cannot_be_a_code_neither_waits_nor_costs_a_hash(hashes: Callable[[], int]) -> None:
    async with house(generous()) as inn:
        before, address = hashes(), inn.new_address()
        guests = [await inn.door(address=address, secret=f"nonsense {number}") for number in range(AT_ONCE + 1)]
        assert [guest.closed for guest in guests] == [Close.NO_SUCH_ROOM] * AT_ONCE + [0]
        assert (guests[-1].last("refused")["code"], hashes()) == ("slow_down", before)


@in_fake_time
async def test_a_seat_comes_back_from_an_address_that_may_not_say_hello_again() -> None:
    policy = generous()
    async with house(policy) as inn:
        address = inn.new_address()
        bea = await inn.join("Bea", address=address)
        gate = inn.hub._services.gates.hellos
        source = inn.hub._sources.of(address)
        while not gate.wait(source):
            for network in source:
                gate._buckets[network].tokens = 0
        assert (await inn.door(address=address)).last("refused")["code"] == "slow_down"
        again = await inn.door(address=address, seat=bea.seat)
        assert again.all("welcome")


# ---- passphrases ---------------------------------------------------------------------------------------------------------


def tries(guest: Guest, words: str, name: str = "Bea") -> int:
    return guest.say("join", nickname=name, accept_rules=True, passphrase=words)


async def asks(guest: Guest, words: str) -> Frame:
    return await guest.ask("join", nickname="Zed", accept_rules=True, passphrase=words)


@in_fake_time
async def test_wrong_passphrases_from_everywhere_do_not_keep_out_the_right_one() -> None:
    async with house(generous(), passphrase=WORDS) as inn:
        for _ in range(60):
            stranger = await inn.door()
            assert (await asks(stranger, "wrong"))["code"] == "passphrase_wrong"
        bea = await inn.door()
        assert (await bea.ask("join", nickname="Bea", accept_rules=True, passphrase=WORDS))["is"] == "welcome"


@pytest.mark.usefixtures("unguarded")
@in_fake_time
async def test_right_passphrases_of_one_address_are_not_charged() -> None:
    """A clinic comes in."""
    async with house(generous(), passphrase=WORDS) as inn:
        address = inn.new_address()
        guests = [await inn.door(address=address) for _ in range(40)]
        refs = [tries(guest, WORDS, name) for guest, name in zip(guests, pseudonyms(40), strict=True)]
        await inn.loop.settle()
        answers = [guest.answer(ref) for guest, ref in zip(guests, refs, strict=True)]
        assert {answer["is"] for answer in answers} == {"welcome"}, answers


@in_fake_time
async def test_whoever_knows_the_passphrase_gets_in_from_an_address_that_failed_often() -> None:
    async with house(generous(), passphrase=WORDS) as inn:
        address = inn.new_address()
        stranger, bea = await inn.door(address=address), await inn.door(address=address)
        for _ in range(int(PASSPHRASES_PER_SOURCE.burst)):
            assert (await asks(stranger, "wrong"))["code"] == "passphrase_wrong"
        tries(stranger, "wrong")
        ref = tries(bea, WORDS)
        await inn.loop.advance(1 / PASSPHRASES_PER_SOURCE.per_second)
        assert bea.answer(ref)["is"] == "welcome"


@in_fake_time
async def test_a_device_that_was_here_is_not_asked_for_the_passphrase() -> None:
    async with house(generous(), passphrase=WORDS) as inn:
        bea = await inn.door(device="phone")
        assert bea.last("door")["passphrase"]
        assert (await bea.ask("join", nickname="Bea", accept_rules=True, passphrase=WORDS))["is"] == "welcome"
        await bea.ask("leave")
        again, other = await inn.door(device="phone"), await inn.door(device="another")
        assert (again.last("door")["passphrase"], other.last("door")["passphrase"]) == (False, True)
        assert (await again.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        second = await inn.door(device="phone")
        assert second.last("door")["passphrase"], "a device brings in one person at a time"


# ---- in turn -------------------------------------------------------------------------------------------------------------


async def order_of(sources: list[bytes]) -> list[bytes]:
    """In which order these get their turns when all ask at once and one goes at a time."""
    turns, order = Turns(1, 100), list[bytes]()

    async def work(source: bytes) -> None:
        async with turns.of((source,)):
            order.append(source)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(work(source)) for source in sources]
    await asyncio.gather(*tasks)
    assert (turns._free, turns._waiting) == (1, {})
    return order


@given(st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=30))
def test_a_source_with_many_delays_the_others_by_one_each(sources: list[bytes]) -> None:
    order = asyncio.run(order_of(sources))
    assert sorted(order) == sorted(sources)
    waiting = order[1:]
    for source in set(waiting):
        for other in set(waiting) - {source}:
            first = waiting.index(source)
            assert waiting[:first].count(other) <= 1


async def test_when_too_many_wait_those_of_the_source_with_most_are_refused() -> None:
    turns, go_on = Turns(1, 6), asyncio.Event()

    async def work(source: bytes) -> str:
        try:
            async with turns.of((source,)):
                await go_on.wait()
            return "done"
        except Refused as refusal:
            return refusal.code

    many = [asyncio.create_task(work(b"many")) for _ in range(8)]
    await asyncio.sleep(0)
    one = asyncio.create_task(work(b"one"))
    await asyncio.sleep(0)
    many[1].cancel()
    await asyncio.sleep(0)
    go_on.set()
    assert await one == "done"
    answers = await asyncio.gather(*many, return_exceptions=True)
    assert [answer if isinstance(answer, str) else "cancelled" for answer in answers] == [
        "done", "cancelled", "done", "done", "done", "server_busy", "server_busy", "server_busy",
    ]  # fmt: skip
    assert (turns._free, turns._waiting) == (1, {})
