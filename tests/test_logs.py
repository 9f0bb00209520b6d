"""A log line holds what is on the list, and nothing else."""

import ast
import logging
import re
import subprocess
import sys
from typing import Any

import pytest
from serving import environment

from chatroom.web.assets import PACKAGE
from chatroom.web.logs import NUMBERS, PLAIN, WORDS, LineFormatter, LostConnections

SECRETS = ("203.0.113.7", "Ada", "six-secret-words", "/r", "hello everyone")


def line(name: str, message: object, *arguments: object, **extra: Any) -> str:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, None)
    record.created = 0
    record.__dict__.update(extra)
    return LineFormatter().format(record)


def test_our_own_line_has_its_event_and_the_listed_fields() -> None:
    written = line("chatroom.live", "drained", fields={"connections": 3, "seconds": 1.5, "error": "LogUnavailable"})
    assert written == "at=1970-01-01T00:00:00Z level=warning event=drained connections=3 seconds=1.5 error=LogUnavailable"


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "203.0.113.7"},
        {"nickname": "Ada"},
        {"count": "Ada"},
        {"error": "hello everyone"},
        {"reason": "a\nlevel=error event=forged"},
        {"where": ["six-secret-words"]},
    ],
)
def test_a_field_that_is_not_listed_or_of_another_shape_is_left_out(fields: dict[str, object]) -> None:
    assert line("chatroom.live", "drained", fields=fields) == "at=1970-01-01T00:00:00Z level=warning event=drained"


def test_a_sentence_is_not_an_event() -> None:
    assert line("chatroom.live", "Ada says hello everyone") == "at=1970-01-01T00:00:00Z level=warning event=other"


def test_of_another_library_only_its_name_is_kept() -> None:
    for message, arguments in (('%s - "WebSocket %s" [accepted]', ("203.0.113.7:1", "/r?x")), (ValueError("Ada"), ())):
        written = line("uvicorn.error", message, *arguments)
        assert written == "at=1970-01-01T00:00:00Z level=warning event=library library=uvicorn.error"


REPORTS = {
    "an error nobody caught": "raise KeyError(SECRET)",
    "an error in a thread": "thread = threading.Thread(target=lambda: {}[SECRET]); thread.start(); thread.join()",
    "an error while deleting": "class Gone:\n    def __del__(self): {}[SECRET]\nGone()",
    "a warning": "warnings.warn(SECRET)",
    "an error of a task": "async def fail(): {}[SECRET]\nasync def run(): asyncio.ensure_future(fail())\nasyncio.run(run())",
}


@pytest.mark.parametrize("configure", ["configure_logs", "configure_own_logs"])
@pytest.mark.parametrize("what", REPORTS)
def test_what_the_interpreter_reports_goes_through_the_list_too(what: str, configure: str) -> None:
    code = f"""
import asyncio, gc, sys, threading, warnings
from chatroom.web.logs import {configure}
{configure}("debug")
SECRET = "hello everyone"
{REPORTS[what]}
gc.collect()
"""
    done = subprocess.run([sys.executable, "-W", "default", "-c", code], env=environment({}), capture_output=True, text=True)
    (written,) = done.stderr.splitlines()
    assert re.fullmatch(r"at=\S+ level=(error|warning) event=(uncaught|library) .*", written)
    assert "hello" not in written


def test_of_an_exception_only_its_kind_and_place_are_kept() -> None:
    try:
        raise KeyError("six-secret-words", "203.0.113.7")
    except KeyError:
        written = line("asyncio", "Task exception: hello everyone", exc_info=sys.exc_info())
    assert "error=KeyError where=test_logs:" in written
    assert not any(secret in written for secret in SECRETS)


def test_every_log_call_of_ours_names_its_event_and_listed_fields() -> None:
    """`logger.info("what_happened", extra={"fields": {...}})`: no sentence, no arguments, no other field."""
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in levels:
                if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "logger"):
                    continue
                place = f"{path.name}:{node.lineno}"
                assert len(node.args) == 1, place
                assert isinstance(node.args[0], ast.Constant), place
                assert PLAIN.fullmatch(str(node.args[0].value)), place
                given = [keyword.value for keyword in node.keywords if keyword.arg == "extra"]
                named = {key.value for extra in given for key in _keys(extra)}
                assert named <= WORDS | NUMBERS, place


def _keys(extra: ast.expr) -> list[ast.Constant]:
    assert isinstance(extra, ast.Dict)
    fields = extra.values[0]
    assert isinstance(fields, ast.Dict)
    return [key for key in fields.keys if isinstance(key, ast.Constant)]


def left_behind(error: Exception) -> bool:
    """Whether asyncio's report of a future with this exception that nobody asked for is written."""
    said = "Future exception was never retrieved\nfuture: <Future finished>"
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, said, (), (type(error), error, None))
    return LostConnections().filter(record)


def test_a_future_left_behind_with_a_lost_connection_is_no_error_and_any_other_is() -> None:
    assert not left_behind(ConnectionResetError())
    assert left_behind(ZeroDivisionError())
    assert LostConnections().filter(logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "Task failed", (), None))
