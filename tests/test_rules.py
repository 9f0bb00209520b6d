"""Who may do what: the permission table cell by cell, and the refusals that no scene shows."""

from typing import get_args

import pytest
from door_situation import DOOR_TABLE, door_command
from floor_situation import FLOOR_TABLE, floor_command
from meeting import MINUTE_MS, START_MS, Meeting, enter, opened, refusal
from nearly_over import near_the_end, silent_bea, wait
from safety_situation import SAFETY_TABLE, safety_command
from support_situation import SUPPORT_TABLE, support_command

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core.door_events import Door
from chatroom.core.events import Outcome, Reaction, ReportReason, Role
from chatroom.core.identity import token_hash
from chatroom.core.limits import OPEN_REPORTS_PER_PERSON, READING_CODE_POINTS, SEAT_KEPT_SECONDS
from chatroom.core.refusals import Refused
from chatroom.core.room import Standing
from chatroom.core.rules import PERMISSIONS
from chatroom.core.rules.door import check_door, must_knock, role_of_link
from chatroom.core.same_person import Visitor

EVERYONE = frozenset(Role)
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})
TABLE: dict[type[c.Command], frozenset[Role]] = {
    c.Post: EVERYONE,
    c.Retract: EVERYONE,
    c.React: EVERYONE,
    c.Report: EVERYONE,
    c.Leave: EVERYONE,
    c.ResolveReport: MODERATORS,
    c.Mute: MODERATORS,
    c.Unmute: MODERATORS,
    c.Redact: MODERATORS,
    c.Remove: MODERATORS,
    c.Readmit: MODERATORS,
    c.ClearAddress: MODERATORS,
    c.ChangeRole: HOSTS,
    c.Extend: HOSTS,
    c.End: HOSTS,
    **FLOOR_TABLE,
    **SUPPORT_TABLE,
    **SAFETY_TABLE,
    **DOOR_TABLE,
}
ACTORS = {Role.PARTICIPANT: "Bea", Role.MODERATOR: "Mo", Role.HOST: "Ada"}


class Situation:
    """A meeting in which every command makes sense for whoever may give it."""

    def __init__(self, actor: str) -> None:
        self.actor = actor
        self.meeting = meeting = Meeting()
        meeting.come_in("Ada", Role.HOST)
        meeting.come_in("Mo", Role.MODERATOR)
        for name in ("Bea", "Cal", "Dee", "Eve"):
            meeting.come_in(name)
        self.mine = meeting.say(actor, "mine")
        self.message = meeting.say("Cal", "hello")
        self.report = meeting.do("Eve", c.Report(message=self.message, reason=ReportReason.OTHER))
        meeting.do("Ada", c.Remove(participant="Dee", reason="threats"))
        meeting.do("Ada", c.Mute(participant="Eve", minutes=5, reason="unkind"))

    def command(self, kind: type[c.Command]) -> c.Command:
        if kind in FLOOR_TABLE:
            return floor_command(kind, self.meeting, self.actor)
        if kind in SUPPORT_TABLE:
            return support_command(self.meeting, kind)
        if kind in SAFETY_TABLE:
            return safety_command(self.meeting, kind, self.report, self.actor)
        if kind in DOOR_TABLE:
            return door_command(self.meeting, kind)
        message, report = self.message, self.report
        commands: dict[type[c.Command], c.Command] = {
            c.Post: c.Post(origin_id="origin-1", text="hello"),
            c.Retract: c.Retract(message=self.mine),
            c.React: c.React(message=message, reaction=Reaction.HUG),
            c.Report: c.Report(message=message, reason=ReportReason.SPAM),
            c.Leave: c.Leave(),
            c.ResolveReport: c.ResolveReport(report=report, outcome=Outcome.ACTED),
            c.Mute: c.Mute(participant="Cal", minutes=1, reason="quiet"),
            c.Unmute: c.Unmute(participant="Eve"),
            c.Redact: c.Redact(message=message),
            c.Remove: c.Remove(participant="Cal", reason="no"),
            c.Readmit: c.Readmit(participant="Dee"),
            c.ClearAddress: c.ClearAddress(participant="Dee"),
            c.ChangeRole: c.ChangeRole(participant="Cal", role="moderator"),
            c.Extend: c.Extend(minutes=5),
            c.End: c.End(),
        }
        return commands[kind]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_permission(kind: type[c.Command], role: Role) -> None:
    actor = ACTORS[role]
    situation = Situation(actor)
    command = situation.command(kind)
    if role in TABLE[kind]:
        before = len(situation.meeting.entries)
        assert situation.meeting.do(actor, command) == before + 1
    else:
        assert refusal(situation.meeting, actor, command).code == "not_allowed"


def test_the_table_is_whole() -> None:
    at_the_door = {c.Hello, c.Join, c.Suggest}
    assert set(TABLE) | at_the_door | {c.Earlier, c.People} == set(get_args(c.WireCommand))
    assert TABLE | {c.Earlier: EVERYONE, c.People: EVERYONE} == PERMISSIONS


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    ("actor", "code"),
    [("Nobody", "not_joined"), ("Dee", "removed"), ("Fay", "not_joined")],
    ids=["stranger", "removed", "left"],
)
def test_who_is_not_in_the_room_does_nothing(kind: type[c.Command], actor: str, code: str) -> None:
    situation = Situation("Bea")
    situation.meeting.come_in("Fay", Role.HOST)
    situation.meeting.do("Fay", c.Leave())
    assert refusal(situation.meeting, actor, situation.command(kind)).code == code


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_nothing_is_accepted_after_the_end(kind: type[c.Command]) -> None:
    situation = Situation("Ada")
    command = situation.command(kind)
    situation.meeting.do("Ada", c.End())
    assert refusal(situation.meeting, "Ada", command).code == "no_such_room"
    assert refusal(situation.meeting, "", enter("Gus")).code == "no_such_room"
    assert refusal(situation.meeting, "", c.Tick()).code == "no_such_room"


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_nothing_but_the_end_is_accepted_when_the_time_is_up(kind: type[c.Command]) -> None:
    situation = Situation("Ada")
    meeting, command = situation.meeting, situation.command(kind)
    meeting.now = meeting.room.ends_at
    assert refusal(meeting, "Ada", command).code == "no_such_room"
    assert refusal(meeting, "", enter("Gus")).code == "no_such_room"
    assert refusal(meeting, "Ada", c.OpenSession(session="s", process="here")).code == "no_such_room"
    meeting.do("", c.Tick())
    assert meeting.room.ended


@pytest.mark.parametrize("off", [-2, -1, 1, 1000])
def test_an_offset_that_is_no_message_is_refused(off: int) -> None:
    meeting = Situation("Bea").meeting
    meeting.do("Ada", dc.SetDoor(door=Door.LOCKED))
    message = meeting.say("Cal", "between")
    meeting.do("Ada", dc.SetDoor(door=Door.OPEN))
    for command in (
        c.Retract(message=message + off),
        c.React(message=message + off, reaction=Reaction.HEART),
        c.Report(message=message + off, reason=ReportReason.OTHER),
        c.Redact(message=message + off),
    ):
        assert refusal(meeting, "Ada", command).code == "no_such_message"
    assert refusal(meeting, "Ada", sc.Claim(item=message + off)).code == "no_such_item"
    assert refusal(meeting, "Ada", c.ResolveReport(report=message, outcome=Outcome.ACTED)).code == "no_such_report"


def test_who_reports_everything_waits_for_the_moderators() -> None:
    meeting = Situation("Bea").meeting
    messages = [meeting.say("Cal", f"message {i}") for i in range(OPEN_REPORTS_PER_PERSON + 1)]
    reports = [meeting.do("Bea", c.Report(message=message, reason=ReportReason.SPAM)) for message in messages[:-1]]
    last = c.Report(message=messages[-1], reason=ReportReason.SPAM)
    assert refusal(meeting, "Bea", last).code == "already_reported"
    meeting.do("Mo", c.ResolveReport(report=reports[0], outcome=Outcome.NOTHING_NEEDED))
    assert meeting.do("Bea", last)


def test_reporting_or_reacting_twice_is_one_entry() -> None:
    situation = Situation("Bea")
    for _ in range(2):
        offset = situation.meeting.do("Bea", c.Report(message=situation.message, reason=ReportReason.SPAM))
        reacted = situation.meeting.do("Bea", c.React(message=situation.message, reaction=Reaction.HUG))
    assert (offset, reacted) == (0, 0)
    assert len(situation.meeting.room.reports) == 2


def test_a_muted_person_is_told_how_long() -> None:
    meeting = Situation("Bea").meeting
    meeting.now += 60_000
    refused = refusal(meeting, "Eve", c.Post(origin_id="origin-1", text="please"))
    assert (refused.code, refused.retry_after_seconds) == ("muted", 240)


def test_hosts_may_post_readings() -> None:
    meeting = Situation("Bea").meeting
    meeting.say("Ada", "x" * READING_CODE_POINTS)
    for actor in ("Bea", "Mo"):
        assert refusal(meeting, actor, c.Post(origin_id="origin-1", text="x" * 2001)).code == "text_too_long"
    assert refusal(meeting, "Ada", c.Post(origin_id="origin-1", text="x" * (READING_CODE_POINTS + 1))).code == "text_too_long"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x85b", "a\ud800b"])
def test_control_characters_are_refused(text: str) -> None:
    meeting = Situation("Bea").meeting
    assert refusal(meeting, "Bea", c.Post(origin_id="origin-1", text=text)).code == "text_not_allowed"


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b", "\u0301", "\u202e\u2069"])
def test_a_text_in_which_nothing_shows_is_empty(text: str) -> None:
    meeting = Situation("Bea").meeting
    assert refusal(meeting, "Bea", c.Post(origin_id="origin-1", text=text)).code == "text_empty"


def test_texts_are_stored_composed_with_plain_line_ends() -> None:
    meeting = Situation("Bea").meeting
    offset = meeting.say("Bea", " cafe\u0301\r\nat\rfive ")
    assert meeting.room.messages[offset].text == "caf\xe9\nat\nfive"


def test_an_old_connection_that_ends_drops_nobody() -> None:
    meeting = Situation("Bea").meeting
    meeting.do("Bea", c.OpenSession(session="new", process="there"))
    assert meeting.do("Bea", c.DropSession(session="session of Bea")) == 0
    assert meeting.do("Bea", c.DropSession(session="new"))
    assert meeting.room.people["Bea"].standing is Standing.DROPPED
    assert meeting.do("Bea", c.DropSession(session="new")) == 0


def test_the_people_of_a_lost_process_are_dropped_and_then_gone() -> None:
    meeting = Situation("Bea").meeting
    meeting.do("Bea", c.OpenSession(session="new", process="there"))
    meeting.do("", c.Tick(lost_processes=frozenset({"there"})))
    assert [person.id for person in meeting.room.people.values() if person.standing is Standing.DROPPED] == ["Bea"]
    meeting.now += SEAT_KEPT_SECONDS * 1000 - 1
    assert meeting.do("", c.Tick()) == 0
    meeting.now += 1
    meeting.do("", c.Tick())
    assert meeting.room.people["Bea"].standing is Standing.LEFT


def test_roles_come_from_tokens_alone() -> None:
    meeting = Situation("Bea").meeting
    room = meeting.room
    assert role_of_link(room, token_hash("host token")) is Role.HOST
    assert role_of_link(room, token_hash("moderator token")) is Role.MODERATOR
    assert role_of_link(room, b"") is Role.PARTICIPANT
    for forged in ("host", "Host token", "host token ", "moderator", token_hash("host token").hex()):
        with pytest.raises(Refused, match="no_such_room"):
            role_of_link(room, token_hash(forged))


def test_the_doors_say_when_they_open() -> None:
    meeting = Meeting(opened(doors_at=START_MS + MINUTE_MS, starts_at=START_MS + 2 * MINUTE_MS))
    with pytest.raises(Refused, match="doors_closed") as caught:
        check_door(meeting.room, Visitor(b"tag"), meeting.now)
    assert caught.value.retry_after_seconds == 60


def test_two_people_removed_behind_one_address_are_cleared_one_by_one() -> None:
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    for name in ("Bea", "Cal"):
        meeting.come_in(name, address="shared")
    for name in ("Bea", "Cal"):
        meeting.do("Ada", c.Remove(participant=name, reason="raid"))
    kept_out = meeting.view("Ada")["desk"]["removed"]
    assert (kept_out["Bea"]["address"], kept_out["Cal"]["address"]) == (True, True)
    meeting.do("Ada", c.ClearAddress(participant="Cal"))
    dee = enter("Dee", address="shared").visitor
    assert must_knock(meeting.room, dee, meeting.now)
    meeting.do("Ada", c.Readmit(participant="Bea"))
    assert not must_knock(meeting.room, dee, meeting.now)


def test_every_event_is_brought_about_by_some_command() -> None:
    happened: set[type[e.Event]] = set()
    for kind, roles in TABLE.items():
        actor = ACTORS[min(roles, key=list(Role).index)]
        situation = Situation(actor)
        situation.meeting.do(actor, situation.command(kind))
        happened |= {type(entry.event) for entry in situation.meeting.entries}
    situation = Situation("Bea")
    meeting = situation.meeting
    situation.command(fc.FinishShare)
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.do("Bea", c.OpenSession(session="new", process="here"))
    meeting.do("Ada", fc.SetFellowship(minutes=10))
    meeting.now = meeting.room.ends_at
    meeting.do("", c.Tick())
    over_time = near_the_end(5)
    over_time.do("Bea", fc.SayTyping())
    wait(over_time, 5)
    alone = Meeting(opened(needs_moderator=True))
    alone.come_in("Ada", Role.HOST)
    alone.do("Ada", c.Leave())
    alone.now += MINUTE_MS
    alone.do("", c.Tick())
    joined = Meeting()
    joined.come_in("Ada", Role.HOST)
    joined.happens(e.Joined("Bea", "Ada", Role.PARTICIPANT, b"seat", b"tag"))
    joined.do("", c.Tick())
    others = (*meeting.entries, *alone.entries, *over_time.entries, *silent_bea().entries, *joined.entries)
    happened |= {type(entry.event) for entry in others}
    assert happened == set(e.EVENTS)
