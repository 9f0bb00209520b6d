"""One frame to many receivers, in C and in Python: the same contract for both."""

import importlib
import os
import random
import socket
import subprocess
import sys
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sends import kernel_has_rings

from chatroom.live.connection import NO_SOCKET, Frame
from chatroom.live.send_all import one_by_one

TESTS = Path(__file__).parent
HOW = "The C part is not compiled. On Debian: apt install gcc python3-dev; then: .venv/bin/python -m pip install --editable ."


def compiled(numbers: "array[int]", frame: bytes) -> list[tuple[int, int]]:
    try:
        module = importlib.import_module("chatroom.live._send_all")
    except ImportError:
        pytest.fail(HOW)
    module.use_ring()
    pairs: list[tuple[int, int]] = module.send_all(numbers, frame)
    return pairs


SendAll = Callable[["array[int]", bytes], list[tuple[int, int]]]
BOTH = pytest.mark.parametrize("send_all", [one_by_one, compiled])
Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs() -> Iterator[list[Pair]]:
    made = [socket.socketpair() for _ in range(20)]
    for near, far in made:
        near.setblocking(False)
        far.setblocking(False)
    yield made
    for near, far in made:
        near.close()
        far.close()


def fill(near: socket.socket) -> None:
    """Until the network takes no more."""
    for size in (65_536, 1):
        try:
            while True:
                near.send(b"x" * size)
        except BlockingIOError:
            pass


def numbers(pairs: list[Pair]) -> "array[int]":
    return array("i", [near.fileno() for near, _ in pairs])


FRAME = Frame.of({"is": "heartbeat"})


@BOTH
def test_everyone_is_given_the_same_bytes(send_all: SendAll, pairs: list[Pair]) -> None:
    assert send_all(numbers(pairs), FRAME) == []
    assert {far.recv(1000) for _, far in pairs} == {bytes(FRAME)}


@BOTH
def test_those_that_do_not_take_it_all_are_named_and_nobody_else_notices(send_all: SendAll, pairs: list[Pair]) -> None:
    fill(pairs[3][0])
    pairs[7][1].close()
    pairs[11][0].close()
    assert send_all(numbers(pairs), FRAME) == [(3, 0), (7, 0), (11, 0)]
    for number, (_, far) in enumerate(pairs):
        if number not in (3, 7, 11):
            assert far.recv(1000) == FRAME


@BOTH
def test_a_part_of_a_frame_is_said_to_be_a_part(send_all: SendAll, pairs: list[Pair]) -> None:
    large = Frame.of({"text": "x" * 10_000_000})
    ((index, sent),) = send_all(numbers(pairs[:1]), large)
    assert index == 0
    assert 0 < sent < len(large)
    assert len(pairs[0][1].recv(20_000_000, socket.MSG_WAITALL)) <= sent


@BOTH
def test_more_sockets_than_one_system_call_serves(send_all: SendAll, pairs: list[Pair]) -> None:
    fill(pairs[3][0])
    everyone = numbers(pairs) * 40
    full = [(index, 0) for index in range(3, len(everyone), len(pairs))]
    assert send_all(everyone, FRAME) == full
    assert send_all(everyone[::-1], FRAME) == [(len(everyone) - 1 - index, 0) for index, _ in reversed(full)]
    assert pairs[0][1].recv(10_000) == FRAME * 80


@BOTH
def test_nothing_is_written_where_there_is_no_socket(send_all: SendAll, pairs: list[Pair]) -> None:
    assert send_all(array("i", [NO_SOCKET, pairs[0][0].fileno(), NO_SOCKET]), FRAME) == [(0, 0), (2, 0)]
    assert pairs[0][1].recv(1000) == FRAME
    assert send_all(array("i"), FRAME) == []


def test_what_is_not_asked_rightly_is_refused() -> None:
    for wrong in (([1, 2], FRAME), (array("i"), "text"), (array("i"),)):
        with pytest.raises(TypeError):
            compiled(*wrong)


def test_both_do_the_same_whoever_is_slow(pairs: list[Pair]) -> None:
    """Some connections are full, some are lost: the two name the same ones."""
    chance = random.Random(7)
    for near, far in chance.sample(pairs, 6):
        harms: list[Callable[[], None]] = [partial(fill, near), far.close, near.close]
        chance.choice(harms)()
    assert compiled(numbers(pairs), FRAME) == one_by_one(numbers(pairs), FRAME)


def test_the_server_sends_in_c() -> None:
    assert importlib.import_module("chatroom.live.send_all").send_all is not one_by_one, HOW


def many_times(pairs: list[Pair], frame: Frame) -> bool:
    """Whether many rounds of a frame to these sockets arrived, whole and in order, and nothing else."""
    expected = bytes(frame) * len(pairs)
    near = [near for near, _ in pairs for _ in pairs]
    for _ in range(300):
        if compiled(array("i", map(socket.socket.fileno, near)), frame) or any(far.recv(9999) != expected for _, far in pairs):
            return False
    return True


def test_threads_at_the_same_time(pairs: list[Pair]) -> None:
    """Each sends a frame of another length to sockets of its own."""
    frames = [Frame.of({"text": "x" * length}) for length in range(4)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(many_times, [pairs[start::4] for start in range(4)], frames)) == [True] * 4


def test_a_forked_process_sends_by_itself(pairs: list[Pair]) -> None:
    frames = [Frame.of({"text": "child"}), Frame.of({"text": "the parent"})]
    if (child := os.fork()) == 0:
        os._exit(many_times(pairs[:10], frames[0]))
    assert many_times(pairs[10:], frames[1])
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


@pytest.mark.parametrize("how", ["asked", "forbidden", "unasked"])
def test_a_container_or_the_operator_may_forbid_io_uring(how: str) -> None:
    """As the usual profile of Docker does, or IO_URING=no: a system call for each receiver is left then."""
    command = [sys.executable, str(TESTS / "sends.py"), how]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert said.stderr == ""
    assert said.stdout.split() == ["20", "1" if kernel_has_rings() and how == "asked" else "0"]
