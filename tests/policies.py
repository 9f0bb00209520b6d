"""Policies for tests: one that answers by a word in the text, and one that waits until it is told to go on."""

import asyncio
from collections.abc import Iterable

from house import generous
from msgspec.structs import replace

from chatroom.live.policy import HubPolicy
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Runs, Said, Verdict
from chatroom.moderation.registry import Chosen, choose

BUILT_IN = ("risk", "contact", "hurtful", "repeated", "walls", "words", "drugs")
EVERYTHING = frozenset(Kind)


class ByWord:
    """Answers `hold` to a text in which that word stands, and so on. `seen` is what it was shown."""

    def __init__(self, kinds: Iterable[Kind] = EVERYTHING, runs: Runs = Runs.INLINE) -> None:
        self.kinds, self.runs = frozenset(kinds), runs
        self.seen: list[Said] = []

    def review(self, said: Said) -> Verdict:
        self.seen.append(said)
        words = said.text.split()
        if "raise" in words:
            raise ValueError(said.text)
        if "danger" in words:
            return Verdict(concern="self_harm")
        return next((Verdict(decision, f"Because of {decision}.") for decision in Decision if decision in words), ACCEPT)


class Waiting:
    """Waits, when `slow` stands in the text, until `go` is set, and then answers like `ByWord`."""

    runs = Runs.TASK

    def __init__(self, kinds: Iterable[Kind] = (Kind.MESSAGE,)) -> None:
        self.kinds = frozenset(kinds)
        self.go = asyncio.Event()
        self.then = ByWord()
        self.cancelled = 0

    async def review(self, said: Said) -> Verdict:
        verdict = self.then.review(said)
        if "slow" in said.text:
            try:
                await self.go.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return verdict


class Foolish:
    """Answers what is no verdict."""

    kinds, runs = frozenset({Kind.NAME}), Runs.INLINE

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def review(self, said: Said) -> Verdict:
        return self._answer  # type: ignore[return-value]


def reviewing(*policies: Chosen) -> HubPolicy:
    """Rates that stop nobody, and these policies."""
    return replace(generous(), policies=policies)


def built_in(*names: str) -> HubPolicy:
    """Rates that stop nobody, and the built-in policies, or those of these names."""
    return reviewing(*choose(names or BUILT_IN))
