"""Limits, votes and answers count people: they follow the device, and a new one that takes over a seat just given up."""

from collections.abc import Callable

import pytest
from fake_time import in_fake_time
from house import Guest, House, house
from meeting import Meeting, opened, refused
from pseudonyms import pseudonyms

from chatroom.core import commands as c
from chatroom.core import direct_commands as dc
from chatroom.core import door_commands as d
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.events import LateJoiners, Reaction, ReportReason, Role
from chatroom.core.limits import (
    DIRECT_QUESTIONS_PER_PERSON,
    HELD_PER_PERSON,
    JUST_LEFT_SECONDS,
    LINES_KEPT,
    OPEN_REPORTS_PER_PERSON,
    PICTURE_ANSWERS_AT_LEAST,
    WORRIES_PER_PERSON,
)
from chatroom.core.script import Mode, Phase
from chatroom.core.support_events import Feeling, PollKind, Voted

HOME, ELSEWHERE, PHONE = "home", "elsewhere", "bea's phone"
OTHERS = ("Cal", "Dee", "Eli", "Fay", "Gus", "Hal", "Ivy", "Jan", "Kai", "Lee", "May")


def met() -> Meeting:
    meeting = Meeting(opened(late_joiners=LateJoiners.EVERYTHING))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea", address=HOME, device=PHONE)
    return meeting


def same_device(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave())
    meeting.come_in("Zoe", address=ELSEWHERE, device=PHONE)


def private_window(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave(quiet=True))
    meeting.come_in("Zoe", address=HOME, device="private window")


def private_window_of_a_closed_tab(meeting: Meeting) -> None:
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.come_in("Zoe", address=HOME, device="private window")


def second_seat(meeting: Meeting) -> None:
    meeting.come_in("Zoe", address=ELSEWHERE, device=PHONE)


def neighbour_who_is_present(meeting: Meeting) -> None:
    meeting.come_in("Zoe", address=HOME, device="zoe's phone")
    meeting.do("Bea", c.Leave())


def neighbour_who_was_here_before(meeting: Meeting) -> None:
    meeting.come_in("Una", address=HOME, device="zoe's phone")
    meeting.do("Una", c.Leave())
    meeting.do("Bea", c.Leave())
    meeting.come_in("Zoe", address=HOME, device="zoe's phone")


def neighbour_who_comes_later(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave())
    meeting.now += JUST_LEFT_SECONDS * 1000
    meeting.come_in("Zoe", address=HOME, device="zoe's phone")


def second_newcomer_on_the_network(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave())
    meeting.come_in("Yan", address=HOME, device="yan's phone")
    meeting.come_in("Zoe", address=HOME, device="zoe's phone")


def someone_who_came_while_bea_was_away_a_moment(meeting: Meeting) -> None:
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.come_in("Zoe", address=HOME, device="zoe's phone")
    meeting.do("Bea", c.OpenSession(session="again", process="here"))


def elsewhere(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave())
    meeting.come_in("Zoe", address=ELSEWHERE, device="zoe's phone")


Way = Callable[[Meeting], None]
CERTAIN: list[Way] = [same_device, second_seat]
FOLLOWED: list[Way] = [*CERTAIN, private_window, private_window_of_a_closed_tab]
NEIGHBOURS: list[Way] = [
    neighbour_who_is_present,
    neighbour_who_was_here_before,
    neighbour_who_comes_later,
    second_newcomer_on_the_network,
    someone_who_came_while_bea_was_away_a_moment,
    elsewhere,
]


# ---- what one person may do, tried by Bea up to the limit, then by Zoe -----------------------------------------------------


def reports(meeting: Meeting) -> tuple[str, c.Command]:
    said = [meeting.say("Ada", f"words {number}") for number in range(OPEN_REPORTS_PER_PERSON + 1)]
    for message in said[1:]:
        meeting.do("Bea", c.Report(message=message, reason=ReportReason.OTHER, words=""))
    return "already_reported", c.Report(message=said[0], reason=ReportReason.OTHER, words="")


def slow_mode(meeting: Meeting) -> tuple[str, c.Command]:
    meeting.do("Ada", d.SetPace(slow_seconds=300, listen_minutes=0, hold_new=False))
    meeting.say("Bea", "hello")
    return "slow_mode", c.Post(origin_id="origin-1", text="again")


def held_words(meeting: Meeting) -> tuple[str, c.Command]:
    meeting.do("Ada", d.SetPace(slow_seconds=0, listen_minutes=0, hold_new=True))
    for number in range(HELD_PER_PERSON):
        meeting.say("Bea", f"words {number}")
    return "room_busy", c.Post(origin_id="origin-1", text="again")


def direct_questions(meeting: Meeting) -> tuple[str, c.Command]:
    for name in OTHERS[: DIRECT_QUESTIONS_PER_PERSON + 1]:
        meeting.come_in(name)
    meeting.do("Ada", dc.SetDirect(on=True))
    for name in OTHERS[:DIRECT_QUESTIONS_PER_PERSON]:
        meeting.do("Bea", dc.AskDirect(participant=name))
    return "direct_waiting", dc.AskDirect(participant=OTHERS[DIRECT_QUESTIONS_PER_PERSON])


def turned_down(meeting: Meeting) -> tuple[str, c.Command]:
    meeting.come_in("Cal")
    meeting.do("Ada", dc.SetDirect(on=True))
    meeting.do("Bea", dc.AskDirect(participant="Cal"))
    meeting.do("Cal", dc.AnswerDirect(participant="Bea", yes=False))
    return "no_direct", dc.AskDirect(participant="Cal")


def worries(meeting: Meeting) -> tuple[str, c.Command]:
    for name in OTHERS[: WORRIES_PER_PERSON + 1]:
        meeting.come_in(name)
    for name in OTHERS[:WORRIES_PER_PERSON]:
        meeting.do("Bea", sc.Worry(participant=name))
    return "too_often", sc.Worry(participant=OTHERS[WORRIES_PER_PERSON])


Limit = Callable[[Meeting], tuple[str, c.Command]]
LIMITS: list[Limit] = [reports, slow_mode, held_words, direct_questions, turned_down, worries]


def named(function: object) -> str:
    return getattr(function, "__name__", "")


@pytest.mark.parametrize("way", FOLLOWED, ids=named)
@pytest.mark.parametrize("limit", LIMITS, ids=named)
def test_a_limit_follows_the_person(limit: Limit, way: Way) -> None:
    meeting = met()
    code, command = limit(meeting)
    way(meeting)
    assert refused(meeting, "Zoe", command) == code


@pytest.mark.parametrize("way", NEIGHBOURS, ids=named)
@pytest.mark.parametrize("limit", LIMITS, ids=named)
def test_a_limit_reaches_no_neighbour(limit: Limit, way: Way) -> None:
    meeting = met()
    _, command = limit(meeting)
    way(meeting)
    assert meeting.do("Zoe", command)


def test_a_private_window_after_a_private_window_carries_on() -> None:
    meeting = met()
    code, command = reports(meeting)
    meeting.do("Bea", c.Leave())
    meeting.come_in("Yan", address=HOME, device="one window")
    meeting.do("Yan", c.Leave())
    meeting.come_in("Zoe", address=HOME, device="another window")
    assert refused(meeting, "Zoe", command) == code


# ---- support lines -------------------------------------------------------------------------------------------------------


def test_one_line_a_person_is_open_and_a_call_is_never_refused() -> None:
    meeting = met()
    meeting.do("Bea", s.AskSupport())
    for number, nickname in enumerate(pseudonyms(2 * LINES_KEPT)):
        before = "Bea" if not number else f"window {number - 1}"
        meeting.do(before, c.Leave())
        meeting.now += 20_000
        meeting.come_in(f"window {number}", nickname=nickname, address=HOME,
                        device=f"window {number}")  # fmt: skip
        meeting.do(f"window {number}", s.AskSupport())
    lines = meeting.view("Ada")["desk"]["lines"]
    assert [line["line"] for line in lines if line["open"]] == [f"window {2 * LINES_KEPT - 1}"]
    assert len(lines) == LINES_KEPT + 1


def test_an_open_line_of_someone_who_left_waits_for_a_moderator() -> None:
    meeting = met()
    meeting.do("Bea", s.AskSupport())
    meeting.do("Bea", c.Leave())
    meeting.come_in("Cal", address=ELSEWHERE)
    meeting.do("Cal", s.AskSupport())
    assert all(line["open"] for line in meeting.view("Ada")["desk"]["lines"])


# ---- one answer a person -------------------------------------------------------------------------------------------------


def poll(meeting: Meeting) -> int:
    return meeting.do("Ada", s.OpenPoll(question="When?", options=("Now", "Later"), kind=PollKind.SINGLE, live=False))


@pytest.mark.parametrize("way", CERTAIN, ids=named)
def test_a_device_has_one_answer(way: Way) -> None:
    meeting = met()
    number = poll(meeting)
    meeting.do("Ada", s.StartCheckIn())
    meeting.do("Bea", s.Vote(poll=number, choices=(0,)))
    meeting.do("Bea", s.CheckIn(feeling=Feeling.CALM, urge=1))
    way(meeting)
    assert refused(meeting, "Zoe", s.Vote(poll=number, choices=(1,))) == "already_voted"
    assert refused(meeting, "Zoe", s.CheckIn(feeling=Feeling.SAD, urge=2)) == "already_checked_in"
    assert refused(meeting, "Zoe", s.PassCheckIn()) == "already_checked_in"
    if way is same_device:
        me = meeting.view("Zoe")["me"]
        assert (list(me["votes"].values()), list(me["check_ins"].values())) == ([[0]], [{"feeling": "calm", "urge": 1}])


@pytest.mark.parametrize("way", [private_window], ids=named)
def test_a_seat_that_takes_over_replaces_the_answer(way: Way) -> None:
    meeting = met()
    number = poll(meeting)
    meeting.do("Ada", s.StartCheckIn())
    meeting.do("Bea", s.Vote(poll=number, choices=(0,)))
    meeting.do("Bea", s.CheckIn(feeling=Feeling.CALM, urge=1))
    way(meeting)
    assert not meeting.view("Zoe")["me"]["votes"], "nobody else's answer is shown"
    meeting.do("Zoe", s.Vote(poll=number, choices=(1,)))
    meeting.do("Zoe", s.CheckIn(feeling=Feeling.SAD, urge=2))
    meeting.do("Ada", s.ClosePoll(poll=number))
    view = meeting.view("Ada")
    assert (view["polls"][0]["counts"], view["rounds"][0]["answers"]) == ([0, 1], 1)


@pytest.mark.parametrize("way", NEIGHBOURS, ids=named)
def test_a_neighbour_votes_beside_the_one_who_left(way: Way) -> None:
    meeting = met()
    number = poll(meeting)
    meeting.do("Bea", s.Vote(poll=number, choices=(0,)))
    way(meeting)
    meeting.do("Zoe", s.Vote(poll=number, choices=(1,)))
    meeting.do("Ada", s.ClosePoll(poll=number))
    assert meeting.view("Ada")["polls"][0]["counts"] == [1, 1], "a vote stays when its person leaves"


def test_answers_of_seats_that_were_given_up_open_no_picture() -> None:
    meeting = met()
    meeting.do("Ada", s.StartCheckIn())
    for name in OTHERS[: PICTURE_ANSWERS_AT_LEAST - 1]:
        meeting.come_in(name)
        meeting.do(name, s.CheckIn(feeling=Feeling.CALM, urge=0))
        meeting.do(name, c.Leave())
    meeting.do("Bea", s.CheckIn(feeling=Feeling.LONELY, urge=9))
    meeting.do("Ada", s.CloseCheckIn())
    assert meeting.view("Ada")["rounds"][0]["picture"] is None


def test_a_device_reacts_once() -> None:
    meeting = met()
    message = meeting.say("Ada", "hello")
    meeting.do("Bea", c.React(message=message, reaction=Reaction.HEART, on=True))
    same_device(meeting)
    assert meeting.do("Zoe", c.React(message=message, reaction=Reaction.HEART, on=True)) == 0
    assert meeting.view("Ada")["messages"][0]["reactions"] == {"heart": 1}
    meeting.do("Zoe", c.React(message=message, reaction=Reaction.HEART, on=False))
    assert meeting.view("Ada")["messages"][0]["reactions"] == {}


def test_who_shared_and_comes_again_has_shared() -> None:
    meeting = Meeting(opened(script=(Phase(title="Shares", mode=Mode.FLOOR),)))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea", address=HOME, device=PHONE)
    meeting.do("Ada", fc.GoToPhase(phase=0))
    meeting.do("Bea", fc.RaiseHand())
    meeting.say("Bea", "my share")
    same_device(meeting)
    assert meeting.view("Zoe")["me"]["shared"] == 1


# ---- rates, which live in the process ------------------------------------------------------------------------------------


async def guest(inn: House, name: str, device: str, address: str) -> Guest:
    one = await inn.door(device=device, address=address)
    assert (await one.ask("join", nickname=name, accept_rules=True))["is"] == "welcome"
    return one


async def used_up(bea: Guest) -> None:
    while (await bea.ask("post", origin_id=f"origin-{len(bea.frames)}", text="x"))["is"] == "done":
        pass


@pytest.mark.parametrize(("device", "address"), [("bea's phone", "192.0.2.9"), ("private window", "192.0.2.7")])
@in_fake_time
async def test_leaving_gives_no_new_rates(device: str, address: str) -> None:
    async with house() as inn:
        bea = await guest(inn, "Bea", "bea's phone", "192.0.2.7")
        await used_up(bea)
        await bea.ask("leave")
        zoe = await guest(inn, "Zoe", device, address)
        assert (await zoe.ask("post", origin_id="origin-1", text="x"))["code"] == "slow_down"
        await inn.loop.advance(10)
        assert (await zoe.ask("post", origin_id="origin-1", text="x"))["is"] == "done"


@in_fake_time
async def test_marking_ones_own_words_has_the_rate_of_a_reaction() -> None:
    async with house() as inn:
        bea = await guest(inn, "Bea", "bea's phone", "192.0.2.7")
        message = (await bea.ask("post", origin_id="origin-1", text="x"))["id"]
        answers = [await bea.ask("note_content", message=message, topic=topic) for topic in ("death", "drugs") * 10]
        assert [answer["is"] for answer in answers] == ["done"] * 10 + ["refused"] * 10
        assert {answer["code"] for answer in answers[10:]} == {"slow_down"}


@in_fake_time
async def test_people_behind_one_address_have_rates_of_their_own() -> None:
    async with house() as inn:
        bea = await guest(inn, "Bea", "bea's phone", "192.0.2.7")
        nia = await guest(inn, "Nia", "nia's phone", "192.0.2.7")
        await used_up(bea)
        await bea.ask("leave")
        assert (await nia.ask("post", origin_id="origin-1", text="x"))["is"] == "done"


@in_fake_time
async def test_rates_of_people_who_were_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatroom.live.rates.SWEEP_AT", 3)
    async with house() as inn:
        ada = await inn.join("Ada", "host")
        rates = inn.live_room().rates
        for number, nickname in enumerate(pseudonyms(20)):
            one = await guest(inn, nickname, f"device {number}", f"192.0.2.{number}")
            await one.ask("post", origin_id="origin-1", text="x")
            await one.ask("leave")
            await inn.loop.advance(60)
        assert len(rates._people) < 10
        assert ada.texts


def test_where_two_histories_were_joined_a_device_still_has_one_vote() -> None:
    meeting = met()
    number = poll(meeting)
    second_seat(meeting)
    meeting.happens(Voted("Bea", number, (0,)), Voted("Zoe", number, (1,)))
    meeting.do("Ada", s.ClosePoll(poll=number))
    assert meeting.view("Ada")["polls"][0]["counts"] == [1, 0]


def test_the_page_shows_slow_mode_after_coming_again() -> None:
    meeting = met()
    meeting.say("Bea", "hello")
    said_at = meeting.now
    same_device(meeting)
    assert meeting.view("Zoe")["me"]["posted_at"] == said_at
