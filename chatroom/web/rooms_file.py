"""The file in which the rooms of a server without Redis wait, sealed, while it is stopped. While it runs there is no file.

A file that this server must not use, but that may still bring people back, is kept beside it until its rooms are over.
"""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chatroom.core.formats import Unreadable
from chatroom.log.base import Logs
from chatroom.log.memory import MemoryLogs
from chatroom.log.sealed_rooms import last_end
from chatroom.web.settings import Settings

KEPT = ".kept"

logger = logging.getLogger("chatroom.web")


class OpenToOthers(Exception):
    """Other users may read or change the file."""


def rooms_path(settings: Settings) -> Path | None:
    """Where the file is; None when rooms live in Redis, when it is not wanted, and for a user without a home."""
    if settings.redis_url or settings.rooms_file == "none":
        return None
    if settings.rooms_file:
        return Path(settings.rooms_file)
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    state = given if given.is_absolute() else Path(os.path.expanduser("~/.local/state"))
    return state / "chatroom" / f"rooms-{settings.port}" if state.is_absolute() else None


@contextmanager
def rooms_kept(path: Path | None, logs: Logs) -> Iterator[None]:
    """Take the rooms from the file before the server runs, and put them there after it has stopped."""
    if path is None or not isinstance(logs, MemoryLogs):
        yield
        return
    _restore(path, logs)
    try:
        yield
    finally:
        _keep(path, logs)


def _restore(path: Path, logs: MemoryLogs) -> None:
    forget_kept(path, logs.now())
    try:
        if data := read(path):
            logs.sealed.load(data)
    except OpenToOthers:
        _set_aside(path, "open_to_others")
    except Unreadable:
        _set_aside(path, "newer_format")
    except (OSError, ValueError):
        logger.warning("rooms_file_ignored")
    with suppress(OSError):
        path.unlink(missing_ok=True)
        _unfinished(path).unlink(missing_ok=True)


def _keep(path: Path, logs: MemoryLogs) -> None:
    forget_kept(path, logs.now())
    logs.sealed.expire(logs.now())
    try:
        if logs.sealed:
            put(path, logs.sealed.encode())
    except OSError:
        logger.exception("rooms_file_not_written")


def read(path: Path) -> bytes:
    """What the file holds, or nothing. Raises OSError, ValueError for what is no file, OpenToOthers."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise ValueError("not a file")
            data = file.read()
    except FileNotFoundError:
        return b""
    if about.st_uid != os.geteuid() or about.st_mode & 0o077:
        last_end(data)
        raise OpenToOthers
    return data


# ---- files that are kept -----------------------------------------------------------------------------------------------


def _set_aside(path: Path, reason: str) -> None:
    """Under another name, so that this server can keep its own rooms."""
    kept = path.with_name(path.name + KEPT)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}{KEPT}-{number}")
    path.rename(kept)
    logger.warning("rooms_file_kept", extra={"fields": {"reason": reason}})


def kept_files(path: Path) -> list[Path]:
    """The files that were set aside."""
    return sorted(path.parent.glob(f"{path.name}{KEPT}*"))


def forget_kept(path: Path, now: int) -> None:
    """Remove those whose rooms are all over."""
    for kept in kept_files(path):
        with suppress(OSError, ValueError):
            if last_end(kept.read_bytes()) <= now:
                kept.unlink()


def put(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, for this user alone. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = _unfinished(path)
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
