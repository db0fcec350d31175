"""Standard Webhooks signatures: `webhook-signature` holds `v1,` and the Base64 HMAC-SHA256 of `id.timestamp.body`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from punchsync.texts import _

PREFIX = "whsec_"
TOLERANCE = 300
"""Seconds that a signature's time may be before or after ours."""


class BadSecret(ValueError):
    """A secret begins with `whsec_` and goes on in what is no Base64."""


def secrets_of(text: str) -> tuple[bytes, ...]:
    """The secrets of a file, one a line: `whsec_` and Base64, or plain text used as its bytes; raises BadSecret.

    Several are for the time when a secret is changed: whoever signs by any of them is heard.
    """
    return tuple(secret(line.strip()) for line in text.splitlines() if line.strip())


def secret(text: str) -> bytes:
    """One secret as bytes; raises BadSecret."""
    if not text.startswith(PREFIX):
        return text.encode()
    try:
        encoded = text.removeprefix(PREFIX)
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret(_("whsec_ 之后不是 Base64")) from None
    if not decoded:
        raise BadSecret(_("whsec_ 之后是空的"))
    return decoded


def sign(key: bytes, id: str, timestamp: str, body: bytes) -> str:
    """The signature of a message, as it stands in the header."""
    made = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def objection(keys: Sequence[bytes], id: str, timestamp: str, signatures: str, body: bytes, now: float) -> str:
    """Why a message is not taken as signed by one of the keys; empty where it is.

    `signatures` may hold several, with spaces between them; one that holds by one key is enough.
    """
    if not (id and timestamp and signatures):
        return _("没有签名：要有 webhook-id、webhook-timestamp、webhook-signature 三个头")
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 15:
        return _("webhook-timestamp 不是自 1970 年起的秒数")
    if abs(now - int(timestamp)) > TOLERANCE:
        return _("签名的时间与本机相差超过 {seconds} 秒；请核对两边的时钟").format(seconds=TOLERANCE)
    given = [s.encode() for s in signatures.split()]
    for key in keys:
        right = sign(key, id, timestamp, body).encode()
        if any(hmac.compare_digest(right, s) for s in given):
            return ""
    return _("签名不对：密钥不同，或内容在途中改变")
