"""Where to listen: `desk.listen` as host and port, and how far that reaches."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from punchsync.problems import Complaint, Refused
from punchsync.settings import FILE
from punchsync.texts import _

KEY = "desk.listen"
HIGHEST = 65_535


class Place(NamedTuple):
    """A host (IPv6 without brackets) and a port; port 0 is any that is free."""

    host: str
    port: int

    @property
    def outside(self) -> bool:
        """Whether other machines may reach it."""
        if self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True

    def show(self) -> str:
        """As an address is written."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Occupied(Refused):
    """An address that is good, and that another program has now."""


def place_of(listen: str) -> Place:
    """`host:port` or `[IPv6]:port`; raises Refused for what is neither."""
    host, _colon, port = listen.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not bare or "[" in bare or "]" in bare or not port.isascii() or not port.isdigit() or int(port) > HIGHEST:
        raise refused(listen, _("写的是 {value}").format(value=repr(listen)))
    return Place(bare, int(port))


def refused(listen: str, found: str) -> Refused:
    """An address that can't be listened at, because of what it says."""
    allowed = _("本机的地址与端口，如 127.0.0.1:8080 或 [::1]:8080；端口 0 到 65535，1024 以下须有特权")
    return Refused([Complaint(FILE, KEY, found, allowed, _("不需要网页时写 off"))])


def occupied(listen: str) -> Occupied:
    """The same of an address that another program has."""
    found = _("{listen} 已被别的程序占用").format(listen=listen)
    allowed = _("没有别的程序在用的端口")
    return Occupied([Complaint(FILE, KEY, found, allowed, _("或停掉那个程序（ss -ltnp 可查是谁）"))])
