"""What stored records say by themselves is what they were decoded to."""

from __future__ import annotations

import pytest
from logkit import AT, EIGHT, FEBRUARY_31, SLOTS, record, some

from punchsync.core.raw import Brought, Told, misread
from punchsync.core.reading import LAYOUTS, SLOTTED
from punchsync.terminals.decode import Whose, records
from punchsync.terminals.told import told


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_record_says_again_what_it_was_read_as(layout: str) -> None:
    rows = records(b"".join(some(layout, 50)), layout, AT, Whose(SLOTS)).rows
    assert len(rows) == 50

    said = told(layout, [row.raw for row in rows])

    assert said == [Told(None if layout in SLOTTED else row.device_user_id, *row[3:]) for row in rows]
    columns = list(zip(*((1, r.device_user_id, r.at, r.verify, r.state, r.raw) for r in rows), strict=True))
    for noted in ("", layout):  # an older version did not note the layout
        assert list(misread(Brought("T1", "tcp", noted, *columns), lambda _source, *log: told(*log))) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_that_a_record_has_is_compared(layout: str) -> None:
    raw = record(layout, 1, EIGHT, 1, 0)
    [said] = told(layout, [raw]) or [None]
    assert said is not None
    user, at, verify, state = said
    changed = [("9", at, verify, state), (user or "1", at + 1, verify, state), (user or "1", at, "2", state),
               (user or "1", at, verify, "3")]  # fmt: skip

    found = [
        [
            d.place
            for d in misread(Brought("T1", "tcp", layout, [7], *([v] for v in row), [raw]), lambda _s, *r: told(*r))
        ]
        for row in changed
    ]

    assert found == [[] if layout in SLOTTED else ["punch T1 7"], *[["punch T1 7"]] * 3]


def test_what_can_not_be_a_record_of_its_layout_says_nothing() -> None:
    one, other = some("40", 2)

    found = told("40", [one, b"", record("40", 1, FEBRUARY_31), other])

    assert [said is None for said in found or []] == [False, True, True, False]
    assert told("strange", [one]) is None
    assert told("", [b"12345678"]) is None  # there are two layouts of 8 bytes
