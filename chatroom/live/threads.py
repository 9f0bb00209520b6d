"""Threads for code of others, which may never return: none of them keeps the process from ending."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import BoundedSemaphore, Thread
from typing import ParamSpec, TypeVar

AT_ONCE = 16

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class TooManyThreads(Exception):
    """As many calls as may run at once have not returned yet."""


class DaemonThreads(Executor):
    """One thread for each call, AT_ONCE at most."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(AT_ONCE)

    def submit(self, call: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Future[Result]:
        """Begin at once. Raises TooManyThreads."""
        if not self._free.acquire(blocking=False):
            raise TooManyThreads
        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()

        def run() -> None:
            try:
                result = call(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            finally:
                self._free.release()

        Thread(target=run, daemon=True).start()
        return future
