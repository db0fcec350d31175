"""What stored lines of files say by themselves is what they were read as."""

from __future__ import annotations

import pytest

from punchsync.core.moment import parse_moment
from punchsync.core.raw import Told
from punchsync.core.reading import Reading
from punchsync.intake.attlog import parse_attlog
from punchsync.intake.punches import parse_punches_csv
from punchsync.intake.told import told

LINES = (
    b"\xef\xbb\xbf        1\t2026-11-09 08:25:00\t1\t0\t0\t0\r\n"
    b"       12\t2026-11-09 08:26:01\t15\t1\r\n\r\n"
    + "   王五\t2026-11-09 08:27:00\t1\t0\r\n".encode("gb18030")
    + b"\x1a"
)
TABLE = """terminal,device_user_id,at
T1,7,2026-11-09 08:25
T1,"7,8",2026-11-09 08:25:30
T1,０9,2026/11/9 8:25
"""


def test_a_line_of_a_terminal_s_file_says_again_what_it_was_read_as() -> None:
    read = parse_attlog(LINES, "1_attlog.dat", "T1")
    assert isinstance(read, Reading)

    assert told([row.raw for row in read.rows]) == [Told(*row[2:]) for row in read.rows]
    assert [one and one.device_user_id for one in told([row.raw for row in read.rows])] == ["1", "12", "王五"]


def test_a_row_of_a_table_says_again_what_it_was_read_as() -> None:
    for line in TABLE.splitlines()[1:]:
        read = parse_punches_csv(f"terminal,device_user_id,at\n{line}\n".encode(), "x.csv")
        if isinstance(read[0], Reading):
            assert told([row.raw for row in read[0].rows]) == [Told(*row[2:]) for row in read[0].rows]


@pytest.mark.parametrize(
    "raw",
    [b"", b"x", b"1\t2", b"1\t2026-11-31 08:25:00\t1\t0", b"T1,7", b"T1,7,tomorrow", b"T1,,2026-11-09 08:25", 
     b"\xff,7,1", b"1\t2026-11-09 08:25:00\t1\t0\n2\t2026-11-09 08:25:00\t1\t0"],
)  # fmt: skip
def test_what_is_no_line_says_nothing(raw: bytes) -> None:
    good = b"1\t2026-11-09 08:25:00\t1\t0"

    assert told([good, raw]) == [Told("1", parse_moment("2026-11-09 08:25:00"), "1", "0"), None]
