"""The HTTP server process."""

import os
from collections.abc import Mapping
from typing import Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from dangol.app.http_server import HttpServer
from dangol.app.ports import hold_port
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
    os.environ.update(environment)
    server = HttpServer(
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
    )
    with hold_port(settings.host, settings.port):
        server.serve()
