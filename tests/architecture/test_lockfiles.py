"""Locks pin and hash everything, agree with one another, and name no registry."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NPM = ["web", "tests/conformance/node"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==(\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
HASH = "--hash=sha256:"


def stem(path: Path) -> str:
    return path.stem


def normalized(requirement: str) -> str:
    """Return the package's name as locks spell it, without extras and versions."""
    bare = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert bare
    return re.sub(r"[-_.]+", "-", bare[0]).lower()


def locked(name: str) -> dict[str, set[str]]:
    """Return the versions a lock gives each package; several where Python versions differ."""
    versions: dict[str, set[str]] = {}
    for package, version, _ in REQUIREMENT.findall((ROOT / f"requirements/{name}.txt").read_text()):
        versions.setdefault(package, set()).add(version)
    return versions


def asked_for() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by the lock that answers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}


def npm_packages(folder: str) -> dict[str, dict[str, Any]]:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    return {at: package for at, package in lock["packages"].items() if at}


@pytest.mark.parametrize("lock", LOCKS, ids=stem)
def test_every_line_of_a_lock_is_a_pinned_and_hashed_requirement(lock: Path) -> None:
    text = lock.read_text()
    others = [line for line in REQUIREMENT.sub("", text).splitlines() if line.strip()]
    unhashed = [name for name, _, rest in REQUIREMENT.findall(text) if HASH not in rest]

    assert others == []
    assert unhashed == []
    assert "://" not in text


def test_there_is_one_lock_for_each_thing_asked_for() -> None:
    assert {lock.stem for lock in LOCKS} == set(asked_for())


@pytest.mark.parametrize("lock", LOCKS, ids=stem)
def test_a_lock_answers_all_that_is_asked_for(lock: Path) -> None:
    asked = {normalized(requirement) for requirement in asked_for()[lock.stem]}

    assert asked <= set(locked(lock.stem))


@pytest.mark.parametrize("lock", LOCKS, ids=stem)
def test_a_lock_agrees_with_the_run_time(lock: Path) -> None:
    runtime = locked("runtime")
    disagreeing = {
        package: versions
        for package, versions in locked(lock.stem).items()
        if not versions <= runtime.get(package, versions)
    }

    assert disagreeing == {}


@pytest.mark.parametrize("folder", NPM)
def test_npm_packages_are_hashed_and_name_no_address(folder: str) -> None:
    unhashed = [at for at, package in npm_packages(folder).items() if "integrity" not in package]
    addressed = [at for at, package in npm_packages(folder).items() if "resolved" in package]

    assert unhashed == []
    assert addressed == []


@pytest.mark.parametrize("folder", NPM)
def test_npm_packages_are_locked_for_every_platform(folder: str) -> None:
    """A lock that leaves one out makes `npm ci` fail, here or on somebody else's machine."""
    packages = npm_packages(folder)
    locked_names = {at.rpartition("node_modules/")[2] for at in packages}
    asked = {
        name for package in packages.values() for name in package.get("optionalDependencies", ())
    }

    assert asked - locked_names == set()
