"""What does it cost to chain consents, to walk the chain, and to prove one customer's?

A shop whose customers said something twice each. Beside the chain, the plainest thing that could be
done with the same entries: read them all once. Verifying reads them, too, and hashes twice each.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from server import lend_server, open_workspace

from dangol.consent.audit import mend_fold, verify_ledger
from dangol.consent.chain import chain_everything, read_head, stamp
from dangol.consent.ledger import fold_entries
from dangol.consent.proof import make_bundle
from dangol.consent.verify import ANCHOR, check_bundle
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

NOW: Final = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
CUSTOMERS: Final = """
insert into customer (workspace_id, first_seen_at, last_seen_at)
select %(workspace)s, %(now)s, %(now)s from generate_series(1, %(customers)s)
"""
SAY: Final = """
insert into consent_entry (
    workspace_id, customer_id, channel, purpose, action, source, wording, locale, occurred_at,
    recorded_at
)
select %(workspace)s, id, 'email', 'marketing', %(action)s, '회원가입', '광고 수신에 동의합니다.',
    'ko', %(now)s + interval '1 second' * (id %% 86400), %(now)s
from customer
"""
# So many customers' consents are folded by a busy tick.
A_TICK: Final = 20_000
# A shop's day: how far the next anchor is from an entry.
A_DAY: Final = 20_000


def main() -> None:
    """Fill a ledger; print what each thing took."""
    parser = argparse.ArgumentParser()
    _ = parser.add_argument("--customers", type=int, default=250_000)
    customers: int = parser.parse_args().customers
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        figures = measure(connection, customers=customers)
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def measure(connection: Connection, *, customers: int) -> dict[str, float]:
    """Return seconds by what took them, and how many entries there were."""
    workspace = open_workspace(connection, now=NOW)
    values = {"workspace": workspace, "now": NOW, "customers": customers}
    connection.execute(CUSTOMERS, values)
    figures: dict[str, float] = {}
    for action in ("grant", "renew"):
        connection.execute(SAY, {**values, "action": action})
        connection.commit()
    connection.execute("analyze customer, consent_entry, unchained_entry")
    connection.commit()
    timed(figures, "fold_a_tick", lambda: fold_some(connection, workspace, most=A_TICK))
    timed(figures, "chain", lambda: chain_everything(connection, workspace_id=workspace, now=NOW))
    timed(figures, "read", lambda: connection.execute("select * from consent_entry").fetchall())
    timed(figures, "verify", lambda: walk(connection, workspace))
    timed(figures, "prove", lambda: prove(connection, workspace))
    connection.commit()
    timed(figures, "mend", lambda: mend_fold(connection, workspace_id=workspace))
    return {"entries": customers * 2, **figures}


def timed(figures: dict[str, float], name: str, what: Callable[[], object]) -> None:
    """Do something and keep how long it took."""
    began = time.perf_counter()
    _ = what()
    figures[name] = time.perf_counter() - began
    print(f"{name}: {figures[name]:.2f} s")


def fold_some(connection: Connection, workspace: int, *, most: int) -> None:
    """Fold the consents of some customers, as a tick does."""
    rows = connection.execute("select id from customer order by id limit %s", (most,))
    ids = [row[0] for row in rows.fetchall()]
    _ = fold_entries(connection, workspace_id=workspace, customer_ids=ids)
    connection.commit()


def walk(connection: Connection, workspace: int) -> None:
    """Verify all of it."""
    with connection.transaction():
        verdict = verify_ledger(connection, workspace_id=workspace, anchors=[])
    if verdict.faults:
        raise SystemExit("The ledger is not whole.")


def prove(connection: Connection, workspace: int) -> None:
    """Write and check the bundle of somebody whose next anchor is a day's entries away."""
    seq, head = read_head(connection, workspace_id=workspace)
    (customer,) = connection.execute(
        "select customer_id from consent_entry join consent_link on entry_id = id where seq = %s",
        (seq - A_DAY,),
    ).fetchone() or (0,)
    anchor = {"dangol": ANCHOR, "workspace": workspace, "seq": seq, "hash": head, "at": stamp(NOW)}
    early = connection.execute(
        "select seq, encode(hash, 'hex') from consent_link where seq = %s", (seq // 2,)
    ).fetchone() or (0, "")
    half = {**anchor, "seq": early[0], "hash": early[1]}
    files = make_bundle(
        connection,
        workspace_id=workspace,
        customer_id=customer,
        customer_ids=[customer],
        vault=Vault(bytes(32)),
        anchors=[half, anchor],
        now=NOW,
    )
    if check_bundle(files).faults:
        raise SystemExit("The bundle proves nothing.")


if __name__ == "__main__":
    main()
