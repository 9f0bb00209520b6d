"""Every limit of a hub, each with its own refusal and the time to try again."""

import asyncio

import msgspec
import pytest
from fake_time import fake_time_loop, in_fake_time
from house import Guest, generous, house

from chatroom.core.limits import BUSY_SECONDS, Rate
from chatroom.core.refusals import Close, Refused
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.live.policy import HubPolicy
from chatroom.live.slow_hashes import hasher
from chatroom.log.memory import MemoryLogs

FLUSHED_SECONDS = 0.005
"""After so long what is to be sent has left."""


def post(guest: Guest, text: str) -> int:
    return guest.say("post", origin_id=f"origin-{text}", text=text)


def codes(guest: Guest, refs: list[int]) -> list[str]:
    """What was answered to each."""
    return [guest.answer(ref).get("code", "done") for ref in refs]


@in_fake_time
async def test_posts_of_a_person() -> None:
    async with house() as inn:
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        refs = [post(bea, str(i)) for i in range(7)]
        await inn.loop.settle()
        assert codes(bea, refs) == ["done"] * 5 + ["slow_down"] * 2
        assert 0 < bea.answer(refs[-1])["retry_after_seconds"] <= 1
        await inn.loop.advance(1)
        refs = [post(bea, "a"), post(bea, "b"), post(cal, "c")]
        await inn.loop.settle()
        assert codes(bea, refs[:2]) == ["done", "slow_down"]
        assert codes(cal, refs[2:]) == ["done"]


@in_fake_time
async def test_who_waits_as_long_as_was_said_is_not_refused_again() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        for number in range(5):
            post(bea, str(number))
        for number in range(5, 20):
            await inn.loop.advance(0.163)
            refs = [post(bea, f"{number}-first")]
            await inn.loop.advance(FLUSHED_SECONDS)
            await inn.loop.advance(bea.answer(refs[0])["retry_after_seconds"])
            refs.append(post(bea, f"{number}-again"))
            await inn.loop.advance(FLUSHED_SECONDS)
            assert codes(bea, refs) == ["slow_down", "done"]


@in_fake_time
async def test_a_new_connection_gives_no_new_posts() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        for i in range(5):
            post(bea, str(i))
        again = await inn.door(seat=bea.seat)
        refs = [post(again, "a"), post(again, "b")]
        await inn.loop.settle()
        assert codes(again, refs)[1] == "slow_down"


@in_fake_time
async def test_posts_in_a_room() -> None:
    policy = msgspec.structs.replace(generous(), posts_per_room=Rate(2, 6))
    async with house(policy) as inn:
        people = [await inn.join(name) for name in ("Bea", "Cal", "Dee")]
        await inn.loop.advance(3)
        refs = [(person, post(person, f"{n}-{i}")) for i in range(3) for n, person in enumerate(people)]
        await inn.loop.settle()
        answers = [codes(person, [ref])[0] for person, ref in refs]
        assert answers == ["done"] * 6 + ["room_busy"] * 3
        assert people[2].answer(refs[-1][1])["retry_after_seconds"] == BUSY_SECONDS


@in_fake_time
async def test_reactions_of_a_person() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        message = (await bea.ask("post", origin_id="origin-1", text="hello"))["id"]
        refs = [bea.say("react", message=message, reaction="hug", on=i % 2 == 0) for i in range(11)]
        await inn.loop.settle()
        assert codes(bea, refs) == ["done"] * 10 + ["slow_down"]


@in_fake_time
async def test_reports_of_a_person() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        messages = [(await ada.ask("post", origin_id=f"origin-{i}", text=str(i)))["id"] for i in range(4)]
        refs = [bea.say("report", message=message, reason="spam") for message in messages]
        await inn.loop.settle()
        assert codes(bea, refs) == ["done"] * 3 + ["slow_down"]
        assert bea.answer(refs[-1])["retry_after_seconds"] > 10
        await inn.loop.advance(20)
        assert (await bea.ask("report", message=messages[-1], reason="spam"))["is"] == "done"


@in_fake_time
async def test_commands_of_a_connection() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        await inn.loop.advance(10)
        refs = [bea.say("earlier", before=1) for _ in range(45)]
        await inn.loop.settle()
        assert codes(bea, refs) == ["done"] * 40 + ["slow_down"] * 5
        await inn.loop.advance(1)
        assert (await bea.ask("earlier", before=1))["is"] == "earlier"


@in_fake_time
async def test_hellos_of_a_source() -> None:
    policy = msgspec.structs.replace(HubPolicy(), hellos_per_source=Rate(1, 3))
    async with house(policy) as inn:
        address = inn.new_address()
        guests = [await inn.door(address=address) for _ in range(3)]
        assert [guest.last("door")["door"] for guest in guests] == ["open"] * 3
        fourth = inn.knock(address)
        answer = await fourth.ask("hello", secret=inn.keys.secret)
        assert (answer["code"], answer["retry_after_seconds"] > 0) == ("slow_down", True)
        elsewhere = await inn.door()
        assert elsewhere.last("door")["door"] == "open"
        await inn.loop.advance(1)
        fourth.say("hello", secret=inn.keys.secret)
        await inn.loop.settle()
        assert fourth.last("door")["door"] == "open"


@in_fake_time
async def test_wrong_secrets_of_a_source() -> None:
    async with house() as inn:
        address = inn.new_address()
        for i in range(20):
            wrong = await inn.door(address=address, secret=f"wrong words {i}")
            assert wrong.closed == Close.NO_SUCH_ROOM
        assert (await inn.door(address=address, secret="wrong again")).last("refused")["code"] == "slow_down"
        right = await inn.door(address=address)
        assert right.last("door")["door"] == "open"
        assert (await inn.door(secret="wrong elsewhere")).closed == Close.NO_SUCH_ROOM
        await inn.loop.advance(6)
        assert (await inn.door(address=address, secret="wrong later")).closed == Close.NO_SUCH_ROOM


async def try_passphrase(guest: Guest, words: str) -> str:
    answer = await guest.ask("join", nickname="Bea", accept_rules=True, passphrase=words)
    return str(answer.get("code", answer["is"]))


@pytest.mark.parametrize(
    "typed", ["Jos\u00e9 R\u00edo", "Jose\u0301 Ri\u0301o", " Jos\u00e9 R\u00edo\u00a0", "Jos\u00e9\u00a0R\u00edo\n"]
)
@in_fake_time
async def test_a_passphrase_fits_however_it_is_composed(typed: str) -> None:
    async with house(generous(), passphrase="Jose\u0301\u3000R\u00edo ") as inn:
        assert await try_passphrase(await inn.door(), "Jose Rio") == "passphrase_wrong"
        assert await try_passphrase(await inn.door(), "\u200b") == "passphrase_wrong"
        assert await try_passphrase(await inn.door(), typed) == "welcome"


@in_fake_time
async def test_passphrases_of_a_source() -> None:
    async with house(generous(), passphrase="quiet river") as inn:
        address = inn.new_address()
        guests = [await inn.door(address=address) for _ in range(2)]
        assert guests[0].last("door")["passphrase"]
        answers = [await try_passphrase(guests[i % 2], f"wrong {i}") for i in range(5)]
        assert answers == ["passphrase_wrong"] * 5
        ref = guests[0].say("join", nickname="Bea", accept_rules=True, passphrase="wrong again")
        await inn.loop.advance(11)
        assert not guests[0].answers(ref), "it waits for its turn"
        await inn.loop.advance(1)
        assert guests[0].answer(ref)["code"] == "passphrase_wrong"
        ref = guests[0].say("join", nickname="Bea", accept_rules=True, passphrase="quiet river")
        await inn.loop.advance(12)
        assert guests[0].answer(ref)["is"] == "welcome", "whoever knows it gets in"


@in_fake_time
async def test_rooms_of_a_source() -> None:
    async with house() as inn:
        address = inn.new_address()
        for _ in range(10):
            await inn.hub.open_room(OpenRoom(title="Tuesday"), address)
        with pytest.raises(Refused, match="slow_down") as caught:
            await inn.hub.open_room(OpenRoom(title="Tuesday"), address)
        assert caught.value.retry_after_seconds > 0
        await inn.hub.open_room(OpenRoom(title="Tuesday"), inn.new_address())


@in_fake_time
async def test_rooms_of_a_process() -> None:
    async with house(msgspec.structs.replace(HubPolicy(), max_rooms=2)) as inn:
        await inn.open()
        with pytest.raises(Refused, match="server_busy"):
            await inn.open()
        ada = await inn.join("Ada", "host")
        await ada.ask("end")
        await inn.open()


async def opening(policy: str, passphrase: str = "") -> str:
    hub = Hub(MemoryLogs(clock=fake_time_loop().milliseconds), HubPolicy(opening=policy))
    await hub.start()
    try:
        opened = await hub.open_room(OpenRoom(title="Tuesday", opening_passphrase=passphrase), "10.0.0.1")
        return opened.secret
    except Refused as refusal:
        return refusal.code
    finally:
        await hub.stop()


@in_fake_time
async def test_who_may_open_rooms() -> None:
    known = hasher.hash("open sesame")
    assert "-" in await opening("anyone")
    assert await opening("nobody") == "opening_closed"
    assert await opening(known) == "opening_passphrase_wrong"
    assert await opening(known, "open seaside") == "opening_passphrase_wrong"
    assert "-" in await opening(known, "open sesame")


@in_fake_time
async def test_passphrases_for_opening_are_tried_slowly() -> None:
    policy = msgspec.structs.replace(HubPolicy(), opening=hasher.hash("open sesame"))
    async with house(policy, opening_passphrase="open sesame") as inn:
        address = inn.new_address()
        for i in range(5):
            with pytest.raises(Refused, match="opening_passphrase_wrong"):
                await inn.hub.open_room(OpenRoom(title="Tuesday", opening_passphrase=f"wrong {i}"), address)
        right = OpenRoom(title="Tuesday", opening_passphrase="open sesame")
        opening = asyncio.create_task(inn.hub.open_room(right, address))
        await inn.loop.advance(11)
        assert not opening.done()
        await inn.loop.advance(1)
        assert opening.result().secret


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "  "}, "title_empty"),
        ({"title": "x" * 81}, "text_too_long"),
        ({"title": "a\x00b"}, "text_not_allowed"),
        ({"welcome": "x" * 2001}, "text_too_long"),
        ({"rules": ("x" * 301,)}, "text_too_long"),
        ({"starts_at": 0}, "start_out_of_range"),
        ({"starts_at": 2**60}, "start_out_of_range"),
    ],
)
@in_fake_time
async def test_rooms_that_cannot_be_opened(fields: dict[str, object], code: str) -> None:
    async with house() as inn:
        with pytest.raises(Refused, match=code):
            await inn.open(**fields)
        assert inn.hub.rooms == 1


@in_fake_time
async def test_quiet_sources_are_forgotten() -> None:
    async with house() as inn:
        for _ in range(5):
            await inn.door(secret="wrong words")
        gates = inn.hub._services.gates
        assert len(gates.wrong_secrets._buckets) == 5
        await inn.loop.advance(180)
        assert len(gates.wrong_secrets._buckets) == len(gates.hellos._buckets) == 0
