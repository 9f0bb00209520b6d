"""One frame to many receivers: the server spends most of its time here.

There are two ways to do the same. `_send_all.c` makes one system call for many sockets, or where the kernel
does not offer that one for each without Python between them; `one_by_one` is for where it was not compiled.
"""

import os
from array import array

from chatroom.live.connection import Connection, Frame


def one_by_one(numbers: "array[int]", frame: bytes) -> list[tuple[int, int]]:
    """Write a frame to each of these sockets (numbers of C ints, as in `array("i")`), as far as the network takes it now.

    Pairs (index, bytes taken) for those that did not take it all; an error, or NO_SOCKET, means 0 bytes.
    """
    length, short = len(frame), []
    for index, number in enumerate(numbers):
        try:
            sent = os.write(number, frame)
        except OSError:
            sent = 0
        if sent != length:
            short.append((index, sent))
    return short


try:
    from chatroom.live._send_all import send_all, use_ring
except ImportError:
    send_all = one_by_one

    def use_ring() -> bool:
        """From now on send to many sockets by one system call (io_uring); whether the kernel allows it."""
        return False


def write(connection: Connection, frame: Frame) -> bool:
    """Write a frame to one connection; whether the network took it all at once."""
    short = send_all(array("i", [connection.socket_number]), frame)
    for _, sent in short:
        connection.finish(frame, sent)
    return not short


__all__ = ["one_by_one", "send_all", "use_ring", "write"]
