"""A wire between a client and a Redis server on loopback, which a test can damage."""

import asyncio
from contextlib import suppress


class Wire:
    """One connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.subscribed = self.muted = self.losing = False


class Relay:
    """An async context manager; `url` leads through the wire to the server at `port`."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._lose_answer_to = b""
        self._wires: list[Wire] = []
        self._passing = asyncio.Event()
        self._passing.set()
        self.held = asyncio.Event()
        """An answer waits for `release_answers`."""
        self.swallowed = asyncio.Event()
        """A message came on a muted subscription."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}"

    async def __aenter__(self) -> "Relay":
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nothing gets through, and no new connection."""
        if self._listening:
            self._listening.close()
        for writer in self._connections.values():
            writer.close()
        if self._connections:
            await asyncio.wait(self._connections)

    def lose_answer_to(self, command: bytes) -> None:
        """The next `command` reaches the server; instead of its answer the client sees its connection end."""
        self._lose_answer_to = command

    def mute_subscriptions(self) -> None:
        """Nothing comes any more on the subscriptions there are; new connections are fine."""
        for wire in self._wires:
            wire.muted = wire.subscribed
        self.swallowed.clear()

    def unmute_subscriptions(self) -> None:
        """What was said meanwhile stays lost."""
        for wire in self._wires:
            wire.muted = False

    def drop_subscriptions(self) -> None:
        for wire in self._wires:
            if wire.subscribed:
                wire.writer.close()

    def hold_answers(self) -> None:
        """Answers to commands wait; messages to subscriptions do not."""
        self._passing.clear()
        self.held.clear()

    def release_answers(self) -> None:
        self._passing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections[task] = writer
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        wire = Wire(writer)
        self._wires.append(wire)
        back = asyncio.create_task(self._answers(server_reader, wire))
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                wire.subscribed |= b"SUBSCRIBE" in data
                if self._lose_answer_to and self._lose_answer_to in data:
                    self._lose_answer_to, wire.losing = b"", True
                server_writer.write(data)
        server_writer.close()
        await asyncio.wait([back])
        self._wires.remove(wire)
        del self._connections[task]

    async def _answers(self, reader: asyncio.StreamReader, wire: Wire) -> None:
        with suppress(ConnectionError):
            while (data := await reader.read(65536)) and not wire.losing:
                if not wire.subscribed and not self._passing.is_set():
                    self.held.set()
                    await self._passing.wait()
                if wire.muted:
                    self.swallowed.set()
                else:
                    wire.writer.write(data)
        wire.writer.close()
