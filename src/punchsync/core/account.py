"""Who may use the desk: accounts, their logged-in browsers and tokens, and the rules of lockout and of passwords. Pure.

Nothing here knows how a password is hashed: an account carries the hash as a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from punchsync.core.moment import HOUR, MINUTE, Moment

ROLES: Final = ("clerk", "inspector", "leader", "window_lead", "unit", "staff", "admin")
"""What somebody may be at the desk; which pages and actions that opens is the desk's own."""

TRIES: Final = 5
"""So many failures in a row lock an account."""
FIRST_LOCK: Final = 15 * MINUTE
"""How long the first lock lasts; each further one before a success lasts twice as long, up to:"""
LONGEST_LOCK: Final = 8 * HOUR

SHORTEST: Final = 10
LONGEST: Final = 256
"""Characters of a password. A long one costs nothing but what a flood of them would."""
OTHER: Final = 6
"""Characters that a password must have besides the words that anybody would try first."""
UNIT: Final = 4
"""A password that is nothing but so many characters or fewer, over and over, is as good as those."""

LOGIN: Final = re.compile(r"[a-z0-9._\-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd]{1,40}")
_RUNS: Final = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_COMMON: Final = ("password", "passw0rd", "punchsync", "qwerty", "iloveyou", "woaini", "admin", "1q2w3e4r", "kaoqin")


class SubjectTaken(ValueError):
    """An account with the subject of another one; carries that one's login."""


class Account(NamedTuple):
    """Somebody who may use the desk.

    `person`: the id of whom it is, "" for somebody who is not in the staff records. `windows`: of a window_lead, which
    (none: those of their own posting). `unit`: of a unit's. `password`: its hash, "" for none; `subject`: how the
    hall's unified login calls them, "" for not at all. `failures`: in a row, since the last success.
    """

    login: str
    name: str
    role: str
    person: str
    windows: tuple[str, ...]
    unit: str
    state: Literal["active", "disabled"]
    password: str
    subject: str
    must_change: bool
    failures: int
    locked_until: Moment | None
    made_at: Moment
    changed_at: Moment


class WebSession(NamedTuple):
    """A browser that is logged in; `digest` is the SHA-256, in hex, of the secret in its cookie."""

    digest: str
    login: str
    csrf: str
    made_at: Moment
    seen_at: Moment
    address: str
    agent: str


class ApiToken(NamedTuple):
    """A token for programs; `digest` is the SHA-256, in hex, of it. `name` says what it is for."""

    number: int
    digest: str
    name: str
    login: str
    scopes: tuple[str, ...]
    made_at: Moment
    ends_at: Moment | None
    used_at: Moment | None
    revoked_at: Moment | None


def login_of(text: str) -> str:
    """A login as it is kept, however it was typed: NFKC, lower case, without blanks around; "" if it can be none.

    1 to 40 characters: letters a-z, digits, `.`, `_`, `-`, Chinese characters.
    """
    found = _plain(text.strip())
    return found if LOGIN.fullmatch(found) else ""


def locked(account: Account, now: Moment) -> bool:
    """Whether nobody may try this account's password now."""
    return account.locked_until is not None and now < account.locked_until


def failed(account: Account, now: Moment) -> Account:
    """An account after a wrong password; while it is locked no try counts, and it stays as it is."""
    if locked(account, now):
        return account
    failures = account.failures + 1
    if failures % TRIES:
        return account._replace(failures=failures, locked_until=None)
    # Beyond some doublings it is the longest anyway, however high the count was driven.
    doublings = min(failures // TRIES - 1, 16)
    return account._replace(failures=failures, locked_until=now + min(FIRST_LOCK << doublings, LONGEST_LOCK))


def succeeded(account: Account, now: Moment) -> Account:
    """An account after the right password, which does not open one that is locked."""
    return account if locked(account, now) else account._replace(failures=0, locked_until=None)


def objection(password: str, login: str, name: str = "", person: str = "") -> str:
    """Why an account may not have a new password: a code, or "" if it may.

    `short`, `long`; `own`: little else than the login, name or person's id; `common`: little else than a word that is
    tried first; `repeated`: a few characters over and over; `sequence`: as on the keyboard or in the alphabet. No kinds
    of characters are asked for (NIST SP 800-63B, 3.1.1.2).
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, UNIT + 1)):
        return "repeated"
    if any(plain in _around(run, len(plain)) for run in _RUNS):
        return "sequence"
    own = [_plain(text) for text in (login, name, person)]
    if len(_without(plain, own)) < OTHER:
        return "own"
    return "common" if len(_without(plain, _COMMON)) < OTHER else ""


def _around(run: str, length: int) -> str:
    """A run on and on, forth and back, so that any stretch of such a length is in it."""
    whole = run * (length // len(run) + 2)
    return f"{whole}\n{whole[::-1]}"


def _without(text: str, words: Iterable[str]) -> str:
    """A text without some words; of two letters none, for they are in words that have nothing to do with them."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2 or (word and not word.isascii()):
            text = text.replace(word, "")
    return text


def _plain(text: str) -> str:
    """A text by which two that read alike are the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
