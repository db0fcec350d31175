"""A terminal's state as bytes: the log's blob, the users' blob, the size table, the options, an event.

Source: TERMINALS.md, "Reading the log" (layouts 8, 16, 40, 49) and "Frames" (FREE_SIZES).
"""

from collections.abc import Callable, Iterable, Mapping
from struct import Struct, pack

from punchsync.emulator import wire
from punchsync.emulator.device import Device, Record, User

_ROW_8 = Struct("<HBIB")
_ROW_16 = Struct("<IIBB2sI")
_ROW_40 = Struct("<H24sBIB8s")
_USER_28 = Struct("<HB5s8sIxBhI")
_USER_72 = Struct("<HB8s24sIx7sx24s")
_EVENT = Struct("<24s8B")
_GROUP = 1


def log_blob(records: Iterable[Record], record_bytes: int) -> bytes:
    """Give the total in bytes as u32, then the rows, in a layout of 8, 16, 40 or 49 bytes a row."""
    row = _ROWS[record_bytes]
    return _counted(b"".join([row(record) for record in records]))


def users_blob(users: Iterable[User], user_bytes: int, encoding: str) -> bytes:
    """Give the total in bytes as u32, then the users, in a layout of 28 or 72 bytes a user; no password."""
    if user_bytes == _USER_28.size:
        return _counted(b"".join(_user_28(user, encoding) for user in users))
    return _counted(b"".join(_user_72(user, encoding) for user in users))


def sizes(device: Device) -> bytes:
    """Give the answer to FREE_SIZES: 20, 23 or 28 i32."""
    users, records = len(device.users), device.record_count
    table = [0] * 28
    table[4] = table[6] = users
    table[8] = records
    table[14] = table[15] = device.user_capacity
    table[16] = device.capacity
    table[17] = table[18] = device.user_capacity - users
    table[19] = device.capacity - records
    return pack("<28i", *table)[: device.traits.sizes_bytes]


def option(device: Device, name: str) -> bytes | None:
    """Give `name=value\\0` as OPTIONS_RRQ answers it, None for an option this terminal does not have."""
    value = options(device).get(name)
    return None if value is None else f"{name}={value}".encode("ascii", "replace") + b"\0"


def options(device: Device) -> Mapping[str, str]:
    """Give all options of a terminal; its traits' own ones win."""
    return {
        "~SerialNumber": device.serial,
        "~DeviceName": device.traits.name,
        "~Platform": "ZLM60_TFT",
        "~OS": "1",
        "~ZKFPVersion": "10",
        "~ExtendFmt": "0",
        "~UserExtFmt": "1",
        "~PIN2Width": "9",
        "FaceFunOn": "0",
        "ZKFaceVersion": "0",
        "CompatOldFirmware": "0",
        "WorkCode": "0",
        "MAC": "02:00:00:00:00:01",
        "IPAddress": "192.0.2.10",
        "NetMask": "255.255.255.0",
        "GATEIPAddress": "192.0.2.1",
        **device.traits.options,
    }


def event_payload(record: Record) -> bytes:
    """Give the 32 bytes of a realtime punch: user id, verify, state, year-2000 to second a byte each."""
    year, *rest = wire.unpack_fields(record.time)
    return _EVENT.pack(_text(record.user_id, 24), record.verify, record.state, (year - 2000) & 0xFF, *rest)


def _counted(rows: bytes) -> bytes:
    return len(rows).to_bytes(4, "little") + rows


def _row_8(record: Record) -> bytes:
    return _ROW_8.pack(record.uid, record.verify, record.time, record.state)


def _row_16(record: Record) -> bytes:
    return _ROW_16.pack(_number(record.user_id), record.time, record.verify, record.state, b"\0\0", 0)


def _row_40(record: Record) -> bytes:
    return _ROW_40.pack(
        record.uid, _text(record.user_id, 24), record.verify, record.time, record.state, record.reserved
    )


def _row_49(record: Record) -> bytes:
    return _row_40(record) + bytes(9)


_ROWS: Mapping[int, Callable[[Record], bytes]] = {8: _row_8, 16: _row_16, 40: _row_40, 49: _row_49}


def _user_28(user: User, encoding: str) -> bytes:
    name = _text(user.name, 8, encoding)
    return _USER_28.pack(user.uid, user.privilege, b"", name, user.card, _GROUP, 0, _number(user.user_id))


def _user_72(user: User, encoding: str) -> bytes:
    name, user_id = _text(user.name, 24, encoding), _text(user.user_id, 24)
    return _USER_72.pack(user.uid, user.privilege, b"", name, user.card, str(_GROUP).encode(), user_id)


def _text(text: str, room: int, encoding: str = "utf-8") -> bytes:
    # Cut at a character, not inside one.
    return text.encode(encoding, "replace")[:room].decode(encoding, "ignore").encode(encoding, "replace")


def _number(user_id: str) -> int:
    """Give a numeric user id as such models keep it: leading zeros are lost, letters make it 0."""
    return int(user_id) & 0xFFFFFFFF if user_id.isdecimal() else 0
