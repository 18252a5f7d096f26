"""Which engine computes over the history, and whether it can: a check of `dangol doctor`."""

import os
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from dangol.app.settings import Settings

OLDEST_JAVA: Final = 17
JAVA_SECONDS: Final = 20.0
JAVA: Final = (
    "Install Java 17 or newer (JAVA_HOME names it, or it is the java on the path), or set "
    "DANGOL_ENGINE=duckdb."
)
# As every Java tells it: 17.0.15, or 1.8.0_452 for what is called Java 8.
VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')


def examine_engine(settings: Settings) -> tuple[str, str]:
    """Return which engine computes, and what to do where it cannot (nothing: all is well)."""
    if settings.engine == "duckdb":
        return "DuckDB computes over the history, in each process", ""
    try:
        package = version("pyspark")
    except PackageNotFoundError:
        return (
            "Spark is chosen, but not installed",
            "Run pip install 'dangol[spark]', or set DANGOL_ENGINE=duckdb.",
        )
    java = find_java()
    if java is None:
        return f"Spark {package} is chosen, but no Java is there", JAVA
    found = java_version(java)
    if found is None:
        return f"Spark {package} is chosen, but {java} does not tell its version", JAVA
    if found < OLDEST_JAVA:
        return f"Spark {package} is chosen, but {java} is Java {found}", JAVA
    return f"Spark {package} computes over the history at {settings.spark_master}, Java {found}", ""


def find_java() -> Path | None:
    """Return the Java that Spark would start: that of JAVA_HOME before the one on the path."""
    if home := os.environ.get("JAVA_HOME"):
        named = Path(home) / "bin" / "java"
        return named if named.is_file() else None
    found = shutil.which("java")
    return Path(found) if found else None


def java_version(java: Path) -> int | None:
    """Return which Java it is, None where it does not run."""
    try:
        told = subprocess.run(  # noqa: S603 - the Java that Spark itself would start
            [java, "-version"], capture_output=True, text=True, check=False, timeout=JAVA_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(told.stderr + told.stdout)
    return int(found[1]) if found else None
