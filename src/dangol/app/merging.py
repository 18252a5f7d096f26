"""The commands that say who is who: merge two customers, and undo it."""

import argparse

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.ingest.merging import MergeFault, merge_customers, unmerge_customer


def run_merge(options: argparse.Namespace, settings: Settings) -> int:
    """Make two customers one."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        try:
            with connection.transaction():
                head_id = merge_customers(
                    connection,
                    workspace_id=workspace_id,
                    one_id=options.one,
                    other_id=options.other,
                    now=now,
                )
        except MergeFault as fault:
            raise ProblemError(str(fault)) from fault
    part_id = options.other if head_id == options.one else options.one
    CONSOLE.print(
        f"They are customer {head_id} now. "
        f"Undo it within 30 days: dangol customer unmerge {part_id}"
    )
    return 0


def run_unmerge(options: argparse.Namespace, settings: Settings) -> int:
    """Tell a part and its head apart again."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        try:
            with connection.transaction():
                head_id = unmerge_customer(
                    connection, workspace_id=workspace_id, customer_id=options.part, now=now
                )
        except MergeFault as fault:
            raise ProblemError(str(fault)) from fault
    CONSOLE.print(
        f"Customer {options.part} is a customer of their own again, apart from {head_id}."
    )
    return 0
