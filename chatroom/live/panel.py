"""The policies of this process: asked in order, each within a time limit, and what it comes to when one fails."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from chatroom.core.limits import REASON_CODE_POINTS
from chatroom.live.threads import DaemonThreads
from chatroom.moderation.patterns import NO_WORDS, WordList
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Policy, Runs, Said, Verdict
from chatroom.moderation.registry import Chosen

REVIEW_SECONDS = 1.0
"""For one policy and one text."""

_ORDER = (Decision.ACCEPT, Decision.NUDGE, Decision.HOLD, Decision.REJECT)
_UNCHECKED = "This could not be checked at this moment."


class Judgement(msgspec.Struct, frozen=True):
    """What the policies came to: the severest decision, the policy that made it, and its reason."""

    decision: Decision = Decision.ACCEPT
    policy: str = ""
    reason: str = ""
    concern: Literal["", "self_harm", "overdose"] = ""


PASSED = Judgement()


class _Late(Exception):
    """No answer in time."""


class _Nonsense(Exception):
    """Something that is no verdict was answered."""


class Panel:
    """`failures` counts by policy; `words` is the operator's list; `waits` holds the kinds whose review may take a while."""

    def __init__(self, chosen: Sequence[Chosen] = (), words: WordList = NO_WORDS) -> None:
        self.failures = Counter[str]()
        self.words = words
        self._asked = {kind: tuple(one for one in chosen if _looks_at(one.policy, kind)) for kind in Kind}
        self.kinds = frozenset(kind for kind in Kind if self._asked[kind])
        self.waits = frozenset(k for k in Kind if any(one.policy.runs is not Runs.INLINE for one in self._asked[k]))
        self._threads = DaemonThreads()

    async def judge(self, said: Said, failed: set[str]) -> Judgement:
        """Ask every policy for this kind, up to one that rejects. The names of those that fail are added to `failed`.

        Does not wait when `said.kind` is not in `waits`.
        """
        judgement = PASSED
        for one in self._asked[said.kind]:
            try:
                answer = one.policy.review(said) if one.policy.runs is Runs.INLINE else await self._in_time(one.policy, said)
                if answer is ACCEPT:
                    continue
                verdict = _sound(answer)
            except Exception:
                verdict = self._failed(one, failed)
            judgement = _and(judgement, one.name, verdict)
            if judgement.decision is Decision.REJECT:
                break
        return judgement

    async def _in_time(self, policy: Policy, said: Said) -> object:
        loop = asyncio.get_running_loop()
        work: asyncio.Future[object]
        if policy.runs is Runs.THREAD:
            work = loop.run_in_executor(self._threads, policy.review, said)
        else:
            work = loop.create_task(_run(policy, said))
        work.add_done_callback(_heard)
        try:
            await asyncio.wait({work}, timeout=REVIEW_SECONDS)
            if not work.done() or work.cancelled():
                raise _Late
            return work.result()
        finally:
            work.cancel()

    def _failed(self, one: Chosen, failed: set[str]) -> Verdict:
        self.failures[one.name] += 1
        failed.add(one.name)
        return Verdict(Decision.HOLD, _UNCHECKED) if one.holds else ACCEPT


def _looks_at(policy: Policy, kind: Kind) -> bool:
    """What a moderator does is not kept waiting, so inline policies alone are asked about reasons."""
    return kind in policy.kinds and (kind is not Kind.REASON or policy.runs is Runs.INLINE)


async def _run(policy: Policy, said: Said) -> object:
    answer: Any = policy.review(said)
    return await answer


def _heard(work: asyncio.Future[object]) -> None:
    """What failed after nobody waited any more is no news."""
    if not work.cancelled():
        work.exception()


def _sound(answer: object) -> Verdict:
    """The answer, if it is a verdict with fields as they must be. Raises _Nonsense, msgspec.ValidationError."""
    if not isinstance(answer, Verdict):
        raise _Nonsense
    return msgspec.convert(msgspec.structs.asdict(answer), Verdict)


def _and(judgement: Judgement, name: str, verdict: Verdict) -> Judgement:
    """With one more verdict: the first of the severest decides, the first concern stays."""
    concern = judgement.concern or verdict.concern
    if _ORDER.index(verdict.decision) > _ORDER.index(judgement.decision):
        return Judgement(verdict.decision, name, verdict.reason[:REASON_CODE_POINTS], concern)
    return msgspec.structs.replace(judgement, concern=concern)
