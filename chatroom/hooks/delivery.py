"""Delivering webhooks: one letter after another, tried again later when it failed, given up in the end.

Letters go out in the order in which things happened, except that one that failed comes again when its time has come: the others
do not wait for it. Nothing is written down, so the end of the process is the end of what waits.
"""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import msgspec

from chatroom.hooks.counts import STOP_SECONDS, WAITING_AT_MOST, Missed, MissedCounts
from chatroom.hooks.hook import Occasion
from chatroom.hooks.occasions import without_texts
from chatroom.hooks.post import Answer, NotAnswered
from chatroom.hooks.webhook import body, headers

WAITS_SECONDS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800)
"""Before the second try, the third and so on: each is shortened by up to a half at random."""
TRY_AGAIN = frozenset({408, 425, 429})
"""Of the answers from 400 to 499 those after which a try may still succeed (RFC 9110, RFC 8470, RFC 6585)."""
GONE = 410

logger = logging.getLogger("chatroom.hooks")


class Post(Protocol):
    async def post(self, headers: dict[str, str], body: bytes) -> Answer:
        """Raises NotAnswered."""


class Letter(msgspec.Struct, eq=False):
    """`due`: on the loop's clock, in seconds. `tries`: how many there were."""

    id: str
    occasion: Occasion
    due: float
    tries: int = 0


class Delivery:
    """Sends every occasion to one address. `wall_clock` gives seconds since 1970, `draw` a number from 0 to 1."""

    def __init__(
        self,
        post: Post,
        key: bytes,
        wall_clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.counts = MissedCounts()
        self._post, self._key, self._wall_clock, self._draw = post, key, wall_clock, draw
        self._letters: dict[int, Letter] = {}
        """By their numbers, oldest first; one that is under way is among them."""
        self._numbered = 0
        self._open = True
        self._stopping = False

    def start(self) -> None:
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self._task = self._loop.create_task(self._run())

    def happened(self, occasion: Occasion) -> None:
        """Put a letter in line; never waits."""
        if not self._open:
            return
        if len(self._letters) >= WAITING_AT_MOST:
            del self._letters[next(iter(self._letters))]
            self.counts[Missed.WEBHOOK_DROPPED] += 1
        self._numbered += 1
        self._letters[self._numbered] = Letter(f"msg_{secrets.token_hex(16)}", occasion, self._loop.time())
        self._news.set()

    def forget(self, room: str) -> None:
        """Let no text of this room wait any longer: its letters go on without."""
        for letter in self._letters.values():
            letter.occasion = without_texts(room, letter.occasion)

    async def stop(self) -> None:
        """Send what is due, for at most STOP_SECONDS. What is left is lost."""
        self._stopping = True
        self._news.set()
        await asyncio.wait({self._task}, timeout=STOP_SECONDS)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.counts[Missed.WEBHOOK_DROPPED] += len(self._letters)
        self._letters.clear()

    async def _run(self) -> None:
        while (number := await self._next_due()) and self._open:
            await self._try(number, self._letters[number])

    async def _next_due(self) -> int:
        """Wait for the letter to send now; 0 when stopping and none is due."""
        while True:
            number = min(self._letters, key=lambda number: (self._letters[number].due, number), default=0)
            wait = self._letters[number].due - self._loop.time() if number else None
            if wait is not None and wait <= 0:
                return number
            if self._stopping:
                return 0
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._news.wait()

    async def _try(self, number: int, letter: Letter) -> None:
        letter.tries += 1
        content = body(letter.occasion)
        try:
            answer = await self._post.post(headers(self._key, letter.id, int(self._wall_clock()), content), content)
        except NotAnswered as failure:
            self._failed(number, letter, str(failure))
            return
        except Exception:  # a defect of ours ends no more than this try
            logger.exception("task_failed")
            self._failed(number, letter, "error")
            return
        if 200 <= answer.status < 300:
            self._letters.pop(number, None)
        elif answer.status == GONE:
            self._disable()
        elif 400 <= answer.status < 500 and answer.status not in TRY_AGAIN:
            self._give_up(number, letter, "status", answer.status)
        else:
            self._failed(number, letter, "status", answer.status, answer.retry_after_seconds(self._wall_clock()))

    def _failed(self, number: int, letter: Letter, reason: str, code: int = 0, at_least_seconds: float = 0) -> None:
        """Try again later, or never."""
        self.counts[Missed.WEBHOOK_FAILED] += 1
        if letter.tries > len(WAITS_SECONDS):
            self._give_up(number, letter, reason, code)
        else:
            wait = WAITS_SECONDS[letter.tries - 1] * (1 - self._draw() / 2)
            letter.due = self._loop.time() + min(max(wait, at_least_seconds), WAITS_SECONDS[-1])

    def _give_up(self, number: int, letter: Letter, reason: str, code: int) -> None:
        self._letters.pop(number, None)
        self.counts[Missed.WEBHOOK_DEAD] += 1
        logger.warning(
            "webhook_dead",
            extra={"fields": {"letter": letter.id, "reason": reason, "code": code, "count": letter.tries}},
        )

    def _disable(self) -> None:
        """The receiver wants no more, until the process starts again."""
        self._open = False
        self.counts[Missed.WEBHOOK_DROPPED] += len(self._letters)
        self._letters.clear()
        logger.warning("webhook_disabled", extra={"fields": {"code": GONE}})
