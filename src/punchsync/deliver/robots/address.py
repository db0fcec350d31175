"""A robot by its address: as Apprise writes it, as the platform shows it, or that of a platform of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from punchsync.deliver.robots import dingtalk, feishu, wecom
from punchsync.deliver.robots.robot import Platform, Robot

DINGTALK: Final = "https://oapi.dingtalk.com/robot/send?access_token="
WECOM: Final = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
FEISHU: Final = "https://open.feishu.cn/open-apis/bot/v2/hook/"
LARK: Final = "https://open.larksuite.com/open-apis/bot/v2/hook/"

PLATFORMS: Final[Mapping[str, Platform]] = {
    "dingtalk": dingtalk.PLATFORM,
    "wecom": wecom.PLATFORM,
    "feishu": feishu.PLATFORM,
}
SHOWN: Final = {
    ("oapi.dingtalk.com", "/robot/send"): "dingtalk",
    ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send"): "wecom",
    ("open.feishu.cn", "/open-apis/bot/v2/hook/"): "feishu",
    ("open.larksuite.com", "/open-apis/bot/v2/hook/"): "feishu",
}
"""Hosts and beginnings of paths of the addresses that platforms show."""
SHORT: Final = {
    "dingtalk": ("dingtalk", DINGTALK, "token", r"[A-Za-z0-9]+"),
    "wecombot": ("wecom", WECOM, "key", r"[A-Za-z0-9_-]+"),
    "feishu": ("feishu", FEISHU, "token", r"[A-Za-z0-9_-]+"),
    "lark": ("feishu", LARK, "token", r"[A-Za-z0-9_-]+"),
}
"""Schemes as Apprise has them: the platform, its address up to the token, the token's other name, and its form."""
NEEDED: Final = {"dingtalk": "access_token", "wecom": "key"}
TIMEOUT: Final = 20.0


class NoRobot(ValueError):
    """Looks like a robot's address, and is none; says nothing of what it is."""


class Place(NamedTuple):
    """Where a robot is: its platform, the URL to post to, and the secret it signs with (empty: none)."""

    platform: str
    url: str
    secret: str


def robot_of(name: str, url: str, stamp: Callable[[], float], timeout: float = TIMEOUT) -> Robot | None:
    """The robot of an address, None if it is another service's; raises NoRobot. `stamp`: seconds since 1970."""
    found = place_of(url)
    return found and Robot(name, PLATFORMS[found.platform], found.url, found.secret, stamp, timeout)


def place_of(url: str) -> Place | None:
    """Where an address leads; raises NoRobot."""
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
        _port = parts.port  # raises for what is none
    except ValueError:
        raise NoRobot from None
    if scheme in SHORT:
        return _short(scheme, parts)
    platform, plus, below = scheme.partition("+")
    if plus and platform in PLATFORMS:
        if below not in ("http", "https") or not host or not url.isascii() or re.search(r"\s", url):
            raise NoRobot
        return _own(platform, parts._replace(scheme=below))
    if scheme in ("http", "https"):
        for (shown, path), platform in SHOWN.items():
            if host == shown and parts.path.startswith(path):
                if (
                    scheme == "http"
                    or parts.path == "/open-apis/bot/v2/hook/"
                    or not url.isascii()
                    or re.search(r"\s", url)
                ):
                    raise NoRobot
                return _own(platform, parts)
    return None


def _own(platform: str, parts: SplitResult) -> Place:
    """A whole address; what it says of a secret is taken out of it."""
    query = dict(parse_qsl(parts.query))
    secret = query.pop("secret", "")
    needed = NEEDED.get(platform)
    if (needed and not query.get(needed)) or not parts.path.strip("/") or parts.username or parts.password:
        raise NoRobot
    return Place(platform, urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), "")), secret)


def _short(scheme: str, parts: SplitResult) -> Place:
    """`dingtalk://SECRET@TOKEN`, `wecombot://KEY`, `feishu://TOKEN`, `lark://TOKEN`; `?token=`, `?secret=` prevail."""
    platform, address, other, form = SHORT[scheme]
    query = dict(parse_qsl(parts.query))
    user, at, host = parts.netloc.rpartition("@")
    token = query.get(other) or unquote(host)
    secret = query.get("secret") or (unquote(user) if at else "")
    if not re.fullmatch(form, token) or not re.fullmatch(r"[!-~]*", secret):
        raise NoRobot
    return Place(platform, address + quote(token, safe=""), secret)
