"""The ledger's page: filters, pages, totals, what is taken back and delivered, and files to keep."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from deskkit import ROLES, Browser, desk_of, text_of
from openpyxl import load_workbook

from punchsync.bootstrap.bringing import bring_records
from punchsync.core.outbox import Batch
from punchsync.core.readback import COLUMNS
from punchsync.desk.pages import ledger
from punchsync.operations.export import export

HOSTILE = "<script>alert(1)</script>"
STAFF = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
INCIDENT = "incident_id,person_id,window,kind,at,noted_by,place,evidence\n"


def ids(answer) -> list[str]:
    """The entries of a page, in order."""
    return re.findall(r'<th scope="row"><a href="/entry/(E\d+)">', answer.text)


def brought(browser: Browser, kind: str, text: str) -> None:
    done = bring_records(browser.site, kind, text.encode(), f"{kind}.csv")
    assert not done.problems, [p.show() for p in done.problems]
    browser.settle()


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text)))


@pytest.mark.parametrize("path", ["/ledger", "/ledger/download?form=csv"])
def test_only_the_office_sees_the_whole_ledger(browser: Browser, path: str) -> None:
    allowed = {"clerk", "inspector", "leader"}
    for n, role in enumerate(ROLES):
        answer = browser.other(f"10.0.1.{n}").as_role(role).get(path)
        assert (role, answer.status_code) == (role, 200 if role in allowed else 403)


def test_entries_come_newest_first_and_go_on_by_height(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ROWS", 3)
    browser.as_role("clerk")
    assert ids(browser.get("/ledger")) == ["E00000008", "E00000007", "E00000006"]
    second = browser.get("/ledger?below=6")
    assert ids(second) == ["E00000005", "E00000004", "E00000003"]
    assert 'href="/ledger?above=5"' in second.text
    assert 'href="/ledger?below=3"' in second.text
    assert ids(browser.get("/ledger?below=3")) == ["E00000002", "E00000001"]
    assert "below=" not in browser.get("/ledger?below=3").text
    assert ids(browser.get("/ledger?above=2")) == ["E00000005", "E00000004", "E00000003"]
    assert ids(browser.get("/ledger?below=99999999999999999999")) == ["E00000008", "E00000007", "E00000006"]


def test_filters_narrow_the_list_and_may_be_linked(browser: Browser) -> None:
    browser.as_role("clerk")
    assert ids(browser.get("/ledger?account=1005")) == ["E00000003"]
    assert ids(browser.get("/ledger?account=oyjwzz")) == ["E00000007", "E00000005", "E00000001"]
    assert ids(browser.get("/ledger?account=税务")) == ["E00000004"]
    assert ids(browser.get("/ledger?rule=旷工半天&category=勤")) == ["E00000007"]
    assert ids(browser.get("/ledger?booked=2026-10")) == ids(browser.get("/ledger?reversals=1")) == []
    assert len(ids(browser.get("/ledger?month=2026-11"))) == 8


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("month=2026-13", "2026-13"),
        ("booked=November", "November"),
        ("account=甲", "1001 甲一"),
        ("account=%3Cb%3E", "<b>"),
    ],
)
def test_a_filter_that_means_nothing_is_said_and_shows_nothing(browser: Browser, query: str, said: str) -> None:
    answer = browser.as_role("clerk").get(f"/ledger?{query}")
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert (ids(answer), "<b>" in answer.text) == ([], False)


def test_a_month_s_totals_are_those_of_the_exports(browser: Browser) -> None:
    text = text_of(browser.as_role("clerk").get("/ledger?month=2026-11"))
    scores = export(browser.site.hall, "scores").rows
    sums: dict[tuple[str, str], float] = {}
    for _period, kind, _id, category, _base, points, _score in scores:
        sums[kind, category] = sums.get((kind, category), 0) + float(points)
    assert sums == {("person", "勤"): -4, ("person", "德·会议学习"): 0, ("window", "文明服务"): -4}
    assert "2026-11 个人 勤 2 -4 2026-11 个人 德·会议学习 0 0 2026-11 窗口 文明服务 2 -4" in text
    assert "2026-11 个人 勤 1 -0.5" in text_of(browser.get("/ledger?month=2026-11&account=1005"))


def test_what_is_taken_back_is_linked_both_ways(browser: Browser) -> None:
    ruling = "ruling_id,person_id,window,date,session,kind,effect,as_kind,document,decided_by,decided_at\n"
    brought(browser, "ruling", f"{ruling}R1,1005,,2026-11-05,2,,excuse,,裁1,主任,2026-11-20 09:00:00\n")
    answer = browser.as_role("clerk").get("/ledger?account=1005")
    assert ids(answer)[-1] == "E00000003"
    text = text_of(answer)
    assert re.search(r"E00000003 2026-11-05 .* 已冲回 E00000009", text)
    assert re.search(r"E00000009 2026-11-05 .* 冲回 E00000003", text)
    assert ids(browser.get("/ledger?reversals=1")) == ["E00000010", "E00000009"]


def test_what_was_downloaded_is_the_export_and_leaves_a_line(browser: Browser) -> None:
    browser.as_role("clerk")
    answer = browser.get("/ledger/download?form=csv&month=2026-11")
    wanted = export(browser.site.hall, "ledger")
    assert rows_of(answer) == [list(wanted.columns), *map(list, wanted.rows)]
    assert "ledger-2026-11.csv" in answer.headers["content-disposition"]
    assert browser.get("/ledger/download?form=exe").status_code == 404
    assert browser.get("/ledger/download?form=csv&month=never").status_code == 303
    lines = "".join(p.read_text(encoding="utf-8") for p in (browser.site.folder / "access").iterdir())
    assert '"what": "ledger download", "about": {"month": "2026-11"' in lines


def test_texts_that_look_like_formulas_or_markup_stay_texts(browser: Browser) -> None:
    brought(browser, "staff", f"{STAFF}=1+1,{HOSTILE},县局,=cmd|'x'!A1,staff,77,,2026-11-01,\n")
    brought(browser, "incident", f"{INCIDENT}D1,=1+1,,no_badge,2026-11-10 10:00:00,督查乙,大厅,\n")
    browser.as_role("clerk")
    page = browser.get("/ledger?account==1%2B1")
    assert ("&lt;script&gt;alert(1)" in page.text, HOSTILE in page.text) == (True, False)
    cells = {row[5] for row in rows_of(browser.get("/ledger/download?form=csv"))}
    assert "'=1+1" in cells
    assert not [c for c in cells if c.startswith("=")]
    book = load_workbook(io.BytesIO(browser.get("/ledger/download?form=xlsx").content))
    sheet = list(book.active.iter_rows())
    assert [c.value for c in sheet[0]] == list(COLUMNS)
    assert "f" not in {c.data_type for row in sheet for c in row}
    assert "=1+1" in {c.value for row in sheet for c in row}


def test_each_entry_says_whether_it_was_delivered(site_folder: Path) -> None:
    settings = site_folder / "punchsync.toml"
    sink = '[scoring]\nsink = "http"\nurl = "https://scores.example/api"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + sink, encoding="utf-8")
    with desk_of(site_folder) as browser:
        name = browser.site.scoring_name()
        with browser.site.store.writing() as work:
            work.deliveries.add(name, [Batch(1, 1, 2, "a"), Batch(2, 3, 4, "b"), Batch(3, 5, 6, "c")], 0)
            work.deliveries.note(name, 1, "delivered", "", 1)
            work.deliveries.note(name, 2, "parked", "", 1)
        answer = browser.as_role("clerk").get("/ledger")
        assert re.findall("已推送|被退回|待推送", text_of(answer)) == ["待推送"] * 4 + ["被退回"] * 2 + ["已推送"] * 2
