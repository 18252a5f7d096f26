"""Keeping a failing history, with what the database says about those it concerns."""

import json
from pathlib import Path
from typing import Final

from tests.crash.ingest.campaign import Campaign
from tests.crash.ingest.judge import Verdict, rows

HISTORY: Final = "history.jsonl"
# What stands in the tables about a customer, in the order in which it came to be.
TABLES: Final = {
    "event": """
        select to_jsonb(event) from event where workspace_id = %(workspace_id)s
        and user_id = any(%(customers)s) order by id
    """,
    "acted_event": """
        select to_jsonb(acted_event) from acted_event
        join event on event.id = acted_event.event_id
        where event.workspace_id = %(workspace_id)s and event.user_id = any(%(customers)s)
    """,
    "activity": """
        select to_jsonb(activity) || jsonb_build_object('customer', identifier.key)
        from activity join identifier using (customer_id)
        where identifier.workspace_id = %(workspace_id)s
        and identifier.key = any(%(customers)s) order by activity.customer_id
    """,
    "event_cursor": """
        select to_jsonb(event_cursor) from event_cursor where workspace_id = %(workspace_id)s
    """,
}
README: Final = """\
Seed {seed}, round {round}: {findings}

history.jsonl   who sent, heard and was killed, in order; `at` is in seconds of one clock
rows.json       what the tables say about the customers it concerns
server.log      PostgreSQL's own log

A call is named after its first event. Follow one with
    grep '"call": "join-…"' history.jsonl

The same kills again, in the same order (the moments differ):
    make crash ARGS="--seed {seed} --round {round} --no-mutants"
"""


def save_history(campaign: Campaign, verdict: Verdict, *, seed: int, folder: Path) -> Path:
    """Write the last round's history into ``folder``; return where."""
    place = folder / f"seed-{seed}-round-{campaign.rounds}"
    place.mkdir(parents=True, exist_ok=True)
    campaign.book.write(place / HISTORY)
    (place / "rows.json").write_text(json.dumps(read_tables(campaign, verdict), indent=1))
    log = campaign.postgres.server.folder / "server.log"
    (place / log.name).write_bytes(log.read_bytes())
    (place / "README").write_text(
        README.format(seed=seed, round=campaign.rounds, findings="\n  ".join(verdict.findings))
    )
    return place


def read_tables(campaign: Campaign, verdict: Verdict) -> dict[str, list[object]]:
    scope = {"workspace_id": campaign.shop.workspace_id, "customers": sorted(verdict.customers)}
    with campaign.shop.connect() as connection:
        return {
            name: [row[0] for row in rows(connection, query, scope)]
            for name, query in TABLES.items()
        }
