"""`make journeys-fuzz`: random journeys without end, each lived twice, until two accounts differ.

Run with ``python -m tests.journeys.fuzz --examples 5000``. What differs is made as small as it can
be, and printed: the journeys, what happened, and what each made of it. ``--seed`` repeats a run.
"""

import argparse
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from tests.journeys.random_journeys import Moment, Words
from tests.journeys.test_against_reference import SUBJECTS, live_twice

from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import migrate


def main() -> None:
    """Try as many examples as were asked for; the first difference ends it with an error."""
    options = read_options()
    # Stopped by SIGTERM as by Ctrl-C, no server is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"seed {options.seed}", flush=True)  # noqa: T201 - the result
    began, tried = time.monotonic(), 0
    with open_postgres() as connection:

        @seed(options.seed)
        @settings(
            max_examples=options.examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(**SUBJECTS)
        def live(main: Words, other: Words, history: list[Moment], batch: int) -> None:
            nonlocal tried
            tried += 1
            live_twice(connection, main=main, other=other, history=history, batch=batch)

        live()
    seconds = time.monotonic() - began
    print(f"{tried} histories lived alike in {seconds:.0f} s")  # noqa: T201 - the result


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.journeys.fuzz", description=__doc__)
    chosen = random.SystemRandom().randrange(10**6)
    parser.add_argument("--examples", type=int, default=1000, help="how many; default: 1000")
    parser.add_argument("--seed", type=int, default=chosen, help="repeat a run")
    return parser.parse_args()


@contextmanager
def open_postgres() -> Iterator[Connection]:
    """Lend a connection to a server on a folder of its own; remove both afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dangol-fuzz-"))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    try:
        with connect_bare(server.dsn) as bare:
            migrate(bare)
        with connect(server.dsn) as connection:
            yield connection
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
