"""A resume is whole or says so."""

import json
from typing import Any

import pytest
from fake_time import in_fake_time
from house import Guest, House, generous, house
from hypothesis import example, given, settings
from hypothesis import strategies as st
from meeting import plain
from screen import Screen

from chatroom.core.snapshot import room_view
from chatroom.live.history import RESUMED_ENTRIES_AT_MOST


async def say(guest: Guest, *texts: str) -> None:
    for text in texts:
        answer = await guest.ask("post", origin_id=f"origin-{text}", text=text)
        assert answer["is"] == "done", answer


def recovered(guest: Guest) -> bool:
    return bool(guest.last("welcome")["recovered"])


async def two_people(inn: House) -> tuple[Guest, Guest]:
    return await inn.join("Ada", "host"), await inn.join("Bea")


@in_fake_time
async def test_exactly_what_was_missed_follows() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        await say(ada, "one", "two")
        bea.cut()
        await say(ada, "three", "four")
        again = await inn.back(bea)
        assert recovered(again)
        assert "room" not in again.last("welcome")
        assert again.texts == ["three", "four"]
        await say(ada, "five")
        assert again.texts == ["three", "four", "five"]


@in_fake_time
async def test_nothing_follows_when_nothing_was_missed() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        await say(ada, "one")
        again = await inn.back(await inn.back(bea))
        assert recovered(again)
        assert again.all("entry") == []


@in_fake_time
async def test_a_resume_that_is_cut_short_can_be_resumed() -> None:
    """Every frame of the answer is a position from which nothing is missed."""
    async with house() as inn:
        ada, bea = await two_people(inn)
        bea.cut()
        await say(ada, "one", "two", "three")
        again = await inn.back(bea)
        for count in range(1, len(again.frames) + 1):
            part = again.frames[:count]
            seen = [frame["text"] for frame in part if frame.get("event") == "message_posted"]
            cut_short = inn.knock()
            cut_short.connection.frames[:] = part
            position = cut_short.position
            rest = await inn.door(seat=bea.seat, position=position)
            assert seen + rest.texts == ["one", "two", "three"], position


@pytest.mark.parametrize(
    "position",
    [
        ["another", 7, ""],
        ["", 7, "another"],
        ["", 1000, ""],
        ["", 0, ""],
        ["", 2**32 - 1, ""],
        "no position",
        "\U0001f33f",
        "",
    ],
)
@in_fake_time
async def test_a_position_that_is_not_in_the_log_gets_a_snapshot(position: list[Any] | str) -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        await say(ada, "one")
        if isinstance(position, list):
            true = bea.position
            position = [position[0] or true[0], position[1], position[2] or true[2]]
        again = await inn.back(bea, position=position)
        assert not recovered(again)
        assert [message["text"] for message in again.last("welcome")["room"]["messages"]] == ["one"]
        await say(ada, "two")
        assert again.texts == ["two"]


@in_fake_time
async def test_a_position_before_what_is_kept_gets_a_snapshot_and_the_first_kept_does_not() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        await say(ada, "one", "two", "three")
        kept, forgotten = ada.all("entry")[-1], ada.all("entry")[-2]
        bea.cut()
        entries = inn.live_room()._history._entries
        del entries[: next(i for i, entry in enumerate(entries) if entry.offset == kept["id"])]
        again = await inn.back(bea, position=kept["position"])
        assert recovered(again)
        again = await inn.back(bea, position=forgotten["position"])
        assert not recovered(again)


@in_fake_time
async def test_who_missed_too_much_gets_a_snapshot() -> None:
    async with house(generous()) as inn:
        ada, bea = await two_people(inn)
        bea.cut()
        her_session = 1
        for i in range(RESUMED_ENTRIES_AT_MOST - her_session):
            ada.say("post", origin_id=f"origin-{i:04}", text=str(i))
        await inn.loop.settle()
        again = await inn.back(bea)
        assert recovered(again)
        assert len(again.texts) == RESUMED_ENTRIES_AT_MOST - her_session
        await say(ada, "one_more")
        assert not recovered(await inn.back(bea))


@in_fake_time
async def test_no_number_of_hidden_acts_makes_a_resume_a_snapshot() -> None:
    async with house(generous()) as inn:
        ada, bea = await two_people(inn)
        mo = await inn.join("Mo", "moderator")
        bea.cut()
        mo.cut()
        for i in range(RESUMED_ENTRIES_AT_MOST + 1):
            ada.say("say_to_team", origin_id=f"origin-{i:04}", text=str(i))
        await say(ada, "one_more")
        assert recovered(again := await inn.back(bea))
        assert again.texts == ["one_more"]
        assert not recovered(await inn.back(mo))


@in_fake_time
async def test_whose_role_changed_meanwhile_gets_a_snapshot() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        cal = await inn.join("Cal")
        bea.cut()
        cal.cut()
        await ada.ask("change_role", participant=bea.me, role="moderator")
        again, other = await inn.back(bea), await inn.back(cal)
        assert not recovered(again)
        assert "desk" in again.last("welcome")["room"]
        assert recovered(other)


@in_fake_time
async def test_words_that_were_erased_meanwhile_do_not_come_with_a_resume() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        bea.cut()
        answer = await ada.ask("post", origin_id="origin-1", text="a secret")
        await ada.ask("retract", message=answer["id"])
        again = await inn.back(bea)
        assert recovered(again)
        assert again.events == ["message_posted", "retracted"]
        assert again.texts == [""]


@in_fake_time
async def test_an_old_position_does_not_show_what_was_said_before_one_came() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        position = bea.position
        await bea.ask("leave")
        await say(ada, "between")
        new = await inn.join("Bea again")
        await say(ada, "after")
        again = await inn.back(new, position=position)
        assert recovered(again)
        assert again.texts == ["after"]


@in_fake_time
async def test_what_is_for_moderators_does_not_come_with_a_resume() -> None:
    async with house() as inn:
        ada, bea = await two_people(inn)
        cal = await inn.join("Cal")
        bea.cut()
        answer = await cal.ask("post", origin_id="origin-1", text="hello")
        await ada.ask("report", message=answer["id"], reason="other")
        await ada.ask("mute", participant=cal.me, minutes=1, reason="quiet")
        await ada.ask("mute", participant=bea.me, minutes=1, reason="you too")
        again = await inn.back(bea)
        assert again.events == ["message_posted"]
        assert [frame["reason"] for frame in again.all("personal")] == ["you too"]


@in_fake_time
async def test_a_resume_under_fire_has_no_hole_and_nothing_twice() -> None:
    async with house(generous()) as inn:
        ada, bea = await two_people(inn)
        bea.cut()
        again = inn.knock()
        for i in range(60):
            ada.say("post", origin_id=f"origin-{i:02}", text=str(i))
            if i == 20:
                again.say("hello", secret=inn.keys.secret, seat=bea.seat, position=bea.position)
            if i % 7 == 0:
                await inn.loop.now()
        await inn.loop.settle()
        assert recovered(again)
        assert again.texts == [str(i) for i in range(60)]
        offsets = [frame["id"] for frame in again.all("entry")]
        assert offsets == sorted(set(offsets))


class Client:
    """A client that keeps its screen over any number of connections, and may see only a part of what was sent."""

    def __init__(self, guest: Guest) -> None:
        self.guest: Guest | None = guest
        self.screen = Screen({})
        self.position: list[Any] = []
        self.seat = ""

    def see(self, count: int | None = None) -> None:
        """Take in the first frames of those that came."""
        assert self.guest
        frames = self.guest.frames[:count]
        del self.guest.frames[:count]
        for frame in frames:
            if frame["is"] == "welcome":
                self.seat = frame.get("seat", self.seat)
                if not frame["recovered"]:
                    self.screen = Screen(json.loads(json.dumps(frame["room"])))
            elif frame["is"] in ("entry", "personal", "crowd"):
                self.screen.take(frame)
            if "position" in frame:
                self.position = frame["position"]


DEEDS = ("post", "retract", "redact", "hug", "unhug", "lock", "report", "mute", "unmute", "promote", "demote")


async def act(guest: Guest, deed: str, me: str, message: int, n: int) -> None:
    commands: dict[str, dict[str, object]] = {
        "post": {"do": "post", "origin_id": f"origin-{n:03}", "text": f"words {n}"},
        "retract": {"do": "retract", "message": message},
        "redact": {"do": "redact", "message": message},
        "hug": {"do": "react", "message": message, "reaction": "hug"},
        "unhug": {"do": "react", "message": message, "reaction": "hug", "on": False},
        "lock": {"do": "set_door", "door": "locked" if n % 2 else "open"},
        "report": {"do": "report", "message": message, "reason": "other"},
        "mute": {"do": "mute", "participant": me, "minutes": 5, "reason": "quiet"},
        "unmute": {"do": "unmute", "participant": me},
        "promote": {"do": "change_role", "participant": me, "role": "moderator"},
        "demote": {"do": "change_role", "participant": me, "role": "participant"},
    }
    guest.say(**commands[deed])  # type: ignore[arg-type]


deeds = st.lists(st.tuples(st.sampled_from(DEEDS + ("post",) * 5), st.integers(0, 5)), max_size=4)
episodes = st.lists(st.tuples(deeds, st.integers(0, 4), deeds), min_size=2, max_size=6)


@settings(max_examples=25)
@given(episodes)
@example([([], 0, [("post", 0), ("post", 0)]), ([], 1, [("hug", 1)]), ([("post", 1)], 2, [])])
def test_who_comes_and_goes_sees_what_the_server_knows(episodes: list[Any]) -> None:
    in_fake_time(come_and_go)(episodes)


async def come_and_go(episodes: list[Any]) -> None:
    """In each episode things happen, the client is cut off having seen only so many frames, things happen, it comes back."""
    async with house(generous()) as inn:
        ada, bea = await two_people(inn)
        me, client, n = bea.me, Client(bea), 0
        client.see()
        for deeds_here, seen, deeds_away in episodes:
            for deeds, away in ((deeds_here, False), (deeds_away, True)):
                if away and client.guest:
                    await inn.loop.now()
                    client.see(seen)
                    client.guest.cut()
                for deed, number in deeds:
                    messages = list(inn.live_room().room.messages) or [1]
                    n += 1
                    await act(ada if away or number % 2 else client.guest or ada, deed, me, messages[number % len(messages)], n)
            await inn.loop.advance(0.3)
            await come_back(inn, client)
        await inn.loop.settle()
        client.see()
        room = inn.live_room().room
        assert client.screen.room == plain(room_view(room, room.people[me]))


async def come_back(inn: House, client: Client) -> None:
    client.guest = inn.knock()
    client.guest.say("hello", secret=inn.keys.secret, seat=client.seat, position=client.position)
    await inn.loop.now()
