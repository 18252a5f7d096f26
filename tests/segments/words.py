"""The words of tests about segments: a shop that segments are made in, changed and refreshed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.build import NOON, customer, happened

from dangol.segments.catalog import Entry, read_catalog
from dangol.segments.change import save_segment
from dangol.segments.condition import Condition, EventMeasure
from dangol.segments.refresh import Refreshed, refresh_segments
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

BUYERS = EventMeasure(event="Order Completed")
VIEWERS = EventMeasure(event="Product Viewed")


@dataclass
class Shop:
    """A workspace with a lake; ``at`` is what time it is."""

    connection: Connection
    lake: Lake
    workspace: int
    at: datetime = NOON
    ids: dict[str, int] = field(default_factory=dict)

    def save(
        self, name: str = "buyers", condition: Condition = BUYERS, *, publish: bool = True
    ) -> None:
        """Publish or draft a segment."""
        with self.connection.transaction():
            save_segment(
                self.connection,
                workspace_id=self.workspace,
                name=name,
                title_ko="구매 고객",
                title_en="Buyers",
                definition=condition,
                publish=publish,
                now=self.at,
            )

    def change(self, act, name: str = "buyers") -> None:
        """Publish a draft, discard one, archive or restore."""
        with self.connection.transaction():
            act(self.connection, workspace_id=self.workspace, name=name, now=self.at)

    def did(self, who: str, event: str = "Order Completed", **told: object) -> int:
        """Somebody did something, now."""
        if who not in self.ids:
            self.ids[who] = customer(self.connection, self.workspace, name=who, email=None)
        happened(
            self.connection,
            self.workspace,
            customer_id=self.ids[who],
            name=event,
            occurred_at=self.at,
            **told,
        )
        return self.ids[who]

    def later(self, **length: float) -> None:
        """Let time pass."""
        self.at += timedelta(**length)

    def refresh(self) -> list[Refreshed]:
        """Bring the history and the segments up to now."""
        self.connection.commit()
        flush_events(self.connection, self.lake, workspace_id=self.workspace, now=self.at)
        with self.connection.transaction():
            return refresh_segments(
                self.connection, self.lake, workspace_id=self.workspace, now=self.at
            )

    def entry(self, name: str = "buyers") -> Entry:
        """Look at a segment."""
        with self.connection.transaction():
            return read_catalog(self.connection, workspace_id=self.workspace, now=self.at)[name]

    def members(self, name: str = "buyers") -> set[int]:
        """Return who is in a segment."""
        query = (
            "select customer_id from membership join segment on segment.id = segment_id"
            " where name = %s"
        )
        return {row[0] for row in self.connection.execute(query, (name,))}

    def announced(self) -> list[str]:
        """Return what journeys heard of, in order."""
        query = "select name from event where name like 'Segment %%' order by id"
        return [row[0] for row in self.connection.execute(query)]
