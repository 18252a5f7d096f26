"""Ports that servers listen on, each kept to one of our installations."""

import errno
import os
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

from dangol.app.problem import ProblemError
from dangol.app.supervisor import is_child


@contextmanager
def hold_port(host: str, port: int) -> Generator[None, None, None]:
    """Keep a port to ourselves, from before a server listens on it until the end.

    Linux lets two servers of one user listen on one port and shares their visitors out between
    them (``SO_REUSEPORT``, which Granian asks for). Whoever holds the port says so by a name that
    the system gives to one at a time, and takes back when its holder dies. A process that another
    of ours started leaves the holding to that one.

    Raises:
        ProblemError: somebody holds it or listens on it, or it is not ours to use.
    """
    if is_child() or sys.platform != "linux":
        check_port(host, port)
        yield
        return
    with socket.socket(socket.AF_UNIX) as name:
        try:
            name.bind(f"\0dangol-port-{port}")
        except OSError as error:
            raise ProblemError(describe(error, host=host, port=port)) from error
        check_port(host, port)
        yield


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on.

    Raises:
        ProblemError: it is in use, or not ours to use.
    """
    try:
        # The same way the server will listen, so that a port it can reuse is not refused.
        with socket.create_server((host, port), reuse_port=False):
            return
    except OSError as error:
        raise ProblemError(describe(error, host=host, port=port)) from error


def free_port(host: str) -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()[1]


def describe(error: OSError, *, host: str, port: int) -> str:
    """Say why a port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            "Stop it, or set DANGOL_PORT (or --port) to a free port."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Set DANGOL_PORT to one above 1023."
    why = os.strerror(error.errno or 0)
    return f"Cannot listen on {host}:{port}: {why}. Correct DANGOL_HOST or DANGOL_PORT."
