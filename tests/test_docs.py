"""The documents cannot rot: what the code knows is in them, and nothing else is."""

import json
import re
from pathlib import Path

import pytest

from chatroom.core import limits
from chatroom.core.commands import WIRE
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES
from chatroom.core.limits import DROPPED_AFTER_SECONDS, Rate
from chatroom.core.refusals import CLOSINGS, REFUSALS
from chatroom.core.rules import HELPERS, PERMISSIONS
from chatroom.hooks.counts import Missed
from chatroom.live.counts import Cut
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.web.listening import UNREAD_SECONDS
from chatroom.web.server import PING_SECONDS, PONG_SECONDS

DOCS = Path(__file__).parent.parent / "docs"
PROTOCOL = (DOCS / "protocol.md").read_text()


def section(title: str) -> str:
    return PROTOCOL.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table_rows(text: str) -> dict[str, list[str]]:
    """The rows of a section's tables by the code word in their first cell."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def code_words(cell: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", cell))


def tag(struct: type) -> str:
    return str(struct.__struct_config__.tag)  # type: ignore[attr-defined]


def test_every_command_stands_in_the_protocol_with_its_fields() -> None:
    rows = table_rows(section("Commands"))
    assert {name: code_words(row[1]) for name, row in rows.items()} == {
        tag(command): set(command.__struct_encode_fields__) - {"ref"} for command in WIRE
    }


def test_the_permission_table_stands_in_the_protocol() -> None:
    who = {name: set(name.split(", ")) for name in ("moderator, host", "moderator", "host")}
    who["everyone"] = {"participant", "moderator", "host"}
    rows = table_rows(section("Commands"))
    assert {name: who[row[2]] for name, row in rows.items() if row[2] in who} == {
        tag(command): {str(role) for role in roles} for command, roles in PERMISSIONS.items()
    }


def test_the_table_of_helpers_stands_in_the_protocol() -> None:
    rows = table_rows(section("Helpers"))
    assert {name: set(row[1].split(", ")) for name, row in rows.items()} == {
        tag(command): {str(helper) for helper in helpers} for command, helpers in HELPERS.items()
    }


def test_every_server_frame_stands_in_the_protocol_with_its_fields() -> None:
    rows = table_rows(section("Frames from the server"))
    expected = {tag(frame): set(frame.__struct_fields__) for frame in SERVER_FRAMES}
    assert set(rows) == {*expected, "entry", "personal"}
    for name, fields in expected.items():
        assert fields <= code_words(rows[name][1]), name


def test_every_event_stands_in_the_protocol_with_its_fields() -> None:
    rows = table_rows(section("Events"))
    common = {"is_", "id", "at", "position"}
    assert set(rows) == {tag(frame) for frame in (*ENTRY_FRAMES, *PERSONAL_FRAMES)}
    for frame in (*ENTRY_FRAMES, *PERSONAL_FRAMES):
        row = rows[tag(frame)]
        assert set(frame.__struct_fields__) - common <= code_words(" ".join(row[1:-1])), tag(frame)


def test_every_field_of_opening_a_room_stands_in_the_protocol() -> None:
    asked, answered = re.findall(r"^    (\{.*?\})$", section("Opening a room"), re.MULTILINE | re.DOTALL)
    assert set(json.loads(asked)) == set(OpenRoom.__struct_fields__)
    assert set(json.loads(answered)) == set(OpenedRoom.__struct_fields__)


def test_every_number_of_the_log_stands_in_the_operations() -> None:
    operations = (DOCS / "operations.md").read_text()
    assert set(table_rows(operations.split("event=cut_off")[1].split("\n## ")[0])) == {*Cut, *Missed}


def test_the_documents_say_how_long_a_frozen_reader_stays() -> None:
    silent = PING_SECONDS + PONG_SECONDS
    [row] = re.findall(r"^\| connection that takes nothing \|(.*)$", section("Limits"), re.MULTILINE)
    assert [int(number) for number in re.findall(r"\d+", row)] == [UNREAD_SECONDS, silent, DROPPED_AFTER_SECONDS]
    told = (DOCS / "operations.md").read_text().split("a page that froze")[1].split(" in which others")[0]
    assert [int(number) for number in re.findall(r"\d+", told)] == [
        *(UNREAD_SECONDS, silent, DROPPED_AFTER_SECONDS),
        *(UNREAD_SECONDS + DROPPED_AFTER_SECONDS, silent + DROPPED_AFTER_SECONDS),
    ]
    away = (DOCS / "architecture.md").read_text().split("A connection that is lost keeps the seat")[1].split("`Dropped`")[0]
    assert [int(number) for number in re.findall(r"\d+", away)] == [UNREAD_SECONDS, DROPPED_AFTER_SECONDS]


def in_words(rate: Rate) -> str:
    often = f"{rate.per_second}/s" if rate.per_second >= 1 else f"one in {1 / rate.per_second:.0f} s"
    return f"{often}, burst {rate.burst}"


KIB = 1024
LIMITS: dict[str, tuple[str, ...]] = {
    "frame": (f"{limits.FRAME_BYTES // KIB} KiB", f"{limits.GUEST_FRAME_BYTES // KIB} KiB for all but moderators and hosts"),
    "commands of a connection": (in_words(limits.COMMANDS_PER_SESSION),),
    "posts of a person": (in_words(limits.POSTS_PER_PERSON),),
    "posts in a room": (in_words(limits.POSTS_PER_ROOM),),
    "check-ins of a room": (f"{limits.ROUNDS_PER_ROOM}, one at a time", f"at most {limits.PEOPLE_IN_TURN} people"),
    "polls of a room": (
        f"{limits.POLLS_PER_ROOM}, one at a time",
        f"question {limits.QUESTION_CODE_POINTS} code points",
        f"option {limits.OPTION_CODE_POINTS}",
    ),
    "reactions of a person": (in_words(limits.REACTIONS_PER_PERSON),),
    "reports of a person, also of direct messages, and worries": (
        in_words(limits.REPORTS_PER_PERSON),
        f"{limits.OPEN_REPORTS_PER_PERSON} open reports",
    ),
    "pages of `people` for a person": (in_words(limits.PEOPLE_PAGES_PER_PERSON),),
    "pages of `earlier` for a person": (in_words(limits.EARLIER_PAGES_PER_PERSON),),
    "`hello`": (f"within {limits.HELLO_SECONDS} s", in_words(limits.HELLOS_PER_SOURCE)),
    "other names asked for at the door": (in_words(limits.SUGGESTIONS_PER_SOURCE),),
    "knocks": (in_words(limits.KNOCKS_PER_SOURCE), f"{limits.KNOCKS_PER_TAG} of them may wait"),
    "wrong secrets": (in_words(limits.WRONG_SECRETS_PER_SOURCE),),
    "wrong passphrases": (in_words(limits.PASSPHRASES_PER_SOURCE),),
    "unread frames": (
        f"{limits.OUTBOX_ENTRIES} frames",
        f"{limits.OUTBOX_BYTES // KIB} KiB",
        f"{limits.OUTBOX_SECONDS} s behind",
    ),
    "refused frames of a connection": (in_words(limits.REFUSALS_PER_SESSION),),
    "seat without a connection": (f"{limits.SEAT_KEPT_SECONDS // 60} minutes",),
    "seats of a device, without a role": (f"{limits.SEATS_PER_DEVICE};",),
    "seats of a network while the guard is up": (f"{limits.GUARD_NETWORK_PEOPLE};",),
}
SAID_WITHOUT_A_NUMBER = "chips, short replies, words in private lines, to the team, in direct messages, notes"


def test_every_limit_in_the_protocol_is_the_one_of_the_code() -> None:
    lines = [line.strip("| ").split(" | ") for line in section("Limits").splitlines() if line.startswith("| ")][1:]
    rows = {what: limit for what, limit in lines if what not in (SAID_WITHOUT_A_NUMBER, "connection that takes nothing")}
    assert rows.keys() == LIMITS.keys()
    for what, parts in LIMITS.items():
        assert [part for part in parts if part not in rows[what]] == [], rows[what]
        assert re.findall(r"\d+", rows[what]) == re.findall(r"\d+", " ".join(parts)), what


def test_every_refusal_stands_in_the_protocol_with_its_sentence() -> None:
    rows = table_rows(section("Refusals"))
    assert {code: row[1] for code, row in rows.items()} == REFUSALS


def test_every_close_code_stands_in_the_protocol_with_its_sentence() -> None:
    rows = [line.strip("|").split("|") for line in section("Close codes").splitlines() if re.match(r"\| \d", line)]
    assert {(int(row[0]), row[1].strip(" `"), row[2].strip()) for row in rows} == {
        (int(close), close.name.lower(), closing.sentence) for close, closing in CLOSINGS.items()
    }


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", path.read_text()):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", [*sorted(DOCS.glob("*.md")), DOCS.parent / "README.md"], ids=lambda path: path.name)
def test_every_test_named_in_a_document_exists(path: Path) -> None:
    tests = "\n".join(file.read_text() for file in (DOCS.parent / "tests").rglob("*.py"))
    for name in re.findall(r"`(test_[a-z0-9_]+)`", path.read_text()):
        assert f"def {name}(" in tests, name
