"""A published change is judged at once."""

from tests.segments.words import VIEWERS, Shop

from dangol.app.recompute import Recompute
from dangol.segments.change import archive_segment


class Refreshing:
    """Refreshes a shop's segments, unless somebody else is said to be doing so."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.calls, self.free = shop, 0, True

    def __call__(self, _connection: object, _workspace: int) -> bool:
        self.calls += 1
        if self.free:
            self.shop.refresh()
        return self.free


def test_a_new_version_is_judged_once_and_at_once(connection, lake, workspace):
    shop = Shop(connection=connection, lake=lake, workspace=workspace)
    refreshing = Refreshing(shop)
    recompute = Recompute(refresh=refreshing)
    shop.did("jiwoo", "Product Viewed")
    shop.save()

    recompute.look(connection)
    recompute.look(connection)
    shop.save(condition=VIEWERS, publish=False)
    recompute.look(connection)

    assert refreshing.calls == 1
    shop.save(condition=VIEWERS)
    recompute.look(connection)
    assert refreshing.calls == 2
    assert shop.members() == {shop.ids["jiwoo"]}


def test_what_another_process_refreshes_is_looked_at_again(connection, lake, workspace):
    shop = Shop(connection=connection, lake=lake, workspace=workspace)
    refreshing = Refreshing(shop)
    recompute = Recompute(refresh=refreshing)
    shop.save()

    refreshing.free = False
    recompute.look(connection)
    refreshing.free = True
    recompute.look(connection)
    recompute.look(connection)

    assert refreshing.calls == 2


def test_what_cannot_be_judged_is_tried_once_and_what_is_archived_never(
    connection, lake, workspace
):
    shop = Shop(connection=connection, lake=lake, workspace=workspace)
    refreshing = Refreshing(shop)
    recompute = Recompute(refresh=refreshing)
    shop.save()
    shop.save("away")
    shop.change(archive_segment, "away")
    connection.execute("update segment_version set definition = '{\"version\": 9}'")
    connection.commit()

    recompute.look(connection)
    recompute.look(connection)

    assert refreshing.calls == 1
