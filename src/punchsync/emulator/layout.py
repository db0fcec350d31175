"""Rows as bytes: the log's blob and the users' blob.

Source: TERMINALS.md, "Reading the log" (layouts 8, 16, 40, 49, the prefix).
"""

from collections.abc import Callable, Iterable, Mapping
from struct import Struct

from punchsync.emulator.traits import Layout, Record, User

_ROW_8 = Struct("<HBIB")
_ROW_8B = Struct("<HBBI")
_ROW_16 = Struct("<IIBB2sI")
_ROW_40 = Struct("<H24sBIB8s")
_USER_28 = Struct("<HB5s8sIxBhI")
_USER_72 = Struct("<HB8s24sIx7sx24s")
_GROUP = 1
PREFIX = b"\xff255" + bytes(5)


def log_blob(records: Iterable[Record], layout: Layout | int = "40", total_off: int = 0) -> bytes:
    """Give the total in bytes as u32, then the rows in this layout; the total may be off by `total_off`."""
    return counted(before(layout) + log_rows(records, layout), total_off)


def log_rows(records: Iterable[Record], layout: Layout | int = "40") -> bytes:
    """Give the rows alone."""
    return b"".join(map(_ROWS[str(layout)], records))


def before(layout: Layout | int) -> bytes:
    """Give what stands before all rows and is counted with them."""
    return PREFIX if layout == "40p" else b""


def counted(rows: bytes, off: int = 0) -> bytes:
    """Give the total in bytes as u32, with this error, then the rows."""
    return ((len(rows) + off) & 0xFFFFFFFF).to_bytes(4, "little") + rows


def row_bytes(layout: Layout) -> int:
    """Give how many bytes one row takes."""
    return int(layout.rstrip("bp"))


def read_row(raw: bytes, layout: Layout) -> Record:
    """Read a row of a real terminal, kept as it is; ValueError when it is not as long as the layout's rows."""
    if len(raw) != row_bytes(layout):
        raise ValueError(f"a row has {row_bytes(layout)} bytes, this one {len(raw)}")
    if layout == "8":
        uid, verify, time, state = _ROW_8.unpack(raw)
        return Record(uid, str(uid), time, verify, state, raw=raw)
    if layout == "8b":
        uid, verify, state, time = _ROW_8B.unpack(raw)
        return Record(uid, str(uid), time, verify, state, raw=raw)
    if layout == "16":
        number, time, verify, state, _, _ = _ROW_16.unpack(raw)
        return Record(0, str(number), time, verify, state, raw=raw)
    at = len(PREFIX) if layout == "49p" else 0
    uid, text, verify, time, state, reserved = _ROW_40.unpack_from(raw, at)
    user_id = text.split(b"\0", 1)[0].decode("utf-8", "replace")
    return Record(uid, user_id, time, verify, state, reserved, raw)


def users_blob(users: Iterable[User], user_bytes: int, encoding: str) -> bytes:
    """Give the total in bytes as u32, then the users, in a layout of 28 or 72 bytes a user; no password."""
    if user_bytes == _USER_28.size:
        return counted(b"".join(_user_28(user, encoding) for user in users))
    return counted(b"".join(_user_72(user, encoding) for user in users))


def _row_8(record: Record) -> bytes:
    return record.raw or _ROW_8.pack(record.uid, record.verify, record.time, record.state)


def _row_8b(record: Record) -> bytes:
    return record.raw or _ROW_8B.pack(record.uid, record.verify, record.state, record.time)


def _row_16(record: Record) -> bytes:
    number = _number(record.user_id)
    return record.raw or _ROW_16.pack(number, record.time, record.verify, record.state, b"\0\0", 0)


def _row_40(record: Record) -> bytes:
    return record.raw or _ROW_40.pack(
        record.uid, _text(record.user_id, 24), record.verify, record.time, record.state, record.reserved
    )


def _row_49(record: Record) -> bytes:
    return record.raw or _row_40(record) + bytes(9)


def _row_49p(record: Record) -> bytes:
    return record.raw or PREFIX + _row_40(record)


_ROWS: Mapping[str, Callable[[Record], bytes]] = {
    "8": _row_8,
    "8b": _row_8b,
    "16": _row_16,
    "40": _row_40,
    "40p": _row_40,
    "49": _row_49,
    "49p": _row_49p,
}


def _user_28(user: User, encoding: str) -> bytes:
    if user.raw is not None:
        return user.raw
    name = _text(user.name, 8, encoding)
    return _USER_28.pack(user.uid, user.privilege, b"", name, user.card, _GROUP, 0, _number(user.user_id))


def _user_72(user: User, encoding: str) -> bytes:
    if user.raw is not None:
        return user.raw
    name, user_id = _text(user.name, 24, encoding), _text(user.user_id, 24)
    return _USER_72.pack(user.uid, user.privilege, b"", name, user.card, str(_GROUP).encode(), user_id)


def _text(text: str, room: int, encoding: str = "utf-8") -> bytes:
    if encoding == "utf-8" and text.isascii():
        return text.encode()[:room]
    # Cut at a character, not inside one.
    return text.encode(encoding, "replace")[:room].decode(encoding, "ignore").encode(encoding, "replace")


def _number(user_id: str) -> int:
    """Give a numeric user id as such models keep it: leading zeros are lost, letters make it 0."""
    return int(user_id) & 0xFFFFFFFF if user_id.isdecimal() else 0
