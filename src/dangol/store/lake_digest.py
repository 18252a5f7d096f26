"""The lake's side of digest_event (store/schema.sql): the same number for the same event."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false
# pyright: reportOperatorIssue=false, reportArgumentType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false

from functools import reduce
from typing import Final

from dangol.store.engine import EVENT, Expression

MOMENT_FORMAT: Final = "%Y-%m-%d %H:%M:%S.%f"
# As many hexadecimal digits as fit a positive bigint.
DIGITS: Final = 15


def optional(name: str) -> Expression:
    """Return a column as text that tells null from an empty text."""
    return ("=" + EVENT[name].cast("string")).fill_null("")


# In the order of digest_event.
PARTS: Final = (
    EVENT.workspace_id.cast("string"),
    EVENT.event_id.cast("string"),
    optional("customer_id"),
    EVENT.occurred_at.strftime(MOMENT_FORMAT),
    EVENT.received_at.strftime(MOMENT_FORMAT),
    EVENT.type,
    EVENT.name,
    EVENT.message_id,
    optional("order_id"),
    optional("revenue"),
    optional("currency"),
    optional("product_id"),
    optional("category"),
    optional("quantity"),
    EVENT.properties,
)
TEXT: Final = reduce(lambda text, part: text + "\n" + part, PARTS)
# As decimals, so that any number of them can be added up.
DIGEST: Final = ("0x" + TEXT.hexdigest("md5").left(DIGITS)).cast("int64").cast("decimal(38, 0)")
# The lake's events with their digests, the UTC day on which they arrived and the month in which
# they occurred.
DIGESTED: Final = EVENT.mutate(
    digest=DIGEST,
    arrived=EVENT.received_at.date(),
    month=EVENT.occurred_at.truncate("M").date(),
)
