"""What the whole demonstration says, against the site that it leaves."""

from __future__ import annotations

import shlex
import sqlite3
import tomllib
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from demokit import Ran, export, punchsync


class Kept(NamedTuple):
    """A whole demonstration: where it ran, what it said, the site it left."""

    folder: Path
    ran: Ran
    site: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    return Kept(folder, punchsync(folder, "demo", "--keep", "hall"), folder / "hall")


def cells(out: str, head: str) -> list[list[str]]:
    """The rows of the table whose header begins with these words."""
    lines = out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.split()[: len(head.split())] == head.split())
    rows = []
    for line in lines[start + 1 :]:
        if not line.strip():
            break
        rows.append(line.split())
    return rows


def test_it_ends_well_and_complains_of_nothing(kept: Kept) -> None:
    assert (kept.ran.status, kept.ran.err) == (0, "")


def test_steps_are_numbered_from_one(kept: Kept) -> None:
    numbers = [line.partition(".")[0] for line in kept.ran.out.splitlines() if line[:1].isdigit()]

    assert numbers == [str(n) for n in range(1, 15)]


def test_an_unreachable_terminal_leaves_its_people_unknown_and_uncharged(kept: Kept) -> None:
    assert "T2 的 8 人共 64 个考勤点未知；没读到的不算数，给他们记账 0 笔。" in kept.ran.out
    assert "未知考勤点由 64 个变为 0 个；新增 6 笔，冲回 0 笔。" in kept.ran.out
    assert "再 resync 一次：新增 0 笔，冲回 0 笔。" in kept.ran.out


def test_the_edge_is_at_600_seconds(kept: Kept) -> None:
    rows = cells(kept.ran.out, "姓名 考勤点 应到")

    assert ["甲三", "上午上班", "08:30:00", "08:39:59", "599", "正常", "—"] in rows
    assert ["乙三", "上午上班", "08:30:00", "08:40:00", "600", "迟到", "迟到", "-0.5"] in rows


def test_a_wrong_absence_is_taken_back_by_four_reversals(kept: Kept) -> None:
    ledger = {e["entry_id"]: e for e in export(kept.folder, kept.site, "ledger")}
    reversals = [e for e in ledger.values() if e["reverses"]]

    assert "重新核算：保存着的打卡生效，新增 0 笔，冲回 4 笔。" in kept.ran.out
    assert [e["points"] for e in reversals] == ["2.5"] * 4
    assert {e["account_id"] for e in reversals} == {"1004", "公安"}
    for e in reversals:
        assert ledger[e["reverses"]]["points"] == "-2.5"
        assert e["reverses"] in kept.ran.out
        assert e["entry_id"] in (kept.site / "bulletins/daily-2026-10-28.md").read_text(encoding="utf-8")


def test_the_sums_it_prints_are_those_of_the_exports(kept: Kept) -> None:
    ledger = export(kept.folder, kept.site, "ledger")
    sums = {
        kind: sum((Decimal(e["points"]) for e in ledger if e["account_type"] == kind), Decimal(0))
        for kind in ("person", "window")
    }
    back = sum(bool(e["reverses"]) for e in ledger)

    assert f"共记账 {len(ledger)} 笔，其中冲回 {back} 笔；" in kept.ran.out
    person, window = (f"{sums[kind].normalize():f}" for kind in ("person", "window"))
    assert f"合计个人 {person} 分、窗口 {window} 分。" in kept.ran.out


def test_the_scores_it_prints_are_those_of_the_exports(kept: Kept) -> None:
    scores = [s for s in export(kept.folder, kept.site, "scores") if s["account_type"] == "window"]
    told = {
        (row[0], period): (row[1 + 2 * n], row[2 + 2 * n])
        for row in cells(kept.ran.out, "窗口 2026-10 扣分")
        for n, period in enumerate(("2026-10", "2026-11"))
    }

    assert told == {(s["account_id"], s["period"]): (s["points"], s["score"]) for s in scores}


def test_a_receiver_that_goes_away_and_comes_back_has_the_ledger_row_by_row(kept: Kept) -> None:
    ledger = export(kept.folder, kept.site, "ledger")
    told = cells(kept.ran.out, "推送 送达 尚待")
    sent = [int(row[1]) for row in told]
    with closing(sqlite3.connect(kept.site / "scores.db")) as scores:
        columns = ", ".join(ledger[0])
        found = scores.execute(f"SELECT {columns} FROM score_entry WHERE hall_id = 'demo'").fetchall()

    assert sorted(tuple(map(str, row)) for row in found) == sorted(tuple(e.values()) for e in ledger)
    assert f"共 {len(ledger)} 行，不同 0 行；push --reconcile 读回核对，差异 0 处。" in kept.ran.out
    assert (sum(sent), sent[1]) == (len(ledger), 0)
    assert [row[2:] for row in told] == [[str(sent[2]), "连不上"]] * 2 + [["0", "—"]]


def test_the_days_it_counts_are_those_of_the_exports(kept: Kept) -> None:
    total = cells(kept.ran.out, "日期 打卡 迟到")[-1]
    violations = export(kept.folder, kept.site, "violations")
    ledger = export(kept.folder, kept.site, "ledger")
    kinds = [v["kind"] for v in violations]

    assert total == [
        "合计",
        str(len(export(kept.folder, kept.site, "punches"))),
        *(str(kinds.count(kind)) for kind in ("late", "early", "absent_half_day")),
        str(sum(v["source"] == "incident" for v in violations)),
        "0",
        str(sum(not e["reverses"] for e in ledger)),
        "4",
    ]


def test_the_month_that_is_over_is_ranked_and_proposes_awards(kept: Kept) -> None:
    ranking = export(kept.folder, kept.site, "ranking")
    awards = {o["subject_id"] for o in export(kept.folder, kept.site, "outcomes") if o["outcome"] == "award"}
    told = cells(kept.ran.out, "名次 窗口")

    assert {(r["rank"], r["subject_id"], r["score"]) for r in ranking} == {(r[0], r[1], r[2]) for r in told}
    assert {r[1] for r in told if r[4] == "拟议"} == awards


def test_the_site_it_keeps_verifies(kept: Kept) -> None:
    ran = punchsync(kept.folder, "--site", str(kept.site), "verify")

    assert (ran.status, ran.err) == (0, "")
    assert "差异 0 处" in ran.out
    assert "差异 0 处" in kept.ran.out


def test_the_last_bulletin_is_printed(kept: Kept) -> None:
    issued = (kept.site / "bulletins/daily-2026-11-06.md").read_text(encoding="utf-8")
    told = kept.ran.out.partition("# 示范县政务服务中心考勤日报（2026-11-06）")[2]

    for line in issued.splitlines()[1:]:
        for cell in line.replace("|", " ").replace("---", " ").split():
            assert cell in told


def test_the_commands_it_suggests_work(kept: Kept) -> None:
    suggested = [
        shlex.split(line) for line in kept.ran.out.splitlines() if line.startswith("  punchsync --site")
    ]  # fmt: skip

    assert len(suggested) == 4
    for _program, *args in suggested:
        assert punchsync(kept.folder, *args).status == 0


def test_the_files_it_names_are_there(kept: Kept) -> None:
    named = [Path(line.split()[0]) for line in kept.ran.out.splitlines() if line.startswith(f"  {kept.site}")]

    assert [p.name for p in named if p.exists()] == [
        "punchsync.toml",
        "imports",
        "bulletins",
        "punchsync.db",
        "scores.db",
    ]
    assert len(list((kept.site / "bulletins").glob("*.md"))) == 10


def test_the_kept_settings_say_where_each_window_punches(kept: Kept) -> None:
    settings = tomllib.loads((kept.site / "punchsync.toml").read_text(encoding="utf-8"))

    assert {t["id"]: t["windows"] for t in settings["terminal"]} == {
        "T1": ["公安", "税务", "社保"],
        "T2": ["市场监管", "不动产", "民政"],
    }
