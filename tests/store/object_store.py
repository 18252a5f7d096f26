"""An S3-compatible store on this machine, in a process of its own as in real life."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

import boto3

CREDENTIALS = {"region": "us-east-1", "access_key": "dangol", "secret_key": "secret"}
SPAWN = multiprocessing.get_context("spawn")


def serve(pipe: Pipe) -> None:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - loads much; only here

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    pipe.send(server.get_host_and_port())
    pipe.recv()
    server.stop()


@contextmanager
def open_store() -> Iterator[str]:
    """Yield the address of a store with a bucket named lake."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    host, port = ours.recv()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=CREDENTIALS["region"],
        aws_access_key_id=CREDENTIALS["access_key"],
        aws_secret_access_key=CREDENTIALS["secret_key"],
    )
    client.create_bucket(Bucket="lake")
    yield endpoint
    ours.send("stop")
    process.join()
    client.close()
