"""Make the virtual environment, or say in one line what this machine lacks for it.

Runs on whatever ``python3`` a newcomer has, so it keeps to words that old versions understand.
"""

import importlib.util
import sys
import venv

OLDEST = (3, 11)


def complaint() -> str:
    """Return what is missing and what to do about it; nothing where all is well."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < OLDEST:
        return (
            f"Python {version} is too old: Dangol needs {OLDEST[0]}.{OLDEST[1]} or newer. "
            "Install one and name it, for instance: make setup PYTHON=python3.12"
        )
    if importlib.util.find_spec("ensurepip") is None:
        return (
            f"Python {version} came without ensurepip, so it cannot make a virtual environment. "
            "On Debian or Ubuntu: apt-get install python3-venv; then run make again."
        )
    return ""


def main() -> None:
    missing = complaint()
    if missing:
        sys.exit(missing)
    venv.create(sys.argv[1], clear=True, with_pip=True, symlinks=True)


if __name__ == "__main__":
    main()
