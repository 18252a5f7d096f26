"""The served API keeps to its own description: no server error, no answer that it does not tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.browser.conftest import environment, fill_shop, serve
from tests.build import NOON
from tests.conftest import fresh_database
from tests.console.shop import EMAIL, PASSWORD

from dangol.app.description import describe
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

DESCRIPTION = describe(create_app(Settings()).openapi_schema.to_schema())
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
# What anybody may ask. The address of a hook, as of a vendor's callback, is itself a secret, and
# what is posted there is signed: to anybody else there is no such place.
PUBLIC = {
    "GET /health",
    "GET /ready",
    "POST /api/session",
    "DELETE /api/session",
    # By a note's own token.
    "POST /v1/inbox/{token}/shown",
    "POST /v1/inbox/{token}/dismissed",
}
# Well-formed, so that only who asks can be what is refused.
BODIES = {
    "/api/customers/{customer_id}/export": {"reason": "asked by post"},
    "/api/customers/{customer_id}/erasure": {"confirm": 1},
    "/api/customers/{customer_id}/merge": {"other_id": 2},
    "/api/accesses": {},
    "/api/limits": {
        "cap_messages": 3,
        "cap_days": 7,
        "daily_messages": 3,
        "sunset_messages": 10,
        "sunset_days": 90,
        "reduced_days": 14,
        "send_time_hours": 0,
        "holdout_permille": 0,
        "opt_out_limit": 0.01,
        "similar_goods": False,
        "consent_notices": True,
        "message_events": True,
        "quiet_from": "21:00",
        "quiet_until": "08:00",
    },
    "/api/limits/caps": {"messages": 1, "days": 7},
    "/api/limits/stops/resume": {"journey": "win-back", "template": "note"},
    "/api/results/prices": {"provider": "smtp", "kind": "email", "price": 0.4},
    "/api/webhooks/{name}": {"url": "https://desk.example/in"},
    "/api/webhooks/{name}/secret": {"hours": 24},
    "/api/webhooks/{name}/headers": {"name": "X-Shop", "value": "main"},
    "/api/webhooks/{name}/replay": {"hours": 24},
    "/api/audiences": {
        "name": "regulars",
        "segment": "regulars",
        "network": "meta",
        "network_ref": "1",
        "channels": ["email"],
        "most": 1,
        "days": 30,
    },
    "/api/segments/preview": {"definition": {}},
    "/api/segments/{name}": {"title_ko": "단골", "title_en": "Regulars", "definition": {}},
    "/v1/segments/preview": {"definition": {}},
    "/v1/segments/{name}": {"title_ko": "단골", "title_en": "Regulars", "definition": {}},
    "/v1/caps": {"messages": 1, "days": 7},
    "/v1/pictures": {"content": "AA=="},
    "/v1/audiences": {
        "name": "regulars",
        "segment": "regulars",
        "network": "meta",
        "network_ref": "1",
        "most": 1,
        "ends_at": "2027-06-01T00:00:00Z",
    },
    "/api/sending/pause": {"because": "we move"},
    "/api/sending/resume": {"overdue": "send"},
    "/api/sending/vendors/{name}/limit": {"per_second": 20},
    "/api/sending/vendors/{name}/receivers/{domain}": {"per_second": 20},
    "/api/sending/vendors/{name}/warm-up": {"start": 200, "growth": 1.5, "goal": 50000},
    "/api/deliveries/retry": {"because": "it is mended"},
    "/v1/sending/pause": {"because": "we move"},
    "/v1/sending/resume": {"overdue": "send"},
    "/v1/providers/{name}/limit": {"per_second": 20},
    "/v1/providers/{name}/receivers/{domain}": {"per_second": 20},
    "/v1/providers/{name}/warm-up": {"start": 200, "growth": 1.5, "goal": 50000},
    "/v1/deliveries/{delivery_id}/retry": {"because": "it is mended"},
    "/v1/journeys/preview": {"definition": {}},
    "/v1/journeys/{name}": {"definition": {}},
    "/v1/journeys/{name}/rollback": {"version": 1},
    "/v1/journeys/{name}/state": {"state": "paused"},
    "/v1/journeys/{name}/enrollments": {"who": "minji", "key": "1"},
    "/v1/journeys/{name}/explain": {"who": "minji"},
    "/v1/journeys/{name}/entry": {"who": "minji"},
    "/v1/webhooks/{name}": {"url": "https://shop.example/"},
    "/v1/webhooks/{name}/replay": {},
    "/v1/webhooks/{name}/rotate": {},
    "/v1/webhooks/{name}/headers": {"set": {"X-Api-Key": "k"}},
    "/v1/inbox": {"writeKey": "dk_b_1", "visit": "12345678", "page": "/"},
    "/v1/inbox/token": {"userId": "minji"},
    "/v1/topics": {"name": "news", "title_ko": "소식", "title_en": "News"},
    "/v1/templates/{channel}/{name}": {
        "purpose": "informational",
        "locale": "ko",
        "subject": "주문 안내",
        "body_text": "주문을 받았어요.",
    },
    "/v1/templates/{channel}/{name}/register": {"vendor": "solapi"},
    "/v1/customers/export": {"who": "minji"},
    "/v1/customers/erase": {"who": "minji"},
}
EXAMPLES = 8
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@dataclass(frozen=True)
class Served:
    """A live server, and what lets one in."""

    address: str
    headers: dict[str, str]


@pytest.fixture(scope="module")
def served(postgres, template_database, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("schema")
    with contextmanager(fresh_database)(postgres, template=template_database) as dsn:
        fill_shop(dsn)
        with serve(environment(dsn, folder=folder), log=folder / "serve.log") as address:
            yield Served(address, {"Authorization": f"Bearer {key_of(dsn)}", **session(address)})


def key_of(dsn: str) -> str:
    with connect(dsn) as connection, connection.transaction():
        [(workspace,)] = connection.execute("select id from workspace").fetchall()
        return create_api_key(
            connection,
            workspace_id=workspace,
            kind=ApiKeyKind.SERVER,
            now=NOON,
            scopes=list(ApiKeyScope),
        )


def session(address: str) -> dict[str, str]:
    answer = httpx.post(
        f"{address}/api/session", json={"email": EMAIL, "password": PASSWORD}
    ).raise_for_status()
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def label(operation: schemathesis.APIOperation) -> str:
    return operation.label


@pytest.mark.parametrize("operation", OPERATIONS, ids=label)
def test_every_answer_is_one_that_the_description_tells(served, operation):
    # Signing in or out would end the session that the others need.
    headers = {} if "session" in operation.path else served.headers

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=served.address, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    ask()


@pytest.mark.parametrize("operation", OPERATIONS, ids=label)
def test_nobody_is_let_in_without_what_lets_in(served, operation):
    path = operation.path.format_map(Anything(channel="sms"))

    body = BODIES.get(operation.path, {"batch": []})
    answer = httpx.request(operation.method, served.address + path, json=body)

    if operation.label in PUBLIC:
        assert answer.status_code < 500
    else:
        hidden = "{token}" in operation.path
        assert answer.status_code in {401, 404 if hidden else 401}
        assert answer.json()["message"]


class Anything(dict[str, str]):
    """Stands for every parameter of a path."""

    def __missing__(self, _: str) -> str:
        return "1"
