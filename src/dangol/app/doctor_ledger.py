"""What the doctor says of the ledger: is it whole, and who could alter it?"""

from collections.abc import Iterator
from typing import Final

from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.store.connect import Connection

Found = tuple[str, str, str]
NOT_WHOLE: Final = (
    "Run `dangol ledger verify`, compare with a backup, and find out who was in the database: "
    "docs/guides/consent.md."
)


def examine_ledger(connection: Connection) -> Iterator[Found]:
    """Yield each check with what was found and, where something is amiss, what to do."""
    yield "ledger", *whole(connection)
    yield "ledger rights", *rights(connection)
    yield "consent notices", *untold(connection)


def whole(connection: Connection) -> tuple[str, str]:
    """Is the chain what it was, and does the fold say what the ledger says?"""
    audits = connection.execute(STATEMENTS["list_ledger_audits"]).fetchall()
    if not audits:
        return "not audited yet; that is done every night", ""
    oldest = min(audit[1] for audit in audits)
    links, anchors, faults, mended = (sum(audit[n] for audit in audits) for n in (2, 3, 4, 6))
    found = (
        f"{links:,} consents audited since {oldest:%Y-%m-%d %H:%M} UTC against {anchors:,} "
        f"anchors, {faults:,} faults"
    )
    if faults:
        named = "; ".join(example for audit in audits for example in audit[5][:3])
        return f"{found}: {named}", NOT_WHOLE
    if mended:
        remedy = "They have been put right. Find out who changes the table consent by hand."
        return f"{found}, {mended:,} consents did not say what the ledger says", remedy
    return found, ""


def untold(connection: Connection) -> tuple[str, str]:
    """Is somebody still to be told what the law wants them told about their consents?"""
    row = connection.execute(
        STATEMENTS["count_untold"], {"now": shifted_clock(connection)}
    ).fetchone()
    waiting, overdue, unreachable = row or (0, 0, 0)
    found = f"{waiting:,} notices about consents wait, {unreachable:,} for a way to reach somebody"
    if not overdue:
        return found, ""
    remedy = (
        "Reach these customers another way (a letter, your app), or find out why mail does not "
        "leave. docs/guides/consent.md."
    )
    return f"{found}, {overdue:,} are later than the law allows", remedy


def rights(connection: Connection) -> tuple[str, str]:
    """Could we, or whoever has our password, alter the ledger?"""
    row = connection.execute(STATEMENTS["read_ledger_rights"]).fetchone()
    is_super, owns, may_alter, guarded = row or (False, False, False, False)
    if not guarded:
        remedy = "Enable the triggers consent_entry_is_append_only and consent_link_is_append_only."
        return "the triggers that refuse changes are missing or disabled", remedy
    if is_super:
        return "no statement of Dangol alters it, but its role is a superuser: anchors matter", ""
    if owns:
        return "no statement of Dangol alters it, but its role owns the tables: anchors matter", ""
    if may_alter:
        return (
            "the role may update or delete; only the triggers refuse it",
            "revoke update, delete, truncate on consent_entry, consent_link from that role.",
        )
    return "its role may add to it, and nothing else", ""
