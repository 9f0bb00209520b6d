"""A hook in a thread of its own: whatever it does, nobody waits for it."""

import asyncio
import logging
import threading
from collections import deque
from contextlib import suppress

from chatroom.hooks.counts import STOP_SECONDS, WAITING_AT_MOST, Missed, MissedCounts
from chatroom.hooks.hook import Hook, Occasion
from chatroom.hooks.occasions import without_texts

logger = logging.getLogger("chatroom.hooks")


class InThread:
    """Hands occasions to one hook, in order. The thread ends with the process, even from within the hook."""

    def __init__(self, hook: Hook) -> None:
        self.counts = MissedCounts()
        self._hook = hook
        self._waiting: deque[Occasion] = deque()
        self._news = threading.Condition()
        self._closing = False

    def start(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        threading.Thread(target=self._run, name="hook", daemon=True).start()

    def happened(self, occasion: Occasion) -> None:
        with self._news:
            if len(self._waiting) >= WAITING_AT_MOST:
                self._waiting.popleft()
                self.counts[Missed.HOOK_DROPPED] += 1
            self._waiting.append(occasion)
            self._news.notify()

    def forget(self, room: str) -> None:
        """Let no text of this room wait any longer."""
        with self._news:
            self._waiting = deque(without_texts(room, occasion) for occasion in self._waiting)

    async def stop(self) -> None:
        """Let the hook have what waits, for at most STOP_SECONDS."""
        with self._news:
            self._closing = True
            self._news.notify()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._ended.wait()
        self.counts[Missed.HOOK_DROPPED] += len(self._waiting)

    def _run(self) -> None:
        while self._tell_next():
            pass
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._ended.set)

    def _tell_next(self) -> bool:
        """Wait for the next occasion and tell it; False when there will be none."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._closing)
            if not self._waiting:
                return False
            occasion = self._waiting.popleft()
        try:
            self._hook.happened(occasion)
        except Exception:
            self.counts[Missed.HOOK_FAILED] += 1
            logger.exception("hook_failed")
        return True
