"""What a terminal says of itself: the size table and the options.

Source: TERMINALS.md, "Frames" (FREE_SIZES).
"""

from collections.abc import Mapping
from struct import pack

from punchsync.emulator.device import Device


def sizes(device: Device) -> bytes:
    """Give the answer to FREE_SIZES: 20, 23 or 28 i32; what is left is what fits less what is there."""
    users, records, fits = len(device.users), device.record_count, device.user_capacity
    given = dict(device.traits.sizes)
    table = {4: users, 6: users, 8: records, 14: fits, 15: fits, 16: device.capacity, **given}
    left = {17: table[14] - table[6], 18: table[15] - table[4], 19: table[16] - table[8]}
    numbers = table | left | given
    return pack("<28i", *(numbers.get(at, 0) for at in range(28)))[: device.traits.sizes_bytes]


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
