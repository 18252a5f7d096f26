"""What an import did, row by row accounted for."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.importer_columns import Column
from dangol.ingest.mapping import Kind
from dangol.ingest.readers import Rows

EXAMPLES_KEPT = 5
# Why a row was refused, in the words of the report.
REASONS: Mapping[str, str] = {
    "wrong_columns": "the line has more or fewer columns than the header",
    "bad_json": "the line is not a JSON object",
    "no_order_id": "nothing says which order it belongs to",
    "no_customer": "nothing says whose it is",
    "contact_as_id": "the customer id is an e-mail address; leave [customer] id out, set email",
    "id_too_long": "the customer id has more than 255 characters",
    "order_id_too_long": "the order id has more than 255 characters",
    "bad_date": "the date cannot be read, or lies before 1970",
    "future_date": "the date lies in the future",
    "bad_amount": "no number of at most 13 digits and four decimal places",
    "duplicate_row": "an exact copy of an earlier row",
    "positive_refund": "a refund with a positive amount",
    "negative_amount": "a negative amount outside a refund",
    "zero_amount": "an amount of zero",
    "two_customers": "another customer has an order with the same id",
    "bad_email": "no e-mail address",
    "bad_phone": "no telephone number",
    "unknown_consent": "a consent that is in neither list of the mapping",
    "no_name": "nothing says what happened",
    "no_consent": "nothing says yes or no",
    "unknown_channel": "a channel that Dangol does not know",
    "unknown_purpose": "a purpose other than marketing, informational and ad_audience",
    "unknown_to_networks": "the purpose ad_audience on another channel than email and sms",
    "no_source": "nothing says where the consent was expressed",
    "consent_too_long": "a source of more than 200 or a wording of more than 2,000 characters",
    "no_product_id": "nothing says which product it is",
    "product_id_too_long": "the product id has more than 255 characters",
    "no_product_name": "the product has no name",
    "product_name_too_long": "the product's name has more than 500 characters",
    "no_currency": "a price in no currency of three letters",
    "bad_url": "no address that begins with http:// or https://",
    "bad_event": "the tracking API would refuse it",
}


class Example(msgspec.Struct, frozen=True):
    """One refused row: its line in the file (row number in Parquet) and what it said."""

    line: int
    value: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Every row of the file is in ``accepted`` or in exactly one reason of ``refused``.

    ``found`` counts the rows to which each reason applies at all; a row may have several. The
    amounts are exact: ``total`` = ``accepted_amount`` + the sum of ``refused_amounts``, over all
    rows whose amount can be read, and None for imports without amounts.
    """

    file: str
    kind: Kind
    rows: int
    accepted: int
    refused: dict[str, int]
    found: dict[str, int]
    total: Decimal | None = None
    accepted_amount: Decimal | None = None
    refused_amounts: dict[str, Decimal] = {}
    events: dict[str, int] = {}
    customers: int = 0
    # How many products the accepted rows are about.
    products: int = 0
    # Facts that were left out of rows which were themselves accepted.
    left_out: dict[str, int] = {}
    examples: dict[str, list[Example]] = {}
    dry_run: bool = False
    # The same file, mapping and kind had been imported before: nothing was done.
    unchanged: bool = False


def encode_report(report: Report) -> bytes:
    """Return the report as JSON, amounts as exact numbers."""
    return ENCODER.encode(report)


def decode_report(text: bytes | str) -> Report:
    return msgspec.json.decode(text, type=Report)


ENCODER = msgspec.json.Encoder(decimal_format="number")


def say_report(report: Report) -> str:
    """Say a report in a few lines for a terminal."""
    done = "would become" if report.dry_run else "became"
    events = ", ".join(f"{count:,} {name}" for name, count in report.events.items()) or "nothing"
    lines = [f"{report.file}: {report.rows:,} rows, {report.accepted:,} accepted."]
    if report.kind == "products":
        lines.append(f"They are about {report.products:,} products.")
    else:
        lines.append(f"They {done} {events}, of {report.customers:,} customers.")
    if report.total is not None:
        lines.append(f"Amounts: {report.total:,} in all, {report.accepted_amount:,} accepted.")
    lines += [say_refusal(report, reason) for reason in report.refused]
    lines += [f"Left out: {count:,} x {REASONS[name]}." for name, count in report.left_out.items()]
    if report.unchanged:
        lines.append("This file had been imported before with this mapping: nothing was changed.")
    return "\n".join(lines)


def say_refusal(report: Report, reason: str) -> str:
    amount = report.refused_amounts.get(reason)
    worth = f", worth {amount:,}" if amount is not None else ""
    where = ", ".join(
        f"{example.line} ({example.value})" if example.value else str(example.line)
        for example in report.examples.get(reason, [])
    )
    return f"Refused: {report.refused[reason]:,} rows: {REASONS[reason]}{worth}. Lines {where}"


class Rule(msgspec.Struct, frozen=True):
    """A reason to refuse rows, the rows it applies to, and what makes a column that shows why."""

    reason: str
    applies: Column
    shown: Callable[[], Column] | None = None
    # A declared policy may let such rows in; they are then only counted as found.
    refuses: bool = True


def showing(column: Column) -> Callable[[], Column]:
    """Show a column that is there already."""

    def shown() -> Column:
        return column

    return shown


class Judged(msgspec.Struct, frozen=True):
    """Which rule, if any, refuses each row; null means accepted."""

    verdict: Column
    rules: Sequence[Rule]

    @property
    def accepted(self) -> Column:
        return pc.is_null(self.verdict)


def judge(rules: Sequence[Rule], *, count: int) -> Judged:
    """Give every row its first reason: the order of the rules is the policy."""
    deciding = [rule for rule in rules if rule.refuses]
    if not deciding:
        return Judged(pa.nulls(count, pa.string()), rules)
    conditions = pc.make_struct(
        *(pc.fill_null(rule.applies, fill_value=False) for rule in deciding)
    )
    reasons = [pa.scalar(rule.reason) for rule in deciding]
    return Judged(pc.case_when(conditions, *reasons, pa.scalar(None, pa.string())), rules)


def account(rows: Rows, judged: Judged, *, file: str, kind: Kind, amounts: Column | None) -> Report:
    """Count every row once; events and customers are the caller's to add."""
    refused = {reason: len(lines) for reason, lines in rows.malformed.items()}
    refused |= count_by_reason(judged)
    found = {rule.reason: pc.sum(rule.applies).as_py() or 0 for rule in judged.rules}
    report = Report(
        file=file,
        kind=kind,
        rows=rows.count,
        accepted=pc.sum(judged.accepted).as_py() or 0,
        refused=refused,
        found={reason: count for reason, count in found.items() if count},
        examples=examples(rows, judged, refused),
    )
    return report if amounts is None else with_amounts(report, judged, amounts)


def count_by_reason(judged: Judged) -> dict[str, int]:
    """Count refused rows by reason, in the order of the rules."""
    counted = {one["values"]: one["counts"] for one in pc.value_counts(judged.verdict).to_pylist()}
    return {rule.reason: counted[rule.reason] for rule in judged.rules if rule.reason in counted}


def with_amounts(report: Report, judged: Judged, amounts: Column) -> Report:
    parts = {
        reason: plain(pc.sum(pc.filter(amounts, pc.equal(judged.verdict, reason))).as_py())
        for reason in report.refused
    }
    return msgspec.structs.replace(
        report,
        total=plain(pc.sum(amounts).as_py()),
        accepted_amount=plain(pc.sum(pc.filter(amounts, judged.accepted)).as_py()),
        refused_amounts={reason: amount for reason, amount in parts.items() if amount},
    )


def plain(amount: Decimal | None) -> Decimal:
    """Return an amount without zeros behind its last digit, never in exponents."""
    short = (amount or Decimal(0)).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral() else short


def examples(rows: Rows, judged: Judged, reasons: Collection[str]) -> dict[str, list[Example]]:
    """Keep the first lines of each reason, with what stood there."""
    kept = {
        reason: [Example(line) for line in lines[:EXAMPLES_KEPT]]
        for reason, lines in rows.malformed.items()
    }
    for rule in judged.rules:
        if rule.reason in reasons:
            decided = pc.fill_null(pc.equal(judged.verdict, rule.reason), fill_value=False)
            first = pc.indices_nonzero(decided)[:EXAMPLES_KEPT].to_pylist()
            lines = zip(rows.lines(first), shown_values(rule, first), strict=True)
            kept[rule.reason] = [Example(line, value) for line, value in lines]
    return kept


def shown_values(rule: Rule, rows: Sequence[int]) -> list[str]:
    """Say what made the rule refuse; contact data is never shown."""
    if rule.shown is None:
        return [""] * len(rows)
    values = rule.shown().take(pa.array(rows)).to_pylist()
    return ["" if value is None else str(value)[:60] for value in values]
