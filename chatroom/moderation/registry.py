"""The built-in policies, those that other packages bring, and which of them an operator chose."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

import msgspec

from chatroom.moderation.policy import Kind, Policy, Runs

ENTRY_POINTS = "chatroom.policies"
BUILT_IN = ("contact", "drugs", "hurtful", "repeated", "risk", "walls", "words")
"""Modules here, each with a policy of that name; found without an entry point, also when newer than the installed package."""


class PolicyNotLoaded(Exception):
    """A policy cannot be used. The message is one sentence that names it."""


class Chosen(msgspec.Struct, frozen=True):
    """A policy under its name; when it fails, words are held if `holds`, and accepted otherwise."""

    name: str
    policy: Policy
    holds: bool = False


def choose(wanted: Iterable[str]) -> tuple[Chosen, ...]:
    """The policies of these names, in order; a name may end in `:open` or `:hold`. Raises PolicyNotLoaded."""
    ours = (EntryPoint(name, f"chatroom.moderation.{name}:{name.title()}", ENTRY_POINTS) for name in BUILT_IN)
    entries = {entry.name: entry for entry in (*entry_points(group=ENTRY_POINTS), *ours)}
    return tuple(_chosen(entries, *text.partition(":")[::2]) for text in wanted)


def _chosen(entries: dict[str, EntryPoint], name: str, on_failure: str) -> Chosen:
    if name not in entries:
        known = ", ".join(sorted(entries))
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
