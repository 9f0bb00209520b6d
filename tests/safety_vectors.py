"""The vectors about what waits for a moderator, the team, content notes, the list of words and direct messages."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from safety_situation import WORDS, hold, talk, write

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core import safety_commands as s
from chatroom.core import support_commands as sc
from chatroom.core.events import Outcome, ReportReason, Role
from chatroom.core.floor_commands import AllowChips
from chatroom.core.limits import REJECTED_SHOWN
from chatroom.core.safety_events import Danger, Topic

if TYPE_CHECKING:
    from make_vectors import Story


# ---- words that are held -------------------------------------------------------------------------------------------------


def _hold(story: "Story") -> None:
    rejected, taken_back = hold(story, "bea", "call me"), hold(story, "bea", "write to me")
    chip = sc.TakeChip(origin_id="held-chip", chip=sc.Chip.OWN, words="a day")
    accepted = story.do("bea", c.Reviewed(command=chip, hold="words", reason="on the list"))
    story.do("mo", s.Claim(item=rejected))
    story.do("mo", s.RejectHeld(held=rejected, reason="no numbers"))
    story.do("bea", c.Retract(message=taken_back))
    story.do("ada", s.AcceptHeld(held=accepted))
    hold(story, "bea", "still waiting")


def _open_chips(story: "Story") -> None:
    story.do("ada", AllowChips(on=True))
    story.come_in("cal", nickname="Quiet Harbour")


def my_held_words(story: "Story") -> None:
    """Held, rejected, taken back, said: as the author sees it."""
    _open_chips(story)
    story.watch("bea")
    _hold(story)


def held_words_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it, who looks at one of them."""
    _open_chips(story)
    hold(story, "cal", "there before")
    story.watch("mo")
    _hold(story)


def held_words_of_others(story: "Story") -> None:
    """Others see what was accepted, when it was, and nothing else."""
    _open_chips(story)
    story.watch("cal")
    _hold(story)


def many_rejected_words(story: "Story") -> None:
    """The newest that were rejected stay, beside those that wait."""
    waiting = hold(story, "bea", "waits")
    story.watch("bea")
    for number in range(REJECTED_SHOWN + 2):
        story.do("mo", s.RejectHeld(held=hold(story, "bea", f"number {number}"), reason="no numbers"))
    story.do("mo", s.RejectHeld(held=waiting, reason="the oldest"))


# ---- concerns ------------------------------------------------------------------------------------------------------------


def _worry(story: "Story") -> None:
    review = c.Reviewed(command=c.Post(origin_id="words-of-risk", text="I took too many"), concern=Danger.OVERDOSE)
    message = story.do("bea", review)
    hold(story, "bea", "it hurts", Danger.SELF_HARM)
    friend = story.do("cal", s.Worry(participant="bea"))
    story.do("mo", s.Claim(item=friend))
    story.do("mo", s.ResolveConcern(concern=message + 1))
    story.do("ada", s.OpenLine(participant="bea"))


def my_care(story: "Story") -> None:
    """Whose words are a sign of danger gets a card; nobody is told that a friend is worried."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("bea")
    _worry(story)


def concerns_at_the_desk(story: "Story") -> None:
    """The same as a host sees it."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("ada")
    _worry(story)


def a_worry_of_mine(story: "Story") -> None:
    """Who is worried sees nothing of it."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    _worry(story)


# ---- the team ------------------------------------------------------------------------------------------------------------


def _say(story: "Story", name: str, text: str) -> None:
    story.do(name, s.SayToTeam(origin_id=f"to-the-team-{len(story.entries):03}", text=text))


def _team(story: "Story") -> None:
    _say(story, "mo", "who takes <b>Fern</b>?")
    _say(story, "ada", "I do")
    story.do("ada", s.WriteNote(participant="bea", text="first time"))
    story.do("mo", s.WriteNote(participant="bea", text="sells things"))
    story.do("mo", s.SetWords(words=WORDS))
    story.do("mo", s.TakeBreak())
    story.do("mo", s.EndBreak())
    story.do("mo", s.TakeBreak())


def the_team_at_the_desk(story: "Story") -> None:
    """The channel, notes, words and breaks of the moderators; a break ends with leaving, and with the role."""
    story.come_in("ned", Role.MODERATOR, nickname="Ned")
    story.come_in("oda", Role.MODERATOR, nickname="Oda")
    _say(story, "ned", "before")
    story.watch("ada")
    _team(story)
    for name in ("ned", "oda"):
        story.do(name, s.TakeBreak())
    story.do("ned", c.Leave())
    story.do("ada", c.ChangeRole(participant="mo", role="participant"))
    story.do("ada", c.Remove(participant="oda", reason="shouted"))


def the_team_of_others(story: "Story") -> None:
    """Participants see nothing of it."""
    story.watch("bea")
    _team(story)
    story.do("mo", c.Leave())


def many_private_texts(story: "Story") -> None:
    """Of lines, channel and notes together the newest are kept; of each person's own line as well."""
    story.do("bea", sc.AskSupport())
    story.watch("mo")
    for number in range(7):
        text = f"{number}" + "\U0001f33f" * 300 + "x" * 1_600
        story.do("bea", sc.SayPrivately(origin_id=f"private-{number}", text=text))
        _say(story, "ada", text[1:])
        story.do("mo", s.WriteNote(participant=("bea", "ada")[number % 2], text=text[:500]))


def my_long_private_line(story: "Story") -> None:
    """Of one's own line the newest texts are kept."""
    story.do("bea", sc.AskSupport())
    story.watch("bea")
    for number in range(14):
        story.do("bea", sc.SayPrivately(origin_id=f"private-{number}", text=f"{number % 10}" * 1950))


def _note_content(story: "Story") -> None:
    about = c.Post(origin_id="about-something", text="how he died", topic=Topic.DEATH)
    message, other = story.do("bea", about), story.post("bea", "what I took")
    story.do("bea", s.NoteContent(message=other, topic=Topic.DRUGS))
    story.do("mo", s.NoteContent(message=message, topic=Topic.NONE))
    story.do("mo", s.NoteContent(message=other, topic=Topic.OTHER))
    story.do("bea", c.Retract(message=other))


def content_notes(story: "Story") -> None:
    """What messages are about, said by their author or by a moderator."""
    story.watch("bea")
    _note_content(story)


def content_notes_at_the_desk(story: "Story") -> None:
    """What a moderator says of a message is an action, what its author says is not."""
    story.watch("ada")
    _note_content(story)


def erased_all_at_once(story: "Story") -> None:
    """All that someone said is gone."""
    for text in ("one", "two"):
        story.post("bea", text)
    story.post("mo", "kept")
    story.watch("mo")
    story.do("ada", s.RedactAll(participant="bea", reason="a raid"))


def _remove_with_words(story: "Story") -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    messages = [story.post("cal", text) for text in ("one", "two", "three")]
    story.do("cal", c.Retract(message=messages[1]))
    hold(story, "cal", "a number")
    story.report("ada", messages[0])
    story.do("mo", c.Remove(participant="cal", reason="a raid"))


def removed_with_words(story: "Story") -> None:
    """All that someone said goes with a removal, and their name from where it stood."""
    story.watch("bea")
    _remove_with_words(story)


def removed_with_words_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it: what waited and what was reported is settled, and the redactions stand in one action."""
    story.watch("mo")
    _remove_with_words(story)


# ---- direct messages -----------------------------------------------------------------------------------------------------


def _write(story: "Story") -> None:
    story.do("ada", d.SetDirect(on=True))
    talk(story, "bea", "cal")
    write(story, "bea", "cal", "between <b>you</b> and me")
    said = write(story, "cal", "bea", "send me money")
    report = story.do("bea", d.ReportDirect(participant="cal", said=said, reason=ReportReason.UNSAFE, words="help"))
    story.do("mo", s.Claim(item=report))
    story.do("mo", c.ResolveReport(report=report, outcome=Outcome.ACTED))
    story.do("cal", d.AskDirect(participant="dee"))
    story.do("dee", d.AnswerDirect(participant="cal", yes=False))
    story.do("cal", d.EndDirect(participant="bea"))
    talk(story, "cal", "ada")
    story.do("ada", d.SetDirect(on=False))


def _three(story: "Story") -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    story.come_in("dee", nickname="Kind River")


def my_direct_messages(story: "Story") -> None:
    """Asked, answered, written, reported, ended: as one of the two sees it."""
    _three(story)
    story.watch("cal")
    _write(story)


def direct_messages_that_i_reported(story: "Story") -> None:
    """Who reported words does not see them any more."""
    _three(story)
    story.watch("bea")
    _write(story)


def direct_messages_at_the_desk(story: "Story") -> None:
    """Moderators see what was reported to them, and nothing else."""
    _three(story)
    story.watch("mo")
    _write(story)


def direct_messages_of_others(story: "Story") -> None:
    """Others see that they are on, or off."""
    _three(story)
    story.come_in("eve", nickname="Bright Maple")
    story.watch("eve")
    _write(story)


def many_direct_messages(story: "Story") -> None:
    """Of all that one person has of direct messages the newest are kept."""
    _three(story)
    story.do("ada", d.SetDirect(on=True))
    for other in ("cal", "dee"):
        talk(story, "bea", other)
    story.watch("bea")
    for number in range(7):
        for other in ("cal", "dee"):
            write(story, other, "bea", f"{number}" * 1950)


SAFETY_PROGRAMS: tuple[Callable[["Story"], None], ...] = (
    my_held_words,
    held_words_at_the_desk,
    held_words_of_others,
    many_rejected_words,
    my_care,
    concerns_at_the_desk,
    a_worry_of_mine,
    the_team_at_the_desk,
    the_team_of_others,
    many_private_texts,
    my_long_private_line,
    content_notes,
    content_notes_at_the_desk,
    erased_all_at_once,
    removed_with_words,
    removed_with_words_at_the_desk,
    my_direct_messages,
    direct_messages_that_i_reported,
    direct_messages_at_the_desk,
    direct_messages_of_others,
    many_direct_messages,
)
