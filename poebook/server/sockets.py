"""Listening sockets."""

from __future__ import annotations

import errno
import socket

_TRIES = 100


def listening(host: str, port: int, *, exactly: bool = False) -> socket.socket:
    """A socket bound to *port*, or, unless *exactly* that one is wanted, to the next that is free.

    Raises OSError (EADDRINUSE). Port 0 takes any.

    >>> taken = listening("127.0.0.1", 0)
    >>> taken.proto == socket.IPPROTO_TCP
    True
    >>> taken.close()
    """
    for candidate in range(port, port + (1 if exactly or port == 0 else _TRIES)):
        # With proto 0 asyncio leaves Nagle's algorithm on, and each short answer takes 40 ms.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, candidate))
            bound.listen(2048)  # binding alone does not say whether another listens
        except OSError as error:
            bound.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        except BaseException:  # no port at all
            bound.close()
            raise
        bound.setblocking(False)
        return bound
    raise OSError(errno.EADDRINUSE, f"Port {port} is taken.")
