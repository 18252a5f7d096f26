"""Topics for a shop's own servers, with a server key."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

import msgspec
from litestar import delete, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, READING, ServerRequest, open_clerk
from dangol.consent.topics import TopicError, list_topics, remove_topic, save_topic
from dangol.store.vocabulary import ApiKeyScope

TAGS: Final = ["topics"]


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """One topic that customers may switch off; they read its title in their language."""

    name: str
    title_ko: str
    title_en: str


class Topics(msgspec.Struct, frozen=True, kw_only=True):
    """Every topic, the oldest first."""

    topics: list[TopicView]


class TopicWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic as it shall be; the name is up to 40 small letters, digits and hyphens.

    Titles are 1 to 60 characters; customers read them.
    """

    name: str
    title_ko: str
    title_en: str


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what is wrong with a topic.

    Raises:
        ClientException: a topic cannot be as asked.
    """
    try:
        yield
    except TopicError as error:
        raise ClientException(str(error)) from error


open_topics: Final = partial(open_clerk, refusing=refusing)


@get("/v1/topics", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_topics(request: ServerRequest) -> Topics:
    """List what customers may choose to hear about."""
    with open_topics(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        found = list_topics(clerk.connection, workspace_id=clerk.workspace_id)
    return Topics(
        topics=[
            TopicView(name=topic.name, title_ko=topic.title_ko, title_en=topic.title_en)
            for topic in found
        ]
    )


@post("/v1/topics", tags=TAGS, status_code=200, sync_to_thread=True, raises=CHANGING)
def store_topic(request: ServerRequest, data: JSONBody[TopicWish]) -> TopicView:
    """Add a topic, or give the one of that name new titles; what customers chose stays."""
    with open_topics(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        saved = save_topic(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=data.name,
            title_ko=data.title_ko,
            title_en=data.title_en,
            now=clerk.now,
        )
    return TopicView(name=saved.name, title_ko=saved.title_ko, title_en=saved.title_en)


@delete("/v1/topics/{name:str}", tags=TAGS, sync_to_thread=True, raises=CHANGING)
def drop_topic(request: ServerRequest, name: FromPath[str]) -> None:
    """Remove a topic, and what customers chose about it."""
    with open_topics(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        remove_topic(clerk.connection, workspace_id=clerk.workspace_id, name=name)


topic_routes: Final = [fetch_topics, store_topic, drop_topic]
