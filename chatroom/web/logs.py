"""Log lines that cannot carry a person: one line of key=value, and only the keys and shapes listed here.

Our own lines are written with `logging.getLogger("chatroom...").info("what_happened", extra={"fields": {...}})`. Of any other
library's line only its level, its name and where an exception came from are kept, since its words may hold an address.
"""

import logging
import logging.config
import re
import sys
import threading
import time
from types import TracebackType
from typing import Any

from chatroom.hooks.counts import Missed
from chatroom.live.counts import Cut

logger = logging.getLogger("chatroom.web.logs")

PLAIN = re.compile(r"[A-Za-z0-9_.:-]{1,80}", re.ASCII)
WORDS = frozenset({"error", "letter", "library", "policy", "reason", "version", "where"})
NUMBERS = frozenset(
    {
        "closed",
        "code",
        "connections",
        "count",
        "descriptors",
        "dropped",
        "entries",
        "milliseconds",
        "old_help_lines",
        "port",
        "process",
        "rooms",
        "seconds",
        *Cut,
        *Missed,
    }
)


class LineFormatter(logging.Formatter):
    """Writes `at=... level=... event=...` and the allowed fields; everything else is left out."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        fields = {"at": at, "level": record.levelname.lower(), **_event(record)}
        if record.exc_info and record.exc_info[0] is not None:
            fields |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return " ".join(f"{name}={value}" for name, value in fields.items())


def _event(record: logging.LogRecord) -> dict[str, Any]:
    if record.name.partition(".")[0] != "chatroom":
        return {"event": "library", "library": record.name}
    event = record.msg if isinstance(record.msg, str) and PLAIN.fullmatch(record.msg) else "other"
    given: dict[str, object] = getattr(record, "fields", {})
    return {"event": event, **{name: value for name, value in given.items() if _allowed(name, value)}}


def _allowed(name: str, value: object) -> bool:
    if name in WORDS:
        return isinstance(value, str) and PLAIN.fullmatch(value) is not None
    return name in NUMBERS and isinstance(value, int | float)


def _where(traceback: TracebackType | None) -> str:
    """The innermost place of ours in a traceback as module:line, or the innermost of all."""
    where = ""
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", "?"))
        if not where or module.startswith("chatroom") or not where.startswith("chatroom"):
            where = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return where


class LostConnections(logging.Filter):
    """Drops what asyncio says of a future that a library left behind with a lost connection; the loss itself we tell."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_lost = record.exc_info is not None and isinstance(record.exc_info[1], ConnectionError)
        return not (is_lost and str(record.msg).startswith("Future exception was never retrieved"))


def configure_own_logs(level: str) -> None:
    """Send our lines, asyncio's and the interpreter's through LineFormatter to standard error; a server's stay as they are."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    for name, least in (("chatroom", level.upper()), ("asyncio", "WARNING"), ("py.warnings", "WARNING")):
        own = logging.getLogger(name)
        own.handlers, own.propagate = [handler], False
        own.setLevel(least)
    report_to_logs()


def report_to_logs() -> None:
    """Send what the interpreter would print, with its words, to the log: uncaught errors, also of threads, and warnings."""
    sys.excepthook = _log_uncaught
    sys.unraisablehook = lambda found: _log_error(found.exc_type, found.exc_value, found.exc_traceback)
    threading.excepthook = lambda found: _log_error(found.exc_type, found.exc_value, found.exc_traceback)
    logging.captureWarnings(True)


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        _log_error(kind, error, traceback)


def _log_error(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if not issubclass(kind, SystemExit):
        logger.error("uncaught", exc_info=(kind, error or kind(), traceback))


def configure_logs(level: str) -> None:
    """Send every log line of this process through LineFormatter to standard error; `level` holds for our own lines."""
    report_to_logs()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": LineFormatter}},
            "filters": {"lost": {"()": LostConnections}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                "chatroom": {"level": level.upper()},
                "asyncio": {"filters": ["lost"]},
                "uvicorn": {"handlers": [], "propagate": True, "level": "ERROR"},
                "uvicorn.error": {"handlers": [], "propagate": True, "level": "ERROR"},
                "uvicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
            },
        }
    )
