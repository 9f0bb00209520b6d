"""The door of a live room: knocking over real connections, from one process to another, and what proves who one is."""

import pytest
from fake_time import fake_time_loop, in_fake_time
from guarding import proof_of
from house import Guest, House, SharedMemory, generous, house, second_house, two_houses
from talking import Street, Talker, street

from chatroom.core.limits import GUARD_JOINS_AT_LEAST, SEAT_KEPT_SECONDS
from chatroom.core.refusals import Close

APPEAL = "Write to the group on its board."
NAMES = [f"Fern {first}{second}" for first in "abcdefgh" for second in "kmnpqrst"]


def door_is(talker: Talker | Guest, state: str) -> bool:
    return bool(doors := [frame for frame in talker.frames if frame["is"] == "door"]) and doors[-1]["door"] == state


def knocks_seen(talker: Talker) -> list[str]:
    return [frame["knock"] for frame in talker.frames if frame.get("event") == "knocked"]


async def knocking(street: Street, secret: str, name: str, **fields: str) -> Talker:
    """Someone who has knocked."""
    talker = await street.hello(secret, **fields)
    answer = await talker.ask("join", nickname=name, accept_rules=True)
    assert answer["is"] == "knocking", answer
    await talker.until(lambda: door_is(talker, "knocking"))
    return talker


# ---- over real sockets ---------------------------------------------------------------------------------------------------


async def test_knocking_over_real_sockets() -> None:
    async with street() as here:
        keys = await here.open_room()
        ada = await here.join(keys, "Ada", keys.host_token)
        assert (await ada.ask("set_door", door="knock"))["is"] == "done"
        await is_admitted_live(here, keys.secret, ada)
        await is_admitted_while_away(here, keys.secret, ada)
        await is_declined(here, keys.secret, ada)


async def is_admitted_live(here: Street, secret: str, ada: Talker) -> None:
    bea = await knocking(here, secret, "Bea")
    await ada.until(lambda: knocks_seen(ada))
    assert (await ada.ask("admit", knock=knocks_seen(ada)[-1]))["is"] == "done"
    await bea.until(lambda: any(frame["is"] == "welcome" for frame in bea.frames))
    assert bea.me == knocks_seen(ada)[-1]
    assert bea.seat == next(frame for frame in bea.frames if frame["is"] == "knocking")["seat"]
    assert (await ada.hears(await bea.post("thank you")))["text"] == "thank you"


async def is_admitted_while_away(here: Street, secret: str, ada: Talker) -> None:
    known = len(knocks_seen(ada))
    cal = await knocking(here, secret, "Cal")
    seat = next(frame["seat"] for frame in cal.frames if frame["is"] == "knocking")
    await cal.cut()
    await ada.until(lambda: len(knocks_seen(ada)) > known)
    assert (await ada.ask("admit", knock=knocks_seen(ada)[-1]))["is"] == "done"
    again = await here.hello(secret, seat=seat)
    await again.until(lambda: any(frame["is"] == "welcome" for frame in again.frames))
    assert again.me == knocks_seen(ada)[-1]
    assert not any(frame["is"] == "knocking" for frame in again.frames), "it is in at once"


async def is_declined(here: Street, secret: str, ada: Talker) -> None:
    known = len(knocks_seen(ada))
    dee = await knocking(here, secret, "Dee")
    await ada.until(lambda: len(knocks_seen(ada)) > known)
    assert (await ada.ask("decline", knock=knocks_seen(ada)[-1]))["is"] == "done"
    await dee.until(lambda: door_is(dee, "declined"))
    assert dee.frames[-1]["sentence"]
    answer = await dee.ask("join", nickname="Dee", accept_rules=True)
    assert (answer["code"], 0 < answer["retry_after_seconds"] <= 60) == ("slow_down", True)


# ---- two processes -------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_knock_on_one_process_is_answered_on_another() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.door()
        await ada.ask("set_door", door="knock")
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"
        (knock,) = ada.screen().room["desk"]["knocks"]
        await ada.ask("admit", knock=knock["knock"])
        await inn.loop.settle()
        assert bea.last("welcome")["room"]["me"]["participant"] == knock["knock"]
        assert ada.screen().room["people"][knock["knock"]]["here"]


@in_fake_time
async def test_who_knocks_on_another_process_again_takes_the_knock_along() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await inn.door()
        await ada.ask("set_door", door="knock")
        seat = (await bea.ask("join", nickname="Bea", accept_rules=True))["seat"]
        again = await other.door(seat=seat)
        assert again.last("knocking")["seat"] == seat
        assert bea.closed == Close.TAKEN_OVER
        await inn.loop.advance(SEAT_KEPT_SECONDS + 1)
        (knock,) = ada.screen().room["desk"]["knocks"]
        await ada.ask("admit", knock=knock["knock"])
        await inn.loop.settle()
        assert again.all("welcome")


@in_fake_time
async def test_a_knock_is_kept_for_a_while_and_then_given_up() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.door()
        await ada.ask("set_door", door="knock")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        bea.cut()
        await inn.loop.advance(SEAT_KEPT_SECONDS - 1)
        assert ada.screen().room["desk"]["knocks"]
        await inn.loop.advance(2)
        assert not ada.screen().room["desk"]["knocks"]
        assert (await (await inn.door()).ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"


@in_fake_time
async def test_so_is_a_knock_whose_process_died() -> None:
    logs = SharedMemory(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs) as inn:
        other = await second_house(inn)
        ada, bea = await inn.join("Ada", "host"), await other.door()
        await ada.ask("set_door", door="knock")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        await other.hub.stop()
        await inn.loop.advance(60)
        assert not ada.screen().room["desk"]["knocks"]


# ---- who is known, who is not --------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_removed_device_is_known_by_another_name_and_address_until_it_is_readmitted() -> None:
    async with house(appeal=APPEAL) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.door(device="bea's phone")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        await ada.ask("remove", participant=bea.me, reason="threats")
        closing = bea.last("closing")
        assert (closing["detail"], closing["appeal"]) == ("threats", APPEAL)
        again = await inn.door(device="bea's phone")
        door = again.last("door")
        assert (door["door"], door["reason"], door["appeal"]) == ("removed", "threats", APPEAL)
        refusal = await again.ask("join", nickname="Quiet Harbour", accept_rules=True)
        assert (refusal["code"], refusal["detail"]) == ("removed", "threats")
        other_device = await inn.door(device="another phone")
        assert other_device.last("door")["door"] == "open"
        await ada.ask("readmit", participant=bea.me)
        await inn.loop.settle()
        assert again.last("door")["door"] == "open"
        back = await inn.back(bea)
        assert back.last("welcome")["recovered"]
        assert ada.screen().room["people"][bea.me]["here"]


@in_fake_time
async def test_nobody_is_known_by_the_key_of_another_room() -> None:
    async with house() as inn:
        bea = await inn.door(device="one key for all")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        first = next(iter(inn.live_room().room.gate.known))
        await inn.open()
        bea = await inn.door(device="one key for all")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        known = [tag for live in inn.hub._rooms.values() for tag in live.room.gate.known]
        assert first in known
        assert len(set(known)) == 2


@in_fake_time
async def test_who_is_sent_back_is_at_the_door_on_the_same_connection() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await ada.ask("send_back", participant=bea.me, reason="Please wait a moment.")
        door = bea.last("door")
        assert (door["door"], door["reason"]) == ("knock", "Please wait a moment.")
        await ada.ask("post", origin_id="origin-1", text="not for Bea")
        await inn.loop.settle()
        assert not bea.texts
        assert (await bea.ask("post", origin_id="origin-2", text="x"))["code"] == "not_joined"
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"
        (knock,) = ada.screen().room["desk"]["knocks"]
        await ada.ask("admit", knock=knock["knock"])
        await inn.loop.settle()
        assert bea.last("welcome")["room"]["me"]["participant"] == knock["knock"]
        await inn.loop.advance(20)
        assert ada.screen().room["people"][knock["knock"]]["here"]


# ---- the guard -----------------------------------------------------------------------------------------------------------


async def raided(inn: House, already: int = 0) -> Guest:
    """The host of a room that is guarded, because so many came at once."""
    ada = await inn.join("Ada", "host")
    for name in NAMES[: 26 - already]:
        await inn.join(name)
    assert ada.screen().room["desk"]["guard"]["guard"] == "work"
    return ada


@in_fake_time
async def test_a_proof_of_work_is_good_once_and_on_its_own_connection() -> None:
    async with house(generous()) as inn:
        ada = await raided(inn)
        bea, eve = await inn.door(), await inn.door()
        work = bea.last("door")["work"]
        assert work["salt"] != eve.last("door")["work"]["salt"]
        proof = proof_of(work)
        for attempt in ({}, {"work": "no proof"}, {"work": proof}):
            before = eve.last("door")["work"]
            answer = await eve.ask("join", nickname="Eve", accept_rules=True, **attempt)
            assert answer["code"] == "work_needed"
            assert eve.last("door")["work"] == before, "what is being worked out stays good"
        taken = await bea.ask("join", nickname="Ada", accept_rules=True, work=proof)
        assert taken["code"] == "name_taken"
        assert bea.last("door")["work"] is None, "it is done, whatever name is taken"
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        await ada.ask("send_back", participant=bea.me, reason="Please wait a moment.")
        assert bea.last("door")["work"]["salt"] != work["salt"], "a proof is worth one seat"


@in_fake_time
async def test_the_guard_is_not_for_those_who_are_known_or_hold_a_seat() -> None:
    async with house(generous()) as inn:
        bea = await inn.door(device="bea's phone")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        cal = await inn.join("Cal")
        await bea.ask("leave")
        await raided(inn, already=2)
        assert (await inn.back(cal)).last("welcome")["recovered"]
        known = await inn.door(device="bea's phone")
        assert known.last("door")["work"] is None
        assert (await known.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        assert (await (await inn.door("moderator")).ask("join", nickname="Mo", accept_rules=True))["is"] == "welcome"


@in_fake_time
async def test_three_hundred_bots_in_a_reconnect_storm_lock_out_nobody_who_holds_a_seat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everyone's process dies; members come back while polite bots prove their work and come in as fast as they can."""
    monkeypatch.setattr("chatroom.live.proof_of_work.WORK_BITS", 8)
    logs = SharedMemory(clock=fake_time_loop().milliseconds)
    async with house(generous(), logs, capacity=60) as inn:
        other = await second_house(inn)
        ada = await inn.join("Ada", "host")
        members = [await other.join(name) for name in NAMES[:GUARD_JOINS_AT_LEAST]]
        for member in members:
            member.cut()
        bots = [await inn.door() for _ in range(300)]
        refusals = set()
        returned = []
        for number, bot in enumerate(bots):
            if number % 14 == 0 and members:
                returned.append(await inn.back(members.pop()))
            work = bot.last("door")["work"]
            proof = {"work": proof_of(work)} if work and number % 2 else {}
            answer = await bot.ask("join", nickname=f"Heron {letters(number)}", accept_rules=True, **proof)
            refusals.add(answer.get("code", answer["is"]))
        assert [guest.last("welcome")["recovered"] for guest in returned] == [True] * len(returned)
        assert not members
        assert {"welcome", "work_needed"} <= refusals <= {"welcome", "work_needed", "full"}
        for number, guest in enumerate(returned):
            assert (await guest.ask("post", origin_id=f"origin-{number:03}", text="I am back"))["is"] == "done"
        assert "joins" in [frame["signal"] for frame in ada.all("entry") if frame["event"] == "guard_raised"]
        await other.hub.stop()


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


# ---- the same person -----------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_muted_person_who_closes_the_tab_knocks_in_a_private_window() -> None:
    async with house() as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.door(device="bea's phone", address="192.0.2.7")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        await ada.ask("mute", participant=bea.me, minutes=None, reason="unkind")
        private = await inn.door(device="private window", address="192.0.2.7")
        assert private.last("door")["door"] == "open", "people who are here are never compared"
        private.cut()
        bea.cut()
        await inn.loop.settle()
        private = await inn.door(device="private window", address="192.0.2.7")
        assert door_is(private, "open"), "nothing shows before they ask"
        assert (await private.ask("join", nickname="Zoe", accept_rules=True))["is"] == "knocking"
        door = private.last("door")
        assert (door["door"], door["reason"], door["appeal"]) == ("knocking", "", "")
        (knock,) = ada.screen().room["desk"]["knocks"]
        assert knock["cautions"] == ["muted_near"]
        await ada.ask("admit", knock=knock["knock"])
        await inn.loop.settle()
        assert private.last("welcome")["room"]["me"]["muted_until"] == 0
        seat = await inn.back(bea)
        assert seat.last("welcome")["recovered"], "the seat is kept"


@in_fake_time
async def test_a_removed_moderator_does_not_come_in_at_a_locked_door_with_the_link() -> None:
    async with house(passphrase="quiet river") as inn:
        ada = await inn.join("Ada", "host")
        mo = await inn.door("moderator", device="mo's phone", address="192.0.2.7")
        await mo.ask("join", nickname="Mo", accept_rules=True)
        await ada.ask("set_door", door="locked")
        await ada.ask("remove", participant=mo.me, reason="threats")
        for name, device, address, shown, answered in (
            ("Zoe", "mo's phone", "198.51.100.7", ("removed", "participant"), "refused"),
            ("Zia", "private window", "192.0.2.7", ("open", "moderator"), "knocking"),
            ("Zac", "private window", "203.0.113.7", ("open", "moderator"), "knocking"),
        ):
            guest = await inn.door("moderator", device=device, address=address)
            door = guest.last("door")
            assert (door["door"], door["role"]) == shown
            assert (await guest.ask("join", nickname=name, accept_rules=True))["is"] == answered
            assert guest.last("door")["role"] == "participant"


async def only_knocks(guest: Guest, name: str) -> bool:
    """Whether this one, to whom the door is open as to everyone, knocks when it asks to come in, and without a role."""
    assert door_is(guest, "open")
    answer = await guest.ask("join", nickname=name, accept_rules=True)
    door = guest.last("door")
    return (answer["is"], door["door"], door["role"]) == ("knocking", "knocking", "participant")


@in_fake_time
async def test_only_a_moderator_lets_in_who_knocks_for_what_was_decided_about_somebody_else() -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.door(device="bea's phone", address="192.0.2.7")
        await bea.ask("join", nickname="Bea", accept_rules=True)
        await ada.ask("mute", participant=bea.me, minutes=None, reason="unkind")
        bea.cut()
        await inn.loop.settle()
        cal, dee = [await inn.door(device=device, address="192.0.2.7") for device in ("cal's phone", "dee's phone")]
        for guest, name in ((cal, "Cal"), (dee, "Dee")):
            assert await only_knocks(guest, name)
        before = len(cal.frames)
        await inn.back(bea)
        await inn.loop.advance(60)
        assert len(cal.frames) == before, "that Bea is back is not their business"
        first, second = [knock["knock"] for knock in ada.screen().room["desk"]["knocks"]]
        await ada.ask("admit", knock=first)
        assert cal.all("welcome")
        await ada.ask("decline", knock=second)
        assert door_is(dee, "declined")
        await inn.loop.advance(61)
        assert (await dee.ask("join", nickname="Dee", accept_rules=True))["is"] == "welcome"


@in_fake_time
async def test_a_new_moderator_link_is_told_to_those_who_moderate_and_to_nobody_else() -> None:
    async with house() as inn:
        ada, mo, bea = await inn.join("Ada", "host"), await inn.join("Mo", "moderator"), await inn.join("Bea")
        refused = await mo.ask("replace_moderator_link")
        assert refused["code"] == "not_allowed"
        assert (await ada.ask("replace_moderator_link"))["is"] == "done"
        token = ada.last("moderator_link")["token"]
        assert mo.last("moderator_link")["token"] == token
        assert not bea.all("moderator_link")
        assert not [frame for frame in bea.frames if token in str(frame) or frame.get("event") == "moderator_link_replaced"]
        assert await only_knocks(await inn.door("moderator"), "Olga")
        new = await inn.door(token=token)
        assert (new.last("door")["door"], new.last("door")["role"]) == ("open", "moderator")
        await ada.ask("change_role", participant=bea.me, role="moderator")
        assert bea.last("moderator_link")["token"] == token
        again = await inn.back(mo)
        assert again.last("moderator_link")["token"] == token
        await ada.ask("change_role", participant=bea.me, role="participant")
        assert await only_knocks(await inn.door(token=token), "Oleg")
        assert not (await inn.back(again)).all("moderator_link"), "it is taken back"


@in_fake_time
async def test_a_link_that_is_replaced_while_someone_waits_at_the_door_gives_no_role() -> None:
    async with house() as inn:
        ada, waiting = await inn.join("Ada", "host"), await inn.door("moderator")
        assert waiting.last("door")["role"] == "moderator"
        await ada.ask("replace_moderator_link")
        assert len(waiting.all("door")) == 1, "nothing shows before they ask"
        assert await only_knocks(waiting, "Mo")


@in_fake_time
async def test_a_link_that_is_replaced_on_one_process_is_old_on_every_other() -> None:
    async with two_houses() as (inn, other):
        ada, mo = await inn.join("Ada", "host"), await other.join("Mo", "moderator")
        await ada.ask("replace_moderator_link")
        token = ada.last("moderator_link")["token"]
        await inn.loop.settle()
        assert not mo.all("moderator_link"), "the log holds its hash alone"
        assert mo.screen().room["desk"]["moderator_link"] is True
        assert await only_knocks(await other.door("moderator"), "Olga")
        assert (await other.door(token=token)).last("door")["role"] == "moderator"
