"""Addresses that we may call: read strictly, so that no two readers understand them differently."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final

from dangol.providers.egress.address import Address, is_loopback, is_public, read_address

LONGEST: Final = 2_048
LONGEST_SHOWN: Final = 200
PORTS: Final = {"https": 443, "http": 80}
LARGEST_PORT: Final = 65_535
# Only what cannot mean anything else: no user, no fragment, no backslash, no percent in a host.
URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z]+)://"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>/[!-~]*|\?[!-~]*)?"
)
UNSAFE: Final = re.compile(r"[\\#\"<>^`{|}]")
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# A host whose last part looks like a number is one to some readers, as 127.1 and 0x7f000001 are.
NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names that are never somebody else's.
INWARD: Final = (
    ".localhost",
    ".local",
    ".localdomain",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
)
LONGEST_NAME: Final = 253


class RefusedTarget(ValueError):  # noqa: N818 - it is the target that is refused
    """An address that is not to be called; the text names it and says what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address taken apart; ``host`` is a name, or an address without brackets."""

    scheme: str
    host: str
    port: int
    # Path and query, as they are sent.
    path: str
    # Where the host is an address itself.
    address: Address | None


def read_target(url: str, *, loopback: bool = False) -> Target:
    """Take an address apart; with ``loopback`` this machine may be called, also by http.

    Raises:
        RefusedTarget: it is not https, not plainly written, or leads into a private network.
    """
    found = URL.fullmatch(url) if len(url) <= LONGEST else None
    if found is None or UNSAFE.search(url):
        raise refused(
            url,
            "is not a plain address",
            "Write https://host/path in ASCII, at most 2,048 characters, without user name, "
            "password or fragment, and a host in other letters in its xn-- form",
        )
    scheme = found["scheme"].lower()
    if scheme not in (PORTS if loopback else {"https"}):
        raise refused(url, f"begins with {scheme}", "Use https")
    port = int(found["port"]) if found["port"] else PORTS[scheme]
    if not 1 <= port <= LARGEST_PORT:
        raise refused(url, f"has the port {port}", "Use one from 1 to 65535")
    host, address = read_host(url, found["host"].lower(), loopback=loopback)
    if address is not None:
        _ = check_addresses(host, [address], loopback=loopback)
    if scheme != "https" and not is_here(host, address):
        raise refused(
            url, f"begins with {scheme}", "Use https: only this machine is called by http"
        )
    path = found["target"] or "/"
    return Target(
        scheme=scheme,
        host=host,
        port=port,
        path=path if path.startswith("/") else f"/{path}",
        address=address,
    )


def read_host(url: str, host: str, *, loopback: bool) -> tuple[str, Address | None]:
    """Return a host as a name, or as the address that it is.

    Raises:
        RefusedTarget: it is neither, or the name is one of a private network.
    """
    if host.startswith("["):
        address = read_address(host[1:-1])
        if not isinstance(address, IPv6Address):
            raise refused(url, "has no IPv6 address in its brackets", "Correct it")
        return str(address), address
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):
        address = read_address(host)
        if address is None:
            raise refused(url, f"has the host {host}, which is no address", "Write the host's name")
        return host, address
    if len(host) > LONGEST_NAME or not all(LABEL.fullmatch(label) for label in labels):
        raise refused(url, f"has the host {host}, which is no name", "Correct the host")
    if not loopback and (len(labels) == 1 or host.endswith(INWARD)):
        raise refused(
            url,
            f"has the host {host}, a name of a private network",
            "Use one of the public internet",
        )
    return host, None


def is_here(host: str, address: Address | None) -> bool:
    """Tell whether a host is, by the way it is written, this machine."""
    return host == "localhost" if address is None else is_loopback(address)


def check_addresses(host: str, addresses: list[Address], *, loopback: bool) -> list[Address]:
    """Return the addresses of a host if every one of them may be called.

    Raises:
        RefusedTarget: there is none, or one of them may not.
    """
    if not addresses:
        raise RefusedTarget(f"{host} has no address. Check the host's name.")
    for address in addresses:
        if not is_public(address) and not (loopback and is_loopback(address)):
            raise RefusedTarget(
                f"{host} leads to {address}, which is not on the public internet. "
                "Use a host that is."
            )
    return addresses


def refused(url: str, problem: str, remedy: str) -> RefusedTarget:
    shown = url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}…"
    return RefusedTarget(f"The address {shown!r} {problem}. {remedy}.")
