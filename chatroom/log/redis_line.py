"""One connection to Redis, and what is asked over it.

The client connects and logs in, then the connection is taken from it: its own way to send a command and to await the answer
costs this process more than the command costs the server.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Self

import hiredis
from redis.exceptions import RedisError

from chatroom.log.base import LogUnavailable

CANCEL_AGAIN_SECONDS = 0.1

Word = bytes | str | int
Command = tuple[Word, ...]
pack: Callable[[Command], bytes] = hiredis.pack_command  # type: ignore[assignment]  # its stub allows one word only


async def stop(task: asyncio.Task[Any]) -> None:
    """Cancel a task until it ends: while the client connects it can lose a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_AGAIN_SECONDS)


class Line(asyncio.Protocol):
    """Gives answers and messages to `take`, a refusal as `hiredis.ReplyError`. `ended` becomes the reason of its end."""

    def __init__(self, writer: asyncio.StreamWriter, take: Callable[[Any], None]) -> None:
        self._writer, self._take = writer, take
        self._answers = hiredis.Reader()
        self.ended: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, connection: Any, take: Callable[[Any], None]) -> Self:
        """Take over a connection of the client that is not connected yet. Raises RedisError."""
        try:
            await connection.connect()
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        writer: asyncio.StreamWriter = connection._writer
        connection._reader = connection._writer = None
        line = cls(writer, take)
        writer.transport.set_protocol(line)
        return line

    def send(self, *commands: Command) -> None:
        self._writer.write(b"".join(map(pack, commands)))

    def close(self) -> None:
        """Nothing more is sent or taken."""
        self._end(ConnectionError())

    def data_received(self, data: bytes) -> None:
        try:
            self._answers.feed(data)
            while not self.ended.done() and (answer := self._answers.gets()) is not False:
                self._take(answer)
        except Exception as error:  # whatever it is: what comes after it could be taken for something else
            self._end(error)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionError())

    def _end(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_result(error)
        self._writer.transport.abort()


class Asking:
    """Asks over one line, connected when it is needed: any number of questions at once, answered in their order.

    When an answer takes longer than `patience_seconds`, or the connection ends, all that was asked raises LogUnavailable.
    A server that says it became a replica is left: its address may lead to another by now.
    """

    def __init__(self, open_line: Callable[[Callable[[Any], None]], Awaitable[Line]], patience_seconds: float) -> None:
        self._open_line, self._patience_seconds = open_line, patience_seconds
        self._line: Line | None = None
        self._opening: asyncio.Task[None] | None = None
        self._asked: deque[tuple[asyncio.Future[Any], float]] = deque()
        """What waits for its answer, and until when it does."""
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, *command: Word) -> Any:
        """The answer, a refusal as `hiredis.ReplyError`. Raises LogUnavailable."""
        line = self._line or await self._connect()
        line.send(command)
        return await self._awaited()

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to commands that are sent together, with nothing between them. Raises LogUnavailable."""
        line = self._line or await self._connect()
        line.send(*commands)
        return await asyncio.gather(*[self._awaited() for _ in commands])

    def _awaited(self) -> asyncio.Future[Any]:
        """The answer to the next of the commands that were sent."""
        loop = asyncio.get_running_loop()
        answer, until = loop.create_future(), loop.time() + self._patience_seconds
        self._asked.append((answer, until))
        self._timer = self._timer or loop.call_at(until, self._look)
        return answer

    async def close(self) -> None:
        if self._opening:
            await stop(self._opening)
        if self._line:
            self._line.close()
            await asyncio.wait([self._line.ended])

    async def _connect(self) -> Line:
        """All who wait for the connection share it."""
        self._opening = self._opening or asyncio.create_task(self._open())
        await asyncio.wait([self._opening])
        if not self._line:
            raise LogUnavailable("no connection")
        return self._line

    async def _open(self) -> None:
        try:
            with suppress(RedisError):
                self._line = await self._open_line(self._answered)
                self._line.ended.add_done_callback(self._ended)
        finally:
            self._opening = None

    def _answered(self, answer: Any) -> None:
        waiting, _ = self._asked.popleft()
        if not waiting.done():
            waiting.set_result(answer)
        if self._line and isinstance(answer, hiredis.ReplyError) and str(answer).startswith("READONLY"):
            self._line.close()

    def _ended(self, ended: asyncio.Future[Exception]) -> None:
        self._line = None
        while self._asked:
            waiting, _ = self._asked.popleft()
            if not waiting.done():
                waiting.set_exception(LogUnavailable(type(ended.result()).__name__))
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """End a line on which an answer is overdue; look again when the next one would be."""
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._line and self._asked:
            if self._asked[0][1] <= loop.time():
                self._line.close()
            else:
                self._timer = loop.call_at(self._asked[0][1], self._look)
