"""Bulletins: previewed behind the page, issued as the command issues them, read and kept as they were issued."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from deskkit import NOW, ROLES, Browser, copied, text_of

from punchsync.bootstrap.bringing import bring_records
from punchsync.cli import group
from punchsync.core.moment import parse_moment
from punchsync.desk.pages import bulletins

DAY = "2026-11-19"
HOSTILE = "<script>alert(1)</script>|甲\\|乙"


def ready(browser: Browser) -> str:
    """The preview's text, once it is written."""
    for _n in range(200):
        answer = browser.get("/bulletins/preview/part")
        if "正在生成" not in answer.text:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("no preview")


def publish(browser: Browser, kind: str = "daily", date: str = DAY):
    return browser.post("/bulletins/publish", {"kind": kind, "date": date})


def test_who_may_read_preview_and_publish(browser: Browser) -> None:
    reads, publishes = {*ROLES} - {"admin"}, {"clerk", "leader"}
    for n, role in enumerate(ROLES):
        one = browser.other(f"10.0.1.{n}").as_role(role)
        assert (role, one.get("/bulletins").status_code) == (role, 200 if role in reads else 403)
        preview = one.get(f"/bulletins/preview?kind=daily&date={DAY}")
        assert (role, preview.status_code) == (role, 200 if role in publishes else 403)
        assert (role, publish(one).status_code) == (role, 303 if role in publishes else 403)
        paper = one.get("/bulletins/daily/2026/1")
        assert (role, paper.status_code) == (role, 200 if role in reads else 403)


@pytest.mark.parametrize(
    ("kind", "title"),
    [("daily", "考勤日报（2026-11-19）"), ("weekly", "2026-W47"), ("monthly", "2026-11-30"), ("quarterly", "2026-Q4")],
)
def test_a_preview_is_written_behind_the_page_and_changes_nothing(browser: Browser, kind: str, title: str) -> None:
    browser.as_role("clerk")
    assert browser.get(f"/bulletins/preview?kind={kind}&date={DAY}").status_code == 200
    assert title in ready(browser)
    assert title in browser.get(f"/bulletins/preview?kind={kind}&date={DAY}").text
    with browser.site.store.reading() as work:
        assert work.papers.issued("", 9) == []


def test_a_preview_is_its_login_s_alone(browser: Browser) -> None:
    browser.as_role("clerk").get(f"/bulletins/preview?kind=daily&date={DAY}")
    assert browser.other().as_role("leader").get("/bulletins/preview/part").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [("kind=yearly&date=2026-11-19", "没有这一种通报"), ("kind=daily&date=heute", "heute"), ("kind=daily", "应为日期")],
)
def test_a_form_that_is_wrong_says_where(browser: Browser, query: str, said: str) -> None:
    answer = browser.as_role("clerk").get(f"/bulletins/preview?{query}")
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert publish(browser, "daily", "<b>").status_code == 422


@pytest.mark.parametrize(("kind", "period"), [("daily", DAY), ("weekly", "2026-W47"), ("monthly", "2026-11")])
def test_publishing_twice_gives_what_the_command_gives(
    browser: Browser, template: Path, tmp_path: Path, kind: str, period: str
) -> None:
    browser.as_role("clerk")
    for _twice in range(2):
        assert publish(browser, kind).headers["location"] == f"/bulletins/{kind}/2026/1"
    other = copied(template, tmp_path / "other")
    ran = CliRunner().invoke(group, ["--site", str(other), "bulletin", kind, "--date", DAY])
    assert ran.exit_code == 0, ran.output
    name = f"bulletins/{kind}-{period}.md"
    written = (browser.site.folder / name).read_bytes()
    assert written == (other / name).read_bytes()
    kept = browser.get(f"/bulletins/{kind}/2026/1/md")
    assert kept.content == written
    page = browser.get(f"/bulletins/{kind}/2026/1/html").text
    assert "第 1 号" in page
    assert ("（暂定）" in page) == (kind != "daily")
    shown = text_of(browser.get(f"/bulletins/{kind}/2026/1"))
    assert ("（暂定）" in shown) == (kind != "daily")
    assert "欧阳见微知著" in shown or kind == "daily"


def test_the_day_that_goes_on_is_provisional_and_so_it_says(browser: Browser) -> None:
    browser.as_role("leader")
    publish(browser, "daily", NOW[:10])
    assert b"\xef\xbc\x88\xe6\x9a\x82\xe5\xae\x9a" in browser.get("/bulletins/daily/2026/1/md").content
    assert (
        browser.get("/bulletins/daily/2026/1/md").content
        == (browser.site.folder / f"bulletins/daily-{NOW[:10]}.md").read_bytes()
    )


def test_what_was_never_settled_or_can_not_be_written_is_not_issued(browser: Browser) -> None:
    browser.as_role("clerk")
    assert "还没有核算到 2026-12-01" in text_of(publish(browser, "daily", "2026-12-01"))
    (browser.site.folder / "bulletins").write_text("")
    answer = publish(browser)
    assert (answer.status_code, "写不了通报文件" in answer.text) == (422, True)
    with browser.site.store.reading() as work:
        assert work.papers.issued("", 9) == []


def test_names_in_a_bulletin_are_texts_in_every_form(browser: Browser) -> None:
    head = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    assert not bring_records(
        browser.site, "staff", f"{head}1011,{HOSTILE},县公安局,公安,staff,77,,2026-11-01,\n".encode(), "s.csv"
    ).problems
    browser.settle()
    browser.as_role("clerk")
    publish(browser)
    for path, shown in (("", "&lt;script&gt;alert(1)&lt;/script&gt;|甲\\|乙"), ("/html", "&lt;*")):
        page = browser.get(f"/bulletins/daily/2026/1{path}").text
        assert (path, shown in page, "<script>alert" in page) == (path, True, False)


def test_the_list_is_by_kind_and_page_and_an_erased_text_is_said(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulletins, "ROWS", 2)
    with browser.site.store.writing() as work:
        for n in range(3):
            work.papers.issue("daily", f"2026-11-0{n + 2}", f"# 第{n}天", parse_moment(NOW) + n)
        work.papers.issue("weekly", "2026-W45", "", parse_moment(NOW))
    browser.as_role("staff")
    first = browser.get("/bulletins").text
    assert [d in first for d in ("2026-11-04", "2026-11-03", "2026-11-02")] == [True, True, False]
    assert "2026-11-02" in browser.get("/bulletins?page=2&of=").text
    assert "2026-11-04" not in browser.get("/bulletins?of=weekly").text
    assert "已按保留期限清除" in browser.get("/bulletins/weekly/2026/1").text
    assert browser.get("/bulletins/weekly/2026/1/md").status_code == 404


@pytest.mark.parametrize("path", ["daily/2026/9", "daily/2026/x", "no/2026/1", "daily/2026/1/exe", "daily/2026/-1"])
def test_what_there_is_not_is_missing(browser: Browser, path: str) -> None:
    browser.as_role("clerk")
    publish(browser)
    assert browser.get(f"/bulletins/{path}").status_code == 404
