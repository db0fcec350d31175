"""A trial of other rules: judged behind the page, shown to its login alone, and nothing is changed."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
import time
from decimal import Decimal

import pytest
from deskkit import ROLES, Browser, text_of

from punchsync.desk.drawn.bars import bars
from punchsync.desk.drawn.gains import Gain, Why, gains
from punchsync.operations.what_if import Change
from punchsync.packs.shelf import shipped

MONTHS = {"first": "2026-11", "last": "2026-11"}
PAGE = "/rules/what-if"


def digest(browser: Browser) -> str:
    """All that is in the store, in one number."""
    with sqlite3.connect(browser.site.folder / "data" / "punchsync.db") as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


def readings(browser: Browser, **changed: str) -> dict[str, str]:
    """The form's fields as the page has them, some with other values."""
    found = {f"i.{i.id}": i.value for i in browser.site.loaded.pack.interpretations}
    return {**MONTHS, **found, **{f"i.yihuang.{k}": v for k, v in changed.items()}}


def result(browser: Browser) -> str:
    """What came of the trial."""
    for _n in range(400):
        text = text_of(browser.get(f"{PAGE}/part"))
        if "正在试算" not in text:
            return text
        time.sleep(0.05)
    raise AssertionError("no result")


def sent(browser: Browser, name: str, data: bytes, **more: str):
    return browser.post(PAGE, {**MONTHS, **more}, files={"pack": (name, data, "application/toml")})


def test_who_may_try_other_rules(browser: Browser) -> None:
    allowed = {"clerk", "inspector", "leader"}
    for n, role in enumerate(ROLES):
        one = browser.other(f"10.0.1.{n}").as_role(role)
        assert (role, one.get(PAGE).status_code) == (role, 200 if role in allowed else 403)
        assert (role, one.post(PAGE, {}).status_code) == (role, 422 if role in allowed else 403)


def test_another_reading_is_tried_and_the_store_stays_as_it_is(browser: Browser) -> None:
    browser.as_role("leader").get("/rules")
    before = digest(browser)
    assert browser.post(PAGE, readings(browser, winter="08:30-12:00+14:30-17:00")).headers["location"] == PAGE
    text = result(browser)
    assert "多扣分的人 0 少扣分的人 1 个人分值合计增减 +0.5" in text
    assert "乙二 1005 +0.5 迟到、早退 考评办法 (三)1; 先进个人 三3(2)(3) -0.5 0" in text.replace(" ;", ";")
    assert "税务 +0.5" in text
    assert "乙二 1005 早退" in text
    page = browser.get(PAGE)
    assert page.text.count("<rect") == 1
    rows = list(csv.reader(io.StringIO(browser.get(f"{PAGE}/download?form=csv").text)))
    assert [row[1:3] + row[5:] for row in rows[1:]] == [
        ["1005", "乙二", "-0.5", "0", "0.5"],
        ["税务", "", "-0.5", "0", "0.5"],
    ]
    drawing = browser.get(f"{PAGE}/download?form=svg")
    assert (drawing.headers["content-type"], drawing.text.startswith("<svg")) == ("image/svg+xml", True)
    assert browser.get(f"{PAGE}/download?form=xlsx").content.startswith(b"PK")
    assert browser.get(f"{PAGE}/download?form=exe").status_code == 404
    assert digest(browser) == before


def test_an_uploaded_pack_is_tried(browser: Browser) -> None:
    browser.as_role("clerk")
    assert sent(browser, "ninetofive.toml", shipped()["ninetofive"].read_bytes()).status_code in (303, 422)
    own = b'extends = "yihuang"\nid = "mine"\nname = "\xe8\xaf\x95\xe8\xa1\x8c"\n'
    answer = sent(browser, "mine.toml", own)
    assert answer.status_code == 303, text_of(answer)
    assert "上传的规则包 试行" in result(browser)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"id = ", "TOML"),
        (b'extends = "../../../etc/passwd"\n', "/etc/passwd"),
        (b'extends = "/etc/passwd"\n', "/etc/passwd"),
        (b'extends = "punchsync.toml"\n', "punchsync.toml"),
        (b'extends = ["yihuang"]\n', "yihuang"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "不是规则包"),
        (b"interpretation = 3\n", "没有填写"),
        (b"x" * (2**20 + 1), "文件太大"),
    ],
)
def test_an_upload_that_is_no_pack_is_refused_with_its_reasons(browser: Browser, data: bytes, said: str) -> None:
    answer = sent(browser.as_role("clerk"), "<script>.toml", data)
    text = text_of(answer)
    assert (answer.status_code, said in text, "root:" in text) == (422, True, False), text
    assert "<script>.toml" not in answer.text


def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(browser: Browser) -> None:
    browser.as_role("clerk")
    answer = browser.post(PAGE, readings(browser, winter='"><script>'))
    assert (answer.status_code, "<script>&" in answer.text, "&lt;script&gt;" in answer.text) == (422, False, True)
    for change, said in (
        ({"first": "2026-12"}, "止月早于起月"),
        ({"first": "2024-01"}, "一次最多试算 12 个月"),
        ({"last": "never"}, "never"),
        ({}, "没有改动"),
    ):
        answer = browser.post(PAGE, {**readings(browser), **change})
        assert (answer.status_code, said in text_of(answer)) == (422, True)


def test_a_result_is_its_login_s_alone_and_may_be_forgotten(browser: Browser) -> None:
    browser.as_role("leader").post(PAGE, readings(browser, winter="08:30-12:00+14:30-17:00"))
    assert "试算结果" in result(browser)
    other = browser.other().as_role("clerk")
    assert "试算结果" not in text_of(other.get(PAGE))
    assert other.get(f"{PAGE}/download?form=csv").status_code == 404
    assert browser.post(f"{PAGE}/stop", {}).status_code == 303
    assert "试算结果" not in text_of(browser.get(PAGE))


def test_gains_are_by_account_those_that_lose_most_first() -> None:
    one, two, half = Decimal(-1), Decimal(-2), Decimal("-0.5")
    found = gains(
        [Change("person", "a", "r", "1", one, half), Change("person", "b", "r", "1", half, two),
         Change("person", "b", "s", "2", one, Decimal(0))]
    )  # fmt: skip
    assert found == [
        Gain("person", "b", Decimal("-1.5"), two, (Why("r", "1", half, two), Why("s", "2", one, Decimal(0)))),
        Gain("person", "a", one, half, (Why("r", "1", one, half),)),
    ]
    assert [g.difference for g in found] == [half, Decimal("0.5")]


def test_bars_stand_on_both_sides_of_a_line_and_long_labels_are_cut() -> None:
    chart = bars([("甲", Decimal(-2)), ("乙" * 20, Decimal(1)), ("丙", Decimal(0))])
    left, right, none = chart.bars
    assert (left.x + left.width, right.x, right.width * 2) == (chart.zero, chart.zero, left.width)
    assert (left.value, right.value, none.value) == ("-2", "+1", "0")
    assert (right.label, right.whole) == ("乙" * 11 + "…", "乙" * 20)
    assert all(b.x >= 0 and b.x + b.width <= chart.width for b in chart.bars)
    assert bars([]).bars == []
