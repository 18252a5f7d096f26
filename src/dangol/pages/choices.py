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
from dangol.feedback.unsubscribe import origin_of, wait_for_calls
from dangol.feedback.ways import Way, list_ways, stop_way
from dangol.pages.ads import Ad, list_ads, switch_ads
from dangol.pages.choices_change import (
    SLOW,
    Action,
    Change,
    name_places,
    read_change,
    read_places,
)
from dangol.pages.choices_texts import CHOICE_TEXTS
from dangol.pages.choices_view import say_choices
from dangol.pages.limiter import take_turn
from dangol.pages.nights import PLACES, Night, list_nights, switch_night
from dangol.pages.page import write_content
from dangol.pages.refusal import ask_to_wait, lead_to, refuse
from dangol.pages.texts import Texts
from dangol.pages.visit import (
    LOOK,
    Asked,
    Visit,
    channels_of,
    open_page,
    path_to,
    pool_of,
    read_fields,
    time_of,
    vault_of,
)
from dangol.pages.visitor import Visitor, read_visitor
from dangol.pages.ways import agree_to_way, ways_to_show
from dangol.store.connect import Connection
from dangol.store.vocabulary import ConsentSource, ConsentState

PAGE_SOURCE: Final = "preference page"
REST: Final = timedelta(days=30)
# What makes messages stop, and so waits for those under way.
STOPS: Final = (
    Action.WAY_OFF,
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
    # All that there are; those in ``shown`` have a switch.
    ways: list[Way]
    shown: list[Way]
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
                ways=scene.ways,
                shown=scene.shown,
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
        if change.action is Action.ALL_OFF:
            before = name_places(way for way in scene.ways if way.is_on)
            change = Change(action=change.action, before=before)
        in_time = change.action not in STOPS or all(
            wait_for_calls(connection, subscription=way.subscription)
            for way in ways_meant(scene, change)
        )
    return lead_to(visit.path_after(str(change) if in_time else f"{SLOW}{change}"))


def read_scene(
    connection: Connection, state: State, visit: Visit, *, now: datetime
) -> Scene | None:
    with connection.transaction():
        visitor = read_visitor(connection, vault_of(state), named=visit.named)
        if visitor is None:
            return None
        ways = list_ways(
            connection, workspace_id=visitor.workspace_id, message_id=visitor.message_id
        )
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
        ways=ways,
        shown=ways_to_show(ways, channels=channels_of(state)),
        wishes=wishes,
        collections=collections,
        nights=nights,
        ads=ads,
        now=now,
    )


def ways_meant(scene: Scene, change: Change) -> list[Way]:
    """Return the channels that a change is about; the message's own where it names none."""
    match change.action:
        case Action.WAY_ON | Action.WAY_OFF:
            return [way for way in scene.shown if PLACES[way.channel] == change.value]
        case Action.ALL_ON:
            meant = read_places(change.value)
            # Only what was taken back comes back; of anything else the page has a switch.
            return [
                way
                for way in scene.ways
                if PLACES[way.channel] in meant and way.subscription.state is ConsentState.WITHDRAWN
            ]
        case Action.ALL_OFF:
            return scene.ways
        case _:
            return [way for way in scene.ways if way.is_own]


def apply(
    connection: Connection, scene: Scene, change: Change, *, texts: Texts, witness: Witness
) -> None:
    """Write a change down; the caller commits."""
    visitor, now = scene.visitor, scene.now
    workspace_id, customer_id = visitor.workspace_id, visitor.customer_id
    at = {"workspace_id": workspace_id, "customer_id": customer_id}
    match change.action:
        case Action.WAY_ON | Action.ALL_ON:
            for way in ways_meant(scene, change):
                agree_to_way(
                    connection,
                    visitor,
                    way,
                    words=CHOICE_TEXTS[texts.locale],
                    source=PAGE_SOURCE,
                    witness=witness,
                    now=now,
                )
        case Action.WAY_OFF | Action.ALL_OFF:
            for way in ways_meant(scene, change):
                stop_way(
                    connection,
                    way,
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
    origin = origin_of(
        connection,
        workspace_id=visitor.workspace_id,
        customer_id=visitor.customer_id,
        kind=ConsentSource.PAGE,
        witness=witness,
    )
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
