"""The sentences of the scenes about chips, check-ins, polls and private lines."""

import json
import secrets
from typing import Any

from scene_checks import heard
from scene_language import Person, Play, sentence
from screen import Frame

PLACE = {"is", "event", "id", "at", "position"}
SHARED: dict[str, set[str]] = {
    "check_in_started": {"round", "in_turn"},
    "checked_in": {"round", "answers"},
    "check_in_closed": {"round", "answers", "picture"},
    "poll_opened": {"poll", "question", "options", "kind", "live"},
    "voted": {"poll", "votes", "counts"},
    "poll_closed": {"poll", "votes", "counts"},
}
"""All that anyone is told of check-ins and polls."""
OF_LINES = {"line_opened", "line_said", "line_claimed", "line_closed", "my_line", "my_line_said"}


def quoted(texts: str) -> list[str]:
    """`"one", "two"` as a list; `nothing` is empty."""
    found: list[str] = [] if texts == "nothing" else json.loads(f"[{texts}]")
    return found


# ---- chips and thanks ----------------------------------------------------------------------------------------------------


async def says_kind(play: Play, who: str, do: str, name: str, **fields: Any) -> None:
    answer = await play.ask(who, do, origin_id=secrets.token_urlsafe(12), **fields)
    if answer["is"] == "done":
        play.ids[name] = answer["id"]


@sentence("<who> allows chips")
async def allows_chips(play: Play, who: str) -> None:
    await play.ask(who, "allow_chips", on=True)


@sentence("<who> takes the chip <chip>", '<who> takes the chip <chip>: "<words>"')
async def takes_chip(play: Play, who: str, chip: str, words: str = "") -> None:
    await says_kind(play, who, "take_chip", chip, chip=chip, words=words)
    if words and chip in play.ids:
        play.ids[words] = play.ids[chip]


@sentence("<who> writes the plan: <phases...>")
async def writes_plan(play: Play, who: str, phases: str) -> None:
    """`Shares floor thanks plain / ...`: title, mode, crosstalk and kind of each phase; the meeting stands in the first."""
    names = ("title", "mode", "crosstalk", "kind")
    script = [dict(zip(names, phase.split(), strict=True)) for phase in phases.split(" / ")]
    await play.ask(who, "change_script", script=script, phase=0)


@sentence("<who> thanks with <reply>")
async def thanks(play: Play, who: str, reply: str) -> None:
    await says_kind(play, who, "thank", reply, reply=reply)


@sentence("<who> sees the <kind> <name> from <whom>", '<who> sees the <kind> <name> from <whom>: "<words>"')
async def sees_kind(play: Play, who: str, kind: str, name: str, whom: str, words: str = "") -> None:
    message = await play.message(who, name)
    expected = (kind, name, play.person(whom).id, words)
    assert (message["kind"], message["name"], message["by"], message["text"]) == expected


@sentence("<who> sees no name on what was <name>")
async def sees_no_name(play: Play, who: str, name: str) -> None:
    message = await play.message(who, name)
    assert (message["name"], message["text"]) == ("", "")


# ---- check-ins -----------------------------------------------------------------------------------------------------------


@sentence("<who> starts a check-in")
async def starts_check_in(play: Play, who: str) -> None:
    await play.ask(who, "start_check_in")


@sentence("<who> starts a check-in in turn")
async def starts_check_in_in_turn(play: Play, who: str) -> None:
    await play.ask(who, "start_check_in", in_turn=True)


@sentence("<who> checks in as <feeling> with <urge>")
async def checks_in(play: Play, who: str, feeling: str, urge: str) -> None:
    await play.ask(who, "check_in", feeling=feeling, urge=int(urge))


@sentence("<who> passes the check-in")
async def passes_check_in(play: Play, who: str) -> None:
    await play.ask(who, "pass_check_in")


@sentence("<who> closes the check-in")
async def closes_check_in(play: Play, who: str) -> None:
    await play.ask(who, "close_check_in")


@sentence("<who> sees an open check-in with <answers> answers", "<who> sees an open check-in with <answers> answer")
async def sees_check_in(play: Play, who: str, answers: str) -> None:
    round = (await play.seen_by(who))["rounds"][-1]
    assert (round["open"], round["answers"], round["picture"]) == (True, int(answers), None)


@sentence("<who> sees no picture of <answers> answers")
async def sees_no_picture(play: Play, who: str, answers: str) -> None:
    round = (await play.seen_by(who))["rounds"][-1]
    assert (round["open"], round["answers"], round["picture"]) == (False, int(answers), None)


@sentence("<who> sees the pictures: <pictures...>")
async def sees_pictures(play: Play, who: str, pictures: str) -> None:
    """`sad 2, calm 4 with 0 1 10 5 / ...`: each round's feelings, then the urges that were named with how often."""
    rounds = (await play.seen_by(who))["rounds"]
    assert [in_words(round["picture"]) for round in rounds] == pictures.split(" / ")


def in_words(picture: Frame) -> str:
    feelings = ", ".join(f"{feeling} {count}" for feeling, count in picture["feelings"].items())
    return feelings + " with " + ", ".join(f"{count} at {urge}" for urge, count in enumerate(picture["urges"]) if count)


@sentence("<who> has checked in as <feeling> with <urge>")
async def has_checked_in(play: Play, who: str, feeling: str, urge: str) -> None:
    room = await play.seen_by(who)
    mine = room["me"]["check_ins"][str(room["rounds"][-1]["round"])]
    assert mine == {"feeling": feeling, "urge": int(urge)}


@sentence("<who> has not checked in")
async def has_not_checked_in(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert str(room["rounds"][-1]["round"]) not in room["me"]["check_ins"]


@sentence("<who> sees neither check-in nor poll")
async def sees_nothing_asked(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert (room["rounds"], room["polls"]) == ([], [])


@sentence("Nobody learns who answered what")
async def nobody_learns_answers(play: Play) -> None:
    await play.look()
    for person in play.people.values():
        told = heard(person, set(SHARED))
        assert all(frame.keys() == PLACE | SHARED[frame["event"]] for frame in told)
        views = [frame["room"] for frame in person.seen if "room" in frame] + [person.room]
        shared = json.dumps([told, [(view["rounds"], view["polls"]) for view in views]])
        assert not [other.name for other in play.people.values() if other.id in shared or f'"{other.nickname}"' in shared]


# ---- polls ---------------------------------------------------------------------------------------------------------------


async def opens(play: Play, who: str, kind: str, question: str, options: str, live: bool) -> None:
    await play.ask(who, "open_poll", question=question, options=quoted(options), kind=kind, live=live)


@sentence('<who> opens a <kind> poll "<question>": <options...>')
async def opens_poll(play: Play, who: str, kind: str, question: str, options: str) -> None:
    await opens(play, who, kind, question, options, live=False)


@sentence('<who> opens a live <kind> poll "<question>": <options...>')
async def opens_live_poll(play: Play, who: str, kind: str, question: str, options: str) -> None:
    await opens(play, who, kind, question, options, live=True)


async def votes(play: Play, who: str, choices: list[int]) -> None:
    poll = (await play.seen_by(who))["polls"][-1]
    await play.ask(who, "vote", poll=poll["poll"], choices=choices)


@sentence("<who> votes for <options...>")
async def votes_for(play: Play, who: str, options: str) -> None:
    poll = (await play.seen_by(who))["polls"][-1]
    await votes(play, who, [poll["options"].index(option) for option in quoted(options)])


@sentence("<who> votes with the numbers <numbers...>")
async def votes_with_numbers(play: Play, who: str, numbers: str) -> None:
    await votes(play, who, json.loads(f"[{numbers}]"))


@sentence("<who> votes with no number")
async def votes_with_nothing(play: Play, who: str) -> None:
    await votes(play, who, [])


@sentence("<who> closes the poll")
async def closes_poll(play: Play, who: str) -> None:
    poll = (await play.seen_by(who))["polls"][-1]
    await play.ask(who, "close_poll", poll=poll["poll"])


@sentence(
    "<who> sees the poll <state> with <votes> votes: <counts...>", "<who> sees the poll <state> with <votes> vote: <counts...>"
)
async def sees_poll(play: Play, who: str, state: str, votes: str, counts: str) -> None:
    poll = (await play.seen_by(who))["polls"][-1]
    shown = "hidden" if poll["counts"] is None else ", ".join(map(str, poll["counts"]))
    assert ("open" if poll["open"] else "closed", poll["votes"], shown) == (state, int(votes), counts)


@sentence('<who> sees the question "<question>" with <options...>')
async def sees_question(play: Play, who: str, question: str, options: str) -> None:
    poll = (await play.seen_by(who))["polls"][-1]
    assert (poll["question"], poll["options"]) == (question, quoted(options))


@sentence("<who> has voted for <options...>")
async def has_voted(play: Play, who: str, options: str) -> None:
    room = await play.seen_by(who)
    poll = room["polls"][-1]
    mine = room["me"]["votes"].get(str(poll["poll"]), [])
    assert [poll["options"][choice] for choice in mine] == quoted(options)


# ---- private lines -------------------------------------------------------------------------------------------------------


@sentence("<who> asks for support")
async def asks_support(play: Play, who: str) -> None:
    await play.ask(who, "ask_support")


async def says_in_line(play: Play, who: str, line: str, text: str) -> None:
    play.origins[text] = secrets.token_urlsafe(12)
    answer = await play.ask(who, "say_privately", origin_id=play.origins[text], line=line, text=text)
    if answer["is"] == "done":
        play.ids[text] = answer["id"]


@sentence('<who> says privately "<text>"')
async def says_privately(play: Play, who: str, text: str) -> None:
    await says_in_line(play, who, "", text)


@sentence('<who> answers <whom> privately "<text>"')
async def answers_privately(play: Play, who: str, whom: str, text: str) -> None:
    await says_in_line(play, who, play.person(whom).id, text)


@sentence('<who> says privately "<text>" again')
async def says_privately_again(play: Play, who: str, text: str) -> None:
    answer = await play.ask(who, "say_privately", origin_id=play.origins[text], line="", text=text)
    assert answer["id"] == play.ids[text], "the entry it was given the first time"


@sentence("<who> claims <whom>'s line")
async def claims_line(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "claim_line", line=play.person(whom).id)


@sentence("<who> closes <whom>'s line")
async def closes_line(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "close_line", line=play.person(whom).id)


@sentence("<who> sees <whom>'s line <state>: <texts...>")
async def sees_line(play: Play, who: str, whom: str, state: str, texts: str) -> None:
    owner = play.person(whom)
    line = next(line for line in (await play.seen_by(who))["desk"]["lines"] if line["line"] == owner.id)
    assert (line["nickname"], "open" if line["open"] else "closed") == (owner.nickname, state)
    assert [f"{said['by_nickname']}: {said['text']}" for said in line["said"]] == quoted(texts)


@sentence("<who> sees that <whom> answers <owner>'s line")
async def sees_claimer(play: Play, who: str, whom: str, owner: str) -> None:
    lines = (await play.seen_by(who))["desk"]["lines"]
    assert [line["claimed_by"] for line in lines if line["line"] == play.person(owner).id] == [play.person(whom).id]


@sentence("<who> sees the private line <state>: <texts...>")
async def sees_my_line(play: Play, who: str, state: str, texts: str) -> None:
    line = (await play.seen_by(who))["me"]["line"]
    assert ("open" if line["open"] else "closed") == state
    assert [f"{said['nickname']}: {said['text']}" for said in line["said"]] == quoted(texts)
    assert [said["mine"] for said in line["said"]] == [said["nickname"] == play.person(who).nickname for said in line["said"]]


@sentence("<who> is told that <whom> answers", "<who> is told that the line waits")
async def is_told_who_answers(play: Play, who: str, whom: str = "") -> None:
    line = (await play.seen_by(who))["me"]["line"]
    assert line["claimed_by_nickname"] == (play.person(whom).nickname if whom else "")


@sentence("<who> has heard of no private line")
async def no_line(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert not heard(play.person(who), OF_LINES)
    assert (room["me"]["line"], "desk" in room) == (None, False)


@sentence('Only <names...> heard "<text>"')
async def only_these_heard(play: Play, names: str, text: str) -> None:
    await play.look()
    assert [person.name for person in play.people.values() if was_told(person, text)] == names.split(", ")


def was_told(person: Person, text: str) -> bool:
    return text in json.dumps(person.seen)
