"""The sentences of the scenes about what waits for a moderator, the team, content notes, the list of words, direct messages."""

import json
import secrets
from typing import Any

from scene_checks import heard
from scene_language import Play, sentence
from scene_support import quoted

OF_HELD = {"message_held", "held_resolved", "my_held"}
OF_CONCERNS = {"concern_noted", "concern_resolved", "my_care"}
OF_THE_TEAM = {"team_said", "note_written", "break_taken", "break_over", "words_set", "claimed"}


# ---- words that are held -------------------------------------------------------------------------------------------------


@sentence("<who> holds what new people say", "<who> holds nothing any more")
async def holds_new(play: Play, who: str) -> None:
    hold_new = not (await play.seen_by(who))["pace"]["hold_new"]
    await play.ask(who, "set_pace", slow_seconds=0, listen_minutes=0, hold_new=hold_new)


@sentence('<who> accepts "<text>"')
async def accepts(play: Play, who: str, text: str) -> None:
    await play.ask(who, "accept_held", held=play.ids[text])


@sentence('<who> rejects "<text>" because "<reason>"')
async def rejects(play: Play, who: str, text: str, reason: str) -> None:
    await play.ask(who, "reject_held", held=play.ids[text], reason=reason)


@sentence('<who> claims the words "<text>"')
async def claims_words(play: Play, who: str, text: str) -> None:
    await play.ask(who, "claim", item=play.ids[text])


async def held(play: Play, who: str) -> dict[str, Any]:
    return {held["held"]: held for held in (await play.seen_by(who))["desk"]["held"]}


@sentence('<who> sees that "<text>" by <whom> waits for <policy>')
async def sees_held(play: Play, who: str, text: str, whom: str, policy: str) -> None:
    waiting, author = (await held(play, who))[play.ids[text]], play.person(whom)
    assert (waiting["text"], waiting["participant"], waiting["nickname"]) == (text, author.id, author.nickname)
    assert waiting["policy"] == policy


@sentence('<who> sees that <whom> looks at the words "<text>"')
async def sees_claimed_words(play: Play, who: str, whom: str, text: str) -> None:
    assert (await held(play, who))[play.ids[text]]["claimed_by"] == play.person(whom).id


@sentence("<who> sees nothing that waits")
async def sees_nothing_held(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert (room.get("desk", {"held": []})["held"], room["me"]["held"]) == ([], [])


@sentence('<who> is told that "<text>" waits')
async def is_told_of_waiting(play: Play, who: str, text: str) -> None:
    (mine,) = [one for one in (await play.seen_by(who))["me"]["held"] if one["held"] == play.ids[text]]
    assert (mine["state"], mine["text"], mine["reason"]) == ("waiting", text, "")


@sentence('<who> is told that "<text>" was rejected: "<reason>"')
async def is_told_of_rejection(play: Play, who: str, text: str, reason: str) -> None:
    (mine,) = [one for one in (await play.seen_by(who))["me"]["held"] if one["held"] == play.ids[text]]
    assert (mine["state"], mine["text"], mine["reason"]) == ("rejected", "", reason)


@sentence("<who> has heard of nothing that is held")
async def has_heard_of_nothing_held(play: Play, who: str) -> None:
    room = await play.seen_by(who)
    assert not heard(play.person(who), OF_HELD)
    assert (room["me"]["held"], "desk" in room) == ([], False)


# ---- concerns ------------------------------------------------------------------------------------------------------------


async def concern_about(play: Play, who: str, whom: str) -> Any:
    """As any moderator in the room sees it."""
    await play.look()
    desk = next(person.room["desk"] for person in play.people.values() if person.screen and "desk" in person.room)
    return next(one for one in desk["concerns"] if one["participant"] == play.person(whom).id)


@sentence("<who> is worried about <whom>")
async def is_worried(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "worry", participant=play.person(whom).id)


@sentence("<who> sees a concern about <whom>")
async def sees_concern(play: Play, who: str, whom: str) -> None:
    concerns = (await play.seen_by(who))["desk"]["concerns"]
    (concern,) = [one for one in concerns if one["participant"] == play.person(whom).id]
    assert (concern["sort"], concern["topic"], concern["message"]) == ("friend", "", "")
    assert concern["nickname"] == play.person(whom).nickname


@sentence("<who> claims the concern about <whom>")
async def claims_concern(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "claim", item=(await concern_about(play, who, whom))["concern"])


@sentence("<who> sees that <whom> looks after <other>")
async def sees_who_looks_after(play: Play, who: str, whom: str, other: str) -> None:
    assert (await concern_about(play, who, other))["claimed_by"] == play.person(whom).id


@sentence("<who> resolves the concern about <whom>")
async def resolves_concern(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "resolve_concern", concern=(await concern_about(play, who, whom))["concern"])


@sentence("<who> has nobody to look after")
async def sees_no_concern(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["desk"]["concerns"] == []


@sentence("<who> has heard of no concern")
async def has_heard_of_no_concern(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["me"]["care"] == ""
    assert not heard(play.person(who), OF_CONCERNS)


@sentence("Nobody learns that <whom> is worried")
async def nobody_learns_who_is_worried(play: Play, whom: str) -> None:
    await play.look()
    told = [frame for person in play.people.values() for frame in heard(person, OF_CONCERNS)]
    desks = [
        frame["room"]["desk"]["concerns"] for p in play.people.values() for frame in p.seen if "desk" in frame.get("room", {})
    ]
    assert told
    assert play.person(whom).id not in json.dumps([told, desks])
    assert play.person(whom).nickname not in json.dumps([told, desks])


# ---- the team ------------------------------------------------------------------------------------------------------------


@sentence("<who> opens <whom>'s line")
async def opens_line(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "open_line", participant=play.person(whom).id)


@sentence('<who> erases all that <whom> said because "<reason>"')
async def erases_all(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "redact_all", participant=play.person(whom).id, reason=reason)


@sentence('<who> tells the moderators "<text>"')
async def tells_the_team(play: Play, who: str, text: str) -> None:
    play.origins[text] = secrets.token_urlsafe(12)
    answer = await play.ask(who, "say_to_team", origin_id=play.origins[text], text=text)
    if answer["is"] == "done":
        play.ids[text] = answer["id"]


@sentence('<who> tells the moderators "<text>" again')
async def tells_the_team_again(play: Play, who: str, text: str) -> None:
    answer = await play.ask(who, "say_to_team", origin_id=play.origins[text], text=text)
    assert answer["id"] == play.ids[text], "the entry it was given the first time"


@sentence("<who> sees among the moderators: <texts...>")
async def reads_in_team(play: Play, who: str, texts: str) -> None:
    said = (await play.seen_by(who))["desk"]["team"]
    assert [f"{one['by_nickname']}: {one['text']}" for one in said] == quoted(texts)


@sentence('<who> notes about <whom> "<text>"')
async def notes(play: Play, who: str, whom: str, text: str) -> None:
    await play.ask(who, "write_note", participant=play.person(whom).id, text=text)


@sentence("<who> sees the notes about <whom>: <texts...>")
async def sees_notes(play: Play, who: str, whom: str, texts: str) -> None:
    found = (await play.seen_by(who))["desk"]["notes"][play.person(whom).id]
    assert [f"{note['by_nickname']}: {note['text']}" for note in found] == quoted(texts)


@sentence("<who> takes a break")
async def takes_break(play: Play, who: str) -> None:
    await play.ask(who, "take_break")


@sentence("<who> is back from the break")
async def ends_break(play: Play, who: str) -> None:
    await play.ask(who, "end_break")


@sentence("<who> sees on a break: <names...>")
async def sees_on_break(play: Play, who: str, names: str) -> None:
    expected = [] if names == "nobody" else [play.person(name).id for name in names.split(", ")]
    assert (await play.seen_by(who))["desk"]["on_break"] == expected


@sentence("<who> has heard nothing of the moderators")
async def has_heard_nothing_of_the_team(play: Play, who: str) -> None:
    assert "desk" not in await play.seen_by(who)
    assert not heard(play.person(who), OF_THE_TEAM)


# ---- content notes and words ---------------------------------------------------------------------------------------------


@sentence('<who> says "<text>", which is about <topic>')
async def says_about(play: Play, who: str, text: str, topic: str) -> None:
    answer = await play.ask(who, "post", origin_id=secrets.token_urlsafe(12), text=text, topic=topic)
    play.ids[text] = answer["id"]


@sentence('<who> marks "<text>": <topic>')
async def marks(play: Play, who: str, text: str, topic: str) -> None:
    await play.ask(who, "note_content", message=play.ids[text], topic="" if topic == "nothing" else topic)


@sentence('<who> sees "<text>" marked: <topic>')
async def sees_marked(play: Play, who: str, text: str, topic: str) -> None:
    assert (await play.message(who, text))["topic"] == ("" if topic == "nothing" else topic)


@sentence("<who> sets the words <patterns...>")
async def sets_words(play: Play, who: str, patterns: str) -> None:
    words = [{"pattern": pattern, "kind": "literal", "verdict": "hold"} for pattern in quoted(patterns)]
    await play.ask(who, "set_words", words=words)


@sentence('<who> sets the pattern "<pattern>"')
async def sets_pattern(play: Play, who: str, pattern: str) -> None:
    await play.ask(who, "set_words", words=[{"pattern": pattern, "kind": "re2", "verdict": "nudge"}])


@sentence("<who> sees the words <patterns...>")
async def sees_words(play: Play, who: str, patterns: str) -> None:
    words = (await play.seen_by(who))["desk"]["words"]
    assert [word["pattern"] for word in words] == quoted(patterns)


# ---- direct messages -----------------------------------------------------------------------------------------------------


@sentence("<who> lets people write to each other")
async def turns_direct_on(play: Play, who: str) -> None:
    await play.ask(who, "set_direct", on=True)


@sentence("<who> ends all direct messages")
async def turns_direct_off(play: Play, who: str) -> None:
    await play.ask(who, "set_direct", on=False)


@sentence("<who> sees direct messages <state>")
async def sees_direct(play: Play, who: str, state: str) -> None:
    assert (await play.seen_by(who))["direct"] is (state == "on")


@sentence("<who> asks <whom> for direct messages")
async def asks_direct(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "ask_direct", participant=play.person(whom).id)


@sentence("<who> agrees to write with <whom>")
async def says_yes(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "answer_direct", participant=play.person(whom).id, yes=True)


@sentence("<who> turns <whom> down")
async def says_no(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "answer_direct", participant=play.person(whom).id, yes=False)


@sentence('<who> writes to <whom> "<text>"')
async def writes(play: Play, who: str, whom: str, text: str) -> None:
    play.origins[text] = secrets.token_urlsafe(12)
    answer = await play.ask(who, "say_direct", participant=play.person(whom).id, origin_id=play.origins[text], text=text)
    if answer["is"] == "done":
        play.ids[text] = answer["id"]


@sentence('<who> writes to <whom> "<text>" again')
async def writes_again(play: Play, who: str, whom: str, text: str) -> None:
    fields = {"participant": play.person(whom).id, "origin_id": play.origins[text], "text": text}
    assert (await play.ask(who, "say_direct", **fields))["id"] == play.ids[text]


@sentence("<who> writes no more with <whom>")
async def ends_direct(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "end_direct", participant=play.person(whom).id)


@sentence('<who> reports what <whom> wrote as <reason>: "<text>"')
async def reports_direct(play: Play, who: str, whom: str, reason: str, text: str) -> None:
    talk = (await play.seen_by(who))["me"]["direct"][play.person(whom).id]
    said = next(one["said"] for one in talk["said"] if one["text"] == text)
    await play.ask(who, "report_direct", participant=play.person(whom).id, said=said, reason=reason, words="")


@sentence("<who> sees with <whom> <state>: <texts...>")
async def sees_talk(play: Play, who: str, whom: str, state: str, texts: str) -> None:
    talk = (await play.seen_by(who))["me"]["direct"][play.person(whom).id]
    assert (talk["nickname"], talk["state"]) == (play.person(whom).nickname, state)
    said = [f"{'me' if one['mine'] else 'you'}: {one['text']}" for one in talk["said"]]
    assert said == quoted(texts)


@sentence("<who> has heard of no direct message")
async def has_heard_of_no_direct(play: Play, who: str) -> None:
    assert (await play.seen_by(who))["me"]["direct"] == {}
    assert not heard(play.person(who), {"direct", "direct_said", "direct_reported"})


@sentence('<who> sees a report of what <whom> wrote as <reason>: "<text>"')
async def sees_direct_report(play: Play, who: str, whom: str, reason: str, text: str) -> None:
    (report,) = [one for one in (await play.seen_by(who))["desk"]["reports"] if not one["message"]]
    assert (report["participant"], report["reason"], report["text"]) == (play.person(whom).id, reason, text)
