"""A log without anybody in it: other ids of the same look, all else as it was."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.emulator import Record, wire
from punchsync.emulator.layout import log_rows
from punchsync.terminals.decode import records
from punchsync.terminals.redact import Pseudonyms, redacted

AT = wire.pack_fields(2026, 11, 9, 8, 25, 0)
LATEST = 10**12
TEXTUAL = ("40", "49", "40p", "49p")
IDS = st.text("0123456789", min_size=1, max_size=9) | st.text("0123456789ABCxyz", min_size=1, max_size=23)


def names() -> Pseudonyms:
    return Pseudonyms(Random(7))


def row(layout: str, id: str, **more: int) -> bytes:
    return log_rows([Record(5, id, AT, **more)], layout)


def id_of(raw: bytes, layout: str) -> str:
    (found,) = records(raw, layout, LATEST).rows
    return found.device_user_id


def look(id: str) -> str:
    return "".join("9" if c.isdecimal() else "A" if c.isalpha() else c for c in id)


@given(st.lists(IDS, unique=True, max_size=40))
def test_ids_keep_their_look_and_stay_apart(ids: list[str]) -> None:
    given_ = names()

    others = [given_.of(id) for id in ids]

    assert len(set(others)) == len(ids)
    assert [given_.of(id) for id in ids] == others
    roomy = [(id, other) for id, other in zip(ids, others, strict=True) if len(id) > 3]
    assert [look(other) for _id, other in roomy] == [look(id) for id, _other in roomy]
    zeros = [(len(id) - len(id.lstrip("0")), len(other) - len(other.lstrip("0"))) for id, other in roomy]
    assert [before for before, _after in zeros] == [after for _before, after in zeros]


def test_a_room_of_few_ids_is_used_up_and_then_grows() -> None:
    """Two hallsful of one-figure ids, as `1` and `٣`, still are people apart."""
    given_ = names()
    ids = [*"123456789", *"\u0661\u0662\u0663"]

    others = [given_.of(id) for id in ids]

    assert (len(set(others)), all(o.isdecimal() and o.isascii() for o in others)) == (12, True)


@pytest.mark.parametrize("layout", TEXTUAL)
def test_a_record_changes_in_its_id_and_nowhere_else(layout: str) -> None:
    raw = row(layout, "0042917", verify=15, state=4)

    other = redacted(raw, layout, names())

    at = 11 if layout == "49p" else 2
    assert (other[:at], other[at + 24 :], len(other)) == (raw[:at], raw[at + 24 :], len(raw))
    assert (id_of(other, layout)[:2], len(id_of(other, layout)), b"42917" in other) == ("00", 7, False)


def test_a_number_becomes_another_of_as_many_figures() -> None:
    raw = row("16", "100347")

    other = redacted(raw, "16", names())

    assert (other[4:], len(id_of(other, "16")), id_of(other, "16") != "100347") == (raw[4:], 6, True)


@pytest.mark.parametrize("layout", ["8", "8b"])
def test_a_record_that_names_a_slot_is_left_as_it_is(layout: str) -> None:
    assert redacted(row(layout, "100347"), layout, names()) == row(layout, "100347")


def test_the_same_id_has_one_other_in_every_layout_of_text() -> None:
    given_ = names()

    found = {id_of(redacted(row(layout, "AB7731"), layout, given_), layout) for layout in TEXTUAL}

    assert found == {given_.of("AB7731")}


def test_what_an_earlier_id_left_behind_the_end_is_gone() -> None:
    raw = bytearray(row("40", "7731"))
    raw[2 + 5 : 2 + 24] = b"100347".ljust(19, b"\0")

    other = redacted(bytes(raw), "40", names())

    assert (b"100347" in other, other[6:26], other[26:]) == (False, bytes(20), bytes(raw[26:]))


@pytest.mark.parametrize("field", [b"", b"\xff\xfe12", b"\xc3", b"12\x0134", b"\xe5\xbc\xa0\xe4\xb8\x89"])
def test_an_id_that_can_t_be_read_can_t_be_read_afterwards_for_the_same_reason(field: bytes) -> None:
    """The last of them is text: somebody's name."""
    raw = row("40", "")[:2] + field.ljust(24, b"\0") + row("40", "")[26:]

    other = redacted(raw, "40", names())

    before, after = (records(r, "40", LATEST) for r in (raw, other))
    assert [d.reason for d in after.defects] == [d.reason for d in before.defects]
    assert len(after.rows) == len(before.rows)
    assert other[2:26].rstrip(b"\0") != field or not field


def test_an_empty_number_stays_empty() -> None:
    raw = row("16", "")

    assert redacted(raw, "16", names()) == raw


def test_blanks_around_an_id_make_nobody_two_people() -> None:
    given_ = names()

    found = {id_of(redacted(row("40", id), "40", given_), "40") for id in ("1001", " 1001", "1001 ")}

    assert len(found) == 1


def test_a_layout_that_is_not_known_is_no_layout() -> None:
    with pytest.raises(KeyError):
        redacted(bytes(21), "21", names())
