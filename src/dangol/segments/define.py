"""A segment's name, titles and versions."""

from datetime import datetime

from dangol.segments.condition import Condition, check_condition, write_condition
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


def define_segment(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    title_ko: str,
    title_en: str,
    definition: Condition,
    now: datetime,
) -> int:
    """Create a segment or change it; return its id. The same definition again is no new version.

    Its members are found at the next refresh.

    Raises:
        BadCondition: the definition cannot be used.
    """
    check_condition(definition)
    titles = {"name": name, "title_ko": title_ko, "title_en": title_en}
    values = {**titles, "workspace_id": workspace_id, "now": now}
    (segment_id,) = connection.execute(STATEMENTS["save_segment"], values).fetchall()[0]
    version = {
        "segment_id": segment_id,
        "definition": write_condition(definition).decode(),
        "now": now,
    }
    connection.execute(STATEMENTS["save_segment_version"], version)
    return int(segment_id)
