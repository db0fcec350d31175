"""Where a person is written to: an e-mail address of their own. No evidence of anything, and gone when they wish."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from punchsync.core.moment import Moment

FORM: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST: Final = 254


class Contact(NamedTuple):
    """A person's address, and when it was last changed."""

    person: str
    address: str
    changed_at: Moment


def is_address(text: str) -> bool:
    """Whether a text is one address of mail, and nothing besides."""
    return len(text) <= LONGEST and FORM.fullmatch(text) is not None
