from tests.console.openapi import COMMITTED, described


def test_the_types_of_the_page_come_from_the_api_as_it_is():
    """Renew with `python -m tests.console.openapi`, then `npm run types` in web/."""
    assert COMMITTED.read_text(encoding="utf-8") == described()
