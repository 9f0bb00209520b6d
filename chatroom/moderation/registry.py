"""The policies that are installed, and those that an operator chose."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

import msgspec

from chatroom.moderation.policy import Kind, Policy, Runs

ENTRY_POINTS = "chatroom.policies"


class PolicyNotLoaded(Exception):
    """A policy cannot be used. The message is one sentence that names it."""


class Chosen(msgspec.Struct, frozen=True):
    """A policy under its name; when it fails, words are held if `holds`, and accepted otherwise."""

    name: str
    policy: Policy
    holds: bool = False


def choose(wanted: Iterable[str]) -> tuple[Chosen, ...]:
    """The policies of these names, in order; a name may end in `:open` or `:hold`. Raises PolicyNotLoaded."""
    entries = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    return tuple(_chosen(entries, *text.partition(":")[::2]) for text in wanted)


def _chosen(entries: dict[str, EntryPoint], name: str, on_failure: str) -> Chosen:
    if name not in entries:
        known = ", ".join(sorted(entries)) or "none, so this server itself must be installed again"
        raise PolicyNotLoaded(f"POLICIES names {name}, which is not installed; installed are: {known}.")
    return Chosen(name, _load(entries[name]), on_failure == "hold")


def _load(entry: EntryPoint) -> Policy:
    try:
        policy: Policy = entry.load()()
        fits = callable(policy.review) and policy.runs in Runs and frozenset(Kind).issuperset(policy.kinds)
    except Exception as error:
        raise PolicyNotLoaded(f"The policy {entry.name} could not be loaded: {type(error).__name__}.") from error
    if not fits:
        raise PolicyNotLoaded(f"The policy {entry.name} does not have what `chatroom.moderation.policy.Policy` asks for.")
    return policy
