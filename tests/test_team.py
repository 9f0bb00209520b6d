"""The moderators' channel, notes, breaks and list of words, and what is kept of private texts: what no scene shows."""

import msgspec
import pytest
from fake_time import in_fake_time
from house import house
from meeting import Meeting, refusal
from safety_situation import hold
from screen import Screen

from chatroom.core import commands as c
from chatroom.core import safety_commands as s
from chatroom.core import support_commands as sc
from chatroom.core.events import Entry
from chatroom.core.limits import (
    ACTIONS_KEPT,
    NOTE_CODE_POINTS,
    NOTES_PER_PERSON,
    OUTBOX_BYTES,
    REDACTED_AT_ONCE,
    TEXT_OVERHEAD,
    TEXTS_KEPT,
)
from chatroom.core.safety_events import Word, WordKind, WordVerdict
from chatroom.core.team import on_duty
from chatroom.moderation.patterns import WordList


def tell(meeting: Meeting, name: str, text: str) -> int:
    return meeting.do(name, s.SayToTeam(origin_id=f"to-the-team-{len(meeting.entries):05}", text=text))


def say(meeting: Meeting, name: str, text: str, line: str = "") -> int:
    return meeting.do(name, sc.SayPrivately(origin_id=f"private-{len(meeting.entries):05}", text=text, line=line))


# ---- how much is kept ----------------------------------------------------------------------------------------------------


def private_texts(desk: dict[str, object]) -> list[str]:
    """All that moderators see of private texts, the oldest first."""
    lines, notes = desk["lines"], desk["notes"]
    assert isinstance(lines, list)
    assert isinstance(notes, dict)
    places = [*(line["said"] for line in lines), desk["team"], *notes.values()]
    said = sorted((one for place in places for one in place), key=lambda one: int(one["id"]))
    return [one["text"] for one in said]


def test_of_all_private_texts_together_the_newest_are_kept(meeting: Meeting) -> None:
    for name in ("Bea", "Cal"):
        meeting.do(name, sc.AskSupport())
    screen = Screen(meeting.view("Mo"))

    def show(entry: Entry) -> None:
        for frame in meeting.frames("Mo", entry):
            screen.take(frame)

    meeting.heard.append(show)
    said: list[str] = []
    for number in range(60):
        text = f"{number:03}" + "\U0001f33f" * (number * 37 % 1_500)
        meeting.now += 1
        turns = (
            lambda text: say(meeting, "Bea", text),
            lambda text: tell(meeting, "Ada", text),
            lambda text: say(meeting, "Cal", text),
            lambda text: meeting.do("Mo", s.WriteNote(participant="Cal", text=text[:NOTE_CODE_POINTS])),
            lambda text: say(meeting, "Mo", text, "Bea"),
        )
        turns[number % 5](text)
        said.append(text[:NOTE_CODE_POINTS] if number % 5 == 3 else text)
        desk = meeting.view("Mo")["desk"]
        shown = private_texts(desk)
        assert shown == said[-len(shown) :]
        total = sum(len(one) + TEXT_OVERHEAD for one in shown)
        dropped = said[: -len(shown)]
        assert total <= TEXTS_KEPT < total + len(dropped[-1] if dropped else "x" * TEXTS_KEPT) + TEXT_OVERHEAD
        assert screen.room == meeting.view("Mo")
    assert len(shown) < len(said)


def test_private_texts_fit_into_an_outbox_for_moderators_and_for_their_owners(meeting: Meeting) -> None:
    names = [f"Person {number}" for number in range(20)]
    for name in names:
        meeting.come_in(name)
        meeting.do(name, sc.AskSupport())
    for number in range(60):
        for name in names if number < 3 else names[:1]:
            say(meeting, name, "\U0001f33f" * 2_000)
            tell(meeting, "Mo", "\U0001f33f" * 2_000)
    for name in ("Mo", *names):
        assert len(msgspec.json.encode(meeting.view(name))) < OUTBOX_BYTES
    assert sum(len(said.text) for line in meeting.room.lines.values() for said in line.said) <= 3 * 20 * 2_000 + TEXTS_KEPT


def test_a_desk_with_all_that_it_may_hold_fits_into_an_outbox(meeting: Meeting) -> None:
    """Long messages, private texts, words that wait and more actions than are kept, all at once."""
    meeting.do("Bea", sc.AskSupport())
    for number in range(200):
        message = meeting.say("Bea", f"{number:03}" + "x" * 1_997)
        meeting.do("Mo", c.Redact(message=meeting.say("Cal", "raid"), reason="r" * 200))
        say(meeting, "Bea", "x" * 2_000)
        tell(meeting, "Ada", "x" * 2_000)
    for number in range(8):
        hold(meeting, ("Bea", "Cal")[number % 2], "x" * 1_900)
    view = meeting.view("Mo")
    assert len(msgspec.json.encode(view)) < OUTBOX_BYTES
    assert (len(view["messages"]), view["messages"][-2]["id"], view["more"]) == (39, message, True)
    assert len(view["desk"]["actions"]) == ACTIONS_KEPT


def test_the_owner_of_a_line_keeps_what_moderators_see_no_more(meeting: Meeting) -> None:
    meeting.do("Bea", sc.AskSupport())
    say(meeting, "Bea", "it is a hard day")
    for _ in range(12):
        tell(meeting, "Mo", "x" * 2_000)
    assert private_texts(meeting.view("Mo")["desk"])[0] == "x" * 2_000
    assert [one["text"] for one in meeting.view("Bea")["me"]["line"]["said"]] == ["it is a hard day"]


def test_so_many_notes_of_a_person_are_kept_at_once(meeting: Meeting) -> None:
    for number in range(NOTES_PER_PERSON):
        meeting.do("Mo", s.WriteNote(participant="Bea", text=f"note {number}"))
    assert refusal(meeting, "Ada", s.WriteNote(participant="Bea", text="one more")).code == "too_often"
    meeting.do("Ada", s.WriteNote(participant="Cal", text="another person"))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (s.WriteNote(participant="Bea", text=" "), "text_empty"),
        (s.WriteNote(participant="Bea", text="x" * (NOTE_CODE_POINTS + 1)), "text_too_long"),
        (s.WriteNote(participant="Nobody", text="who"), "no_such_person"),
        (s.SayToTeam(origin_id="origin-1", text=""), "text_empty"),
        (s.OpenLine(participant="Nobody"), "no_such_person"),
        (s.RedactAll(participant="Nobody"), "no_such_person"),
        (s.RedactAll(participant="Cal"), "no_such_message"),
        (s.RedactAll(participant="Ada"), "not_above_you"),
    ],
)
def test_what_moderators_cannot_do(meeting: Meeting, command: c.Command, code: str) -> None:
    assert refusal(meeting, "Mo", command).code == code


def test_who_opens_a_line_is_with_that_person(meeting: Meeting) -> None:
    meeting.do("Mo", s.OpenLine(participant="Bea"))
    assert meeting.view("Bea")["me"]["line"]["claimed_by_nickname"] == "Mo"


def test_notes_about_who_left_and_no_line_for_who_left(meeting: Meeting) -> None:
    meeting.do("Bea", c.Leave())
    meeting.do("Mo", s.WriteNote(participant="Bea", text="left in tears"))
    assert refusal(meeting, "Mo", s.OpenLine(participant="Bea")).code == "no_such_person"


# ---- retries -------------------------------------------------------------------------------------------------------------


def test_words_to_the_team_again_answer_the_first_offset(meeting: Meeting) -> None:
    command = s.SayToTeam(origin_id="origin-1", text="who takes Bea?")
    offset = meeting.do("Mo", command)
    assert meeting.do("Mo", command) == offset
    assert refusal(meeting, "Mo", s.SayToTeam(origin_id="origin-1", text="other")).code == "origin_reused"
    assert len(meeting.room.team.said) == 1


# ---- breaks --------------------------------------------------------------------------------------------------------------


def test_who_is_on_duty(meeting: Meeting) -> None:
    people = meeting.room.people

    def duty() -> list[str]:
        return [name for name, person in people.items() if on_duty(meeting.room, person)]

    assert duty() == ["Ada", "Mo"]
    meeting.do("Mo", s.TakeBreak())
    assert duty() == ["Ada"]
    assert refusal(meeting, "Ada", s.TakeBreak()).code == "last_on_duty"
    meeting.do("Ada", c.DropSession(session="session of Ada"))
    assert duty() == []
    meeting.do("Mo", s.EndBreak())
    assert duty() == ["Mo"]
    assert refusal(meeting, "Mo", s.TakeBreak()).code == "last_on_duty"


def test_a_break_ends_with_the_role_and_does_not_come_back_with_it(meeting: Meeting) -> None:
    meeting.do("Mo", s.TakeBreak())
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="participant"))
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="moderator"))
    assert meeting.view("Ada")["desk"]["on_break"] == []
    assert on_duty(meeting.room, meeting.room.people["Mo"])


# ---- erasing all ---------------------------------------------------------------------------------------------------------


def test_the_newest_are_erased_if_there_are_too_many(meeting: Meeting) -> None:
    offsets = [meeting.say("Bea", f"raid {number}") for number in range(REDACTED_AT_ONCE + 3)]
    meeting.say("Cal", "kind words")
    meeting.do("Mo", s.RedactAll(participant="Bea", reason="a raid"))
    left = [offset for offset, message in meeting.room.messages.items() if not message.gone]
    assert left == [*offsets[:3], offsets[-1] + 1]
    assert all(not meeting.entries[offset - 1].event.text for offset in offsets[3:])  # type: ignore[union-attr]
    meeting.do("Mo", s.RedactAll(participant="Bea"))
    assert [message.text for message in meeting.room.messages.values() if not message.gone] == ["kind words"]


def test_moderators_may_erase_all_of_their_own(meeting: Meeting) -> None:
    meeting.say("Mo", "oh no")
    meeting.do("Mo", s.RedactAll(participant="Mo"))
    assert [message.gone for message in meeting.room.messages.values()] == ["redacted"]


# ---- the list of words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "kind", "detail"),
    [
        ("", WordKind.LITERAL, "A line is empty, or holds what cannot be shown."),
        ("\u200b", WordKind.LITERAL, "A line is empty, or holds what cannot be shown."),
        ("x" * 101, WordKind.LITERAL, "At most 100 characters."),
        ("win (now", WordKind.RE2, "win (now: missing ): win (now"),
        ("(?=now)", WordKind.RE2, "(?=now): invalid perl operator: (?="),
        ("x*", WordKind.RE2, "x*: this is found in everything."),
        ("(.{1,100}){10}", WordKind.RE2, "(.{1,100}){10}: pattern too large - compile failed"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_with_what_is_wrong(
    meeting: Meeting, pattern: str, kind: WordKind, detail: str
) -> None:
    words = (Word("fine", WordKind.LITERAL, WordVerdict.NUDGE), Word(pattern, kind, WordVerdict.REJECT))
    refused = refusal(meeting, "Ada", s.SetWords(words=words))
    assert (refused.code, refused.detail) == ("words_wrong", detail)
    assert meeting.room.team.words == ()


@pytest.mark.parametrize(
    ("pattern", "kind", "found", "missed"),
    [
        ("Free Money", WordKind.LITERAL, "get FREE money now", "freemoney"),
        ("a.b(", WordKind.LITERAL, "xA.B(", "aab("),
        ("ñandú", WordKind.LITERAL, "ÑANDÚ", "nandu"),
        (r"\bwin\b", WordKind.RE2, "you Win today", "twins"),
    ],
)
def test_words_are_found_whatever_their_case(pattern: str, kind: WordKind, found: str, missed: str) -> None:
    words = WordList((Word(pattern, kind, WordVerdict.HOLD),))
    assert words.verdict(found) is WordVerdict.HOLD
    assert words.verdict(missed) is None


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    """What a backtracking engine never ends with."""
    words = WordList((Word("(a+)+$", WordKind.RE2, WordVerdict.HOLD),))
    assert words.verdict("a" * 10_000 + "b") is None


def test_a_list_is_kept_once_however_often_it_is_set(meeting: Meeting) -> None:
    for number in range(5):
        words = tuple(Word(f"{number}-{line:03}" + "x" * 90, WordKind.LITERAL, WordVerdict.HOLD) for line in range(100))
        meeting.do("Ada", s.SetWords(words=words))
    assert msgspec.msgpack.encode(meeting.room).count(b"x" * 90) == 100
    assert [action["event"] for action in meeting.view("Mo")["desk"]["actions"]] == ["words_set"] * 5
    assert all("words" not in action for action in meeting.view("Mo")["desk"]["actions"])


# ---- how often -----------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_words_to_the_team_and_notes_count_as_posts_and_worries_as_reports() -> None:
    async with house() as home:
        mo, bea = await home.join("Mo", "moderator"), await home.join("Bea")
        others = [await home.join(name) for name in ("Cal", "Dee", "Eve", "Fay")]
        refs = [mo.say("say_to_team", origin_id=f"origin-{number}", text="hello") for number in range(3)]
        refs += [mo.say("write_note", participant=bea.me, text="first time") for _ in range(3)]
        worries = [bea.say("worry", participant=other.me) for other in others]
        await home.loop.settle()
        assert [mo.answer(ref).get("code", "done") for ref in refs] == ["done"] * 5 + ["slow_down"]
        assert [bea.answer(ref).get("code", "done") for ref in worries] == ["done"] * 3 + ["slow_down"]
