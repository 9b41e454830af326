"""A host's name in; the addresses that may be connected to, checked one by one, out.

What a name resolves to is checked and then connected to, never resolved again: a name that first answers with a
public and then with a private address (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from orderloom.world.errors import ConnectionFailedError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_SHARED = ipaddress.ip_network("100.64.0.0/10")       # carrier-grade NAT, RFC 6598
_NAT64 = ipaddress.ip_network("64:ff9b::/96")         # RFC 6052: an IPv4 address in the last 32 bits
_METADATA = ipaddress.ip_address("fd00:ec2::254")     # a cloud's metadata service; its IPv4 one is link-local


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system knows it. Raises `ConnectionFailedError` where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ConnectionFailedError("unavailable", f"no address is known for `{host}`") from None
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def allowed(host: str, port: int, private: bool, resolver: Resolve = resolve) -> list[str]:
    """The host's addresses, if all of them may be connected to. Raises `ConnectionFailedError` of class refused.

    One address that may not is enough to refuse: which of them answers is not ours to choose.
    """
    found = list(resolver(host, port))
    for text in found:
        why = refusal(text, private)
        if why:
            raise ConnectionFailedError("refused", f"`{host}` is {text}, {why}")
    return found


def refusal(text: str, private: bool) -> str | None:
    """Why this address is not connected to; None where it may be. `private` lets one's own networks through."""
    try:
        address = _inner(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return "which is no address"
    if address.is_link_local or address == _METADATA:
        return "a link-local address, where cloud machines keep their secrets"
    if address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return "which is no single machine's address"
    if not private and not _is_public(address):
        return "an address of a private network: say `private: true` if this service is your own"
    return None


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.version == 4 and address in _SHARED)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo, NAT64, or written compatibly."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    last = int(address) & 0xFFFFFFFF
    if address in _NAT64 or (int(address) >> 32 == 0 and last > 1):
        return ipaddress.IPv4Address(last)
    return address
