"""Kinds of values that settings have; each refuses others with what is allowed."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ValidationInfo

from punchsync.address import is_postgresql
from punchsync.core.attention import CODES
from punchsync.core.quiet import parse_quiet
from punchsync.texts import _

CREDENTIAL = "credential:"


EVENTS = ("bulletin", "outcome", "attention", *CODES)
"""What a channel may be told of; `attention` is every state that needs somebody."""


def a_zone(name: str) -> str:
    """A time zone's name; raises ValueError with an example."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_("时区名，如 Asia/Shanghai")) from None
    return name


def a_clock(text: str) -> str:
    """`HH:MM`; raises ValueError with what is allowed."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(_("时刻 HH:MM"))
    return text


def a_secret(text: str) -> str:
    """The name of a secret, never the secret; raises ValueError with what is allowed."""
    if not re.fullmatch(r"credential:[A-Za-z0-9_.-]+", text):
        raise ValueError(_("credential:名字(密码本身不写在这里)"))
    return text


def a_store(url: str) -> str:
    """The address of a store; raises ValueError with those there are."""
    if re.fullmatch(r"sqlite:///(?!file:).+|credential:[A-Za-z0-9_.-]+", url) or is_postgresql(url):
        return url
    raise ValueError(_("sqlite:///文件，或 postgresql+psycopg://用户@主机/库名，或 credential:名字（内容是地址）"))


def an_address(url: str | None, info: ValidationInfo) -> str | None:
    """Where a scoring store is, as its kind wants it; raises ValueError with what is allowed."""
    sink = info.data.get("sink", "none")
    if sink == "none" or (url is not None and re.fullmatch(r"credential:[A-Za-z0-9_.-]+", url)):
        return url
    if sink == "http" and not re.fullmatch(r"https?://[^\s/?#]+[^\s#]*", url or ""):
        raise ValueError(_("sink 为 http 时写 https://… 或 http://…，或 credential:名字"))
    if sink == "sql" and not re.fullmatch(r"(?!https?:)[A-Za-z][A-Za-z0-9+_]*://\S+", url or ""):
        raise ValueError(_("sink 为 sql 时写 SQLAlchemy 的数据库地址，如 sqlite:///文件，或 credential:名字"))
    return url


def an_id(text: str) -> str:
    """A short id; raises ValueError with what is allowed."""
    if not re.fullmatch(r"[^\s,;/@\x00-\x1f]{1,40}", text):
        raise ValueError(_("1 到 40 个字，不含空白、逗号、分号、/ 与 @"))
    return text


def a_listener(text: str) -> str:
    """`host:port` or `off`; raises ValueError with what is allowed."""
    if text != "off" and not re.fullmatch(r"[\w.\-\[\]:]+:\d{1,5}", text):
        raise ValueError(_("地址：端口，或 off"))
    return text


def an_event(text: str) -> str:
    """What a notice may be about; raises ValueError with what there is."""
    if text not in EVENTS:
        raise ValueError("、".join(EVENTS))
    return text


def a_quiet(text: str) -> str:
    """Quiet hours `HH:MM-HH:MM`, or none; raises ValueError with what is allowed."""
    try:
        parse_quiet(text)
    except ValueError:
        raise ValueError(_("时刻-时刻，如 21:30-07:30；不要则写空的")) from None
    return text


def an_issuer(url: str) -> str:
    """An address that nobody else listens to: https, or this machine; raises ValueError with what is allowed."""
    if re.fullmatch(r"(https://[^\s?#/@]+|http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?)(/[^\s?#]*)?", url):
        return url
    raise ValueError(_("https://…；只有本机可以写 http://127.0.0.1…"))


def a_network(text: str) -> str:
    """An address or a network of them; raises ValueError with examples."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(_("地址或网段，如 10.1.2.3、10.1.0.0/16、::1")) from None
    return text


Clock = Annotated[str, AfterValidator(a_clock)]


Event = Annotated[str, AfterValidator(an_event)]


QuietHours = Annotated[str, AfterValidator(a_quiet)]


Network = Annotated[str, AfterValidator(a_network)]


Secret = Annotated[str, AfterValidator(a_secret)]


Id = Annotated[str, AfterValidator(an_id)]
