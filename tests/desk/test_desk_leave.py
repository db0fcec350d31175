"""Leave at the desk, over HTTP: the form and its preview, sign-offs step by step, return, extension, withdrawal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from deskkit import Browser, text_of

from punchsync.core.moment import parse_moment
from punchsync.operations.leave import STEPS, story

OFFICE = ("clerk", "inspector", "leader")
SIGNED = ["window_lead", "inspection"]


def form(browser: Browser, **more: Any) -> dict[str, Any]:
    """The new form's values as a page gave them, with what is typed."""
    page = browser.get("/leave/new").text
    found = re.search(r'name="leave_id" value="([^"]+)"', page)
    assert found
    return {
        "leave_id": found.group(1),
        "who": "1003",
        "kind": "personal",
        "start": "1112p",
        "approvals": SIGNED,
        **more,
    }


def register(browser: Browser, **more: Any) -> str:
    """A leave registered by the form; its id."""
    data = form(browser, **more)
    answer = browser.post("/leave/new", data)
    assert answer.status_code == 303, text_of(answer)
    assert answer.headers["location"] == f"/leave/{data['leave_id']}"
    return str(data["leave_id"])


def body(browser: Browser, id: str) -> dict[str, str]:
    """A leave as it is stored."""
    with browser.site.store.reading() as work:
        found = story(work, id, STEPS)
    assert found
    return dict(found.latest)


def seen(browser: Browser, id: str) -> str:
    """How many versions a leave has."""
    with browser.site.store.reading() as work:
        return str(len(work.records.history("leave", [id])))


def sums(browser: Browser) -> dict[str, str]:
    """The person's standing points by account."""
    with browser.site.store.reading() as work:
        return {f"{key[1]} {key[2]} {key[3]}": str(points) for key, points in work.ledger.sums().items()}


def test_the_preview_says_who_when_sign_offs_totals_and_what_would_be_reversed(browser: Browser) -> None:
    browser.as_role("clerk")
    said = text_of(browser.post("/leave/preview", form(browser, who="oyjw"), headers={"hx-request": "true"}))
    for part in (
        "欧阳见微知著 1003", "2026-11-12 下午，半天", "免去：2026-11-12 周四 下午", "手续齐全", "〔考勤制度 3〕",
        "连这次共半天（现有 0 天）", "没有重叠", "冲回 E00000007：2026-11-12 周四 旷工半天，本人 勤 +2.5 分",
        "公安窗口 文明服务 +2.5 分", "本人合计 +2.5 分；按核算到 2026-11-20 10:00 的数据", "甲一（1001，同窗口）：空着",
    ):  # fmt: skip
        assert part in said, (part, said)


def test_the_preview_says_what_is_missing_and_that_nothing_changes_until_it_is_there(browser: Browser) -> None:
    browser.as_role("clerk")
    said = text_of(browser.post("/leave/preview", form(browser, approvals=["window_lead"])))
    assert "还缺：督查。补齐以前这次请假不免到" in said
    assert "手续补齐以前，账上不变" in said
    sick = text_of(browser.post("/leave/preview", form(browser, kind="sick", approvals=[])))
    assert "还缺：证明" in sick


def test_a_half_typed_form_is_previewed_without_an_error(browser: Browser) -> None:
    browser.as_role("clerk")
    for data in ({"leave_id": "x"}, form(browser, who="y", kind=""), form(browser, start="<script>alert(1)</script>")):
        answer = browser.post("/leave/preview", data)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_a_leave_is_registered_and_the_ledger_follows(browser: Browser) -> None:
    browser.as_role("clerk")
    before = sums(browser)
    id = register(browser, who="oyjw", note="家里有事")
    browser.settle()
    page = text_of(browser.get(f"/leave/{id}"))
    assert "经办甲" in page
    assert "家里有事" in page
    assert (before["person 1003 勤"], sums(browser)["person 1003 勤"]) == ("-3.5", "-1")


def test_the_same_form_sent_twice_is_one_leave(browser: Browser) -> None:
    browser.as_role("clerk")
    data = form(browser)
    assert browser.post("/leave/new", data).status_code == 303
    assert browser.post("/leave/new", {**data, "kind": "sick"}).status_code == 303
    assert (seen(browser, data["leave_id"]), body(browser, data["leave_id"])["kind"]) == ("1", "personal")


def test_a_stand_in_is_written_with_the_leave_or_neither_is(browser: Browser) -> None:
    browser.as_role("clerk")
    bad = form(browser, standin="1003")
    assert browser.post("/leave/new", bad).status_code == 422
    with browser.site.store.reading() as work:
        assert not work.records.history("leave", [bad["leave_id"]])
    id = register(browser, standin="jy")
    with browser.site.store.reading() as work:
        [row] = work.records.history("standin", [id.replace("QJ", "DG")])
    assert (row.body["absent_person_id"], row.body["standin_person_id"]) == ("1003", "1001")
    assert row.body["start"] == "2026-11-12 pm"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ({"who": "甲"}, "请写工号"), ({"who": "nobody"}, "没有找到这个人"), ({"kind": ""}, "不能空着"),
        ({"start": "32"}, "YYYY-MM-DD"), ({"start": "12", "end": "2026-11-11"}, "核对开始和结束"),
        ({"registered_at": "2027-01-01 08:00"}, "登记时间在将来"), ({"daily_from": "16:00"}, "同时填写或同时留空"),
        ({"standin": "9999"}, "没有找到这个人"),
    ],
)  # fmt: skip
def test_every_error_stands_beside_its_field(browser: Browser, typed: dict[str, str], part: str) -> None:
    browser.as_role("clerk")
    answer = browser.post("/leave/new", form(browser, **typed))
    assert answer.status_code == 422
    assert re.search(rf'<small class="problem"[^>]*>[^<]*{part}', answer.text), answer.text


def test_sign_offs_are_given_step_by_step_by_those_who_may(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser, approvals=[])
    page = browser.get(f"/leave/{id}").text
    assert 'name="given"' not in page
    assert browser.post(f"/leave/{id}/sign", {"sign_off": "inspection", "given": "yes"}).status_code == 403
    lead, inspector = browser.other().as_role("window_lead"), browser.other("10.0.0.9").as_role("inspector")
    assert id in lead.get("/leave?state=mine").text
    assert lead.post(f"/leave/{id}/sign", {"sign_off": "inspection", "given": "yes"}).status_code == 403
    assert lead.post(f"/leave/{id}/sign", {"sign_off": "window_lead", "given": "yes"}).status_code == 303
    assert id not in lead.get("/leave?state=mine").text
    sign = {"sign_off": "inspection", "given": "no"}
    assert inspector.post(f"/leave/{id}/sign", sign).status_code == 422
    assert inspector.post(f"/leave/{id}/sign", {**sign, "note": "<b>人手不够</b>"}).status_code == 303
    page = inspector.get(f"/leave/{id}").text
    assert "&lt;b&gt;人手不够&lt;/b&gt;" in page
    assert body(browser, id)["approvals"] == "window_lead"
    assert inspector.post(f"/leave/{id}/sign", {"sign_off": "inspection", "given": "yes"}).status_code == 303
    assert body(browser, id)["approvals"] == "window_lead;inspection"
    assert inspector.post(f"/leave/{id}/sign", {"sign_off": "inspection", "given": "yes"}).status_code == 422
    browser.settle()
    assert sums(browser)["person 1003 勤"] == "-1"


def test_nobody_signs_his_own_leave(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser, who="1001", start="20", approvals=[])
    lead = browser.other().as_role("window_lead")
    assert 'name="given"' not in lead.get(f"/leave/{id}").text
    assert lead.post(f"/leave/{id}/sign", {"sign_off": "window_lead", "given": "yes"}).status_code == 403


def test_a_return_a_correction_and_a_withdrawal_are_versions_with_their_reason(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser, start="1112", end="1113")
    back = {"seen": "1", "returned_at": "1113 12:00"}
    assert browser.post(f"/leave/{id}/return", {**back, "returned_at": "2027-01-01 08:00"}).status_code == 422
    assert browser.post(f"/leave/{id}/return", {"seen": "1", "returned_at": "2026-11-13 12:00"}).status_code == 303
    assert browser.post(f"/leave/{id}/withdraw", {"seen": "1", "reason": "x"}).status_code == 422
    edit = {"leave_id": id, "seen": "2", "kind": "annual", "start": "1112", "end": "1113", "approvals": SIGNED}
    assert browser.post(f"/leave/{id}/edit", edit).status_code == 303
    now = body(browser, id)
    assert (now["kind"], now["returned_at"], now["registered_at"]) == (
        "annual",
        "2026-11-13 12:00:00",
        "2026-11-20 10:00:00",
    )
    assert browser.post(f"/leave/{id}/withdraw", {"seen": "3"}).status_code == 422
    assert browser.post(f"/leave/{id}/withdraw", {"seen": "3", "reason": "登记错了"}).status_code == 303
    page = text_of(browser.get(f"/leave/{id}"))
    for part in ("已作废", "登记错了", "类别：事假 → 年休假", "销假时间：无 → 2026-11-13 12:00"):
        assert part in page
    assert browser.post(f"/leave/{id}/return", {"seen": "4"}).status_code == 404
    assert id in browser.get("/leave?state=withdrawn").text
    browser.settle()
    assert sums(browser)["person 1003 勤"] == "-3.5"


def test_an_extension_is_the_same_leave_and_waits_for_what_the_whole_length_asks(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser, start="1109", end="1110")
    answer = browser.post(f"/leave/{id}/extend", {"seen": "1", "end": "1112"})
    assert answer.status_code == 422
    assert "还缺：单位领导、中心领导" in text_of(answer)
    assert body(browser, id)["end"] == "2026-11-11 00:00:00"
    assert browser.post(f"/leave/{id}/extend", {"seen": "1", "end": "1109"}).status_code == 422
    signed = {"seen": "1", "end": "1112", "approvals": ["unit_leader", "centre_leader"]}
    assert browser.post(f"/leave/{id}/extend", signed).status_code == 303
    assert body(browser, id)["end"] == "2026-11-13 00:00:00"
    assert "续假" in text_of(browser.get(f"/leave/{id}"))


def test_the_list_and_the_calendar_show_only_those_within_reach(browser: Browser) -> None:
    browser.as_role("clerk")
    mine, other = register(browser, start="20"), register(browser, who="1005", start="20")
    for role, sees in (("inspector", {mine, other}), ("window_lead", {mine}), ("unit", {mine}), ("staff", {mine})):
        user = browser.other(f"10.0.1.{len(role)}").as_role(role)
        for path in ("/leave?state=all", "/leave/calendar?month=2026-11"):
            page = user.get(path).text
            assert {id for id in (mine, other) if id in page} == sees, (role, path)
    assert browser.other("10.0.1.99").as_role("admin").get("/leave").status_code == 403


def test_ids_of_others_are_as_if_they_were_not_there(browser: Browser) -> None:
    for role in ("window_lead", "unit", "staff"):
        user = browser.other(f"10.0.2.{len(role)}").as_role(role)
        assert user.get("/leave/L1").status_code == 404, role
        for step in ("sign", "return", "extend", "withdraw", "edit"):
            status = user.post(
                f"/leave/L1/{step}", {"seen": "1", "sign_off": "unit_leader", "given": "yes"}
            ).status_code
            assert status in (403, 404), (role, step)
        assert user.get("/leave/L1/edit").status_code == 403
        assert user.get("/leave/new").status_code == 403
        assert user.post("/leave/preview", {"who": "1007"}).status_code == 403
        assert "丙二" not in user.get("/leave?state=all&person=1007").text
    assert body(browser, "L1")["approvals"] == "window_lead;inspection;centre_leader"


def test_whoever_is_away_in_his_window_is_not_told_to_a_member_of_staff(browser: Browser) -> None:
    browser.as_role("clerk")
    mine = register(browser, start="20")
    register(browser, who="1002", start="20")
    assert "甲二" in text_of(browser.get(f"/leave/{mine}"))
    assert "甲二" not in text_of(browser.other().as_role("staff").get(f"/leave/{mine}"))


def test_the_list_is_filtered_and_paged_by_its_address(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser)
    for path, there in (
        ("/leave?month=2026-11", True), ("/leave?month=2026-10", False), ("/leave?person=oyjw", True),
        ("/leave?person=1001", False), ("/leave?state=all&window=公安", True), ("/leave?state=all&window=税务", False),
        ("/leave", False), ("/leave?month=x&page=999999999999&state=y", True),
    ):  # fmt: skip
        answer = browser.get(path)
        assert (answer.status_code, id in answer.text) == (200, there), path


def test_corrections_of_a_closed_month_are_booked_in_the_open_one_and_said_so(browser: Browser) -> None:
    browser.clock.moment = parse_moment("2026-12-02 10:00:00")
    from punchsync.operations.settle import settle

    settle(browser.site.hall, browser.clock.moment)
    with browser.site.store.writing() as work:
        work.closings.add("2026-11", "close", "某", "", browser.clock.moment)
    browser.as_role("clerk")
    said = text_of(browser.post("/leave/preview", form(browser)))
    assert "2026-11 已结账，不改原账，更正记在 2026-12-02" in said


def test_the_audit_has_the_leave_and_the_person_and_no_name(browser: Browser) -> None:
    browser.as_role("clerk")
    id = register(browser)
    lines = "".join(p.read_text(encoding="utf-8") for p in (browser.site.folder / "access").rglob("*") if p.is_file())
    assert id in lines
    assert "1003" in lines
    assert "欧阳" not in lines


def test_a_long_leave_into_a_year_that_is_not_published_says_so(browser: Browser) -> None:
    browser.as_role("clerk")
    said = text_of(browser.post("/leave/preview", form(browser, kind="maternity", start="20", end="2027-04-30")))
    assert "还没有公布放假安排" in said
