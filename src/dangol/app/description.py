"""The API's description as it is served: what every operation shares is told here, once.

Litestar describes refusals in words of its own; ours carry ``code`` and ``message``, and any
operation may find the database away.
"""

from typing import Final, cast

Json = dict[str, object]

REFUSAL: Final[Json] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "message_ko": {"type": "string"},
        "path": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message", "message_ko"],
                "properties": {
                    "path": {"type": "string"},
                    "message": {"type": "string"},
                    "message_ko": {"type": "string"},
                },
            },
        },
    },
}
AWAY: Final = "The database is away: nothing was done; ask again after Retry-After seconds."
FIRST_REFUSAL: Final = 400
NO_CONTENT: Final = "204"


def describe(schema: Json) -> Json:
    """Return a generated description with refusals as they are really answered."""
    paths = cast("dict[str, dict[str, Json]]", schema["paths"])
    for operations in paths.values():
        for operation in operations.values():
            responses = cast("dict[str, Json]", operation["responses"])
            operation["responses"] = correct(responses)
    return schema


def correct(responses: dict[str, Json]) -> dict[str, Json]:
    """Return an operation's answers, the one of an absent database among them."""
    corrected = {status: answer(status, said) for status, said in responses.items()}
    away: Json = {"description": AWAY, "content": {"application/json": {"schema": REFUSAL}}}
    return {**corrected, "503": corrected.get("503", away)}


def answer(status: str, said: Json) -> Json:
    """Return one answer with the body that it really has."""
    if status == NO_CONTENT:
        return {name: value for name, value in said.items() if name != "content"}
    if int(status) < FIRST_REFUSAL or "Readiness" in str(said):
        return said
    return {**said, "content": {"application/json": {"schema": REFUSAL}}}
