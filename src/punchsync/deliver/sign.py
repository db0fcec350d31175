"""Signatures of what is sent, by the Standard Webhooks specification, version 1 (symmetric)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

PREFIX: Final = "whsec_"


def key_from(secret: str) -> bytes:
    """The signing key that a secret stands for: after `whsec_` as base64, else the text itself in UTF-8.

    Raises ValueError for an empty one, and for what is no base64 after the prefix.
    """
    if secret.startswith(PREFIX):
        encoded = secret.removeprefix(PREFIX)
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except binascii.Error as error:
            raise ValueError(str(error)) from None
    else:
        key = secret.encode()
    if not key:
        raise ValueError("empty")
    return key


def signed(key: bytes, id: str, stamp: int, body: bytes) -> dict[str, str]:
    """The three headers that sign a body sent under an id at a moment (seconds since 1970, UTC)."""
    digest = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
