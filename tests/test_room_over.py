"""A room ends on time, once, and nothing of it is left in the process or in its log."""

import secrets
import weakref

import pytest
from fake_time import fake_time_loop, in_fake_time
from house import Guest, House, SharedMemory, SlowMemory, generous, house, two_houses
from remains import baseline, left_over, remaining

from chatroom.core.identity import room_key
from chatroom.core.limits import EXPIRY_GRACE_SECONDS, LEASE_SECONDS
from chatroom.core.messages import Message
from chatroom.core.refusals import CLOSINGS, Close, Refused
from chatroom.core.room import Room
from chatroom.live.hub import Hub
from chatroom.live.live_room import LiveRoom
from chatroom.live.opening import OpenRoom
from chatroom.live.session import Session
from chatroom.log.memory import MemoryLog, MemoryLogs


async def a_meeting(inn: House) -> list[Guest]:
    """People who talk, one whose connection is lost, and one at the door."""
    ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
    waiting = await inn.door()
    for guest in (ada, bea, cal):
        answer = await guest.ask("post", origin_id="origin-1", text=f"a secret of {guest.me}")
        await ada.ask("react", message=answer["id"], reaction="hug")
    await bea.ask("report", message=answer["id"], reason="other", words="a secret worry")
    cal.cut()
    return [ada, bea, waiting]


@in_fake_time
async def test_a_room_ends_by_the_clock_for_everyone() -> None:
    async with house() as inn:
        *guests, rested = await a_meeting(inn)
        await inn.loop.advance(60 * 60 - 2)
        guests.append(await inn.door())
        await inn.loop.advance(4)
        assert rested.closed == Close.COME_BACK
        assert [guest.closed for guest in guests] == [Close.ENDED] * 3
        assert [guest.last("closing")["sentence"] for guest in guests] == [CLOSINGS[Close.ENDED].sentence] * 3
        assert guests[0].events.count("ended") == 1
        assert set(baseline(inn.hub).values()) == {0}


@in_fake_time
async def test_a_room_ends_by_the_clock_with_nobody_there() -> None:
    async with house() as inn:
        for guest in await a_meeting(inn):
            guest.cut()
        await inn.loop.advance(60 * 60 + 2)
        assert set(baseline(inn.hub).values()) == {0}
        assert (await inn.door()).closed == Close.NO_SUCH_ROOM


class Failing(MemoryLogs):
    """Logs whose leases cannot be renewed, for no reason that anyone thought of."""

    async def renew(self, process: str, reads: int) -> None:
        raise ZeroDivisionError


@in_fake_time
async def test_time_passes_whatever_happens_to_the_leases(caplog: pytest.LogCaptureFixture) -> None:
    async with house(logs=Failing(clock=fake_time_loop().milliseconds)) as inn:
        ada = await inn.join("Ada", "host")
        await inn.loop.advance(60 * 60 + 2)
        assert ada.closed == Close.ENDED
        assert {record.getMessage() for record in caplog.records} == {"renew_failed"}


@in_fake_time
async def test_an_extended_room_ends_later() -> None:
    async with house() as inn:
        ada = await inn.join("Ada", "host")
        await inn.loop.advance(59 * 60)
        await ada.ask("extend", minutes=5)
        await inn.loop.advance(5 * 60)
        assert ada.closed == 0
        await inn.loop.advance(62)
        assert ada.closed == Close.ENDED


@in_fake_time
async def test_the_host_ends_it_and_the_log_is_erased() -> None:
    logs = MemoryLogs(clock=fake_time_loop().milliseconds)
    async with house(logs=logs) as inn:
        guests = await a_meeting(inn)
        assert len(logs._rooms) == 1
        await guests[0].ask("end")
        assert [guest.closed for guest in guests] == [Close.ENDED] * 3
        assert logs._rooms == {}
        assert set(baseline(inn.hub).values()) == {0}
        for guest in guests[:2]:
            assert (await inn.back(guest)).closed == Close.NO_SUCH_ROOM


@in_fake_time
async def test_no_object_of_a_room_outlives_it() -> None:
    earlier = left_over(LiveRoom, Room, Message, Session)
    async with house() as inn:
        guests = await a_meeting(inn)
        room = weakref.ref(inn.live_room())
        assert left_over(Message, besides=earlier)
        await guests[0].ask("end")
        del guests
        await inn.loop.advance(1)
        assert left_over(LiveRoom, Room, Message, Session, besides=earlier) == []
        assert room() is None


async def a_meeting_with_marks(inn: House) -> tuple[Guest, dict[str, str]]:
    """The host of a meeting, and backwards what was said there, every secret of it and the key they make."""
    mark, passphrase = secrets.token_hex(8), secrets.token_hex(8)
    await inn.open(title=f"{mark} title", welcome=f"{mark} welcome", rules=(f"{mark} rule",), passphrase=passphrase)
    address = f"203.0.113.{secrets.randbelow(100) + 100}"
    ada, mo = await inn.join("Ada", "host", address=address), await inn.join("Mo", "moderator")
    bea = await inn.door()
    name = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(20))
    await bea.ask("join", nickname=name, accept_rules=True, passphrase=passphrase)
    said = [(await bea.ask("post", origin_id=f"{mark}{n}", text=f"{mark} {n}"))["id"] for n in range(4)]
    await mo.ask("report", message=said[0], reason="other", words=f"{mark} words")
    await mo.ask("redact", message=said[0], reason=f"{mark} reason")
    await bea.ask("retract", message=said[1])
    await bea.ask("ask_support")
    await bea.ask("say_privately", origin_id=f"{mark}-line", text=f"{mark} line")
    poll = await ada.ask("open_poll", question=f"{mark} question", options=[f"{mark} option", "none"], kind="single")
    await bea.ask("vote", poll=poll["id"], choices=[0])
    await ada.ask("allow_chips", on=True)
    await bea.ask("take_chip", origin_id=f"{mark}-chip", chip="own", words=f"{mark} chip")
    await mo.ask("mute", participant=bea.me, minutes=5, reason=f"{mark} mute")
    bea.cut()
    await inn.back(bea)
    await mo.ask("remove", participant=bea.me, reason=f"{mark} remove")
    words = {
        "address": address,
        "passphrase": passphrase,
        "mark": mark,
        "name": name,
        "person": bea.me,
        "secret": inn.keys.secret,
        "seat": bea.seat,
    }
    words |= {"host": inn.keys.host_token, "moderator": inn.keys.moderator_token}
    words["key"] = room_key(inn.keys.secret).decode("latin-1")
    return ada, {name: word[::-1] for name, word in words.items()}


@in_fake_time
async def test_no_word_name_or_secret_of_a_room_lives_on_in_any_object() -> None:
    async with house(generous()) as inn:
        await inn.live_room().log.erase(0)
        ada, backwards = await a_meeting_with_marks(inn)
        del inn.keys
        assert remaining(backwards) == {"mark", "name", "person", "secret", "key"}
        await ada.ask("end")
        del ada
        await inn.loop.advance(1)
        assert remaining(backwards) == set()


@in_fake_time
async def test_a_second_process_lets_go_as_well() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await ada.ask("end")
        assert (ada.closed, bea.closed) == (Close.ENDED, Close.ENDED)
        assert set(baseline(inn.hub).values()) == set(baseline(other.hub).values()) == {0}
        assert inn.memory._rooms == {}


@in_fake_time
async def test_who_hears_that_the_log_was_erased_but_not_of_the_end_is_told_that_it_ended() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await inn.live_room().log.erase(0)
        await inn.loop.settle()
        assert (ada.closed, bea.closed) == (Close.ENDED, Close.ENDED)
        assert bea.last("closing")["sentence"] == CLOSINGS[Close.ENDED].sentence


@in_fake_time
async def test_the_log_expires_even_if_every_process_is_gone() -> None:
    loop = fake_time_loop()
    logs = SharedMemory(clock=loop.milliseconds)
    async with house(generous(), logs) as inn:
        await a_meeting(inn)
        await inn.hub.stop()
        hub = Hub(logs)
        await loop.advance(60 * 60 + EXPIRY_GRACE_SECONDS - 1)
        assert len(logs._rooms) == 1
        await loop.advance(2)
        with pytest.raises(Refused, match="no_such_room"):
            await start_and_look(hub, inn.keys.secret)
        assert logs._rooms == {}


async def start_and_look(hub: Hub, secret: str) -> None:
    await hub.start()
    try:
        await hub.room_of(secret, (b"source",))
    finally:
        await hub.stop()


@in_fake_time
async def test_who_comes_in_as_the_room_ends_is_sent_away() -> None:
    """The answer to an append may come after the entries that follow it."""
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        bea.cut()
        answers = other.slow_log().answers
        answers.clear()
        again, late = await other.back(bea), await other.door()
        late.say("join", nickname="Cal", accept_rules=True)
        await inn.loop.settle()
        ada.say("end")
        await inn.loop.settle()
        answers.set()
        await inn.loop.settle()
        assert again.closed in (Close.ENDED, Close.NO_SUCH_ROOM)
        assert late.closed in (Close.ENDED, Close.NO_SUCH_ROOM)
        assert set(baseline(other.hub).values()) == {0}


class Unerasable(SharedMemory):
    """Logs whose server does not answer when something is to be erased."""

    def log(self, room_key: bytes) -> MemoryLog:
        return ErasesNothing(self, room_key)


class ErasesNothing(MemoryLog):
    async def erase(self, expires_at: int) -> None:
        """It would be tried again."""


@in_fake_time
async def test_an_ended_room_whose_log_could_not_be_erased_is_no_room() -> None:
    logs = Unerasable(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("end")
        await inn.loop.advance(40)
        assert len(logs._rooms) == 1
        again = await inn.back(ada)
        assert again.closed == Close.NO_SUCH_ROOM
        assert (await inn.door()).closed == Close.NO_SUCH_ROOM
        assert inn.hub.rooms == 0


@in_fake_time
async def test_whoever_finds_an_ended_room_erases_it() -> None:
    logs = Unerasable(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("end")
        assert len(logs._rooms) == 1
        inn.hub.logs = others = SharedMemory(clock=fake_time_loop().milliseconds)
        others._rooms = logs._rooms
        assert (await inn.door()).closed == Close.NO_SUCH_ROOM
        assert others._rooms == {}


@in_fake_time
async def test_an_ended_room_that_could_not_be_erased_is_gone_a_minute_later() -> None:
    logs = Unerasable(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("end")
        await inn.loop.advance(EXPIRY_GRACE_SECONDS - 1)
        assert len(logs._rooms) == 1
        await inn.loop.advance(LEASE_SECONDS)
        assert logs._rooms == {}


@in_fake_time
async def test_stopping_leaves_no_task_and_no_connection() -> None:
    async with house() as inn:
        guests = await a_meeting(inn)
        await inn.hub.stop()
        assert [guest.closed for guest in guests] == [Close.RESTARTING] * 3
        assert inn.hub._tasks == set()
        assert (inn.hub.connections, inn.hub.rooms) == (0, 0)


@in_fake_time
async def test_many_who_open_the_same_link_load_the_room_once() -> None:
    async with two_houses() as (inn, other):
        guests = [other.knock() for _ in range(20)]
        for guest in guests:
            guest.say("hello", secret=inn.keys.secret)
        await inn.loop.settle()
        assert [guest.last("door")["door"] for guest in guests] == ["open"] * 20
        (room,) = inn.memory._rooms.values()
        assert len(room.followers) == 2


@in_fake_time
async def test_a_room_that_was_never_there_leaves_nothing() -> None:
    async with house() as inn:
        for words in ("six words that never were anywhere", inn.keys.secret[:-1], "", "x" * 100):
            assert (await inn.door(secret=words)).closed == Close.NO_SUCH_ROOM
        assert baseline(inn.hub)["keys"] == 1
        opened = await inn.hub.open_room(OpenRoom(title="Other"), inn.new_address())
        assert opened.secret != inn.keys.secret
