"""Commands, their statuses and their words: as-of, settings, init, exports, rules, sites and languages."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from packs.small import ASKED, PACK
from punchsync.operations.export import COLUMNS

from .commandline import export, process, punchsync, rows
from .site import LATER, MONDAY, TOML, Hall, one_day, staff

EARLIER = "2026-11-10 11:59:59"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 on Monday, late once and missing once, settled at `LATER`."""
    return one_day(tmp_path / "site", "08:45:00", "12:01:00", "14:25:00")


# bulletins


def test_a_day_that_is_not_settled_yet_has_no_bulletin(hall: Hall) -> None:
    ran = hall.run("bulletin", "daily", "--date", "2026-11-11")

    assert (ran.status, ran.out, "2026-11-11" in ran.err) == (4, "", True)
    assert not (hall.path / "bulletins").exists()


def test_a_bulletin_names_every_occurrence_with_its_article_and_keeps_its_number(hall: Hall) -> None:
    hall.done("bulletin", "daily", "--date", MONDAY)
    first = (hall.path / "bulletins" / f"daily-{MONDAY}.md").read_text(encoding="utf-8")
    hall.done("bulletin", "daily", "--date", MONDAY)
    again = (hall.path / "bulletins" / f"daily-{MONDAY}.md").read_text(encoding="utf-8")

    assert first == again
    assert "第 1 号" in first
    cites = "考评办法 (三)1; 先进个人 三3(2)(3)"
    assert f"| 公安 | 甲 | P1 | 1 | 迟到 | 08:45:00 | 15 分 0 秒 | 迟到、早退 | {cites} |" in first
    assert f"| 公安 | 甲 | P1 | 2 | 旷工半天 | — | — | 旷工半天 | {cites} |" in first


# as-of


def test_an_as_of_before_the_last_one_settled_is_refused_but_dry(hall: Hall) -> None:
    before = hall.exports()

    statuses = [hall.settle(when, *more).status for when, more in (
        (EARLIER, ()), (EARLIER, ("--dry-run",)), (LATER, ()), ("2026-11-10 12:00:01", ()), (LATER, ()),
    )]  # fmt: skip

    assert (statuses, hall.exports()) == ([2, 0, 0, 0, 2], before)
    assert LATER in hall.settle(EARLIER).err or "2026-11-10 12:00:01" in hall.settle(EARLIER).err


def test_a_dry_run_says_what_would_be_booked_and_books_nothing(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff())
    hall.punch("08:45:00", "12:01:00", "14:25:00", "17:31:00")

    dry = json.loads(hall.settle(LATER, "--dry-run", "--json").out)
    assert (hall.exports()["ledger"], hall.exports()["verdicts"]) == ([], [])
    wet = json.loads(hall.settle(LATER, "--json").out)

    said = [(e["cause"], e["points"], e["rule"]) for e in wet["posts"]]
    assert [(e["cause"], e["points"], e["rule"]) for e in dry["posts"]] == said
    assert (dry["dry_run"], wet["dry_run"], [p for _, p, _ in said]) == (True, False, ["-0.5", "-0.5"])


@pytest.mark.parametrize("text", ["2026-11-10", "tomorrow", "2026-11-10 25:00", "2026-02-30 10:00:00"])
def test_an_as_of_that_is_no_moment_is_wrong_usage(hall: Hall, text: str) -> None:
    ran = hall.settle(text)

    assert (ran.status, ran.out, repr(text) in ran.err) == (2, "", True)


def test_a_range_names_months_and_a_month_is_settled_whole(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_="2026-09-28", to="2026-11-30"))

    said = [
        json.loads(hall.settle("2026-11-10 12:00", "--dry-run", "--json", *more).out)["months"]
        for more in (
            (),
            ("--from", "2026-10-15"),
            ("--to", "2026-10-15"),
            ("--from", "2026-10-20", "--to", "2026-10-20"),
        )
    ]

    assert said == [["2026-09", "2026-10", "2026-11"], ["2026-10", "2026-11"], ["2026-09", "2026-10"], ["2026-10"]]
    assert hall.settle(LATER, "--from", "2026-11-02", "--to", "2026-11-01").status == 2


def test_a_year_that_nobody_published_needs_attention(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.bring("staff", staff(from_="2027-01-04", to="2027-01-04"))
    hall.punch("2027-01-04 08:25:00", through="2027-01-05 00:00:00")

    ran = hall.settle("2027-01-05 12:00:00")

    assert (ran.status, "2027" in ran.err, hall.verdicts()) == (1, True, [])


def test_something_pending_is_no_reason_for_attention(tmp_path: Path) -> None:
    hall = one_day(tmp_path, "08:25:00", through=f"{MONDAY} 09:00:00")

    assert (hall.settle().status, hall.verdicts()[1:]) == (0, ["pending"] * 3)


# statuses


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["--help"], 0), (["--version"], 0), (["settle", "--help"], 0), (["nonsense"], 2),
        (["settle", "--nonsense"], 2),
        (["settle", "surplus"], 2), (["export"], 2), (["export", "nonsense"], 2),
        (["export", "ledger", "--from", "x"], 2),
        (["export", "ledger", "--format", "pdf"], 2), (["import", "nonsense", "x.csv"], 2), (["import", "staff"], 2),
        (["import", "staff", "x.csv", "--terminal", "T1"], 2), (["import", "staff", "nowhere.csv"], 3),
        (["poll"], 4), (["resync"], 4), (["verify"], 0), (["explain", "P1", MONDAY], 0),
        (["bulletin", "daily", "--date", MONDAY, "--out", "{out}"], 0), (["bulletin", "hourly"], 2),
        (["rules", "list"], 0), (["rules", "show", "yihuang"], 0), (["rules", "test"], 0),
        (["rules", "lint", "yihuang"], 0),
        (["rules", "show", "nowhere"], 2), (["rules", "test", "nowhere"], 2), (["check", "--as-of", LATER], 0),
    ],
)  # fmt: skip
def test_every_command_ends_with_the_contract_s_status(hall: Hall, args: list[str], status: int) -> None:
    ran = hall.run(*[a.format(out=hall.path / "out") for a in args])

    assert (ran.status, "Traceback" in ran.err + ran.out) == (status, False), ran
    assert bool(ran.err) == (status != 0)


def test_terminals_that_do_not_answer_are_status_4_and_one_that_is_not_there_2(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML + 'host = "127.0.0.1"\nport = 1\n')

    assert [hall.run(*args).status for args in (["poll"], ["poll", "T1"], ["resync", "T1"], ["poll", "T9"])] == [
        4,
        4,
        4,
        2,
    ]


@pytest.mark.parametrize(
    ("tampering", "invariant"),
    [
        ("DROP TRIGGER ledger_entry_no_update; UPDATE ledger_entry SET points = 0 WHERE height = 1", "chain"),
        ("UPDATE score SET points = points - 1000", "scores"),
        ("DELETE FROM violation", "violations"),
        ("UPDATE tally SET late = late + 1", "tallies"),
        ("DROP TRIGGER punch_no_update; UPDATE punch SET at = at + 3600 WHERE number = 1", "verdicts"),
    ],
)
def test_a_row_changed_behind_our_back_is_found(hall: Hall, tampering: str, invariant: str) -> None:
    with contextlib.closing(sqlite3.connect(hall.path / "data" / "punchsync.db")) as db:
        db.executescript(tampering)
        db.commit()

    said = json.loads(hall.run("verify", "--json").out)

    assert invariant in {d["invariant"] for d in said["differences"]}


def test_verify_ends_with_status_1_on_a_difference_and_names_it(hall: Hall) -> None:
    assert hall.run("verify").status == 0
    with sqlite3.connect(hall.path / "data" / "punchsync.db") as database:
        database.execute("update verdict set seconds = seconds + 1 where seconds > 0")

    ran = hall.run("verify")
    said = json.loads(hall.run("verify", "--json").out)

    assert (ran.status, [d["invariant"] for d in said["differences"]]) == (1, ["verdicts"])


def test_json_is_one_object_on_stdout(hall: Hall) -> None:
    path = hall.write("staff.csv", "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n")
    commands = [["settle", "--as-of", LATER], ["verify"], ["rules", "list"], ["rules", "test"],
                ["rules", "show", "yihuang"],
                ["check", "--as-of", LATER], ["import", "staff", str(path)], ["explain", "P1", MONDAY]]  # fmt: skip

    found = [hall.run(*args, "--json") for args in commands]

    assert [type(json.loads(ran.out)) for ran in found] == [dict] * len(commands)
    assert [ran.status for ran in found] == [0] * len(commands)


# settings


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (TOML + 'hots = "x"\n', ["terminal.1.hots"]),
        (TOML + "port = 0\n", ["terminal.1.port"]),
        (TOML + 'port = "many"\nfrom = "soon"\n[desk]\nlisten = "here"\n',
         ["terminal.1.port", "terminal.1.from", "desk.listen"]),
        (TOML + 'comm_key = "12345"\n', ["terminal.1.comm_key"]),
        (TOML.replace('pack = "yihuang"', 'pack = "nowhere"'), ["hall.pack"]),
        (TOML.replace('id = "demo"\n', ""), ["hall.id"]),
        (TOML + '[[terminal]]\nid = "T1"\n', ["terminal.id"]),
        (TOML + '[hall.interpretations]\n"yihuang.nights" = "x"\n"yihuang.noons" = "x"\n',
         ["hall.interpretations.yihuang.nights", "hall.interpretations.yihuang.noons"]),
        (TOML + '[store]\nurl = "mysql://x"\n[scoring]\nsink = "mail"\n', ["store.url", "scoring.sink"]),
        ("this is no toml", [""]),
        ("", ["hall"]),
    ],
)  # fmt: skip
def test_every_error_of_the_settings_is_named_at_once(tmp_path: Path, text: str, keys: list[str]) -> None:
    hall = Hall(tmp_path, text)

    ran = hall.run("settle", "--as-of", LATER)

    lines = ran.err.splitlines()
    assert (ran.status, ran.out, "Traceback" in ran.err, len(lines)) == (2, "", False, len(keys))
    assert all("punchsync.toml" in line for line in lines)
    assert [key for key in keys if not any(key in line for line in lines)] == []


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(tmp_path)
    monkeypatch.setenv("PUNCHSYNC_HALL__INTERPRETATIONS", '{"yihuang.winter": "09:00-12:00+14:00-17:00"}')
    hall.bring("staff", staff())
    hall.punch("09:05:00", "12:01:00", "14:05:00", "17:01:00")
    hall.settle()

    assert hall.verdicts() == ["normal"] * 4

    monkeypatch.setenv("PUNCHSYNC_HAL__ID", "x")
    ran = hall.run("verify")
    assert (ran.status, "PUNCHSYNC_HAL__ID" in ran.err) == (2, True)


def test_the_site_is_named_before_or_after_the_command_or_by_the_environment(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rows(hall.run("export", "verdicts"))
    after = rows(punchsync(None, "export", "verdicts", "--site", str(hall.path)))
    monkeypatch.setenv("PUNCHSYNC_SITE", str(hall.path))
    by_name = rows(punchsync(None, "export", "verdicts"))
    monkeypatch.setenv("PUNCHSYNC_SITE", str(tmp_path))
    both = rows(punchsync(None, "export", "verdicts", "--site", str(hall.path)))
    monkeypatch.delenv("PUNCHSYNC_SITE")
    monkeypatch.chdir(hall.path)
    here = rows(punchsync(None, "export", "verdicts"))
    monkeypatch.chdir(tmp_path)
    nowhere = punchsync(None, "export", "verdicts")

    assert (after, by_name, both, here) == (wanted,) * 4
    assert (nowhere.status, "/etc/punchsync" in nowhere.err) == (2, True)


# init


def test_init_makes_a_site_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    ran = punchsync(None, "init", str(folder), "--pack", "yihuang", "--id", "h1", "--name", "某 \"大厅\"",
                    "--terminal", "T1", "--terminal", "T2=192.0.2.21", "--terminal", "T3=192.0.2.22:4371")  # fmt: skip

    text = (folder / "punchsync.toml").read_text(encoding="utf-8")

    assert (ran.status, ran.err, sorted(p.name for p in folder.iterdir())) == (
        0,
        "",
        ["data", "packs", "punchsync.toml"],
    )
    assert [line for line in text.splitlines() if line.startswith(("id", "host", "port", "name"))] == [
        'id = "h1"', 'name = "某 \\"大厅\\""', 'id = "T1"', 'id = "T2"', 'host = "192.0.2.21"', 'id = "T3"',
        'host = "192.0.2.22"', "port = 4371",
    ]  # fmt: skip
    assert punchsync(folder, "settle").status == 0


@pytest.mark.parametrize(
    "args",
    [["--pack", "nowhere"], [], ["--pack", "yihuang", "--terminal", "T1=host:port"],
     ["--pack", "yihuang", "--id", "a b"],
     ["--pack", "yihuang", "--terminal", "T1", "--terminal", "T1"], ["--pack", "yihuang", "--answer", "late"]],
)  # fmt: skip
def test_an_init_that_fails_leaves_nothing_behind(tmp_path: Path, args: list[str]) -> None:
    ran = punchsync(None, "init", str(tmp_path / "new"), *args)

    assert (ran.status, ran.out, bool(ran.err), list(tmp_path.iterdir())) == (2, "", True, [])


def test_init_leaves_an_existing_site_alone(hall: Hall) -> None:
    before = (hall.path / "punchsync.toml").read_bytes()

    ran = punchsync(None, "init", str(hall.path), "--pack", "yihuang")

    assert (ran.status, (hall.path / "punchsync.toml").read_bytes()) == (2, before)


def test_without_a_terminal_to_ask_on_init_names_what_it_would_ask(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(ASKED, encoding="utf-8")
    init = ["init", str(tmp_path / "new"), "--pack", str(pack)]

    unasked = punchsync(None, *init)
    given = punchsync(None, *init, "--answer", "late_points=0.5", "--answer", "other_points=1")

    assert (unasked.status, "late_points" in unasked.err) == (2, True)
    assert (given.status, given.err) == (0, "")
    assert (
        'answers = { "late_points" = "0.5", "other_points" = "1" }' in (tmp_path / "new" / "punchsync.toml").read_text()
    )


def test_on_a_terminal_init_asks(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(ASKED, encoding="utf-8")
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-m", "punchsync", "init", str(tmp_path / "new"), "--pack", str(pack)]
    with subprocess.Popen(argv, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
        os.write(ours, b"0.5\n1\n")
        _out, err = asking.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert (asking.returncode, "迟到扣几分" in err, "其他扣几分" in err) == (0, True, True)
    assert '"late_points" = "0.5"' in (tmp_path / "new" / "punchsync.toml").read_text(encoding="utf-8")


# exports


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_an_export_has_the_contract_s_columns_and_is_sorted_in_every_format(hall: Hall, kind: str) -> None:
    text = hall.done("export", kind)
    head, *found = [tuple(line.split(",")) for line in text.splitlines()] if kind != "ledger" else [COLUMNS[kind]]
    out = hall.path / f"{kind}.xlsx"
    ran = hall.run("export", kind, "--format", "xlsx", "--out", str(out))
    book = openpyxl.load_workbook(out)
    cells = [tuple("" if c is None else str(c) for c in row) for row in book.active.iter_rows(values_only=True)]
    asked = json.loads(hall.done("export", kind, "--format", "json"))

    assert (head, found) == (COLUMNS[kind], sorted(found))
    assert "\r" not in text
    assert (ran.status, ran.out, cells) == (0, "", [COLUMNS[kind], *export(hall.path, kind)])
    (listed,) = [v for v in asked.values() if isinstance(v, list)] if isinstance(asked, dict) else [asked]
    assert [tuple(r.values()) if isinstance(r, dict) else tuple(r) for r in listed] == export(hall.path, kind)


def test_points_are_decimals_without_trailing_zeros(hall: Hall) -> None:
    found = export(hall.path, "scores")

    assert [r[1:] for r in found] == [
        ("person", "P1", "勤", "30", "-3", "27"), ("person", "P1", "德·会议学习", "10", "0", "10"),
        ("window", "公安", "文明服务", "45", "-3", "42"),
    ]  # fmt: skip
    assert {r[8] for r in export(hall.path, "ledger")} == {"-0.5", "-2.5"}


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(MONDAY, MONDAY, 4), (MONDAY, "", 4), ("", MONDAY, 4), ("2026-11-10", "", 0), ("", "2026-11-08", 0)],
)
def test_exports_are_cut_by_their_date_both_ends_included(hall: Hall, first: str, last: str, count: int) -> None:
    cut = [*(["--from", first] if first else []), *(["--to", last] if last else [])]

    assert len(export(hall.path, "verdicts", *cut)) == count
    assert len(export(hall.path, "ledger", *cut)) == count
    assert len(export(hall.path, "punches", *cut)) == min(count, 3)


def test_periods_are_cut_by_overlap(hall: Hall) -> None:
    cuts = [["--from", "2026-11-30"], ["--to", "2026-11-01"], ["--from", "2026-12-01"], ["--to", "2026-10-31"]]

    assert [len(export(hall.path, "scores", *cut)) for cut in cuts] == [3, 3, 0, 0]


def test_every_standing_entry_s_cause_leads_to_a_violation(hall: Hall) -> None:
    ids = {r[10] for r in export(hall.path, "violations")}

    assert {r[2].split("@")[0] for r in export(hall.path, "ledger")} == ids
    assert {r[2].split("@")[1] for r in export(hall.path, "ledger")} == {"person:P1/勤", "window:公安/文明服务"}


# rules


def test_rules_list_and_show_name_packs_articles_and_interpretations(hall: Hall) -> None:
    listed, shown = hall.done("rules", "list"), hall.done("rules", "show", "yihuang")

    assert "yihuang  宜黄县行政服务中心  《" in listed
    assert "  yihuang.summer_from = 06-01  " in shown
    assert "迟到、早退，每次：个人 勤 扣 0.5 分，窗口 文明服务 扣 0.5 分" in shown


def test_rules_show_marks_what_the_hall_reads_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(tmp_path, TOML + '[hall.interpretations]\n"yihuang.summer_from" = "06-15"\n')
    monkeypatch.chdir(tmp_path)

    (line,) = [line for line in hall.done("rules", "show", "yihuang").splitlines() if "yihuang.summer_from" in line]

    assert line.startswith("  yihuang.summer_from = 06-15  ")
    assert line.endswith("〔本大厅改写，规则包原值 06-01〕")


def test_rules_show_takes_the_site_that_is_named(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML + '[hall.interpretations]\n"yihuang.summer_from" = "06-15"\n')

    assert "  yihuang.summer_from = 06-15  " in hall.done("rules", "show", "yihuang")


def test_rules_test_fails_on_a_case_that_does_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    case = '[[case]]\nname = "甲"\ndays = { "2026-11-09" = "" }\n[case.expect]\nverdicts = ["normal"]\n'
    path.write_text(PACK + case, encoding="utf-8")

    ran = punchsync(None, "rules", "test", str(path))

    assert (ran.status, "缺卡" in ran.out) == (1, True)


def test_a_hall_s_own_pack_judges_it(tmp_path: Path) -> None:
    hall = Hall(tmp_path, TOML.replace('pack = "yihuang"', 'pack = "packs/own.toml"'))
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.toml").write_text(PACK, encoding="utf-8")
    hall.bring("staff", staff())
    hall.punch("09:00:01", "12:01:00", "13:55:00", "17:01:00")
    hall.settle()

    assert (hall.verdicts(), hall.points()) == (["late", "normal", "normal", "normal"], {"P1 考勤": "-0.5"})


# processes


def test_help_is_quick_and_loads_no_more_than_it_needs() -> None:
    code = (
        "import sys\nsys.argv = ['punchsync', '--help']\nfrom punchsync.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    heavy = {'sqlalchemy', 'alembic', 'pydantic', 'rich', "
        "'apscheduler', 'zk', 'structlog', 'openpyxl', 'chinese_calendar'} & set(sys.modules)\n"
        "    print(end.code, sorted(heavy), file=sys.stderr)\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert (ran.returncode, ran.stderr, "settle" in ran.stdout) == (0, "0 []\n", True)


def test_a_process_ends_with_the_status_and_no_traceback(hall: Hall, tmp_path: Path) -> None:
    helped, wrong = process(None, "--help"), process(tmp_path, "settle")

    assert (helped.status, helped.err, wrong.status, wrong.out, "Traceback" in wrong.err) == (0, "", 2, "", False)


def test_english_is_spoken_where_it_is_asked_for(tmp_path: Path) -> None:
    ran = process(tmp_path, "settle", PUNCHSYNC_LANG="en")

    assert (ran.status, "does not exist" in ran.err) == (2, True)


@pytest.mark.parametrize(("free", "level"), [(2_000, "ok"), (1_023, "warn"), (511, "fail")])
def test_a_disk_that_fills_is_a_warning_before_it_fails(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=free << 20))
    lines = json.loads(hall.run("check", "--as-of", LATER, "--json").out)["lines"]
    assert [line["level"] for line in lines if line["text"].startswith("磁盘")] == [level]
