"""The products inside events, as if each were an event of its own."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportCallIssue=false, reportArgumentType=false, reportOptionalMemberAccess=false

from collections.abc import Iterable
from typing import Final

import ibis
import ibis.expr.types as ir

from dangol.segments.compare import NUMBER, Moment, asked_of_json, fits_filters
from dangol.segments.comparison import PropertyFilter
from dangol.store.engine import property_at

# Makes room for what two numbers multiply to, in 38 digits on every engine.
WIDE: Final = "decimal(19, 4)"


def products_of(event: ir.Table, where: Iterable[PropertyFilter], *, at: Moment) -> ir.Table:
    """Return a row for each product of some events that fits these filters.

    Its properties are the product's, its time and customer the event's; ``revenue`` is price times
    quantity (one, where none is said) where the product has none of its own.
    """
    listed = event.select(
        "customer_id",
        "occurred_at",
        "event_id",
        products=property_at(event.properties.cast("json"), ["products"]).unwrap_as("array<json>"),
    )
    # Of no list, no row is made.
    product = listed.select(
        "customer_id", "occurred_at", "event_id", properties=listed.products.unnest()
    )
    priced = product.mutate(revenue=revenue_of(product.properties))
    return priced.filter(fits_filters(where, priced, at=at))


def revenue_of(product: ir.JSONValue) -> ir.DecimalValue:
    """Return what was paid for a product; null where its price is not known."""
    said, price, quantity = (
        asked_of_json(property_at(product, [name])).number
        for name in ("revenue", "price", "quantity")
    )
    pieces = ibis.coalesce(quantity, ibis.literal(1, NUMBER))
    return ibis.coalesce(said, (price.cast(WIDE) * pieces).try_cast(NUMBER))
