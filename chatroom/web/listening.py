"""Listening sockets that let go of dead peers, and the number of files a process may open."""

import errno
import resource
import socket

UNREAD_SECONDS = 20
"""A peer that acknowledges nothing for this long is cut off by the kernel (TCP_USER_TIMEOUT, RFC 5482)."""
BACKLOG = 1024
SPARE_CONNECTIONS = 1000
"""Connections beyond MAX_CONNECTIONS, for pages and health checks."""
OTHER_FILES = 100
NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
REASONS = {
    errno.EADDRINUSE: "Port {port} is already in use: stop the other program, or set PORT to another number.",
    errno.EACCES: "Port {port} needs more rights than this user has: set PORT to 1024 or more.",
    errno.EADDRNOTAVAIL: "HOST {host} is not an address of this machine.",
}


class CannotListen(Exception):
    """The address cannot be listened on. The message is one sentence."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for every address of `host`. Port 0 takes any free one. Raises CannotListen."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise CannotListen(f"HOST {host} is not a name that this machine can resolve.") from None
    sockets: list[socket.socket] = []
    failed: OSError | None = None
    for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
        try:
            sockets.append(_listening_socket(family, address))
        except OSError as error:
            if failed is None or error.errno not in NOT_HERE:
                failed = error
    if failed is None or (sockets and failed.errno in NOT_HERE):
        return sockets
    for opened in sockets:
        opened.close()
    reason = REASONS.get(failed.errno or 0, "HOST {host} with PORT {port} cannot be listened on.")
    raise CannotListen(reason.format(host=host, port=port))


def _listening_socket(family: int, address: tuple[str | int, ...] | tuple[int, bytes]) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        listening.bind(address)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def files_needed(max_connections: int) -> int:
    """How many files a process may need open at once."""
    return max_connections + SPARE_CONNECTIONS + OTHER_FILES


def allow_files(needed: int) -> bool:
    """Raise this process's limit of open files to what is needed, as far as it goes; whether that was enough."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return True
    allowed = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed == needed
