"""What others do that is not for a participant changes nothing that this participant is sent: no word, number, size or moment.

A meeting is held twice, with and without something hidden; Bea, who knows nothing of it, keeps every byte that she is sent, and
when. What is random or made with a key (ids, positions, origins) is named by the order in which she meets it.
"""

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, generous, house

from chatroom.core.door_events import GuardLowered, GuardRaised
from chatroom.core.events import Event, RoomOpened
from chatroom.core.floor_events import FloorKept, SharerAsked, ShareUnfinished, UnsentWords
from chatroom.core.limits import HEARTBEAT_SECONDS
from chatroom.core.views import VIEWS
from chatroom.live.connection import Frame as ReadyFrame

Act = Callable[["Meeting"], Awaitable[None]]
Transcript = list[tuple[float, int, Any]]
"""When each frame was written, how long it was, and what it says."""

ID, POSITION, ORIGIN = r"[A-Za-z0-9_-]{22}", r"[A-Za-z0-9_-]{64}", r"[0-9a-f]{32}"
HIDDEN_EVENTS = {event for event, view in VIEWS.items() if view.everyone is None}
NOT_TRIED = {RoomOpened, GuardRaised, GuardLowered, SharerAsked, FloorKept, ShareUnfinished, UnsentWords}
"""What a crowd, or a share and an end that take too long, would have to bring about."""
HIDDEN_SECONDS = 5
"""How long the hidden acts may take; the others go on talking meanwhile."""


class Meeting:
    """Ada the host, Mo the moderator, Bea who watches, Cal who has spoken, Dee who has not, Finn who is out, Ida who is off."""

    def __init__(self, inn: House) -> None:
        self.inn = inn
        self.sent: list[tuple[float, ReadyFrame]] = []
        """What Bea is sent, and when."""
        self.brought_about: set[type[Event]] = set()
        """By the act."""

    async def begin(self) -> None:
        inn = self.inn
        self.ada, self.mo = await inn.join("Ada", "host"), await inn.join("Mo", "moderator")
        names = ("Bea", "Cal", "Dee", "Finn", "Ida")
        self.bea, self.cal, self.dee, self.finn, self.ida = [await inn.join(name) for name in names]
        self.names = {guest.me: guest.last("welcome")["room"]["me"]["nickname"] for guest in self.people}
        self.said = (await self.does(self.cal, "post", **self.words("hello")))["id"]
        await self.does(self.bea, "post", **self.words("I am here"))
        await self.does(self.bea, "react", message=self.said, reaction="hug")
        await self.does(self.ada, "set_direct", on=True)
        await self.does(self.ada, "start_check_in")
        poll = {"question": "When?", "options": ["now", "later"], "kind": "single"}
        self.poll = (await self.does(self.ada, "open_poll", **poll))["id"]
        await self.does(self.ada, "set_pace", slow_seconds=0, listen_minutes=0, hold_new=True)
        await self.does(self.mo, "remove", participant=self.finn.me, reason="a raid")
        await self.does(self.ada, "set_door", door="knock")
        self.ida.cut()
        await inn.loop.advance(20)

    @property
    def people(self) -> list[Guest]:
        return [self.ada, self.mo, self.bea, self.cal, self.dee, self.finn, self.ida]

    def words(self, text: str) -> dict[str, str]:
        return {"origin_id": re.sub(r"\W", "-", f"origin-of-{text}")[:32], "text": text}

    async def does(self, who: Guest, do: str, **fields: object) -> Frame:
        """The answer, a moment later."""
        ref = who.say(do, **fields)
        await self.inn.loop.advance(0.01)
        answer = who.answer(ref)
        assert answer["is"] in ("done", "welcome", "knocking", "closing"), answer
        return answer

    def watch(self, guest: Guest) -> None:
        """From here on what is written to this connection counts."""
        keep = guest.connection._keep

        def note(frame: ReadyFrame) -> None:
            self.sent.append((self.inn.loop.time(), frame))
            keep(frame)

        guest.connection._keep = note  # type: ignore[method-assign]

    async def go_on(self, act: Act) -> None:
        """The act, while others talk, come and go; then all that Bea may ask for, and what comes by itself."""
        loop, began = self.inn.loop, self.inn.loop.time()
        before = self.bea.position
        self.watch(self.bea)
        self.inn.knock().say("hello", secret=self.inn.keys.secret, seat=self.ida.seat)
        await loop.now()  # that Ida is back waits for other frames now; what follows comes so fast that it waits as well
        for number in range(100):
            said = {"origin_id": f"meanwhile-{number:02}", "text": f"words {number}"}
            loop.call_at(began + 0.02 + number * 0.003, partial(self.ada.say, "post", **said))
        offset = self.inn.live_room().room.offset
        await act(self)
        assert loop.time() < began + HIDDEN_SECONDS
        entries = self.inn.live_room()._history.entries
        self.brought_about = {type(entry.event) for entry in entries if entry.offset > offset}
        self.acted_until = began + HIDDEN_SECONDS
        await loop.advance(self.acted_until - loop.time())
        await self.does(self.bea, "react", message=self.said, reaction="hug", on=False)
        mine = (await self.does(self.bea, "post", **self.words("and I")))["id"]
        await self.does(self.ada, "post", **self.words("welcome"))
        self.bea.say("earlier", before=mine)
        self.bea.say("people")
        await loop.advance(HEARTBEAT_SECONDS)
        await self.does(self.mo, "veil")
        await self.does(self.ada, "post", **self.words("one moment"))
        await self.does(self.mo, "unveil")
        self.bea.say("earlier")
        await self.does(self.bea, "retract", message=mine)
        await self.does(self.ada, "close_check_in")
        for position in (self.bea.position, before, ""):
            self.bea.cut()
            again = self.inn.knock()
            self.watch(again)
            again.say("hello", secret=self.inn.keys.secret, seat=self.bea.seat, position=position)
            again.came_with = self.bea.seat
            await loop.advance(1)
            self.bea = again
        await loop.advance(2 * HEARTBEAT_SECONDS)
        await self.does(self.ada, "end")

    def transcript(self) -> Transcript:
        """All that Bea was sent since the act began."""
        outline = Outline(self.names)
        return [
            (at, len(payload), outline.of("", json.loads(payload))) for at, frame in self.sent for payload in frame.payloads
        ]


class Outline:
    """Frames with what is random or keyed named by the order in which it is met."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = dict(names)
        self.positions: set[str] = set()

    def of(self, key: str, value: object) -> Any:
        if isinstance(value, dict):
            return {self._word("", name): self.of(name, one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.of("", one) for one in value]
        return self._word(key, value) if isinstance(value, str) else value

    def _word(self, key: str, word: str) -> str:
        if key == "position":
            assert re.fullmatch(POSITION, word)
            assert word not in self.positions, "no two positions look alike"
            self.positions.add(word)
            return "a position"
        if re.fullmatch(f"{ID}|{ORIGIN}", word):
            return self._names.setdefault(word, f"{len(word)} characters, number {len(self._names)}")
        return self._names.get(word, word)


# ---- what may be hidden --------------------------------------------------------------------------------------------------


async def nothing(meeting: Meeting) -> None:
    pass


async def report(m: Meeting) -> None:
    for who, message in ((m.dee, m.said), (m.mo, m.said)):
        reported = (await m.does(who, "report", message=message, reason="unkind", words="it hurts"))["id"]
        await m.does(m.mo, "claim", item=reported)
        await m.does(m.ada, "resolve_report", report=reported, outcome="nothing_needed")


async def line(m: Meeting) -> None:
    await m.does(m.cal, "ask_support")
    await m.does(m.cal, "say_privately", line="", **m.words("I need someone"))
    await m.does(m.mo, "claim_line", line=m.cal.me)
    await m.does(m.mo, "say_privately", line=m.cal.me, **m.words("I am here"))
    await m.does(m.mo, "close_line", line=m.cal.me)


async def line_by_a_moderator(m: Meeting) -> None:
    await m.does(m.mo, "open_line", participant=m.dee.me)
    await m.does(m.dee, "say_privately", line="", **m.words("thank you"))


async def worry(m: Meeting) -> None:
    await m.does(m.cal, "worry", participant=m.dee.me)
    concern = next(frame["concern"] for frame in m.mo.all("entry") if frame["event"] == "concern_noted")
    await m.does(m.mo, "claim", item=concern)
    await m.does(m.mo, "resolve_concern", concern=concern)


async def mute(m: Meeting) -> None:
    await m.does(m.mo, "mute", participant=m.cal.me, minutes=1, reason="unkind")
    await m.does(m.ada, "unmute", participant=m.cal.me)


async def held_words(m: Meeting) -> None:
    for text in ("buy this", "do buy it"):
        await m.does(m.mo, "reject_held", held=(await m.does(m.dee, "post", **m.words(text)))["id"], reason="an advert")
    await m.does(m.dee, "retract", message=(await m.does(m.dee, "post", **m.words("sorry")))["id"])


async def team(m: Meeting) -> None:
    for number in range(5):
        await m.does(m.mo, "say_to_team", **m.words(f"do you see this? {number}"))
    await m.does(m.ada, "write_note", participant=m.cal.me, text="keep an eye")
    await m.does(m.mo, "take_break")
    await m.does(m.mo, "end_break")
    await m.does(m.mo, "set_words", words=[{"pattern": "free money", "kind": "literal", "verdict": "hold"}])


async def invitation(m: Meeting) -> None:
    await m.does(m.mo, "invite", participant=m.cal.me)
    await m.does(m.cal, "pass_floor")


async def direct_messages(m: Meeting) -> None:
    await m.does(m.cal, "ask_direct", participant=m.dee.me)
    await m.does(m.dee, "answer_direct", participant=m.cal.me, yes=True)
    await m.does(m.cal, "say_direct", participant=m.dee.me, **m.words("between us"))
    said = next(frame["said"] for frame in m.dee.all("personal") if frame["event"] == "direct_said")
    await m.does(m.dee, "report_direct", participant=m.cal.me, said=said, reason="unsafe")
    await m.does(m.dee, "end_direct", participant=m.cal.me)


async def no_answer(m: Meeting) -> None:
    await m.does(m.cal, "pass_check_in")


async def knocks(m: Meeting) -> None:
    for name in ("Gus", "Hal"):
        guest = m.inn.knock()
        guest.say("hello", secret=m.inn.keys.secret)
        await m.inn.loop.advance(0.01)
        await m.does(guest, "join", nickname=name, accept_rules=True)
        if name == "Gus":
            knock = next(frame["knock"] for frame in m.mo.all("entry") if frame["event"] == "knocked")
            await m.does(m.mo, "decline", knock=knock)
        else:
            await m.does(guest, "leave")


async def another_tab(m: Meeting) -> None:
    again = m.inn.knock()
    again.say("hello", secret=m.inn.keys.secret, seat=m.cal.seat, position=m.cal.position)
    await m.inn.loop.advance(0.01)
    assert m.cal.closed
    m.cal = again


async def second_thoughts(m: Meeting) -> None:
    await m.does(m.mo, "clear_address", participant=m.finn.me)
    await m.does(m.mo, "readmit", participant=m.finn.me)
    await m.does(m.ada, "replace_moderator_link")


HIDDEN: tuple[Act, ...] = (
    report, line, line_by_a_moderator, worry, mute, held_words, team, invitation, direct_messages, no_answer, knocks,
    another_tab, second_thoughts,
)  # fmt: skip


async def leave(m: Meeting) -> None:
    m.cal.say("leave", quiet=True)


async def remove(m: Meeting) -> None:
    m.mo.say("remove", participant=m.cal.me, reason="threats")


async def send_back(m: Meeting) -> None:
    m.mo.say("send_back", participant=m.cal.me, reason="a pause")


async def one_answer(m: Meeting) -> None:
    await m.does(m.cal, "check_in", feeling="sad", urge=10)
    await m.does(m.cal, "vote", poll=m.poll, choices=[0])


async def another_answer(m: Meeting) -> None:
    await m.does(m.cal, "check_in", feeling="grateful", urge=0)
    await m.does(m.cal, "vote", poll=m.poll, choices=[1])


ALIKE: tuple[tuple[Act, Act], ...] = ((leave, remove), (leave, send_back), (one_answer, another_answer))
"""Acts that are not hidden, but cannot be told apart when they happen."""


@cache
@in_fake_time
async def held(act: Act) -> Meeting:
    """A whole meeting with this act."""
    async with house(generous()) as inn:
        meeting = Meeting(inn)
        await meeting.begin()
        await meeting.go_on(act)
        return meeting


def is_same(found: Transcript, expected: Transcript) -> None:
    for one, other in zip(found, expected, strict=False):
        assert one == other
    assert len(found) == len(expected)


@pytest.mark.parametrize("act", HIDDEN, ids=lambda act: act.__name__)
def test_what_is_hidden_changes_nothing_that_a_participant_is_sent(act: Act) -> None:
    is_same(held(act).transcript(), held(nothing).transcript())


def test_everything_that_is_hidden_from_participants_is_tried() -> None:
    tried = set().union(*(held(act).brought_about for act in HIDDEN))
    assert HIDDEN_EVENTS - tried == NOT_TRIED
    assert not held(nothing).brought_about & HIDDEN_EVENTS


def test_what_is_compared_is_all_that_a_page_is_sent() -> None:
    frames = [frame for _, _, frame in held(nothing).transcript()]
    kinds = {"entry", "personal", "heartbeat", "welcome", "done", "earlier", "people", "closing"}
    assert {frame["is"] for frame in frames} == kinds
    assert [frame["recovered"] for frame in frames if frame["is"] == "welcome"] == [True, True, False]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=lambda act: act.__name__)
def test_acts_that_look_alike_are_told_in_the_same_bytes_at_the_same_time(one: Act, other: Act) -> None:
    is_same(*([sent for sent in held(act).transcript() if sent[0] < held(act).acted_until] for act in (one, other)))
