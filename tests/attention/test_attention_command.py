"""`punchsync attention` and what `check` says of the channels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attentionkit import NOW, Receiver, State

from e2e.site import TOML, Hall
from punchsync.bootstrap import opened
from punchsync.core.moment import parse_moment

NOTIFY = '[[notify]]\nurl = "credential:group"\non = ["attention"]\n'
PASSWORD = "geheim-4711"
FINE = "2026-11-10 09:00:00"
DECEMBER = "2026-12-02 09:00:00"
UNPUBLISHED = {
    "code": "calendar_unpublished", "about": "2027", "value": "", "since": DECEMBER, "told": None, "closed": None,
    "text": "日历：2027 年没有公布放假安排；公布后用 punchsync import calendar 导入",
}  # fmt: skip


def hall(folder: Path, **credentials: str) -> Hall:
    parts = "".join(NOTIFY.replace("group", name) for name in credentials)
    hall = Hall(folder / "site", TOML + "[attention]\ndisk = 1\n" + parts)
    (hall.path / "credentials").mkdir()
    for name, text in credentials.items():
        (hall.path / "credentials" / name).write_text(text)
    return hall


def keep(hall: Hall, *states: State) -> None:
    with opened(hall.path) as site, site.store.writing() as work:
        work.attention.open_new(states)


def test_a_hall_that_needs_nobody_says_so(tmp_path):
    ran = hall(tmp_path).run("attention", "--as-of", FINE)
    assert (ran.status, ran.out, ran.err) == (0, "没有需要处理的事\n", "")


def test_what_is_so_now_is_shown_whether_a_service_runs_or_not(tmp_path):
    ran = hall(tmp_path).run("attention", "--as-of", DECEMBER)
    assert ran.status == 1
    assert ran.out == f"{DECEMBER} 起  缺放假安排（2027）\n    {UNPUBLISHED['text']}\n"
    assert "1 件事" in ran.err


def test_it_stores_nothing(tmp_path):
    site = hall(tmp_path)
    site.run("attention", "--as-of", DECEMBER)
    with opened(site.path) as opened_, opened_.store.reading() as work:
        assert (work.attention.all(), work.notices.waiting()) == ([], [])


def test_states_are_shown_with_what_is_over_and_what_only_the_service_can_tell(tmp_path):
    site = hall(tmp_path)
    at = parse_moment("2026-12-01 00:10:00")
    keep(
        site,
        State(1, "calendar_unpublished", "2027", "", at, at, 1, at),
        State(2, "clock_stepped", "", "+3600", at, at),
        State(3, "log_nearly_full", "T1", "9/10", at, at),
        State(4, "disk_low", "", "9", NOW, NOW, 2, NOW, NOW + 60),
    )
    ran = site.run("attention", "--all", "--json", "--as-of", DECEMBER)
    said = json.loads(ran.out)
    assert ran.status == 1
    assert said["open"][0] == UNPUBLISHED | {"since": "2026-12-01 00:10:00", "told": "2026-12-01 00:10:00"}
    assert {key: [s["code"] for s in said[key]] for key in ("open", "fading", "closed")} == {
        "open": ["calendar_unpublished", "clock_stepped"], "fading": ["log_nearly_full"], "closed": ["disk_low"],
    }  # fmt: skip
    text = site.run("attention", "--all", "--as-of", DECEMBER).out
    assert "考勤机记录快满（T1）：已不再如此，再看一阵就自动解除" in text
    assert "2026-11-10 09:00:00 至 2026-11-10 09:01:00  磁盘快满：已解除" in text


def test_what_only_fades_needs_nobody(tmp_path):
    site = hall(tmp_path)
    keep(site, State(1, "log_nearly_full", "T1", "9/10", NOW, NOW))
    assert site.run("attention", "--as-of", FINE).status == 0


def test_a_test_notice_goes_to_every_channel(tmp_path, receiver: Receiver):
    address = f"json://user:{PASSWORD}@127.0.0.1:{receiver.server_port}/"
    site = hall(tmp_path, group=address, chief=address)
    ran = site.run("attention", "--test")
    assert (ran.status, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["group", "chief"]
    assert [heard["title"] for heard in receiver.heard] == ["示范县政务服务中心：试验通知"] * 2


def test_a_test_says_what_came_of_it_and_no_secret(tmp_path, receiver: Receiver):
    receiver.status = 403
    address = f"json://user:{PASSWORD}@127.0.0.1:{receiver.server_port}/"
    site = hall(tmp_path, group=address, bad=f"foo://{PASSWORD}")
    ran = site.run("attention", "--test")
    assert ran.status == 4
    assert "HTTP 403" in ran.out
    assert "bad  没有送成：凭据" in ran.out
    assert "group、bad" in ran.err
    assert PASSWORD not in ran.out + ran.err
    receiver.status = 200
    ran = site.run("attention", "--test", "--json")
    assert ran.status == 1
    assert json.loads(ran.out) == {
        "channels": [
            {"channel": "group", "sent": True, "code": "sent"}, {"channel": "bad", "sent": False, "code": "credential"},
        ]
    }  # fmt: skip


def test_a_test_without_a_channel_is_refused(tmp_path):
    assert hall(tmp_path).run("attention", "--test").status == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("json://127.0.0.1/", ("ok", "通知 group：17 种情况；试发用 punchsync attention --test")),
        ("wecombot://key123456", ("ok", "通知 group：17 种情况")),
        ("https://oapi.dingtalk.com/robot/send", ("fail", "credential:group")),
        (f"foo://{PASSWORD}", ("fail", "credential:group")),
        ("", ("fail", "credential:group")),
    ],
)
def test_check_says_whether_a_channel_can_be_used(tmp_path, text, line):
    ran = hall(tmp_path, group=text).run("check", "--json")
    [said] = [
        one for one in json.loads(ran.out)["lines"] if "通知 group" in one["text"] or "credential:group" in one["text"]
    ]
    assert said["level"] == line[0]
    assert line[1] in said["text"]
    assert PASSWORD not in ran.out


def test_check_names_a_credential_that_is_not_there(tmp_path):
    site = hall(tmp_path, group="x")
    (site.path / "credentials" / "group").unlink()
    ran = site.run("check", "--json")
    assert ran.status == 1
    assert any(one["level"] == "fail" and "credential:group" in one["text"] for one in json.loads(ran.out)["lines"])
