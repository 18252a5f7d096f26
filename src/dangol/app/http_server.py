"""The machine that speaks HTTP, and knows which of its workers have ended."""

from collections.abc import Callable
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, cast

from granian.server.mp import MPServer, WorkerProcess
from typing_extensions import override

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


class HttpServer(MPServer):
    """Granian, told the truth about its workers.

    Granian waits for each worker in two threads at once, and the system tells only one of them that
    it has ended. On a busy machine the other looks before the first has written that down, takes
    the worker for alive, reports that it refused to stop, and kills whoever has its number by now.
    A process's sentinel says the same to everybody, as often as they ask.
    """

    @override
    def _spawn_worker(
        self, idx: int, target: Callable[..., None], callback_loader: Callable[..., object] | None
    ) -> WorkerProcess:
        worker = super()._spawn_worker(idx, target, callback_loader)  # pyright: ignore[reportUnknownMemberType]
        process = cast("BaseProcess", worker.inner)  # pyright: ignore[reportUnknownMemberType]
        worker.is_alive = lambda: not wait([process.sentinel], timeout=0)
        return worker
