"""A crowded room: participants are told how many are here instead of who comes and goes, and nothing else is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from fake_time import in_fake_time
from house import Frame, Guest, House, generous, house
from hypothesis import given
from hypothesis import strategies as st
from meeting import crowded_beyond, plain
from pseudonyms import pseudonyms
from screen import Screen
from test_fold import EVERYTHING, Step, Watched, changes_role, fast, folded, meetings, resumed_frames

from chatroom.core.events import LateJoiners, Role
from chatroom.core.frames import Crowd
from chatroom.core.limits import CROWD_PEOPLE, CROWD_TOLD_SECONDS, PAGE_PEOPLE, PEOPLE_PAGES_PER_PERSON
from chatroom.core.snapshot import room_view
from chatroom.live.hub import TICK_SECONDS

pytestmark = pytest.mark.usefixtures("unguarded")

Case = tuple[LateJoiners, list[Step]]
NAMES = pseudonyms(1_000)
FEW = 3


@pytest.fixture
def few() -> Iterator[None]:
    """A room is crowded with more than FEW people."""
    with crowded_beyond(FEW):
        yield


async def come_in(inn: House, names: list[str]) -> list[Guest]:
    """All these come in before any time passes."""
    guests = [inn.knock() for _ in names]
    for guest, name in zip(guests, names, strict=True):
        guest.say("hello", secret=inn.keys.secret)
        guest.say("join", nickname=name, accept_rules=True)
    await inn.loop.now()
    return guests


def view(inn: House, guest: Guest) -> Frame:
    """The room as the server knows that this person sees it."""
    room = inn.live_room().room
    shown: Frame = plain(room_view(room, room.people[guest.me]))
    return shown


def is_right(inn: House, guest: Guest) -> None:
    assert guest.screen().room == view(inn, guest)


async def everyone(guest: Guest) -> dict[str, Any]:
    """The whole list, page by page."""
    people: dict[str, Any] = {}
    last = ""
    while True:
        page = await guest.ask("people", after=last)
        assert not people.keys() & page["people"].keys()
        people |= page["people"]
        last = page["next"]
        if not last:
            return people


# ---- the fold ------------------------------------------------------------------------------------------------------------


@fast
@given(meetings, st.integers(1, 4))
def test_every_screen_shows_what_the_server_knows_in_a_crowd(case: Case, line: int) -> None:
    with crowded_beyond(line):
        watched = Watched(case[0]).begin().run(case[1])
        assert folded(watched.meeting.entries) == watched.meeting.room
    for name, screen in watched.screens.items():
        assert screen.room == watched.meeting.view(name), name


@fast
@given(meetings, st.integers(1, 40), st.integers(2, 4))
def test_who_resumes_in_a_crowd_or_into_one_sees_what_who_stayed_sees(case: Case, k: int, line: int) -> None:
    with crowded_beyond(line):
        watched = Watched(case[0]).begin().run(case[1][:k])
        before = {name: (watched.meeting.view(name), person.role) for name, person in watched.meeting.room.people.items()}
        head = watched.meeting.room.offset
        watched.run(case[1][k:])
    room, missed = watched.meeting.room, watched.meeting.entries[head:]
    for name, (shown, role) in before.items():
        if room.people[name].role == role and not any(changes_role(entry, name) for entry in missed):
            screen = Screen(shown)
            for frame in resumed_frames(room, name, missed):
                screen.take(frame)
            if room.crowded_at and role is Role.PARTICIPANT:
                screen.take(plain(Crowd(here=room.here)))
            assert screen.room == watched.meeting.view(name), name


def test_a_room_stays_crowded() -> None:
    with crowded_beyond(2):
        watched = Watched(LateJoiners.NOTHING).begin()
        line = watched.meeting.room.crowded_at
        assert line
        watched.run([Step("Bea", "leave", "", 0), Step("Mo", "leave", "", 0), Step("Cal", "enter", "", 2)])
    assert watched.meeting.room.crowded_at == line
    assert watched.screens["Cal"].room["people"].keys() == {"Ada"}
    assert watched.screens["Cal"].room["crowd"] == 2


def test_moderators_alone_make_no_crowd() -> None:
    with crowded_beyond(1):
        watched = Watched(LateJoiners.NOTHING)
        watched.run([Step("Ada", "enter", "", 0), Step("Mo", "enter", "", 3)])
        assert not watched.meeting.room.crowded_at
        watched.run([Step("Bea", "enter", "", 2)])
        assert watched.meeting.room.crowded_at


def test_the_example_meeting_becomes_crowded() -> None:
    """What the random meetings above are about does happen."""
    with crowded_beyond(3):
        watched = Watched(EVERYTHING[0]).begin().run(EVERYTHING[1])
    assert watched.meeting.room.crowded_at
    assert {"crowded", "role_changed"} <= {frame.get("event") for frame in watched.frames["Bea"]}


# ---- on the wire ---------------------------------------------------------------------------------------------------------


async def bytes_for(people: int) -> int:
    """What is sent to everyone together when so many come in at once."""
    async with house(generous(), capacity=1_000) as inn:
        host = await inn.join("Ada", "host")
        guests = await come_in(inn, NAMES[:people])
        await inn.loop.advance(2 * TICK_SECONDS)
        assert {guest.screen().room["crowd"] for guest in guests} == {people + 1}
        assert len(host.screen().room["people"]) == people + 1
        for guest in (host, guests[0], guests[CROWD_PEOPLE], guests[-1]):
            is_right(inn, guest)
        return sum(len(write) for guest in (host, *guests) for write in guest.connection.writes)


@in_fake_time
async def test_what_is_sent_for_joins_grows_with_their_number() -> None:
    """Twice as many more cost twice as many more bytes; with the square it would be four times as many."""
    small, middle, large = [await bytes_for(people) for people in (120, 240, 480)]
    assert (large - middle) / (middle - small) < 2.2


@in_fake_time
async def test_the_number_is_told_every_five_seconds_at_most_and_only_when_it_changed(few: None) -> None:
    async with house(generous()) as inn:
        bea, *others = await come_in(inn, NAMES[: FEW + 1])
        await inn.loop.advance(2 * TICK_SECONDS)
        told = len(bea.all("crowd"))
        await come_in(inn, NAMES[FEW + 1 : 20])
        others[0].say("leave")
        await inn.loop.advance(2 * TICK_SECONDS)
        assert len(bea.all("crowd")) == told
        await inn.loop.advance(CROWD_TOLD_SECONDS)
        bea.say("post", origin_id="origin-of-hello", text="hello")
        await inn.loop.advance(2 * CROWD_TOLD_SECONDS)
        assert [frame["here"] for frame in bea.all("crowd")[told:]] == [19]
        assert "joined" not in bea.events[bea.events.index("crowded") :]
        is_right(inn, bea)


@in_fake_time
async def test_a_number_that_went_up_and_down_again_is_told_to_who_saw_it_up(few: None) -> None:
    async with house(generous()) as inn:
        await come_in(inn, NAMES[: FEW + 2])
        await inn.loop.advance(2 * TICK_SECONDS)
        first, second = await come_in(inn, NAMES[FEW + 2 : FEW + 4])
        first.say("leave")
        await inn.loop.advance(CROWD_TOLD_SECONDS + TICK_SECONDS)
        assert second.last("welcome")["room"]["crowd"] == FEW + 4
        assert second.screen().room["crowd"] == FEW + 3


@in_fake_time
async def test_hosts_and_moderators_go_on_seeing_everyone_and_being_seen(few: None) -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await come_in(inn, NAMES[:5])
        mo = await inn.join("Mo", "moderator")
        assert set(bea.screen().room["people"]) == {ada.me, mo.me}
        assert len(mo.screen().room["people"]) == len(ada.screen().room["people"]) == 8
        cal = await inn.join("Cal")
        await ada.ask("change_role", participant=cal.me, role="moderator")
        await mo.ask("leave")
        await inn.loop.advance(2 * TICK_SECONDS)
        assert set(bea.screen().room["people"]) == {ada.me, cal.me}
        assert "crowd" not in cal.screen().room
        for guest in (ada, bea, cal):
            is_right(inn, guest)


@in_fake_time
async def test_who_is_away_while_the_room_becomes_crowded_resumes(few: None) -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        screen, known = bea.screen(), bea.me
        for names in (NAMES[:5], NAMES[5:8]):
            bea.cut()
            await come_in(inn, names)
            await inn.loop.advance(2 * TICK_SECONDS)
            bea = await inn.back(bea)
            assert bea.last("welcome")["recovered"]
            for frame in bea.frames:
                if frame["is"] in ("entry", "personal", "crowd"):
                    screen.take(frame)
            room = inn.live_room().room
            assert screen.room == plain(room_view(room, room.people[known]))
        assert set(screen.room["people"]) == {ada.me}
        assert screen.room["crowd"] == 10


# ---- the list ------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_the_whole_list_comes_page_by_page() -> None:
    async with house(generous(), capacity=1_000) as inn:
        host = await inn.join("Ada", "host")
        guests = await come_in(inn, NAMES[: PAGE_PEOPLE + 60])
        for guest in guests[:20]:
            guest.say("leave")
        await inn.loop.now()
        people = await everyone(guests[-1])
        assert people == view(inn, host)["people"]
        assert people.keys() == {guest.me for guest in (host, *guests[20:])}
        assert [len(page["people"]) for page in guests[-1].all("people")] == [PAGE_PEOPLE, 41]


@in_fake_time
async def test_the_list_may_be_asked_for_in_any_room_and_is_never_longer_than_it_is() -> None:
    async with house() as inn:
        ada = await inn.join("Ada", "host")
        assert await everyone(ada) == view(inn, ada)["people"]
        beyond = await ada.ask("people", after=ada.me)
        assert (beyond["people"], beyond["next"]) == ({}, "")


@in_fake_time
async def test_asking_again_and_again_is_slowed_down() -> None:
    async with house() as inn:
        bea = await inn.join("Bea")
        answers = [await bea.ask("people") for _ in range(round(PEOPLE_PAGES_PER_PERSON.burst) + 1)]
        assert [frame["is"] for frame in answers] == ["people"] * (len(answers) - 1) + ["refused"]
        assert answers[-1]["code"] == "slow_down"
        await inn.loop.advance(1 / PEOPLE_PAGES_PER_PERSON.per_second)
        assert (await bea.ask("people"))["is"] == "people"


@in_fake_time
async def test_at_the_door_there_is_no_list() -> None:
    async with house() as inn:
        await inn.join("Ada", "host")
        stranger = await inn.door()
        assert (await stranger.ask("people"))["code"] == "not_joined"
