"""Nothing is asked of a terminal that would bring fingerprints or photos; of its users, only which slot they have."""

from __future__ import annotations

import struct

import pytest

from punchsync.store.tables import metadata
from punchsync.terminals import asks
from punchsync.terminals.users import slots_of

TEMPLATES, USER_PHOTOS, FINGER = 7, 10017, 88
"""What would bring them: tables of templates and photos by PREPARE_BUFFER or by themselves; one finger's template."""


def test_the_commands_that_may_be_sent_are_these_and_no_others() -> None:
    without_payload = {command for command in range(2**16) if asks.permitted(command, b"", set_clock=True)}
    assert without_payload == {
        asks.CONNECT, asks.EXIT, asks.AUTH, asks.FREE_SIZES, asks.GET_TIME, asks.OPTIONS, asks.READ_BUFFER,
        asks.FREE_BUFFER,
    } == {1000, 1001, 1102, 50, 201, 11, 1504, 1502}  # fmt: skip
    with_time = {command for command in range(2**16) if asks.permitted(command, bytes(4), set_clock=True)}
    assert with_time - without_payload == {asks.SET_TIME} == {202}
    assert not asks.permitted(asks.SET_TIME, bytes(4))


def test_of_all_buffers_only_the_log_and_the_list_of_users_may_be_prepared() -> None:
    asked = {
        (table, kind)
        for table in range(2**15)
        for kind in (0, 1, 2, 5, 10)
        if asks.permitted(asks.PREPARE_BUFFER, struct.pack("<bhII", 1, table, kind, 0))
    }
    assert {(table, kind) for table, kind in asked if table != 10_004} == {(13, 0), (9, 5)}
    assert {table for table, _kind in asked} == {13, 9, 10_004}  # the log whole, users alone, a stretch of the log


@pytest.mark.parametrize("command", [TEMPLATES, USER_PHOTOS, FINGER, 9, 2, 3, 8, 13, 15, 1503, 2007])
def test_what_would_bring_templates_or_photos_or_change_users_is_refused(command: int) -> None:
    for payload in (b"", bytes(2), bytes(8), struct.pack("<bhII", 1, TEMPLATES, 0, 0), struct.pack("<bhII", 1, 9, 0, 0),
                    struct.pack("<bhII", 1, 9, 2, 0), struct.pack("<bhII", 1, USER_PHOTOS, 0, 0)):  # fmt: skip
        assert not asks.permitted(command, payload, set_clock=True)


def test_of_a_terminal_s_users_neither_name_nor_password_nor_card_is_read() -> None:
    name, password = "张三".encode("gb18030"), b"12345678"
    user = struct.pack("<HB8s24sIx7sx24s", 3, 0, password, name, 987_654, b"", b"7")
    found = slots_of(struct.pack("<I", len(user)) + user, 1)
    assert found == {3: "7"}


def test_no_table_has_a_place_for_a_template_a_photo_or_a_face() -> None:
    words = ("template", "finger", "photo", "face", "picture", "image", "biometric", "card", "password")
    columns = {f"{table.name}.{c.name}" for table in metadata.tables.values() for c in table.c}
    found = [c for c in sorted(columns) if any(word in c for word in words)]
    assert found == ["account.password"]  # a hash, of who uses the desk
