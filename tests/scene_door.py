"""The sentences of the scenes about the door, the pace, the calm and the guard."""

from collections.abc import Callable
from typing import Any

from scene_language import Person, Play, outcome, sentence
from scene_sentences import open_room
from screen import Frame

DOORS = {"opens": "open", "locks": "locked"}


async def until(play: Play, person: Person, wanted: Callable[[Frame], bool], since: int) -> None:
    """Wait until a wanted frame has come on this person's connection after so many others."""
    assert person.line
    while not any(wanted(frame) for frame in person.line.frames[since:]):
        await person.line.more()
    person.read()


def phone_of(name: str) -> str:
    return f"phone of {name}"


# ---- the room ------------------------------------------------------------------------------------------------------------


@sentence("A room for <minutes> minutes that needs a moderator")
async def a_room_that_needs_a_moderator(play: Play, minutes: str) -> None:
    await open_room(play, minutes, needs_moderator=True)


@sentence('A room for <minutes> minutes with the appeal "<words>"')
async def a_room_with_an_appeal(play: Play, minutes: str, words: str) -> None:
    await open_room(play, minutes, appeal=words)


# ---- the door ------------------------------------------------------------------------------------------------------------


@sentence("<who> <opens> the door")
async def sets_the_door(play: Play, who: str, opens: str) -> None:
    await play.ask(who, "set_door", door=DOORS[opens])


@sentence("<who> lets new people knock")
async def lets_knock(play: Play, who: str) -> None:
    await play.ask(who, "set_door", door="knock")


@sentence("<who> comes in on <whom>'s phone")
async def comes_in_on(play: Play, who: str, whom: str) -> None:
    await play.come_in(who, device=phone_of(whom))


@sentence('<who> comes in on <whom>\'s phone as "<name>"')
async def comes_in_on_as(play: Play, who: str, whom: str, name: str) -> None:
    await play.come_in(who, device=phone_of(whom), nickname=name)


@outcome("<who> waits at the door")
async def waits_at_the_door(play: Play, who: str) -> None:
    assert play.unanswered == "knocking", f"it was {play.unanswered or 'done'}"
    play.unanswered = ""


@sentence("<who> sees <names...> at the door")
async def sees_at_the_door(play: Play, who: str, names: str) -> None:
    knocks = (await play.seen_by(who))["desk"]["knocks"]
    wanted = [] if names == "nobody" else names.split(", ")
    assert [knock["nickname"] for knock in knocks] == [play.person(name).nickname for name in wanted]


@sentence("<who> is told of <whom>: <cautions...>")
async def is_told_of(play: Play, who: str, whom: str, cautions: str) -> None:
    knocks = (await play.seen_by(who))["desk"]["knocks"]
    (knock,) = [knock for knock in knocks if knock["nickname"] == play.person(whom).nickname]
    assert knock["cautions"] == cautions.split(", ")


@sentence("<who> has heard of no knock")
async def heard_of_no_knock(play: Play, who: str) -> None:
    await play.look(play.person(who))
    assert not [frame for frame in play.person(who).seen if frame.get("event") in ("knocked", "knock_ended")]


async def knock_of(play: Play, who: str, whom: str) -> Any:
    """The knock of someone, as a moderator sees it."""
    nickname = play.person(whom).nickname
    knocks = (await play.seen_by(who)).get("desk", {"knocks": []})["knocks"]
    return next((knock["knock"] for knock in knocks if knock["nickname"] == nickname), "nobody")


@sentence("<who> lets <whom> in")
async def lets_in(play: Play, who: str, whom: str) -> None:
    if whom == "everyone":
        await play.ask(who, "admit_all")
    else:
        await play.ask(who, "admit", knock=await knock_of(play, who, whom))


@sentence("<who> declines <whom>")
async def declines(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "decline", knock=await knock_of(play, who, whom))


@sentence("<who> goes in")
async def goes_in(play: Play, who: str) -> None:
    """By itself, after waiting."""
    person = play.person(who)
    await until(play, person, lambda frame: frame["is"] == "welcome", 0)
    play._steps += 1


@sentence("<who> goes away from the door")
async def goes_away(play: Play, who: str) -> None:
    await play.ask(who, "leave")


@sentence("<who> is told at the door: <state>")
async def is_told_at_the_door(play: Play, who: str, state: str) -> None:
    person = play.person(who)
    assert person.line
    person.read()
    while person.door.get("door") != state:
        await person.line.more()
        person.read()


@sentence('<who> is told the reason "<words>"')
async def is_told_the_reason(play: Play, who: str, words: str) -> None:
    assert play.person(who).door["reason"] == words


@sentence('<who> sends <whom> back because "<reason>"')
async def sends_back(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "send_back", participant=play.person(whom).id, reason=reason)


@sentence('<who> learns the reason "<reason>" and the appeal "<words>"')
async def learns_the_appeal(play: Play, who: str, reason: str, words: str) -> None:
    closing = play.person(who).first(lambda frame: frame["is"] == "closing")
    assert closing
    assert (closing["detail"], closing["appeal"]) == (reason, words)


# ---- the calm and the pace -----------------------------------------------------------------------------------------------

STEPS = {
    "stops the writing": "stop_posting",
    "lets people write": "resume_posting",
    "veils the last minute": "veil",
    "takes the veil away": "unveil",
    "calms the room": "calm",
    "ends the calm": "end_calm",
    "lowers the guard": "lower_guard",
}
for words, do in STEPS.items():

    @sentence(f"<who> {words}")
    async def takes_a_step(play: Play, who: str, do: str = do) -> None:
        await play.ask(who, do)


@sentence("<who> <step> and shows what removed people wrote")
async def takes_a_step_and_shows(play: Play, who: str, step: str) -> None:
    await play.ask(who, {"reopens": "end_calm", "unveils": "unveil"}[step], show_removed=True)


@sentence("<who> sees that people <may> write")
async def sees_whether_people_write(play: Play, who: str, may: str) -> None:
    assert (await play.seen_by(who))["posting_stopped"] is (may == "cannot")


@sentence('<who> sees "<text>" covered')
async def sees_covered(play: Play, who: str, text: str) -> None:
    message = await play.message(who, text)
    assert (message["veiled"], message["text"]) == (True, "")


@sentence('<who> sees "<text>" covered for others')
async def sees_covered_for_others(play: Play, who: str, text: str) -> None:
    message = await play.message(who, text)
    assert (message["veiled"], message["text"]) == (True, text)


@sentence("<who> asks for what was covered")
async def asks_for_what_was_covered(play: Play, who: str) -> None:
    await play.look(play.person(who))
    earlier = await play.ask(who, "earlier", before="")
    screen = play.person(who).screen
    assert screen
    screen.take(earlier)


@sentence("<who> sets the pace: <seconds> seconds, <minutes> minutes, new words <state>")
async def sets_the_pace(play: Play, who: str, seconds: str, minutes: str, state: str) -> None:
    pace = {"slow_seconds": int(seconds), "listen_minutes": int(minutes), "hold_new": state == "held"}
    await play.ask(who, "set_pace", **pace)


@sentence("<who> sees the pace: <seconds> seconds, <minutes> minutes, new words <state>")
async def sees_the_pace(play: Play, who: str, seconds: str, minutes: str, state: str) -> None:
    pace = {"slow_seconds": int(seconds), "listen_minutes": int(minutes), "hold_new": state == "held"}
    assert (await play.seen_by(who))["pace"] == pace


# ---- a moderator is here; the guard --------------------------------------------------------------------------------------


@sentence("<who> sees that <nobody> moderates")
async def sees_who_moderates(play: Play, who: str, nobody: str) -> None:
    assert (await play.seen_by(who))["unattended"] is (nobody == "nobody")


@sentence("<who> sees the guard: <guard> because of <signal>")
async def sees_the_guard(play: Play, who: str, guard: str, signal: str) -> None:
    raised = (await play.seen_by(who))["desk"]["guard"]
    assert (raised["guard"], raised["signal"]) == (guard, signal)


@sentence("<who> finds no guard up")
async def sees_no_guard(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["desk"]["guard"] is None


@sentence("<number> more come in from everywhere")
async def many_come_in(play: Play, number: str) -> None:
    for name in NAMES[: int(number)]:
        await play.come_in(name)


NAMES = [first + second for first in ("Al", "Be", "Co", "Da", "El") for second in ("ba", "ca", "da", "fa", "ga", "ka")]
