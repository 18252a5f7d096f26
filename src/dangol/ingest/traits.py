"""Which traits and properties there are, and how many of them a shop may have.

Nobody declares them: the tick counts what comes, by name and kind; of the properties of an event
that comes by the thousand, from a sample (docs/decisions/0014). The limits keep one runaway
client from filling every customer with names: what goes beyond is left out of the customer and
counted in ``trait_surplus``; the event itself acts, and stands whole in the lake.
"""

from typing import Final

from dangol.ingest.event import Json
from dangol.ingest.fault import BadPayload, bad_value
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements("dangol.ingest")
LONGEST_NAME: Final = 255
# Characters of one text; other values may take four bytes for each.
LONGEST_VALUE: Final = 8_000
MOST_TRAITS: Final = 200
MOST_NAMES: Final = 1_000
# Names of traits and of properties, event by event.
MOST_PROPERTIES: Final = 10_000
# Of each event's name and in each tick; of more, about so many are looked at for all of them.
MOST_LOOKED_AT: Final = 500
LIMITS: Final = {
    "longest_name": LONGEST_NAME,
    "longest_value": 4 * LONGEST_VALUE,
    "most_traits": MOST_TRAITS,
    "most_names": MOST_NAMES,
    "most_properties": MOST_PROPERTIES,
    "most_looked_at": MOST_LOOKED_AT,
}


def fold_types(connection: Connection, *, workspace_id: int) -> None:
    """Trim the traits of ``tick_event`` to the limits, and count names and kinds."""
    traits = connection.execute(STATEMENTS["find_traits"]).fetchone() is not None
    values = {**LIMITS, "workspace_id": workspace_id, "traits": traits}
    if traits:
        _ = connection.execute(STATEMENTS["trim_traits"], values)
    _ = connection.execute(STATEMENTS["discover_types"], values)


def check_traits(traits: Json) -> None:
    """Refuse traits that no customer could keep.

    Raises:
        BadPayload: naming the limit and what to do.
    """
    if len(traits) > MOST_TRAITS:
        raise BadPayload(
            "bad_value",
            f"traits holds {len(traits)} names: a customer keeps at most {MOST_TRAITS}; send what "
            "changes with every event as properties.",
        )
    for name, value in traits.items():
        if len(name) > LONGEST_NAME:
            raise bad_value(
                "a name in traits", name, f"names have at most {LONGEST_NAME} characters."
            )
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise bad_value(
                f"traits.{name}", value, f"values have at most {LONGEST_VALUE:,} characters."
            )
