"""Staff over HTTP: new people, changes of posting, leaving, numbers on terminals."""

from __future__ import annotations

from deskkit import Browser, text_of

NEW = {
    "person_id": "1011",
    "name": "己一",
    "unit": "县民政局",
    "window": "民政",
    "post": "staff",
    "device_user_id": "11",
    "backup_for": "戊一",
    "from": "11-23",
    "to": "",
}


def postings(browser: Browser, person: str, kind: str = "staff") -> list[tuple[str, ...]]:
    names = {
        "staff": ("from", "to", "window", "post", "device_user_id", "backup_for"),
        "device": ("terminal_id", "device_user_id", "from", "to"),
    }[kind]
    with browser.site.store.reading() as work:
        found = [b for b in work.records.all(kind).values() if b["person_id"] == person and not b["withdrawn"]]
    return sorted(tuple(b[name] for name in names) for b in found)


def test_people_are_found_by_number_name_initials_window_and_unit(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for query in ("person=1003", "person=欧阳", "person=oyjwzz"):
        text = text_of(clerk.get(f"/staff?{query}"))
        assert "共 1 人" in text
        assert "欧阳见微知著" in text
    assert "共 2 人" in text_of(clerk.get("/staff?window=税务"))
    assert "共 3 人" in text_of(clerk.get("/staff?unit=县公安局"))
    assert "共 10 人" in text_of(clerk.get("/staff?all=yes"))


def test_a_new_person_is_taken_in_and_no_number_is_taken_twice(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    assert clerk.post("/staff/new", NEW).headers["location"] == "/staff/person?id=1011"
    assert postings(browser, "1011") == [("2026-11-23", "", "民政", "staff", "11", "1010")]
    again = clerk.post("/staff/new", {**NEW, "name": "别人"})
    assert again.status_code == 422
    assert "已有这个工号" in text_of(again)
    assert "未到岗" in text_of(clerk.get("/staff/person?id=1011"))
    assert "己一" in text_of(clerk.get("/staff/person?id=1010"))


def test_what_is_wrong_with_a_posting_stands_beside_its_field(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for changed, field in (
        ({"name": "己"}, "name"),
        ({"name": "长" * 21}, "name"),
        ({"from": "13-40"}, "from"),
        ({"post": "boss"}, "post"),
        ({"device_user_id": "10"}, "device_user_id"),
        ({"unit": "别的局"}, "window"),
        ({"backup_for": "谁也不是"}, "backup_for"),
        ({"to": "2026-11-01"}, "to"),
    ):
        answer = clerk.post("/staff/new", {**NEW, **changed})
        assert answer.status_code == 422, changed
        assert f'class="problem" id="{field}-note"' in answer.text, changed
    assert postings(browser, "1011") == []


def test_a_name_of_every_length_is_shown_as_it_is(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    for n, name in enumerate(("己一", "己" * 20, "<script>alert(1)", "=1+1")):
        sent = {**NEW, "person_id": f"20{n}", "device_user_id": "", "name": name}
        assert clerk.post("/staff/new", sent).status_code == 303
        page = clerk.get(f"/staff/person?id=20{n}")
        assert name in text_of(page)
        assert "<script>alert" not in page.text
    assert "<script>alert" not in clerk.get("/staff?all=yes").text


def test_a_change_of_posting_ends_the_old_one_the_day_before(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    sent = {
        **NEW,
        "id": "1005",
        "name": "乙二",
        "unit": "县民政局",
        "device_user_id": "5",
        "backup_for": "",
        "from": "12-1",
    }
    assert clerk.post("/staff/change", sent).status_code == 303
    assert postings(browser, "1005") == [
        ("2026-11-01", "2026-11-30", "税务", "staff", "5", ""),
        ("2026-12-01", "", "民政", "staff", "5", ""),
    ]


def test_a_change_of_posting_that_can_not_be_changes_nothing(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    before = postings(browser, "1005")
    sent = {**NEW, "id": "1005", "name": "乙二", "from": "12-1", "device_user_id": "10"}
    assert clerk.post("/staff/change", sent).status_code == 422
    assert postings(browser, "1005") == before
    assert clerk.post("/staff/change", {**sent, "device_user_id": "5", "from": "11-01"}).status_code == 303
    assert postings(browser, "1005") == [("2026-11-01", "", "民政", "staff", "5", "1010")]
    early = clerk.post("/staff/change", {**sent, "device_user_id": "5", "from": "2026-10-01"})
    assert early.status_code == 422
    assert "以后还有岗位：2026-11-01 民政" in text_of(early)


def test_a_person_leaves_with_a_last_day(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    assert clerk.post("/staff/leave", {"id": "1005", "to": "昨天"}).status_code == 303
    assert postings(browser, "1005") == [("2026-11-01", "2026-11-19", "税务", "staff", "5", "")]
    assert "已离开" in text_of(clerk.get("/staff/person?id=1005"))
    assert "共 9 人" in text_of(clerk.get("/staff"))
    assert clerk.post("/staff/leave", {"id": "1005", "to": "后来"}).status_code == 422


def test_a_posting_is_corrected_and_withdrawn_under_its_key(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    sent = {**NEW, "id": "1005", "key": "2026-11-01", "name": "乙二", "unit": "县税务局", "window": "税务"}
    sent |= {"device_user_id": "55", "backup_for": "乙一", "from": "2020-01-01"}
    assert clerk.post("/staff/edit", sent).status_code == 303
    assert postings(browser, "1005") == [("2026-11-01", "", "税务", "staff", "55", "1004")]
    assert clerk.get("/staff/withdraw?id=1005&from=2026-11-01").status_code == 200
    assert clerk.post("/staff/withdraw", {"id": "1005", "key": "2026-11-01"}).headers["location"] == "/staff"
    assert postings(browser, "1005") == []


def test_a_number_on_a_terminal_is_given_refused_to_a_second_and_ended(browser: Browser) -> None:
    clerk = browser.as_role("clerk")
    given = {"id": "1005", "terminal_id": "T1", "device_user_id": "77", "from": "11-1"}
    assert clerk.post("/staff/device", given).status_code == 303
    for first in ("11-1", "11-2"):
        taken = clerk.post("/staff/device", {**given, "id": "1004", "from": first})
        assert taken.status_code == 422
        assert 'id="device_user_id-note"' in taken.text
    assert clerk.post("/staff/device", {**given, "terminal_id": "T9"}).status_code == 422
    key = "T1\t77\t2026-11-01"
    assert clerk.post("/staff/device/end", {"id": "1004", "key": key, "how": "end", "to": "11-20"}).status_code == 404
    assert clerk.post("/staff/device/end", {"id": "1005", "key": key, "how": "end", "to": "11-20"}).status_code == 303
    assert postings(browser, "1005", "device") == [("T1", "77", "2026-11-01", "2026-11-20")]
    assert clerk.post("/staff/device/end", {"id": "1005", "key": key, "how": "withdraw"}).status_code == 303
    assert postings(browser, "1005", "device") == []


def test_only_a_clerk_changes_staff_and_only_of_people_that_there_are(browser: Browser) -> None:
    ways = ("new", "change", "edit", "withdraw", "leave", "device", "device/end")
    for role in ("inspector", "leader", "staff"):
        who = browser.other().as_role(role)
        sent = {**NEW, "id": "1003", "csrf": who.token("/password")}
        for way in ways:
            assert who.client.post(f"/staff/{way}", data=sent).status_code == 403, (role, way)
        seen = 200 if role in ("inspector", "leader") else 403
        assert who.get("/staff/person?id=1003").status_code == seen
    clerk = browser.as_role("clerk")
    for way in ways[1:]:
        assert clerk.post(f"/staff/{way}", {**NEW, "id": "9999", "key": "2026-11-01"}).status_code == 404, way
    for path in ("person?id=9999", "change?id=9999", "edit?id=1003&from=2020-01-01", "withdraw?id=../1003&from="):
        assert clerk.get(f"/staff/{path}").status_code == 404
