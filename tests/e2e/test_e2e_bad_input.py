"""Files that are refused: status 3, every problem with its row and column, nothing stored; and files that are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .commandline import export
from .site import LATER, MONDAY, Hall, attlog, incident, leave, staff, table


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 and P2 on Monday, with a day's punches, settled."""
    here = Hall(tmp_path / "site")
    assert here.bring("staff", staff(), staff("P2", window="税务", unit="税务局")).status == 0
    assert here.punch("08:25:00", "12:01:00", "14:50:00", "17:31:00").status == 0
    assert here.settle().status == 0
    return here


def test_every_problem_of_a_file_is_listed_with_row_and_column(hall: Hall) -> None:
    rows = [
        leave("08:30", "10:00") | {"leave_id": "L1"},
        leave("10:00", "08:30") | {"leave_id": "L2"},
        leave("08:30", "10:00") | {"leave_id": "L3", "person_id": "P9"},
        leave("08:30", "10:00") | {"leave_id": "L4", "kind": "fun", "registered_at": "2026-11-01"},
        leave("08:30", "10:00") | {"leave_id": "L5", "daily_from": "10:00", "daily_to": "09:00"},
        leave("08:30", "10:00") | {"leave_id": "L6", "start": "2026-13-01"},
    ]

    lines = hall.refused("leave", table("leave", rows))

    places = sorted(line.split("：")[0] for line in lines)
    assert places == sorted([
        "bad_leave 第 3 行「end」", "bad_leave 第 4 行「person_id」", "bad_leave 第 5 行「kind」",
        "bad_leave 第 5 行「registered_at」", "bad_leave 第 6 行「daily_to」", "bad_leave 第 7 行「start」",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"from": "2026-02-30"}, "from"), ({"from": "09/11/2026"}, "from"), ({"to": "2026-11-08"}, "to"),
        ({"post": "boss"}, "post"), ({"person_id": ""}, "person_id"),
    ],
)  # fmt: skip
def test_a_bad_cell_of_staff_is_named(hall: Hall, change: dict[str, str], column: str) -> None:
    (line,) = hall.refused("staff", table("staff", [staff("P3", device_user_id="3") | change]))

    assert line.startswith(f"bad_staff 第 2 行「{column}」：")


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ([staff("P1", from_="2026-11-01", to="2026-11-30")], ["起"]),  # overlaps what is there
        ([staff("P3"), staff("P3", from_="2026-11-08")], ["起"]),
        ([staff("P3", device_user_id="2")], ["考勤号"]),
        ([staff("P3", device_user_id="3", unit="别的局")], ["窗口"]),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    hall: Hall, rows: list[dict[str, str]], columns: list[str]
) -> None:
    lines = hall.refused("staff", table("staff", rows))

    assert [line.split("「")[1].split("」")[0] for line in lines] == columns


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("incident", incident("I1", f"{MONDAY}"), "at"),
        ("incident", incident("I1", f"{MONDAY} 10:00") | {"window": "公安"}, "person_id"),
        ("incident", incident("I1", f"{MONDAY} 10:00", "window_empty"), "kind"),
        ("outage", {"terminal_id": "T9", "start": f"{MONDAY} 08:00", "end": "", "kind": "lost"}, "terminal_id"),
        ("outage", {"terminal_id": "T1", "start": f"{MONDAY} 08:00", "end": f"{MONDAY} 08:00", "kind": "lost"}, "end"),
        ("paper", {"person_id": "P1", "at": f"{MONDAY} 08:00", "sheet": "1", "approved_by": ""}, "approved_by"),
        ("calendar", {"date": "2026-11-31", "kind": "off", "note": ""}, "date"),
        ("roster", {"roster_id": "R1", "entered_at": "2026-11-01 08:00", "person_id": "P1", "window": "",
                    "from": MONDAY, "to": MONDAY, "shift": "12:00-08:30", "days": ""}, "shift"),
        ("roster", {"roster_id": "R1", "entered_at": "2026-11-01 08:00", "person_id": "P1", "window": "",
                    "from": MONDAY, "to": MONDAY, "shift": "08:30-12:00+12:29-17:00", "days": ""}, "shift"),
        ("outing", {"outing_id": "O1", "person_id": "P1", "start": f"{MONDAY} 08:30", "end": "",
                    "registered_at": MONDAY, "reason": ""}, "registered_at"),
        ("standin", {"standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P1", "start": MONDAY,
                     "end": MONDAY, "filed_at": f"{MONDAY} 08:00"}, "standin_person_id"),
        ("scores", {"period": "2026-Q4", "subject_type": "person", "subject_id": "P9", "category": "互评",
                    "points": "1", "note": ""}, "subject_id"),
    ],
)  # fmt: skip
def test_a_bad_cell_of_any_kind_is_named(hall: Hall, kind: str, row: dict[str, str], column: str) -> None:
    lines = hall.refused(kind, table(kind, [row]))

    assert [line.split("：")[0] for line in lines] == [f"bad_{kind} 第 2 行「{column}」"]


@pytest.mark.parametrize(
    "text",
    [
        "date,kind,note,colour\n2026-11-09,off,,red\n",  # an unknown column
        "date,note\n2026-11-09,\n",  # a missing one
        "date,kind,kind\n2026-11-09,off,off\n",
        "terminal_id,start,end,kind\n",  # another kind's header
        "date;kind;note\n2026-11-09;off;\n",
        "",
        "2026-11-09,off,\n",
        "date,kind,note\n2026-11-09\n",
        b"PK\x03\x04 not really a workbook",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xff\xfed\x00a\x00t\x00e\x00",
        b"date,kind,note\n2026-11-09,off,\xff\xff\xff\n",
        'date,kind,note\n2026-11-09,off,"unclosed\n',
    ],
)
def test_a_file_that_is_no_table_of_its_kind_is_refused(hall: Hall, text: str | bytes) -> None:
    assert hall.refused("calendar", text) != []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (attlog("08:25:00") + "        1\t2026-11-09 12:0", [2]),  # cut off
        (attlog("08:25:00")[:-20], [1]),
        ("nonsense\n" + attlog("08:25:00") + "        1\t2026-13-09 12:01:00\t1\t0\n", [1, 3]),
        ("person_id,name\nP1,甲\n", [1, 2]),
    ],
)
def test_a_usb_file_that_is_cut_off_or_garbled_is_refused(hall: Hall, text: str, rows: list[int]) -> None:
    lines = hall.refused("punches", text, "--terminal", "T1")

    assert [line.split("：")[0] for line in lines] == [f"bad_punches 第 {n} 行" for n in rows]


def test_a_huge_file_of_garbage_is_refused_and_not_read(hall: Hall) -> None:
    path = hall.path / "huge.csv"
    with path.open("wb") as out:
        for _ in range(80):
            out.write(b"2026-11-09,off,\n" * (2**20 // 16))
    try:
        ran = hall.run("import", "calendar", str(path))
    finally:
        path.unlink()

    assert (ran.status, ran.out, "huge.csv" in ran.err) == (3, "", True)
    assert export(hall.path, "punches") != []


def test_a_file_that_is_not_there_is_bad_input(hall: Hall) -> None:
    assert hall.run("import", "staff", str(hall.path / "nowhere.csv")).status == 3


def test_a_file_of_only_its_header_is_fine(hall: Hall) -> None:
    before = hall.exports()

    hall.done("import", "calendar", str(hall.write("c.csv", "date,kind,note\n")))

    assert hall.exports() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_in_any_encoding_and_order_are_read(tmp_path: Path, encoding: str) -> None:
    hall = Hall(tmp_path)
    text = "姓名,工号,单位,窗口,岗位,考勤号,顶岗对象,止,起\n甲,P1,公安局,公安,staff,1,,,2026-11-09\n"

    hall.done("import", "staff", str(hall.write("人员.csv", text.encode(encoding))))
    hall.settle()

    assert sorted({(r[1], r[2]) for r in export(tmp_path, "scores")}) == [("person", "P1"), ("window", "公安")]


def test_importing_a_file_again_changes_nothing_and_a_known_id_replaces(hall: Hall) -> None:
    first = hall.bring("leave", leave("14:30", "15:00"))
    before = hall.exports()

    again = hall.bring("leave", leave("14:30", "15:00"))
    assert (first.status, again.status, hall.exports()) == (0, 0, before)
    assert "1 行" in first.out
    assert "0 行" in again.out

    hall.settle()
    excused = hall.verdicts()
    hall.bring("leave", leave("14:30", "14:40"))
    hall.settle()

    assert (excused[2], hall.verdicts()[2]) == ("normal", "late")


def test_a_dry_import_checks_and_writes_nothing(hall: Hall) -> None:
    before = hall.exports()
    path = hall.write("p.csv", table("paper", [
        {"person_id": "P1", "at": f"{MONDAY} 14:28", "sheet": "1", "approved_by": "某"},
    ]))  # fmt: skip
    hall.done("import", "paper", str(path), "--dry-run")
    hall.settle()

    assert hall.exports() == before


def test_ids_that_nobody_has_are_kept_and_count_once_a_mapping_has_them(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(device_user_id=""))
    ran = hall.punch("08:25:00", "12:01:00", "14:25:00", "17:31:00", user="0077")
    hall.settle()
    assert (ran.status, "T1/0077" in ran.err, hall.verdicts()) == (1, True, ["missing"] * 4)

    row = {"terminal_id": "", "device_user_id": "77", "person_id": "P1", "from": MONDAY, "to": ""}
    assert hall.bring("device", row).status == 0
    hall.settle()

    assert hall.verdicts() == ["normal"] * 4
    assert {(r[1], r[2]) for r in export(tmp_path, "punches")} == {("0077", "P1")}


def test_punches_of_other_makers_come_as_csv(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff())
    path = hall.write("other.csv", f"terminal,device_user_id,at\nT1,1,{MONDAY} 08:25\nT1,1,{MONDAY} 12:01:00\n")

    hall.done("import", "punches", str(path), "--format", "csv", "--through", LATER)
    hall.settle()

    assert hall.verdicts() == ["normal", "normal", "missing", "missing"]


@pytest.mark.parametrize("word", [("--terminal", "T9"), ()])
def test_a_usb_file_needs_a_terminal_of_the_site(hall: Hall, word: tuple[str, ...]) -> None:
    path = hall.write("1_attlog.dat", attlog("08:25:00"))

    assert hall.run("import", "punches", str(path), *word).status == 2


@pytest.mark.parametrize(
    "name", [b"\xc4\xe3\xba\xc3.csv", b"\xff\xff.csv"], ids=["of an old archive", "of nothing known"]
)
def test_a_file_whose_name_is_not_utf_8_is_taken_like_any_other(hall: Hall, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(hall.path) + b"/" + name))
    path.write_text(table("leave", [leave("08:30", "10:00")]), encoding="utf-8")

    assert hall.run("import", "leave", os.fsdecode(bytes(path))).status == 0
