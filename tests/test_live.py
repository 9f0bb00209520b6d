"""A hub with people on connections that only remember: presence, takeover, slow readers, drain, two processes."""

import asyncio
import json

from fake_time import fake_time_loop, in_fake_time
from house import Guest, SharedMemory, SlowMemory, generous, house, second_house, two_houses

from chatroom.core.limits import DROPPED_AFTER_SECONDS, HEARTBEAT_SECONDS, LEASE_SECONDS, SEAT_KEPT_SECONDS
from chatroom.core.refusals import Close
from chatroom.live.hub import DRAIN_BATCH


async def say(guest: Guest, text: str) -> int:
    """Post; the offset."""
    answer = await guest.ask("post", origin_id=f"origin-{text:_<8.8}".replace(" ", "_"), text=text)
    assert answer["is"] == "done", answer
    return int(answer["id"])


def here(guest: Guest, participant: str) -> bool | None:
    """Whether the person is shown as here; None when gone."""
    person = guest.screen().room["people"].get(participant)
    return None if person is None else bool(person["here"])


# ---- presence ------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_lost_connection_is_dropped_after_a_while_and_gone_after_a_longer_one() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        bea.cut()
        await inn.loop.advance(DROPPED_AFTER_SECONDS - 1)
        assert here(ada, bea.me)
        await inn.loop.advance(2)
        assert here(ada, bea.me) is False
        await inn.loop.advance(SEAT_KEPT_SECONDS - 2)
        assert here(ada, bea.me) is False
        await inn.loop.advance(3)
        assert here(ada, bea.me) is None
        assert ada.events.count("dropped") == ada.events.count("left") == 1


@in_fake_time
async def test_who_comes_back_in_time_was_never_gone() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        bea.cut()
        await inn.loop.advance(DROPPED_AFTER_SECONDS - 1)
        await inn.back(bea)
        await inn.loop.advance(SEAT_KEPT_SECONDS * 2)
        assert ada.events == ["joined"]


@in_fake_time
async def test_a_second_tab_takes_over_and_dropping_the_first_changes_nothing() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        second = await inn.back(bea)
        assert (bea.closed, bea.last("closing")["name"]) == (Close.TAKEN_OVER, "taken_over")
        bea.cut()
        await inn.loop.advance(SEAT_KEPT_SECONDS * 2)
        assert here(ada, bea.me)
        await say(second, "still me")
        assert ada.texts == ["still me"]


@in_fake_time
async def test_a_hello_that_arrives_late_does_not_take_over_the_next_of_the_same_page() -> None:
    """The process it went to did not reach the log, so the page tried again and came to another."""
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        bea.cut()
        other.slow_log().requests.clear()
        late = await other.back(bea, page=1, attempt=2)
        late.cut()
        back = await inn.back(bea, page=1, attempt=3)
        other.slow_log().requests.set()
        await inn.loop.advance(DROPPED_AFTER_SECONDS * 2)
        assert (late.all("welcome"), back.closed, here(ada, bea.me)) == ([], 0, True)
        assert (await inn.back(bea, page=1, attempt=4)).closed == 0
        assert back.closed == Close.TAKEN_OVER


@in_fake_time
async def test_an_older_page_that_finds_its_way_back_does_not_take_over_a_newer_one() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        older, newer = await inn.back(bea, page=1, attempt=1), await inn.back(bea, page=2, attempt=1)
        again = await inn.back(bea, page=1, attempt=2)
        assert (older.closed, again.closed, newer.closed) == (Close.TAKEN_OVER, Close.TAKEN_OVER, 0)
        assert again.all("welcome") == []
        reloaded = await inn.back(bea, page=3, attempt=1)
        assert (newer.closed, reloaded.closed) == (Close.TAKEN_OVER, 0)
        newer.cut()
        reloaded.cut()
        await inn.loop.advance(DROPPED_AFTER_SECONDS + 1)
        assert (await inn.back(bea, page=2, attempt=2)).closed == 0


@in_fake_time
async def test_a_process_that_was_taken_for_lost_does_not_take_people_back_from_where_they_went() -> None:
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        other.slow_log().requests.clear()
        inn.live_room().tick(frozenset({other.hub._services.process}))
        await inn.loop.settle()
        back = await inn.back(bea)
        other.slow_log().requests.set()
        await inn.loop.advance(DROPPED_AFTER_SECONDS * 2)
        assert (bea.closed, back.closed, here(ada, bea.me)) == (Close.TAKEN_OVER, 0, True)


@in_fake_time
async def test_who_was_taken_for_lost_so_long_that_the_seat_is_gone_is_asked_to_come_back() -> None:
    """To the door: this person never left."""
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        other.slow_log().requests.clear()
        inn.live_room().tick(frozenset({other.hub._services.process}))
        await inn.loop.advance(SEAT_KEPT_SECONDS + 2)
        assert here(ada, bea.me) is None
        assert bea.closed == Close.UNAVAILABLE
        other.slow_log().requests.set()
        assert (await inn.back(bea)).last("door")["door"] == "open"


@in_fake_time
async def test_of_many_tabs_at_once_one_stays() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        tabs = [inn.knock() for _ in range(5)]
        for tab in tabs:
            tab.say("hello", secret=inn.keys.secret, seat=bea.seat)
        await inn.loop.settle()
        assert [tab.closed for tab in [bea, *tabs]] == [Close.TAKEN_OVER] * 5 + [0]
        assert len(inn.live_room()._sessions) == 1


@in_fake_time
async def test_a_heartbeat_comes_in_time_and_carries_a_position_to_resume_from() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await say(bea, "hello")
        await inn.loop.advance(HEARTBEAT_SECONDS * 4 + 5)
        beats = bea.all("heartbeat")
        assert len(beats) == 4
        assert beats[-1]["position"] == ada.position
        bea.cut()
        await say(ada, "more")
        again = await inn.back(bea, position=beats[-1]["position"])
        assert again.last("welcome")["recovered"]
        assert again.texts == ["more"]


# ---- slow readers --------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_reader_who_stalls_is_cut_off_alone_and_may_resume() -> None:
    async with house(generous()) as inn:
        ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
        cal.connection.stalled = True
        position = cal.position
        for i in range(20):
            await say(bea, f"words {i}")
            await inn.loop.advance(1)
        assert cal.connection.aborted
        assert (ada.connection.aborted, ada.closed, bea.closed) == (False, 0, 0)
        assert ada.texts == [f"words {i}" for i in range(20)]
        again = await inn.back(cal, position=position)
        assert again.last("welcome")["recovered"]
        assert again.texts == ada.texts


@in_fake_time
async def test_the_network_of_one_does_not_delay_the_others() -> None:
    async with house(generous()) as inn:
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        cal.connection.stalled = True
        before = inn.loop.time()
        await say(bea, "hello")
        assert bea.texts == ["hello"]
        assert inn.loop.time() - before < 0.3


# ---- late joiners --------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_who_joins_in_a_rush_of_messages_gets_only_what_came_after() -> None:
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        late = await inn.door()
        for i in range(40):
            ada.say("post", origin_id=f"origin-{i:02}", text=str(i))
            if i == 20:
                late.say("join", nickname="Bea", accept_rules=True)
        await inn.loop.settle()
        joined = late.last("welcome")["room"]["people"]
        assert len(joined) == 2
        first = late.all("entry")[0]["id"] if late.all("entry") else 0
        assert [message for message in late.screen().room["messages"] if message["id"] < first] == []
        known = [message["text"] for message in late.screen().room["messages"]]
        assert known == [str(i) for i in range(40 - len(known), 40)]
        assert late.last("welcome")["room"]["messages"] == []
        assert (await late.ask("earlier", before=""))["messages"] == late.screen().room["messages"]


@in_fake_time
async def test_earlier_pages_back_through_what_one_may_read() -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        for i in range(250):
            ada.say("post", origin_id=f"origin-{i:03}", text=str(i))
        await inn.loop.settle()
        again = await inn.door(seat=bea.seat)
        room = again.last("welcome")["room"]
        assert [message["text"] for message in room["messages"]] == [str(i) for i in range(150, 250)]
        assert room["more"]
        page = await again.ask("earlier", before=room["messages"][0]["id"])
        assert ([message["text"] for message in page["messages"]], page["more"]) == ([str(i) for i in range(50, 150)], True)
        page = await again.ask("earlier", before=page["messages"][0]["id"])
        assert ([message["text"] for message in page["messages"]], page["more"]) == ([str(i) for i in range(50)], False)


# ---- the end of the process ----------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_drain_sends_everyone_away_in_batches_each_with_a_time_to_come_back() -> None:
    async with house(generous()) as inn:
        guests = [await inn.door() for _ in range(DRAIN_BATCH)] + [await inn.join("Ada", "host"), inn.knock()]
        draining = asyncio.ensure_future(inn.hub.drain())
        await inn.loop.now()
        assert sum(guest.closed != 0 for guest in guests) == DRAIN_BATCH
        assert not await inn.hub.ready()
        newcomer = inn.knock()
        assert (newcomer.session, newcomer.closed) == (None, Close.RESTARTING)
        await inn.loop.advance(20)
        assert draining.done()
        assert {guest.closed for guest in guests} == {Close.RESTARTING}
        waits = [guest.last("closing")["retry_after_seconds"] for guest in guests]
        assert all(0.2 <= wait <= 5 for wait in waits)
        assert len(set(waits)) > 10
        assert inn.hub.connections == 0


@in_fake_time
async def test_two_processes_serve_one_room() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        for i in range(10):
            ada.say("post", origin_id=f"ada-{i:05}", text=f"a{i}")
            bea.say("post", origin_id=f"bea-{i:05}", text=f"b{i}")
        await inn.loop.settle()
        assert ada.texts == bea.texts
        assert sorted(ada.texts) == sorted(f"{who}{i}" for i in range(10) for who in "ab")
        assert (await other.door(seat=ada.seat)).last("welcome")["room"]["me"]["role"] == "host"
        assert ada.closed == Close.TAKEN_OVER
        await bea.ask("leave")


@in_fake_time
async def test_a_mute_in_one_process_holds_in_the_other_at_once() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        ada.say("mute", participant=bea.me, minutes=5, reason="unkind")
        refs = [bea.say("post", origin_id=f"origin-{i}", text=str(i)) for i in range(5)]
        await inn.loop.settle()
        answers = [bea.answer(ref)["is"] for ref in refs]
        mute = next(frame["id"] for frame in ada.all("entry") if frame["event"] == "muted")
        assert all(frame["id"] < mute for frame in ada.all("entry") if frame["event"] == "message_posted")
        assert answers.count("done") == len(ada.texts)
        assert "refused" in answers


@in_fake_time
async def test_what_was_decided_before_a_mute_elsewhere_is_decided_again() -> None:
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        requests = other.slow_log().requests
        requests.clear()
        refs = [bea.say("post", origin_id=f"origin-{i}", text=str(i)) for i in range(5)]
        await inn.loop.settle()
        assert (await ada.ask("mute", participant=bea.me, minutes=5, reason="unkind"))["is"] == "done"
        requests.set()
        await inn.loop.settle()
        assert [bea.answer(ref)["code"] for ref in refs] == ["muted"] * 5
        assert ada.texts == []


@in_fake_time
async def test_an_authors_order_holds_when_all_is_decided_again() -> None:
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        requests = other.slow_log().requests
        requests.clear()
        for i in range(3):
            bea.say("post", origin_id=f"origin-{i}", text=str(i))
        await inn.loop.settle()
        await ada.ask("set_door", door="locked")
        for i in range(3, 6):
            bea.say("post", origin_id=f"origin-{i}", text=str(i))
        requests.set()
        await inn.loop.settle()
        assert ada.texts == bea.texts == ["0", "1", "2", "3", "4", "5"]


@in_fake_time
async def test_the_people_of_a_process_that_died_are_dropped_when_its_lease_is_over() -> None:
    logs = SharedMemory(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        other = await second_house(inn)
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await other.hub.stop()
        await inn.loop.advance(5)
        assert here(ada, bea.me)
        await inn.loop.advance(LEASE_SECONDS + 10)
        assert here(ada, bea.me) is False
        again = await inn.back(bea)
        assert here(ada, bea.me)
        assert again.last("welcome")["recovered"]


@in_fake_time
async def test_people_of_a_process_that_lives_stay() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await inn.loop.advance(300)
        assert here(ada, bea.me)
        assert here(bea, ada.me)


@in_fake_time
async def test_a_process_that_comes_later_finds_the_room() -> None:
    logs = SharedMemory(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        ada = await inn.join("Ada", "host")
        offset = await say(ada, "hello")
        await ada.ask("react", message=offset, reaction="hug")
        other = await second_house(inn)
        again = await other.door(seat=ada.seat)
        assert again.last("welcome")["room"] == json.loads(json.dumps(ada.screen().room))
        await other.hub.stop()
