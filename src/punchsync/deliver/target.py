"""What the outbox knows a scoring store by: its kind and address, without secrets."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SECRET: Final = re.compile(r"pass|pwd|secret|token|key|sig|auth", re.IGNORECASE)
"""In the name of a query's parameter: its value is left out."""


def name_of(sink: str, url: str) -> str:
    """`http` or `sql`, and the URL without password, without secrets of its query and without a driver's name.

    Another name is another store, to which the whole ledger is delivered; a new password makes no other store.
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    scheme = parts.scheme.partition("+")[0]
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not SECRET.search(k)]
    # urlunsplit would drop the empty host of a file's address, which has three slashes.
    address = urlunsplit(("", "", parts.path, urlencode(kept), ""))
    return f"{sink} {scheme}://{user.partition(':')[0]}{at}{host}{address}"
