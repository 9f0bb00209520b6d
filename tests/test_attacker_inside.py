"""An attacker who has a seat like everyone: what is not for them reaches no connection of theirs, live or afterwards."""

import json
from typing import Any

import msgspec
import pytest
from fake_time import in_fake_time
from house import Guest, House, generous, house
from test_bad_input import EVERY_COMMAND

from chatroom.core.events import LateJoiners
from chatroom.moderation.registry import choose

SECRET = "kumquat"


def words(field: str) -> str:
    """Something that only few may read, under the name of its field."""
    return f"{SECRET} {field}"


async def done(guest: Guest, do: str, **fields: Any) -> int:
    answer = await guest.ask(do, **fields)
    assert answer["is"] == "done", (do, answer)
    return int(answer["id"])


async def much_that_is_private(inn: House, ada: Guest, mo: Guest, bea: Guest, cal: Guest) -> None:
    """Everything that some may read and others not."""
    hold = [
        {"pattern": "hold", "kind": "literal", "verdict": "hold"},
        {"pattern": words("list"), "kind": "re2", "verdict": "nudge"},
    ]
    await done(ada, "set_words", words=hold)
    await done(ada, "set_direct", on=True)
    for number, resolved in enumerate(({}, {"do": "reject_held", "reason": words("reject")})):
        held = await done(bea, "post", origin_id=f"origin-h{number}", text=f"hold {words('held')} {number}")
        if resolved:
            await done(mo, held=held, **resolved)
    said = await done(bea, "post", origin_id="origin-p", text="for everyone")
    await done(bea, "ask_support")
    await done(bea, "say_privately", origin_id="origin-l", text=words("line"))
    await done(cal, "report", message=said, reason="unsafe", words=words("report"))
    await done(cal, "raise_hand", words=words("hand"))
    await done(cal, "worry", participant=bea.me)
    await done(cal, "ask_direct", participant=bea.me)
    await done(bea, "answer_direct", participant=cal.me, yes=True)
    await done(bea, "say_direct", participant=cal.me, origin_id="origin-d", text=words("direct"))
    await done(mo, "say_to_team", origin_id="origin-t", text=words("team"))
    await done(mo, "write_note", participant=cal.me, text=words("note"))
    await done(mo, "mute", participant=bea.me, minutes=5, reason=words("mute"))
    await done(mo, "redact", message=said, reason=words("redact"))
    await done(ada, "set_door", door="knock")
    knocking = await inn.door()
    assert (await knocking.ask("join", nickname=f"{SECRET} knocks", accept_rules=True))["is"] == "knocking"
    await done(mo, "remove", participant=cal.me, reason=words("remove"))


def everything(guest: Guest) -> str:
    return json.dumps(guest.frames)


@pytest.mark.parametrize("late_joiners", LateJoiners)
def test_what_is_private_reaches_no_connection_of_anyone_else(late_joiners: LateJoiners) -> None:
    @in_fake_time
    async def run() -> None:
        policy = msgspec.structs.replace(generous(), policies=choose(["words"]))
        async with house(policy, late_joiners=late_joiners) as inn:
            ada, mo = await inn.join("Ada", "host"), await inn.join("Mo", "moderator")
            eve, bea, cal = await inn.join("Eve"), await inn.join("Bea"), await inn.join("Cal")
            first = eve.position
            await much_that_is_private(inn, ada, mo, bea, cal)
            for field in ("held", "line", "hand", "report", "team", "note", "list"):
                assert words(field) in everything(mo)
            live = await eve.ask("earlier", before=10_000)
            resumed = await inn.back(eve, position=first)
            assert resumed.last("welcome")["recovered"]
            fresh = await inn.back(eve, position="")
            assert not fresh.last("welcome")["recovered"]
            forged = await inn.back(eve, position=[first[0], first[1] + 3, first[2]])
            for guest in (fresh, forged):
                await guest.ask("people", after="")
                await guest.ask("earlier", before=10_000)
            heard = "".join(map(everything, (eve, resumed, fresh, forged))) + json.dumps(live)
            for private in (SECRET, "worry", "concern", "desk", "muted"):
                assert private not in heard.replace("muted_until", ""), private

    run()


@in_fake_time
async def test_words_under_a_veil_come_to_nobody_who_lacks_them() -> None:
    async with house(generous(), late_joiners=LateJoiners.EVERYTHING) as inn:
        ada, eve, bea = await inn.join("Ada", "host"), await inn.join("Eve"), await inn.join("Bea")
        before = eve.position
        eve.cut()
        await done(bea, "post", origin_id="origin-1", text=words("veiled"))
        await done(ada, "veil")
        resumed, late = await inn.back(eve, position=before), await inn.join("Willow")
        await late.ask("earlier", before=10_000)
        fresh = await inn.back(eve, position="")
        await fresh.ask("earlier", before=10_000)
        for guest in (resumed, fresh, late):
            assert SECRET not in everything(guest)
        assert SECRET in everything(bea)
        await done(ada, "unveil")
        assert SECRET in json.dumps(await fresh.ask("earlier", before=10_000))


PEOPLE, THINGS = {"participant", "knock", "line"}, {"message", "report", "held", "concern", "item", "poll", "said"}
NAMING = {do: fields for do, fields in EVERY_COMMAND.items() if not (PEOPLE | THINGS).isdisjoint(fields)}


@in_fake_time
async def test_nothing_of_another_room_can_be_named_by_any_command() -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        for number in range(30):
            last = await done(bea, "post", origin_id=f"origin-{number}", text=f"words {number}")
        report = await done(ada, "report", message=last, reason="other")
        await done(bea, "ask_support")
        heard = len(ada.frames), len(bea.frames)
        await inn.open()
        host = await inn.join("Willow", "host")
        await inn.join("Bea")
        await done(host, "set_direct", on=True)
        assert len(NAMING) > 25
        for do, fields in NAMING.items():
            theirs = {
                name: bea.me if name in PEOPLE else report if name == "report" else last
                for name in fields.keys() & (PEOPLE | THINGS)
            }
            answer = await host.ask(do, **{**fields, **theirs})
            assert answer["is"] == "refused", (do, answer)
            assert answer["code"].startswith("no_"), (do, answer["code"])
        assert (len(ada.frames), len(bea.frames)) == heard


def told(answer: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(answer.get(name) for name in ("is", "code", "sentence", "detail", "retry_after_seconds"))


@in_fake_time
async def test_nobody_can_feel_for_what_they_cannot_see() -> None:
    """An entry that is hidden is answered like one that is not there, whatever is asked of it."""
    policy = msgspec.structs.replace(generous(), policies=choose(["words"]))
    async with house(policy) as inn:
        ada, mo = await inn.join("Ada", "host"), await inn.join("Mo", "moderator")
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        await done(bea, "post", origin_id="origin-0", text="before Eve came")
        eve = await inn.join("Eve")
        await much_that_is_private(inn, ada, mo, bea, cal)
        seen = {frame["id"] for frame in eve.all("entry")}
        hidden = [offset for offset in range(1, inn.live_room().room.offset + 1) if offset not in seen]
        assert len(hidden) > 20
        for do in sorted(NAMING):
            for name in NAMING[do].keys() & THINGS:
                nothing = await eve_asks(inn, eve, do, name, 10_000)
                assert nothing[0] == "refused"
                assert [offset for offset in hidden if await eve_asks(inn, eve, do, name, offset) != nothing] == [], do


async def eve_asks(inn: House, eve: Guest, do: str, name: str, value: object) -> tuple[Any, ...]:
    inn.live_room().rates.clear()
    await inn.loop.advance(1)
    return told(await eve.ask(do, **{**EVERY_COMMAND[do], name: value}))
