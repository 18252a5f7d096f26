"""The HTTP application: what every stage offers to the outside, put together."""

import gc
import logging
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from litestar import Litestar, Request, Response, get
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Message, Scope
from psycopg_pool import PoolTimeout

from dangol.app.amazon import Amazon
from dangol.app.audience_routes import audience_routes
from dangol.app.callbacks import callback_routes
from dangol.app.cap_routes import cap_routes
from dangol.app.clock import machine_time, shifted_clock
from dangol.app.console_files import show_console
from dangol.app.console_setup import read_setup
from dangol.app.decision_routes import decision_routes
from dangol.app.delivery_routes import delivery_routes
from dangol.app.description import describe
from dangol.app.fence import open_fence
from dangol.app.health import show_health, show_readiness
from dangol.app.history import open_lake
from dangol.app.inbox_routes import inbox_routes
from dangol.app.journey_routes import journey_routes
from dangol.app.keyfile import open_vault
from dangol.app.logs import configure_logs
from dangol.app.picture_routes import picture_routes
from dangol.app.providers import known_vendors
from dangol.app.results import result_routes
from dangol.app.rights_routes import rights_routes
from dangol.app.segment_routes import segment_routes
from dangol.app.sending_routes import sending_routes
from dangol.app.settings import Settings, load_settings
from dangol.app.supervisor import end_with_parent
from dangol.app.template_routes import template_routes
from dangol.app.topic_routes import topic_routes
from dangol.app.vendor_callbacks import vendor_callback_routes
from dangol.app.webhook_routes import webhook_routes
from dangol.console import console_routes
from dangol.ingest.describe import WRITE_KEY, tracking_paths
from dangol.ingest.http import PATHS, ingest_routes
from dangol.ingest.limiter import Limiter
from dangol.ingest.shops.http import shop_routes
from dangol.pages import page_routes
from dangol.pages.limiter import PageLimiter
from dangol.store.connect import open_pool
from dangol.store.vocabulary import ApiKeyKind

LOGGER: Final = logging.getLogger("dangol.http")
LARGEST_BODY: Final = 10_000_000
RETRY_SECONDS: Final = "2"
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

BASIC: Final = SecurityScheme(
    type="http", scheme="basic", description="The write key as user name, no password."
)


class RefusedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One of several faults, at its place in what was sent."""

    path: str
    message: str
    message_ko: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not done, and what to do about it.

    A condition's faults are also said in Korean, with the place in its tree; of a journey, which
    may have several, ``faults`` lists each.
    """

    code: str
    message: str
    message_ko: str = ""
    path: str = ""
    faults: tuple[RefusedPart, ...] = ()


def create_server_app() -> Litestar:
    """Return the application of a server's worker process, with its environment's settings."""
    end_with_parent()
    app = create_app(load_settings(os.environ, folder=Path.cwd()))
    # What is there by now stays: the garbage collector need not look at it again.
    _ = gc.collect()
    gc.freeze()
    return app


def create_app(settings: Settings) -> Litestar:
    """Return the application."""
    configure_logs(settings.log_level)
    app = Litestar(
        route_handlers=[
            *ingest_routes,
            *shop_routes,
            *page_routes,
            *console_routes,
            *callback_routes,
            *vendor_callback_routes,
            *rights_routes,
            *segment_routes,
            *journey_routes,
            *webhook_routes,
            *topic_routes,
            *picture_routes,
            *decision_routes,
            *inbox_routes,
            *cap_routes,
            *audience_routes,
            *sending_routes,
            *delivery_routes,
            *result_routes,
            *template_routes,
            show_health,
            show_readiness,
            show_schema,
            show_console,
        ],
        state=State({"settings": settings}),
        lifespan=[open_state(settings)],
        request_max_body_size=LARGEST_BODY,
        before_send=[add_headers],
        exception_handlers={
            HTTPException: refuse,
            psycopg.OperationalError: ask_to_retry,
            PoolTimeout: ask_to_retry,
            psycopg.DataError: refuse_value,
            RecursionError: refuse_depth,
            Exception: own_up,
        },
        openapi_config=OpenAPIConfig(
            title="Dangol",
            version=version("dangol"),
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            components=Components(security_schemes={WRITE_KEY: BASIC}),
        ),
        logging_config=None,
    )
    # Handlers at the level of ASGI are not described by themselves.
    app.openapi_schema.paths = {**(app.openapi_schema.paths or {}), **tracking_paths(PATHS)}
    return app


def open_state(settings: Settings) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Return what gives the handlers their pool, vault, clock and lake while the server runs."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None, None]:
        pool = open_pool(settings.database_url, size=settings.pool_size)
        vendors = known_vendors(settings)
        app.state.update(
            pool=pool,
            vault=open_vault(settings.key_path),
            clock=shifted_clock,
            fence=open_fence(settings),
            machine_clock=machine_time,
            limiter=limiter_of(settings),
            page_limiter=PageLimiter(clock=machine_time),
            lake=open_lake(settings),
            amazon=Amazon(),
            base_url=settings.public_url,
            channels=frozenset(
                channel for vendor in vendors if vendor.is_set for channel in vendor.channels
            ),
            vendors=vendors,
            setup=read_setup(settings, vendors=vendors),
            mailbox_folder=Path(settings.mailbox_folder) if settings.mailbox_folder else None,
        )
        try:
            yield
        finally:
            pool.close()

    return lifespan


def limiter_of(settings: Settings) -> Limiter:
    """Return what keeps each write key to its rate."""
    rates = {
        ApiKeyKind.BROWSER: settings.browser_events_per_second,
        ApiKeyKind.SERVER: settings.server_events_per_second,
    }
    return Limiter(rates=rates, clock=machine_time)


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def show_schema(request: Request[object, object, State]) -> dict[str, object]:
    """Return the API's description."""
    return describe(request.app.openapi_schema.to_schema())


async def add_headers(message: Message, _: Scope) -> None:
    """Add the headers that keep browsers careful, where a handler has not set its own."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders(message)
        for name, value in HEADERS.items():
            if name not in headers:
                headers[name] = value


def refuse(_: Request[object, object, State], error: HTTPException) -> Response[Refusal]:
    """Say in JSON why the request was refused."""
    message = error.detail
    if error.status_code == 413:  # noqa: PLR2004 - the protocol's number says it best
        message = "The body is larger than 10 MB. Split it into smaller requests."
    said = error.extra if isinstance(error.extra, dict) else {}
    code = str(said.get("code") or type(error).__name__.removesuffix("Exception"))
    return Response(
        Refusal(
            code=code,
            message=message,
            message_ko=str(said.get("message_ko") or ""),
            path=str(said.get("path") or ""),
            faults=msgspec.convert(said.get("faults") or (), tuple[RefusedPart, ...]),
        ),
        status_code=error.status_code,
        headers=error.headers or {},
    )


def ask_to_retry(_: Request[object, object, State], error: Exception) -> Response[Refusal]:
    """Say that the database is away: nothing was accepted, so the client shall try again."""
    LOGGER.warning("the database is away", exc_info=error)
    message = "The database cannot be reached. Nothing was stored; send the request again."
    return Response(
        Refusal(code="Unavailable", message=message),
        status_code=503,
        headers={"Retry-After": RETRY_SECONDS},
    )


def refuse_value(_: Request[object, object, State], error: Exception) -> Response[Refusal]:
    """Say that the database cannot hold a value of the request, and log which."""
    LOGGER.warning("the database cannot hold a value", exc_info=error)
    message = "A value is out of range or holds a NUL character: correct the request."
    return Response(Refusal(code="bad_value", message=message), status_code=400)


def refuse_depth(_: Request[object, object, State], __: Exception) -> Response[Refusal]:
    """Say that a body is nested deeper than anything we take."""
    message = "The body is nested too deep to be read: send a flatter one."
    return Response(Refusal(code="too_deep", message=message), status_code=400)


def own_up(request: Request[object, object, State], error: Exception) -> Response[Refusal]:
    """Say that the fault is ours, and log where it is."""
    LOGGER.error("request failed", exc_info=error, extra={"method": request.method, "status": 500})
    message = "Something went wrong on our side; the log says where. Send the request again later."
    return Response(Refusal(code="InternalError", message=message), status_code=500)
