"""How fast one connection may ask, and how often it may be refused before it is closed."""

from collections.abc import Callable

from chatroom.core.limits import REFUSALS_PER_SESSION, TOO_FAST_PER_SESSION, Bucket, Rate
from chatroom.core.refusals import Refused


class TooFast(Refused):
    """This frame came before its time."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__("slow_down", retry_after_seconds)


class Patience:
    """Waiting as long as one is told is never punished: a refusal that names a time costs nothing, one for speed little."""

    def __init__(self, commands: Rate, monotonic: Callable[[], float]) -> None:
        self._monotonic, now = monotonic, monotonic()
        self._commands = Bucket(commands, now)
        self._too_fast = Bucket(TOO_FAST_PER_SESSION, now)
        self._refusals = Bucket(REFUSALS_PER_SESSION, now)

    def take(self) -> None:
        """Count a frame. Raises TooFast."""
        if wait := self._commands.take_in_line(self._monotonic()):
            raise TooFast(wait)

    def is_over(self, refusal: Refused) -> bool:
        """Count a refusal: whether it is one too many."""
        if isinstance(refusal, TooFast):
            return bool(self._too_fast.take(self._monotonic()))
        return not refusal.retry_after_seconds and bool(self._refusals.take(self._monotonic()))
