"""Words are taken away with a removal and when the veil is lifted, and hidden from who reported them: what no scene shows."""

import pytest
from door_situation import guarded
from fake_time import in_fake_time
from house import house
from meeting import Meeting, four_people, plain
from safety_situation import talk, write

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core.direct_commands import ReportDirect
from chatroom.core.door_events import Unveiled
from chatroom.core.events import Draft, Outcome, Redacted, Removed, ReportReason, Role
from chatroom.core.limits import ACTIONS_KEPT, REDACTED_AT_ONCE
from chatroom.core.rules import decide
from chatroom.core.views import for_person


@pytest.fixture
def meeting() -> Meeting:
    return four_people()


def remove(meeting: Meeting, name: str, *, erase: bool | None = None) -> Draft:
    """What the removal would do."""
    return decide(meeting.room, "Mo", c.Remove(participant=name, reason="threats", erase=erase), meeting.now)


def texts(meeting: Meeting, name: str) -> list[str]:
    return [message["text"] for message in meeting.view(name)["messages"]]


def report(meeting: Meeting, name: str, message: int) -> int:
    return meeting.do(name, c.Report(message=message, reason=ReportReason.UNKIND))


# ---- with a removal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [None, False, True])
@pytest.mark.parametrize("is_guarded", [False, True])
@pytest.mark.parametrize("report_is", ["none", "open", "closed", "of another"])
def test_a_removal_erases_as_chosen_else_what_was_reported_or_under_guard(
    meeting: Meeting, choice: bool | None, is_guarded: bool, report_is: str
) -> None:
    said, other = meeting.say("Bea", "an insult"), meeting.say("Cal", "kind words")
    if report_is != "none":
        offset = report(meeting, "Ada", other if report_is == "of another" else said)
        if report_is == "closed":
            meeting.do("Mo", c.ResolveReport(report=offset, outcome=Outcome.NOTHING_NEEDED))
    if is_guarded:
        guarded(meeting)
    by_itself = is_guarded or report_is == "open"
    erases = by_itself if choice is None else choice
    draft = remove(meeting, "Bea", erase=choice)
    assert [event.message for event in draft.events if isinstance(event, Redacted)] == [said] * erases
    assert [offset for offset, _ in draft.erases] == [said] * erases
    assert draft.events[-1] == Removed("Bea", "Mo", "threats", int(erases))


def test_all_of_it_is_one_draft_and_one_action(meeting: Meeting) -> None:
    for number in range(ACTIONS_KEPT):
        meeting.say("Bea", f"raid {number}")
    meeting.do("Mo", c.Mute(participant="Cal", minutes=5, reason="a pause"))
    meeting.do("Mo", c.Remove(participant="Bea", reason="threats", erase=True))
    assert [action["event"] for action in meeting.view("Mo")["desk"]["actions"]] == ["muted", "removed"]
    assert meeting.view("Mo")["desk"]["actions"][-1]["erased"] == ACTIONS_KEPT
    assert texts(meeting, "Cal") == [""] * 100


def test_the_newest_go_if_there_are_too_many(meeting: Meeting) -> None:
    offsets = [meeting.say("Bea", f"raid {number}") for number in range(REDACTED_AT_ONCE + 3)]
    meeting.do("Mo", c.Remove(participant="Bea", reason="threats", erase=True))
    assert [offset for offset, message in meeting.room.messages.items() if not message.gone] == offsets[:3]


def test_a_report_of_direct_words_is_closed_with_the_removal(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    said = write(meeting, "Cal", "Bea", "send me money")
    offset = meeting.do("Bea", ReportDirect(participant="Cal", said=said, reason=ReportReason.UNSAFE))
    meeting.do("Mo", c.Remove(participant="Cal", reason="threats"))
    assert meeting.room.reports[offset].outcome == "acted"


# ---- with the veil -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [d.Unveil(), d.EndCalm()], ids=["unveil", "end_calm"])
def test_the_veil_stays_until_all_of_removed_people_is_erased(meeting: Meeting, command: c.Command) -> None:
    for number in range(REDACTED_AT_ONCE + 2):
        meeting.say("Bea", f"raid {number}")
    meeting.say("Cal", "kind words")
    meeting.do("Mo", d.Calm())
    meeting.do("Mo", c.Remove(participant="Bea", reason="threats"))
    meeting.do("Mo", command)
    assert meeting.room.calm.veil
    assert not any("raid" in text or "kind" in text for text in texts(meeting, "Cal"))
    meeting.do("Mo", command)
    assert meeting.room.calm.veil is None
    assert {text for text in texts(meeting, "Cal") if text} == {"kind words"}
    assert not [message for message in meeting.room.messages.values() if "raid" in message.text]


def test_only_what_the_veil_covers_goes_with_it(meeting: Meeting) -> None:
    """Not what was said long before, nor by who has left, nor by who moderated."""
    meeting.come_in("Max", Role.MODERATOR)
    meeting.say("Bea", "long ago")
    meeting.now += 120_000
    for name in ("Bea", "Cal", "Max"):
        meeting.say(name, f"by {name}")
    meeting.do("Mo", d.Veil())
    for name in ("Bea", "Max"):
        meeting.do("Ada", c.Remove(participant=name, reason="threats"))
    meeting.do("Cal", c.Leave())
    meeting.do("Mo", d.Unveil())
    assert texts(meeting, "Ada") == ["long ago", "", "by Cal", "by Max"]
    assert meeting.entries[-1].event == Unveiled("Mo", 1)


# ---- for who reported it -------------------------------------------------------------------------------------------------


def test_who_reported_words_is_not_given_them_again_by_any_way(meeting: Meeting) -> None:
    said = meeting.say("Bea", "an insult")
    report(meeting, "Cal", said)
    cal, entry = meeting.room.people["Cal"], meeting.entries[said - 1]
    assert [frame["text"] for frame in plain(for_person(meeting.room, entry, cal))] == [""]
    assert [frame["text"] for frame in plain(for_person(meeting.room, entry, meeting.room.people["Bea"]))] == ["an insult"]
    assert texts(meeting, "Cal") == [""]
    assert texts(meeting, "Bea") == ["an insult"]


def test_who_moderates_goes_on_reading_what_they_reported_and_as_a_participant_no_longer(meeting: Meeting) -> None:
    said = meeting.say("Bea", "an insult")
    report(meeting, "Mo", said)
    assert texts(meeting, "Mo") == ["an insult"]
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="participant"))
    assert texts(meeting, "Mo") == [""]


def test_a_report_that_was_made_is_not_made_again_when_it_is_forgotten(meeting: Meeting) -> None:
    said = meeting.say("Bea", "an insult")
    offset = report(meeting, "Cal", said)
    del meeting.room.reports[offset]
    assert not report(meeting, "Cal", said)


@in_fake_time
async def test_a_resume_over_ones_own_report_gives_no_words() -> None:
    async with house() as inn:
        await inn.join("Ada", "host")
        bea, cal = await inn.join("Bea"), await inn.join("Cal")
        first = cal.last("welcome")["position"]
        offset = (await bea.ask("post", origin_id="origin-1", text="something awful"))["id"]
        await cal.ask("report", message=offset, reason="unkind")
        cal.cut()
        again = await inn.back(cal, position=first)
        assert again.last("welcome")["recovered"]
        assert again.texts == [""]
        (message,) = (await again.ask("earlier", before=1000))["messages"]
        assert (message["text"], message["reported"]) == ("", True)
