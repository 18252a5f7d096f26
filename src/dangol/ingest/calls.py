"""The shapes in which Segment's clients send their calls, read from JSON."""

from typing import Final, TypeVar

import msgspec

from dangol.ingest.device import Device, device_of
from dangol.ingest.event import Json
from dangol.ingest.fault import BadPayload

Shape = TypeVar("Shape")
# What JSON is made of cannot refer to itself, so the collector need not look for that (gc=False).
NOTHING: Final = msgspec.Raw(b"null")
ABSENT: Final = msgspec.Raw(b"")
EMPTY: Final = frozenset({b"", b"{}", b"null"})


class Dangol(msgspec.Struct, frozen=True, gc=False):
    """Our own corner of a call's context."""

    consents: msgspec.Raw = NOTHING


class ContextBase(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What a context says of the machine, unread: in this, no event can be wrong."""

    user_agent: msgspec.Raw = ABSENT
    user_agent_data: msgspec.Raw = ABSENT
    device: msgspec.Raw = ABSENT

    def find_device(self) -> Device | None:
        """Return on what it happened, where that is said."""
        agent, machine, hints = self.user_agent, self.device, self.user_agent_data
        if agent is ABSENT and machine is ABSENT and hints is ABSENT:
            return None
        return device_of(bytes(agent), bytes(machine), bytes(hints))

    def may_name_token(self) -> bool:
        """Tell whether the device may say by which token it is sent notifications."""
        machine = self.device
        return machine is not ABSENT and (b'"token"' in bytes(machine) or b"\\" in bytes(machine))


class Context(ContextBase, frozen=True, rename="camel", gc=False):
    """The part of a call's context that is about the person, and what they held."""

    locale: object = None
    timezone: object = None
    traits: Json | None = None
    dangol: Dangol | None = None

    def over(self, outer: "Context | None") -> "Context":
        """Return this context with what it leaves open taken from the batch's."""
        if outer is None:
            return self
        machine = self if self.find_device() else outer
        return Context(
            user_agent=machine.user_agent,
            user_agent_data=machine.user_agent_data,
            device=self.device if self.may_name_token() else machine.device,
            locale=outer.locale if self.locale is None else self.locale,
            timezone=outer.timezone if self.timezone is None else self.timezone,
            traits={**(outer.traits or {}), **(self.traits or {})},
            dangol=self.dangol or outer.dangol,
        )


class QuietContext(ContextBase, frozen=True, rename="camel", gc=False):
    """What a context may say of the person, unread."""

    traits: msgspec.Raw = ABSENT
    dangol: msgspec.Raw = ABSENT

    def is_quiet(self) -> bool:
        """Tell whether it says nothing of the person."""
        return is_nothing(self.traits) and is_nothing(self.dangol) and not self.may_name_token()


def is_nothing(said: msgspec.Raw) -> bool:
    """Tell whether a field is absent, null or empty."""
    return said is ABSENT or bytes(said) in EMPTY


class CallBase(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What every reading of a call takes from it in the same way."""

    type: str | None = None
    event: str | None = None
    name: str | None = None
    message_id: str | int | None = None
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None


class Call(CallBase, frozen=True, rename="camel", gc=False):
    """One call as it travels; unknown fields are passed over."""

    previous_id: str | int | None = None
    group_id: str | int | None = None
    properties: Json | None = None
    traits: Json | None = None
    context: Context | None = None


class Envelope(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What surrounds one call or a batch of them."""

    batch: list[msgspec.Raw] | None = None
    write_key: str | None = None
    sent_at: str | None = None
    context: Context | None = None


DECODE_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
DECODE_CALL: Final = msgspec.json.Decoder(Call)


def open_envelope(body: bytes) -> Envelope:
    """Read what surrounds the calls.

    Raises:
        BadPayload: it is no JSON object of the expected shape.
    """
    return decode(DECODE_ENVELOPE, body, whole="the body")


def read_call(text: bytes | msgspec.Raw) -> Call:
    """Read one call.

    Raises:
        BadPayload: it is no JSON object of the expected shape.
    """
    return decode(DECODE_CALL, text, whole="the event")


def decode(
    decoder: "msgspec.json.Decoder[Shape]", text: bytes | msgspec.Raw, *, whole: str
) -> Shape:
    """Read JSON into its shape.

    Raises:
        BadPayload: saying what is wrong and where.
    """
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        fault = BadPayload("bad_shape", f"In {whole}: {error}. Correct that field.")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        fault = BadPayload("bad_json", f"{whole} is no JSON in UTF-8: {error}.".capitalize())
    except RecursionError:
        fault = BadPayload("bad_json", f"{whole} is nested too deeply: flatten it.".capitalize())
    raise fault
