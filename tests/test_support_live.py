"""Check-ins, polls and private lines over connections: who is sent what, live and on coming back."""

import json
from typing import Any

import msgspec
from fake_time import fake_time_loop, in_fake_time
from house import Guest, House, SlowMemory, house

from chatroom.core.limits import PICTURE_ANSWERS_AT_LEAST

SECRETS = ("desperate", "a hard day", "I am here")


async def company(home: House) -> dict[str, Guest]:
    people = {"Ada": await home.join("Ada", "host"), "Mo": await home.join("Mo", "moderator")}
    for name in ("Bea", "Cal", "Dee", "Eve"):
        people[name] = await home.join(name)
    return people


async def carried_out(guest: Guest, do: str, **fields: object) -> int:
    answer = await guest.ask(do, **fields)
    assert answer["is"] == "done", answer
    return int(answer["id"])


def private(text: str, number: int, line: str = "") -> dict[str, object]:
    return {"origin_id": f"private-{number}", "text": text, "line": line}


def told(guest: Guest, event: str) -> list[dict[str, Any]]:
    return [frame for frame in guest.frames if frame.get("event") == event]


@in_fake_time
async def test_who_resumes_is_told_of_the_own_answers_and_line_and_of_no_others() -> None:
    async with house() as home:
        people = await company(home)
        ada, mo, bea, cal = (people[name] for name in ("Ada", "Mo", "Bea", "Cal"))
        poll = 0
        for guest in (bea, cal, mo):
            guest.cut()
        await home.loop.settle()
        away = {name: people[name] for name in ("Bea", "Cal", "Mo")}
        hands = {name: await home.back(guest) for name, guest in away.items()}
        await carried_out(ada, "start_check_in")
        poll = await carried_out(ada, "open_poll", question="Topic?", options=["one", "two"], kind="single", live=True)
        await carried_out(hands["Bea"], "check_in", feeling="lonely", urge=9)
        await carried_out(hands["Bea"], "vote", poll=poll, choices=[1])
        await carried_out(hands["Bea"], "ask_support")
        await carried_out(hands["Bea"], "say_privately", **private("a hard day", 1))
        await carried_out(hands["Mo"], "claim_line", line=bea.me)
        await carried_out(ada, "say_privately", **private("I am here", 2, bea.me))
        # Each comes back from before all that.
        back: dict[str, Guest] = {}
        for name, guest in away.items():
            hands[name].cut()
            back[name] = await home.back(guest)
            assert back[name].last("welcome")["recovered"] is True
        assert [frame["feeling"] for frame in told(back["Bea"], "my_check_in")] == ["lonely"]
        assert [frame["choices"] for frame in told(back["Bea"], "my_vote")] == [[1]]
        assert [frame["text"] for frame in told(back["Bea"], "my_line_said")] == ["a hard day", "I am here"]
        assert told(back["Bea"], "my_line")[-1]["claimed_by_nickname"] == "Mo"
        assert [frame["text"] for frame in told(back["Mo"], "line_said")] == ["a hard day", "I am here"]
        for name in ("Cal", "Mo"):
            assert not told(back[name], "my_check_in") + told(back[name], "my_vote")
            assert "lonely" not in json.dumps(back[name].frames)
        for guest in (cal, hands["Cal"], back["Cal"]):
            assert not any(secret in json.dumps(guest.frames) for secret in SECRETS)
            assert not any("line" in frame.get("event", "") for frame in guest.frames)
        assert [frame["counts"] for frame in told(back["Cal"], "voted")] == [[0, 1]]


@in_fake_time
async def test_nothing_but_sums_comes_of_answers_and_nothing_of_a_line_to_others() -> None:
    async with house() as home:
        people = await company(home)
        await carried_out(people["Ada"], "start_check_in")
        for number, guest in enumerate(people.values()):
            await carried_out(guest, "check_in", feeling="numb", urge=number)
        await carried_out(people["Bea"], "ask_support")
        await carried_out(people["Bea"], "say_privately", **private("desperate", 1))
        late = await home.join("Fay")
        for guest in (people["Cal"], people["Dee"], late):
            frames = json.dumps([frame for frame in guest.frames if frame["is"] != "personal"])
            assert "numb" not in frames
            assert "desperate" not in json.dumps(guest.frames)
        await carried_out(people["Ada"], "close_check_in")
        (closed,) = told(people["Cal"], "check_in_closed")
        assert closed["answers"] > PICTURE_ANSWERS_AT_LEAST
        assert closed["picture"] == {"feelings": {"numb": 6}, "urges": [1] * 6 + [0] * 5}


@in_fake_time
async def test_two_votes_in_one_breath_count_once() -> None:
    """They wait for the log, and are decided together."""
    async with house(logs=SlowMemory(clock=fake_time_loop().milliseconds)) as home:
        people = await company(home)
        bea = people["Bea"]
        asked = {"question": "Topic?", "options": ["one", "two"], "kind": "single", "live": True}
        poll = await carried_out(people["Ada"], "open_poll", **asked)
        requests = home.slow_log().requests
        requests.clear()
        people["Ada"].say("post", origin_id="meanwhile", text="meanwhile")
        refs = [bea.say("vote", poll=poll, choices=[choice]) for choice in (0, 1)]
        await home.loop.settle()
        requests.set()
        await home.loop.settle()
        first, second = (bea.answer(ref) for ref in refs)
        assert (first["is"], second["is"], second.get("code")) == ("done", "refused", "already_voted")
        assert [frame["counts"] for frame in told(people["Cal"], "voted")] == [[1, 0]]
        assert bea.screen().room["me"]["votes"] == {str(poll): [0]}


@in_fake_time
async def test_chips_replies_and_private_words_count_as_posts() -> None:
    async with house() as home:
        people = await company(home)
        bea = people["Bea"]
        await carried_out(people["Ada"], "allow_chips", on=True)
        await carried_out(bea, "ask_support")
        for number in range(2):
            await carried_out(bea, "take_chip", origin_id=f"chip-number-{number}", chip="30_days")
            await carried_out(bea, "thank", origin_id=f"reply-number-{number}", reply="me_too")
        await carried_out(bea, "say_privately", **private("desperate", 1))
        commands: list[tuple[str, dict[str, object]]] = [
            ("take_chip", {"origin_id": "one-too-many", "chip": "30_days"}),
            ("thank", {"origin_id": "one-too-many", "reply": "me_too"}),
            ("say_privately", private("one more", 2)),
        ]
        for do, fields in commands:
            assert (await bea.ask(do, **fields))["code"] == "slow_down"


@in_fake_time
async def test_a_snapshot_holds_no_name_of_a_chip_that_goes_with_it() -> None:
    """The state that replaces erased entries is taken before the erasing is folded."""
    async with house() as home:
        people = await company(home)
        await carried_out(people["Ada"], "allow_chips", on=True)
        offset = await carried_out(people["Bea"], "take_chip", origin_id="chip-number-1", chip="18_months", words="at last")
        snapshot = home.live_room()._writer._snapshot_without([offset])
        assert b"Bea" in snapshot
        assert b"18_months" not in snapshot
        assert b"at last" not in snapshot
        assert b"18_months" in msgspec.msgpack.encode(home.live_room().room)
