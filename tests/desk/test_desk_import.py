"""Batch import over HTTP: looked at first, then exactly those bytes; hostile files and names; who may import what."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from deskkit import Browser, text_of
from openpyxl import Workbook, load_workbook

from punchsync.core.moment import parse_moment
from punchsync.desk.importing.shelf import MOST, WAITS, ImportShelf, Waiting
from punchsync.intake import workbook
from punchsync.intake.kinds import KINDS, PUNCHES
from punchsync.intake.parse import Context, Parsed, parse

HEAD = "外出号,工号,开始,结束,登记时间,事由\n"
ROW = "W1,1003,2026-11-19 14:30,2026-11-19 16:00,2026-11-19 14:00,{reason}\n"


def look(browser: Browser, kind: str, data: bytes, name: str = "文件.csv", **more: str) -> object:
    return browser.post("/import", {"kind": kind, **more}, files={"file": (name, data)})


def held(answer: object) -> str:
    found = re.search(r'name="id" value="([^"]+)"', answer.text)  # type: ignore[attr-defined] # an answer
    assert found, text_of(answer)
    return found.group(1)


def files(folder: Path) -> list[str]:
    """A site's files but for those that every request touches."""
    return sorted(p.as_posix() for p in folder.rglob("*") if not {"data", "access"} & set(p.parts))


def outings(browser: Browser) -> list[str]:
    with browser.site.store.reading() as work:
        return [b["reason"] for b in work.records.all("outing").values()]


def test_a_file_is_looked_at_and_then_taken_in_as_it_was(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    first = look(clerk, "outing", (HEAD + ROW.format(reason="<script>alert(1)</script>")).encode())
    assert "新增" in text_of(first)
    assert "<script>alert" not in first.text
    assert outings(browser) == []
    id = held(first)
    assert clerk.post("/import/confirm", {"id": id}).headers["location"] == "/import"
    assert outings(browser) == ["<script>alert(1)</script>"]
    assert "已导入「外出」1 行，新增或改动 1 条" in text_of(clerk.get("/import"))
    second = look(
        clerk, "outing", (HEAD + ROW.format(reason="=1+1") + ROW.format(reason="").replace("W1", "W2")).encode()
    )
    assert "<del>&lt;script&gt;" in second.text
    assert clerk.post("/import/confirm", {"id": id}).status_code == 422
    assert outings(browser) == ["<script>alert(1)</script>"]
    same = look(clerk, "outing", (HEAD + ROW.format(reason="<script>alert(1)</script>")).encode())
    assert "没有要写的" in text_of(same)


def test_every_problem_is_told_with_its_row_and_column_and_nothing_is_stored(browser: Browser) -> None:
    data = HEAD + "W1,9999,后来,2026-11-19,2026-11-19,\nW2,1003,2026-11-19,2026-11-18,2026-11-19 08:00,\n"
    answer = look(browser.as_role("clerk"), "outing", data.encode(), "<img src=x>.csv")
    assert answer.status_code == 422
    text = text_of(answer)
    assert "有 4 处不对，没有写入" in text
    for place in ("2 工号", "2 开始", "2 登记时间", "3 结束"):
        assert place in text
    assert "<img src=x>" not in answer.text
    assert outings(browser) == []


def test_a_file_is_taken_in_once_and_only_by_the_login_that_brought_it(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    id = held(look(clerk, "outing", (HEAD + ROW.format(reason="")).encode()))
    other = browser.other()
    other.as_role("clerk")
    assert other.post("/import/confirm", {"id": id}).status_code == 422
    assert outings(browser) == []
    assert clerk.post("/import/confirm", {"id": id}).status_code == 303
    assert clerk.post("/import/confirm", {"id": id}).status_code == 422
    assert clerk.post("/import/confirm", {"id": "../../punchsync.toml"}).status_code == 422


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\punchsync.toml", "/etc/cron.d/x", "a\x00b.csv"])
def test_the_name_of_a_file_is_never_a_path(browser: Browser, name: str) -> None:
    folder = browser.site.folder
    before = files(folder)
    toml = (folder / "punchsync.toml").read_bytes()
    answer = look(browser.as_role("clerk"), "outing", (HEAD + ROW.format(reason="")).encode(), name)
    assert answer.status_code == 200
    assert ".." not in text_of(answer)
    assert browser.post("/import/confirm", {"id": held(answer)}).status_code == 303
    assert files(folder) == before
    assert (folder / "punchsync.toml").read_bytes() == toml


def test_a_workbook_with_formulas_and_one_that_swells_are_told_as_on_the_command_line(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = browser.as_role("clerk")
    book = Workbook()
    book.worksheets[0].append(HEAD.strip().split(","))
    book.worksheets[0].append(["W1", "1003", "=NOW()", "", "2026-11-19 14:00", '=HYPERLINK("http://192.0.2.1")'])
    out = io.BytesIO()
    book.save(out)
    answer = look(clerk, "outing", out.getvalue(), "formulas.xlsx")
    assert answer.status_code == 422
    monkeypatch.setattr(workbook, "UNPACKED", 1 << 20)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        part.write(bytes(2 << 20))
    swollen = look(clerk, "outing", bomb.getvalue(), "bomb.xlsx")
    assert swollen.status_code == 422
    assert "展开后" in text_of(swollen)
    assert outings(browser) == []


def test_a_terminal_s_file_and_a_table_of_punches_are_taken_in(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    log = b"        3\t2026-11-20 09:58:00\t1\t0\t0\t0\n      999\t2026-11-20 09:59:00\t1\t0\t0\t0\n"
    assert look(clerk, "punches", log, format="attlog").status_code == 422
    late = look(clerk, "punches", log, format="attlog", terminal="T1", through="明天 8:00")
    assert late.status_code == 422
    assert "不晚于现在" in text_of(late)
    page = look(clerk, "punches", log, "1_attlog.dat", format="attlog", terminal="T1", through="959")
    assert "2026-11-20 09:58:00" in text_of(page)
    assert "1 个考勤号当日不属任何人：T1/999" in text_of(page)
    assert clerk.post("/import/confirm", {"id": held(page)}).status_code == 303
    table = "考勤机,考勤号,时间\nT2,10,2026-11-20 09:57:00\n"
    page = look(clerk, "punches", table.encode(), format="csv")
    assert clerk.post("/import/confirm", {"id": held(page)}).status_code == 303
    with browser.site.store.reading() as work:
        first, last = parse_moment("2026-11-20 09:57:00"), parse_moment("2026-11-20 09:59:00")
        found = {(p.terminal, p.device_user_id) for p in work.punches.between(first, last)}
    assert found == {("T1", "3"), ("T1", "999"), ("T2", "10")}


def test_each_role_imports_what_it_may_write_and_nothing_else(browser: Browser) -> None:
    everything = {*KINDS, PUNCHES.name}
    allowed = {
        "clerk": everything - {"ruling"},
        "inspector": {"incident", "ruling"},
        "leader": {"ruling"},
        "staff": set(),
    }
    for role, kinds in allowed.items():
        who = browser.other().as_role(role)
        token = who.token("/password")
        for kind in everything if kinds else ("outing", "ruling"):
            wanted = 200 if kind in kinds else 403
            assert who.get(f"/import/template?kind={kind}&format=csv").status_code == wanted, (role, kind)
            status = who.client.post("/import", data={"csrf": token, "kind": kind}).status_code
            assert (status == 403) == (kind not in kinds), (role, kind)
    assert browser.as_role("clerk").post("/import", {"kind": "../staff"}).status_code == 404


def test_a_template_of_every_kind_is_a_good_file_without_rows(browser: Browser) -> None:
    clerk, inspector = browser.as_role("clerk"), browser.other().as_role("inspector")
    for kind in KINDS.values():
        who = inspector if kind.name == "ruling" else clerk
        for form in ("csv", "xlsx"):
            answer = who.get(f"/import/template?kind={kind.name}&format={form}")
            name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
            assert name == f"{kind.chinese}.{form}"
            assert parse(kind.name, answer.content, name, Context()) == Parsed()
        told = load_workbook(io.BytesIO(answer.content)).worksheets[1]
        assert [row[0].value for row in told.iter_rows(min_row=2)] == [c.chinese[0] for c in kind.columns]


def test_files_that_wait_are_few_and_go_after_a_while() -> None:
    now = [0.0]
    shelf = ImportShelf(lambda: now[0])
    ids = [shelf.put(Waiting(str(n), "outing", "", b"x")) for n in range(MOST + 1)]
    assert shelf.take(ids[0], "0") is None
    assert shelf.take(ids[1], "2") is None
    assert shelf.take(ids[1], "1") is not None
    again = shelf.put(Waiting("2", "outing", "", b"y"))
    assert shelf.take(ids[2], "2") is None
    now[0] = WAITS - 1
    assert shelf.take(again, "2") is not None
    now[0] = WAITS
    assert shelf.take(ids[3], "3") is None
