"""Where a request comes from: the address that asks, or what a proxy of ours says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from fastapi import Request


def client_of(request: Request, proxies: Iterable[str]) -> str:
    """The asking address; the last one in `X-Forwarded-For` that is no proxy of ours, where one of them asks."""
    address = request.client.host if request.client else ""
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    trusted = list(proxies)
    while hops and within(address, trusted):
        address = hops.pop()
    return address


def within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ipaddress.ip_network(network) for network in networks)
