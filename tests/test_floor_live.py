"""The course and the floor in a hub: what opens a room, what is too large, what is too often, what another process knows."""

from typing import Any

import pytest
from fake_time import fake_time_loop, in_fake_time
from house import SharedMemory, SlowMemory, house, second_house, two_houses

from chatroom.core.commands import Tick
from chatroom.core.floor_events import Helper
from chatroom.core.limits import GUEST_FRAME_BYTES, LEASE_SECONDS, SEAT_KEPT_SECONDS, Rate
from chatroom.core.refusals import Refused
from chatroom.core.script import Mode, Phase
from chatroom.live.policy import HubPolicy

SHARES = (Phase("Shares", mode=Mode.FLOOR, minutes=30),)
LARGE: list[dict[str, Any]] = [{"title": "Reading", "text": "x" * 9_000}, {"title": "Another", "text": "y" * 9_000}]


@in_fake_time
async def test_a_room_is_opened_with_a_script() -> None:
    async with house(script=SHARES, fellowship_minutes=15) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        room = bea.screen().room
        assert (room["course"]["index"], room["course"]["phases"], room["course"]["fellowship_minutes"]) == (-1, 1, 15)
        assert "desk" not in room
        assert [phase["title"] for phase in ada.screen().room["desk"]["script"]] == ["Shares"]


@in_fake_time
async def test_a_room_is_not_opened_with_a_script_that_does_not_fit() -> None:
    async with house() as inn:
        with pytest.raises(Refused) as caught:
            await inn.open(script=(Phase(""), Phase("x", minutes=300)))
        assert caught.value.code == "script_wrong"
        assert len(caught.value.detail.splitlines()) == 2


@in_fake_time
async def test_a_thousand_phases_are_refused_to_their_sender() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        answer = await ada.ask("change_script", script=[{"title": "x"}] * 1_000, phase=0)
        assert (answer["code"], answer["detail"]) == ("script_wrong", "There are 1000 phases; at most 40 are possible.")
        assert bea.events == []


@in_fake_time
async def test_a_cohost_may_send_a_script_larger_than_a_guests_frame() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        assert sum(len(phase["text"]) for phase in LARGE) > GUEST_FRAME_BYTES
        assert (await bea.ask("change_script", script=LARGE, phase=0))["code"] == "frame_too_large"
        await ada.ask("name_helper", participant=bea.me, helper=Helper.COHOST)
        assert (await bea.ask("change_script", script=LARGE, phase=0))["is"] == "done"
        assert (await bea.ask("go_to_phase", phase=1))["is"] == "done"
        assert ada.texts == ["y" * 9_000]
        await ada.ask("change_role", participant=bea.me, role="participant")
        assert (await bea.ask("change_script", script=LARGE, phase=0))["code"] == "frame_too_large"


@in_fake_time
async def test_readings_do_not_count_as_posts_and_hands_count_as_reactions() -> None:
    async with house(HubPolicy(posts_per_person=Rate(1, 1)), script=SHARES) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await ada.ask("change_script", script=[{"title": "Reading", "text": "words"}], phase=0)
        assert {(await ada.ask("read_text"))["is"] for _ in range(5)} == {"done"}
        answers = [await bea.ask(do) for _ in range(6) for do in ("raise_hand", "lower_hand")]
        assert [answer.get("code", "done") for answer in answers] == ["done"] * 10 + ["slow_down"] * 2


@in_fake_time
async def test_words_that_race_the_end_of_ones_turn_are_refused() -> None:
    async with two_houses(SlowMemory) as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await ada.ask("change_script", script=[{"title": "Shares", "mode": "floor"}], phase=0)
        await bea.ask("raise_hand")
        requests = other.slow_log().requests
        requests.clear()
        ref = bea.say("post", origin_id="origin-1", text="one more thing")
        await inn.loop.settle()
        assert (await ada.ask("skip_share"))["is"] == "done"
        requests.set()
        await inn.loop.settle()
        assert bea.answer(ref)["code"] == "not_your_turn"
        assert ada.texts == []


@in_fake_time
async def test_a_sharer_whose_process_was_only_slow_keeps_the_floor() -> None:
    """Other processes dropped its people when its lease was over; it says again that they are here."""
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await ada.ask("change_script", script=[{"title": "Shares", "mode": "floor"}], phase=0)
        await bea.ask("raise_hand")
        room = inn.live_room()
        room.submit("", Tick(lost_processes=frozenset(room.processes())))
        await inn.loop.settle()
        assert [event for event in ada.events if event.startswith("floor_")] == ["floor_given", "floor_paused", "floor_resumed"]
        assert ada.screen().room["people"][bea.me]["here"]
        assert (await bea.ask("post", origin_id="origin-1", text="I go on"))["is"] == "done"
        await inn.loop.advance(SEAT_KEPT_SECONDS)
        assert not bea.closed


@in_fake_time
async def test_the_share_clock_stands_still_when_the_sharers_process_is_lost() -> None:
    """Its people count as dropped when its lease is over, and the floor goes on a minute after they were last heard."""
    async with house(logs=SharedMemory(clock=fake_time_loop().milliseconds)) as inn:
        other = await second_house(inn)
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await ada.ask("change_script", script=[{"title": "Shares", "mode": "floor"}], phase=0)
        await bea.ask("raise_hand")
        await other.hub.stop()
        await inn.loop.advance(LEASE_SECONDS + 10)
        assert ada.screen().room["floor"]["paused_at"]
        await inn.loop.advance(60)
        assert ada.screen().room["floor"]["holder"] == ""
        assert ada.last("entry")["ending"] == "gone"
