"""The refusals and limits of chips, thanks, check-ins, polls and private lines that no scene shows."""

import msgspec
import pytest
from meeting import Meeting, plain, refused
from support_situation import POLL, support_command

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.events import MessageKind, MessagePosted
from chatroom.core.floor_events import Helper
from chatroom.core.limits import PEOPLE_IN_TURN, POLLS_PER_ROOM, ROUNDS_PER_ROOM, TEXT_OVERHEAD, TEXTS_KEPT
from chatroom.core.refusals import Refused
from chatroom.core.script import Mode, Phase
from chatroom.core.support_events import Feeling, PollKind
from chatroom.core.wire import decode_command
from chatroom.core.words import ROOM_WORDS

TURNS = fc.ChangeScript(script=(Phase(title="Checking in", mode=Mode.FLOOR),), phase=0)


def say(name: str, text: str, line: str = "") -> s.SayPrivately:
    return s.SayPrivately(origin_id=f"origin-{name}", text=text, line=line)


# ---- how often -----------------------------------------------------------------------------------------------------------


def test_a_meeting_asks_for_so_many_check_ins(meeting: Meeting) -> None:
    for _ in range(ROUNDS_PER_ROOM):
        meeting.do("Ada", s.StartCheckIn())
        meeting.do("Ada", s.CloseCheckIn())
    assert refused(meeting, "Ada", s.StartCheckIn()) == "too_often"


def test_a_meeting_asks_so_many_polls(meeting: Meeting) -> None:
    for _ in range(POLLS_PER_ROOM):
        meeting.do("Ada", s.ClosePoll(poll=meeting.do("Ada", POLL)))
    assert refused(meeting, "Ada", POLL) == "too_often"


def test_of_a_private_line_the_newest_words_are_kept(meeting: Meeting) -> None:
    meeting.do("Bea", s.AskSupport())
    texts = [f"{number:04}" + "x" * (1000 - 4 - TEXT_OVERHEAD) for number in range(TEXTS_KEPT // 1000 + 5)]
    for number, text in enumerate(texts):
        meeting.do("Bea", say(f"{number:03}", text))
    for view, line in ((meeting.view("Bea"), meeting.view("Bea")["me"]["line"]), (meeting.view("Mo"), None)):
        said = (line or view["desk"]["lines"][0])["said"]
        assert [one["text"] for one in said] == texts[5:]


# ---- what may be said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (s.OpenPoll(question="x" * 301, options=("a", "b"), kind=PollKind.SINGLE), "text_too_long"),
        (s.OpenPoll(question="x", options=("a", "b" * 101), kind=PollKind.SINGLE), "text_too_long"),
        (s.OpenPoll(question="\u200b", options=("a", "b"), kind=PollKind.SINGLE), "text_empty"),
        (s.OpenPoll(question="x", options=("a", "\0"), kind=PollKind.SINGLE), "text_not_allowed"),
        (s.TakeChip(origin_id="origin-1", chip=s.Chip.OWN, words="x" * 201), "text_too_long"),
        (s.TakeChip(origin_id="origin-1", chip=s.Chip.YEARS), "text_empty"),
        (s.TakeChip(origin_id="origin-1", chip=s.Chip.WEEK_1, words="\0"), "text_not_allowed"),
        (say("Ada", "x" * 2001), "text_too_long"),
        (say("Ada", "\n"), "text_empty"),
        (s.Vote(poll=1, choices=(0,)), "no_such_poll"),
        (s.ClosePoll(poll=1), "no_such_poll"),
        (s.PassCheckIn(), "no_check_in"),
        (s.ClaimLine(line="Nobody"), "no_line"),
        (s.CloseLine(line="Bea"), "no_line"),
        (say("Ada", "hello", line="Nobody"), "no_line"),
    ],
    ids=str,
)
def test_a_refusal(meeting: Meeting, command: c.Command, code: str) -> None:
    meeting.do("Ada", fc.AllowChips(on=True))
    meeting.do("Ada", s.AskSupport())
    assert refused(meeting, "Ada", command) == code


@pytest.mark.parametrize("choices", [(), (2,), (-1,), (10**30,), (0, 0), (0, 1)], ids=str)
def test_a_single_vote_that_does_not_fit(meeting: Meeting, choices: tuple[int, ...]) -> None:
    poll = meeting.do("Ada", POLL)
    assert refused(meeting, "Bea", s.Vote(poll=poll, choices=choices)) == "vote_wrong"


@pytest.mark.parametrize("kind", [PollKind.SEVERAL, PollKind.RANKED])
@pytest.mark.parametrize("choices", [(), (2,), (0, 1, 0), (0, 1, 2)], ids=str)
def test_several_votes_that_do_not_fit(meeting: Meeting, kind: PollKind, choices: tuple[int, ...]) -> None:
    poll = meeting.do("Ada", s.OpenPoll(question="Topic?", options=("a", "b"), kind=kind))
    assert refused(meeting, "Bea", s.Vote(poll=poll, choices=choices)) == "vote_wrong"
    meeting.do("Bea", s.Vote(poll=poll, choices=(1, 0)))


def test_what_was_sent_under_an_id_is_not_taken_for_something_else(meeting: Meeting) -> None:
    """Else words for a private line would be answered as if they had been said there."""
    meeting.do("Ada", fc.AllowChips(on=True))
    meeting.do("Bea", s.AskSupport())
    meeting.do("Bea", c.Post(origin_id="origin-1", text="own"))
    others: tuple[c.Command, ...] = (
        s.SayPrivately(origin_id="origin-1", text="own"),
        s.Thank(origin_id="origin-1", reply=s.ThanksReply.WELCOME),
        s.TakeChip(origin_id="origin-1", chip=s.Chip.OWN, words="own"),
    )
    for command in others:
        assert refused(meeting, "Bea", command) == "origin_reused"


def test_saying_the_same_again_is_harmless(meeting: Meeting) -> None:
    for kind in (s.Thank, s.TakeChip, s.SayPrivately):
        command = msgspec.structs.replace(support_command(meeting, kind), origin_id=f"origin-of-{kind.__name__}")
        offset = meeting.do("Bea", command)
        before = len(meeting.entries)
        assert meeting.do("Bea", command) == offset
        assert len(meeting.entries) == before


def test_a_chip_that_is_gone_leaves_no_name_in_the_log(meeting: Meeting) -> None:
    meeting.do("Ada", fc.AllowChips(on=True))
    offset = meeting.do("Bea", s.TakeChip(origin_id="origin-1", chip=s.Chip.YEARS, words="3"))
    assert meeting.entries[offset - 1].event == MessagePosted("Bea", "3", "origin-1", MessageKind.CHIP, "years")
    meeting.do("Mo", c.Redact(message=offset))
    assert meeting.entries[offset - 1].event == MessagePosted("Bea", "", "origin-1", MessageKind.CHIP)
    assert "years" not in str(plain(meeting.view("Mo")["messages"]))


# ---- in turn -------------------------------------------------------------------------------------------------------------


def turns(meeting: Meeting) -> list[str]:
    floor = meeting.room.floor
    return [floor.holder, *(hand.participant for hand in floor.queue)]


def test_those_who_are_away_or_muted_get_no_turn(meeting: Meeting) -> None:
    meeting.come_in("Dee")
    meeting.come_in("Eve")
    meeting.do("Ada", TURNS)
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.do("Mo", c.Mute(participant="Cal", minutes=5, reason="a pause"))
    meeting.do("Dee", c.Leave())
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    assert turns(meeting) == ["Ada", "Mo", "Eve"]


def test_in_turn_comes_after_those_who_wait_already(meeting: Meeting) -> None:
    meeting.do("Ada", TURNS)
    meeting.do("Cal", fc.RaiseHand())
    meeting.do("Bea", fc.RaiseHand())
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    assert turns(meeting) == ["Cal", "Bea", "Ada", "Mo"]
    meeting.do("Bea", s.PassCheckIn())
    assert turns(meeting) == ["Cal", "Bea", "Ada", "Mo"], "a hand of one's own stays"


def test_where_each_is_called_nobody_gets_the_floor_unasked(meeting: Meeting) -> None:
    meeting.do("Ada", TURNS)
    meeting.do("Ada", fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=True, protect_minutes=0))
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    assert turns(meeting) == ["", "Ada", "Mo", "Bea", "Cal"]


def test_a_hand_raised_after_ones_turn_outlives_the_check_in(meeting: Meeting) -> None:
    meeting.do("Ada", TURNS)
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    meeting.do("Ada", fc.FinishShare())
    meeting.do("Ada", fc.RaiseHand())
    meeting.do("Ada", s.CloseCheckIn())
    assert turns(meeting) == ["Mo", "Ada"]


@pytest.mark.usefixtures("unguarded")
def test_so_many_can_go_in_turn(meeting: Meeting) -> None:
    meeting.do("Ada", TURNS)
    for number in range(PEOPLE_IN_TURN - 4):
        meeting.come_in(f"guest {number}", nickname=ROOM_WORDS[number].title())
    meeting.come_in("Dee")
    assert refused(meeting, "Ada", s.StartCheckIn(in_turn=True)) == "too_many_for_turns"
    meeting.do("Dee", c.Leave())
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    assert len(turns(meeting)) == PEOPLE_IN_TURN


# ---- who -----------------------------------------------------------------------------------------------------------------


def test_a_co_host_asks_as_a_host_does(meeting: Meeting) -> None:
    meeting.do("Ada", fc.NameHelper(participant="Mo", helper=Helper.COHOST))
    meeting.do("Mo", s.StartCheckIn())
    meeting.do("Mo", s.CloseCheckIn())
    meeting.do("Mo", s.ClosePoll(poll=meeting.do("Mo", POLL)))


def test_another_helper_asks_nothing(meeting: Meeting) -> None:
    meeting.do("Ada", fc.NameHelper(participant="Mo", helper=Helper.TIMEKEEPER))
    for command in (s.StartCheckIn(), s.CloseCheckIn(), POLL):
        assert refused(meeting, "Mo", command) == "not_allowed"


def test_answers_of_who_left_stay_in_the_sums(meeting: Meeting) -> None:
    meeting.do("Ada", s.StartCheckIn())
    for number, name in enumerate(("Ada", "Mo", "Bea", "Cal")):
        meeting.do(name, s.CheckIn(feeling=Feeling.CALM, urge=number))
    meeting.do("Bea", c.Leave())
    for name in ("Dee", "Eve"):
        meeting.come_in(name)
        meeting.do(name, s.CheckIn(feeling=Feeling.SAD, urge=10))
    meeting.do("Ada", s.CloseCheckIn())
    picture = meeting.view("Dee")["rounds"][0]["picture"]
    assert picture == {"feelings": {"calm": 4, "sad": 2}, "urges": [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 2]}
    meeting.do("Dee", c.Leave())
    assert meeting.view("Ada")["rounds"][0]["picture"] == picture, "it stays as it was at the close"


def test_who_claimed_a_line_and_is_no_moderator_any_more_holds_it_no_longer(meeting: Meeting) -> None:
    meeting.do("Bea", s.AskSupport())
    meeting.do("Mo", s.ClaimLine(line="Bea"))
    assert refused(meeting, "Ada", s.ClaimLine(line="Bea")) == "claimed_by_other"
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="participant"))
    meeting.do("Ada", s.ClaimLine(line="Bea"))
    assert meeting.view("Bea")["me"]["line"]["claimed_by_nickname"] == "Ada"


# ---- what is not understood ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '{"do":"vote","poll":1,"choices":0}',
        '{"do":"vote","poll":1,"choices":["0"]}',
        '{"do":"vote","poll":1,"choices":[0.5]}',
        '{"do":"vote","poll":1,"choices":[true]}',
        '{"do":"vote","poll":0,"choices":[0]}',
        '{"do":"vote","poll":1}',
        '{"do":"vote","poll":1,"choices":' + str([0] * 101) + "}",
        '{"do":"check_in","feeling":"calm","urge":11}',
        '{"do":"check_in","feeling":"calm","urge":-1}',
        '{"do":"check_in","feeling":"calm","urge":3.5}',
        '{"do":"check_in","feeling":"","urge":3}',
        '{"do":"check_in","feeling":"calm"}',
        '{"do":"check_in","feeling":"calm","urge":3,"round":7}',
        '{"do":"open_poll","question":"x","options":["a"],"kind":"single"}',
        '{"do":"open_poll","question":"x","options":' + '["a"' + ',"a"' * 10 + '],"kind":"single"}',
        '{"do":"open_poll","question":"x","options":["a","b"],"kind":"secret"}',
        '{"do":"take_chip","origin_id":"abcdefgh","chip":"31_days"}',
        '{"do":"take_chip","origin_id":"short","chip":"30_days"}',
        '{"do":"thank","origin_id":"abcdefgh","reply":"applause"}',
        '{"do":"thank","origin_id":"abcdefgh","reply":"welcome","text":"x"}',
        '{"do":"say_privately","text":"x"}',
        '{"do":"say_privately","origin_id":"abcdefgh","text":"x","line":"' + "x" * 33 + '"}',
        '{"do":"claim_line"}',
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="bad_command"):
        decode_command(text)
