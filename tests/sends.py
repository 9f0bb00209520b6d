"""A process that sends one frame to 20 sockets. io_uring is used, or with the argument "forbidden" not allowed, or "unasked".

Prints how many received it and how many rings the process has.
"""

import ctypes
import errno
import importlib
import os
import socket
import struct
import sys
from array import array
from pathlib import Path

IO_URING_SETUP = 425
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2


def forbid_rings() -> None:
    """From now on io_uring_setup(2) fails with EPERM in this process: a filter as in seccomp(2), of four instructions."""
    steps = ((0x20, 0, 0, 0), (0x15, 0, 1, IO_URING_SETUP), (0x06, 0, 0, 0x50000 | errno.EPERM), (0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    c = ctypes.CDLL(None, use_errno=True)
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)):
        if c.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "prctl")


def rings() -> int:
    """How many rings this process has."""
    links = [os.readlink(number) for number in Path("/proc/self/fd").iterdir() if number.is_symlink()]
    return links.count("anon_inode:[io_uring]")


def kernel_has_rings() -> bool:
    """Whether this kernel gives this process a ring as `_send_all.c` wants it (IORING_SETUP_SUBMIT_ALL, Linux 5.18)."""
    asked = ctypes.create_string_buffer(struct.pack("IIII", 0, 0, 1 << 7, 0), 120)
    ring = ctypes.CDLL(None).syscall(IO_URING_SETUP, 8, asked)
    if ring >= 0:
        os.close(ring)
    return bool(ring >= 0)


if __name__ == "__main__":
    if "forbidden" in sys.argv:
        forbid_rings()
    pairs = [socket.socketpair() for _ in range(20)]
    part = importlib.import_module("chatroom.live._send_all")
    if "unasked" not in sys.argv:
        assert part.use_ring() == part.use_ring() == (rings() > 0)
    part.send_all(array("i", [near.fileno() for near, _ in pairs]), b"frame")
    print([far.recv(100) for _, far in pairs].count(b"frame"), rings())
