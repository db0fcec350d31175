"""User ids as terminals write them, and who has which slot. Pure.

Rows of 8 bytes name a slot; only the user list says whose it is. Of that list slots and user ids are read, and nothing
else: no name, no password, no card. A user is 28 bytes (`<HB5s8sIxBhI`: slot, privilege, password, name, card, group,
time zones, user id as a number) or 72 (`<HB8s24sIx7sx24s`, user id as text). Source: TERMINALS.md, "Reading the log".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from typing import Final

_TOTAL: Final = 4
_USERS: Final = {28: Struct("<H22xI"), 72: Struct("<H46x24s")}


class Texts(dict[bytes | int, str]):
    """User ids as text by their fields, empty for one that is none; filled as asked."""

    def __missing__(self, field: bytes | int) -> str:
        text = self[field] = user_text(field)[0]
        return text


@lru_cache(maxsize=65_536)
def user_text(field: bytes | int) -> tuple[str, str]:
    """A user id field, text up to a NUL or a number, as text; and the reason (of `DEFECTS`) when it can't be one."""
    if isinstance(field, int):
        return (str(field), "") if field else ("", "empty_user_id")
    try:
        text = field.split(b"\0", 1)[0].decode().strip()
    except UnicodeDecodeError:
        return "", "unreadable_user_id"
    if not text:
        return "", "empty_user_id"
    return (text, "") if text.isprintable() else ("", "unreadable_user_id")


def slots_of(blob: bytes, count: int) -> Mapping[int, str] | str:
    """The user id of each slot by a user list of so many users; what is wrong, as `key=value` words, if it is none.

    A user whose id can't be read, and a slot that two users have, is left out: nobody is known to have it.
    """
    if not blob and not count:
        return {}
    total = int.from_bytes(blob[:_TOTAL], "little")
    size, rest = divmod(total, count) if count else (0, total)
    if len(blob) != _TOTAL + total or rest or (size not in _USERS and count):
        return f"users_bytes={len(blob)} users_total={total} users={count}"
    found: defaultdict[int, set[str]] = defaultdict(set)
    if count:
        for slot, field in _USERS[size].iter_unpack(blob[_TOTAL:]):
            found[slot].add(user_text(field)[0])
    return {slot: next(iter(ids)) for slot, ids in found.items() if len(ids) == 1 and "" not in ids}
