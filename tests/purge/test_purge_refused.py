"""What is refused because of a purge, or refuses one; and what is said of sealed days."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from purgekit import LAST, NOW, STRANGER, Hall, Keep, made

from e2e.commandline import Ran, punchsync
from punchsync.bootstrap.clocks import HallClock
from punchsync.cli.cmd_import import tell
from punchsync.core.appeal import Appeal
from punchsync.core.checkpoint import Sealed
from punchsync.core.moment import DAY, show_day
from punchsync.operations import appeals, retention
from punchsync.operations.appeals import Filing
from punchsync.operations.bring_in import ReachesBack
from punchsync.operations.closing import close, reopen
from punchsync.operations.explain import explain_day, explain_entry
from punchsync.operations.export import export
from punchsync.operations.purge import Unproved, plan_purge, purge
from punchsync.operations.retention import Hindrance
from punchsync.operations.settle import settle
from punchsync.operations.statement import statement
from punchsync.operations.verify import verify
from punchsync.operations.what_if import what_if
from punchsync.publish.explanation import of_day
from punchsync.publish.explanation_json import to_json
from punchsync.service.means import left_over
from punchsync.store.store import SqlStore

Fresh = Callable[[], Hall]


def test_days_that_are_sealed_are_not_judged_anew(purged: Fresh) -> None:
    hall = purged().site.hall
    for ask in (
        lambda: settle(hall, NOW, first=LAST),
        lambda: settle(hall, NOW, last=LAST),
        lambda: settle(hall, (LAST - 5) * DAY, dry_run=True),
        lambda: what_if(hall, hall.pack, NOW, LAST - 40, LAST + 40),
        lambda: reopen(hall, "2024-12", by="某", reason="试"),
    ):
        with pytest.raises(Sealed) as refused:
            ask()
        assert (refused.value.through, refused.value.checkpoint) == (LAST, 1)
    assert (
        settle(hall, NOW, first=LAST + 1).months[0],
        what_if(hall, hall.pack, NOW, LAST + 1, NOW // DAY).points,
    ) == (
        "2025-01",
        (),
    )
    assert close(hall, "2024").already == tuple(f"2024-{m:02d}" for m in range(1, 13))


def test_the_store_itself_refuses_to_replace_a_sealed_month(purged: Fresh) -> None:
    hall = purged().site.hall
    with hall.store.reading() as work:
        marked = work.months.states()
    result = settle_of(hall)
    with pytest.raises(Sealed), hall.store.writing() as work:
        work.months.replace(result, 0, NOW, "d")
    with hall.store.writing() as work:
        work.months.mark("")
    with hall.store.reading() as work:
        waits = [m for m, s in work.months.states().items() if s.waits]
    assert waits == [m for m in marked if m > "2025"]


def settle_of(hall: Any) -> Any:
    from punchsync.core.settle import MonthResult

    return MonthResult("2024-03", (), (), (), (), (), (), (), 0)


def test_an_appeal_against_a_sealed_day_is_refused(purged: Fresh) -> None:
    hall = purged().site.hall
    with hall.store.reading() as work:
        v = next(v for v in work.months.violations(1, LAST) if v.source == "punch")
    with pytest.raises(Sealed):
        appeals.file(hall, v.id, Filing("申诉人", "不是我"))


def test_a_record_of_sealed_days_only_is_left_out_and_one_that_reaches_back_is_refused(
    purged: Fresh, capsys: pytest.CaptureFixture[str]
) -> None:
    hall = purged()
    leave = {"kind": "personal", "registered_at": "2024-01-01 09:00", "certificate": "no", "approvals": "window_lead"}
    sealed = {"leave_id": "X1", "person_id": "P1", "start": "2024-05-01", "end": "2024-05-02", **leave}
    later = {"leave_id": "X2", "person_id": "P1", "start": "2026-03-05", "end": "2026-03-05", **leave}
    across = {"leave_id": "X3", "person_id": "P1", "start": "2024-03-05", "end": "2025-01-05", **leave}
    done = hall.put("leave", sealed, later)
    assert (done.rows, done.changed, done.left_out, done.through) == (2, 1, 1, LAST)
    with pytest.raises(ReachesBack) as refused:
        hall.put("leave", across)
    with hall.site.store.reading() as work:
        whole, kept = work.checkpoints.reach().whole, work.records.all("leave")
    capsys.readouterr()
    tell(done, "leave", "l.csv", False, False)
    tell(done._replace(left_out=2, changed=0), "leave", "l.csv", False, False)
    said = capsys.readouterr().out.splitlines()
    assert [line.rpartition("；")[2] for line in said] == ["已导入", "没有导入"]
    assert (refused.value.keys, refused.value.since, "X1" in kept, "X2" in kept) == (("X3",), whole, False, True)
    hall.put("leave", {**across, "start": show_day(whole)})


def test_a_sealed_day_is_explained_by_what_is_still_known(purged: Fresh) -> None:
    hall = purged()
    rows = [r for r in export(hall.site.hall, "violations", None, LAST).rows if r[1] and r[7] == "punch"]
    day, person = rows[0][0], rows[0][1]
    ordinal = LAST - 366 + 1 + [show_day(LAST - 365 + n) for n in range(366)].index(day)
    found = explain_day(hall.site.hall, person, ordinal)
    assert (found.stale, found.fresh, found.raw, found.points) == ((), (), (), ())
    assert (found.erased and found.erased.number, bool(found.verdicts), bool(found.violations)) == (1, True, True)
    page = of_day(found)
    assert "检查点 1" in page.warnings[0]
    assert to_json(found)["erased"]["through"] == "2024-12-31"
    entry = next(r for r in export(hall.site.hall, "ledger", None, LAST).rows if r[4] == "person")
    about = explain_entry(hall.site.hall, entry[1])
    assert (about.behind is not None, about.about is not None and about.about.erased is not None) == (True, True)


def test_statements_of_sealed_months_are_what_they_were(whole: Fresh) -> None:
    hall = whole()
    asked = [("person", "P1", "2024-12"), ("person", "P2", "2024"), ("window", "公安", "2024-Q4")]
    before = [statement(hall.site.hall, *one) for one in asked]
    purge(hall.site.hall, Keep(names=None), NOW, "某")
    assert [statement(hall.site.hall, *one) for one in asked] == before


def test_a_year_with_an_open_month_or_an_open_appeal_stays(tmp_path: Path) -> None:
    with made(tmp_path / "site", f"sqlite:///{tmp_path}/store.db", "yihuang", 1, closed=False) as hall:
        close(hall.site.hall, "2024-Q1", anyway=True)
        with hall.site.store.writing() as work:
            v = work.months.violations(1, LAST)[0]
            filed = Appeal(0, v.id, 1, v.day, v.person, v.window, 1, v.kind, 0, v.source, "人", "person", "", "", NOW)
            work.appeals.file(filed, [], NOW)
        parts = {p.table: (p.through, p.hindrances) for p in plan_purge(hall.site.hall, Keep(), NOW).parts}
        months = tuple(f"2024-{m:02d}" for m in range(4, 13))
        assert parts["punches"] == (0, (Hindrance("open", months), Hindrance("appeal", ("1",))))
        assert plan_purge(hall.site.hall, Keep(punches=3, records=3, names=None), NOW).cut is None
        assert plan_purge(hall.site.hall, Keep(None, None, None, None), NOW).cut is None


def test_nothing_is_purged_by_a_clock_that_ran_far_ahead(whole: Fresh) -> None:
    hall = whole().site.hall
    with hall.store.writing() as work:
        work.runs.settled(NOW + 5000 * DAY, hall.pack.digest, NOW)
    plan = plan_purge(hall, Keep(), NOW + 5000 * DAY)
    assert {p.table: p.allowed and show_day(p.allowed) for p in plan.parts} == dict.fromkeys(
        ("punches", "records", "bulletins", "names"), "2025-12-31"
    )


def test_nothing_is_purged_that_can_not_be_proved(whole: Fresh) -> None:
    hall = whole()
    with closing(sqlite3.connect(hall.folder / "store.db")) as database, database:
        database.execute("UPDATE tally SET late = late + 1 WHERE month = '2025-03'")
    before = hall.exports(())
    with pytest.raises(Unproved) as refused:
        purge(hall.site.hall, Keep(), NOW, "某")
    assert ([d.invariant for d in refused.value.differences], hall.exports(()) == before) == (["tallies"], True)


def across(hall: Hall) -> None:
    """A leave across the New Year, valid only because a roster of December makes it short; its hall settled."""
    days = {"from": "2024-11-15", "to": "2024-12-31", "shift": "off", "days": "all"}
    roster = {"roster_id": "Z1", "entered_at": "2024-11-01 08:00", "person_id": "P3", "window": "", **days}
    leave = {"leave_id": "Z2", "person_id": "P3", "kind": "personal", "start": "2024-12-20", "end": "2025-01-03"}
    hall.put("roster", roster)
    hall.put("leave", {
        **leave, "registered_at": "2024-12-01 09:00", "certificate": "no", "approvals": "window_lead;inspection",
    })  # fmt: skip
    settle(hall.site.hall, NOW)


def test_what_a_leave_across_the_new_year_is_judged_by_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with made(tmp_path / "site", f"sqlite:///{tmp_path}/store.db", "yihuang", 8) as hall:
        across(hall)
        before = hall.exports(())
        every = [("roster", "Z1")]
        # Should ever more be chosen than may go, what stays is judged before anything is committed.
        with monkeypatch.context() as patched, pytest.raises(Unproved) as refused:
            patched.setattr(retention, "going", lambda work, last: (last + 1, every))
            purge(hall.site.hall, Keep(), NOW, "某")
        assert (refused.value.after, hall.exports(()) == before) == (True, True)
        assert purge(hall.site.hall, Keep(), NOW, "某").checkpoint is not None
        with hall.site.store.reading() as work:
            assert ("Z1" in work.records.all("roster"), "Z2" in work.records.all("leave")) == (True, True)
        assert hall.exports() == {kind: rows for kind, rows in before.items() if kind not in ("punches", "verdicts")}


def test_erased_bytes_are_nowhere_in_the_files(whole: Fresh) -> None:
    hall = whole()
    telling = [STRANGER, "走了的人", "私密的理由1", "PRIVATE-EVIDENCE-1", "2024-01-05：某人迟到"]
    assert [text for text in telling if text.encode() in on_disk(hall)] == telling
    assert purge(hall.site.hall, Keep(), NOW, "某").scrubbed == "done"
    assert [text for text in telling if text.encode() in on_disk(hall)] == []
    assert b"PRIVATE-EVIDENCE-2" in on_disk(hall)


def on_disk(hall: Hall) -> bytes:
    return b"".join(file.read_bytes() for file in hall.folder.glob("store.db*"))


def test_a_blanked_bulletin_is_not_issued_again(purged: Fresh) -> None:
    hall = purged().site.hall
    with pytest.raises(Sealed), hall.store.writing() as work:
        work.papers.issue("daily", "2024-01-05", "2024-01-05：某人迟到", NOW)


def test_what_a_purge_left_in_the_files_is_tried_again_although_nothing_is_due(
    purged: Fresh, whole: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = ["busy", "by_hand", "done"]
    monkeypatch.setattr(SqlStore, "scrub", lambda store: went.pop(0))
    hall = purged().site.hall
    assert [left_over(hall) for _n in range(3)] == ["busy", "", "done"]
    assert left_over(whole().site.hall) == ""


def test_other_halls_of_a_file_are_told_of_if_they_have_more_than_a_name(whole: Fresh) -> None:
    hall = whole()
    assert hall.site.store.others() == []
    mistyped = SqlStore(f"sqlite:///{hall.folder}/store.db", "mistyped")
    assert hall.site.store.others() == []
    with mistyped.writing() as work:
        work.records.put("staff", [("p1", {})], NOW)
    mistyped.close()
    assert hall.site.store.others() == ["mistyped"]
    assert "mistyped" in punchsync(hall.folder, "check")[1]


def test_a_day_that_is_sealed_or_whose_bulletins_went_gets_no_new_bulletin(purged: Fresh, tmp_path: Path) -> None:
    hall = purged()
    for kind, day in (("daily", "2024-03-05"), ("monthly", "2024-12-05"), ("weekly", "2024-12-31")):
        status, out, err = punchsync(hall.folder, "bulletin", kind, "--date", day, "--out", str(tmp_path))
        assert (status, out, "2024-12-31" in err, list(tmp_path.iterdir())) == (2, "", True, [])
    assert punchsync(hall.folder, "bulletin", "monthly", "--date", "2025-01-31", "--out", str(tmp_path))[0] == 0


RETENTION = "[retention]\npunches = 1\nrecords = 1\nbulletins = 1\nnames = 1\n"


def test_the_command_says_asks_purges_and_says_what_is_left(whole: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HallClock, "now", lambda clock: NOW)
    hall = whole()

    def said(*arguments: str) -> Ran:
        return punchsync(hall.folder, *arguments)

    status, out, _err = said("purge")
    assert (status, out.count("一直保留")) == (0, 4)
    settings = hall.folder / "punchsync.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + RETENTION, encoding="utf-8")
    status, out, _err = said("purge", "--dry-run")
    assert (status, out.count("2024-12-31")) == (0, 4)
    for name in ("bulletins", "documents"):
        (hall.folder / name).mkdir(exist_ok=True)
    names = (
        "bulletins/daily-2024-01-05.docx", "bulletins/daily-2024-01-05.md", "documents/attendance-2024-03-公安.pdf",
        "documents/slip-L1.pdf", "store.db.replaced-1",
    )  # fmt: skip
    left = [hall.folder / name for name in names]
    for file in (*left, hall.folder / "bulletins/daily-2025-01-06.md", hall.folder / "documents/slip-L2.pdf"):
        file.write_text("某人", encoding="utf-8")
    os.utime(hall.folder / "documents/slip-L1.pdf", (0, 1_710_000_000))  # 2024
    os.utime(hall.folder / "documents/slip-L2.pdf", (0, 1_750_000_000))  # 2025
    status, out, _err = said("purge", "--dry-run")
    assert (status, [str(file) in out for file in left], "daily-2025" in out) == (0, [True] * 5, False)
    assert json.loads(said("purge", "--dry-run", "--json")[1])["by_hand"] == [str(file) for file in left]
    assert said("purge")[0] == 2
    status, _out, err = said("purge", "--by", "张主任")
    assert (status, "--yes" in err, verify(hall.site.hall).checkpoints) == (2, True, ())
    status, out, err = said("purge", "--by", "张主任", "--yes")
    assert (status, "检查点 1" in out, "demo " in out, err) == (0, True, True, "")
    status, out, err = said("verify")
    assert (status, "12 个月" in out, "张主任" in out, err) == (0, True, True, "")
    status, _out, err = said("settle", "--from", "2024-06-01")
    assert (status, "2024-12-31" in err, "2025-01-01" in err) == (2, True, True)
    assert said("explain", "P1", "2024-01-03")[0] == 0
