"""The HTTP server process."""

import errno
import os
import socket
from collections.abc import Mapping
from typing import Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from dangol.app.http_server import HttpServer
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings

# Granian's own lines go where all our lines go: standard output belongs to what a command answers.
LOG_TO_ROOT: Final[dict[str, object]] = {
    "handlers": {},
    "loggers": {
        name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")
    },
}


def serve(settings: Settings, *, environment: Mapping[str, str]) -> None:
    """Answer requests until SIGTERM or SIGINT; what has begun is finished.

    ``environment`` is how the process that answers learns of ``settings``.

    Raises:
        ProblemError: the port is taken or not ours to use.
    """
    check_port(settings.host, settings.port)
    os.environ.update(environment)
    HttpServer(
        "dangol.app.http:create_server_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        http=HTTPModes.auto,
        websockets=False,
        workers=settings.serve_workers,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_dictconfig=LOG_TO_ROOT,
        log_access=False,
    ).serve()


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on."""
    try:
        # The same way the server will listen, so that a port it can reuse is not refused.
        with socket.create_server((host, port), reuse_port=False):
            return
    except OSError as error:
        raise ProblemError(_port_problem(error, host=host, port=port)) from error


def _port_problem(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            "Stop it, or set DANGOL_PORT (or --port) to a free port."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Set DANGOL_PORT to one above 1023."
    return f"Cannot listen on {host}:{port}: {error.strerror}. Correct DANGOL_HOST or DANGOL_PORT."
