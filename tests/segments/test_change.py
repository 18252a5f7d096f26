"""Drafts, publishing, archiving and taking out again; sizes by day."""

import pytest
from tests.build import NOON, give_consent, journey
from tests.segments.words import BUYERS, VIEWERS, Shop

from dangol.segments.change import (
    SegmentFault,
    archive_segment,
    discard_draft,
    publish_draft,
    restore_segment,
)
from dangol.segments.condition import AllOf, InSegment, OnList
from dangol.segments.faults import BadCondition


@pytest.fixture
def shop(connection, lake, workspace) -> Shop:
    return Shop(connection=connection, lake=lake, workspace=workspace)


def test_nobody_is_judged_by_a_draft(shop):
    shop.did("minji")
    shop.save(publish=False)

    assert shop.refresh() == []
    assert shop.entry().state == "draft"
    assert shop.entry().current == BUYERS

    shop.change(publish_draft)
    shop.refresh()

    assert shop.members() == {shop.ids["minji"]}
    assert (shop.entry().state, shop.entry().draft) == ("published", None)


def test_what_is_published_goes_on_under_a_draft(shop):
    shop.did("minji")
    shop.did("jiwoo", "Product Viewed")
    shop.save()
    shop.save(condition=VIEWERS, publish=False)

    shop.refresh()

    assert shop.members() == {shop.ids["minji"]}
    assert (shop.entry().published, shop.entry().draft) == (BUYERS, VIEWERS)

    shop.change(discard_draft)

    assert (shop.entry().published, shop.entry().draft) == (BUYERS, None)


def test_a_draft_that_says_what_is_published_is_none(shop):
    shop.save()
    shop.save(condition=VIEWERS, publish=False)
    shop.save(condition=BUYERS, publish=False)

    assert shop.entry().draft is None


def test_a_draft_alone_cannot_be_discarded(shop):
    shop.save(publish=False)

    with pytest.raises(SegmentFault, match="never published"):
        shop.change(discard_draft)


def test_a_draft_is_no_segment_that_others_can_ask_for(shop):
    shop.save(publish=False)

    with pytest.raises(BadCondition, match="no segment"):
        shop.save("others", AllOf(of=(InSegment(segment="buyers"), VIEWERS)))


def test_who_is_in_an_archived_segment_leaves_it_and_no_journey_hears_of_it(shop, connection):
    shop.did("minji")
    shop.save()
    shop.refresh()
    shop.later(days=1)

    shop.change(archive_segment)

    stays = connection.execute("select entered_at, left_at from membership_span").fetchall()
    assert shop.members() == set()
    assert stays == [(NOON, shop.at)]
    assert shop.announced() == ["Segment Entered"]
    assert shop.refresh() == []
    assert shop.entry().state == "archived"


def test_a_segment_that_is_taken_out_again_is_judged_for_everybody(shop):
    shop.did("minji")
    shop.save()
    shop.save("viewers", VIEWERS)
    shop.refresh()
    shop.change(archive_segment)
    shop.change(restore_segment)

    shop.refresh()

    assert shop.members() == {shop.ids["minji"]}
    assert shop.announced() == ["Segment Entered", "Segment Entered"]


def test_whom_a_refresh_let_in_while_a_segment_was_archived_leaves_at_the_next(shop, connection):
    minji = shop.did("minji")
    shop.save()
    shop.refresh()
    shop.change(archive_segment)
    connection.execute(
        "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
        " values (%s, %s, %s, %s)",
        (shop.workspace, shop.entry().id, minji, NOON),
    )

    shop.refresh()

    assert shop.members() == set()


@pytest.mark.parametrize("state", ["running", "paused"])
def test_what_a_journey_begins_with_is_not_archived(shop, connection, state):
    shop.save()
    made = journey(connection, shop.workspace, state=state)
    connection.execute(
        "insert into journey_need select version_id, 'segment', 'buyers', false from journey"
        " where id = %s",
        (made,),
    )

    with pytest.raises(SegmentFault, match="win-back") as refused:
        shop.change(archive_segment)

    assert refused.value.code == "in_use"
    assert "win-back" in refused.value.say("ko")
    assert shop.entry().used_by == ("win-back",)


def test_what_another_segment_asks_for_is_not_archived_before_that_one(shop):
    shop.save()
    shop.save("loyal", AllOf(of=(InSegment(segment="buyers"), VIEWERS)))

    with pytest.raises(SegmentFault, match="loyal"):
        shop.change(archive_segment)

    shop.change(archive_segment, "loyal")
    shop.change(archive_segment)
    with pytest.raises(BadCondition, match="no segment"):
        shop.change(restore_segment, "loyal")


def test_an_archived_segment_is_not_changed(shop):
    shop.save()
    shop.change(archive_segment)

    for publish in (True, False):
        with pytest.raises(SegmentFault, match="archived"):
            shop.save(condition=VIEWERS, publish=publish)


@pytest.mark.parametrize("name", ["a/b", "", " x", "preview", "_x", "x" * 101])
def test_a_name_that_cannot_stand_in_an_address_is_refused(shop, name):
    with pytest.raises(SegmentFault) as refused:
        shop.save(name)

    assert refused.value.code == "bad_name"


def test_a_draft_that_names_what_there_is_not_is_refused(shop):
    with pytest.raises(BadCondition, match="no list"):
        shop.save(condition=OnList(list="vip"), publish=False)


def test_a_days_last_size_is_kept_with_who_came_and_went(shop):
    shop.save()
    shop.did("minji")
    shop.refresh()
    shop.later(hours=1)
    shop.did("jiwoo")
    shop.refresh()
    shop.later(days=1)
    shop.refresh()

    entry = shop.entry()

    assert [(day.isoformat(), size) for day, size in entry.sizes] == [
        ("2027-03-02", 2),
        ("2027-03-03", 2),
    ]
    assert (entry.came, entry.went) == (2, 0)

    shop.later(days=7)

    assert (shop.entry().came, len(shop.entry().sizes)) == (0, 2)


def test_touches_do_not_pile_up_while_no_segment_is_in_use(shop, connection):
    minji = shop.did("minji")
    shop.save()
    shop.refresh()
    shop.change(archive_segment)
    shop.refresh()
    give_consent(connection, shop.workspace, customer_id=minji)
    assert connection.execute("select count(*) from segment_touch").fetchone() == (1,)

    shop.refresh()

    assert connection.execute("select count(*) from segment_touch").fetchone() == (0,)
