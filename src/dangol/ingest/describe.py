"""The tracking API in OpenAPI's words: the bodies are read by hand, so they are told by hand."""

from collections.abc import Mapping, Sequence
from typing import Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    PathItem,
    Reference,
    RequestBody,
    Schema,
)

from dangol.ingest.fault import HOOK_STATUS, STATUS, Refusal
from dangol.ingest.payload import LARGEST_BODY, LARGEST_EVENT, MOST_EVENTS
from dangol.ingest.values import LONGEST_ID
from dangol.store.vocabulary import EventType

# The scheme's name; the application says what it is.
WRITE_KEY: Final = "write_key"


def text(description: str, *, form: OpenAPIFormat | None = None) -> Schema:
    return Schema(type=OpenAPIType.STRING, description=description, format=form)


def identity(description: str) -> Schema:
    kinds = [OpenAPIType.STRING, OpenAPIType.INTEGER, OpenAPIType.NULL]
    return Schema(type=kinds, max_length=LONGEST_ID, description=description)


def anything(description: str) -> Schema:
    return Schema(type=OpenAPIType.OBJECT, description=description)


CONTEXT: Final = Schema(
    type=OpenAPIType.OBJECT,
    description="What was so when it happened; other fields are passed over.",
    properties={
        "locale": text("The person's language, like ko-KR."),
        "timezone": text("The person's time zone, like Asia/Seoul."),
        "traits": anything("Traits, as in an identify call."),
        "userAgent": text("The browser's own text; becomes the property device."),
        "userAgentData": anything("The browser's client hints, read before userAgent."),
        "device": anything(
            "An app's device: its type and model, read before both; by its token, with its id, it "
            "is sent notifications."
        ),
        "dangol": Schema(
            type=OpenAPIType.OBJECT,
            properties={
                "consents": Schema(
                    type=OpenAPIType.ARRAY,
                    items=anything("channel, purpose, action and, with a server key, source."),
                    description="What the person allowed or forbade; see the tracking guide.",
                )
            },
        ),
    },
)
COMMON: Final[dict[str, Reference | Schema]] = {
    "userId": identity("Your own id of the person; this or anonymousId, or a contact in traits."),
    "anonymousId": identity("Who it is while nobody has logged in."),
    "messageId": identity("The same id acts once, however often it is sent."),
    "timestamp": text("When it happened, with an offset.", form=OpenAPIFormat.DATE_TIME),
    "sentAt": text(
        "When it was sent, by the same clock; corrects a clock that is wrong.",
        form=OpenAPIFormat.DATE_TIME,
    ),
    "context": CONTEXT,
    "integrations": anything("Passed over."),
    "writeKey": text("The key, where no Authorization header can be sent."),
}
PROPERTIES: Final = anything(
    "What is worth knowing; revenue or total, quantity, currency, order_id, product_id and "
    "category are kept as columns."
)
TRAITS: Final = anything("What the person is like; email and phone are sealed.")
OWN: Final[dict[EventType, dict[str, Reference | Schema]]] = {
    EventType.TRACK: {
        "event": text("What happened, like Order Completed."),
        "properties": PROPERTIES,
    },
    EventType.IDENTIFY: {"traits": TRAITS},
    EventType.PAGE: {"name": text("The page."), "properties": PROPERTIES},
    EventType.SCREEN: {"name": text("The screen."), "properties": PROPERTIES},
    EventType.GROUP: {"groupId": identity("The group."), "traits": anything("The group's.")},
    EventType.ALIAS: {"previousId": identity("Who userId was until now.")},
}
REQUIRED: Final = {EventType.TRACK: ["event"], EventType.ALIAS: ["previousId", "userId"]}
EXAMPLES: Final = {
    EventType.TRACK: {
        "userId": "minji",
        "event": "Order Completed",
        "messageId": "order-A1",
        "properties": {"order_id": "A1", "revenue": 36000, "currency": "KRW"},
    },
    EventType.IDENTIFY: {"userId": "minji", "traits": {"email": "minji@shop.example"}},
    EventType.PAGE: {"anonymousId": "7f3a", "name": "Home"},
    EventType.SCREEN: {"anonymousId": "7f3a", "name": "Basket"},
    EventType.GROUP: {"userId": "minji", "groupId": "regulars"},
    EventType.ALIAS: {"userId": "minji", "previousId": "7f3a"},
}


def call_schema(kind: EventType) -> Schema:
    """Describe one call."""
    return Schema(
        type=OpenAPIType.OBJECT,
        properties={**OWN[kind], **COMMON},
        required=REQUIRED.get(kind),
        description=f"One call, of at most {LARGEST_EVENT // 1024} KB.",
        examples=[EXAMPLES[kind]],
    )


def batch_schema() -> Schema:
    """Describe a batch of calls."""
    kinds = [kind.value for kind in EventType]
    call = Schema(
        type=OpenAPIType.OBJECT,
        properties={
            "type": Schema(type=OpenAPIType.STRING, enum=kinds),
            **{name: schema for own in OWN.values() for name, schema in own.items()},
            "traits": TRAITS,
            **COMMON,
        },
        required=["type"],
    )
    return Schema(
        type=OpenAPIType.OBJECT,
        properties={
            "batch": Schema(type=OpenAPIType.ARRAY, items=call, max_items=MOST_EVENTS),
            **{name: COMMON[name] for name in ("context", "sentAt", "integrations", "writeKey")},
        },
        required=["batch"],
        description=f"At most {MOST_EVENTS} calls and {LARGEST_BODY // 1024} KB.",
        examples=[{"batch": [{"type": "track", **EXAMPLES[EventType.TRACK]}]}],
    )


def tracking_paths(paths: Mapping[str | None, Sequence[str]]) -> dict[str, PathItem]:
    """Describe every path of the tracking API; ``paths`` says which lead to which kind of call."""
    return {
        path: PathItem(post=describe_call(path_type, name=f"{path_type or 'batch'}{place or ''}"))
        for path_type, known in paths.items()
        for place, path in enumerate(known)
    }


def describe_call(path_type: str | None, *, name: str) -> Operation:
    """Describe one kind of call; None is a batch."""
    schema = call_schema(EventType(path_type)) if path_type else batch_schema()
    return Operation(
        tags=["tracking"],
        summary=f"Take one {path_type} call." if path_type else "Take a batch of calls.",
        operation_id=f"take_{name}",
        request_body=RequestBody(
            description="JSON in UTF-8 whatever the Content-Type says; may be gzipped.",
            content={"application/json": OpenAPIMediaType(schema=schema)},
            required=True,
        ),
        responses={"200": TAKEN, **{str(status): refusal_of(status) for status in REFUSALS}},
        # The key may also stand in the body.
        security=[{WRITE_KEY: []}, {}],
    )


def json_response(description: str, **properties: Schema) -> OpenAPIResponse:
    """Describe an answer in JSON that always has these fields."""
    schema = Schema(type=OpenAPIType.OBJECT, properties={**properties}, required=sorted(properties))
    return OpenAPIResponse(
        description=description, content={"application/json": OpenAPIMediaType(schema=schema)}
    )


def refusal_of(status: int) -> OpenAPIResponse:
    """Describe an answer that says no."""
    return json_response(
        codes_of(status), code=text("For programs."), message=text("What to do about it.")
    )


def codes_of(status: int) -> str:
    """Say which codes an answer of this status may carry."""
    codes = (code for code, one in (STATUS | HOOK_STATUS).items() if one == status)
    return f"code is one of: {', '.join(codes)}."


REFUSALS: Final = (400, 401, 403, 413, 429, 503)
TAKEN: Final = json_response(
    "Every accepted event is durable.",
    success=Schema(type=OpenAPIType.BOOLEAN),
    accepted=Schema(type=OpenAPIType.INTEGER, description="How many events were taken."),
    refused=Schema(
        type=OpenAPIType.ARRAY,
        description="The events of a batch that were not taken, each with its place and why.",
        items=Schema(
            type=OpenAPIType.OBJECT,
            properties={
                "index": Schema(type=OpenAPIType.INTEGER),
                "code": text("For programs."),
                "message": text("What to do about it."),
            },
        ),
    ),
)


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Describe the answers that say no, with the codes each may carry."""
    return {
        status: ResponseSpec(
            Refusal,
            generate_examples=False,
            description=codes_of(status),
        )
        for status in statuses
    }
