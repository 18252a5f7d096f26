"""Logs: one JSON object a line, of named fields only, so that no personal data can slip in."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

# The only fields a log line may carry besides time, level and event.
FIELDS: Final = (
    "workspace",
    "chore",
    "child",
    "pid",
    "count",
    "rows",
    "seconds",
    "state",
    "reason",
    "table",
    "port",
    "url",
    "path",
    "method",
    "status",
)
# Whose messages are known to hold no personal data; of others only the name is shown.
TRUSTED: Final = ("dangol", "granian", "_granian")


class JsonLines(logging.Formatter):
    """For machines: one object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(as_fields(record), ensure_ascii=False, default=str)


class Sentences(logging.Formatter):
    """For a person at a terminal."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        fields = as_fields(record)
        head = f"{fields.pop('time')[11:19]} {fields.pop('level'):7} {fields.pop('event')}"
        return " ".join([head, *(f"{name}={value}" for name, value in fields.items())])


def configure_logs(level: str) -> None:
    """Send every log line of this process to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Sentences() if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # These repeat, a second later and with data, what we log ourselves.
    for noisy in ("psycopg.pool", "mail.log", "asyncio", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def as_fields(record: logging.LogRecord) -> dict[str, str]:
    """Return what may be shown of a record."""
    trusted = record.name.split(".")[0] in TRUSTED
    fields = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": record.getMessage() if trusted else f"message of {record.name}",
    }
    fields.update(
        {name: str(vars(record)[name]) for name in FIELDS if name in vars(record) and trusted}
    )
    if record.exc_info and record.exc_info[1]:
        fields["error"], fields["where"] = describe(record.exc_info[1])
    return fields


def describe(error: BaseException) -> tuple[str, str]:
    """Return an error's kind and place; its text may quote somebody's data, so it is left out."""
    kind = type(error).__name__
    if state := getattr(error, "sqlstate", None):
        kind = f"{kind} {state}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "dangol" in frame.filename] or frames
    return kind, f"{ours[-1].filename}:{ours[-1].lineno}" if ours else ""
