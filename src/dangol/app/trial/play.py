"""A story file told on a shop of its own, up to the first line that does not come true."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, assert_never

import msgspec
import yaml

from dangol.app.trial.script import (
    AnyLine,
    BadStory,
    ConsentLine,
    EndedLine,
    EventLine,
    HeldLine,
    Json,
    MessageLine,
    NothingLine,
    Numbered,
    OutsideLine,
    PersonPart,
    Script,
    SentLine,
    ShopPart,
    SkippedLine,
    Source,
    StepLine,
    TraitsLine,
    WebhookLine,
    read_script,
)
from dangol.app.trial.story import Story, StoryFault, read_moment
from dangol.content.library import install_library, parse_template
from dangol.content.template import Draft, save_template
from dangol.guard.limits import set_limits
from dangol.ingest.fault import BadPayload
from dangol.journeys.steps import BadJourney
from dangol.segments.document import BadFiles, Wanted, read_document, read_documents
from dangol.segments.plan import carry_out, make_plan
from dangol.store.lake import Lake
from dangol.store.scratch import open_scratch
from dangol.store.vault import KEY_BYTES, Vault
from dangol.store.workspace import create_workspace, zone_of
from dangol.store.yaml_text import load_one
from dangol.webhooks.endpoints import WebhookFault

# Nothing sealed with it outlives the story.
STORY_KEY: Final = bytes(KEY_BYTES)
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The line that did not come true, and why."""

    line: int
    expected: str
    found: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a story; ``failure`` is None where every line came true."""

    file: str
    story: str
    lines: int
    failure: Failure | None


def play_file(path: Path, *, dsn: str) -> Told:
    """Tell the story in a file, in a scratch schema of a database.

    Raises:
        BadStory: the story cannot be told, with everything that is wrong in it.
        OSError: a file cannot be read.
    """
    script = read_script(path.read_text(encoding="utf-8"), file=path.name)
    with open_story(dsn, shop=script.whole.shop, begins=begin_of(script)) as story:
        furnish(story, script, folder=path.parent, file=path.name)
        failure = play(story, script, file=path.name)
    return Told(file=str(path), story=script.whole.story, lines=len(script.lines), failure=failure)


@contextmanager
def open_story(
    dsn: str, *, shop: ShopPart | None = None, begins: datetime = LONG_AGO
) -> Generator[Story, None, None]:
    """Open a shop of its own with the library's templates, and a story about it."""
    rules = shop or ShopPart()
    with open_scratch(dsn) as connection, TemporaryDirectory(prefix="dangol-story-") as folder:
        with connection.transaction():
            workspace = create_workspace(
                connection,
                name="단골 상점",
                time_zone=rules.time_zone,
                default_locale=rules.locale,
                sender_name="단골 상점",
                sender_email="hello@shop.example",
                sender_postal="-",
                sender_phone="-",
                quiet_from=time.fromisoformat(rules.quiet_from),
                quiet_until=time.fromisoformat(rules.quiet_until),
                cap_messages=rules.cap_messages,
                cap_days=rules.cap_days,
                now=begins,
            )
            wanted = {"message_events": rules.message_events}
            _ = set_limits(connection, workspace_id=workspace, changes=wanted)
            install_library(connection, workspace_id=workspace, locale=rules.locale, now=begins)
        yield Story(
            connection=connection,
            workspace=workspace,
            vault=Vault(STORY_KEY),
            lake=Lake(Path(folder) / "lake"),
            now=begins,
            zone=zone_of(rules.time_zone),
        ).stand(begins)


def begin_of(script: Script) -> datetime:
    """Return when the story begins."""
    return read_moment(
        script.whole.starts or script.lines[0].line.at, zone_of(script.whole.shop.time_zone)
    )


def furnish(story: Story, script: Script, *, folder: Path, file: str) -> None:
    """Put in place what the story names, and let everybody in it sign up.

    Raises:
        BadStory: something named cannot be used.
    """
    whole = script.whole
    faults: list[str] = []

    def attempt(place: str, do: Callable[[], object]) -> None:
        try:
            do()
        except (BadJourney, BadFiles, BadPayload, WebhookFault, ValueError, TypeError) as fault:
            faults.append(f"{file}: {place}: {fault}")
        except OSError as fault:
            said = f"{fault.filename} cannot be read: {fault.strerror}. Check the path"
            faults.append(f"{file}: {place}: {said}; it begins where the story's file is.")

    for place, source in enumerate(whole.templates):
        attempt(f"templates[{place}]", lambda source=source: add_template(story, source, folder))
    attempt("segments", lambda: add_segments(story, whole.segments, folder))
    for place, name in enumerate(whole.endpoints):
        attempt(f"endpoints[{place}]", lambda name=name: story.listens(name))
    for place, source in enumerate(whole.journeys):
        attempt(
            f"journeys[{place}]", lambda source=source: story.runs(text_of(source, folder=folder))
        )
    for name, person in whole.customers.items():
        attempt(f"customers.{name}", lambda name=name, person=person: join(story, name, person))
    if faults:
        raise BadStory(faults)
    story.settle()


def text_of(source: Source, *, folder: Path) -> str:
    """Return what a source says: a file's text, or what stands in the story itself as JSON."""
    if isinstance(source, str):
        return (folder / source).read_text(encoding="utf-8")
    return msgspec.json.encode(source).decode()


def add_template(story: Story, source: Source, folder: Path) -> None:
    """Keep a template that the story brings along."""
    if isinstance(source, str):
        draft = parse_template(text_of(source, folder=folder))
    else:
        draft = msgspec.convert({"channel": "email", "locale": "ko", **source}, Draft)
    with story.connection.transaction():
        save_template(story.connection, workspace_id=story.workspace, draft=draft, now=story.now)


def add_segments(story: Story, sources: list[Source], folder: Path) -> None:
    """Publish the segments that the story brings along.

    Raises:
        BadFiles: with everything that is wrong with them.
    """
    wanted = [one for source in sources for one in read_segments(source, folder=folder)]
    if not wanted:
        return
    with story.connection.transaction():
        plan = make_plan(
            story.connection, wanted, workspace_id=story.workspace, prune=False, now=story.now
        )
        carry_out(story.connection, plan, workspace_id=story.workspace, now=story.now)
    story.asks_history = True


def read_segments(source: Source, *, folder: Path) -> list[Wanted]:
    """Read the segments of a file, or the one that stands in the story itself."""
    if not isinstance(source, str):
        name = str(source.get("name", ""))
        tree: Json = {"kind": "segment", "title": {"ko": name, "en": name}, **source}
        return [read_document(tree, place="the story")]
    wanted, faults = read_documents(text_of(source, folder=folder), file=source)
    if faults:
        raise BadFiles(faults)
    return wanted


def join(story: Story, name: str, person: PersonPart) -> None:
    """Let somebody sign up."""
    story.customer(
        name,
        email=person.email,
        phone=person.phone,
        push=person.push,
        consent=person.consent,
    )
    if person.traits:
        story.traits(name, **person.traits)


def play(story: Story, script: Script, *, file: str) -> Failure | None:
    """Tell line after line; return the first that does not come true.

    Raises:
        BadStory: a line cannot be told.
    """
    for numbered in script.lines:
        try:
            tell(story, numbered)
        except StoryFault as fault:
            return Failure(
                line=numbered.number, expected=fault.expected, found=fault.found, why=fault.why
            )
        except BadPayload as fault:
            raise BadStory([f"{file}, line {numbered.number}: {fault}"]) from fault
    return None


def tell(story: Story, numbered: Numbered) -> None:
    """Tell one line, of everybody it is about."""
    if numbered.line.at:
        story.at(numbered.line.at)
    if numbered.line.after:
        story.after(numbered.line.after)
    for name in numbered.people:
        tell_of(story, name, numbered.line)


def tell_of(story: Story, who: str, line: AnyLine) -> None:
    """Tell one line of one person."""
    match line:
        case EventLine():
            body = {"userId": who, "event": line.event, "properties": line.properties}
            story.call("track", {**body, "messageId": line.id} if line.id else body)
        case TraitsLine():
            story.traits(who, **line.traits)
        case ConsentLine():
            story.consent(who, line.consent, channel=line.channel, purpose=line.purpose)
        case MessageLine():
            story.message(who, line.message, link=line.link, text=line.text)
        case SentLine():
            story.expect_sent(
                who,
                line.template,
                channel=line.channel,
                at=line.sent_at,
                within=line.within,
            )
        case HeldLine():
            story.expect_held(who, until=line.until, reason=line.reason)
        case SkippedLine():
            story.expect_skipped(who, reason=line.reason)
        case NothingLine():
            story.expect_nothing(who)
        case StepLine():
            story.expect_step(who, line.journey, line.step)
        case EndedLine():
            story.expect_ended(who, line.journey, reason=line.reason)
        case OutsideLine():
            story.expect_outside(who, line.journey)
        case WebhookLine():
            story.expect_webhook(who, line.endpoint, body=line.body, answer=line.answer)
        case _:
            assert_never(line)


def is_story(path: Path) -> bool:
    """Tell whether a YAML file is a story: it says so at its beginning."""
    try:
        tree = load_one(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return False
    return isinstance(tree, dict) and "story" in tree and "lines" in tree
