"""Who answers HTTP, and when that is over."""

import os
import socket
import time

from granian.constants import Interfaces
from granian.server.mp import MPServer, WorkerProcess

from dangol.app.http_server import HttpServer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def start_worker(kind: type[MPServer], target, *arguments) -> WorkerProcess:
    """Start a worker that does nothing else but call ``target``."""
    server = kind("dangol.app.http:create_server_app", interface=Interfaces.ASGI, port=free_port())
    server._init_shared_socket()  # noqa: SLF001 - the part of it that is put right
    worker = server._spawn_worker(0, target, None)  # noqa: SLF001
    worker.inner._args = arguments  # noqa: SLF001
    worker.inner.start()
    return worker


def collect(worker: WorkerProcess) -> None:
    """Hear of a worker's end before the server's own thread does."""
    os.waitpid(worker.inner.pid, 0)


def test_a_worker_that_has_ended_is_not_taken_for_one_that_refuses_to():
    worker = start_worker(HttpServer, int)
    collect(worker)

    worker.join(timeout=10)

    assert not worker.is_alive()


def test_granian_alone_would_take_it_for_alive():
    worker = start_worker(MPServer, int)
    collect(worker)

    worker.join(timeout=10)

    # When this fails, granian has learnt it: drop ours.
    assert worker.is_alive()


def test_a_worker_that_still_works_is_alive():
    worker = start_worker(HttpServer, time.sleep, 600)

    assert worker.is_alive()

    worker.kill()
    worker.join()
    assert not worker.is_alive()
