"""Writes tests/vectors/*.json, which the Python and the JavaScript fold are both held to. Run it after a change of the fold.

A vector: `entries` of the log, each [offset, at, nonce, event]; the `room` that `participant` sees after the first `split`
of them; the `frames` this person is sent for the others, in order; and `expect`, the room after them. Entries are named by
the `ids_key` of the first entry. A `welcome` among the frames replaces the room, as it does in a client. `crowd_people`, where
it is given, stands for CROWD_PEOPLE.
"""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crowd_vectors import CROWD_PROGRAMS
from door_vectors import DOOR_PROGRAMS
from floor_vectors import CROWDED_FLOOR_PROGRAMS, FLOOR_PROGRAMS
from inside import WIRE
from joined_vectors import JOINED_PROGRAMS
from meeting import MINUTE_MS, Frame, Meeting, crowded_beyond, enter, opened, plain
from safety_vectors import SAFETY_PROGRAMS
from support_vectors import SUPPORT_PROGRAMS

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import safety_commands as sc
from chatroom.core.door_events import Door
from chatroom.core.events import AnyEvent, Entry, LateJoiners, Outcome, Reaction, ReportReason, Role
from chatroom.core.limits import CROWD_PEOPLE

VECTORS = Path(__file__).parent / "vectors"
Program = Callable[["Story"], None]


class Story(Meeting):
    """A meeting that remembers the log as it happened, and from where on someone's frames count."""

    def __init__(self, late_joiners: LateJoiners) -> None:
        numbers = itertools.count(1)
        super().__init__(opened(late_joiners=late_joiners), lambda: f"nonce{next(numbers):03}")
        self.name_of = WIRE.id_of
        self.happened: list[Entry] = list(self.entries)
        self.frames_for_watcher: list[Frame] = []
        self.watcher = ""
        self.split = 0
        self.room_before: Frame = {}
        self.heard.append(self._happened)
        self.come_in("ada", Role.HOST, nickname="Ada")
        self.come_in("mo", Role.MODERATOR, nickname="Mo")
        self.come_in("bea", nickname="Morning Fern")

    def _happened(self, entry: Entry) -> None:
        self.happened.append(entry)
        self.now += 1500
        if self.watcher:
            self.frames_for_watcher += self.frames(self.watcher, entry)

    def watch(self, participant: str) -> None:
        """From here on, what this person is sent counts."""
        self.watcher, self.split, self.room_before = participant, len(self.happened), self.view(participant)

    def post(self, name: str, text: str) -> int:
        return self.say(name, text, f"origin-of-{len(self.entries):03}")

    def react(self, name: str, message: int, reaction: Reaction, on: bool = True) -> None:
        self.do(name, c.React(message=message, reaction=reaction, on=on))

    def report(self, name: str, message: int, words: str = "") -> int:
        return self.do(name, c.Report(message=message, reason=ReportReason.PRIVATE_DETAILS, words=words))

    def drop(self, name: str) -> None:
        self.do(name, c.DropSession(session=self.room.people[name].session))

    def come_back(self, name: str) -> None:
        self.do(name, c.OpenSession(session=f"session {len(self.entries)}", process="here"))


PROGRAMS: dict[str, tuple[LateJoiners, int, Program]] = {}


def vector(late_joiners: LateJoiners = LateJoiners.NOTHING, crowd_people: int = CROWD_PEOPLE) -> Callable[[Program], Program]:
    """Make a vector of the program; its docstring says what it is about."""

    def register(program: Program) -> Program:
        PROGRAMS[program.__name__] = late_joiners, crowd_people, program
        return program

    return register


@vector()
def people_come_and_go(story: Story) -> None:
    """Someone joins, drops out, returns, leaves, and is gone for good."""
    story.watch("bea")
    story.come_in("cal", nickname="Quiet Harbour")
    story.come_in("dee", nickname="Kind River")
    story.drop("cal")
    story.come_back("cal")
    story.do("dee", c.Leave())
    story.drop("cal")
    story.now += 6 * MINUTE_MS
    story.do("", c.Tick())


@vector()
def messages(story: Story) -> None:
    """Messages of oneself and others, with white space, emoji, and what looks like HTML."""
    story.post("bea", "before")
    story.watch("bea")
    story.post("ada", "Welcome.\n\nPlease <b>share</b> & listen.")
    story.post("bea", "thank you \U0001f33f\U0001f469\u200d\U0001f469\u200d\U0001f467")
    story.post("mo", '"quoted" \u2028 \u05e9\u05dc\u05d5\u05dd')


@vector()
def my_reactions(story: Story) -> None:
    """One's own reactions, set and unset, beside those of others."""
    first, second = story.post("ada", "first"), story.post("bea", "second")
    story.react("bea", first, Reaction.HUG)
    story.watch("bea")
    for reaction in (Reaction.THANKS, Reaction.HEART, Reaction.ME_TOO):
        story.react("bea", first, reaction)
    story.react("mo", first, Reaction.HEART)
    story.react("bea", second, Reaction.STRENGTH)
    story.react("bea", first, Reaction.HUG, on=False)
    story.react("bea", first, Reaction.HEART, on=False)
    story.react("bea", second, Reaction.STRENGTH, on=False)


@vector()
def reactions_of_others(story: Story) -> None:
    """Counts go up and down without names."""
    message = story.post("bea", "thirty days")
    story.watch("mo")
    story.react("ada", message, Reaction.HEART)
    story.react("bea", message, Reaction.HEART)
    story.react("ada", message, Reaction.HEART, on=False)
    story.react("bea", message, Reaction.HEART, on=False)
    story.react("ada", message, Reaction.HUG)


@vector()
def taken_back(story: Story) -> None:
    """A retracted message loses its text and its reactions, also one's own."""
    kept, regretted = story.post("mo", "kept"), story.post("mo", "regretted")
    story.react("bea", regretted, Reaction.HUG)
    story.react("bea", kept, Reaction.HUG)
    story.watch("bea")
    story.do("mo", c.Retract(message=regretted))
    story.do("bea", c.Retract(message=story.post("bea", "mine")))


@vector()
def taken_back_at_the_desk(story: Story) -> None:
    """A retracted message loses its text in the reports of it as well."""
    message = story.post("bea", "a phone number")
    story.watch("mo")
    story.report("ada", message, "a number")
    story.do("bea", c.Retract(message=message))


@vector()
def redacted(story: Story) -> None:
    """A redacted message, as a participant sees it."""
    message = story.post("bea", "a phone number")
    story.react("mo", message, Reaction.HUG)
    story.watch("bea")
    story.do("mo", c.Redact(message=message, reason="private"))


@vector()
def redacted_at_the_desk(story: Story) -> None:
    """A redacted message, as a moderator sees it: who did it, and no text in the reports of it."""
    message, other = story.post("bea", "a phone number"), story.post("bea", "fine")
    story.report("ada", message)
    story.report("ada", other)
    story.watch("mo")
    story.do("ada", c.Redact(message=message, reason="private"))
    story.do("mo", c.Redact(message=other))


@vector()
def my_mute(story: Story) -> None:
    """The muted person learns why and until when, and when it is undone."""
    story.watch("bea")
    story.do("mo", c.Mute(participant="bea", minutes=5, reason="unkind words"))
    story.do("mo", c.Unmute(participant="bea"))
    story.do("ada", c.Mute(participant="bea", minutes=None, reason="that is enough"))


@vector()
def mutes_of_others(story: Story) -> None:
    """Participants see nothing of a mute."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    story.do("mo", c.Mute(participant="bea", minutes=1, reason="unkind words"))
    story.do("mo", c.Unmute(participant="bea"))


@vector()
def mutes_at_the_desk(story: Story) -> None:
    """Moderators see mutes, also of a moderator by the host."""
    story.watch("mo")
    story.do("mo", c.Mute(participant="bea", minutes=15, reason="unkind words"))
    story.do("ada", c.Mute(participant="mo", minutes=1, reason="a pause"))
    story.do("ada", c.Unmute(participant="bea"))


@vector()
def removals_of_others(story: Story) -> None:
    """Participants see that someone left, and that someone returned."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    story.do("mo", c.Remove(participant="bea", reason="threats"))
    story.do("mo", c.Readmit(participant="bea"))
    story.come_back("bea")


@vector()
def removals_at_the_desk(story: Story) -> None:
    """Two people behind one address are removed, cleared, readmitted."""
    story.do("", enter("cal", address="shared", nickname="Quiet Harbour"))
    story.do("", enter("dee", address="shared", nickname="Kind River"))
    story.watch("mo")
    for name in ("bea", "cal", "dee"):
        story.do("mo", c.Remove(participant=name, reason=f"raid by {name}"))
    story.do("ada", c.ClearAddress(participant="cal"))
    story.do("ada", c.Readmit(participant="bea"))
    story.come_back("bea")


@vector()
def reports_at_the_desk(story: Story) -> None:
    """Reports come in, are claimed, taken over and resolved; nothing says who made them."""
    first, second = story.post("bea", "buy this"), story.post("ada", "fine")
    story.report("bea", second)
    story.watch("mo")
    one = story.report("mo", first, "adverts")
    story.do("mo", sc.Claim(item=one))
    story.drop("mo")
    story.come_back("mo")
    two = story.report("ada", first)
    story.do("ada", c.ResolveReport(report=one, outcome=Outcome.ACTED))
    story.do("mo", c.ResolveReport(report=two, outcome=Outcome.NOTHING_NEEDED))


@vector()
def reports_of_mine(story: Story) -> None:
    """Who reports words does not see them any more, also when a veil is lifted, and sees nothing else of it."""
    story.come_in("cal", nickname="Quiet Harbour")
    messages = [story.post("cal", "buy this"), story.post("cal", "and this")]
    story.watch("bea")
    reports = [story.report("bea", message, "adverts") for message in messages]
    story.do("mo", sc.Claim(item=reports[0]))
    story.do("mo", dc.Veil())
    story.do("mo", dc.Unveil())
    story.do("mo", c.ResolveReport(report=reports[0], outcome=Outcome.NOTHING_NEEDED))
    story.do("mo", c.Redact(message=messages[1]))


def _door_and_time(story: Story) -> None:
    story.do("mo", dc.SetDoor(door=Door.LOCKED))
    story.do("ada", dc.SetDoor(door=Door.OPEN))
    story.do("ada", dc.SetDoor(door=Door.LOCKED))
    story.do("ada", c.Extend(minutes=10))


@vector()
def door_and_time(story: Story) -> None:
    """The door is locked, unlocked and locked, and the meeting extended."""
    story.watch("bea")
    _door_and_time(story)


@vector()
def door_and_time_at_the_desk(story: Story) -> None:
    """The same as a host sees it."""
    story.watch("ada")
    _door_and_time(story)


def _roles(story: Story, watcher: str) -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    story.post("cal", "as a participant")
    story.watch(watcher)
    story.do("ada", c.ChangeRole(participant="cal", role="moderator"))
    story.post("cal", "as a moderator")
    story.do("ada", c.ChangeRole(participant="cal", role="participant"))


@vector()
def roles_of_others(story: Story) -> None:
    """Someone is made a moderator and unmade; what was said before stays as it was said."""
    _roles(story, "bea")


@vector()
def roles_of_others_at_the_desk(story: Story) -> None:
    """The same as a moderator sees it: who changed the role."""
    _roles(story, "mo")


@vector()
def made_a_moderator(story: Story) -> None:
    """Whose role changes gets a fresh room: the desk comes with it."""
    message = story.post("ada", "hello")
    story.report("mo", message)
    story.watch("bea")
    story.do("ada", c.ChangeRole(participant="bea", role="moderator"))
    story.do("bea", dc.SetDoor(door=Door.LOCKED))
    story.report("bea", message, "looks odd")


@vector()
def no_moderator_any_more(story: Story) -> None:
    """The desk goes with the role."""
    story.watch("mo")
    story.do("mo", dc.SetDoor(door=Door.LOCKED))
    story.do("ada", c.ChangeRole(participant="mo", role="participant"))
    story.do("ada", dc.SetDoor(door=Door.OPEN))
    story.do("ada", c.Mute(participant="bea", minutes=1, reason="quiet"))


@vector()
def late_joiner_sees_nothing(story: Story) -> None:
    """What was said before is not there, and changes to it change nothing."""
    before = story.post("ada", "before")
    story.react("bea", before, Reaction.HEART)
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    story.react("mo", before, Reaction.HEART)
    story.do("ada", c.Retract(message=before))
    story.post("ada", "after")


@vector(LateJoiners.EVERYTHING)
def late_joiner_sees_everything(story: Story) -> None:
    """What was said before is there, with what became of it."""
    kept, erased = story.post("ada", "kept"), story.post("ada", "erased")
    story.react("bea", kept, Reaction.HEART)
    story.do("ada", c.Retract(message=erased))
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    story.react("cal", kept, Reaction.HEART)
    story.do("ada", c.Retract(message=kept))


@vector()
def the_end(story: Story) -> None:
    """The last frame changes nothing in the room."""
    story.post("bea", "good night")
    story.watch("bea")
    story.post("ada", "good night, all")
    story.do("ada", c.End())


for more in (*FLOOR_PROGRAMS, *SUPPORT_PROGRAMS, *SAFETY_PROGRAMS, *DOOR_PROGRAMS, *JOINED_PROGRAMS):
    vector()(more)
for more, people in {**CROWD_PROGRAMS, **dict.fromkeys(CROWDED_FLOOR_PROGRAMS, 4)}.items():
    vector(crowd_people=people)(more)


def as_json(event: AnyEvent) -> dict[str, Any]:
    """The event by the names of its fields; bytes are base64."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return {"type": str(event.__struct_config__.tag), **plain(fields)}


def make(name: str) -> dict[str, Any]:
    """One vector."""
    late_joiners, crowd_people, program = PROGRAMS[name]
    story = Story(late_joiners)
    with crowded_beyond(crowd_people):
        program(story)
    return {
        "name": name.replace("_", " "),
        "about": (program.__doc__ or "").strip(),
        **({"crowd_people": crowd_people} if crowd_people != CROWD_PEOPLE else {}),
        "participant": story.watcher,
        "split": story.split,
        "entries": [[entry.offset, entry.at, entry.nonce, as_json(entry.event)] for entry in story.happened],
        "room": story.room_before,
        "frames": story.frames_for_watcher,
        "expect": story.view(story.watcher),
    }


def as_text(vector: dict[str, Any]) -> str:
    """The vector with a line for each entry and each frame."""
    lines = []
    for name, value in vector.items():
        if name in ("entries", "frames"):
            inner = ",\n".join(f"    {json.dumps(one)}" for one in value)
            lines.append(f'  "{name}": [\n{inner}\n  ]' if value else f'  "{name}": []')
        else:
            lines.append(f'  "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    for old in VECTORS.glob("*.json"):
        old.unlink()
    for name in PROGRAMS:
        (VECTORS / f"{name}.json").write_text(as_text(make(name)))
