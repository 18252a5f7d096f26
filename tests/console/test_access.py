"""Whatever shows a person to a member is in the access log before the member has it."""

import pytest


def log(connection) -> list[tuple[str, str, str, int, list[int]]]:
    rows = connection.execute(
        "select by_whom, role::text, what, subjects, customer_ids from access_entry order by id"
    ).fetchall()
    connection.commit()
    return rows


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/api/customers/{}", "customer"),
        ("/api/customers/{}/timeline", "customer timeline"),
        ("/api/customers/{}/messages", "messages"),
        ("/api/customers?query=minji", "customer search"),
    ],
)
def test_a_look_at_a_person_is_written_down(member, shop, connection, path, what):
    member.get(path.format(shop.minji)).raise_for_status()

    assert log(connection) == [("owner@shop.example", "owner", what, 1, [shop.minji])]


def test_what_shows_nobody_leaves_no_row(member, connection):
    assert member.get("/api/customers/999999").status_code == 404
    member.get("/api/customers?query=nobody-at-all").raise_for_status()
    member.get("/api/flow").raise_for_status()

    assert log(connection) == []
