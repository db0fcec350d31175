"""The reads of a terminal page by page, and how far its clock was off at each."""

from __future__ import annotations

from storekit import NOW, at, file, live

from punchsync.core.reading import Sample
from punchsync.core.stored import ReadRow


def test_reads_are_listed_from_the_latest_and_offsets_in_order(store):
    with store.writing() as work:
        work.readings.add(file("T1", ("1", at("08:21")), through=at("09:00")), NOW)
        offsets = {"clock_offset": 7, "samples": (Sample(at("12:40"), 7),)}
        work.readings.add(live("T1", ("1", at("08:21")), ("1", at("12:01")), began=at("12:40"), **offsets), NOW + 1)
        work.readings.add(live("T2", began=at("12:41")), NOW + 2)
        work.readings.add(live("T1", ("1", at("12:01")), began=at("15:10")), NOW + 3)
    with store.reading() as work:
        count, first = work.readings.listed("T1", 0, 2)
        rest = work.readings.listed("T1", 2, 2)
        shown = [work.readings.offsets("T1", since) for since in (at("12:40"), at("12:41"))]
        nothing = work.readings.listed("T9", 0, 2)

    assert (count, [r.number for r in first], nothing) == (3, [4, 2], (0, []))
    assert rest == (
        3,
        [
            ReadRow(
                1, "file", "1_attlog.dat", NOW, None, at("09:00"), None, "", "full", 1, 1, None, at("08:21"),
            )
        ],
    )  # fmt: skip
    assert shown == [[(at("12:40"), 7)], []]
