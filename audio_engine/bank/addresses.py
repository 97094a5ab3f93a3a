"""Which addresses of the net may be asked for a sound."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# RFC 4291, 2.4: all that has been given out. Loopback, link-local, mapped, translated (64:ff9b::/96) lie outside.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open net, also when it hides an IPv4 address."""
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    is_tunnel = address.sixtofour is not None or address.teredo is not None
    return address in _GLOBAL_UNICAST and address.is_global and not is_tunnel


def resolve(host: str, port: int) -> list[Address]:
    """All addresses of a host, the preferred first; 127.1, 0x7f000001 and their like are understood as the system
    does. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
