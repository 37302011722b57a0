"""Where somebody comes from, as far as it is worth counting by."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection


def address_of(connection: HTTPConnection) -> str:
    """The address of the other end; of IPv6 the network, as anybody has 2^64 addresses in theirs."""
    host = connection.client.host if connection.client else ""
    try:
        return str(_network(ip_address(host)))
    except ValueError:
        return host


def is_outside(address: str) -> bool:
    """Whether it is one of the internet. Behind one of our own network a proxy may stand that nobody named, and with it
    everybody."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _network(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64)
    return address
