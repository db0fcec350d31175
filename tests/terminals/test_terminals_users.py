import pytest
from hypothesis import given
from hypothesis import strategies as st
from logkit import user_list

from punchsync.emulator import User, layout
from punchsync.terminals.users import slots_of, user_text

IDS = st.dictionaries(st.integers(0, 65535), st.integers(1, 2**32 - 1).map(str), max_size=20)


@given(IDS, st.sampled_from([28, 72]))
def test_every_slot_has_its_user(users: dict[int, str], size: int) -> None:
    assert slots_of(user_list(users, size), len(users)) == users


@pytest.mark.parametrize("size", [28, 72])
def test_the_list_of_an_emulated_terminal_is_read(size: int) -> None:
    users = [User(3, "1001", "Jia", 14, 77), User(9, "42", "Yi")]
    assert slots_of(layout.users_blob(users, size, "utf-8"), 2) == {3: "1001", 9: "42"}


def test_nobody_is_in_an_empty_list() -> None:
    assert [slots_of(blob, 0) for blob in (b"", bytes(4))] == [{}, {}]


@pytest.mark.parametrize("size", [28, 72])
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_another_number_of_users_is_none(size: int, count: int) -> None:
    blob = user_list({1: "1", 2: "2"}, size)
    assert slots_of(blob, count) == f"users_bytes={len(blob)} users_total={2 * size} users={count}"


def test_a_list_that_is_cut_or_too_long_or_of_no_known_size_is_none() -> None:
    blob = user_list({1: "1", 2: "2"})
    for wrong in (b"", blob[:3], blob[:-1], blob + b"\0", (60).to_bytes(4, "little") + bytes(60)):
        assert isinstance(slots_of(wrong, 2), str)
    assert isinstance(slots_of(blob, 0), str)


def test_users_without_a_readable_id_and_slots_of_two_users_are_nobodys() -> None:
    blob = user_list({1: "1001", 2: "\x07", 3: ""}, 72)
    twice = blob + user_list({1: "1002", 4: "42"}, 72)[4:]
    assert slots_of((len(twice) - 4).to_bytes(4, "little") + twice[4:], 5) == {4: "42"}


def test_the_same_user_listed_twice_in_a_slot_is_one() -> None:
    one = user_list({1: "1001"})
    assert slots_of((56).to_bytes(4, "little") + one[4:] * 2, 2) == {1: "1001"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (0, ("", "empty_user_id")),
        (7, ("7", "")),
        (b" A7 \0x", ("A7", "")),
        (b"\0x", ("", "empty_user_id")),
        (b"\xff", ("", "unreadable_user_id")),
        (b"a\x1bb", ("", "unreadable_user_id")),
    ],
)
def test_a_user_id_is_text_or_has_a_reason(field: bytes | int, text: tuple[str, str]) -> None:
    assert user_text(field) == text
