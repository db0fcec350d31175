"""A person's pages: the month, a day, the statement and why, as each role may see them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from deskkit import NOW, Browser, text_of

from punchsync.bootstrap.bringing import bring_records
from punchsync.operations.export import export
from punchsync.operations.statement import statement

LATE = "2026-11-04"


def violations(browser: Browser, person: str) -> list[str]:
    """The ids of what stands against a person, as the export has them."""
    columns, rows = export(browser.site.hall, "violations")
    who, id = columns.index("person_id"), columns.index("id")
    return [row[id] for row in rows if row[who] == person]


def entries(browser: Browser, account: str) -> list[str]:
    """The ids of an account's entries."""
    columns, rows = export(browser.site.hall, "ledger")
    who, id = columns.index("account_id"), columns.index("entry_id")
    return [row[id] for row in rows if row[who] == account]


def cells(page: str) -> dict[str, str]:
    """What a month's calendar says of each day."""
    table = page[page.index('<table class="month">') : page.index("</table>", page.index('<table class="month">'))]
    found = re.findall(r"<td class=\"(?!none)[^\"]*\">(.*?)</td>", table, re.DOTALL)
    bare = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]
    return {cell.split(" ", 2)[1]: cell.split(" ", 2)[2] if cell.count(" ") > 1 else "" for cell in bare}


def test_ones_own_page_is_where_me_leads_and_an_account_of_nobody_is_told_so(browser: Browser) -> None:
    own = browser.as_role("staff").get("/me")
    clerk = browser.other().as_role("clerk").get("/me")

    assert (own.status_code, own.headers["location"]) == (303, "/person/1003")
    assert (clerk.status_code, "没有写工号" in clerk.text) == (200, True)


def test_a_month_says_of_each_day_what_stands_and_what_is_not_over_in_words_and_shapes(browser: Browser) -> None:
    page = browser.as_role("staff").get("/person/1003?month=2026-11").text

    days = cells(page)
    assert {d: days[d] for d in ("01", "03", "04", "12", "20", "23")} == {
        "01": "· 休", "03": "○ 正常", "04": "▲ 迟到", "12": "■ 旷工半天", "20": "今天 · 当天未完", "23": "",
    }  # fmt: skip
    assert "迟到、早退：2 次，满 10 次" in page
    assert "考勤制度 1" in page
    for id in violations(browser, "1003"):
        assert f"/violation/{id}" in page
        assert f"/appeals/new?violation={id}" in page


def test_a_checkpoint_that_is_not_known_is_never_shown_as_a_fault_and_says_why(browser: Browser) -> None:
    browser.clock.moment += 8 * 3600
    page = browser.as_role("clerk").get("/person/1008").text

    assert cells(page)["20"] == "今天 ？ 未知"
    assert "考勤机 T2 须读到" in page
    assert "2026-11没有成立的违规" in page


def test_an_outage_makes_what_was_missing_doubtful_on_the_month_and_the_day(browser: Browser) -> None:
    row = b"terminal_id,start,end,kind\nT1,2026-11-12 13:00:00,2026-11-12 20:00:00,no_punch\n"
    assert not bring_records(browser.site, "outage", row, "outage.csv").problems
    browser.settle()

    browser.as_role("clerk")
    month, day = browser.get("/person/1003"), browser.get("/person/1003/2026-11-12")
    assert cells(month.text)["12"] == "？ 存疑"
    assert "全部考勤机不能打卡或记录灭失" in text_of(day)
    assert 'class="dark"' in day.text


def test_a_leave_is_named_to_those_who_reach_him(browser: Browser) -> None:
    page = browser.as_role("clerk").get("/person/1007").text
    stranger = browser.other().as_role("staff").get("/person/1007")

    assert cells(page)["20"] == "今天 ◇ 事假"
    assert (stranger.status_code, "事假" in stranger.text) == (404, False)


def test_a_day_is_drawn_and_told_from_the_timetable_to_the_bytes(browser: Browser) -> None:
    page = browser.as_role("staff").get(f"/person/1003/{LATE}")

    text = text_of(page)
    assert page.text.count('<circle class="used"') == 4 + 1  # the legend has one
    assert "第 1 半天上班迟到：应 08:30:00，打卡 08:55:00，1500 秒（25 分 0 秒）" in text
    assert "第 1 次读取（文件）" in text
    assert b"2026-11-04 08:55:00".hex() in text
    assert "/requests/new?person=1003&at=2026-11-04%2008%3A30" in unescape(page.text)


def test_an_entry_and_a_violation_are_explained_with_the_article_down_to_the_bytes(browser: Browser) -> None:
    browser.as_role("staff")
    first = entries(browser, "1003")[0]

    entry = text_of(browser.get(f"/entry/{first}"))
    why = text_of(browser.get(f"/violation/{violations(browser, '1003')[0]}"))
    for text in (entry, why):
        assert "考评办法 (三)1" in text
        assert b"08:55:00".hex() in text
    assert f"账目 {first} 说明" in entry


def test_a_violation_that_was_taken_back_leads_to_its_entry(browser: Browser) -> None:
    id = violations(browser, "1003")[0]
    paper = f"person_id,at,sheet,approved_by\n1003,{LATE} 08:20:00,P1,主任丙\n".encode()
    assert not bring_records(browser.site, "paper", paper, "paper.csv").problems
    browser.settle()

    answer = browser.as_role("staff").get(f"/violation/{id}")
    assert answer.status_code == 303
    text = text_of(browser.get(answer.headers["location"]))
    assert "现在没有成立的违规支持这笔账" in text


def test_a_statement_comes_to_what_the_export_says(browser: Browser) -> None:
    columns, rows = export(browser.site.hall, "scores")
    scores = {
        (row[0], row[3]): row[columns.index("score")] for row in rows if row[1:3] == ("person", "1003")
    }  # fmt: skip
    browser.as_role("staff")

    for period in ("2026-11", "2026-Q4", "2026"):
        text = text_of(browser.get(f"/person/1003/statement?period={period}"))
        for (within, category), score in scores.items():
            if within.startswith(period) or period != "2026-11":
                assert f"{category} {within}：得分 {score}" in text
    found = statement(browser.site.hall, "person", "1003", "2026-11")
    assert [a.agrees for a in found.accounts] == [True] * len(found.accounts)


@pytest.mark.parametrize("role", ["staff", "unit", "window_lead"])
def test_nobody_sees_a_person_a_window_an_entry_or_a_violation_out_of_his_reach(browser: Browser, role: str) -> None:
    theirs = {"1005": violations(browser, "1005")[0], "税务": entries(browser, "税务")[0]}
    browser.as_role(role)

    for path in (
        "/person/1005", "/person/1005/2026-11-05", "/person/1005/statement", f"/violation/{theirs['1005']}",
        f"/entry/{entries(browser, '1005')[0]}", f"/entry/{theirs['税务']}", "/person/nobody", "/entry/E99999999",
        "/violation/v0", "/person/1003/2026-13-01", "/person/1003/yesterday",
    ):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    assert browser.get("/window/税务").status_code == (403 if role == "staff" else 404)


def test_the_list_finds_by_number_name_and_initials_within_reach(browser: Browser) -> None:
    browser.as_role("unit")

    def shown(path: str) -> list[str]:
        return re.findall(r'href="/person/(\w+)"', browser.get(path).text)

    assert shown("/people") == ["1001", "1002", "1003"]
    assert shown("/people?q=1003") == shown("/people?q=oyjwzz") == shown("/people?q=欧阳") == ["1003"]
    assert shown("/people?q=1005") == shown("/people?window=税务") == shown("/people?warned=1") == []


def test_who_comes_near_a_limit_is_warned_of_and_found(browser: Browser) -> None:
    rows = [f"I{n},1002,early,2026-11-{n + 2:02d} 16:00:00,督查乙" for n in (0, 1, 2, 3, 4, 7, 8, 9)]
    head = "incident_id,person_id,kind,at,noted_by"
    assert not bring_records(browser.site, "incident", "\n".join([head, *rows]).encode(), "i.csv").problems
    browser.settle()
    browser.as_role("inspector")

    warned = browser.get("/people?warned=1").text
    page = text_of(browser.get("/person/1002"))
    assert re.findall(r'href="/person/(\w+)"', warned) == ["1002"]
    assert "接近 2026-11 迟到、早退：8 次，满 10 次， 折旷工半天 ；还差 2 次" in page


def test_a_hostile_name_is_shown_as_text(browser: Browser) -> None:
    name, window = "<script>alert(1)</script>", "=1+1/<b>窗"
    head = "person_id,name,unit,window,post,device_user_id,backup_for,from,to"
    row = f"{head}\nx/%41,{name},单位,{window},staff,77,,2026-11-01,\n"
    assert not bring_records(browser.site, "staff", row.encode(), "staff.csv").problems
    browser.settle()
    browser.as_role("clerk")

    listed = browser.get("/people?q=x/").text
    [own] = set(re.findall(r'href="(/person/x[^"]*)"', listed))
    place = next(p for p in re.findall(r'href="(/window/[^"]*)"', browser.get("/windows").text) if "1%2B1" in p)
    for path in (own, f"{own}/{LATE}", f"{own}/statement", place, f"{place}/{LATE}", f"{place}/statement"):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "<b>" not in page.text


@pytest.mark.parametrize("month", ["", "2026-1", "x" * 400, "0000-00", "9999-12", "2026-11-01", "'--"])
def test_a_month_that_is_none_is_this_month(browser: Browser, month: str) -> None:
    browser.as_role("clerk")

    for path in ("/person/1003", "/window/公安", "/windows"):
        page = browser.get(f"{path}?month={month}")
        assert (page.status_code, NOW[:7] in page.text) == (200, True)
    assert browser.get(f"/person/1003/statement?period={month}").status_code == 200
