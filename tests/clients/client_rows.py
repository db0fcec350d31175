"""What clients make of a terminal's rows: a record or a user as the visits write it down.

A record is user id, time, state, verify; None is what a client does not give. A user is uid, user id, name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from punchsync.emulator import Record, User, wire

Row = list[Any]
OfRecord = Callable[[Record], Row]
OfUser = Callable[[User], Row]


def at(record: Record) -> str:
    """Give a record's time as the visits write it."""
    return str(wire.unpack_time(record.time))


def number(user_id: str) -> int:
    """Give a user id as terminals that keep numbers have it."""
    return int(user_id) if user_id.isdecimal() else 0


def in_full(record: Record) -> Row:
    """User id as typed, time, state, verify."""
    return [record.user_id, at(record), record.state, record.verify]


def when_and_who(record: Record) -> Row:
    """User id as typed and time."""
    return [record.user_id, at(record), None, None]


def parsed(record: Record) -> Row:
    """The user id through JavaScript's parseInt."""
    shown = str(int(record.user_id)) if record.user_id.isdecimal() else None
    return [shown, at(record), record.state, record.verify]


def numbered(record: Record) -> Row:
    """The user id as a number, with state and verify."""
    return [str(number(record.user_id)), at(record), record.state, record.verify]


def low_word(record: Record) -> Row:
    """The low 16 bits of the user id, without state and verify."""
    return [str(number(record.user_id) & 0xFFFF), at(record), None, None]


def slot(record: Record) -> Row:
    """The uid, without state and verify."""
    return [str(record.uid), at(record), None, None]


def of_slot(known: Mapping[int, str], record: Record) -> Row:
    """The user id as a number, looked up by uid; a uid of nobody enrolled as it is."""
    return [known.get(record.uid, str(record.uid)), at(record), record.state, record.verify]


def user_text(user: User) -> Row:
    """Uid, user id as typed, name."""
    return [user.uid, user.user_id, user.name]


def user_number(user: User) -> Row:
    """Uid, user id as a number, name."""
    return [user.uid, str(number(user.user_id)), user.name]
