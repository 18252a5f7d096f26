"""The fields of a mail that a service is told, and how they are put into what it wants."""

import re
from collections.abc import Iterator, Mapping
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from typing import Final, cast

from dangol.providers.vendor import Outgoing

PARSER: Final = BytesParser(policy=policy.default)
GAP: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FIELDS: Final = (
    # What we call the mail: the same at every attempt.
    "key",
    # As "Name <name@shop.example>", and its parts.
    "from",
    "from_name",
    "from_email",
    "to",
    "subject",
    "text",
    "html",
    # The headers that must reach the receiver: as an object, and as a list of Name and Value.
    "headers",
    "header_list",
    "stream",
)
# Services write the others themselves.
KEPT_HEADERS: Final = ("List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID")
WAY_OUT: Final = "List-Unsubscribe"


def fields_of(mail: Outgoing, *, streams: Mapping[str, str]) -> dict[str, object]:
    """Return the fields of a mail, by the names in ``FIELDS``."""
    read = PARSER.parsebytes(mail.as_mail())
    name, address = parseaddr(str(read["From"]))
    kept = {header: str(read[header]) for header in KEPT_HEADERS if header in read}
    return {
        "key": mail.vendor_id.strip("<>").partition("@")[0],
        "from": f"{quote(name)} <{address}>" if name else address,
        "from_name": name,
        "from_email": address,
        "to": mail.recipient,
        "subject": str(read["Subject"]),
        "text": part_of(read, "plain"),
        "html": part_of(read, "html"),
        "headers": kept,
        "header_list": [{"Name": header, "Value": value} for header, value in kept.items()],
        # An advertisement is what carries a way out (channels/render).
        "stream": streams.get("marketing" if WAY_OUT in kept else "informational", ""),
    }


def part_of(read: EmailMessage, kind: str) -> str:
    part = read.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def quote(name: str) -> str:
    """Write a display name so that no sign in it ends it."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fill(form: object, values: Mapping[str, object]) -> object:
    """Return a form with its gaps filled; a text that is one gap becomes what stands there."""
    if isinstance(form, dict):
        return {name: fill(one, values) for name, one in cast("dict[str, object]", form).items()}
    if isinstance(form, list):
        return [fill(one, values) for one in cast("list[object]", form)]
    return fill_text(form, values) if isinstance(form, str) else form


def fill_text(form: str, values: Mapping[str, object]) -> object:
    whole = GAP.fullmatch(form)
    if whole:
        return values[whole[1]]
    return GAP.sub(lambda gap: str(values[gap[1]]), form)


def gaps_in(form: object) -> Iterator[str]:
    """Yield the names of the gaps in a form."""
    if isinstance(form, dict):
        form = list(cast("dict[str, object]", form).values())
    if isinstance(form, list):
        for one in cast("list[object]", form):
            yield from gaps_in(one)
    elif isinstance(form, str):
        yield from (gap[1] for gap in GAP.finditer(form))


def find(said: object, path: str) -> str:
    """Return the text or number at a path like ``errors.0.message``; empty where there is none."""
    for name in path.split(".") if path else ():
        if isinstance(said, dict):
            said = cast("dict[str, object]", said).get(name)
        elif isinstance(said, list) and name.isdecimal():
            said = dict(enumerate(cast("list[object]", said))).get(int(name))
        else:
            return ""
    is_text = isinstance(said, str | int | float) and not isinstance(said, bool)
    return str(said) if path and is_text else ""
