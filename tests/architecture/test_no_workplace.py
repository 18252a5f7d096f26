"""Nothing in the tree leads back to one machine or to one package registry."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Joined here, so that this file passes its own test.
HOSTS = [".".join(parts) for parts in (
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("deb", "debian", "org"),
)]  # fmt: skip
FOLDERS = ["/" + folder for folder in ("work/", "root/", r"home/[\w.-]+/", r"Users/[\w.-]+/")]
HOST = re.compile("|".join(map(re.escape, HOSTS)))
# A folder at the root of the machine, not one further down a path or an address.
FOLDER = re.compile(r"(?<![\w./~})*-])(?:" + "|".join(FOLDERS) + ")")


def files_of_the_project() -> list[Path]:
    """List what git holds or would take; ignored files are nobody's business."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  the machine's own git
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files_of_the_project()
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert places(HOST) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert places(FOLDER) == []
