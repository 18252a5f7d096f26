"""The doctor says which engine computes, and whether it can."""

import sys
from importlib import metadata
from pathlib import Path

import pytest

from dangol.app.doctor import check_engine
from dangol.app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path, engine="spark", spark_master="local[2]")


@pytest.fixture
def java_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Name a Java that tells this of itself."""
    if not find_pyspark():
        pytest.skip("pyspark is missing; see docs/guides/scale.md")

    def say(text: str) -> None:
        java = tmp_path / "jdk" / "bin" / "java"
        java.parent.mkdir(parents=True)
        java.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write({text!r})\n")
        java.chmod(0o755)
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))

    return say


def find_pyspark() -> bool:
    try:
        return bool(metadata.version("pyspark"))
    except metadata.PackageNotFoundError:
        return False


def test_duckdb_needs_nothing(tmp_path: Path) -> None:
    finding = check_engine(Settings(data_folder=tmp_path))

    assert "DuckDB" in finding.found
    assert finding.remedy == ""


def test_spark_with_a_java_that_is_new_enough_is_well(settings, java_says) -> None:
    java_says('openjdk version "21.0.2" 2024-01-16\n')

    finding = check_engine(settings)

    assert finding.found.endswith("at local[2], Java 21")
    assert finding.remedy == ""


@pytest.mark.parametrize(
    ("told", "found"),
    [('java version "1.8.0_452"\n', "is Java 8"), ("no Java\n", "does not tell its version")],
)
def test_a_java_that_will_not_do_is_named(settings, java_says, told, found) -> None:
    java_says(told)

    finding = check_engine(settings)

    assert found in finding.found
    assert "Install Java 17 or newer" in finding.remedy


def test_a_missing_java_is_asked_for(settings, java_says, monkeypatch, tmp_path) -> None:
    java_says("")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert "no Java is there" in check_engine(settings).found

    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = check_engine(settings)

    assert "no Java is there" in finding.found
    assert "DANGOL_ENGINE=duckdb" in finding.remedy


def test_a_missing_spark_is_asked_for(settings, monkeypatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("dangol.app.doctor_engine.version", missing)

    assert "pip install 'dangol[spark]'" in check_engine(settings).remedy
