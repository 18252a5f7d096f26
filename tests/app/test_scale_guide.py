"""The worked example of docs/guides/scale.md is one that Dangol and Spark take."""

import re
from pathlib import Path

import pytest

from dangol.app.history import open_lake
from dangol.app.settings import Settings, load_settings
from dangol.store.computing import OnSpark

GUIDE = (Path(__file__).parents[2] / "docs/guides/scale.md").read_text()
EXAMPLE = GUIDE[GUIDE.index("## A cluster and an object store") : GUIDE.index("## What is sent")]
EXPORT = re.compile(r"\b(DANGOL_[A-Z_]+)=(\S+)")
# A block that says it is Spark's file of settings.
DEFAULTS = re.compile(r"```\n *# [\w/]*spark-defaults\.conf[^\n]*\n(.*?)```", re.DOTALL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Set what the example exports, in its order."""
    told = [
        pair for line in EXAMPLE.splitlines() if "export" in line for pair in EXPORT.findall(line)
    ]
    return load_settings(dict(told), folder=tmp_path)


def spark_defaults() -> dict[str, str]:
    lines = (line for block in DEFAULTS.findall(GUIDE) for line in block.splitlines())
    pairs = (line.split("#")[0].split() for line in lines if line.strip())
    return dict(pairs)


def test_the_example_leads_to_a_cluster_and_a_store(settings) -> None:
    lake = open_lake(settings)

    assert lake.computing == OnSpark("spark://spark-1:7077")
    assert settings.lake_folder == "s3://shop-history/dangol"
    assert set(lake.store_options) == {
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    }


def test_spark_is_told_everything_about_the_store(settings) -> None:
    pytest.importorskip("pyspark", reason="pyspark is missing; see docs/guides/scale.md")
    from dangol.store.engine_spark import store_settings  # noqa: PLC0415 - wants pyspark

    assert store_settings(open_lake(settings).store_options) == {
        "fs.s3a.endpoint": settings.lake_endpoint,
        "fs.s3a.endpoint.region": settings.lake_region,
        "fs.s3a.access.key": settings.lake_access_key,
        "fs.s3a.secret.key": settings.lake_secret_key,
        "fs.s3a.path.style.access": "true",
    }


def test_dangol_overrules_nothing_that_the_example_sets(settings) -> None:
    pytest.importorskip("pyspark", reason="pyspark is missing; see docs/guides/scale.md")
    from dangol.store.spark_session import settings_for  # noqa: PLC0415 - wants pyspark

    told = spark_defaults()

    assert {"spark.driver.host", "spark.local.dir", "spark.jars.packages"} <= set(told)
    assert set(told).isdisjoint(settings_for(settings.spark_master))
