"""Which network addresses belong to the public internet."""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address

# What IANA's registries of special purposes name, and what clouds keep for themselves.
CLOSED_4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; on some machines another name of loopback
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata at .100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's wire server, in spite of its public look
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata at .192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnels
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved; broadcast
    )
)
# Nothing else of IPv6 is routed: not loopback, private, link-local, multicast, IPv4-mapped, NAT64.
OPEN_6: Final = IPv6Network("2000::/3")
CLOSED_6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments; Teredo, which carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# ISATAP writes an IPv4 address behind these, under any prefix.
ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})


def read_address(text: str) -> Address | None:
    """Read an address as resolvers write it, with or without a zone; None for anything else."""
    try:
        return IPv4Address(text)
    except AddressValueError:
        pass
    try:
        return IPv6Address(text.partition("%")[0])
    except AddressValueError:
        return None


def is_public(address: Address) -> bool:
    """Tell whether an address is somebody's on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED_4)
    return (
        address in OPEN_6
        and not any(address in network for network in CLOSED_6)
        and (int(address) >> 32) & 0xFFFF_FFFF not in ISATAP
    )


def is_loopback(address: Address) -> bool:
    """Tell whether an address is this machine's own, as it writes it itself."""
    return address.is_loopback and (isinstance(address, IPv4Address) or address.ipv4_mapped is None)
