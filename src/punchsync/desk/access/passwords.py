"""Passwords as hashes by argon2id: made, compared, made anew where the cost has grown.

The cost is the second choice that RFC 9106 recommends (section 4): 64 MiB, three passes, four lanes. Tests put a
cheaper hasher in the place of `profile`, and nothing else ever does.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

PASSES: Final = 3
MEMORY_KIB: Final = 64 * 1024
LANES: Final = 4

SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another."""
GROUPS, GROUP = 4, 4


@cache
def profile() -> PasswordHasher:
    """What passwords are hashed by: the one place where the cost is said."""
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


def hashed(password: str) -> str:
    """A hash of a password, with a salt of its own; the same password typed in full width is the same."""
    return profile().hash(_normal(password))


def matches(hash: str, password: str) -> bool:
    """Whether a hash is of a password. No hash at all is nobody's, and takes as long to find out."""
    if not hash:
        nobody(password)
        return False
    try:
        return profile().verify(hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A password of chance, short enough to be typed off a sheet: `k7mq-x2rd-9pfw-hjn4`."""
    return "-".join("".join(secrets.choice(SIGNS) for _n in range(GROUP)) for _n in range(GROUPS))


def stale(hash: str) -> bool:
    """Whether a hash was made at another cost than today's, so that the next login should make it anew."""
    try:
        return profile().check_needs_rehash(hash)
    except InvalidHashError:
        return True


def nobody(password: str) -> None:
    """Take as long as `matches` does: for a login that nobody has, so that time says nothing."""
    try:
        profile().verify(_decoy(profile()), _normal(password))
    except VerificationError:
        return


@cache
def _decoy(hasher: PasswordHasher) -> str:
    """A hash at today's cost, of what nobody can type."""
    return hasher.hash(b"\0")


def _normal(password: str) -> bytes:
    """The bytes that are hashed; also of what came in as no text at all."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
