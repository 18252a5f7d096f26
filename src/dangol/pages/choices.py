"""The page of choices: channels, topics, how often, a rest, and everything off.

Looking changes nothing; every change is one press, confirmed once it holds, and can be undone.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from litestar import Response, post, route
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import FromPath

from dangol.consent.evidence import Witness
from dangol.consent.preferences import (
    Wishes,
    limit_weekly,
    read_wishes,
    snooze,
    switch_topic,
)
from dangol.consent.purposes import (
    Collection,
    allow_collecting,
    list_collections,
    stop_collecting,
)
from dangol.content.tokens import TokenPurpose
from dangol.feedback.unsubscribe import (
    Subscription,
    origin_of,
    read_subscription,
    subscribe_again,
    unsubscribe,
    wait_for_calls,
)
from dangol.pages.ads import Ad, list_ads, switch_ads
from dangol.pages.choices_change import SLOW, Action, Change, read_change
from dangol.pages.choices_texts import CHOICE_TEXTS
from dangol.pages.choices_view import say_choices
from dangol.pages.limiter import take_turn
from dangol.pages.nights import Night, list_nights, switch_night
from dangol.pages.page import write_content
from dangol.pages.refusal import ask_to_wait, lead_to, refuse
from dangol.pages.texts import Texts
from dangol.pages.visit import (
    LOOK,
    Asked,
    Visit,
    open_page,
    path_to,
    pool_of,
    read_fields,
    time_of,
    vault_of,
)
from dangol.pages.visitor import Visitor, read_visitor
from dangol.store.connect import Connection
from dangol.store.vocabulary import ConsentSource

PAGE_SOURCE: Final = "preference page"
REST: Final = timedelta(days=30)
# What makes messages stop, and so waits for those under way.
STOPS: Final = (
    Action.MAIL_OFF,
    Action.ALL_OFF,
    Action.TOPIC_OFF,
    Action.WEEKLY,
    Action.REST,
    Action.NIGHT_OFF,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How things stand for a visitor."""

    visitor: Visitor
    mail: Subscription
    wishes: Wishes
    collections: list[Collection]
    nights: list[Night]
    ads: list[Ad]
    now: datetime


@route("/p/{token:str}", http_method=LOOK, include_in_schema=False)
async def show_choices(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Show what a customer chose; whoever only looks changes nothing."""
    return await sync_to_thread(lambda: look(request, state, token))


@post("/p/{token:str}", status_code=200, include_in_schema=False)
async def change_choices(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Do what one button asks for; what no button asks for changes nothing."""
    fields = read_fields(await request.body())
    change = read_change(fields.get("action", ""), fields.get("value", ""))
    return await sync_to_thread(lambda: act(request, state, token, change))


def look(request: Asked, state: State, token: str) -> Response[str]:
    with pool_of(state).connection() as connection:
        now = time_of(state, connection)
        visit = open_page(request, state, TokenPurpose.PREFERENCES, token, now=now)
        if wait_seconds := take_turn(state, request, token=token, is_good=visit.is_good):
            return ask_to_wait(visit, seconds=wait_seconds)
        scene = read_scene(connection, state, visit, now=now)
    if scene is None:
        return refuse(visit)
    texts = visit.texts(scene.visitor.workspace)
    words = CHOICE_TEXTS[texts.locale]
    return write_content(
        "choices",
        {
            "texts": asdict(words),
            "path": visit.form_path,
            "data_path": path_to(vault_of(state), TokenPurpose.HISTORY, visit=visit, now=now),
            **say_choices(
                words,
                visitor=scene.visitor,
                mail=scene.mail,
                wishes=scene.wishes,
                collections=scene.collections,
                nights=scene.nights,
                ads=scene.ads,
                done=visit.done,
                now=now,
            ),
        },
        title=words.title,
        texts=texts,
        workspace=scene.visitor.workspace,
    )


def act(request: Asked, state: State, token: str, change: Change | None) -> Response[str]:
    """Make one change and confirm it once it holds."""
    with pool_of(state).connection() as connection:
        now = time_of(state, connection)
        visit = open_page(request, state, TokenPurpose.PREFERENCES, token, now=now)
        if wait_seconds := take_turn(state, request, token=token, is_good=visit.is_good):
            return ask_to_wait(visit, seconds=wait_seconds)
        scene = read_scene(connection, state, visit, now=now)
        if scene is None:
            return refuse(visit)
        if change is None:
            return lead_to(visit.form_path)
        texts = visit.texts(scene.visitor.workspace)
        with connection.transaction():
            witness = Witness(vault=vault_of(state), evidence=visit.evidence)
            apply(connection, scene, change, texts=texts, witness=witness)
        if change.action is Action.WEEKLY:
            before = scene.wishes.weekly_messages or 0
            change = Change(action=change.action, value=change.value, before=before)
        stops = change.action in STOPS
        in_time = not stops or wait_for_calls(connection, subscription=scene.mail)
    return lead_to(visit.path_after(str(change) if in_time else f"{SLOW}{change}"))


def read_scene(
    connection: Connection, state: State, visit: Visit, *, now: datetime
) -> Scene | None:
    with connection.transaction():
        visitor = read_visitor(connection, vault_of(state), named=visit.named)
        if visitor is None:
            return None
        mail = read_subscription(
            connection, workspace_id=visitor.workspace_id, message_id=visitor.message_id
        )
        if mail is None:
            return None
        wishes = read_wishes(
            connection, workspace_id=visitor.workspace_id, customer_id=visitor.customer_id
        )
        collections = list_collections(
            connection, workspace_id=visitor.workspace_id, customer_id=visitor.customer_id
        )
        nights = list_nights(connection, visitor)
        ads = list_ads(connection, visitor, now=now)
    return Scene(
        visitor=visitor,
        mail=mail,
        wishes=wishes,
        collections=collections,
        nights=nights,
        ads=ads,
        now=now,
    )


def apply(
    connection: Connection, scene: Scene, change: Change, *, texts: Texts, witness: Witness
) -> None:
    """Write a change down; the caller commits."""
    visitor, now = scene.visitor, scene.now
    workspace_id, customer_id = visitor.workspace_id, visitor.customer_id
    at = {"workspace_id": workspace_id, "customer_id": customer_id}
    match change.action:
        case Action.MAIL_ON:
            _ = subscribe_again(
                connection,
                workspace_id=workspace_id,
                message_id=visitor.message_id,
                source=PAGE_SOURCE,
                wording=CHOICE_TEXTS[texts.locale].mail_wording.format(
                    shop=visitor.workspace.sender_name
                ),
                locale=texts.locale,
                now=now,
                witness=witness,
            )
        case Action.MAIL_OFF | Action.ALL_OFF:
            _ = unsubscribe(
                connection,
                workspace_id=workspace_id,
                message_id=visitor.message_id,
                source=PAGE_SOURCE,
                kind=ConsentSource.PAGE,
                now=now,
                witness=witness,
            )
            if change.action is Action.ALL_OFF:
                give(connection, scene, scene.ads, wanted=False, texts=texts, witness=witness)
        case Action.ADS_ON | Action.ADS_OFF:
            meant = [ad for ad in scene.ads if ad.place == change.value]
            wanted = change.action is Action.ADS_ON
            give(connection, scene, meant, wanted=wanted, texts=texts, witness=witness)
        case Action.TOPIC_ON | Action.TOPIC_OFF:
            wanted = change.action is Action.TOPIC_ON
            switch_topic(connection, **at, topic_id=change.value, wanted=wanted, now=now)
        case Action.WEEKLY:
            limit_weekly(connection, **at, messages=change.value or None, now=now)
        case Action.NIGHT_ON | Action.NIGHT_OFF:
            open_night(connection, scene, change, texts=texts, witness=witness)
        case Action.REST | Action.WAKE:
            until = now + REST if change.action is Action.REST else None
            snooze(connection, **at, until=until, now=now)
        case Action.COLLECT_ON | Action.COLLECT_OFF | Action.COLLECT_ERASE:
            collect(connection, scene, change, texts=texts, witness=witness)
        case _:
            assert_never(change.action)


def open_night(
    connection: Connection, scene: Scene, change: Change, *, texts: Texts, witness: Witness
) -> None:
    """Write down whether advertising may come at night on one channel."""
    for night in scene.nights:
        if night.place == change.value:
            switch_night(
                connection,
                scene.visitor,
                night,
                wanted=change.action is Action.NIGHT_ON,
                words=CHOICE_TEXTS[texts.locale],
                source=PAGE_SOURCE,
                witness=witness,
                now=scene.now,
            )


def give(
    connection: Connection,
    scene: Scene,
    ads: Sequence[Ad],
    *,
    wanted: bool,
    texts: Texts,
    witness: Witness,
) -> None:
    """Write down whether ad networks may be given addresses."""
    switch_ads(
        connection,
        scene.visitor,
        ads,
        wanted=wanted,
        words=CHOICE_TEXTS[texts.locale],
        source=PAGE_SOURCE,
        witness=witness,
        now=scene.now,
    )


def collect(
    connection: Connection, scene: Scene, change: Change, *, texts: Texts, witness: Witness
) -> None:
    """Write down what may be collected; a purpose that is not asked about changes nothing."""
    known = {one.purpose.id: one.purpose for one in scene.collections}
    purpose = known.get(change.value)
    if purpose is None:
        return
    visitor = scene.visitor
    at = {"workspace_id": visitor.workspace_id, "customer_id": visitor.customer_id}
    origin = origin_of(connection, **at, kind=ConsentSource.PAGE, witness=witness)
    if change.action is Action.COLLECT_ON:
        _ = allow_collecting(
            connection,
            purpose,
            **at,
            source=PAGE_SOURCE,
            locale=texts.locale,
            now=scene.now,
            origin=origin,
        )
        return
    _ = stop_collecting(
        connection,
        purpose,
        **at,
        source=PAGE_SOURCE,
        delete=change.action is Action.COLLECT_ERASE,
        now=scene.now,
        origin=origin,
    )
