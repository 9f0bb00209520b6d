"""One frame to many receivers, in C and in Python: the same contract for both."""

import importlib
import random
import socket
from array import array
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from chatroom.live.connection import NO_SOCKET, Frame
from chatroom.live.send_all import one_by_one

HOW = "The C part is not compiled. On Debian: apt install gcc python3-dev; then: .venv/bin/python -m pip install --editable ."


def compiled(numbers: "array[int]", frame: bytes) -> list[tuple[int, int]]:
    try:
        module = importlib.import_module("chatroom.live._send_all")
    except ImportError:
        pytest.fail(HOW)
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
