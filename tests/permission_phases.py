"""The permission table, command x role x phase, as `decide` gives it; run it to print docs/permissions.md.

Every command is tried in a situation that was brought to where the command makes sense, and then into the phase.
"""

from collections.abc import Callable
from contextlib import suppress

from meeting import Meeting
from test_rules import ACTORS, TABLE, Situation

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core import floor_commands as fc
from chatroom.core.door_events import Unattended
from chatroom.core.events import Role
from chatroom.core.refusals import Refused
from chatroom.core.script import Crosstalk, Mode, Phase

HEAD = """# Who may do what, and when

A row is a command of the [protocol](protocol.md), a column a moment of a meeting: where the command makes most sense; an
open phase; a phase in which the host alone writes; the share of someone else; one's own share; the room is calmed; no
moderator is here (participants only, since there is nobody else).

A cell says who may, and how others are refused who could at another moment. Whoever is not named is refused with
`not_allowed`. "moderators" are hosts as well. Helpers may do more, see "Helpers" in the protocol. Nobody may do anything
before coming in or after the end.

Every cell is what was decided when it was tried: `test_every_cell_of_the_table_of_permissions`.

"""
WHO = {
    frozenset(Role): "everyone",
    frozenset({Role.MODERATOR, Role.HOST}): "moderators",
    frozenset({Role.MODERATOR}): "moderators but hosts",
    frozenset({Role.HOST}): "hosts",
    frozenset({Role.PARTICIPANT}): "participants",
    frozenset(): "nobody",
}
Enter = Callable[[Meeting, str], None]


def _phase(meeting: Meeting, mode: Mode) -> None:
    phase = Phase(title="Now", mode=mode, crosstalk=Crosstalk.OPEN if mode is Mode.OPEN else Crosstalk.NONE)
    meeting.do("Ada", fc.ChangeScript(script=(phase,), phase=0))


def _floor(meeting: Meeting, name: str) -> None:
    _phase(meeting, Mode.FLOOR)
    if not meeting.room.people[name].here:
        meeting.do(name, c.OpenSession(session="again", process="here"))
    _try(meeting, "Ada", fc.OpenQueue())
    _try(meeting, "Ada", fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=True, protect_minutes=0))
    _try(meeting, "Ada", fc.SkipShare())
    _try(meeting, "Ada", fc.Invite(participant=name))
    _try(meeting, name, fc.AcceptFloor())
    assert meeting.room.floor.holder == name


def _try(meeting: Meeting, actor: str, command: c.Command) -> None:
    """Unless it is so already."""
    with suppress(Refused):
        meeting.do(actor, command)


def _as_it_is(meeting: Meeting, actor: str) -> None:
    """The situation's own phase, which is open unless the command needs another."""


def _someone_shares(meeting: Meeting, actor: str) -> None:
    _floor(meeting, "Cal")


def _calmed(meeting: Meeting, actor: str) -> None:
    _try(meeting, "Ada", d.Calm())


def _no_moderator(meeting: Meeting, actor: str) -> None:
    meeting.happens(Unattended())


PHASES: dict[str, Enter] = {
    "where it belongs": _as_it_is,
    "open": lambda meeting, actor: _phase(meeting, Mode.OPEN),
    "host only": lambda meeting, actor: _phase(meeting, Mode.HOST),
    "another's share": _someone_shares,
    "own share": _floor,
    "calmed": _calmed,
    "no moderator": _no_moderator,
}
ATTENDED = frozenset(PHASES) - {"no moderator"}


def refusal_of(kind: type[c.Command], role: Role, phase: str) -> str:
    """How the command is refused to someone with this role in this phase; empty when it is not."""
    actor = ACTORS[role]
    situation = Situation(actor)
    command = situation.command(kind)
    PHASES[phase](situation.meeting, actor)
    try:
        situation.meeting.do(actor, command)
    except Refused as refused:
        return refused.code
    return ""


def cell(kind: type[c.Command], phase: str) -> str:
    """Who may, and how others whose role would allow it are refused."""
    roles = [role for role in Role if phase in ATTENDED or role is Role.PARTICIPANT]
    refusals = {role: refusal_of(kind, role, phase) for role in roles}
    may = frozenset(role for role, code in refusals.items() if not code)
    who = "everyone" if may == set(roles) else WHO[may]
    codes = sorted({code for code in refusals.values() if code and code != "not_allowed"})
    return ", ".join([who, *(f"`{code}`" for code in codes)])


def table() -> str:
    lines = [f"| command | {' | '.join(PHASES)} |", "|---" * (len(PHASES) + 1) + "|"]
    for kind in TABLE:
        cells = " | ".join(cell(kind, phase) for phase in PHASES)
        lines.append(f"| `{kind.__struct_config__.tag}` | {cells} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(HEAD + table(), end="")
