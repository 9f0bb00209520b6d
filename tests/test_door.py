"""The door of a room, the way in, and frames that make no sense."""

import asyncio

import pytest
from fake_time import in_fake_time
from house import generous, house

from chatroom.core.limits import HELLO_SECONDS, REFUSALS_PER_SESSION
from chatroom.core.refusals import CLOSINGS, Close
from chatroom.live.session import HELD_FRAMES

STRIKES = int(REFUSALS_PER_SESSION.burst)


@in_fake_time
async def test_the_door_says_so_when_it_changes_and_only_then() -> None:
    async with house(capacity=2) as inn:
        ada, waiting = await inn.join("Ada", "host"), await inn.door()
        await inn.loop.advance(5)
        assert [door["door"] for door in waiting.all("door")] == ["open"]
        await ada.ask("set_door", door="locked")
        await inn.loop.advance(1)
        await ada.ask("set_door", door="open")
        await inn.loop.advance(1)
        bea = await inn.join("Bea")
        await inn.loop.advance(1)
        await bea.ask("leave")
        await inn.loop.advance(1)
        await ada.ask("extend", minutes=5)
        await inn.loop.advance(5)
        doors = waiting.all("door")
        assert [door["door"] for door in doors] == ["open", "locked", "open", "full", "open", "open"]
        assert doors[-1]["ends_at"] == inn.keys.ends_at + 5 * 60_000
        assert doors[1]["sentence"]
        assert not doors[0]["sentence"]


@in_fake_time
async def test_the_doors_open_by_themselves_for_who_waits() -> None:
    async with house() as inn:
        starts_at = inn.loop.milliseconds() + 30 * 60_000
        await inn.open(starts_at=starts_at)
        waiting = await inn.door()
        assert waiting.last("door")["door"] == "early"
        await inn.loop.advance(15 * 60 - 2)
        assert waiting.last("door")["door"] == "early"
        await inn.loop.advance(3)
        assert [door["door"] for door in waiting.all("door")] == ["early", "open"]
        assert (await waiting.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"


@in_fake_time
async def test_the_door_shows_the_room_and_asks_for_the_rules() -> None:
    async with house(welcome="Come in.", rules=["Be kind."]) as inn:
        bea = await inn.door()
        door = bea.last("door")
        assert (door["title"], door["welcome"], door["rules"]) == ("Tuesday newcomers", "Come in.", ["Be kind."])
        assert len(door["suggestions"]) == len(set(door["suggestions"])) == 8
        assert (await bea.ask("suggest"))["suggestions"] != door["suggestions"]
        assert (await bea.ask("join", nickname="Bea"))["code"] == "rules_not_accepted"
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["code"] == "already_joined"
        assert (await bea.ask("hello", secret=inn.keys.secret))["code"] == "hello_again"
        assert (await bea.ask("suggest"))["code"] == "already_joined"


@in_fake_time
async def test_a_seat_given_up_while_its_owner_knocks_leads_to_the_door() -> None:
    """The fold may change between looking the seat up and deciding: then it is decided again."""
    async with house() as inn:
        bea = await inn.join("Bea")
        again = inn.knock()
        inn.hub._keys.clear()
        again.say("hello", secret=inn.keys.secret, seat=bea.seat)
        bea.say("leave")
        await inn.loop.settle()
        assert bea.closed == Close.LEFT
        assert again.last("door")["door"] == "open"
        assert (await again.ask("join", nickname="Zoe", accept_rules=True))["is"] == "welcome"


# ---- frames that make no sense -------------------------------------------------------------------------------------------


@in_fake_time
async def test_who_says_no_hello_is_sent_away() -> None:
    async with house() as inn:
        silent, chatty, polite = inn.knock(), inn.knock(), await inn.door()
        await inn.loop.advance(HELLO_SECONDS - 1)
        assert (await chatty.ask("post", origin_id="origin-1", text="x"))["code"] == "hello_first"
        await inn.loop.advance(1)
        assert [guest.closed for guest in (silent, chatty, polite)] == [Close.NO_HELLO, Close.NO_HELLO, 0]
        assert silent.last("closing")["sentence"] == CLOSINGS[Close.NO_HELLO].sentence
        assert Close.NO_HELLO < Close.NO_SUCH_ROOM, "a slow network is no reason to stay away"


@in_fake_time
async def test_a_hello_that_is_refused_does_not_buy_time() -> None:
    async with house() as inn:
        address = inn.new_address()
        for _ in range(20):
            guest = await inn.door(address=address, secret="no such room")
            assert guest.closed == Close.NO_SUCH_ROOM
        late = inn.knock(address)
        answer = await late.ask("hello", secret="no such room")
        assert (answer["code"], answer["retry_after_seconds"] > 0) == ("slow_down", True)
        await inn.loop.advance(HELLO_SECONDS + answer["retry_after_seconds"] + 1)
        assert late.closed == Close.NO_HELLO


@pytest.mark.parametrize("text", ["", "{", "[]", '{"do": "shout"}', '{"do": "post", "text": "\ud800"}', "[" * 10_000])
@in_fake_time
async def test_frames_that_make_no_sense_are_refused_and_at_some_point_no_more(text: str) -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        before = len(ada.frames)
        for _ in range(STRIKES):
            bea.send(text)
        await inn.loop.settle()
        assert bea.closed == 0
        assert {frame["code"] for frame in bea.all("refused")} <= {"not_json", "bad_command", "unknown_command"}
        bea.send(text)
        await inn.loop.settle()
        assert bea.closed == Close.BAD_FRAMES
        assert len(ada.frames) == before


@in_fake_time
async def test_who_is_refused_again_and_again_but_waits_in_between_is_not_sent_away() -> None:
    """A muted person who goes on writing, or a page that sends again what the room is too busy for."""
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await ada.ask("mute", participant=bea.me, minutes=None, reason="unkind")
        for number in range(3 * STRIKES):
            answer = await bea.ask("post", origin_id=f"origin-{number}", text="hello")
            assert answer["code"] == "muted"
            await inn.loop.advance(1)


@in_fake_time
async def test_frames_too_large_and_binary_frames_are_refused() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        large = {"origin_id": "origin-1", "text": "x" * 17_000}
        assert (await bea.ask("post", **large))["code"] == "frame_too_large"
        assert (await ada.ask("post", **large))["code"] == "text_too_long"
        assert bea.session
        bea.session.receive_binary()
        await inn.loop.settle()
        assert bea.last("refused")["code"] == "binary_frame"
        assert ada.texts == []


@in_fake_time
async def test_what_is_said_while_coming_in_waits_its_turn() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), inn.knock()
        bea.say("hello", secret=inn.keys.secret)
        bea.say("join", nickname="Bea", accept_rules=True)
        for i in range(3):
            bea.say("post", origin_id=f"origin-{i}", text=str(i))
        await inn.loop.settle()
        assert ada.texts == ["0", "1", "2"]
        assert [frame["is"] for frame in bea.frames[:2]] == ["door", "welcome"]


@in_fake_time
async def test_only_so_much_waits() -> None:
    async with house(generous()) as inn:
        bea = inn.knock()
        inn.hub._keys.clear()
        bea.say("hello", secret=inn.keys.secret)
        refs = [bea.say("suggest") for _ in range(HELD_FRAMES + 2)]
        await inn.loop.settle()
        assert [bea.answer(ref)["is"] for ref in refs] == ["suggestions"] * HELD_FRAMES + ["refused"] * 2
        assert bea.answer(refs[-1])["code"] == "slow_down"


@in_fake_time
async def test_who_gives_up_while_the_passphrase_is_checked_takes_no_seat() -> None:
    async with house(passphrase="quiet river") as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.door()
        bea.say("join", nickname="Bea", accept_rules=True, passphrase="quiet river")
        await asyncio.sleep(0)
        bea.cut()
        await inn.loop.settle()
        assert list(ada.screen().room["people"]) == [ada.me]
