"""Whatever bytes a terminal or a file has: what was read of them is stored, and comes back, on every database."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from storekit import NOW

from punchsync.core.reading import LAYOUTS, Reading
from punchsync.intake.attlog import parse_attlog
from punchsync.terminals.answers import option_value
from punchsync.terminals.decode import Whose, records
from punchsync.terminals.layout import size_of

NUMBERS = itertools.count()
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = st.sampled_from([b"7", b"\0", b"7\x008", b"\xff", "张".encode(), b"\t", b"\r\n", b"2026-10-01 08:25:00", b"1"])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@quick
@given(st.sampled_from(LAYOUTS), st.binary(max_size=400), st.binary(max_size=12))
@example("40", b"\0" * 400, b"~SerialNumber=\x01\0x")
@example("16", b"7\x008\0" * 100, b"=\xff\0")
def test_a_log_of_any_bytes_is_stored_as_it_was_read(store, layout, blob, serial):
    size = size_of(layout)
    read = records(blob[: len(blob) // size * size], layout, NOW, Whose(now={1: "7"}))
    terminal = f"T{next(NUMBERS)}"
    new = Reading(
        terminal, "tcp", "192.0.2.21:4370", "d", read.rows, read.defects, NOW, serial=option_value(serial),
        layout=layout, held=len(read.rows) + len(read.defects), tail=blob,
    )  # fmt: skip
    with store.writing() as work:
        added = work.readings.add(new, NOW)
        work.memories.put_aside(terminal, NOW, "layout", new.serial, blob)
    with store.reading() as work:
        kept = {p.position: p for p in work.punches.stored(0, NOW * 2) if p.terminal == terminal}
        memory = work.memories.of(terminal)
        aside = work.memories.set_aside()[terminal]
        odd = [defect for place, defect in work.defects.all() if place == terminal]
    assert added.new == len(kept) == len(read.rows)
    for row in read.rows:
        found = kept[row.position]
        assert (found.raw, found.device_user_id, found.at, found.verify, found.state) == tuple(row)[1:]
    assert sorted(odd, key=lambda d: d.position) == sorted(read.defects, key=lambda d: d.position)
    assert (memory.serial, memory.tail, aside) == (new.serial, blob, (NOW, new.serial, blob))


@quick
@given(st.lists(FIELDS, max_size=12))
@example([b"7", b"\t", b"2026-10-01 08:25:00", b"\t", b"1", b"\t", b"0", b"\r\n"])
def test_a_file_of_any_bytes_is_refused_or_stored(store, parts):
    terminal = f"T{next(NUMBERS)}"
    read = parse_attlog(b"".join(parts), "1_attlog.dat", terminal)
    if isinstance(read, list):
        return
    with store.writing() as work:
        work.readings.add(read, NOW)
        kept = {number: (user, at) for user, at, number in work.punches.numbered(terminal, 0, NOW * 2)}
    assert kept == {n: (row.device_user_id, row.at) for n, row in enumerate(read.rows, 1)}


@quick
@given(st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_a_record_of_any_texts_is_stored(store, body):
    key = f"p{next(NUMBERS)}"
    with store.writing() as work:
        work.records.put("staff", [(key, body)], NOW)
        assert work.records.all("staff")[key] == body
