"""GET /health: the process lives. GET /ready: it can do its work, or why it cannot."""

from datetime import timedelta
from typing import Final

import msgspec
import psycopg
from litestar import Response, get
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from psycopg_pool import PoolTimeout

from dangol.app.clock import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.migrate import is_current

POOL_SECONDS: Final = 2.0
# A tick follows an event within seconds; minutes mean that no worker runs.
LAG_ALARM: Final = timedelta(minutes=5)


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """What is amiss, in sentences; an empty list means ready."""

    ready: bool
    problems: list[str]
    waiting_events: int | None = None
    lag_seconds: float | None = None


class Alive(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a living process."""

    status: str = "alive"


NOT_READY: Final = ResponseSpec(
    Readiness, generate_examples=False, description="Requests cannot be served; it says why."
)


@get("/health", tags=["operation"], sync_to_thread=False)
def show_health() -> Alive:
    """Answer as long as the process lives; asks nothing of the database."""
    return Alive()


@get("/ready", tags=["operation"], sync_to_thread=True, responses={503: NOT_READY})
def show_readiness(state: State) -> Response[Readiness]:
    """Answer 200 when requests can be served, else 503 with the reasons."""
    try:
        with state.pool.connection(timeout=POOL_SECONDS) as connection:
            readiness = judge(connection, state=state)
    except (psycopg.OperationalError, PoolTimeout):
        problem = "PostgreSQL cannot be reached: check that it runs."
        readiness = Readiness(ready=False, problems=[problem])
    return Response(readiness, status_code=200 if readiness.ready else 503)


def judge(connection: Connection, *, state: State) -> Readiness:
    """Return whether the schema is current, and how far the tick is behind."""
    if not is_current(connection):
        problem = "The database is not up to date: run `dangol migrate`."
        return Readiness(ready=False, problems=[problem])
    row = connection.execute(STATEMENTS["read_lag"]).fetchone()
    waiting, oldest = row or (0, None)
    # A replay may write events ahead of its clock: they are not late.
    lag = max(timedelta(0), state.clock(connection) - oldest) if oldest else timedelta(0)
    problems = (
        [f"The oldest event has waited {lag.total_seconds():.0f} s: check that `dangol work` runs."]
        if lag > LAG_ALARM
        else []
    )
    if why := state.fence.why_closed(connection):
        problems.append(f"Nothing is sent: {why}. See `dangol sending status`.")
    return Readiness(
        # Late ticks are an alarm, not a reason to refuse events.
        ready=True,
        problems=problems,
        waiting_events=waiting,
        lag_seconds=lag.total_seconds(),
    )
