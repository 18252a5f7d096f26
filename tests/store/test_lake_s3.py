"""The lake in an S3-compatible store holds what it holds in a folder."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOON, customer, happened
from tests.store.lake_words import (
    Died,
    crashpoints,
    die_after_delta,
    events_of,
    flush,
    kept_ids,
)
from tests.store.object_store import CREDENTIALS, open_store

from dangol.app.history import open_lake
from dangol.app.settings import Settings
from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast
from dangol.segments.compile import ask_measure
from dangol.segments.condition import EventMeasure
from dangol.segments.window import Rolling
from dangol.store.connect import Connection, StoreError
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake
from dangol.store.lake_check import verify_lake

Open = Callable[[], Lake]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with open_store() as address:
        yield address


@pytest.fixture
def open_remote(endpoint: str, tmp_path: Path) -> Open:
    """Open the test's own lake in the store, each time as another process would."""
    settings = Settings(
        lake_url=f"s3://lake/{tmp_path.name}",
        lake_endpoint=endpoint,
        lake_region=CREDENTIALS["region"],
        lake_access_key=CREDENTIALS["access_key"],
        lake_secret_key=CREDENTIALS["secret_key"],
    )
    return lambda: open_lake(settings)


def test_events_flushed_to_the_store_are_read_by_segments_and_proven(
    connection: Connection, workspace: int, open_remote: Open
) -> None:
    minji = customer(connection, workspace)
    for n in range(3):
        happened(
            connection,
            workspace,
            customer_id=minji,
            message_id=f"{n}",
            occurred_at=NOON - timedelta(days=n),
        )
        flush(connection, open_remote(), workspace)
    lake = open_remote()
    bought = EventMeasure(event="Order Completed", during=Rolling(days=90), test=AtLeast(value=3))

    question = ask_measure(bought, EVENT, at=Moment(now=NOON, zone=ZoneInfo("Asia/Seoul")))
    members = run(question.exceptions, lake)
    merged = lake.compact()
    proof = verify_lake(connection, lake, now=NOON)

    assert members["customer_id"].to_pylist() == [minji]
    assert merged == 1
    assert (proof.events, proof.days, proof.months, proof.differences) == (3, 1, 2, ())


def test_a_flush_to_the_store_cut_off_after_its_commit_is_not_written_twice(
    connection: Connection, workspace: int, open_remote: Open
) -> None:
    minji = customer(connection, workspace)
    first = happened(connection, workspace, customer_id=minji, message_id="a")
    with crashpoints(die_after_delta), pytest.raises(Died):
        flush(connection, open_remote(), workspace)
    second = happened(connection, workspace, customer_id=minji, message_id="b")

    assert flush(connection, open_remote(), workspace) == 2

    assert kept_ids(open_remote()) == [first, second]
    assert verify_lake(connection, open_remote(), now=NOON).differences == ()


def test_the_store_takes_a_step_once_even_from_two_writers_at_the_same_time(
    open_remote: Open,
) -> None:
    writers = [open_remote(), open_remote()]
    writers[0].append_events(events_of(0), workspace_id=1, step=0)
    start = Barrier(2)

    def write(writer: Lake, step: int) -> bool:
        start.wait()
        return writer.append_events(events_of(step), workspace_id=1, step=step)

    with ThreadPoolExecutor(2) as threads:
        for step in range(1, 6):
            wrote = list(threads.map(write, writers, [step, step]))
            assert sorted(wrote) == [False, True]

    assert kept_ids(writers[0]) == list(range(6))


def test_two_workspaces_and_a_merge_at_the_same_time_lose_nothing(open_remote: Open) -> None:
    """Different steps do not know each other: only the store's refusal keeps both."""
    writers, merger = [open_remote(), open_remote()], open_remote()
    writers[0].append_events(events_of(0), workspace_id=3, step=1)

    def append(workspace: int) -> None:
        for step in range(1, 6):
            number = 100 * workspace + step
            writers[workspace - 1].append_events(
                events_of(number), workspace_id=workspace, step=step
            )

    with ThreadPoolExecutor(3) as threads:
        done = [threads.submit(append, workspace) for workspace in (1, 2)]
        done.append(threads.submit(lambda: [merger.compact() for _ in range(4)]))
        wait(done)
        for task in done:
            task.result()

    assert kept_ids(merger) == [0, *range(101, 106), *range(201, 206)]


def test_a_lost_object_is_named(
    connection: Connection, workspace: int, open_remote: Open, endpoint: str
) -> None:
    import boto3  # noqa: PLC0415 - only here

    happened(connection, workspace, customer_id=customer(connection, workspace))
    lake = open_remote()
    flush(connection, lake, workspace)
    bucket, _, key = lake.event_files()[0].removeprefix("s3://").partition("/")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=CREDENTIALS["region"],
        aws_access_key_id=CREDENTIALS["access_key"],
        aws_secret_access_key=CREDENTIALS["secret_key"],
    )
    client.delete_object(Bucket=bucket, Key=key)
    client.close()

    (lost,) = verify_lake(connection, lake, now=NOON).differences

    assert lost.kind == "lost file"
    assert key.endswith(lost.where)


def test_a_bucket_that_is_not_there_is_explained(endpoint: str) -> None:
    settings = Settings(
        lake_url="s3://nowhere/lake",
        lake_endpoint=endpoint,
        lake_region=CREDENTIALS["region"],
        lake_access_key=CREDENTIALS["access_key"],
        lake_secret_key=CREDENTIALS["secret_key"],
    )

    with pytest.raises(StoreError, match="lake at s3://nowhere/lake/event cannot be"):
        open_lake(settings).append_events(events_of(1), workspace_id=1, step=1)
