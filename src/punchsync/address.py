"""Addresses of PostgreSQL databases: which may be written, and none shown with its password."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

SCHEME: Final = "postgresql+psycopg"
PARAMETERS: Final = frozenset(
    {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "target_session_attrs"}
)
"""What may follow the `?`: where the server is and how it is spoken to."""


def is_postgresql(url: str) -> bool:
    """Whether this is `postgresql+psycopg://user@host:port/database`, with parameters behind it."""
    if re.search(r"\s", url) or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
    except ValueError:
        return False
    parameters = [name for name, _value in pairs]
    return (
        parts.scheme == SCHEME
        and url.startswith(f"{SCHEME}://")
        and port != 0
        and re.fullmatch(r"/[^/]+", parts.path) is not None
        and not parts.fragment
        and PARAMETERS.issuperset(parameters)
        and len(parameters) == len(set(parameters))
    )


def holds_password(url: str) -> bool:
    """Whether a password stands in an address."""
    return re.search(r"://[^/?#@]*:[^/?#@]+@", url) is not None


def discreet(text: str) -> str:
    """A text with the passwords of the addresses in it left out."""
    text = re.sub(r"(://[^\s/:@]*:)\S*@", r"\1***@", text)
    return re.sub(r"(?i)(password=)[^\s&]+", r"\1***", text)
