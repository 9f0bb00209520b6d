"""The sentences of the scenes about the course of the meeting and the floor."""

import asyncio
import json
import re

import msgspec
from scene_checks import heard
from scene_language import Person, Play, sentence
from scene_sentences import open_room, says
from screen import Frame

from chatroom.core.script import Crosstalk, Mode, Phase, Script
from chatroom.core.words import NICKNAME_SECOND

MINUTE_MS = 60_000
PHASE = re.compile(r'(host|floor|open) "([^"]*)" (\d+)(?: (none|thanks|open) crosstalk)?(?: reads "([^"]*)")?')


def planned(text: str) -> Script:
    """`host "Welcome" 5 reads "Hello", floor "Shares" 30 thanks crosstalk` as a script."""
    script = tuple(
        Phase(title, text=words, mode=Mode(mode), minutes=int(minutes), crosstalk=Crosstalk(crosstalk or "none"))
        for mode, title, minutes, crosstalk, words in PHASE.findall(text)
    )
    assert PHASE.sub("", text).strip(", ") == "", text
    return script


def names(play: Play, text: str) -> list[str]:
    """The ids of `Ada, Bea`; `nobody` is empty."""
    return [] if text == "nobody" else [play.person(name).id for name in text.split(", ")]


async def screens(play: Play) -> list[Frame]:
    """What everyone in the room sees."""
    here = [person for person in play.people.values() if person.screen and not person.is_away and not person.closing()]
    await play.look(*here)
    return [person.room for person in here]


# ---- the course ----------------------------------------------------------------------------------------------------------


@sentence("A room for <minutes> minutes that starts in <wait> minutes with the script <phases...>")
async def a_room_by_script(play: Play, minutes: str, wait: str, phases: str) -> None:
    starts_at = play.theatre.now() + int(wait) * MINUTE_MS
    await open_room(play, minutes, starts_at=starts_at, script=planned(phases), fellowship_minutes=15)


@sentence("A room for <minutes> minutes with the script <phases...>")
async def a_room_with_script(play: Play, minutes: str, phases: str) -> None:
    await open_room(play, minutes, script=planned(phases))


@sentence("<who> sets the script: <phases...>", "<who> changes the script, in phase <index>: <phases...>")
async def changes_script(play: Play, who: str, phases: str, index: str = "-1") -> None:
    script = msgspec.to_builtins(planned(phases))
    await play.ask(who, "change_script", script=script, phase=int(index))


@sentence("<who> changes the script to one that is wrong")
async def changes_script_badly(play: Play, who: str) -> None:
    script = [{"title": ""}, {"title": "long", "text": "x" * 10_001}, {"title": "endless", "minutes": 241}]
    answer = await play.ask(who, "change_script", script=script, phase=0)
    assert len(answer["detail"].splitlines()) == 3


@sentence("<who> goes on")
async def goes_on(play: Play, who: str) -> None:
    index = (await play.seen_by(who))["course"]["index"]
    await play.ask(who, "next_phase", **{"from": index})


@sentence("<who> goes on from before the meeting")
async def goes_on_from(play: Play, who: str, index: str = "-1") -> None:
    await play.ask(who, "next_phase", **{"from": int(index)})


@sentence("<who> goes to phase <index>")
async def goes_to(play: Play, who: str, index: str) -> None:
    await play.ask(who, "go_to_phase", phase=int(index))


@sentence("<who> posts the text again")
async def reads_again(play: Play, who: str) -> None:
    await play.ask(who, "read_text")


@sentence('<who> sets the topic "<topic>"')
async def sets_topic(play: Play, who: str, topic: str) -> None:
    await play.ask(who, "set_topic", topic=topic)


@sentence("<who> lets the meeting run on the clock")
async def runs_on_clock(play: Play, who: str) -> None:
    await play.ask(who, "run_on_clock", on=True)


@sentence("<who> allows <minutes> minutes of fellowship")
async def allows_fellowship(play: Play, who: str, minutes: str) -> None:
    await play.ask(who, "set_fellowship", minutes=int(minutes))


@sentence("<who> names <whom> <helper>")
async def names_helper(play: Play, who: str, whom: str, helper: str) -> None:
    await play.ask(who, "name_helper", participant=play.person(whom).id, helper=helper)


@sentence("<who> takes the chair")
async def takes_chair(play: Play, who: str) -> None:
    await play.ask(who, "take_chair")


@sentence('Everyone is in "<title>"')
async def everyone_is_in(play: Play, title: str) -> None:
    assert {room["course"]["phase"]["title"] for room in await screens(play)} == {title}


@sentence('Everyone sees the topic "<topic>"')
async def everyone_sees_topic(play: Play, topic: str) -> None:
    assert {room["course"]["topic"] for room in await screens(play)} == {topic}


@sentence("The fellowship has begun for everyone")
async def everyone_sees_fellowship(play: Play) -> None:
    assert {room["course"]["fellowship"] for room in await screens(play)} == {True}


@sentence('<who> sees the plan: "<titles>"')
async def sees_plan(play: Play, who: str, titles: str) -> None:
    assert [phase["title"] for phase in (await play.seen_by(who))["desk"]["script"]] == titles.split(", ")


@sentence("Everyone sees <whom> in the chair", "Nobody is in the chair")
async def sees_chair(play: Play, whom: str = "") -> None:
    assert {room["chair"] for room in await screens(play)} == {play.person(whom).id if whom else ""}


@sentence('<who> sees the reading "<text>"')
async def sees_reading(play: Play, who: str, text: str) -> None:
    messages = (await play.seen_by(who))["messages"]
    assert text in [message["text"] for message in messages if message["kind"] == "reading"]


# ---- hands ---------------------------------------------------------------------------------------------------------------


@sentence("<who> raises a hand")
async def raises_hand(play: Play, who: str) -> None:
    await play.ask(who, "raise_hand")


@sentence('<who> raises a hand because of <reason>: "<words>"')
async def raises_hand_because(play: Play, who: str, reason: str, words: str) -> None:
    await play.ask(who, "raise_hand", reason=reason, words=words)


@sentence("<who>, <whom> and <third> raise their hands at once")
async def raise_at_once(play: Play, who: str, whom: str, third: str) -> None:
    await asyncio.gather(*(play.ask(name, "raise_hand") for name in (who, whom, third)))


@sentence("<who> moves <whom> to place <place> while <third> and <fourth> raise their hands")
async def moves_while_others_raise(play: Play, who: str, whom: str, place: str, third: str, fourth: str) -> None:
    move = play.ask(who, "move_hand", participant=play.person(whom).id, place=int(place))
    await asyncio.gather(play.ask(third, "raise_hand"), move, play.ask(fourth, "raise_hand"))


@sentence("<who> lowers the hand")
async def lowers_hand(play: Play, who: str) -> None:
    await play.ask(who, "lower_hand")


@sentence("<who> lets the next go first")
async def lets_next_go(play: Play, who: str) -> None:
    await play.ask(who, "later")


@sentence("<who> lets two go first")
async def lets_two_go(play: Play, who: str) -> None:
    await play.ask(who, "later", after_next=True)


@sentence("<who> moves <whom> to place <place>")
async def moves_hand(play: Play, who: str, whom: str, place: str) -> None:
    await play.ask(who, "move_hand", participant=play.person(whom).id, place=int(place))


@sentence("<who> invites <whom>")
async def invites(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "invite", participant=play.person(whom).id)


@sentence("<who> closes the queue")
async def closes_queue(play: Play, who: str) -> None:
    await play.ask(who, "close_queue")


@sentence("<who> opens the queue")
async def opens_queue(play: Play, who: str) -> None:
    await play.ask(who, "open_queue")


@sentence("<who> gives <whom> the last word")
async def gives_last_word(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "last_word", participant=play.person(whom).id)


@sentence("Everyone sees the queue: <people...>")
async def everyone_sees_queue(play: Play, people: str) -> None:
    for room in await screens(play):
        assert [hand["participant"] for hand in room["floor"]["queue"]] == names(play, people)


@sentence("Everyone sees one queue of: <people...>")
async def everyone_sees_one_queue(play: Play, people: str) -> None:
    """Whatever the order is, it is the same on every screen."""
    queues = {tuple(hand["participant"] for hand in room["floor"]["queue"]) for room in await screens(play)}
    assert len(queues) == 1
    assert sorted(queues.pop()) == sorted(names(play, people))


@sentence('<who> sees why <whom> raised a hand: <reason> "<words>"')
async def sees_why(play: Play, who: str, whom: str, reason: str, words: str) -> None:
    hand = (await play.seen_by(who))["desk"]["hands"][play.person(whom).id]
    assert hand == {"reason": reason, "words": words}


@sentence('Nobody but the desk learns "<words>"')
async def nobody_learns_words(play: Play, words: str) -> None:
    await play.look()
    for person in play.people.values():
        assert (words in json.dumps(person.seen)) == ("desk" in person.room), person.name


@sentence("<who> is invited")
async def is_invited(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["me"]["invited"]


@sentence("Nobody else learns that <who> was invited")
async def nobody_learns_of_invitation(play: Play, who: str) -> None:
    await play.look()
    others = [person for person in play.people.values() if "desk" not in person.room and person.name != who]
    assert others
    assert not [person.name for person in others if heard(person, {"invited", "invitation_ended", "my_invitation"})]


# ---- the floor -----------------------------------------------------------------------------------------------------------


@sentence("<who> is done")
async def is_done(play: Play, who: str) -> None:
    await play.ask(who, "done")


@sentence("<who> passes")
async def passes(play: Play, who: str) -> None:
    await play.ask(who, "pass_floor")


@sentence("<who> accepts")
async def accepts(play: Play, who: str) -> None:
    await play.ask(who, "accept_floor")


@sentence("<who> is typing")
async def is_typing(play: Play, who: str) -> None:
    await play.ask(who, "typing")


@sentence("<who> keeps the floor")
async def keeps_floor(play: Play, who: str) -> None:
    await play.ask(who, "keep_floor")


@sentence("<who> is asked whether to go on")
async def is_asked(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["me"]["asked"]


@sentence("<who> is not asked any more")
async def is_not_asked(play: Play, who: str) -> None:
    assert not (await play.seen_by(who))["me"]["asked"]


@sentence("Nobody but <who> is asked")
async def nobody_else_is_asked(play: Play, who: str) -> None:
    await play.look()
    assert [person.name for person in play.people.values() if heard(person, {"my_question"})] == [who]


@sentence("Everyone sees that there is a grace")
async def everyone_sees_grace(play: Play) -> None:
    for room in await screens(play):
        assert room["course"]["graced"]


@sentence("Nobody learns who is writing")
async def nobody_learns_who_is_writing(play: Play) -> None:
    await play.look()
    assert not [person.name for person in play.people.values() if heard(person, {"typing", "my_words"})]


@sentence("<who> skips the share of <whom>")
async def skips(play: Play, who: str, whom: str) -> None:
    floor = (await play.seen_by(who))["floor"]
    assert floor["holder"] == play.person(whom).id
    await play.ask(who, "skip_share", share=floor["share"])


@sentence("<who> and <whom> skip the same share at once")
async def skip_at_once(play: Play, who: str, whom: str) -> None:
    share = (await play.seen_by(who))["floor"]["share"]
    answers = await asyncio.gather(*(play.ask(name, "skip_share", share=share) for name in (who, whom)))
    assert sorted(answer.get("code", "") for answer in answers) == ["", "already_so"]
    play.unanswered = ""


@sentence("<who> sets the floor: <minutes> minutes, <switches...>")
async def sets_floor(play: Play, who: str, minutes: str, switches: str) -> None:
    protected = re.search(r"the last (\d+) minutes protected", switches)
    await play.ask(
        who,
        "set_floor",
        share_minutes=int(minutes),
        first_shares_first="first shares first" in switches,
        call_each="called one by one" in switches,
        protect_minutes=int(protected[1]) if protected else 0,
    )


@sentence("Everyone sees the floor with <whom>", "Everyone sees the floor free")
async def everyone_sees_floor(play: Play, whom: str = "") -> None:
    holders = {(room["floor"]["holder"], room["floor"]["nickname"]) for room in await screens(play)}
    assert holders == {(play.person(whom).id, play.person(whom).nickname) if whom else ("", "")}


@sentence("<who> sees the share clock at <seconds> seconds, <state>")
async def sees_clock(play: Play, who: str, seconds: str, state: str) -> None:
    floor = (await play.seen_by(who))["floor"]
    used_ms = (floor["paused_at"] or play.theatre.now()) - floor["since_at"] - floor["paused_ms"]
    assert abs(used_ms - int(seconds) * 1000) <= 2000, used_ms
    assert state == ("paused" if floor["paused_at"] else "running")


@sentence("<who> sees that the share ended: <ending>")
async def sees_ending(play: Play, who: str, ending: str) -> None:
    await play.look(play.person(who))
    assert heard(play.person(who), {"floor_released"})[-1]["ending"] == ending


@sentence("<who> sees one share of <whom>: <texts...>")
async def sees_share(play: Play, who: str, whom: str, texts: str) -> None:
    messages = [message for message in (await play.seen_by(who))["messages"] if message["share"]]
    last = messages[-1]["share"]
    assert [message["text"] for message in messages if message["share"] == last] == json.loads(f"[{texts}]")
    assert {message["by"] for message in messages if message["share"] == last} == {play.person(whom).id}


@sentence("<who> has shared <count> times")
async def has_shared(play: Play, who: str, count: str) -> None:
    assert (await play.seen_by(who))["me"]["shared"] == int(count)


# ---- many ----------------------------------------------------------------------------------------------------------------


@sentence("<count> people come in")
async def people_come_in(play: Play, count: str) -> None:
    for number in range(1, int(count) + 1):
        await play.come_in(f"Guest{number}", nickname=f"Quiet {NICKNAME_SECOND[number]}")
        assert not play.unanswered, play.unanswered


@sentence("People <first> to <last> raise their hands")
async def people_raise_hands(play: Play, first: str, last: str) -> None:
    for number in range(int(first), int(last) + 1):
        await play.ask(f"Guest{number}", "raise_hand")


@sentence("People <first> to <last> share, one after the other, <minutes> minutes each")
async def people_share(play: Play, first: str, last: str, minutes: str) -> None:
    for number in range(int(first), int(last) + 1):
        person = play.person(f"Guest{number}")
        await everyone_sees_floor(play, person.name)
        await says(play, person.name, f"I am number {number}.")
        await play.pass_time(int(minutes) * 60)
        await everyone_sees_floor(play, person.name)
        await says(play, person.name, f"Thank you from number {number}.")
        await is_done(play, person.name)


def holder(play: Play, room: Frame) -> Person | None:
    return next((person for person in play.people.values() if person.id == room["floor"]["holder"]), None)


@sentence("Everyone who gets the floor passes until the queue is empty")
async def everyone_passes(play: Play) -> None:
    room = (await screens(play))[0]
    passed: list[str] = []
    while person := holder(play, room):
        await passes(play, person.name)
        passed.append(person.name)
        room = (await screens(play))[0]
    assert len(set(passed)) == len(passed) > 1
