"""Apache Spark, started once in a process: the only place that knows pyspark.

What is set here is what right answers need, or what a single machine wants. All else (memory,
jars, a cluster's addresses) is Spark's own business: `spark-defaults.conf` in SPARK_CONF_DIR.
"""

# py4j ships no types, and pyspark not all.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

import logging
import subprocess
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from importlib import resources
from typing import Final

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from dangol.store.connect import StoreError

ALWAYS: Final = {
    "spark.app.name": "dangol",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.ansi.enabled": "true",
    # JSON of which a name stands twice is still JSON.
    "spark.sql.variant.allowDuplicateKeys": "true",
}
# On one machine: nobody else may connect, and shuffles are small.
LOCALLY: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
}
JAVA: Final = (
    "Install Java 17 or newer (JAVA_HOME names it, or it is the java on the path), or set "
    "DANGOL_ENGINE=duckdb."
)
# What Spark says where a file is lost, broken or out of reach.
UNREADABLE: Final = (
    "PATH_NOT_FOUND",
    "FAILED_READ_FILE",
    "CANNOT_READ_FILE",
    "java.io.",
    "java.nio.file.",
    "org.apache.hadoop.fs.",
)

# Spark's own log of refused questions would tell what they ask for.
logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)

# How Python and Java speak to each other is of no interest. Their connections are closed when the
# interpreter ends, and would say so to a log that is closed already.
logging.getLogger("py4j").setLevel(logging.WARNING)

# Tables come and go as Arrow's; none passes through pandas.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)

_starting: Final = threading.Lock()
_sessions: Final[dict[str, SparkSession]] = {}


def start_spark(master: str) -> SparkSession:
    """Return a session of its own with the Spark of this process, which is started if need be.

    Takes some seconds the first time. Spark ends with this process.

    Raises:
        StoreError: Spark or Java is missing, or the cluster cannot be reached.
    """
    with _starting:
        if master not in _sessions:
            _sessions[master] = launch(master)
        return _sessions[master].newSession()


def launch(master: str) -> SparkSession:
    settings = SparkConf().setAll(list(settings_for(master).items()))
    try:
        # Standard output belongs to our commands; what Spark has to say goes to the errors.
        gateway = launch_gateway(settings, {"stdout": subprocess.DEVNULL})
    except PySparkException as fault:
        raise StoreError(f"Spark does not start: {fault}. {JAVA}") from fault
    try:
        return SparkSession(SparkContext(gateway=gateway, conf=settings))
    except (PySparkException, Py4JError) as fault:
        raise StoreError(
            f"Spark does not start with DANGOL_SPARK_MASTER={master}: {fault}. Check that address "
            "and spark-defaults.conf."
        ) from fault


def settings_for(master: str) -> dict[str, str]:
    """Return what Spark is started with."""
    logs = resources.files("dangol.store") / "spark-log4j2.properties"
    return {
        "spark.master": master,
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logs}",
        **ALWAYS,
        **(LOCALLY if master.startswith("local") else {}),
    }


@contextmanager
def readable() -> Generator[None]:
    """Say what to do where a file of the lake cannot be read."""
    try:
        yield
    except (PySparkException, Py4JError) as fault:
        if not any(sign in str(fault) for sign in UNREADABLE):
            raise
        raise StoreError(
            f"Spark cannot read the lake: {fault}. Run `dangol lake verify` to see which of its "
            "files are lost or broken; docs/guides/scale.md says what Spark needs to reach them."
        ) from fault
