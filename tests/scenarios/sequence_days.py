"""What the stories of the ready-made sequences have in common."""

import re
from email import message_from_bytes
from typing import Final

from tests.scenarios.story import Story, address_of

from dangol.app.sequence_catalog import find_sequence
from dangol.app.sequence_install import Added, add_sequence
from dangol.journeys.publish import set_state
from dangol.providers.smtp.fake import Mail
from dangol.store.vocabulary import JourneyState

LINK: Final = re.compile(r'href="https://dangol\.example(/c/[^"]+)"')
PIXEL: Final = re.compile(r'src="https://dangol\.example(/o/[^"]+)"')
BROWSER: Final = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"}
# Three mails in a week that nobody asked for: what makes people stop opening.
NEWS: Final = """
name: news
title: {ko: 소식, en: News}
entry: {event: News Day, reentry_days: 0}
quiet_after_purchase: none
steps:
  - {name: note, kind: message, template: winback_note}
"""


def add(story: Story, name: str, *, variant: str = "", replace: bool = False) -> Added:
    """Add a sequence as the shop's own command does."""
    with story.connection.transaction():
        return add_sequence(
            story.connection,
            find_sequence(name),
            workspace_id=story.workspace,
            variant=variant,
            locale="ko",
            replace=replace,
            now=story.now,
        )


def let_run(story: Story, name: str) -> None:
    """The shop lets a journey run that has been a draft."""
    row = story.one("select id from journey where name = %(name)s", {"name": name})
    assert row is not None
    with story.connection.transaction():
        set_state(story.connection, journey_id=row[0], state=JourneyState.RUNNING, now=story.now)


def begin(story: Story, name: str, *, variant: str = "") -> Story:
    """Add a sequence and let it run; whoever is in its segment by now is no newcomer."""
    add(story, name, variant=variant)
    story.look_back()
    let_run(story, name)
    return story


def registers(story: Story, name: str) -> None:
    """Somebody gives an address, and does not want advertising."""
    traits = {"email": address_of(name), "name": name}
    story.post("/v1/identify", {"userId": name, "traits": traits})


def has(story: Story, name: str, **traits: object) -> None:
    """The shop learns something about somebody."""
    story.post("/v1/identify", {"userId": name, "traits": traits})


def opens(story: Story, name: str) -> None:
    """Somebody opens the last mail they got; the story has moved on since it came."""
    answer = story.client.get(found_in(last_mail(story, name), PIXEL), headers=BROWSER)
    assert answer.status_code == 200


def clicks(story: Story, name: str) -> None:
    """Somebody follows the link of the last mail they got."""
    path = found_in(last_mail(story, name), LINK)
    answer = story.client.get(path, headers=BROWSER, follow_redirects=False)
    assert answer.status_code in {302, 303}, answer.text


def last_mail(story: Story, name: str) -> Mail:
    return story.mails_to(name)[-1]


def found_in(mail: Mail, pattern: re.Pattern[str]) -> str:
    """Return the address in the HTML part of a mail that a pattern finds."""
    for part in message_from_bytes(mail.content).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            assert isinstance(page, bytes)
            found = pattern.search(page.decode())
            assert found is not None
            return found[1]
    raise AssertionError("the mail has no HTML part")


def tags_of(story: Story, name: str) -> object:
    """Return somebody's tags."""
    row = story.one(
        "select customer.traits -> 'tags' from customer"
        " join identifier on identifier.customer_id = customer.id"
        " where identifier.kind = 'external' and identifier.key = %(name)s",
        {"name": name},
    )
    return row[0] if row else None


def never_entered(story: Story, name: str) -> bool:
    return story.journey_of(name) is None


def ignores_three(story: Story, *names: str) -> None:
    """These get three mails at noon on the first three days of March 2027, and open none."""
    story.runs(NEWS)
    for day in (1, 2, 3):
        story.at(f"2027-03-0{day} 12:00")
        for name in names:
            story.event(name, "News Day")
        for name in names:
            story.expect_sent(name, "winback_note")
