"""`chatroom open`: what may be said about the room, as on the page, and the request it comes to."""

import argparse
import sys
from datetime import datetime, timedelta
from pathlib import Path

from chatroom.core.events import LateJoiners
from chatroom.core.limits import (
    CAPACITY_AT_LEAST,
    CAPACITY_AT_MOST,
    FELLOWSHIP_MINUTES_AT_MOST,
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    PASSPHRASE_CODE_POINTS,
    RULES_PER_ROOM,
)
from chatroom.live.opening import OpenRoom
from chatroom.web.opener import CannotOpen, read_script
from chatroom.web.settings import Settings
from chatroom.web.text_files import NotUtf8, read_utf8

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add every option of `chatroom open`."""
    add = command.add_argument
    add("--title", required=True, help="what the meeting is called")
    add("--starts", help="when it starts, in this machine's time: 19:30 or 2026-12-01T19:30 (default: now)")
    add("--minutes", type=int, help="how long it lasts, 15 to 180 (default: what the script says, or 60)")
    add("--fellowship", type=int, help="minutes together after the end, 0 to 60 (default: what the script says, or 0)")
    add("--welcome", default="", help="a text that people read at the door")
    add("--rules", type=Path, help="a file with the ground rules, one a line")
    add("--capacity", type=int, default=100, help="how many people at most (default: %(default)s)")
    add("--show-everything", action="store_true", help="people who come late may read what was said before")
    add("--script", type=Path, help="the file of the group's script (docs/meetings.md)")
    add("--appeal", default="", help="how someone who was removed can reach the group")
    add("--without-moderator", action="store_true", help="people may write while no moderator is there")
    add("--url", help="the front page of the server (default: BASE_URL, or HOST and PORT of the settings)")
    add("--passphrase-stdin", action="store_true", help="read the passphrase for opening rooms from standard input")
    add(
        "--room-passphrase-stdin",
        action="store_true",
        help="read a passphrase that people are to give at the door from standard input, on the line after the other one",
    )


def front_page(settings: Settings) -> str:
    """The address at which the server of these settings is asked from this machine."""
    host = ANY_ADDRESS.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    return settings.base_url or f"http://{host}:{settings.port}"


def wanted_room(chosen: argparse.Namespace, now: datetime) -> OpenRoom:
    """What is asked of the server; reads the files, and the passphrases from standard input. `now` has a time zone.

    Raises CannotOpen.
    """
    script = read_script(chosen.script) if chosen.script else None
    minutes = _first(chosen.minutes, (script.minutes or None) if script else None, 60)
    fellowship = _first(chosen.fellowship, script.fellowship_minutes if script else None, 0)
    _require("A meeting lasts {} to {} minutes, not {}.", MINUTES_AT_LEAST, MINUTES_AT_MOST, minutes)
    _require("The time together after the end lasts {} to {} minutes, not {}.", 0, FELLOWSHIP_MINUTES_AT_MOST, fellowship)
    _require("A room has {} to {} places, not {}.", CAPACITY_AT_LEAST, CAPACITY_AT_MOST, chosen.capacity)
    return OpenRoom(
        title=chosen.title,
        welcome=chosen.welcome,
        rules=_rules(chosen.rules) if chosen.rules else (),
        starts_at=_start(chosen.starts, now) if chosen.starts else None,
        minutes=minutes,
        fellowship_minutes=fellowship,
        capacity=chosen.capacity,
        late_joiners=LateJoiners.EVERYTHING if chosen.show_everything else LateJoiners.NOTHING,
        script=script.phases if script else (),
        appeal=chosen.appeal,
        needs_moderator=not chosen.without_moderator,
        opening_passphrase=_passphrase() if chosen.passphrase_stdin else "",
        passphrase=_passphrase() if chosen.room_passphrase_stdin else "",
    )


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _require(sentence: str, least: int, most: int, value: int) -> None:
    if not least <= value <= most:
        raise CannotOpen(sentence.format(least, most, value))


def _rules(path: Path) -> tuple[str, ...]:
    try:
        rules = tuple(line.strip() for line in read_utf8(path).decode().splitlines() if line.strip())
    except OSError as error:
        raise CannotOpen(f"{path} cannot be read: {error.strerror}.") from None
    except NotUtf8 as error:
        raise CannotOpen(f"{path} {error}.") from None
    _require("A room has {} to {} ground rules, not {}.", 0, RULES_PER_ROOM, len(rules))
    return rules


def _start(text: str, now: datetime) -> int:
    """Milliseconds since 1970. A time without a date is today's, or tomorrow's when it has been."""
    has_date = "T" in text or " " in text
    try:
        start = datetime.fromisoformat(text if has_date else f"{now.date()}T{text}")
    except ValueError:
        raise CannotOpen(f"--starts must be a time such as 19:30 or 2026-12-01T19:30, not {text!r}.") from None
    start = start if start.tzinfo else start.replace(tzinfo=now.tzinfo)
    if not has_date and start < now - timedelta(minutes=1):
        start += timedelta(days=1)
    return round(start.timestamp() * 1000)


def _passphrase() -> str:
    passphrase = sys.stdin.readline().rstrip("\r\n")
    _require("A passphrase has {} to {} characters, not {}.", 1, PASSPHRASE_CODE_POINTS, len(passphrase))
    return passphrase
