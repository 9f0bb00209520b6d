"""The hooks that are installed beside this server."""

from importlib.metadata import EntryPoint, entry_points

from chatroom.hooks.hook import ENTRY_POINTS, Hook
from chatroom.hooks.threads import InThread


class HookNotLoaded(Exception):
    """A hook that is installed cannot be used. The message is one sentence that names it."""


def installed() -> list[InThread]:
    """Every hook of the entry point group, each to run in its own thread. Raises HookNotLoaded."""
    return [InThread(_load(entry)) for entry in entry_points(group=ENTRY_POINTS)]


def _load(entry: EntryPoint) -> Hook:
    try:
        hook: Hook = entry.load()()
    except Exception as error:
        raise HookNotLoaded(f"The hook {entry.name} could not be loaded: {type(error).__name__}.") from error
    if not callable(getattr(hook, "happened", None)):
        raise HookNotLoaded(f"The hook {entry.name} has no method `happened`.")
    return hook
