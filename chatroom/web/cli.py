"""The command line: `chatroom serve|check|open|settings|schema|hash-passphrase`."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from chatroom import __version__
from chatroom.core.limits import PASSPHRASE_CODE_POINTS
from chatroom.core.passphrase import prepare_passphrase
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.hooks.registry import HookNotLoaded
from chatroom.live.slow_hashes import hasher
from chatroom.web.check import problems, reminders
from chatroom.web.listening import CannotListen
from chatroom.web.open_command import add_options, front_page, wanted_room
from chatroom.web.opener import CannotOpen, ask_to_open
from chatroom.web.schema import frames_schema, help_lines_schema, script_schema
from chatroom.web.server import serve
from chatroom.web.settings import Settings, SettingsError, misspelt, settings_table


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 when all went well, 1 with one sentence on standard error when not."""
    chosen = _parser().parse_args(arguments)
    try:
        code = chosen.run(chosen)
        sys.stdout.flush()
        sys.exit(code)
    except (SettingsError, CannotListen, CannotOpen, HookNotLoaded) as error:
        sys.exit(str(error))
    except BrokenPipeError:  # as with `chatroom schema | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chatroom", description="Typed peer-support meetings. Without a command: serve.")
    parser.set_defaults(run=_serve)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="")
    for name, run, help_text in COMMANDS:
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(run=run)
        if name in OPTIONS:
            OPTIONS[name](command)
    return parser


def _add_schema_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("of", nargs="?", choices=sorted(SCHEMAS), default="frames", help="what is described (default: frames)")


def _serve(chosen: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    for hint in misspelt(os.environ):
        print(hint, file=sys.stderr)
    serve(settings)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    found = problems(settings)
    hints = [*misspelt(os.environ), *reminders(settings, datetime.now(UTC).date())]
    print("\n".join([*(found or ["All is well."]), *hints]))
    return 1 if found else 0


def _open(chosen: argparse.Namespace) -> int:
    url = chosen.url or front_page(Settings.from_environment())
    for name, value in ask_to_open(url, wanted_room(chosen, datetime.now().astimezone())).items():
        print(f"{name + ':':13}{value}")
    return 0


def _settings(chosen: argparse.Namespace) -> int:
    print(settings_table(), end="")
    return 0


def _schema(chosen: argparse.Namespace) -> int:
    print(json.dumps(SCHEMAS[chosen.of](), indent=2))
    return 0


def _hash_passphrase(chosen: argparse.Namespace) -> int:
    passphrase = getpass.getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not 1 <= len(passphrase) <= PASSPHRASE_CODE_POINTS:
        sys.exit(f"A passphrase has 1 to {PASSPHRASE_CODE_POINTS} characters.")
    try:
        print(hasher.hash(prepare_passphrase(passphrase)))
    except Refused as refusal:
        sys.exit(REFUSALS[refusal.code])
    return 0


COMMANDS: tuple[tuple[str, Callable[[argparse.Namespace], int], str], ...] = (
    ("serve", _serve, "Serve meetings until stopped."),
    ("check", _check, "Say what is wrong with the settings, Redis or this machine's limits."),
    ("open", _open, "Open a room on a running server and print its links."),
    ("settings", _settings, "Print the table of settings."),
    ("schema", _schema, "Print a JSON Schema of every frame, or of the file of a script or of help lines."),
    ("hash-passphrase", _hash_passphrase, "Turn a passphrase into what the setting OPENING holds."),
)
OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {"open": add_options, "schema": _add_schema_options}
SCHEMAS: dict[str, Callable[[], dict[str, object]]] = {
    "frames": frames_schema,
    "helplines": help_lines_schema,
    "script": script_schema,
}
