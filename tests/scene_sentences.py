"""The sentences of the scenes: what people do, and what they then see."""

import secrets
from typing import Any

from scene_language import Play, outcome, sentence

from chatroom.core.events import LateJoiners
from chatroom.live.opening import OpenRoom

MINUTE_MS = 60_000
USUAL: dict[str, Any] = {"title": "Tuesday newcomers", "needs_moderator": False}
MINUTES = {"minute": 60, "minutes": 60, "second": 1, "seconds": 1}

# ---- the room ------------------------------------------------------------------------------------------------------------


async def open_room(play: Play, minutes: str, **fields: Any) -> None:
    play.rooms.append(await play.theatre.open_room(OpenRoom(**{**USUAL, "minutes": int(minutes), **fields})))


@sentence("A room for <minutes> minutes", "Another room for <minutes> minutes")
async def a_room(play: Play, minutes: str) -> None:
    await open_room(play, minutes)


@sentence("A room for <minutes> minutes with <seats> seats")
async def a_small_room(play: Play, minutes: str, seats: str) -> None:
    await open_room(play, minutes, capacity=int(seats))


@sentence('A room for <minutes> minutes with the passphrase "<words>"')
async def a_closed_room(play: Play, minutes: str, words: str) -> None:
    await open_room(play, minutes, passphrase=words)


@sentence("A room for <minutes> minutes where late joiners see everything")
async def an_open_room(play: Play, minutes: str) -> None:
    await open_room(play, minutes, late_joiners=LateJoiners.EVERYTHING)


@sentence("A room for <minutes> minutes that starts in <wait> minutes")
async def a_later_room(play: Play, minutes: str, wait: str) -> None:
    await open_room(play, minutes, starts_at=play.theatre.now() + int(wait) * MINUTE_MS)


@sentence("<amount> <unit> pass", "<amount> <unit> passes")
async def time_passes(play: Play, amount: str, unit: str) -> None:
    await play.pass_time(int(amount) * MINUTES[unit])


# ---- coming and going ----------------------------------------------------------------------------------------------------


@sentence("<who> comes in")
async def comes_in(play: Play, who: str) -> None:
    await play.come_in(who)


@sentence("<who> comes in as <role>")
async def comes_in_as(play: Play, who: str, role: str) -> None:
    await play.come_in(who, role)


@sentence('<who> comes in as "<name>"')
async def comes_in_named(play: Play, who: str, name: str) -> None:
    await play.come_in(who, nickname=name)


@sentence("<who> comes in from <whom>'s address")
async def comes_in_from(play: Play, who: str, whom: str) -> None:
    play.person(who).address = play.person(whom).address
    await play.come_in(who)


@sentence("<who> moves to another address")
async def moves(play: Play, who: str) -> None:
    play.person(who).address = play.new_address()


@sentence('<who> comes in with the passphrase "<words>"')
async def comes_in_with(play: Play, who: str, words: str) -> None:
    await play.come_in(who, passphrase=words)


@sentence("<who> comes in to the other room")
async def comes_in_elsewhere(play: Play, who: str) -> None:
    await play.come_in(who, room=1)


@sentence("<who> comes in with the other room's host link")
async def comes_in_with_foreign_token(play: Play, who: str) -> None:
    await play.come_in(who, token=play.rooms[1].host_token)


@sentence('<who> comes in with the made up role "<token>"')
async def comes_in_with_forged_token(play: Play, who: str, token: str) -> None:
    await play.come_in(who, token=token)


@sentence("<who> comes back", "<who> reloads", "<who> opens a second tab")
async def comes_back(play: Play, who: str) -> None:
    person = play.person(who)
    person.first_tab, person.line = person.line, None
    await play.knock(person)


@sentence("<who> comes back with <whom>'s seat")
async def comes_back_with(play: Play, who: str, whom: str) -> None:
    play.person(who).seat = play.person(whom).seat
    await play.knock(play.person(who))


@sentence("<who>'s connection is lost")
async def is_lost(play: Play, who: str) -> None:
    line = play.person(who).line
    assert line
    await line.cut()
    play.person(who).is_away = True


@sentence("<who> leaves")
async def leaves(play: Play, who: str) -> None:
    await play.ask(who, "leave")


@sentence("<who> leaves quietly")
async def leaves_quietly(play: Play, who: str) -> None:
    await play.ask(who, "leave", quiet=True)


@outcome("<who> is refused: <code>")
async def is_refused(play: Play, who: str, code: str) -> None:
    assert play.unanswered == code, f"it was {play.unanswered or 'done'}"
    play.unanswered = ""


@outcome("<who> is sent away: <name>")
async def is_sent_away(play: Play, who: str, name: str) -> None:
    await play.look(play.person(who))
    assert play.person(who).closing() == name
    play.unanswered = ""


@outcome("<who> finds the door: <state>")
async def finds_the_door(play: Play, who: str, state: str) -> None:
    assert play.person(who).door["door"] == state
    play.unanswered = ""


@sentence("<who>'s first tab is closed: <name>")
async def first_tab_is_closed(play: Play, who: str, name: str) -> None:
    tab = play.person(who).first_tab
    assert tab
    await play.theatre.has_heard(tab)
    assert [frame["name"] for frame in tab.frames if frame["is"] == "closing"] == [name]


# ---- talking -------------------------------------------------------------------------------------------------------------


@sentence('<who> says "<text>"')
async def says(play: Play, who: str, text: str) -> None:
    play.origins[text] = secrets.token_urlsafe(12)
    answer = await play.ask(who, "post", origin_id=play.origins[text], text=text)
    if answer["is"] == "done":
        play.ids[text] = answer["id"]


@sentence('<who> sends "<text>" again')
async def sends_again(play: Play, who: str, text: str) -> None:
    answer = await play.ask(who, "post", origin_id=play.origins[text], text=text)
    assert answer["id"] == play.ids[text], "the entry it was given the first time"


@sentence('<who> sends "<text>" under the id of "<other>"')
async def sends_under(play: Play, who: str, text: str, other: str) -> None:
    await play.ask(who, "post", origin_id=play.origins[other], text=text)


@sentence('<who> takes back "<text>"')
async def takes_back(play: Play, who: str, text: str) -> None:
    await play.ask(who, "retract", message=play.ids[text])


@sentence('<who> reacts to "<text>" with <reaction>')
async def reacts(play: Play, who: str, text: str, reaction: str) -> None:
    await play.ask(who, "react", message=play.ids[text], reaction=reaction)


@sentence('<who> takes <reaction> back from "<text>"')
async def unreacts(play: Play, who: str, text: str, reaction: str) -> None:
    await play.ask(who, "react", message=play.ids[text], reaction=reaction, on=False)


@sentence('<who> reports "<text>" as <reason>')
async def reports(play: Play, who: str, text: str, reason: str) -> None:
    await play.ask(who, "report", message=play.ids[text], reason=reason)


@sentence('<who> reports "<text>" as <reason> because "<words>"')
async def reports_because(play: Play, who: str, text: str, reason: str, words: str) -> None:
    await play.ask(who, "report", message=play.ids[text], reason=reason, words=words)


@sentence('<who> finds "<text>" further back', "<who> finds nothing further back")
async def looks_back(play: Play, who: str, text: str = "") -> None:
    answer = await play.ask(who, "earlier", before="")
    assert [message["text"] for message in answer["messages"]] == ([text] if text else [])


@sentence("<who> finds no words further back")
async def looks_back_at_no_words(play: Play, who: str) -> None:
    answer = await play.ask(who, "earlier", before="")
    assert [message["text"] for message in answer["messages"]] == [""]


# ---- moderating ----------------------------------------------------------------------------------------------------------


@sentence(
    '<who> mutes <whom> for <minutes> minutes because "<reason>"', '<who> mutes <whom> for <minutes> minute because "<reason>"'
)
async def mutes(play: Play, who: str, whom: str, minutes: str, reason: str) -> None:
    await play.ask(who, "mute", participant=play.person(whom).id, minutes=int(minutes), reason=reason)


@sentence('<who> mutes <whom> until the end because "<reason>"')
async def mutes_for_good(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "mute", participant=play.person(whom).id, minutes=None, reason=reason)


@sentence("<who> unmutes <whom>")
async def unmutes(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "unmute", participant=play.person(whom).id)


@sentence('<who> redacts "<text>"', '<who> redacts "<text>" because "<reason>"')
async def redacts(play: Play, who: str, text: str, reason: str = "") -> None:
    await play.ask(who, "redact", message=play.ids[text], reason=reason)


@sentence('<who> removes <whom> because "<reason>"')
async def removes(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "remove", participant=play.person(whom).id, reason=reason)


@sentence('<who> removes <whom>, with what they wrote, because "<reason>"')
async def removes_with_words(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "remove", participant=play.person(whom).id, reason=reason, erase=True)


@sentence('<who> removes <whom>, but not what they wrote, because "<reason>"')
async def removes_without_words(play: Play, who: str, whom: str, reason: str) -> None:
    await play.ask(who, "remove", participant=play.person(whom).id, reason=reason, erase=False)


@sentence("<who> readmits <whom>")
async def readmits(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "readmit", participant=play.person(whom).id)


@sentence("<who> clears <whom>'s address")
async def clears_address(play: Play, who: str, whom: str) -> None:
    await play.ask(who, "clear_address", participant=play.person(whom).id)


@sentence("<who> makes <whom> a <role>")
async def makes(play: Play, who: str, whom: str, role: str) -> None:
    await play.ask(who, "change_role", participant=play.person(whom).id, role=role)


@sentence("<who> extends by <minutes> minutes")
async def extends(play: Play, who: str, minutes: str) -> None:
    await play.ask(who, "extend", minutes=int(minutes))


@sentence("<who> ends the meeting")
async def ends(play: Play, who: str) -> None:
    await play.ask(who, "end")


@sentence('<who> claims the report of "<text>"')
async def claims(play: Play, who: str, text: str) -> None:
    await play.ask(who, "claim", item=await report_id(play, text))


@sentence('<who> resolves the report of "<text>": <result>')
async def resolves(play: Play, who: str, text: str, result: str) -> None:
    await play.ask(who, "resolve_report", report=await report_id(play, text), outcome=result)


async def report_id(play: Play, text: str) -> str:
    """The id as any moderator in the room sees it."""
    await play.look()
    desk = next(person.room["desk"] for person in play.people.values() if person.screen and "desk" in person.room)
    return next(str(report["report"]) for report in desk["reports"] if report["message"] == play.ids[text])
