"""The address of the channel push follows a customer's devices, whoever has changed one."""

from collections.abc import Collection

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")


def mirror_devices(connection: Connection, customer_ids: Collection[int]) -> None:
    """Let these parts, and the heads they count for, be reached at their newest active device.

    Whoever has none is not reached by push any more.
    """
    if customer_ids:
        values = {"customer_ids": list(customer_ids)}
        _ = connection.execute(STATEMENTS["mirror_devices"], values)
