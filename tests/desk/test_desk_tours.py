"""Every role's main tasks in a real browser, from login to the changed ledger."""

from __future__ import annotations

import re
from collections.abc import Callable

from chromium import NARROW, Seat
from deskkit import ACCOUNTS, Browser

from punchsync.bootstrap.bringing import bring_row
from punchsync.core.ledger import stands
from punchsync.core.moment import show_day
from punchsync.core.points import number

Sit = Callable[..., Seat]


def standing(browser: Browser, person: str) -> dict[str, str]:
    """A person's standing points by the day of what they are for."""
    with browser.site.store.reading() as work:
        entries = work.ledger.of_account("person", person, 1, 3_652_059)
    latest = {e.cause: e for e in entries}
    return {show_day(e.value_date): number(e.points) for e in latest.values() if stands(e)}


def test_staff_appeal_a_lateness_the_leader_excuses_it_and_the_ledger_takes_it_back(
    browser: Browser, seat: Sit
) -> None:
    before = standing(browser, "1003")
    assert "2026-11-11" in before
    staff = seat().login("staff")
    staff.go("/me").page.get_by_role("row", name="2026-11-11").get_by_role("link", name="申诉").click()
    staff.page.get_by_label("理由").fill("当天早上考勤机前排队，有窗口照片。")
    staff.page.get_by_label("证据").set_input_files(
        {"name": "../../etc/窗口照片.txt", "mimeType": "text/plain", "buffer": "排队".encode()}
    )
    staff.page.get_by_role("button", name="提出申诉").click()
    assert "窗口照片.txt" in staff.text()
    assert ".." not in staff.text()
    staff.picture("tour appeal filed")

    leader = seat().login("leader")
    leader.go("/tasks").page.get_by_role("main").get_by_role("link", name="申诉 1").click()
    leader.page.get_by_label("免责").check()
    leader.page.get_by_label("文书").fill("中心〔2026〕7 号")
    leader.picture("tour appeal to decide")
    leader.page.get_by_role("button", name="作出决定").click()
    browser.settle()
    assert standing(browser, "1003") == {day: points for day, points in before.items() if day != "2026-11-11"}
    staff.go("/me")
    assert "2026-11-11 第 1 半天" not in staff.text()
    staff.picture("tour appeal done")
    assert staff.wrong == leader.wrong == []


def test_a_request_to_make_up_a_punch_is_granted_and_counts_as_a_paper_sign_in(browser: Browser, seat: Sit) -> None:
    sheet = {"person_id": "1003", "at": "2026-11-12 17:35:00", "sheet": "纸 3", "approved_by": "督查乙"}
    assert not bring_row(browser.site, "paper", sheet).problems
    browser.settle()
    before = standing(browser, "1003")
    staff = seat(width=NARROW).login("staff")
    staff.go("/requests/new?person=1003&date=2026-11-12")
    staff.page.get_by_role("radio").first.check()
    staff.page.get_by_label("原因").fill("下午进门就办件，忘了打卡。")
    staff.picture("tour request narrow")
    staff.page.get_by_role("button", name="提出申请").click()
    assert "待决定" in staff.text() or "待" in staff.text()

    inspector = seat().login("inspector")
    inspector.go("/requests").page.get_by_role("main").get_by_role("link", name=re.compile("^BK|2026")).first.click()
    inspector.page.get_by_role("radio").first.check()
    inspector.page.get_by_role("button", name="提交").click()
    browser.settle()
    with browser.site.store.reading() as work:
        papers = [p for p in work.records.all("paper").values() if p["sheet"] != "纸 3"]
    assert [(p["person_id"], p["at"], p["approved_by"]) for p in papers] == [("1003", "2026-11-12 14:30:00", "督查乙")]
    assert standing(browser, "1003") == {day: points for day, points in before.items() if day != "2026-11-12"}
    assert staff.wrong == inspector.wrong == []


def test_an_inspector_with_a_phone_writes_a_finding_in_three_taps_and_it_is_booked(browser: Browser, seat: Sit) -> None:
    before = standing(browser, "1005")
    inspector = seat(width=NARROW).login("inspector")
    inspector.go("/patrol/walk")
    inspector.page.get_by_role("button", name="税务").click()
    inspector.page.get_by_role("button", name="乙二").click()
    assert inspector.too_wide() == 0
    inspector.picture("tour patrol narrow")
    inspector.page.get_by_role("button", name="未佩证").click()
    browser.settle()
    after = standing(browser, "1005")
    assert set(after) - set(before) == {"2026-11-20"}
    clerk = seat().login("clerk")
    clerk.go("/ledger")
    clerk.picture("tour ledger")
    clerk.page.get_by_role("link", name=re.compile("^E0")).first.click()
    assert "未佩证" in clerk.text()
    assert inspector.wrong == clerk.wrong == []


def test_a_leave_is_registered_signed_by_lead_and_leader_and_then_excuses(browser: Browser, seat: Sit) -> None:
    before = standing(browser, "1003")
    assert "2026-11-12" in before
    clerk = seat().login("clerk")
    clerk.go("/leave/new")
    clerk.page.get_by_label("请假人").fill("oyjwzz")
    clerk.page.get_by_label("类别").select_option("personal")
    clerk.page.get_by_label("开始").fill("12p")
    clerk.page.get_by_text("每日钟点").click()
    clerk.page.get_by_label("登记时间").fill("2026-11-12 8:00")
    clerk.page.get_by_text("欧阳见微知著").first.wait_for()
    clerk.page.wait_for_timeout(500)
    clerk.picture("tour leave preview")
    clerk.page.get_by_role("button", name="登记", exact=True).click()
    clerk.page.wait_for_url(lambda url: "/leave/new" not in url)
    path = "/leave/" + clerk.page.url.rpartition("/leave/")[2]
    signed = []
    for role in ("window_lead", "inspector", "leader"):
        signer = seat().login(role)
        signer.go(path)
        while (button := signer.page.get_by_role("button", name="同意，签字")).count():
            signed.append(role)
            button.first.click()
            signer.page.wait_for_load_state()
        signer.picture(f"tour leave {role}")
        assert signer.wrong == []
    browser.settle()
    assert signed[:1] == ["window_lead"]
    assert standing(browser, "1003") == {day: points for day, points in before.items() if day != "2026-11-12"}
    assert clerk.wrong == []


def test_an_administrator_makes_an_account_whose_owner_chooses_a_password_and_sees_only_himself(
    browser: Browser, seat: Sit
) -> None:
    admin = seat().login("admin")
    admin.go("/accounts/new")
    admin.page.get_by_label("账号").fill("jia2")
    admin.page.get_by_label("姓名").fill("甲二")
    admin.page.get_by_label("角色").select_option("staff")
    admin.page.get_by_label("工号").fill("1002")
    admin.page.get_by_role("button", name="新建").click()
    given = admin.page.inner_text(".secret").strip()
    assert "jia2" not in {a[0] for a in ACCOUNTS}
    new = seat()
    new.go("/login")
    new.page.fill("[name=login]", "jia2")
    new.page.fill("[name=password]", given)
    new.page.keyboard.press("Enter")
    new.page.wait_for_url(re.compile("/password"))
    new.page.get_by_label("现在的密码").fill(given)
    new.page.get_by_label("新密码", exact=True).fill("床前明月光疑是地上霜")
    new.page.get_by_label("再写一次新密码").fill("床前明月光疑是地上霜")
    new.page.get_by_role("button", name="换密码").click()
    new.go("/me")
    assert "甲二" in new.text()
    assert new.go("/person/1003").page.title().startswith("没有这一页")
    assert admin.wrong == []


def test_a_unit_and_a_window_lead_see_their_own_people_only(browser: Browser, seat: Sit) -> None:
    for role in ("unit", "window_lead"):
        sat = seat().login(role)
        sat.go("/today")
        assert "甲二" in sat.text()
        assert "丙一" not in sat.text()
        sat.picture(f"tour today {role}")
        assert sat.wrong == []


def test_a_page_is_printed_without_menu_and_buttons(browser: Browser, seat: Sit) -> None:
    clerk = seat().login("clerk")
    for path in ("/person/1003/statement?period=2026-11", "/person/1003?month=2026-11", "/ledger"):
        clerk.go(path).page.emulate_media(media="print")
        for gone in ("header.top", ".side", ".foot", "main button"):
            for each in clerk.page.locator(gone).all():
                assert not each.is_visible(), (path, gone)
        assert clerk.page.locator("main h1").is_visible()
        assert clerk.page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
        clerk.page.emulate_media(media="screen")
    assert clerk.wrong == []


def test_a_name_of_any_length_fits_a_phone(browser: Browser, seat: Sit) -> None:
    for n, name in enumerate(("柳", "买买提江·阿不都热依木·吐尔逊江阿卜", "阿" * 20)):
        row = {
            "person_id": f"20{n}", "name": name, "unit": "县民政局", "window": "民政", "post": "staff",
            "device_user_id": f"20{n}", "backup_for": "", "from": "2026-11-01", "to": "",
        }  # fmt: skip
        assert not bring_row(browser.site, "staff", row).problems
    browser.settle()
    clerk = seat(width=NARROW).login("clerk")
    for path in ("/today", "/people", "/window/民政", "/person/202", "/staff", "/rosters?window=民政", "/board"):
        clerk.go(path)
        assert clerk.too_wide() <= 0, path
        clerk.picture(f"tour names {path}")
    assert clerk.wrong == []


def test_a_user_works_by_keyboard_alone_from_login_to_a_signed_leave(browser: Browser, seat: Sit) -> None:
    """The focus is always visible, and everything is reached by Tab and Enter."""
    lead = seat()
    lead.go("/login")
    page = lead.page
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type("山高月小水落石出了")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen: list[str] = []
    for _press in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.tagName"))
        if seen[-1] == "/leave":
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
        assert outline != "none" or shadow != "none", seen[-1]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/leave$"))
    assert lead.wrong == []
