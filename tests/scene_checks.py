"""The sentences of the scenes that say what people see."""

import json

from scene_language import Person, Play, sentence
from screen import Frame

MINUTE_MS = 60_000
HEARD_OF_REPORTS = {"reported", "claimed", "report_resolved"}
HEARD_OF_MUTES = {"muted", "unmuted", "my_mute"}


def pairs(text: str) -> dict[str, int]:
    """`heart 2, hug 1` as a mapping; `nothing` is empty."""
    return {} if text == "nothing" else {name: int(count) for name, count in (part.split() for part in text.split(", "))}


def heard(person: Person, events: set[str]) -> list[Frame]:
    return [frame for frame in person.seen if frame.get("event") in events]


# ---- messages ------------------------------------------------------------------------------------------------------------


@sentence('<who> sees "<text>" from <whom>')
async def sees_from(play: Play, who: str, text: str, whom: str) -> None:
    message, author = await play.message(who, text), play.person(whom)
    assert (message["text"], message["nickname"], message["by"]) == (text, author.nickname, author.id)


@sentence("<who> reads <texts...>")
async def reads(play: Play, who: str, texts: str) -> None:
    room = await play.seen_by(who)
    expected = [] if texts == "nothing" else json.loads(f"[{texts}]")
    assert [message["text"] for message in room["messages"] if not message["gone"]] == expected


@sentence('<who> sees that "<text>" was <gone>')
async def sees_gone(play: Play, who: str, text: str, gone: str) -> None:
    message = await play.message(who, text)
    assert (message["gone"], message["text"], message["reactions"]) == (gone, "", {})


@sentence('Nothing is left of "<text>"')
async def nothing_is_left(play: Play, text: str) -> None:
    await play.look()
    assert not await play.theatre.keeps(text)
    assert not [person.name for person in play.people.values() if person.screen and text in json.dumps(person.room)]


@sentence('<who> sees on "<text>": <counts...>')
async def sees_reactions(play: Play, who: str, text: str, counts: str) -> None:
    assert (await play.message(who, text))["reactions"] == pairs(counts)


@sentence('<who> has given "<text>": <reactions...>')
async def has_given(play: Play, who: str, text: str, reactions: str) -> None:
    mine = (await play.seen_by(who))["me"]["reactions"].get(str(play.ids[text]), [])
    assert mine == ([] if reactions == "nothing" else reactions.split(", "))


@sentence("Nobody learns who reacted")
async def nobody_learns_who_reacted(play: Play) -> None:
    await play.look()
    frames = [frame for person in play.people.values() for frame in heard(person, {"reacted"})]
    assert frames
    for frame in frames:
        assert frame.keys() == {"is", "event", "id", "at", "position", "message", "reaction", "count"}


# ---- people --------------------------------------------------------------------------------------------------------------


@sentence("<who> sees <whom> <how>")
async def sees_person(play: Play, who: str, whom: str, how: str) -> None:
    people = (await play.seen_by(who))["people"]
    person = people.get(play.person(whom).id)
    state = "gone" if person is None else "here" if person["here"] else "away"
    assert state == how
    assert person is None or person["nickname"] == play.person(whom).nickname


@sentence("<who> is told that <whom> left")
async def is_told_that_someone_left(play: Play, who: str, whom: str) -> None:
    assert await quiet_departures(play, who, whom) == [False]


@sentence("<who> is told nothing of <whom> leaving")
async def is_told_nothing(play: Play, who: str, whom: str) -> None:
    assert await quiet_departures(play, who, whom) == [True]


async def quiet_departures(play: Play, who: str, whom: str) -> list[bool]:
    """Of each time someone left: whether the page is to say nothing about it."""
    await play.look(play.person(who))
    frames = heard(play.person(who), {"left"})
    return [frame["quiet"] for frame in frames if frame["participant"] == play.person(whom).id]


@sentence("<who> sees <whom> as <role>")
async def sees_role(play: Play, who: str, whom: str, role: str) -> None:
    assert (await play.seen_by(who))["people"][play.person(whom).id]["role"] == role


@sentence("<who> sees the door <state>")
async def sees_door(play: Play, who: str, state: str) -> None:
    assert (await play.seen_by(who))["door"] == state


@sentence("<who> sees that the meeting lasts <minutes> minutes")
async def sees_end(play: Play, who: str, minutes: str) -> None:
    room = await play.seen_by(who)
    assert room["ends_at"] - room["starts_at"] == int(minutes) * MINUTE_MS


# ---- moderation ----------------------------------------------------------------------------------------------------------


@sentence("<who> has no desk")
async def has_no_desk(play: Play, who: str) -> None:
    assert "desk" not in await play.seen_by(who)


@sentence("<who> has heard of no report")
async def no_report(play: Play, who: str) -> None:
    await has_no_desk(play, who)
    assert not heard(play.person(who), HEARD_OF_REPORTS)


@sentence('<who> does not see "<text>", which was reported')
async def sees_reported(play: Play, who: str, text: str) -> None:
    message = await play.message(who, text)
    assert (message["reported"], message["text"]) == (True, "")


@sentence('<who> sees no name beside "<text>"')
async def sees_no_name(play: Play, who: str, text: str) -> None:
    assert (await play.message(who, text))["nickname"] == ""


@sentence('<who> sees a report of "<text>" as <reason>: "<words>"')
async def sees_report(play: Play, who: str, text: str, reason: str, words: str) -> None:
    report = await play.report(who, text)
    assert (report["text"], report["reason"], report["words"]) == (text, reason, words)
    assert (report["claimed_by"], report["outcome"]) == ("", "")


@sentence('<who> sees that <whom> looks at the report of "<text>"')
async def sees_claim(play: Play, who: str, whom: str, text: str) -> None:
    assert (await play.report(who, text))["claimed_by"] == play.person(whom).id


@sentence('<who> sees the report of "<text>" resolved by <whom>: <result>')
async def sees_resolution(play: Play, who: str, text: str, whom: str, result: str) -> None:
    report = await play.report(who, text)
    assert (report["claimed_by"], report["outcome"]) == (play.person(whom).id, result)


@sentence('<who> sees no words in the report of "<text>"')
async def sees_no_words(play: Play, who: str, text: str) -> None:
    assert (await play.report(who, text))["text"] == ""


@sentence("Nobody learns that <whom> reported")
async def nobody_learns(play: Play, whom: str) -> None:
    await play.look()
    reporter = play.person(whom)
    told = [frame for person in play.people.values() for frame in heard(person, HEARD_OF_REPORTS)]
    desks = [
        frame["room"]["desk"]["reports"] for p in play.people.values() for frame in p.seen if "desk" in frame.get("room", {})
    ]
    assert told
    assert reporter.id not in json.dumps([told, desks])
    assert reporter.nickname not in json.dumps([told, desks])


@sentence('<who> sees <whom> muted: "<reason>"')
async def sees_muted(play: Play, who: str, whom: str, reason: str) -> None:
    assert (await play.seen_by(who))["desk"]["muted"][play.person(whom).id]["reason"] == reason


@sentence("<who> has no mutes on the desk")
async def sees_nobody_muted(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["desk"]["muted"] == {}


@sentence("<who> has heard of no mute")
async def no_mute(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert not heard(play.person(who), HEARD_OF_MUTES)
    assert (room["me"]["muted_until"], "desk" in room) == (0, False)


@sentence('<who> is told of a mute for <minutes> minutes: "<reason>"')
async def told_of_mute(play: Play, who: str, minutes: str, reason: str) -> None:
    me = (await play.seen_by(who))["me"]
    assert me["mute_reason"] == reason
    assert abs(me["muted_until"] - play.theatre.now() - int(minutes) * MINUTE_MS) < MINUTE_MS / 2


@sentence("<who> is told that the mute is over")
async def told_of_unmute(play: Play, who: str) -> None:
    me = (await play.seen_by(who))["me"]
    assert (me["muted_until"], me["mute_reason"]) == (0, "")


@sentence('<who> sees <whom> removed: "<reason>"')
async def sees_removed(play: Play, who: str, whom: str, reason: str) -> None:
    removed = (await play.seen_by(who))["desk"]["removed"][play.person(whom).id]
    assert (removed["nickname"], removed["reason"]) == (play.person(whom).nickname, reason)


@sentence("<who> has no removals on the desk")
async def sees_nobody_removed(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["desk"]["removed"] == {}


@sentence("<who> has heard of no removal")
async def no_removal(play: Play, who: str) -> None:
    await has_no_desk(play, who)
    assert not heard(play.person(who), {"removed", "readmitted", "address_cleared"})


@sentence("<who> sees the actions: <names...>")
async def sees_actions(play: Play, who: str, names: str) -> None:
    actions = (await play.seen_by(who))["desk"]["actions"]
    assert [f"{action['event']} by {action['by_nickname']}" for action in actions] == names.split(", ")
