"""Nobody is cut off: how a share ends by time, and how a meeting ends while someone writes. By a clock that the test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meeting import MINUTE_MS, Meeting, plain, refusal
from nearly_over import EMPTY, SECOND_MS, WORDS, bea_shares, endings, near_the_end, silent_bea, wait

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.views import for_everyone, for_moderators, for_subject
from chatroom.live.writer import expires_at


def seconds_until_over(meeting: Meeting, limit: int = 1_000) -> int:
    for second in range(limit):
        if not meeting.room.floor.holder:
            return second
        wait(meeting, 1)
    return limit


# ---- the end of a share --------------------------------------------------------------------------------------------------


def test_a_share_of_four_minutes_without_a_word_lasts_a_minute_longer() -> None:
    """Also of someone who was still long before the time was over."""
    assert seconds_until_over(bea_shares(4)) == 4 * 60 + 30 + 30


def test_stillness_counts_from_the_end_of_the_time() -> None:
    meeting = bea_shares()
    meeting.say("Bea", "My mother died in May")
    wait(meeting, 60 + 29)
    assert not meeting.view("Bea")["me"]["asked"]
    wait(meeting, 1)
    assert meeting.view("Bea")["me"]["asked"]
    assert meeting.room.floor.holder == "Bea"


def test_the_floor_stays_while_the_field_holds_words() -> None:
    """For two minutes of silence after the question, and each sign of life begins them anew."""
    meeting = bea_shares()
    meeting.say("Bea", "My mother died in May")
    meeting.do("Bea", WORDS)
    wait(meeting, 60 + 30 + 119)
    assert meeting.room.floor.holder == "Bea"
    meeting.do("Bea", WORDS)
    assert not meeting.view("Bea")["me"]["asked"]
    wait(meeting, 30 + 119)
    assert meeting.room.floor.holder == "Bea"
    wait(meeting, 1)
    assert not meeting.room.floor.holder
    assert list(endings(meeting)) == [fe.Ending.TIME]


def test_the_field_may_be_emptied_again() -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    wait(meeting, 10)
    meeting.do("Bea", EMPTY)
    assert seconds_until_over(meeting) == 50 + 30 + 30


def test_what_was_said_leaves_an_empty_field() -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    meeting.say("Bea", "My mother died in May")
    assert not meeting.view("Bea")["me"]["holds_words"]
    assert seconds_until_over(meeting) == 60 + 30 + 30


def test_words_that_a_moderator_looks_at_first_do_not_end_the_turn() -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    wait(meeting, 85)
    meeting.do("Bea", c.Reviewed(command=c.Post(origin_id="origin-1", text="words"), hold="contact"))
    wait(meeting, 34)
    assert meeting.room.floor.holder == "Bea"


@pytest.mark.parametrize("answer", [WORDS, EMPTY, fc.KeepFloor()], ids=["words", "empty", "keep"])
def test_any_answer_takes_the_question_away(answer: c.Command) -> None:
    meeting = bea_shares()
    wait(meeting, 100)
    assert meeting.view("Bea")["me"]["asked"]
    assert meeting.do("Bea", answer)
    assert not meeting.view("Bea")["me"]["asked"]
    wait(meeting, 59)
    assert meeting.room.floor.holder == "Bea"


def test_whoever_keeps_the_floor_is_left_in_peace_for_two_minutes() -> None:
    meeting = bea_shares()
    wait(meeting, 100)
    meeting.do("Bea", fc.KeepFloor())
    wait(meeting, 119)
    assert not meeting.view("Bea")["me"]["asked"]
    wait(meeting, 1)
    assert meeting.view("Bea")["me"]["asked"]
    assert seconds_until_over(meeting) == 30


def test_only_the_sharer_keeps_the_floor_and_only_when_asked() -> None:
    meeting = bea_shares()
    assert meeting.do("Bea", fc.KeepFloor()) == 0
    assert refusal(meeting, "Cal", fc.KeepFloor()).code == "not_your_turn"
    wait(meeting, 95)
    assert refusal(meeting, "Cal", fc.KeepFloor()).code == "not_your_turn"


def test_a_leader_may_skip_at_any_time() -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    wait(meeting, 100)
    meeting.do("Ada", fc.SkipShare())
    assert list(endings(meeting)) == [fe.Ending.SKIPPED]


def test_nobody_else_learns_of_the_question_or_of_the_field() -> None:
    meeting = bea_shares(1, "Dee")
    asked = fe.SharerAsked("Bea"), fe.FloorKept("Bea"), fe.ShareUnfinished("Bea"), fe.UnsentWords()
    meeting.happens(*asked)
    for entry in meeting.entries[-len(asked) :]:
        assert for_everyone(meeting.room, entry) is None
        assert for_moderators(meeting.room, entry) is None
        assert (for_subject(meeting.room, entry) is None) is isinstance(entry.event, fe.UnsentWords)
    frames = []
    for command in (WORDS, EMPTY):
        meeting.now += MINUTE_MS
        meeting.do("Bea", command)
        frames.append(plain(for_everyone(meeting.room, meeting.entries[-1])))
    assert [frame.keys() - {"is", "event", "id", "position", "at"} for frame in frames] == [{"participant"}] * 2
    for name in ("Cal", "Ada"):
        assert not {"asked_at", "kept_at", "holds_words", "unfinished"} & meeting.view(name)["floor"].keys()


def test_a_room_that_may_not_write_passes_nobody_over() -> None:
    """While the room is calmed, nobody is asked to write, and nobody loses the floor for not writing."""
    meeting = bea_shares()
    meeting.do("Ada", dc.Calm())
    wait(meeting, 10 * 60)
    assert meeting.room.floor.holder == "Bea"
    assert not meeting.view("Bea")["me"]["asked"]
    meeting.do("Ada", dc.EndCalm())
    assert seconds_until_over(meeting) == 1 + 30


# ---- a connection that is lost, and other pages --------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "seconds"), [(WORDS, 120), (EMPTY, 60)], ids=["words", "empty"])
def test_a_lost_connection_waits_longer_where_words_are_in_the_field(command: c.Command, seconds: int) -> None:
    meeting = bea_shares()
    meeting.do("Bea", command)
    meeting.now += 15 * SECOND_MS
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    wait(meeting, seconds - 15)
    assert meeting.room.floor.holder == "Bea"
    wait(meeting, 1)
    assert list(endings(meeting)) == [fe.Ending.GONE]


def test_coming_back_answers_the_question() -> None:
    meeting = bea_shares()
    wait(meeting, 100)
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.do("Bea", c.OpenSession(session="again", process="here"))
    assert not meeting.view("Bea")["me"]["asked"]
    wait(meeting, 29)
    assert meeting.room.floor.holder == "Bea"


def test_another_page_of_the_seat_says_what_its_own_field_holds() -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    meeting.do("Bea", c.OpenSession(session="another page", process="there"))
    assert meeting.view("Bea")["me"]["holds_words"]
    wait(meeting, 2)
    meeting.do("Bea", EMPTY)
    assert not meeting.view("Bea")["me"]["holds_words"]


def test_a_field_that_changes_all_the_time_does_not_fill_the_log() -> None:
    meeting = bea_shares()
    before = len(meeting.entries)
    for tenth in range(100):
        meeting.now += 100
        meeting.do("Bea", fc.SayTyping(holds_words=tenth % 2 == 0))
    assert len(meeting.entries) - before <= 11


# ---- what was begun ------------------------------------------------------------------------------------------------------


def test_who_was_passed_over_sends_the_words_while_nobody_has_the_floor() -> None:
    """Once, without raising a hand."""
    meeting = silent_bea()
    assert meeting.say("Bea", "and I could not say it")
    assert refusal(meeting, "Bea", c.Post(origin_id="origin-2", text="more")).code == "not_your_turn"
    assert refusal(meeting, "Cal", c.Post(origin_id="origin-3", text="I?")).code == "not_your_turn"


def test_who_was_passed_over_is_next_also_where_the_list_is_closed() -> None:
    meeting = silent_bea("Dee", "Eve")
    assert refusal(meeting, "Bea", c.Post(origin_id="origin-2", text="more")).code == "not_your_turn"
    meeting.do("Ada", fc.CloseQueue())
    meeting.do("Bea", fc.RaiseHand())
    assert [hand.participant for hand in meeting.room.floor.queue] == ["Bea", "Eve"]
    meeting.do("Dee", fc.FinishShare())
    assert meeting.room.floor.holder == "Bea"
    assert not meeting.view("Bea")["me"]["unfinished"]


@pytest.mark.parametrize(("who", "command"), [("Bea", fc.FinishShare()), ("Ada", fc.SkipShare())])
def test_a_share_that_its_sharer_or_a_leader_ends_is_not_unfinished(who: str, command: c.Command) -> None:
    meeting = bea_shares()
    meeting.do("Bea", WORDS)
    meeting.do(who, command)
    assert not meeting.view("Bea")["me"]["unfinished"]


# ---- the end of the meeting ----------------------------------------------------------------------------------------------


def seconds_until_ended(meeting: Meeting, limit: int = 400) -> int:
    for second in range(limit):
        if meeting.room.ended:
            return second
        wait(meeting, 1)
    return limit


def test_without_anyone_writing_the_meeting_ends_on_time() -> None:
    assert seconds_until_ended(near_the_end(30)) == 30


def test_whoever_writes_at_the_end_has_up_to_two_minutes() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    wait(meeting, 5)
    assert meeting.entries[-1].event == fe.GraceGiven(meeting.now + 2 * MINUTE_MS)
    assert meeting.room.ends_at == meeting.now + 2 * MINUTE_MS
    for _ in range(12):
        wait(meeting, 10)
        if not meeting.room.ended:
            meeting.do("Bea", WORDS)
    assert meeting.room.ended
    assert sum(isinstance(entry.event, fe.GraceGiven) for entry in meeting.entries) == 1


def test_a_post_just_after_the_end_is_still_heard() -> None:
    """Before any process gave the grace: the clock ticks only once a second."""
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    meeting.now = meeting.room.ends_at + 500
    assert meeting.say("Bea", "until next week")
    late = near_the_end(-1)
    assert refusal(late, "Bea", c.Post(origin_id="origin-1", text="late")).code == "no_such_room"


def test_the_grace_is_over_when_nobody_writes_any_more() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    wait(meeting, 5)
    meeting.say("Bea", "until next week")
    assert seconds_until_ended(meeting) == 20


def test_words_of_long_before_the_end_are_no_reason_for_more_time() -> None:
    meeting = near_the_end(40)
    meeting.do("Bea", WORDS)
    assert seconds_until_ended(meeting) == 40


def test_half_a_sentence_of_the_sharer_is_a_reason() -> None:
    meeting = bea_shares(0)
    meeting.do("Bea", WORDS)
    meeting.now = meeting.room.ends_at - 3 * MINUTE_MS
    assert seconds_until_ended(meeting) == 3 * 60 + 120


def test_more_time_by_the_host_has_a_grace_of_its_own() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    wait(meeting, 6)
    meeting.do("Ada", c.Extend(minutes=5))
    assert meeting.room.ends_at == meeting.now - SECOND_MS + 7 * MINUTE_MS
    wait(meeting, 60)
    assert not meeting.room.ended
    wait(meeting, 6 * 60 - 10)
    meeting.do("Bea", WORDS)
    assert seconds_until_ended(meeting) == 9 + 20


def test_the_host_ends_a_meeting_at_once_even_while_someone_writes() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    meeting.do("Ada", c.End())
    assert meeting.room.ended


def test_the_grace_comes_after_the_time_together_not_before() -> None:
    meeting = near_the_end(61)
    meeting.do("Ada", fc.SetFellowship(minutes=10))
    wait(meeting, 59)
    assert refusal(meeting, "Bea", WORDS).code == "not_your_turn"
    wait(meeting, 2)
    assert isinstance(meeting.entries[-1].event, fe.FellowshipBegan)
    wait(meeting, 9 * 60 + 55)
    meeting.do("Bea", WORDS)
    wait(meeting, 5)
    assert isinstance(meeting.entries[-1].event, fe.GraceGiven)


def test_writing_near_the_end_names_nobody() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    meeting.do("Ada", WORDS)
    assert meeting.entries[-1].event == fe.UnsentWords()
    assert len([entry for entry in meeting.entries if isinstance(entry.event, fe.UnsentWords)]) == 1
    assert meeting.do("Bea", EMPTY) == 0


def test_all_that_is_kept_lasts_as_long_as_the_grace() -> None:
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    wait(meeting, 5)
    assert expires_at(meeting.room) == meeting.now + 3 * MINUTE_MS


def test_a_grace_that_nobody_could_give_in_time_is_over() -> None:
    """All processes were away: the room ends, and no time begins anew."""
    meeting = near_the_end(5)
    meeting.do("Bea", WORDS)
    meeting.now = meeting.room.ends_at + 2 * MINUTE_MS
    meeting.do("", c.Tick())
    assert meeting.room.ended


@given(st.lists(st.tuples(st.integers(1, 50), st.sampled_from(["words", "empty", "post", "keep", "drop", "back"]))))
def test_no_share_ends_by_time_within_two_minutes_of_words(steps: list[tuple[int, str]]) -> None:
    """Whatever the sharer does: a field that holds words keeps the floor for two minutes after the last sign of life."""
    meeting = bea_shares()
    alive_at, holds_words = meeting.now, False
    for seconds, what in steps:
        for _ in range(seconds):
            wait(meeting, 1)
            if meeting.room.floor.holder != "Bea":
                silent_seconds = (meeting.now - alive_at) / 1000
                assert fe.Ending.GONE in endings(meeting) or silent_seconds >= (120 if holds_words else 30)
                return
        is_here = meeting.room.people["Bea"].here
        alive_at = alive_at if is_here and what in ("drop", "back") else meeting.now
        if what == "post":
            meeting.say("Bea", "words")
            holds_words = False
        elif what in ("words", "empty"):
            meeting.do("Bea", WORDS if what == "words" else EMPTY)
            holds_words = meeting.room.floor.holds_words
        elif what == "keep":
            meeting.do("Bea", fc.KeepFloor())
        elif what == "drop" and is_here:
            meeting.do("Bea", c.DropSession(session=meeting.room.people["Bea"].session))
        elif what == "back":
            meeting.do("Bea", c.OpenSession(session=f"again {len(meeting.entries)}", process="here"))
    assert all(not isinstance(entry.event, e.Left) for entry in meeting.entries)
