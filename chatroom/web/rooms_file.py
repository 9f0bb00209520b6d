"""The file in which the rooms of a server without Redis wait, sealed, while it is stopped. While it runs there is no file."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatroom.log.base import Logs
from chatroom.log.memory import MemoryLogs
from chatroom.web.settings import Settings

logger = logging.getLogger("chatroom.web")


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
    try:
        if data := take(path):
            logs.sealed.load(data)
    except (OSError, ValueError):
        logger.warning("rooms_file_ignored")


def _keep(path: Path, logs: MemoryLogs) -> None:
    logs.sealed.expire(logs.now())
    try:
        if logs.sealed:
            put(path, logs.sealed.encode())
    except OSError:
        logger.exception("rooms_file_not_written")


def take(path: Path) -> bytes:
    """What the file holds, or nothing; afterwards it is gone. Raises OSError, or ValueError when others may reach it."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
                raise ValueError("not ours alone")
            return file.read()
    except FileNotFoundError:
        return b""
    finally:
        path.unlink(missing_ok=True)
        _unfinished(path).unlink(missing_ok=True)


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
