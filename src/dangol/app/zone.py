"""What stands in the DNS of a domain: text records, mail servers."""

from typing import Final

import dns.exception
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

SECONDS: Final = 4.0


class ZoneError(Exception):
    """No name server answered; nothing is known."""


def make_resolver() -> dns.resolver.Resolver:
    """Return the machine's resolver, with little patience.

    Raises:
        ZoneError: the machine names none.
    """
    try:
        resolver = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise ZoneError("This machine names no resolver.") from error
    resolver.lifetime = SECONDS
    return resolver


def read_texts(name: str, *, resolver: dns.resolver.Resolver | None = None) -> list[str]:
    """Return the text records of a name, each joined from its pieces; none where it has none.

    Raises:
        ZoneError: no name server answered.
    """
    return [
        b"".join(record.strings).decode("ascii", "replace")
        for record in ask(name, "TXT", resolver)
        if isinstance(record, TXT)
    ]


def read_mail_servers(name: str, *, resolver: dns.resolver.Resolver | None = None) -> list[str]:
    """Return the hosts that take a domain's mail, the most wanted first.

    Raises:
        ZoneError: no name server answered.
    """
    found = [record for record in ask(name, "MX", resolver) if isinstance(record, MX)]
    return [str(one.exchange) for one in sorted(found, key=lambda one: one.preference)]


def ask(name: str, kind: str, resolver: dns.resolver.Resolver | None) -> list[object]:
    try:
        answer = (resolver or make_resolver()).resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise ZoneError(f"No name server answered for {name}: {type(error).__name__}.") from error
    return list(answer)


def is_same_record(found: str, wanted: str) -> bool:
    """Tell whether a key record says the same, however it is spaced."""
    return read_tags(found).get("p") == read_tags(wanted).get("p") != ""


def read_tags(text: str) -> dict[str, str]:
    """Read ``a=b; c=d``; spaces mean nothing, and the first of equal names counts."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, separator, value = part.partition("=")
        if separator:
            _ = tags.setdefault(name.strip().lower(), "".join(value.split()))
    return tags
